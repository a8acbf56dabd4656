//! [`Recollection`]: what searches through the general channel have found,
//! kept from text to text.
//!
//! The commonest words of a language stand in every text, and so do many of its
//! errors. A search for each takes some 30 µs, and its outcome depends on the
//! channel and the lexicon alone.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::search::{Depth, Reading, Searcher};
use crate::model::{ConfusionModel, Lexicon, Models};

/// What is found for so many tokens is remembered, some 200 bytes for each.
const REMEMBERED: usize = 20_000;

/// By the token, how thoroughly was searched, and what was found.
type Found = FxHashMap<Box<str>, (Depth, Arc<[Reading]>)>;

/// Outcomes of searches through the general channel.
#[derive(Debug)]
pub(crate) struct Recollection {
    searcher: Searcher,
    /// By [`Depth::number`].
    found: [Found; 3],
}

impl Recollection {
    fn new(channel: &Arc<ConfusionModel>) -> Self {
        Self { searcher: Searcher::new(Arc::clone(channel)), found: Default::default() }
    }

    /// What [`Searcher::search`] finds for `written`.
    pub(super) fn search(&mut self, written: &str, lexicon: &Lexicon, depth: Depth) -> Arc<[Reading]> {
        let found = &mut self.found[depth.number()];
        if let Some((known, readings)) = found.get(written)
            && *known == depth
        {
            return Arc::clone(readings);
        }
        let observed = self.searcher.channel().observe(written);
        let readings: Arc<[Reading]> = self.searcher.search(&observed, lexicon, depth).into();
        if found.len() >= REMEMBERED {
            found.clear();
        }
        found.insert(written.into(), (depth, Arc::clone(&readings)));
        readings
    }
}

/// The recollections that are not in use: as many as texts were ever read at one time.
#[derive(Debug, Default)]
pub(crate) struct Recollections(Mutex<Vec<Recollection>>);

impl Recollections {
    /// One for the general channel of `models`, which must be the same at every call.
    pub(crate) fn take(&self, models: &Models) -> Recollection {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        known.unwrap_or_else(|| Recollection::new(&models.confusion))
    }

    /// Puts one back. What was taken by a thread that panics is not: it may be half changed.
    pub(crate) fn put(&self, recollection: Recollection) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(recollection);
    }
}
