//! One word misread as one: the words within reach of the channel.

use smallvec::smallvec;

use super::search::Depth;
use super::{Edge, Form, Rule, Target, Workshop};
use crate::detect::{Doubt, Passage};
use crate::model::is_spelling;

pub(super) fn edges(shop: &mut Workshop<'_>, text: &str, passage: &Passage, at: usize, out: &mut Vec<Edge>) {
    let word = &passage.words[at];
    if matches!(word.doubt, Doubt::Protected | Doubt::None) {
        return;
    }
    let depth = Depth::of(&shop.models.lexicon, word.id);
    let written = &text[word.span.range()];
    for reading in shop.readings(written, depth).iter() {
        // The same word, in letters of print: nothing to change but stray capitals, and its accents are its own.
        if Some(reading.word) == word.id && is_spelling(written) {
            continue;
        }
        out.push(Edge {
            start: at,
            end: at + 1,
            targets: smallvec![Target::known(shop.models, reading.word, reading.cache)],
            cost: reading.cost,
            rule: Rule::Confusion,
            form: Form::Word,
            confidence: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::{ChangeLog, Config, Corrector, Document};

    /// Everything that is proposed for `text` with a confidence worth showing.
    fn proposed(text: &str) -> ChangeLog {
        Corrector::new(Config { min_confidence: Some(0.0), ..Config::default() }).correct(&Document::from_text(text))
    }

    #[test]
    fn accents_and_special_letters_are_not_folded_away() {
        for word in [
            "exposé",
            "expose\u{301}",
            "EXPOSÉ",
            "pâté",
            "résumé",
            "déjà",
            "rosé",
            "lamé",
            "Süss",
            "encyclopædia",
            "manœuvre",
        ] {
            for sentence in ["He read about the X in the paper.", "They had X with them.", "X was in the news."] {
                let text = sentence.replace('X', word);
                let changes = proposed(&text);
                let key = crate::model::key(word);
                let folds = |c: &crate::Correction| *c.before == *word && crate::model::key(&c.after) == key;
                assert!(!changes.corrections().iter().any(folds), "{text}: {changes:?}");
            }
        }
    }

    #[test]
    fn signs_that_are_no_spelling_are_mended_as_before() {
        for (text, after) in [
            ("They sat in the cafe´ by the river.", "café"),
            ("He went to the oﬃce in the town.", "office"),
            ("They saw the houſe on the hill.", "house"),
        ] {
            let changes = proposed(text);
            assert!(changes.corrections().iter().any(|c| c.after == after), "{text}: {changes:?}");
        }
    }
}
