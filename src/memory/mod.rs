//! What people have decided, kept for the texts to come.
//!
//! A memory is a file of [`Remembered`] things, one JSON object a line, to
//! which lines are only ever added: two people's additions can be merged by
//! keeping both. It holds
//!
//! - decisions about a change where it stood: known again by what stands
//!   there and the words to its left and right, whatever their case, not by
//!   offset;
//! - decisions about a change everywhere;
//! - own words.
//!
//! Of decisions that contradict one another the newest counts, by the time
//! that they state; the order of the lines plays no part. What people have
//! decided three times in different places, and never otherwise, is taken to
//! hold everywhere: rejections of whatever the program proposes, acceptances
//! of what it proposes and what is no word already.
//!
//! [`Memory::recall`] writes the decisions into a document's corrections, with
//! the name and time of whoever decided.

mod file;
mod orders;

pub use file::{MemoryError, MemoryProblem, of_changes, read, to_lines};

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::change::{Class, Decided, Decision};
use crate::document::{Token, TokenKind, tokens};
use crate::{Correction, Span};
use orders::Orders;

/// Different places with the same decision from which it holds everywhere.
const ALWAYS: usize = 3;
/// Bytes in which the words beside a change are looked for.
const REACH: usize = 100;

/// One line of a memory's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Remembered {
    /// A decision about a change.
    Change(Ruled),
    /// A word that is known and never to be changed.
    Word {
        /// The word, as it is written.
        word: String,
        /// Who added it, and when.
        decided: Decided,
    },
}

/// A decision about a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ruled {
    /// What stands in the text.
    pub before: String,
    /// What it becomes, or does not.
    pub after: String,
    /// The kind of the change.
    pub class: Class,
    /// [`Decision::Accepted`] or [`Decision::Rejected`].
    pub decision: Decision,
    /// Where it stood; none: it holds everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Neighbors>,
    /// Who decided, and when.
    pub decided: Decided,
}

/// The words beside a change, in small letters; empty at the beginning and
/// the end of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Neighbors {
    /// The word before it.
    pub left: String,
    /// The word after it.
    pub right: String,
}

impl Neighbors {
    /// The words beside `span` of `text`.
    #[must_use]
    pub fn of(text: &str, span: Span) -> Self {
        let from = (span.start.saturating_sub(REACH)..=span.start).find(|&at| text.is_char_boundary(at));
        let to = (span.end..=text.len().min(span.end + REACH)).rev().find(|&at| text.is_char_boundary(at));
        let left = &text[from.unwrap_or(span.start)..span.start];
        let right = &text[span.end..to.unwrap_or(span.end)];
        let is_word = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Number);
        let folded =
            |text: &str, token: Option<Token>| token.map_or(String::new(), |t| text[t.span.range()].to_lowercase());
        Self {
            left: folded(left, tokens(left).filter(is_word).last()),
            right: folded(right, tokens(right).find(is_word)),
        }
    }
}

/// What is decided about the readings of one thing in one place, or everywhere.
#[derive(Clone, Debug, Default)]
struct State {
    accepted: Option<Ruled>,
    /// By what it does not become, folded.
    rejected: BTreeMap<String, Ruled>,
}

impl State {
    fn take(&mut self, ruled: &Ruled) {
        let after = folded(&ruled.after);
        match ruled.decision {
            Decision::Accepted => {
                self.rejected.remove(&after);
                self.accepted = Some(ruled.clone());
            }
            _ => {
                self.accepted.take_if(|accepted| folded(&accepted.after) == after);
                self.rejected.insert(after, ruled.clone());
            }
        }
    }

    /// What is decided about `c`, which becomes `after`, folded.
    fn about(&self, c: &Correction, after: &str) -> Option<&Ruled> {
        // Where the same is written, a person's capitals are part of what was accepted.
        let is_same = |accepted: &&Ruled| {
            folded(&accepted.after) == after && (accepted.before != c.before || accepted.after == c.after)
        };
        self.accepted.as_ref().filter(is_same).or_else(|| self.rejected.get(after))
    }
}

/// Decisions of people, ready to be recalled.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// By what stood there, folded, and the words beside it.
    places: FxHashMap<(String, Neighbors), State>,
    /// By what stands there, folded.
    everywhere: FxHashMap<String, State>,
    /// By what stands there and what it becomes or not, folded.
    always: FxHashMap<(String, String), Ruled>,
    orders: Orders,
    words: Vec<String>,
}

