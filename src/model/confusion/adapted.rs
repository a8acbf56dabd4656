//! [`AdaptedChannel`]: the general channel with what one document shows of its own.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{ConfusionModel, MAX_SIDE, Observed, pack};
use crate::model::cost::Cost;
use crate::model::table::{Bytes, U16s};

/// A channel in which some rewrites of the general one have other costs.
#[derive(Clone, Debug)]
pub struct AdaptedChannel {
    /// The channel.
    pub model: Arc<ConfusionModel>,
    /// [Keys](Observed::key) of the strings whose rewrites have changed.
    changed: FxHashSet<u32>,
}

impl AdaptedChannel {
    /// The `general` channel with other costs of its stored rewrites, by number.
    #[must_use]
    pub fn new(general: &ConfusionModel, cost: impl Fn(u32, Cost) -> Cost) -> Self {
        let mut changed = FxHashSet::default();
        let mut key = 0;
        let n = (general.costs.0.len() / 2) as u32;
        let costs = (0..n).map(|number| {
            while general.starts.get(key + 1) <= number {
                key += 1;
            }
            let old = general.costs.get(number as usize);
            let new = cost(number, Cost::from(old)).clamp(0, Cost::from(u16::MAX)) as u16;
            if new != old {
                changed.insert(general.keys.get(key));
            }
            new
        });
        let costs = U16s(Bytes::Owned(U16s::bytes(costs)));
        Self { model: Arc::new(ConfusionModel { costs, ..general.clone() }), changed }
    }

    /// True if every way to read `word` costs what it does in the general channel.
    #[must_use]
    pub fn is_general_for(&self, word: &Observed) -> bool {
        let n = word.characters.len();
        let mut keys = (0..n).flat_map(|at| (1..=MAX_SIDE.min(n - at)).map(move |length| word.key(at, length)));
        !self.changed.contains(&pack(&[])) && !keys.any(|key| self.changed.contains(&key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Models;

    #[test]
    fn what_has_changed_is_known_by_the_strings_that_were_read() {
        let general = Models::embedded().confusion;
        let number = general.stored(general.observe("b").key(0, 1)).next().and_then(|r| r.number).unwrap();
        let adapted = AdaptedChannel::new(&general, |n, cost| if n == number { cost - 1 } else { cost });
        let is_general = |word: &str| adapted.is_general_for(&general.observe(word));
        assert!(is_general("tie") && !is_general("tbe"));
        let costs = |channel: &ConfusionModel| channel.align(&channel.observe("tie"), "the").0;
        assert_eq!(costs(&general), costs(&adapted.model));
    }
}
