//! The words that an observed token may be a misreading of: a beam search over
//! the lexicon from both ends, and a faster search for one error.
//!
//! A forward beam loses the word when the error comes early; a backward one
//! sees the clean end first. Two narrow beams find more than one broad one, in
//! less time.

use rustc_hash::FxHashMap;

use crate::model::confusion::{MAX_SIDE, Observed, Rewrite};
use crate::model::cost::Cost;
use crate::model::lexicon::{Direction, WordId};
use crate::model::trie::{Node, Trie};
use crate::model::{ConfusionModel, Lexicon, MAX_KEY, cost::NAT};

/// States kept at each position of a beam. 15 finds 89.5 % of the right words
/// among the first twelve, 8 finds 88.0 %, an exact search 90.6 %.
const WIDTH: usize = 15;
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

/// Finds [`Reading`]s; keeps its scratch memory between searches.
#[derive(Debug, Default)]
pub struct Searcher {
    layers: Vec<Layer>,
    /// Rewrites that start at each character, cheapest first.
    rewrites: Vec<Vec<Rewrite>>,
    /// Reading each character as what it is.
    plain: Vec<Option<Rewrite>>,
    found: FxHashMap<WordId, Cost>,
}

/// The states that have read the same number of characters.
#[derive(Debug, Default)]
struct Layer {
    states: Vec<State>,
    /// Worse estimates are not among the best any more.
    cutoff: Cost,
}

#[derive(Clone, Copy, Debug)]
struct State {
    node: Node,
    cost: Cost,
    /// `cost` plus the least that completing the word can cost.
    estimate: Cost,
}

/// How thoroughly to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Depth {
    /// One error that costs no more than this, for tokens that are words
    /// themselves: the rarer the word, the likelier an error.
    One(Cost),
    /// Any number of errors.
    Any,
}

impl Searcher {
    /// The likeliest words for `observed`, best first by channel and frequency,
    /// at most twelve. The observed word itself may be among them.
    pub fn search(
        &mut self,
        observed: &Observed,
        lexicon: &Lexicon,
        channel: &ConfusionModel,
        losses: &Losses,
        depth: Depth,
    ) -> Vec<Reading> {
        let n = observed.characters.len();
        if n == 0 || n > MAX_KEY + MAX_SIDE {
            return Vec::new();
        }
        self.rewrites.resize_with(n.max(self.rewrites.len()), Vec::new);
        self.plain.clear();
        for at in 0..n {
            let here = &mut self.rewrites[at];
            here.clear();
            channel.rewrites_at(observed, at, here);
            self.plain.push(here.first().copied().filter(Rewrite::is_plain));
            here.sort_unstable_by_key(|r| r.cost);
        }
        self.found.clear();
        let (base, each, most) = COST_LIMIT;
        let limit = match depth {
            Depth::One(limit) => limit,
            Depth::Any => (base + each * n as Cost).min(most),
        };
        self.one_error(observed, lexicon, losses, limit);
        let best = self.found.iter().map(|(&w, &c)| ranked(lexicon, w, c)).min().unwrap_or(Cost::MAX);
        if depth == Depth::Any && best > ENOUGH {
            for direction in [Direction::Backward, Direction::Forward] {
                let beam = Beam { observed, lexicon, direction, losses, limit };
                self.beam(&beam);
            }
        }
        let mut out: Vec<Reading> = self.found.iter().map(|(&word, &cost)| Reading { word, cost }).collect();
        out.sort_unstable_by_key(|r| (ranked(lexicon, r.word, r.cost), r.word));
        out.truncate(KEPT);
        out
    }

