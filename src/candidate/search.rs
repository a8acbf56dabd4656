//! The words that an observed token may be a misreading of: a beam search over
//! the lexicon from both ends, and a faster search for one error.
//!
//! A forward beam loses the word when the error comes early; a backward one
//! sees the clean end first. Two narrow beams find more than one broad one, in
//! less time.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::beam::{Beam, Layer, State, WIDTH};
use super::steps::{Losses, StepTable, Steps};
use crate::model::confusion::{MAX_SIDE, Observed, Rewrite};
use crate::model::cost::Cost;
use crate::model::lexicon::{Direction, Flags, WordId};
use crate::model::trie::{Node, Trie};
use crate::model::{ConfusionModel, Lexicon, MAX_KEY, cost::NAT};

/// States kept at each position of a beam for what is seldom a word: 10 mend no
/// more of it, 4 a little less.
const NARROW: usize = 6;
/// Readings kept.
const KEPT: usize = 12;
/// Weight of a word's own frequency in ranking.
const PRIOR_WEIGHT: (Cost, Cost) = (7, 10);
/// Most that a reading of a token that is no word may cost: so much, more for
/// each character, and no more than the last.
const COST_LIMIT: (Cost, Cost, Cost) = (9 * NAT, 3 * NAT / 2, 24 * NAT);
/// A reading this much worse than the best found is not looked for.
const MARGIN: Cost = 7 * NAT;
/// If one error explains the token this well, deeper search finds nothing better.
const ENOUGH: Cost = 11 * NAT;

/// A word that the token may be a misreading of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The word meant.
    pub word: WordId,
    /// −ln P(observed | word).
    pub cost: Cost,
}

/// Finds [`Reading`]s through one channel; keeps its scratch memory between searches.
#[derive(Debug)]
pub struct Searcher {
    steps: StepTable,
    losses: Losses,
    layers: Vec<Layer>,
    /// What can be read from each character on, and at the end nothing.
    places: Vec<Place>,
    found: FxHashMap<WordId, Cost>,
    /// Words at nodes of the backward trie.
    words: FxHashMap<Node, WordId>,
}

/// What can be read from one character on.
#[derive(Clone, Debug, Default)]
struct Place {
    /// The character read as what it is.
    plain: Option<Rewrite>,
    /// Rewrites of one, two and three characters, by their number in the table.
    steps: [u32; MAX_SIDE],
    /// The cost of reading all characters from here on as what they are, if
    /// that is the end of a word at all.
    tail: Option<Cost>,
}

/// How thoroughly to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Depth {
    /// One error that costs no more than this, for tokens that are words
    /// themselves: the rarer the word, the likelier an error.
    One(Cost),
    /// Any number of errors, by narrow beams, for what is seldom a word at all.
    Narrow,
    /// Any number of errors.
    Any,
}

/// How much dearer than the word's own rarity its misreading may be: context
/// seldom makes up for more.
const IN_CONTEXT: Cost = NAT;
/// And no dearer than this: about two unseen errors.
const MOST: Cost = 16 * NAT;

impl Depth {
    /// How thoroughly to search for a token that is `word`. A word that no
    /// dictionary and no text vouches for is no better than none.
    #[must_use]
    pub fn of(lexicon: &Lexicon, word: Option<WordId>) -> Self {
        match word {
            Some(w) if lexicon.flags(w).any(Flags::VOUCHED) => Self::One((lexicon.cost(w) + IN_CONTEXT).min(MOST)),
            _ => Self::Any,
        }
    }

    /// Which of the three it is, from 0.
    pub(super) fn number(self) -> usize {
        match self {
            Self::One(_) => 0,
            Self::Narrow => 1,
            Self::Any => 2,
        }
    }

    /// The same for one error.
    #[must_use]
    pub fn shallow(self) -> Self {
        match self {
            Self::One(limit) => Self::One(limit),
            Self::Narrow | Self::Any => Self::One(MOST),
        }
    }
}

impl Searcher {
    /// A searcher for misreadings by `channel`.
    #[must_use]
    pub fn new(channel: Arc<ConfusionModel>) -> Self {
        Self {
            losses: Losses::of(&channel),
            steps: StepTable::new(channel),
            layers: Vec::new(),
            places: Vec::new(),
            found: FxHashMap::default(),
            words: FxHashMap::default(),
        }
    }

    /// The channel that it searches through.
    #[must_use]
    pub fn channel(&self) -> &ConfusionModel {
        self.steps.channel()
    }

