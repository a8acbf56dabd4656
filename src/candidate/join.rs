//! A word torn into two or three pieces.

use smallvec::smallvec;

use super::search::Depth;
use super::{Edge, Form, Rule, Target, Workshop};
use crate::detect::{Doubt, Passage, Word};
use crate::model::cost::{Cost, NAT};
use crate::model::lexicon::Flags;
use crate::model::{MAX_KEY, Models, key};

/// Pieces that may be put together.
const MOST_PIECES: usize = 3;
/// A piece that is a word may be a fragment of another up to this length.
const LONGEST_FRAGMENT: usize = 3;
/// Words rarer than this are no reason to leave pieces apart.
const COMMON: Cost = 11 * NAT;
/// A word must be at least this common to be made of pieces that are words themselves.
const LEAST_COMMON: Cost = 16 * NAT;

/// Which of the words of `passage` are no reason to look for what they might be a piece of.
pub(super) fn common_words(models: &Models, text: &str, passage: &Passage) -> Vec<bool> {
    let is_common = |w: &Word| {
        w.id.is_some_and(|id| {
            models.lexicon.cost(id) < COMMON
                && models.lexicon.flags(id).any(Flags::COMMON.and(Flags::TEXT))
                && (w.span.len() > 1 || is_single_word(&text[w.span.range()]))
        })
    };
    passage.words.iter().map(is_common).collect()
}

/// The [`common_words`] are found once, since each is a piece of several spans.
pub(super) fn edges(
    shop: &mut Workshop<'_>,
    text: &str,
    passage: &Passage,
    common: &[bool],
    at: usize,
    out: &mut Vec<Edge>,
) {
    let written = |word: &Word| &text[word.span.range()];
    let (mut cost, mut length) = (0, 0);
    for end in at + 1..=(at + MOST_PIECES).min(passage.words.len()) {
        let word = &passage.words[end - 1];
        if end - 1 > at {
            if !word.separator.can_be_inside() {
                return;
            }
            cost += shop.channel.join(word.separator);
        }
        length += word.span.len();
        if length > MAX_KEY || !is_piece(word, written(word)) {
            return;
        }
        let pieces = &passage.words[at..end];
        if pieces.len() > 1 && is_plausible(shop.models, text, pieces, &common[at..end]) {
            let joined: String = pieces.iter().map(written).collect();
            whole(shop, &joined, pieces, (at, end), cost, out);
        }
    }
}

/// Initials and codes are protected, but a lone letter may be a drop cap.
fn is_piece(word: &Word, written: &str) -> bool {
    // A token in ASCII that has a key consists of letters.
    let is_word = || if written.is_ascii() { word.key.is_some() } else { written.chars().all(char::is_alphabetic) };
    word.doubt != Doubt::Protected && is_word()
}

/// Pieces that all are common words, or that often follow one another, are
/// words: `every day`, `to-day`.
fn is_plausible(models: &Models, text: &str, pieces: &[Word], common: &[bool]) -> bool {
    let are_words = common.iter().all(|&is_common| is_common);
    if are_words && pieces[1..].iter().any(|w| w.separator.is_mark()) {
        return false;
    }
    // A lone letter that is no word belongs to its neighbor.
    if pieces.iter().any(|w| w.span.len() == 1 && !is_single_word(&text[w.span.range()])) {
        return true;
    }
    let known = || pieces.iter().all(|w| w.id.is_some());
    let seen = || pieces.windows(2).all(|w| models.language.seen(w[0].symbol, w[1].symbol).is_some());
    !(are_words || known() && seen())
}

fn is_single_word(letter: &str) -> bool {
    matches!(letter, "a" | "I" | "A" | "O" | "o")
}

fn whole(
    shop: &mut Workshop<'_>,
    joined: &str,
    pieces: &[Word],
    (start, end): (usize, usize),
    cost: Cost,
    out: &mut Vec<Edge>,
) {
    let models = shop.models;
    let line_end = pieces[1..].iter().any(|w| w.separator.is_hyphenation());
    let Some(key) = key(joined) else { return };
    let usage = shop.statistics.usage(&key).count;
    let cache = || shop.statistics.cache(usage);
    let all_words = pieces.iter().all(|w| w.id.is_some());
    if let Some(word) = models.lexicon.find_key(&key) {
        let good = models.lexicon.flags(word).any(Flags::VOUCHED);
        if !line_end && good && (!all_words || models.lexicon.cost(word) < LEAST_COMMON) {
            let targets = smallvec![Target::known(models, word, cache())];
            out.push(Edge { start, end, targets, cost, rule: Rule::Join, form: Form::Solid, confidence: None });
        }
        return;
    }
    if usage >= 2 && !line_end {
        let targets = smallvec![Target::unknown(models, &key, cache())];
        out.push(Edge { start, end, targets, cost, rule: Rule::Join, form: Form::Solid, confidence: None });
    }
    // Torn apart and misread: two pieces, neither a word in good standing.
    let is_fragment = |w: &Word| w.doubt == Doubt::Unknown || w.span.len() <= LONGEST_FRAGMENT;
    let torn = pieces.len() == 2 && pieces.iter().any(|w| w.doubt == Doubt::Unknown) && pieces.iter().all(is_fragment);
    if key.len() >= 5 && torn {
        for reading in shop.readings(joined, Depth::Narrow).iter().take(4) {
            out.push(Edge {
                start,
                end,
                targets: smallvec![Target::known(models, reading.word, reading.cache)],
                cost: cost + reading.cost,
                rule: Rule::Join,
                form: Form::Word,
                confidence: None,
            });
        }
    }
}
