//! [`Beam`]: a search of the lexicon from one end of a word that keeps the best
//! few states at each character.

use super::steps::{Losses, Step};
use crate::model::Lexicon;
use crate::model::confusion::Observed;
use crate::model::cost::Cost;
use crate::model::lexicon::{Bounds, Direction};
use crate::model::trie::{Node, Trie};

/// States kept at each position of a beam. 15 find 89.5 % of the right words
/// among the first twelve, 8 find 88.0 %, an exact search 90.6 %; 15 take a
/// fifth longer in all than 8.
pub(super) const WIDTH: usize = 10;

/// The best states that have read the same number of characters: each node
/// once, by estimate, then by number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layer {
    /// Estimate and node of each state, as one number to compare.
    ranks: [u64; WIDTH],
    /// What each has cost, and the letters it lost last.
    spent: [(Cost, u8); WIDTH],
    /// States kept.
    width: usize,
    count: usize,
    /// No state may cost more.
    limit: Cost,
    /// Worse estimates are not among the best any more.
    cutoff: Cost,
}

/// A place in the trie, and what it has cost to come there.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) node: Node,
    pub(super) cost: Cost,
    /// `cost` plus the least that completing the word can cost.
    pub(super) estimate: Cost,
    /// Letters lost after the last character read.
    pub(super) lost: u8,
}

impl State {
    /// The state after a rewrite that means no letter.
    pub(super) fn after(self, cost: Cost) -> Self {
        Self { node: self.node, cost: self.cost + cost, estimate: self.estimate + cost, lost: 0 }
    }
}

impl Layer {
    pub(super) fn new(width: usize, limit: Cost, cutoff: Cost) -> Self {
        Self { ranks: [0; WIDTH], spent: [(0, 0); WIDTH], width, count: 0, limit, cutoff }
    }

    pub(super) fn states(&self) -> impl Iterator<Item = State> {
        self.ranks[..self.count].iter().zip(&self.spent).map(|(rank, &(cost, lost))| State {
            node: *rank as Node,
            cost,
            estimate: (rank >> 32) as Cost,
            lost,
        })
    }

    /// What may still be spent from a state of so much `cost` and `estimate`.
    pub(super) fn left(&self, cost: Cost, estimate: Cost) -> Cost {
        (self.limit - cost).min(self.cutoff - estimate)
    }

    #[inline]
    pub(super) fn push(&mut self, state: State) {
        if state.estimate <= self.cutoff && state.cost <= self.limit {
            self.insert(state);
        }
    }

    /// Where the state at `node` is. All places are compared, which is faster
    /// than to stop at the right one.
    fn place_of(&self, node: Node) -> Option<usize> {
        let same = self.ranks.iter().enumerate().fold(0_u32, |set, (at, &r)| set | u32::from(r as Node == node) << at);
        let same = same & ((1 << self.count) - 1);
        (same != 0).then(|| same.trailing_zeros() as usize)
    }

    fn insert(&mut self, state: State) {
        // No cost is below 0.
        let rank = (state.estimate as u64) << 32 | u64::from(state.node);
        // Where there is room: in place of the same node at a higher cost, at the end, or of the last.
        let mut at = match self.place_of(state.node) {
            Some(same) if self.spent[same].0 <= state.cost => return,
            Some(same) => same,
            None if self.count < self.width => {
                self.count += 1;
                self.count - 1
            }
            None if rank > self.ranks[self.width - 1] => return,
            None => self.width - 1,
        };
        while at > 0 && self.ranks[at - 1] > rank {
            self.ranks[at] = self.ranks[at - 1];
            self.spent[at] = self.spent[at - 1];
            at -= 1;
        }
        self.ranks[at] = rank;
        self.spent[at] = (state.cost, state.lost);
        if self.count == self.width {
            self.cutoff = (self.ranks[self.width - 1] >> 32) as Cost;
        }
    }
}

/// One search from one end.
#[derive(Clone, Copy)]
pub(super) struct Beam<'a> {
    pub(super) observed: &'a Observed,
    pub(super) lexicon: &'a Lexicon,
    pub(super) trie: &'a Trie,
    pub(super) bounds: Bounds<'a>,
    pub(super) direction: Direction,
    /// States kept at each position, `WIDTH` at most.
    pub(super) width: usize,
}

impl Beam<'_> {
    /// The least that completing the word from `node` can cost.
    pub(super) fn bound(&self, node: Node) -> Cost {
        self.bounds.get(node)
    }

    pub(super) fn state(&self, node: Node, cost: Cost, lost: u8) -> State {
        State { node, cost, estimate: cost + self.bound(node), lost }
    }

    /// Every rewrite of `steps`, whose first letter leads to `child`: from a
    /// state of so much `cost`, whose estimate at `child` is `floor`.
    pub(super) fn take_steps(&self, steps: &[Step], cost: Cost, child: Node, floor: Cost, layer: &mut Layer) {
        let most = layer.left(cost, floor);
        for step in steps.iter().take_while(|step| step.cost <= most) {
            let (cost, estimate) = (cost + step.cost, floor + step.cost);
            match step.rest() {
                [] => layer.push(State { node: child, cost, estimate, lost: 0 }),
                rest => {
                    if let Some(node) = self.trie.walk(child, rest) {
                        layer.push(self.state(node, cost, 0));
                    }
                }
            }
        }
    }

    /// The node after `letters`, read in the beam's direction.
    pub(super) fn follow(&self, node: Node, letters: &[u8]) -> Option<Node> {
        match self.direction {
            Direction::Forward => self.trie.walk(node, letters),
            Direction::Backward => letters.iter().rev().try_fold(node, |n, &l| self.trie.child(n, l)),
        }
    }

    /// Adds the states after letters that were lost, at most two in one place.
    /// `first` and `last` are meant in the beam's direction.
    pub(super) fn lose_letters(&self, losses: &Losses, layer: &mut Layer, first: bool, last: bool) {
        let costs = match self.direction {
            Direction::Forward => losses.costs(first, last),
            Direction::Backward => losses.costs(last, first),
        };
        for lost in 0..2 {
            let before = *layer;
            for state in before.states().filter(|s| s.lost == lost) {
                let letters = costs.letters_within(layer.left(state.cost, state.estimate));
                for (letter, node) in self.trie.children(state.node).among(letters) {
                    let cost = state.cost + costs.each[usize::from(letter)];
                    layer.push(self.state(node, cost, lost + 1));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_keeps_each_node_once_and_the_best_few() {
        let mut layer = Layer::new(3, 900, 700);
        let state = |node, cost, estimate| State { node, cost, estimate, lost: 0 };
        for (node, cost, estimate) in
            [(1, 50, 600), (2, 50, 500), (1, 20, 570), (3, 10, 400), (2, 80, 530), (4, 10, 710), (5, 10, 560)]
        {
            layer.push(state(node, cost, estimate));
        }
        let kept: Vec<_> = layer.states().map(|s| (s.node, s.cost, s.estimate)).collect();
        assert_eq!(kept, [(3, 10, 400), (2, 50, 500), (5, 10, 560)]);
        assert_eq!(layer.left(50, 500), 60, "worse than the last of the best is not looked at");
    }
}