    /// Every word at most one rewrite away.
    fn one_error(&mut self, observed: &Observed, lexicon: &Lexicon, losses: &Losses, limit: Cost) {
        let n = observed.characters.len();
        let trie = lexicon.trie(Direction::Forward);
        let (mut node, mut cost) = (Trie::ROOT, 0);
        for at in 0..=n {
            for (letter, child) in trie.children(node) {
                self.finish(trie, child, cost + losses.cost(letter, at == 0, at == n), at, limit);
            }
            if at == n {
                return;
            }
            for i in 0..self.rewrites[at].len() {
                let r = self.rewrites[at][i];
                if cost + r.cost > limit {
                    break;
                }
                if let Some(to) = trie.walk(node, r.intended()) {
                    self.finish(trie, to, cost + r.cost, at + usize::from(r.observed), limit);
                }
            }
            let unseen = cost + ConfusionModel::unseen(observed.characters[at]);
            if unseen <= limit {
                self.finish(trie, node, unseen, at + 1, limit);
                for (_, child) in trie.children(node) {
                    self.finish(trie, child, unseen, at + 1, limit);
                }
            }
            let Some(same) = self.plain[at] else { return };
            let Some(next) = trie.walk(node, same.intended()) else { return };
            node = next;
            cost += same.cost;
        }
    }

    /// Reads the characters from `at` as what they are.
    fn finish(&mut self, trie: &Trie, mut node: Node, mut cost: Cost, at: usize, limit: Cost) {
        for plain in &self.plain[at..] {
            let Some(same) = plain else { return };
            let Some(next) = trie.walk(node, same.intended()) else { return };
            node = next;
            cost += same.cost;
        }
        if cost <= limit && trie.is_word(node) {
            keep_least(&mut self.found, WordId(trie.word_at(node)), cost);
        }
    }

    fn beam(&mut self, beam: &Beam<'_>) {
        let Beam { observed, lexicon, direction, .. } = *beam;
        let n = observed.characters.len();
        let trie = lexicon.trie(direction);
        let known = self.found.iter().map(|(&w, &c)| c + lexicon.cost(w)).min().unwrap_or(Cost::MAX);
        let worst = known.saturating_add(MARGIN);
        self.layers.resize_with((n + 1).max(self.layers.len()), Layer::default);
        for layer in &mut self.layers {
            layer.states.clear();
            layer.cutoff = worst;
        }
        let root = State { node: Trie::ROOT, cost: 0, estimate: lexicon.bound(direction, Trie::ROOT) };
        self.layers[0].states.push(root);
        for at in 0..=n {
            let mut layer = std::mem::take(&mut self.layers[at]);
            layer.prune();
            // Lost letters: at most two in one place.
            let mut from = 0;
            for _ in 0..2 {
                let to = layer.states.len();
                for i in from..to {
                    beam.lose(trie, layer.states[i], at == 0, at == n, &mut layer);
                }
                from = to;
            }
            layer.prune();
            for &state in &layer.states {
                if at < n {
                    self.advance(beam, trie, at, state);
                } else if trie.is_word(state.node) {
                    let word = match direction {
                        Direction::Forward => Some(WordId(trie.word_at(state.node))),
                        Direction::Backward => {
                            let key: String = trie.spell(trie.word_at(state.node)).chars().rev().collect();
                            lexicon.find_key(&key)
                        }
                    };
                    if let Some(word) = word {
                        keep_least(&mut self.found, word, state.cost);
                    }
                }
            }
            self.layers[at] = layer;
        }
    }

    /// Every rewrite of the characters next in the beam's direction, from `state`.
    fn advance(&mut self, beam: &Beam<'_>, trie: &Trie, at: usize, state: State) {
        let n = beam.observed.characters.len();
        let next = match beam.direction {
            Direction::Forward => {
                for r in &self.rewrites[at] {
                    // Cheapest first: once even the next layers refuse, all the rest are refused.
                    if state.cost + r.cost > beam.limit {
                        break;
                    }
                    beam.extend(trie, state, r, &mut self.layers[at + usize::from(r.observed)]);
                }
                beam.observed.characters[at]
            }
            Direction::Backward => {
                let end = n - at;
                for length in 1..=MAX_SIDE.min(end) {
                    let layer = &mut self.layers[at + length];
                    for r in &self.rewrites[end - length] {
                        if state.cost + r.cost > beam.limit || state.estimate + r.cost > layer.cutoff {
                            break;
                        }
                        if usize::from(r.observed) == length {
                            beam.extend(trie, state, r, layer);
                        }
                    }
                }
                beam.observed.characters[end - 1]
            }
        };
        let unseen = ConfusionModel::unseen(next);
        let layer = &mut self.layers[at + 1];
        let (cost, estimate) = (state.cost + unseen, state.estimate + unseen);
        if cost <= beam.limit && estimate <= layer.cutoff {
            layer.push(State { node: state.node, cost, estimate });
            for (_, node) in trie.children(state.node) {
                beam.enter(node, cost, layer);
            }
        }
    }
}

