//! A word divided at the end of a line, flattened or not: is the hyphen the
//! printer's, the author's, or a dash?
//!
//! Every reading gets a weight, counted as sightings. The document is the first
//! dictionary: a form that stands in it elsewhere outweighs all else. Then the
//! language: how often the training text writes the pair in one word, and how
//! often with a hyphen. Against both stands leaving the text alone, which
//! weighs the more, the more the halves look like words of their own. The share
//! of a reading is its confidence.

use smallvec::smallvec;

use super::search::Depth;
use super::{Edge, Form, Rule, Target, Targets, Workshop};
use crate::detect::{Doubt, Passage, Word};
use crate::model::cost::{Cost, NAT, cost_of, probability_of};
use crate::model::key;
use crate::model::lexicon::{Flags, WordId};
use crate::model::separator::Separator;

/// What one sighting in the document weighs.
const OWN_SIGHTING: f64 = 100.0;
/// Tokens of the training text, for turning frequencies into counts.
const TRAINING_TOKENS: f64 = 32e6;
/// Sightings in the training text count up to here: how a pair is written
/// elsewhere tells less than one use in the document.
const MOST_TRAINING: f64 = 20.0;
/// What the behavior of the second half after any word weighs.
const HABIT: f64 = 2.0;
/// A word outside the lexicon is believed as if it had been seen this often,
/// if a half is no word.
const NO_WORDS_APART: f64 = 0.3;
/// No printer divides a word before a capital; a sighting of such a word in
/// one piece is worth this share.
const BEFORE_CAPITAL: f64 = 0.02;
/// A hyphen after a word that itself follows a hyphen (`mother-in-⏎law`) is
/// one more of the same kind.
const CHAIN: f64 = 3.0;
/// A sighting of the last two words of such a chain in one piece is worth this share.
const IN_CHAIN: f64 = 0.1;
/// Short words up to this rarity stand alone; other fragments that short do not.
const COMMON_SHORT: Cost = 9 * NAT;
/// Misread words tried for two halves.
const MOST_READINGS: usize = 4;

/// What a half ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// A hyphen, then a line end.
    Hyphen,
    /// A hyphen, then a blank.
    Flattened,
    /// `¬` or a soft hyphen: never a dash, never the author's.
    Sign,
    /// `--` or `=` at a line end: a broad hyphen, or a dash or another sign.
    Broad,
}

impl Mark {
    /// The mark between two words, and the first word without what of the mark
    /// clings to it.
    fn between<'t>(text: &'t str, first: &Word, second: &Word) -> Option<(Self, &'t str)> {
        let written = &text[first.span.range()];
        let gap = &text[first.span.end..second.span.start];
        match second.separator {
            Separator::HyphenBreak | Separator::HyphenSpace | Separator::NotSpace
                if gap.starts_with(['¬', '\u{ad}']) =>
            {
                Some((Self::Sign, written))
            }
            Separator::HyphenBreak => Some((Self::Hyphen, written)),
            Separator::HyphenSpace | Separator::NotSpace => Some((Self::Flattened, written)),
            Separator::LineBreak => Some((Self::Broad, written.strip_suffix('=')?)),
            _ => {
                let blank = gap.strip_prefix("--")?;
                let is_break = blank.trim().is_empty() && blank.matches('\n').count() == 1;
                is_break.then_some((Self::Broad, written))
            }
        }
    }

    /// What leaving alone weighs when none, one or both halves are words.
    fn leave(self, words: usize) -> f64 {
        match self {
            Self::Hyphen => [0.05, 0.1, 0.5][words],
            Self::Flattened => [0.1, 0.2, 2.0][words],
            Self::Sign => [0.02, 0.02, 0.05][words],
            Self::Broad => [0.1, 1.0, 50.0][words],
        }
    }
}

/// The two halves, looked up.
struct Halves<'p> {
    mark: Mark,
    /// The first half as written.
    written: &'p str,
    keys: (String, &'p str),
    ids: (Option<WordId>, Option<WordId>),
}

