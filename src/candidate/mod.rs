//! The plausible readings of a span: one generator a file, all of them giving
//! [`Edge`]s of one lattice, in one unit of cost.

mod abbreviation;
mod casing;
mod compound;
mod edge;
mod join;
mod letters;
mod line_end;
mod number;
pub mod search;
mod split;
mod substitution;
mod variant;

pub use edge::{Edge, Form, Rule, Target};
pub(crate) use edge::{spell, spelled_letters};

use crate::detect::{Passage, Statistics};
use crate::model::ConfusionModel;
use crate::model::Models;
use rustc_hash::FxHashMap;
use search::{Depth, Losses, Reading, Searcher};

/// What the generators work with, and what they remember between words.
pub(crate) struct Workshop<'m> {
    pub(crate) models: &'m Models,
    /// The channel, perhaps adapted to the document.
    pub(crate) channel: &'m ConfusionModel,
    pub(crate) statistics: &'m Statistics,
    /// Words of the document that the lexicon lacks, with their counts.
    pub(crate) own_words: Vec<(Box<str>, u32)>,
    searcher: Searcher,
    losses: Losses,
    readings: FxHashMap<(Box<str>, Depth), Vec<Reading>>,
}

/// Remembered readings are dropped at this number, to bound memory.
const REMEMBERED: usize = 50_000;

impl<'m> Workshop<'m> {
    pub(crate) fn new(models: &'m Models, channel: &'m ConfusionModel, statistics: &'m Statistics) -> Self {
        let own_words = variant::vocabulary(models, statistics);
        Self {
            models,
            channel,
            statistics,
            own_words,
            searcher: Searcher::default(),
            losses: Losses::of(channel),
            readings: FxHashMap::default(),
        }
    }

    /// The words that `written` may be a misreading of.
    fn readings(&mut self, written: &str, depth: Depth) -> Vec<Reading> {
        let question = (Box::from(written), depth);
        if let Some(known) = self.readings.get(&question) {
            return known.clone();
        }
        let observed = self.channel.observe(written);
        let found = self.searcher.search(&observed, &self.models.lexicon, self.channel, &self.losses, depth);
        if self.readings.len() >= REMEMBERED {
            self.readings.clear();
        }
        self.readings.insert(question, found.clone());
        found
    }

    /// All readings of all spans of `passage` other than leaving it alone.
    pub(crate) fn edges(&mut self, text: &str, passage: &Passage) -> Vec<Edge> {
        let mut out = Vec::new();
        for at in 0..passage.words.len() {
            substitution::edges(self, text, passage, at, &mut out);
            variant::edges(self, text, passage, at, &mut out);
            split::edges(self, text, passage, at, &mut out);
            join::edges(self, text, passage, at, &mut out);
            line_end::edges(self, text, passage, at, &mut out);
            abbreviation::edges(self, text, passage, at, &mut out);
            number::edges(self, text, passage, at, &mut out);
            letters::edges(self, text, passage, at, &mut out);
        }
        out
    }
}
