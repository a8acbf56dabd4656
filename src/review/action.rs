//! [`Action`]: what a person does in a review, as a journal holds it.

use serde::{Deserialize, Serialize};

use super::Ruling;
use crate::change::{Decision, Unfit};
use crate::document::Encoding;

/// Which change is meant. By its place and texts and not by its number, so that
/// a journal outlives a cleaning with other settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Where it begins, in bytes of the document's text.
    pub start: usize,
    /// What stands there.
    pub before: String,
    /// What the program proposes.
    pub after: String,
}

/// What becomes of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is made.
    Accept,
    /// The text stays as it is.
    Reject,
    /// This takes the place of what the program proposes: one of the
    /// alternatives, or the person's own text.
    Text(String),
}

/// How far a verdict goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// For this change only.
    #[default]
    Here,
    /// For every change of the same text into the same text in this document.
    File,
    /// As [`Scope::File`], and in every other document too: for who keeps
    /// what was decided from one document to the next.
    Everywhere,
}

/// Something a person does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Action {
    /// Decides about a change, or about all that are like it.
    Decide {
        /// Which change.
        #[serde(flatten)]
        mark: Mark,
        /// What becomes of it.
        verdict: Verdict,
        /// How far this goes.
        #[serde(default)]
        scope: Scope,
    },
    /// Takes a word for right wherever it stands: every change of it is rejected.
    OwnWord {
        /// The word, as it is written.
        word: String,
    },
    /// Takes back the last action that is not yet taken back.
    Undo,
    /// Puts things as they were before an action that was saved since. A
    /// journal begins anew with each saving, and holds this in place of an
    /// [`Action::Undo`] that reaches further back: see [`Session::undoing`](super::Session::undoing).
    Restore {
        /// Changes, what is decided about them then, and what becomes of them
        /// where nothing is: a log that has a person's decision has lost the program's.
        rulings: Vec<(Mark, Option<Ruling>, Decision)>,
        /// The own words then.
        own_words: Vec<String>,
    },
}

/// Why an action was not done. The session is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// No change with this mark is in the document.
    #[error("no such change: {:?} at byte {} of the text", .0.before, .0.start)]
    NoSuchChange(Mark),
    /// No text may get this.
    #[error("`{}` cannot be taken: {unfit}", text.escape_debug())]
    Unfit {
        /// What cannot be taken.
        text: String,
        /// Why.
        unfit: Unfit,
    },
    /// The file's encoding has no such characters.
    #[error("`{text}` cannot be written in {encoding}; --to-utf8 allows it")]
    Unencodable {
        /// What cannot be written.
        text: String,
        /// The encoding of the cleaned file.
        encoding: Encoding,
    },
    /// No word, or more than one.
    #[error("`{0}` is not one word")]
    NoWord(String),
    /// There is nothing to undo.
    #[error("nothing to undo")]
    NothingToUndo,
}
