//! A compound that lost its hyphen: hyphen or blank?

use super::Workshop;
use crate::model::cost::{Cost, cost_of};
use crate::model::lexicon::WordId;

/// What one hyphenated use in the document weighs against those in the training text.
const OWN_SIGHTING: f64 = 20.0;

/// −ln P(hyphen) and −ln P(blank) between two words run together, by how the
/// document and the language write them.
pub(super) fn mark_costs(shop: &Workshop<'_>, first: WordId, second: WordId) -> (Cost, Cost) {
    let lexicon = &shop.models.lexicon;
    let own = shop.statistics.hyphenated(&lexicon.spell(first), &lexicon.spell(second));
    let (hyphen, blank) = shop.models.compounds.hyphen_or_blank(first, second);
    if own == 0 {
        return (hyphen, blank);
    }
    let share = OWN_SIGHTING * f64::from(own) / (OWN_SIGHTING * f64::from(own) + 1.0);
    (cost_of(share), cost_of(1.0 - share))
}
