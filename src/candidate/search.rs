//! The words that an observed token may be a misreading of: a beam search over
//! the lexicon from both ends, and a faster search for one error.
//!
//! A forward beam loses the word when the error comes early; a backward one
//! sees the clean end first. Two narrow beams find more than one broad one, in
//! less time.

use rustc_hash::FxHashMap;

use crate::model::cost::Cost;
use crate::model::confusion::{MAX_SIDE, Observed, Rewrite};
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
/// Most that a reading may cost: so much, and more for each character; the
/// second is for tokens that are words themselves.
const COST_LIMIT: [(Cost, Cost, Cost); 2] =
    [(9 * NAT, 3 * NAT / 2, 24 * NAT), (4 * NAT, 3 * NAT / 2, 9 * NAT)];
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
    layers: Vec<Vec<State>>,
    rewrites: Vec<Vec<Rewrite>>,
    found: FxHashMap<WordId, Cost>,
    best: FxHashMap<Node, Cost>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    node: Node,
    cost: Cost,
    /// `cost` plus the least that completing the word can cost.
    estimate: Cost,
}

/// How thoroughly to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// One error, for tokens that are words themselves.
    One,
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
        depth: Depth,
    ) -> Vec<Reading> {
        let n = observed.characters.len();
        if n == 0 || n > MAX_KEY + MAX_SIDE {
            return Vec::new();
        }
        self.rewrites.resize_with(n.max(self.rewrites.len()), Vec::new);
        for at in 0..n {
            self.rewrites[at].clear();
            channel.rewrites_at(observed, at, &mut self.rewrites[at]);
        }
        self.found.clear();
        let losses: Vec<Rewrite> = channel.losses().collect();
        let (base, each, most) = COST_LIMIT[usize::from(depth == Depth::One)];
        let limit = (base + each * n as Cost).min(most);
        self.one_error(observed, lexicon, &losses, limit);
        let best = |found: &FxHashMap<WordId, Cost>| {
            found.iter().map(|(&w, &c)| ranked(lexicon, w, c)).min().unwrap_or(Cost::MAX)
        };
        if depth == Depth::Any && best(&self.found) > ENOUGH {
            for direction in [Direction::Backward, Direction::Forward] {
                self.beam(observed, lexicon, direction, &losses, limit);
            }
        }
        let mut out: Vec<Reading> = self.found.iter().map(|(&word, &cost)| Reading { word, cost }).collect();
        out.sort_unstable_by_key(|r| (ranked(lexicon, r.word, r.cost), r.word));
        out.truncate(KEPT);
        out
    }

    /// Every word at most one rewrite away.
    fn one_error(&mut self, observed: &Observed, lexicon: &Lexicon, losses: &[Rewrite], limit: Cost) {
        let n = observed.characters.len();
        let trie = lexicon.trie(Direction::Forward);
        let (mut node, mut cost) = (Trie::ROOT, 0);
        // Cost of reading the rest right, from each position.
        let identity = |rewrites: &[Rewrite]| rewrites.first().copied().filter(Rewrite::is_plain);
        for at in 0..=n {
            let rewrites = self.rewrites.get(at).filter(|_| at < n).map_or(&[][..], Vec::as_slice);
            for r in losses.iter().chain(rewrites) {
                if cost + r.cost > limit || (r.at_start && at > 0) {
                    continue;
                }
                let Some(mut to) = trie.walk(node, r.intended()) else { continue };
                let mut total = cost + r.cost;
                let mut rest = at + usize::from(r.observed);
                if r.at_end && rest < n {
                    continue;
                }
                let reached = loop {
                    if rest >= n {
                        break true;
                    }
                    let Some(same) = identity(&self.rewrites[rest]) else { break false };
                    let Some(next) = trie.walk(to, same.intended()) else { break false };
                    to = next;
                    total += same.cost;
                    rest += 1;
                };
                if reached && total <= limit && trie.is_word(to) {
                    keep_least(&mut self.found, WordId(trie.word_at(to)), total);
                }
            }
            if at < n {
                let Some(same) = identity(&self.rewrites[at]) else { return };
                let Some(next) = trie.walk(node, same.intended()) else { return };
                node = next;
                cost += same.cost;
            }
        }
    }

    fn beam(
        &mut self,
        observed: &Observed,
        lexicon: &Lexicon,
        direction: Direction,
        losses: &[Rewrite],
        limit: Cost,
    ) {
        let n = observed.characters.len();
        let trie = lexicon.trie(direction);
        self.layers.resize_with((n + 1).max(self.layers.len()), Vec::new);
        self.layers.iter_mut().for_each(Vec::clear);
        self.layers[0].push(State { node: Trie::ROOT, cost: 0, estimate: lexicon.bound(direction, Trie::ROOT) });
        let mut margin = Margin(self.found.iter().map(|(&w, &c)| c + lexicon.cost(w)).min().unwrap_or(Cost::MAX));
        for at in 0..=n {
            let mut layer = std::mem::take(&mut self.layers[at]);
            self.prune(&mut layer, &margin);
            // Lost letters: at most two in one place.
            let mut from = 0;
            for _ in 0..2 {
                let to = layer.len();
                for i in from..to {
                    let state = layer[i];
                    for r in losses {
                        let edge = match direction {
                            Direction::Forward => (r.at_start, r.at_end),
                            Direction::Backward => (r.at_end, r.at_start),
                        };
                        if (!edge.0 || at == 0) && (!edge.1 || at == n) {
                            extend(trie, lexicon, direction, state, r, limit, &mut layer);
                        }
                    }
                    let unseen = ConfusionModel::unseen_loss();
                    step_any(trie, lexicon, direction, state, unseen, limit, &mut layer);
                }
                from = to;
            }
            self.prune(&mut layer, &margin);
            if at == n {
                for s in &layer {
                    if trie.is_word(s.node) {
                        let word = match direction {
                            Direction::Forward => Some(WordId(trie.word_at(s.node))),
                            Direction::Backward => {
                                let key: String = trie.spell(trie.word_at(s.node)).chars().rev().collect();
                                lexicon.find_key(&key)
                            }
                        };
                        if let Some(word) = word {
                            margin.0 = margin.0.min(s.cost + lexicon.cost(word));
                            keep_least(&mut self.found, word, s.cost);
                        }
                    }
                }
            } else {
                self.advance(observed, lexicon, direction, at, &layer, limit);
            }
            self.layers[at] = layer;
        }
    }

    /// Every rewrite of the characters next in `direction`, from every state.
    fn advance(
        &mut self,
        observed: &Observed,
        lexicon: &Lexicon,
        direction: Direction,
        at: usize,
        layer: &[State],
        limit: Cost,
    ) {
        let n = observed.characters.len();
        let trie = lexicon.trie(direction);
        let next = match direction {
            Direction::Forward => observed.characters[at],
            Direction::Backward => observed.characters[n - 1 - at],
        };
        let unseen = ConfusionModel::unseen(next);
        for &state in layer {
            match direction {
                Direction::Forward => {
                    for r in &self.rewrites[at] {
                        extend(trie, lexicon, direction, state, r, limit, &mut self.layers[at + usize::from(r.observed)]);
                    }
                }
                Direction::Backward => {
                    let end = n - at;
                    for length in 1..=MAX_SIDE.min(end) {
                        for r in self.rewrites[end - length].iter().filter(|r| usize::from(r.observed) == length) {
                            extend(trie, lexicon, direction, state, r, limit, &mut self.layers[at + length]);
                        }
                    }
                }
            }
            step_any(trie, lexicon, direction, state, unseen, limit, &mut self.layers[at + 1]);
            let spurious = State { cost: state.cost + unseen, estimate: state.estimate + unseen, ..state };
            if spurious.cost <= limit {
                self.layers[at + 1].push(spurious);
            }
        }
    }

    /// The best states of a layer, each node once.
    fn prune(&mut self, layer: &mut Vec<State>, margin: &Margin) {
        self.best.clear();
        for s in layer.iter() {
            let least = self.best.entry(s.node).or_insert(Cost::MAX);
            *least = s.cost.min(*least);
        }
        let best = &mut self.best;
        layer.retain(|s| !margin.beyond(s) && best.get(&s.node) == Some(&s.cost) && best.remove(&s.node).is_some());
        if layer.len() > WIDTH {
            layer.select_nth_unstable_by_key(WIDTH - 1, |s| (s.estimate, s.node));
            layer.truncate(WIDTH);
        }
        layer.sort_unstable_by_key(|s| (s.estimate, s.node));
    }
}