pub(super) fn edges(shop: &mut Workshop<'_>, text: &str, passage: &Passage, at: usize, out: &mut Vec<Edge>) {
    let Some([first, second]) = passage.words.get(at..at + 2) else { return };
    if first.shielded || second.shielded || second.doubt == Doubt::Protected {
        return;
    }
    let Some((mark, written)) = Mark::between(text, first, second) else { return };
    let (Some(a), Some(b)) = (key(written), second.key.as_deref()) else { return };
    let Some(solid_key) = key(&format!("{a}{b}")) else { return };
    if is_stammer(&a, b) {
        return;
    }
    let halves = Halves { mark, written, ids: (shop.models.lexicon.find_key(&a), second.id), keys: (a, b) };
    let (solid, hyphenated, leave) = weigh(shop, text, passage, at, &halves, &solid_key);
    let total = solid + hyphenated + leave;
    let separator = if mark == Mark::Broad { Separator::HyphenBreak } else { second.separator };
    let join = shop.channel.join(separator);
    let second_written = &text[second.span.range()];
    let solid_word = shop.models.lexicon.find_key(&solid_key);
    let mut push = |weight: f64, targets: Targets, hyphen: &str| {
        if weight > 0.0 {
            let share = (weight / total).min(0.99);
            out.push(Edge {
                start: at,
                end: at + 2,
                targets,
                cost: join + cost_of(share),
                rule: Rule::LineEnd,
                form: Form::Written(format!("{}{hyphen}{second_written}", halves.written)),
                confidence: Some(share),
            });
        }
    };
    // The weights hold all there is to say of the two forms; the language model,
    // to which a compound is two words, would only favor the one word.
    if solid >= hyphenated {
        push(solid, smallvec![whole(shop, solid_word, &solid_key)], "");
    } else {
        push(hyphenated, smallvec![Target::of(first), Target::of(second)], "-");
    }
    // Divided and misread. Two short or unknown fragments are a torn word like any other.
    let is_fragment = |w: &Word| w.doubt == Doubt::Unknown || w.span.len() <= 3;
    let unknown = [first, second].iter().any(|w| w.doubt == Doubt::Unknown);
    let is_new = solid_word.is_none() && shop.statistics.usage(&solid_key).count == 0;
    if is_new && unknown && solid_key.len() >= 5 && !(is_fragment(first) && is_fragment(second)) {
        let joined = format!("{written}{second_written}");
        for reading in shop.readings(&joined, Depth::Any).iter().take(MOST_READINGS) {
            let key = shop.models.lexicon.spell(reading.word);
            out.push(Edge {
                start: at,
                end: at + 2,
                targets: smallvec![whole(shop, Some(reading.word), &key)],
                cost: join + reading.cost,
                rule: Rule::LineEnd,
                form: Form::Word,
                confidence: None,
            });
        }
    }
}

/// Whether `after` has other letters than `before`: a word that was not only
/// divided, but misread as well, which the accept model judges like any other.
pub(super) fn is_misread(before: &str, after: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    letters(before) != letters(after)
}

/// What one word, two with a hyphen, and leaving alone weigh.
fn weigh(
    shop: &Workshop<'_>,
    text: &str,
    passage: &Passage,
    at: usize,
    halves: &Halves<'_>,
    solid_key: &str,
) -> (f64, f64, f64) {
    let models = shop.models;
    let (first, second) = (&passage.words[at], &passage.words[at + 1]);
    let is_good = |w: WordId| models.lexicon.flags(w).any(Flags::VOUCHED);
    let standing = [(halves.ids.0, halves.keys.0.as_str()), (halves.ids.1, halves.keys.1)]
        .into_iter()
        .filter(|(id, key)| {
            id.is_some_and(|id| {
                models.lexicon.flags(id).any(Flags::COMMON) && (key.len() > 3 || models.lexicon.cost(id) < COMMON_SHORT)
            })
        })
        .count();
    let leave = halves.mark.leave(standing);

    let mut solid = match models.lexicon.find_key(solid_key).filter(|&w| is_good(w)) {
        Some(w) => (TRAINING_TOKENS * probability_of(models.lexicon.cost(w))).max(1.0),
        None if standing < 2 => NO_WORDS_APART,
        None => 0.0,
    };
    let mut hyphenated = 0.0;
    if let (Some(a), Some(b)) = halves.ids {
        let (habit, _) = models.compounds.hyphen_or_blank(a, b);
        hyphenated = f64::from(models.compounds.forms(a, b).hyphenated);
        if standing == 2 {
            hyphenated += HABIT * probability_of(habit);
        }
    }
    let capital = text[second.span.range()].starts_with(char::is_uppercase) && !is_capitals(halves.written);
    if capital {
        solid *= BEFORE_CAPITAL;
    }
    let scale = (MOST_TRAINING / (solid + hyphenated).max(MOST_TRAINING)).min(1.0);
    solid *= scale;
    hyphenated *= scale;
    if first.separator == Separator::Hyphen && standing == 2 {
        hyphenated += CHAIN;
        solid *= IN_CHAIN;
    }
    // `two- and three-year-old`: the first part of what comes after the conjunction.
    let follows_hyphen = text[second.span.end..].starts_with('-');
    if matches!(halves.keys.1, "and" | "or" | "to" | "nor" | "but") && !follows_hyphen {
        hyphenated = 0.0;
    }
    solid += OWN_SIGHTING * f64::from(shop.statistics.usage(solid_key).count);
    hyphenated += OWN_SIGHTING * f64::from(shop.statistics.hyphenated(&halves.keys.0, halves.keys.1));
    (solid, hyphenated, leave)
}

fn whole(shop: &Workshop<'_>, word: Option<WordId>, key: &str) -> Target {
    let cache = shop.statistics.cache(shop.statistics.usage(key).count);
    match word {
        Some(w) => Target::known(shop.models, w, cache),
        None => Target::unknown(shop.models, key, cache),
    }
}

/// `n-not`: speech, no division.
fn is_stammer(a: &str, b: &str) -> bool {
    a.len() <= 2 && b.starts_with(a)
}

fn is_capitals(word: &str) -> bool {
    word.len() > 1 && !word.contains(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stammer_is_no_division() {
        assert!(is_stammer("n", "not"));
        assert!(!is_stammer("secre", "tary"));
        assert!(!is_stammer("to", "day"));
    }

    #[test]
    fn leaving_alone_weighs_more_the_more_the_halves_are_words() {
        for mark in [Mark::Hyphen, Mark::Flattened, Mark::Sign, Mark::Broad] {
            assert!(mark.leave(0) <= mark.leave(1) && mark.leave(1) < mark.leave(2), "{mark:?}");
        }
    }
}
