//! How good is a text, given the truth; and what did cleaning it do?
//!
//! [`evaluate`] counts in one document, [`Counts`] add up, and
//! [`Counts::figures`] makes character and word error rates and the rest of
//! them. `docs/evaluation.md` defines every measure and says what it cannot see.
//!
//! ```
//! use scanno::evaluate::{Counts, Hyphens, Texts, evaluate};
//!
//! let texts = Texts { truth: "BEIRUT was quiet", ocr: "BEITUT was quiet", cleaned: Some("BEIRUT was quiet") };
//! let counts: Counts = evaluate(&texts, Hyphens::Plain).expect("the truth has words");
//! let figures = counts.figures();
//! assert_eq!(figures.ocr.cer, Some(1.0 / 16.0));
//! assert_eq!(figures.changes.and_then(|changes| changes.fixed), Some(1.0));
//! ```

pub mod align;
mod counts;
mod fold;
mod pairs;
mod places;
mod text;

pub use counts::{Changes, Cleaning, Counts, Errors, Figures, Rates};
pub use pairs::{Member, Pairing, PairingError, Paths, Unmatched, pair};
pub use places::Places;

use align::{EditKind, Symbol, distance, edits};
use fold::BrokenWords;
use text::{Text, Vocabulary};

/// The versions of one document that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'t> {
    /// What was printed.
    pub truth: &'t str,
    /// What was recognized.
    pub ocr: &'t str,
    /// What the recognized text was made into.
    pub cleaned: Option<&'t str>,
}

/// What is done about words broken at line ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hyphens {
    /// Nothing: a hyphen or a joined word counts as it stands.
    #[default]
    Plain,
    /// Broken words are joined in all texts, and in words that the truth breaks
    /// a hyphen makes no difference: joining is neither rewarded nor punished.
    Joined,
}

/// Counts what is wrong in one document, and what cleaning did to it; none if
/// the truth has no words, since every rate would be a share of nothing.
#[must_use]
pub fn evaluate(texts: &Texts<'_>, hyphens: Hyphens) -> Option<Counts> {
    let (broken, truth) = match hyphens {
        Hyphens::Plain => (None, fold::plain(texts.truth)),
        Hyphens::Joined => {
            let (broken, truth) = BrokenWords::of_truth(texts.truth);
            (Some(broken), truth)
        }
    };
    let fold = |text: &str| broken.as_ref().map_or_else(|| fold::plain(text), |broken| broken.fold(text));
    if truth.is_empty() {
        return None;
    }
    let vocabulary = &mut Vocabulary::default();
    let truth = Side::new(truth, vocabulary);
    let ocr = Side::new(fold(texts.ocr), vocabulary);
    let ocr_to_truth = edits(&ocr.text.characters, &truth.text.characters);
    let (ocr_errors, wrong_before) = errors(&truth, &ocr, ocr_to_truth.len());

    let cleaned = texts.cleaned.map(|cleaned| {
        let line_ends = [cleaned, texts.ocr].map(fold::line_ends);
        let cleaned = Side::new(fold(cleaned), vocabulary);
        let character_edits = distance(&truth.text.characters, &cleaned.text.characters);
        let (errors, wrong_now) = errors(&truth, &cleaned, character_edits);
        let count = |before, now| wrong_before.iter().zip(&wrong_now).filter(|&both| both == (&before, &now)).count();
        Cleaning {
            errors,
            fixed_words: count(true, false),
            broken_words: count(false, true),
            places: Places::judge(&ocr.text, &cleaned.text, &truth.text, &ocr_to_truth),
            worse_documents: usize::from(character_edits > ocr_to_truth.len()),
            documents_with_other_line_ends: usize::from(line_ends[0] != line_ends[1]),
        }
    });
    Some(Counts {
        documents: 1,
        words: truth.text.words.len(),
        characters: truth.text.characters.len(),
        ocr: ocr_errors,
        cleaned,
    })
}

/// One text in the two forms that are compared.
struct Side {
    text: Text,
    /// The characters without case and punctuation.
    bare: Vec<Symbol>,
}

impl Side {
    fn new(folded: String, vocabulary: &mut Vocabulary) -> Self {
        let bare = text::characters(&fold::without_case_and_punctuation(&folded));
        Self { text: Text::new(&folded, vocabulary), bare }
    }
}

/// The errors of `side`, and for each word of the truth whether it is wrong there.
fn errors(truth: &Side, side: &Side, character_edits: usize) -> (Errors, Vec<bool>) {
    let word_edits = edits(&truth.text.words, &side.text.words);
    let mut wrong = vec![false; truth.text.words.len()];
    for edit in word_edits.iter().filter(|edit| edit.kind != EditKind::Insert) {
        wrong[edit.source] = true;
    }
    let match_edits = edits(&truth.bare, &side.bare);
    let insertions = match_edits.iter().filter(|edit| edit.kind == EditKind::Insert).count();
    let errors = Errors {
        character_edits,
        word_edits: word_edits.len(),
        wrong_words: wrong.iter().filter(|&&wrong| wrong).count(),
        match_edits: match_edits.len(),
        match_total: truth.bare.len() + insertions, // H+S+D are the truth's characters
    };
    (errors, wrong)
}
