//! A word divided at the end of a line, flattened or not: is the hyphen the
//! printer's or the author's?
//!
//! The document is the first dictionary: a form that stands in it elsewhere
//! decides. Then the language: how often the training text writes the pair in
//! one word, and how often with a hyphen. Where both halves are words and
//! nothing is known, the text is left alone.

use super::{Edge, Form, Rule, Target, Workshop};
use crate::detect::{Doubt, Passage};
use crate::model::cost::cost_of;
use crate::model::key;
use crate::model::lexicon::{Flags, WordId};

/// What one sighting in the document weighs against one in the training text.
const OWN_SIGHTING: f64 = 50.0;
/// Tokens of the training text, for turning frequencies into counts.
const TRAINING_TOKENS: f64 = 32e6;
/// A word outside the lexicon, if at least one half is no word either, is
/// believed as if it had been seen this often.
const NO_WORDS_APART: f64 = 2.0;

pub(super) fn edges(shop: &mut Workshop<'_>, passage: &Passage, at: usize, out: &mut Vec<Edge>) {
    let Some([first, second]) = passage.words.get(at..at + 2) else { return };
    if !second.separator.is_hyphenation() || first.doubt == Doubt::Protected || second.doubt == Doubt::Protected {
        return;
    }
    let (Some(a), Some(b)) = (first.key.as_deref(), second.key.as_deref()) else { return };
    let models = shop.models;
    let Some(solid_key) = key(&format!("{a}{b}")) else { return };
    let solid_word = models.lexicon.find_key(&solid_key);
    let is_good = |w: WordId| models.lexicon.flags(w).any(Flags::COMMON.and(Flags::RARE).and(Flags::TEXT));
    let training = |w: WordId| TRAINING_TOKENS * crate::model::cost::probability_of(models.lexicon.cost(w));
    let forms = match (first.id, second.id) {
        (Some(a), Some(b)) => models.compounds.forms(a, b),
        _ => crate::model::compounds::Forms::default(),
    };
    // A single letter or a bare ending is no word at the end of a line.
    let stands_alone = |w: Option<WordId>, key: &str| {
        w.is_some_and(|w| models.lexicon.flags(w).any(Flags::COMMON.and(Flags::TEXT))) && key.len() > 2
    };
    let mut solid = OWN_SIGHTING * f64::from(shop.statistics.usage(&solid_key).count);
    match solid_word.filter(|&w| is_good(w)) {
        Some(w) => solid += training(w).max(1.0),
        None if !stands_alone(first.id, a) || !stands_alone(second.id, b) => solid += NO_WORDS_APART,
        None => {}
    }
    let hyphenated =
        OWN_SIGHTING * f64::from(shop.statistics.hyphenated(a, b)) + f64::from(forms.hyphenated);
    let total = solid + hyphenated;
    if total == 0.0 {
        return;
    }
    let join = shop.channel.join(second.separator);
    let cache = |key: &str| shop.statistics.cache(shop.statistics.usage(key).count);
    if solid > 0.0 {
        let target = match solid_word {
            Some(w) => Target::known(models, w, cache(&solid_key)),
            None => Target::unknown(models, &solid_key, cache(&solid_key)),
        };
        out.push(Edge {
            start: at,
            end: at + 2,
            targets: vec![target],
            cost: join + cost_of(((solid + 0.1) / (total + 0.2)).min(1.0)),
            rule: Rule::LineEnd,
            form: Form::Solid,
        });
    }
    if hyphenated > 0.0 {
        out.push(Edge {
            start: at,
            end: at + 2,
            targets: vec![Target::of(first), Target::of(second)],
            cost: join + cost_of(((hyphenated + 0.1) / (total + 0.2)).min(1.0)),
            rule: Rule::LineEnd,
            form: Form::Hyphenated,
        });
    }
}