    /// The likeliest words for `observed`, best first by channel and frequency,
    /// at most twelve. The observed word itself may be among them. The lexicon
    /// must be the same at every call.
    pub fn search(&mut self, observed: &Observed, lexicon: &Lexicon, depth: Depth) -> Vec<Reading> {
        let n = observed.characters.len();
        if n == 0 || n > MAX_KEY + MAX_SIDE {
            return Vec::new();
        }
        self.read_places(observed, lexicon);
        self.found.clear();
        let (base, each, most) = COST_LIMIT;
        let limit = match depth {
            Depth::One(limit) => limit,
            Depth::Narrow | Depth::Any => (base + each * n as Cost).min(most),
        };
        self.one_error(observed, lexicon, limit);
        let best = self.found.iter().map(|(&w, &c)| ranked(lexicon, w, c)).min().unwrap_or(Cost::MAX);
        let width = match depth {
            Depth::One(_) => 0,
            Depth::Narrow => NARROW,
            Depth::Any => WIDTH,
        };
        if width > 0 && best > ENOUGH {
            for direction in [Direction::Backward, Direction::Forward] {
                let (trie, bounds) = (lexicon.trie(direction), lexicon.bounds(direction));
                self.beam(&Beam { observed, lexicon, trie, bounds, direction, width }, limit);
            }
        }
        let mut out: Vec<Reading> = self.found.iter().map(|(&word, &cost)| Reading { word, cost }).collect();
        out.sort_unstable_by_key(|r| (ranked(lexicon, r.word, r.cost), r.word));
        out.truncate(KEPT);
        out
    }

    fn read_places(&mut self, observed: &Observed, lexicon: &Lexicon) {
        let n = observed.characters.len();
        self.places.clear();
        self.places.resize(n + 1, Place::default());
        let trie = lexicon.trie(Direction::Backward);
        let mut tail = Some((Trie::ROOT, 0));
        self.places[n].tail = Some(0);
        for at in (0..n).rev() {
            let place = &mut self.places[at];
            place.plain = self.steps.channel().plain_at(observed, at);
            for length in 1..=MAX_SIDE.min(n - at) {
                place.steps[length - 1] = self.steps.number(observed, at, length);
            }
            tail = tail.and_then(|(node, cost)| {
                let plain = place.plain?;
                let node = plain.intended().iter().rev().try_fold(node, |n, &l| trie.child(n, l))?;
                Some((node, cost + plain.cost))
            });
            place.tail = tail.map(|t| t.1);
        }
    }

    /// Every word at most one rewrite away.
    fn one_error(&mut self, observed: &Observed, lexicon: &Lexicon, limit: Cost) {
        let n = observed.characters.len();
        let Self { steps, losses, places, found, .. } = self;
        let mut goal = Goal { trie: lexicon.trie(Direction::Forward), places, limit, found };
        let trie = goal.trie;
        goal.finish(Trie::ROOT, 0, 0);
        let (mut node, mut cost) = (Trie::ROOT, 0);
        for at in 0..=n {
            let children = trie.children(node);
            if let Some(left) = goal.left(cost, at) {
                let lost = losses.costs(at == 0, at == n);
                for (letter, child) in children {
                    let lost = lost.each[usize::from(letter)];
                    if lost <= left {
                        goal.finish(child, cost + lost, at);
                    }
                }
            }
            if at == n {
                return;
            }
            for length in 1..=MAX_SIDE.min(n - at) {
                let Some(left) = goal.left(cost, at + length) else { continue };
                let steps = steps.get(goal.places[at].steps[length - 1], Direction::Forward);
                for step in steps.no_letter().iter().take_while(|s| s.cost <= left) {
                    goal.finish(node, cost + step.cost, at + length);
                }
                for (letter, child) in children {
                    for step in steps.group(letter).iter().take_while(|s| s.cost <= left) {
                        if let Some(to) = trie.walk(child, step.rest()) {
                            goal.finish(to, cost + step.cost, at + length);
                        }
                    }
                }
            }
            let unseen = ConfusionModel::unseen(observed.characters[at]);
            if goal.left(cost, at + 1).is_some_and(|left| unseen <= left) {
                goal.finish(node, cost + unseen, at + 1);
                for (_, child) in children {
                    goal.finish(child, cost + unseen, at + 1);
                }
            }
            let Some(same) = &goal.places[at].plain else { return };
            let Some(next) = trie.walk(node, same.intended()) else { return };
            node = next;
            cost += same.cost;
        }
    }

    fn beam(&mut self, beam: &Beam<'_>, limit: Cost) {
        let n = beam.observed.characters.len();
        let known = self.found.iter().map(|(&w, &c)| c + beam.lexicon.cost(w)).min().unwrap_or(Cost::MAX);
        self.layers.clear();
        self.layers.resize(n + 1, Layer::new(beam.width, limit, known.saturating_add(MARGIN)));
        self.layers[0].push(beam.state(Trie::ROOT, 0, 0));
        for at in 0..=n {
            let mut layer = self.layers[at];
            beam.lose_letters(&self.losses, &mut layer, at == 0, at == n);
            if at < n {
                self.advance(beam, at, &layer);
                continue;
            }
            for state in layer.states().filter(|s| beam.trie.is_word(s.node)) {
                let word = match beam.direction {
                    Direction::Forward => Some(WordId(beam.trie.word_at(state.node))),
                    Direction::Backward => self.word_read_backward(beam, state.node),
                };
                if let Some(word) = word {
                    keep_least(&mut self.found, word, state.cost);
                }
            }
        }
    }