impl Memory {
    /// A memory of `lines`, in whatever order. A change that [no text may
    /// get](crate::change::check_replacement) counts for nothing.
    #[must_use]
    pub fn new(lines: &[Remembered]) -> Self {
        let mut memory = Self::default();
        let mut sorted: Vec<&Remembered> = lines.iter().collect();
        // What else is in the line decides between decisions of the same second.
        sorted.sort_by_cached_key(|line| {
            let decided = match line {
                Remembered::Change(ruled) => &ruled.decided,
                Remembered::Word { decided, .. } => decided,
            };
            (decided.at.clone(), decided.by.clone(), serde_json::to_string(line).unwrap_or_default())
        });
        for line in sorted {
            match line {
                Remembered::Word { word, .. } => memory.words.push(word.clone()),
                Remembered::Change(ruled) if file::check(ruled).is_err() => {}
                Remembered::Change(ruled) => {
                    let before = folded(&ruled.before);
                    let state = match &ruled.context {
                        Some(context) => memory.places.entry((before, context.clone())).or_default(),
                        None => memory.everywhere.entry(before).or_default(),
                    };
                    state.take(ruled);
                }
            }
        }
        memory.words.sort();
        memory.words.dedup();
        memory.always = memory.always();
        let accepted = memory.places.values().chain(memory.everywhere.values()).filter_map(|s| s.accepted.as_ref());
        memory.orders = Orders::new(accepted);
        memory
    }

    /// The own words, sorted.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// True if nothing was decided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.everywhere.is_empty()
    }

    /// What was decided about `c`, a correction of `text`.
    #[must_use]
    pub fn about(&self, text: &str, c: &Correction) -> Option<&Ruled> {
        if self.is_empty() {
            return None;
        }
        let (before, after) = (folded(&c.before), folded(&c.after));
        let place = (before, Neighbors::of(text, c.span));
        if let Some(ruled) = self.places.get(&place).and_then(|state| state.about(c, &after)) {
            return Some(ruled);
        }
        let before = place.0;
        if let Some(ruled) = self.everywhere.get(&before).and_then(|state| state.about(c, &after)) {
            return Some(ruled);
        }
        let always = self.always.get(&(before, after))?;
        (always.decision == Decision::Rejected || c.class != Class::RealWord).then_some(always)
    }

    /// Writes what was decided into the corrections of `text`, which are sorted
    /// and disjoint and stay so. What people have accepted and the program did
    /// not propose is added, if it `is_wanted`.
    pub fn recall(&self, text: &str, corrections: &mut Vec<Correction>, is_wanted: impl Fn(&Correction) -> bool) {
        if self.is_empty() {
            return;
        }
        for c in corrections.iter_mut() {
            if let Some(ruled) = self.about(text, c) {
                c.decision = ruled.decision;
                c.decided = Some(ruled.decided.clone().into());
            }
        }
        for order in self.orders.found_in(text, |before, context| {
            let place = self.places.get(&(before.to_owned(), context));
            let accepted = |state: &State| state.accepted.clone();
            // Who has rejected something in this very place has seen it.
            match place {
                Some(state) => accepted(state),
                None => self.everywhere.get(before).and_then(accepted),
            }
        }) {
            if is_wanted(&order) {
                insert(corrections, order);
            }
        }
    }

    /// What was decided the same way in so many places that it holds everywhere.
    fn always(&self) -> FxHashMap<(String, String), Ruled> {
        let mut places: BTreeMap<(String, String), Vec<&Ruled>> = BTreeMap::new();
        for ((before, _), state) in &self.places {
            for ruled in state.accepted.iter().chain(state.rejected.values()) {
                places.entry((before.clone(), folded(&ruled.after))).or_default().push(ruled);
            }
        }
        places
            .into_iter()
            .filter(|(_, rulings)| {
                rulings.len() >= ALWAYS && rulings.iter().all(|ruled| ruled.decision == rulings[0].decision)
            })
            .filter_map(|(pair, rulings)| {
                let newest =
                    rulings.into_iter().max_by_key(|ruled| (&ruled.decided.at, &ruled.decided.by, &ruled.context));
                Some((pair, newest?.clone()))
            })
            .collect()
    }
}

/// Puts `order` in the place of what overlaps it, unless a person has decided about that.
fn insert(corrections: &mut Vec<Correction>, mut order: Correction) {
    let from = corrections.partition_point(|c| c.span.end <= order.span.start);
    let to = from + corrections[from..].partition_point(|c| c.span.start < order.span.end);
    let is_decided = |c: &Correction| c.decision == Decision::Accepted;
    if corrections[from..to].iter().any(is_decided) {
        return;
    }
    // An audit can then tell what the program had proposed.
    if let Some(c) = corrections[from..to].iter().find(|c| c.span == order.span && c.after != order.after) {
        let proposed = crate::change::Alternative { text: c.after.clone(), confidence: c.confidence };
        order.alternatives = std::iter::once(proposed).chain(c.alternatives.clone()).collect();
        order.alternatives.retain(|alternative| alternative.text != order.after);
        (order.rule, order.confidence) = (c.rule.clone(), c.confidence);
    }
    corrections.splice(from..to, [order]);
}

/// `text` in small letters, white space as single blanks.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests;
