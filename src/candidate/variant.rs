//! Words that the lexicon lacks but the document has, several times: a name
//! misread once is mended by its other mentions.

use smallvec::smallvec;

use super::{Edge, Form, Rule, Target, Workshop};
use crate::detect::{Doubt, Passage, Statistics};
use crate::model::Models;
use crate::model::cost::NAT;

/// Mentions from which a word outside the lexicon is believed.
const LEAST_MENTIONS: u32 = 2;
/// How many times oftener the right form must stand than the misread one.
const RATIO: u32 = 2;
/// Edits of an ordinary kind that a variant may differ by.
const MOST_EDITS: usize = 2;
/// The most that a misread name may cost.
const LIMIT: i32 = 12 * NAT;
/// The likeliest such words are tried; a document with more is a word list.
const MOST_WORDS: usize = 2000;

/// A word outside the lexicon that the document believes in.
#[derive(Clone, Debug)]
pub(crate) struct OwnWord {
    key: Box<str>,
    count: u32,
    letters: u32,
}

/// The set of the characters of `word`, 32 kinds told apart.
fn letters(word: &str) -> u32 {
    word.chars().fold(0, |set, c| set | 1 << (c as u32 % 32))
}

/// The words of the document that may mend others.
pub(super) fn own_words(models: &Models, statistics: &Statistics) -> Vec<OwnWord> {
    let mut words: Vec<_> = statistics
        .own_words(&models.lexicon, LEAST_MENTIONS)
        .into_iter()
        .map(|(key, usage)| OwnWord { letters: letters(&key), key, count: usage.count })
        .collect();
    words.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
    words.truncate(MOST_WORDS);
    words
}

pub(super) fn edges(shop: &mut Workshop<'_>, text: &str, passage: &Passage, at: usize, out: &mut Vec<Edge>) {
    let word = &passage.words[at];
    if word.doubt != Doubt::Unknown || shop.vocabulary.own.is_empty() {
        return;
    }
    let written = &text[word.span.range()];
    let lower = written.to_lowercase();
    let own_count = word.key.as_deref().map_or(0, |k| shop.statistics.usage(k).count);
    let observed = shop.channel.observe(written);
    let present = letters(&lower);
    for OwnWord { key, count, letters } in &shop.vocabulary.own {
        let near = key.len().abs_diff(lower.len()) <= MOST_EDITS
            // An edit takes away one kind of letter and brings in one at most.
            && (letters ^ present).count_ones() as usize <= 2 * MOST_EDITS
            && *count >= RATIO * own_count.max(1)
            && **key != *lower
            && strsim::levenshtein(key, &lower) <= MOST_EDITS;
        if !near {
            continue;
        }
        let (cost, _) = shop.channel.align_within(&observed, key, LIMIT);
        if cost <= LIMIT {
            out.push(Edge {
                start: at,
                end: at + 1,
                targets: smallvec![Target::unknown(shop.models, key, shop.statistics.cache(*count))],
                cost,
                rule: Rule::Variant,
                form: Form::Word,
                confidence: None,
            });
        }
    }
}