    fn word_read_backward(&mut self, beam: &Beam<'_>, node: Node) -> Option<WordId> {
        if let Some(&word) = self.words.get(&node) {
            return Some(word);
        }
        let key: String = beam.trie.spell(beam.trie.word_at(node)).chars().rev().collect();
        let word = beam.lexicon.find_key(&key)?;
        self.words.insert(node, word);
        Some(word)
    }

    /// Every rewrite of the characters next in the beam's direction, from each state of `from`.
    fn advance(&mut self, beam: &Beam<'_>, at: usize, from: &Layer) {
        let n = beam.observed.characters.len();
        let longest = MAX_SIDE.min(n - at);
        let place = |length: usize| match beam.direction {
            Direction::Forward => at,
            Direction::Backward => n - at - length,
        };
        let next = place(1);
        let unseen = ConfusionModel::unseen(beam.observed.characters[next]);
        let steps: [&Steps; MAX_SIDE] = std::array::from_fn(|i| {
            let length = (i + 1).min(longest);
            self.steps.get(self.places[place(length)].steps[length - 1], beam.direction)
        });
        let layers = &mut self.layers[at + 1..=at + longest];
        // The likeliest first: the more of these there are, the sooner all else is dismissed.
        if let Some(plain) = &self.places[next].plain {
            for state in from.states() {
                if let Some(node) = beam.follow(state.node, plain.intended()) {
                    layers[0].push(beam.state(node, state.cost + plain.cost, 0));
                }
            }
        }
        for state in from.states() {
            // For most letters no rewrite is cheap enough.
            let mut letters = [0; MAX_SIDE];
            for ((layer, steps), letters) in layers.iter_mut().zip(steps).zip(&mut letters) {
                let most = layer.left(state.cost, state.estimate);
                *letters = steps.letters_within(most);
                for step in steps.no_letter().iter().take_while(|step| step.cost <= most) {
                    layer.push(state.after(step.cost));
                }
            }
            let may_be_unseen = unseen <= layers[0].left(state.cost, state.estimate);
            if may_be_unseen {
                layers[0].push(state.after(unseen));
            }
            let any = if may_be_unseen { u32::MAX } else { letters.iter().fold(0, |all, set| all | set) };
            for (letter, child) in beam.trie.children(state.node).among(any) {
                // Completing a longer prefix never costs less.
                let floor = state.cost + beam.bound(child);
                if may_be_unseen {
                    let (cost, estimate) = (state.cost + unseen, floor + unseen);
                    layers[0].push(State { node: child, cost, estimate, lost: 0 });
                }
                for ((layer, steps), letters) in layers.iter_mut().zip(steps).zip(letters) {
                    if letters >> letter & 1 != 0 {
                        beam.take_steps(steps.group(letter), state.cost, child, floor, layer);
                    }
                }
            }
        }
    }
}

/// What a search for one error goes by once the error is behind it.
struct Goal<'s> {
    trie: &'s Trie,
    places: &'s [Place],
    limit: Cost,
    found: &'s mut FxHashMap<WordId, Cost>,
}

impl Goal<'_> {
    /// What an error may cost that ends before character `at`, after so much
    /// `cost`; `None` if no word ends like the characters from there on.
    fn left(&self, cost: Cost, at: usize) -> Option<Cost> {
        Some(self.limit - cost - self.places[at].tail?).filter(|&left| left >= 0)
    }

    /// Reads the characters from `at` on as what they are.
    fn finish(&mut self, mut node: Node, mut cost: Cost, at: usize) {
        for place in &self.places[at..self.places.len() - 1] {
            let Some(same) = &place.plain else { return };
            let Some(next) = self.trie.walk(node, same.intended()) else { return };
            node = next;
            cost += same.cost;
        }
        if cost <= self.limit && self.trie.is_word(node) {
            keep_least(self.found, WordId(self.trie.word_at(node)), cost);
        }
    }
}

fn ranked(lexicon: &Lexicon, word: WordId, cost: Cost) -> Cost {
    cost + lexicon.cost(word) * PRIOR_WEIGHT.0 / PRIOR_WEIGHT.1
}

fn keep_least(found: &mut FxHashMap<WordId, Cost>, word: WordId, cost: Cost) {
    found.entry(word).and_modify(|c| *c = cost.min(*c)).or_insert(cost);
}