/// What lost letters cost: those learned, and the rest as unseen.
#[derive(Clone, Debug)]
pub struct Losses([[Cost; 26]; 3]);

impl Losses {
    /// The losses of `channel`, of one letter each.
    #[must_use]
    pub fn of(channel: &ConfusionModel) -> Self {
        let mut out = Self([[ConfusionModel::unseen_loss(); 26]; 3]);
        for r in channel.losses() {
            if let &[letter] = r.intended() {
                let tables = match (r.at_start, r.at_end) {
                    (true, _) => 1..2,
                    (_, true) => 2..3,
                    _ => 0..3,
                };
                for table in tables {
                    let cost = &mut out.0[table][usize::from(letter)];
                    *cost = r.cost.min(*cost);
                }
            }
        }
        out
    }

    fn cost(&self, letter: u8, at_start: bool, at_end: bool) -> Cost {
        let table = if at_start { 1 } else { usize::from(at_end) * 2 };
        self.0[table][usize::from(letter)]
    }
}

impl Layer {
    fn push(&mut self, state: State) {
        if state.estimate <= self.cutoff {
            self.states.push(state);
            if self.states.len() >= 8 * WIDTH {
                self.prune();
            }
        }
    }

    /// Keeps the best states, each node once, in the order of their estimates.
    fn prune(&mut self) {
        self.states.sort_unstable_by_key(|s| (s.node, s.cost));
        self.states.dedup_by_key(|s| s.node);
        self.states.sort_unstable_by_key(|s| (s.estimate, s.node));
        if self.states.len() > WIDTH {
            self.states.truncate(WIDTH);
            self.cutoff = self.cutoff.min(self.states[WIDTH - 1].estimate);
        }
    }
}

/// One search from one end.
#[derive(Clone, Copy)]
struct Beam<'a> {
    observed: &'a Observed,
    lexicon: &'a Lexicon,
    direction: Direction,
    losses: &'a Losses,
    limit: Cost,
}

impl Beam<'_> {
    /// `state` after the letters of `rewrite`, read in the beam's direction.
    fn extend(&self, trie: &Trie, state: State, rewrite: &Rewrite, layer: &mut Layer) {
        // Completing a longer prefix never costs less.
        if state.estimate + rewrite.cost > layer.cutoff {
            return;
        }
        let node = match self.direction {
            Direction::Forward => trie.walk(state.node, rewrite.intended()),
            Direction::Backward => rewrite.intended().iter().rev().try_fold(state.node, |n, &l| trie.child(n, l)),
        };
        if let Some(node) = node {
            self.enter(node, state.cost + rewrite.cost, layer);
        }
    }

    /// `state` after any letter that was lost. `first` and `last` are meant in
    /// the beam's direction.
    fn lose(&self, trie: &Trie, state: State, first: bool, last: bool, layer: &mut Layer) {
        let (at_start, at_end) = match self.direction {
            Direction::Forward => (first, last),
            Direction::Backward => (last, first),
        };
        for (letter, node) in trie.children(state.node) {
            let cost = state.cost + self.losses.cost(letter, at_start, at_end);
            if cost <= self.limit {
                let estimate = cost + self.lexicon.bound(self.direction, node);
                // The layer is walked while it grows: nothing may be pruned yet.
                if estimate <= layer.cutoff {
                    layer.states.push(State { node, cost, estimate });
                }
            }
        }
    }

    fn enter(&self, node: Node, cost: Cost, layer: &mut Layer) {
        if cost <= self.limit {
            layer.push(State { node, cost, estimate: cost + self.lexicon.bound(self.direction, node) });
        }
    }
}

fn ranked(lexicon: &Lexicon, word: WordId, cost: Cost) -> Cost {
    cost + lexicon.cost(word) * PRIOR_WEIGHT.0 / PRIOR_WEIGHT.1
}

fn keep_least(found: &mut FxHashMap<WordId, Cost>, word: WordId, cost: Cost) {
    found.entry(word).and_modify(|c| *c = cost.min(*c)).or_insert(cost);
}
