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

/// The channel of the document `text`, of which `proposals` were made by
/// `channel`; `None` if too little was mended to learn from. Costs only fall:
/// the absence of an error proves nothing.
pub(crate) fn adapt(channel: &ConfusionModel, text: &str, proposals: &[Proposal]) -> Option<ConfusionModel> {
    let mut counts: FxHashMap<u32, (u32, String)> = FxHashMap::default();
    let mut believed = 0;
    for p in proposals.iter().filter(|p| p.correction.confidence >= BELIEVED && !p.intended.is_empty()) {
        let observed = channel.observe(&p.observed);
        let (_, steps) = channel.align(&observed, &p.intended);
        for (_, rewrite) in steps {
            if let Some(number) = rewrite.number {
                let intended = spelled_letters(rewrite.intended());
                counts.entry(number).or_insert_with(|| (0, intended)).0 += 1;
            }
        }
        believed += 1;
    }
    if believed < LEAST || counts.is_empty() {
        return None;
    }
    let lower = text.to_lowercase();
    let letters = lower.chars().filter(|c| c.is_alphabetic()).count() as f64;
    let mut occurrences: FxHashMap<&str, f64> = FxHashMap::default();
    for (_, intended) in counts.values() {
        occurrences.entry(intended).or_insert_with(|| match intended.as_str() {
            "" => letters,
            _ => lower.matches(intended.as_str()).count() as f64,
        });
    }
    Some(channel.with_costs(|number, cost| match counts.get(&number) {
        Some((count, intended)) => {
            let seen = f64::from(*count);
            let p = (PRIOR * probability_of(cost) + seen) / (PRIOR + occurrences[intended.as_str()] + seen);
            cost_of(p).min(cost)
        }
        None => cost,
    }))
}
