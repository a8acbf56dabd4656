//! The plausible readings of a span: one generator a file, all of them giving
//! [`Edge`]s of one lattice, in one unit of cost.

mod abbreviation;
mod beam;
mod casing;
mod compound;
mod edge;
mod join;
mod judge;
mod letters;
mod line_end;
mod number;
mod pairs;
mod recollection;
pub mod search;
mod split;
mod steps;
mod substitution;
mod variant;

pub use edge::{Edge, Form, Rule, Target, Targets};
pub(crate) use edge::{spell, spelled_letters};
pub(crate) use judge::is_left_to_accept_model;
pub(crate) use pairs::Pairs;
pub(crate) use recollection::{Recollection, Recollections};

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::detect::{Passage, Statistics};
use crate::model::cost::Cost;
use crate::model::lexicon::WordId;
use crate::model::{AdaptedChannel, ConfusionModel, Models};
use search::{Depth, Reading, Searcher};

/// How hard a passage is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// For words with one error, which are enough to learn the document's channel from.
    First,
    /// For everything.
    Whole,
}

/// What the generators work with, and what they remember between words.
pub(crate) struct Workshop<'m> {
    pub(crate) models: &'m Models,
    /// The channel, perhaps adapted to the document.
    pub(crate) channel: &'m ConfusionModel,
    pub(crate) statistics: &'m Statistics,
    /// The user's own corrections.
    pub(crate) pairs: &'m Pairs,
    /// The document's words, looked up in the lexicon.
    vocabulary: &'m Vocabulary,
    look: Look,
    /// The document's own channel, if it has one, and what searches it.
    own: Option<(&'m AdaptedChannel, Searcher)>,
    /// What searches the general one.
    recollection: Recollection,
    /// What was found for each token, by [`Depth::number`].
    readings: [FxHashMap<Box<str>, Rc<[Guess]>>; 3],
}

/// The words of a document, or of a work, looked up in the lexicon: once, for
/// every reading of every page goes by them.
#[derive(Clone, Debug)]
pub(crate) struct Vocabulary {
    /// Words that the lexicon lacks, with their counts.
    own: Vec<variant::OwnWord>,
    /// Words that the lexicon has, with their counts.
    known: FxHashMap<WordId, u32>,
}

impl Vocabulary {
    pub(crate) fn of(models: &Models, statistics: &Statistics) -> Self {
        Self { own: variant::own_words(models, statistics), known: statistics.known_words(&models.lexicon) }
    }
}

/// A reading and what the document makes of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guess {
    /// The word meant.
    pub(crate) word: WordId,
    /// −ln P(observed | word).
    pub(crate) cost: Cost,
    /// −ln P(word) by the document's own use of it.
    pub(crate) cache: Cost,
}

/// Remembered readings are dropped at this number, to bound memory.
const REMEMBERED: usize = 20_000;
/// Longest token, in bytes, that is read at all: no word is nearly so long,
/// even in characters of several bytes.
const LONGEST: usize = 200;

impl<'m> Workshop<'m> {
    pub(crate) fn new(
        models: &'m Models,
        own: Option<&'m AdaptedChannel>,
        statistics: &'m Statistics,
        vocabulary: &'m Vocabulary,
        pairs: &'m Pairs,
        look: Look,
        recollection: Recollection,
    ) -> Self {
        Self {
            models,
            channel: own.map_or(&models.confusion, |own| &own.model),
            statistics,
            pairs,
            vocabulary,
            look,
            own: own.map(|own| (own, Searcher::new(Arc::clone(&own.model)))),
            recollection,
            readings: Default::default(),
        }
    }

    /// What searches have found that other texts can use.
    pub(crate) fn into_recollection(self) -> Recollection {
        self.recollection
    }

    /// The words that `written` may be a misreading of.
    fn readings(&mut self, written: &str, depth: Depth) -> Rc<[Guess]> {
        let depth = match self.look {
            Look::First => depth.shallow(),
            Look::Whole => depth,
        };
        let memory = &mut self.readings[depth.number()];
        if let Some(known) = memory.get(written) {
            return Rc::clone(known);
        }
        if written.len() > LONGEST {
            return Rc::default();
        }
        let lexicon = &self.models.lexicon;
        let own = self.own.as_mut().map(|(own, searcher)| (self.channel.observe(written), own, searcher));
        let found: Arc<[Reading]> = match own {
            Some((observed, own, searcher)) if !own.is_general_for(&observed) => {
                searcher.search(&observed, lexicon, depth).into()
            }
            _ => self.recollection.search(written, lexicon, depth),
        };
        let guess = |&Reading { word, cost }: &Reading| {
            let count = self.vocabulary.known.get(&word).copied().unwrap_or(0);
            Guess { word, cost, cache: self.statistics.cache(count) }
        };
        let found: Rc<[Guess]> = found.iter().map(guess).collect();
        if memory.len() >= REMEMBERED {
            memory.clear();
        }
        memory.insert(written.into(), Rc::clone(&found));
        found
    }

    /// All readings of all spans of `passage` other than leaving it alone.
    pub(crate) fn edges(&mut self, text: &str, passage: &Passage) -> Vec<Edge> {
        let mut out = Vec::new();
        let words = 0..passage.words.len();
        if self.look == Look::First {
            words.for_each(|at| substitution::edges(self, text, passage, at, &mut out));
            return out;
        }
        let common = join::common_words(self.models, text, passage);
        for at in words {
            substitution::edges(self, text, passage, at, &mut out);
            variant::edges(self, text, passage, at, &mut out);
            split::edges(self, text, passage, at, &mut out);
            join::edges(self, text, passage, &common, at, &mut out);
            line_end::edges(self, text, passage, at, &mut out);
            abbreviation::edges(self, text, passage, at, &mut out);
            number::edges(self, text, passage, at, &mut out);
            letters::edges(self, text, passage, at, &mut out);
            // Last: it makes cheaper what others have found.
            pairs::edges(self, text, passage, at, &mut out);
        }
        out
    }
}
