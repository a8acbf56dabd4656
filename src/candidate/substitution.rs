//! One word misread as one: the words within reach of the channel.

use smallvec::smallvec;

use super::search::Depth;
use super::{Edge, Form, Rule, Target, Workshop};
use crate::detect::{Doubt, Passage};

pub(super) fn edges(shop: &mut Workshop<'_>, text: &str, passage: &Passage, at: usize, out: &mut Vec<Edge>) {
    let word = &passage.words[at];
    if matches!(word.doubt, Doubt::Protected | Doubt::None) {
        return;
    }
    let depth = Depth::of(&shop.models.lexicon, word.id);
    let written = &text[word.span.range()];
    for reading in shop.readings(written, depth).iter() {
        // The same letters: nothing to change but ligatures and stray capitals.
        if Some(reading.word) == word.id && word.key.as_deref().is_some_and(|k| written.eq_ignore_ascii_case(k)) {
            continue;
        }
        out.push(Edge {
            start: at,
            end: at + 1,
            targets: smallvec![Target::known(shop.models, reading.word, reading.cache)],
            cost: reading.cost,
            rule: Rule::Confusion,
            form: Form::Word,
            confidence: None,
        });
    }
}
