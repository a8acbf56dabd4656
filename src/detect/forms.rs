//! [`Forms`]: the written forms of a text, each examined once.

use rustc_hash::FxHashMap;

use super::foreign::{self, Vote};
use super::protect;
use super::word::{Doubt, Sources, Word, examine};
use crate::document::Token;
use crate::model::separator::Separator;

/// Forms remembered, some 150 bytes each; at this number all are forgotten.
const REMEMBERED: usize = 20_000;

/// The written forms of a text, each examined when it is first met: most words recur.
pub(super) struct Forms<'t> {
    sources: Sources<'t>,
    known: FxHashMap<(&'t str, Option<char>), (Word, Vote)>,
}

impl<'t> Forms<'t> {
    pub(super) fn new(sources: Sources<'t>) -> Self {
        Self { sources, known: FxHashMap::default() }
    }

    /// The word or number `token` of `text`, and its vote for languages.
    pub(super) fn word(
        &mut self,
        text: &'t str,
        token: Token,
        separator: Separator,
        is_protected: bool,
    ) -> (Word, Vote) {
        let written = &text[token.span.range()];
        let mark = text[token.span.end..].chars().next().filter(|c| protect::MARKS.contains(c));
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let (form, vote) = self.known.entry((written, mark)).or_insert_with(|| {
            let word = examine(written, mark, token.kind, self.sources);
            let vote = foreign::vote(written, &word, self.sources.lexicon);
            (word, vote)
        });
        let mut word = Word { span: token.span, separator, ..form.clone() };
        if is_protected {
            (word.shielded, word.doubt) = (true, Doubt::Protected);
        }
        (word, *vote)
    }
}
