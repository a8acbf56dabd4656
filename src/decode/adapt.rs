//! A document's own channel: the errors that were mended with some confidence
//! make the same errors likelier in a second reading.

use rustc_hash::FxHashMap;

use crate::Proposal;
use crate::candidate::spelled_letters;
use crate::model::ConfusionModel;
use crate::model::cost::{cost_of, probability_of};

/// Confidence from which a mended error counts.
const BELIEVED: f64 = 0.6;
/// Occurrences in the document that weigh as much as the general channel.
const PRIOR: f64 = 50.0;
/// Mended errors from which a second reading is worth it.
const LEAST: usize = 3;

/// What one reading of a document shows of its channel.
pub(crate) struct Adaptation<'m> {
    channel: &'m ConfusionModel,
    /// Times a rewrite was seen, and the letters it intends.
    counts: FxHashMap<u32, (u32, String)>,
    believed: usize,
}

impl<'m> Adaptation<'m> {
    /// Nothing seen yet; proposals are to be made by `channel`.
    pub(crate) fn new(channel: &'m ConfusionModel) -> Self {
        Self { channel, counts: FxHashMap::default(), believed: 0 }
    }

    /// Counts the errors that `proposal` mends, if it is sure enough.
    pub(crate) fn learn(&mut self, proposal: &Proposal) {
        if proposal.correction.confidence < BELIEVED {
            return;
        }
        let observed = self.channel.observe(&proposal.observed);
        for (_, rewrite) in self.channel.align(&observed, &proposal.intended).1 {
            if let Some(number) = rewrite.number {
                let intended = spelled_letters(rewrite.intended());
                self.counts.entry(number).or_insert_with(|| (0, intended)).0 += 1;
            }
        }
        self.believed += 1;
    }

    /// The channel of the document whose first part is `text`; `None` if too little was mended to
    /// learn from. Costs only fall: the absence of an error proves nothing.
    pub(crate) fn channel(&self, text: &str) -> Option<ConfusionModel> {
        if self.believed < LEAST || self.counts.is_empty() {
            return None;
        }
        let lower = text.to_lowercase();
        let letters = lower.chars().filter(|c| c.is_alphabetic()).count() as f64;
        let mut occurrences: FxHashMap<&str, f64> = FxHashMap::default();
        for (_, intended) in self.counts.values() {
            occurrences.entry(intended).or_insert_with(|| match intended.as_str() {
                "" => letters,
                _ => lower.matches(intended.as_str()).count() as f64,
            });
        }
        Some(self.channel.with_costs(|number, cost| match self.counts.get(&number) {
            Some((count, intended)) => {
                let seen = f64::from(*count);
                let p = (PRIOR * probability_of(cost) + seen) / (PRIOR + occurrences[intended.as_str()] + seen);
                cost_of(p).min(cost)
            }
            None => cost,
        }))
    }
}
