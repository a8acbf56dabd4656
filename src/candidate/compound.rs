//! A compound that lost its hyphen: hyphen or blank, and how sure is it that
//! the word is two at all?

use super::Workshop;
use crate::detect::Word;
use crate::model::Lexicon;
use crate::model::cost::{Cost, NAT, cost_of, logistic};
use crate::model::lexicon::WordId;

/// What one hyphenated use in the document weighs against those in the training text.
const OWN_SIGHTING: f64 = 20.0;
/// Sightings of the pair that weigh as much as the behavior of its second word.
const PRIOR: f64 = 4.0;
/// A hyphen is lost this many times oftener than a blank: it is, wherever a
/// compound was divided at a line end.
const LOST_HYPHEN: f64 = 10.0;
/// A participle right after a noun makes a compound with it this many times
/// oftener than the participle does in all places.
const PARTICIPLE: f64 = 12.0;
/// Words commoner than this are particles, and make no compounds freely.
const PARTICLE: Cost = 15 * NAT / 2;
/// Gain of the language model, nats, at which a cut is right as often as
/// wrong, and the gain that makes it e times likelier; by cuts of words in clean text
/// against compounds run together.
const EVEN_GAIN: f64 = 9.0;
const GAIN_SCALE: f64 = 2.0;
/// What it counts for that the training text hyphenates the very pair, nats.
const KNOWN_PAIR: f64 = 6.0;

/// Two words that a word run together may be.
pub(super) struct Pair {
    /// Probability that they are two words.
    pub(super) two: f64,
    /// Probability of a hyphen between them, if they are.
    pub(super) hyphen: f64,
    /// Neither is a particle.
    pub(super) is_content: bool,
    /// The training text writes them with a hyphen, hardly ever as one word.
    pub(super) is_hyphenated: bool,
}

impl Pair {
    pub(super) fn of(shop: &Workshop<'_>, whole: &Word, first: WordId, second: WordId) -> Self {
        let (lexicon, language) = (&shop.models.lexicon, &shop.models.language);
        let forms = shop.models.compounds.forms(first, second);
        let element = shop.models.compounds.second(second);
        let is_content = are_content(lexicon, first, second);

        let freely = f64::from(element.hyphenated) * f64::from(element.firsts)
            / (f64::from(element.firsts) + 5.0)
            / (f64::from(element.all) + 10.0);
        let mut habit = freely / (1.0 - freely).max(0.01);
        let second_key = lexicon.spell(second);
        if is_content {
            habit *= if is_participle(&second_key) { PARTICIPLE } else { 1.0 };
        } else {
            habit /= LOST_HYPHEN;
        }
        let freely = habit / (1.0 + habit);
        let own = shop.statistics.hyphenated(&lexicon.spell(first), &second_key);
        let hyphenated = f64::from(forms.hyphenated) + PRIOR * freely + OWN_SIGHTING * f64::from(own);
        let open = f64::from(forms.open) + PRIOR * (1.0 - freely);
        let odds = LOST_HYPHEN * hyphenated / open.max(0.01);

        let keep = match whole.id {
            Some(id) => lexicon.cost(id),
            None => language.unigram(whole.symbol, lexicon) + whole.spelling,
        };
        let (a, b) = (language.word(first), language.word(second));
        let apart = language.unigram(a, lexicon) + language.bigram(a, b, lexicon);
        let mut gain = f64::from(keep - apart) / f64::from(NAT);
        if forms.hyphenated > 0 || own > 0 {
            gain += KNOWN_PAIR;
        }
        Self {
            two: logistic((gain - EVEN_GAIN) / GAIN_SCALE),
            hyphen: (odds / (1.0 + odds)).clamp(1e-4, 1.0 - 1e-4),
            is_content,
            is_hyphenated: u32::from(forms.hyphenated) > 4 * (u32::from(forms.solid) + 1),
        }
    }

    /// −ln P(hyphen) and −ln P(blank).
    pub(super) fn mark_costs(&self) -> (Cost, Cost) {
        (cost_of(self.hyphen), cost_of(1.0 - self.hyphen))
    }
}

/// Neither word is a particle.
fn are_content(lexicon: &Lexicon, first: WordId, second: WordId) -> bool {
    lexicon.cost(first) > PARTICLE && lexicon.cost(second) > PARTICLE
}

/// Whether `apart`, words that were run together, is two that may as well be a
/// compound: of such the accept model knows only that they are two, and [`Pair`] judges.
pub(super) fn may_be_hyphenated(lexicon: &Lexicon, apart: &str) -> bool {
    let words: Vec<Option<WordId>> = apart.split(' ').map(|word| lexicon.find(word)).collect();
    matches!(words[..], [Some(first), Some(second)] if are_content(lexicon, first, second))
}

/// Regular participles by their endings, the others that make compounds by name.
fn is_participle(word: &str) -> bool {
    const IRREGULAR: [&str; 24] = [
        "born", "bound", "bred", "built", "cut", "fed", "found", "grown", "held", "hung", "kept", "known", "laid",
        "led", "lit", "made", "run", "sent", "shorn", "spun", "sworn", "torn", "worn", "woven",
    ];
    word.len() > 4 && (word.ends_with("ed") || word.ends_with("ing")) || IRREGULAR.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn participles() {
        for word in ["controlled", "speaking", "led", "held"] {
            assert!(is_participle(word), "{word}");
        }
        for word in ["street", "bed", "king", "house"] {
            assert!(!is_participle(word), "{word}");
        }
    }
}
