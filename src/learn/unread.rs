//! [`Impressions`]: what a corpus shows of itself, though nobody has corrected it.

use std::collections::BTreeMap;

use super::{Collection, Lessons};
use crate::candidate::search::{Depth, Searcher};
use crate::document::{TokenKind, tokens};
use crate::model::cost::probability_of;
use crate::model::{Lexicon, Models, key};
use crate::{ChangeLog, Document};

/// Times that a word outside the lexicon must stand in the corpus to be taken
/// for one.
const LEAST: u32 = 4;
/// Texts that it must stand in: what one text repeats, it teaches itself.
const LEAST_TEXTS: u32 = 2;
/// How many times as often as misreadings of known words would bring it about.
const UNEXPLAINED: f64 = 5.0;
/// Share of them that must have a capital first. What is not a name is too
/// often a piece of a word: `tions`, `ployed`, `tothe`.
const CAPITALIZED: f64 = 0.8;
/// Shorter words are not taken: too many are like them by chance. Letters.
const SHORTEST: usize = 5;
/// Different words that are kept; at twice as many those seen once are dropped.
const MOST: usize = 2_000_000;

/// Words of many texts, and the sure changes of some. Those of two groups can be added.
#[derive(Clone, Debug, Default)]
pub struct Impressions {
    /// By look-up key.
    words: BTreeMap<Box<str>, Seen>,
    total: u32,
    sure: Lessons,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    count: u32,
    capitalized: u32,
    texts: u32,
}

impl Impressions {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts the words of `text`.
    pub fn add_words(&mut self, text: &str) {
        let mut own: BTreeMap<Box<str>, Seen> = BTreeMap::new();
        for token in tokens(text).filter(|token| token.kind == TokenKind::Word) {
            self.total = self.total.saturating_add(1);
            let word = &text[token.span.range()];
            let Some(key) = key(word) else { continue };
            let seen = own.entry(key.into()).or_insert(Seen { texts: 1, ..Seen::default() });
            seen.count += 1;
            seen.capitalized += u32::from(word.starts_with(char::is_uppercase));
        }
        self.add_counts(own);
    }

    /// Learns from the `changes` of one text, made with `models`, that are as good as sure.
    pub fn add_changes(&mut self, document: &Document, changes: &ChangeLog, models: &Models) {
        self.sure.add_sure(document.text(), changes, models);
    }

    /// Adds what comes after.
    pub fn add(&mut self, other: Self) {
        self.total = self.total.saturating_add(other.total);
        self.add_counts(other.words);
        self.sure.add(other.sure);
    }

    fn add_counts(&mut self, words: BTreeMap<Box<str>, Seen>) {
        for (key, more) in words {
            let seen = self.words.entry(key).or_default();
            seen.count = seen.count.saturating_add(more.count);
            seen.capitalized = seen.capitalized.saturating_add(more.capitalized);
            seen.texts = seen.texts.saturating_add(more.texts);
        }
        if self.words.len() > 2 * MOST {
            self.words.retain(|_, seen| seen.count > 1);
        }
    }

    /// What all of this teaches beside the `general` models: words that the
    /// lexicon lacks, and what the engine misreads more often than others do.
    #[must_use]
    pub fn learn(&self, general: &Models) -> Collection {
        let mut collection = self.sure.learn_uncalibrated(general);
        let channel = collection.models(general).confusion;
        let mut searcher = Searcher::new(channel);
        collection.vocabulary = self
            .words
            .iter()
            .filter(|(key, seen)| {
                seen.count >= LEAST
                    && seen.texts >= LEAST_TEXTS
                    && key.len() >= SHORTEST
                    && f64::from(seen.capitalized) >= CAPITALIZED * f64::from(seen.count)
                    && general.lexicon.find_key(key).is_none()
                    && f64::from(seen.count) > UNEXPLAINED * self.explained(key, &general.lexicon, &mut searcher)
            })
            .map(|(key, seen)| (key.clone(), (seen.count, seen.capitalized)))
            .collect();
        collection.words = self.total;
        collection
    }

    /// How often misreadings of known words may be expected to look like `key`.
    fn explained(&self, key: &str, lexicon: &Lexicon, searcher: &mut Searcher) -> f64 {
        let observed = searcher.channel().observe(key);
        let readings = searcher.search(&observed, lexicon, Depth::Any.shallow());
        let misread = |reading: crate::candidate::search::Reading| {
            let printed = self.words.get(&*lexicon.spell(reading.word)).map_or(0, |seen| seen.count);
            f64::from(printed) * probability_of(reading.cost)
        };
        readings.into_iter().map(misread).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(texts: &[&str]) -> Collection {
        let mut all = Impressions::new();
        for text in texts {
            let mut one = Impressions::new();
            one.add_words(text);
            all.add(one);
        }
        all.learn(&Models::embedded())
    }

    #[test]
    fn names_of_several_texts_are_learned() {
        let text = "Quorvaxen came. Then Quorvaxen went home, and Quorvaxen slept.";
        assert_eq!(learn(&[text, text]).vocabulary.get("quorvaxen"), Some(&(6, 6)));
        assert!(learn(&[text]).vocabulary.is_empty(), "of one text");
        assert!(learn(&[&text.to_lowercase(), &text.to_lowercase()]).vocabulary.is_empty(), "no names");
    }

    #[test]
    fn what_misreading_explains_is_no_name() {
        let many = "He went to the House of Commons with the Government. ".repeat(2000);
        let text = format!("{many} Goverument and Goverument.");
        assert!(learn(&[&text, &text, &text]).vocabulary.is_empty());
    }

    #[test]
    fn sure_changes_make_their_errors_likelier() {
        let text = "He opened tbe door of tbe house, and tbe man in tbe hall went to tbe garden with tbe dog. ";
        let general = Models::embedded();
        let corrector = crate::Corrector::new(crate::Config::default());
        let mut all = Impressions::new();
        for _ in 0..20 {
            let document = Document::from_text(text);
            all.add_changes(&document, &corrector.correct(&document), &general);
        }
        let own = all.learn(&general).models(&general);
        let cost = |models: &Models| models.confusion.align(&models.confusion.observe("bouse"), "house").0;
        assert!(cost(&own) < cost(&general));
    }
}
