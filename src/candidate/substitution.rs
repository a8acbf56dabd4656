//! One word misread as one: the words within reach of the channel.

use super::search::Depth;
use super::{Edge, Form, Rule, Target, Workshop};
use crate::detect::{Doubt, Passage};
use crate::model::cost::{Cost, NAT};
use crate::model::lexicon::Flags;

/// How much dearer than the word's own rarity its misreading may be: context
/// seldom makes up for more.
const IN_CONTEXT: Cost = NAT;
/// And no dearer than this: about two unseen errors.
const MOST: Cost = 16 * NAT;

pub(super) fn edges(shop: &mut Workshop<'_>, text: &str, passage: &Passage, at: usize, out: &mut Vec<Edge>) {
    let word = &passage.words[at];
    let lexicon = &shop.models.lexicon;
    let depth = match (word.doubt, word.id) {
        (Doubt::Protected | Doubt::None, _) => return,
        (Doubt::Confusable, Some(id)) if lexicon.flags(id).any(Flags::COMMON.and(Flags::RARE).and(Flags::TEXT)) => {
            Depth::One((lexicon.cost(id) + IN_CONTEXT).min(MOST))
        }
        _ => Depth::Any,
    };
    let written = &text[word.span.range()];
    for reading in shop.readings(written, depth).iter() {
        // The same letters: nothing to change but ligatures and stray capitals.
        if Some(reading.word) == word.id && word.key.as_deref().is_some_and(|k| written.eq_ignore_ascii_case(k)) {
            continue;
        }
        out.push(Edge {
            start: at,
            end: at + 1,
            targets: vec![Target::known(shop.models, reading.word, reading.cache)],
            cost: reading.cost,
            rule: Rule::Confusion,
            form: Form::Word,
        });
    }
}