/// The total of the best reading found so far.
struct Margin(Cost);

impl Margin {
    fn beyond(&self, state: &State) -> bool {
        state.estimate > self.0.saturating_add(MARGIN)
    }
}

fn ranked(lexicon: &Lexicon, word: WordId, cost: Cost) -> Cost {
    cost + lexicon.cost(word) * PRIOR_WEIGHT.0 / PRIOR_WEIGHT.1
}

fn keep_least(found: &mut FxHashMap<WordId, Cost>, word: WordId, cost: Cost) {
    found.entry(word).and_modify(|c| *c = cost.min(*c)).or_insert(cost);
}

/// `state` after the letters of `rewrite`, read in `direction`.
fn extend(
    trie: &Trie,
    lexicon: &Lexicon,
    direction: Direction,
    state: State,
    rewrite: &Rewrite,
    limit: Cost,
    out: &mut Vec<State>,
) {
    let cost = state.cost + rewrite.cost;
    if cost > limit {
        return;
    }
    let node = match direction {
        Direction::Forward => trie.walk(state.node, rewrite.intended()),
        Direction::Backward => rewrite.intended().iter().rev().try_fold(state.node, |n, &l| trie.child(n, l)),
    };
    if let Some(node) = node {
        out.push(State { node, cost, estimate: cost + lexicon.bound(direction, node) });
    }
}

/// `state` after any one letter, at the cost of an unseen error.
fn step_any(
    trie: &Trie,
    lexicon: &Lexicon,
    direction: Direction,
    state: State,
    unseen: Cost,
    limit: Cost,
    out: &mut Vec<State>,
) {
    let cost = state.cost + unseen;
    if cost <= limit {
        out.extend(trie.children(state.node).map(|(_, node)| State {
            node,
            cost,
            estimate: cost + lexicon.bound(direction, node),
        }));
    }
}
