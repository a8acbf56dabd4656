//! [`Trie`]: a set of words over a to z, in place, searched letter by letter.
//!
//! Nodes are numbered breadth first, so the children of a node follow those of
//! the node before it: a node is the letters of its children, and the number of
//! the first. The number of a word is the number of words that end at nodes
//! before its own, a running sum, stored for every `BLOCK` nodes; the rest is
//! counted.

use super::MAX_KEY;
use super::table::{Bytes, U32s, u32_at};

/// Nodes a running sum: with 8, a look-up counts at most seven masks.
const BLOCK: usize = 8;
/// Bytes that are stored of a node.
pub(super) const NODE: usize = 8;
const LETTERS: u32 = (1 << 26) - 1;
const TERMINAL: u32 = 1 << 26;

/// Node number; 0 is the root.
pub type Node = u32;

/// A set of words, numbered from 0 by length, then alphabetically.
#[derive(Clone, Debug)]
pub struct Trie {
    /// Of each node the mask: bits 0 to 25 for the letters of the children, bit 26
    /// if a word ends here (u32); and the first child, were there one (u32).
    nodes: Bytes,
    /// Words ending at nodes before each block.
    words: U32s,
}

/// The children of a node: an iterator over letters (0 = a) and nodes.
#[derive(Clone, Copy, Debug)]
pub struct Children {
    letters: u32,
    first: Node,
}

impl Children {
    /// Letters (bit 0 = a) of all of them.
    #[must_use]
    pub fn letters(self) -> u32 {
        self.letters
    }

    /// Those by one of `letters` (bit 0 = a).
    pub fn among(self, letters: u32) -> impl Iterator<Item = (u8, Node)> {
        let mut left = self.letters & letters;
        std::iter::from_fn(move || {
            let letter = left.trailing_zeros() as u8;
            left &= left.checked_sub(1)?;
            Some((letter, self.first + (self.letters & ((1 << letter) - 1)).count_ones()))
        })
    }

    /// The child by `letter` (0 = a).
    #[must_use]
    pub fn get(self, letter: u8) -> Option<Node> {
        let bit = 1 << letter;
        (self.letters & bit != 0).then(|| self.first + (self.letters & (bit - 1)).count_ones())
    }
}

impl Iterator for Children {
    type Item = (u8, Node);

    fn next(&mut self) -> Option<Self::Item> {
        if self.letters == 0 {
            return None;
        }
        let child = (self.letters.trailing_zeros() as u8, self.first);
        self.letters &= self.letters - 1;
        self.first += 1;
        Some(child)
    }
}

impl Trie {
    /// The trie that [`Trie::build`] laid out in two sections.
    #[must_use]
    pub fn new(nodes: Bytes, words: Bytes) -> Self {
        Self { nodes, words: U32s(words) }
    }

    /// What is wrong, if the sections are not as [`Trie::build`] lays them out.
    /// If they are, no search leaves them or goes in circles.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let nodes = self.nodes();
        if nodes == 0 || self.nodes.len() != NODE * nodes || self.words.0.len() != 4 * nodes.div_ceil(BLOCK) {
            return Err("its tables do not fit together");
        }
        let (mut children, mut words) = (1, 0);
        // How long the words are that end at a node, and the first node where they are longer.
        let (mut length, mut longer) = (0, 1);
        for node in 0..nodes as Node {
            if node == longer {
                (length, longer) = (length + 1, children);
            }
            let mask = self.mask(node);
            let is_misplaced = node >= children || self.children(node).first != children || length > MAX_KEY;
            if is_misplaced || mask & !(LETTERS | TERMINAL) != 0 || mask == 0 && node != Self::ROOT {
                return Err("a node of its words leads astray");
            }
            if (node as usize).is_multiple_of(BLOCK) && self.words.get(node as usize / BLOCK) != words {
                return Err("its words are counted wrong");
            }
            children += (mask & LETTERS).count_ones();
            words += u32::from(self.is_word(node));
        }
        if children as usize != nodes {
            return Err("a node of its words leads astray");
        }
        if self.is_word(Self::ROOT) { Err("it has a word without letters") } else { Ok(()) }
    }

    /// The root.
    pub const ROOT: Node = 0;

    fn mask(&self, node: Node) -> u32 {
        u32_at(&self.nodes, NODE * node as usize)
    }

    /// Letters (bit 0 = a) that can follow.
    #[must_use]
    pub fn letters(&self, node: Node) -> u32 {
        self.mask(node) & LETTERS
    }

    /// True if a word ends here.
    #[must_use]
    pub fn is_word(&self, node: Node) -> bool {
        self.mask(node) & TERMINAL != 0
    }

    /// The child by `letter` (0 = a).
    #[must_use]
    pub fn child(&self, node: Node, letter: u8) -> Option<Node> {
        self.children(node).get(letter)
    }

    /// All children.
    #[must_use]
    pub fn children(&self, node: Node) -> Children {
        let stored = &self.nodes[NODE * node as usize..][..NODE];
        Children { letters: u32_at(stored, 0) & LETTERS, first: u32_at(stored, 4) }
    }

    /// The node reached from `node` by `letters` (bytes 0 = a).
    #[must_use]
    pub fn walk(&self, node: Node, letters: &[u8]) -> Option<Node> {
        letters.iter().try_fold(node, |n, &l| self.child(n, l))
    }

    /// The number of the word that ends at `node`; meaningless if none does.
    #[must_use]
    pub fn word_at(&self, node: Node) -> u32 {
        let block = node as usize / BLOCK;
        let before = ((block * BLOCK) as Node..node).filter(|&n| self.is_word(n)).count();
        self.words.get(block) + before as u32
    }

    /// The number of `key`, if it is a word.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<u32> {
        let mut node = Self::ROOT;
        for b in key.bytes() {
            if !b.is_ascii_lowercase() {
                return None;
            }
            node = self.child(node, b - b'a')?;
        }
        self.is_word(node).then(|| self.word_at(node))
    }

    /// The letters of word number `word`, which must exist.
    #[must_use]
    pub fn spell(&self, word: u32) -> String {
        let mut node = self.node_of(word);
        let mut reversed = Vec::new();
        while node != Self::ROOT {
            let (parent, letter) = self.parent(node);
            reversed.push(b'a' + letter);
            node = parent;
        }
        reversed.iter().rev().map(|&b| char::from(b)).collect()
    }

    fn node_of(&self, word: u32) -> Node {
        let block = self.words.partition_point(|before| before <= word) - 1;
        let mut left = word - self.words.get(block);
        for n in block * BLOCK.. {
            let node = n as Node;
            if self.is_word(node) {
                if left == 0 {
                    return node;
                }
                left -= 1;
            }
        }
        unreachable!("a trie has as many terminals as words")
    }

    fn parent(&self, node: Node) -> (Node, u8) {
        // The last node whose children do not begin after it: those without children begin where the next one's do.
        let (mut low, mut high) = (0, node);
        while low + 1 < high {
            let middle = low.midpoint(high);
            if self.children(middle).first <= node { low = middle } else { high = middle }
        }
        let Children { mut letters, first } = self.children(low);
        for _ in first..node {
            letters &= letters - 1;
        }
        (low, letters.trailing_zeros() as u8)
    }

    /// Number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        (0..self.nodes())
            .rev()
            .take(BLOCK)
            .find(|&n| self.is_word(n as Node))
            .map_or_else(|| self.words.get(self.words.len() - 1) as usize, |n| self.word_at(n as Node) as usize + 1)
    }

    /// True if there is no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of nodes.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.nodes.len() / NODE
    }

    /// The least `value` (by word number) among the words at or below each node.
    #[must_use]
    pub fn minima(&self, value: impl Fn(u32) -> u8) -> Vec<u8> {
        let mut out = vec![u8::MAX; self.nodes()];
        for n in (0..self.nodes()).rev() {
            let node = n as Node;
            let own = if self.is_word(node) { value(self.word_at(node)) } else { u8::MAX };
            out[n] = self.children(node).map(|(_, c)| out[c as usize]).fold(own, u8::min);
        }
        out
    }

    /// Lays out a set of words: sorted, distinct, letters a to z only.
    /// The sections are those of [`Trie::new`].
    #[must_use]
    pub fn build(words: &[&str]) -> [Vec<u8>; 2] {
        let mut masks = Vec::new();
        // Breadth first over ranges of the sorted list that share a prefix.
        let mut level = vec![(0, words.len())];
        let mut depth = 0;
        while !level.is_empty() {
            let mut next = Vec::new();
            for (mut from, to) in level {
                let mut mask = 0;
                if from < to && words[from].len() == depth {
                    mask |= TERMINAL;
                    from += 1;
                }
                while from < to {
                    let letter = words[from].as_bytes()[depth];
                    let end = from + words[from..to].partition_point(|w| w.as_bytes()[depth] == letter);
                    mask |= 1 << (letter - b'a');
                    next.push((from, end));
                    from = end;
                }
                masks.push(mask);
            }
            level = next;
            depth += 1;
        }
        let mut next = 1;
        let nodes = masks.iter().flat_map(|&mask| {
            let first = next;
            next += (mask & LETTERS).count_ones();
            [mask, first]
        });
        let mut sum = 0;
        let ends = masks.chunks(BLOCK).map(|block| {
            let before = sum;
            sum += block.iter().filter(|&mask| mask & TERMINAL != 0).count() as u32;
            before
        });
        [U32s::bytes(nodes), U32s::bytes(ends)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trie(words: &[&str]) -> Trie {
        let [nodes, words] = Trie::build(words).map(Bytes::Owned);
        Trie::new(nodes, words)
    }

    #[test]
    fn finds_spells_and_numbers_every_word() {
        let mut words: Vec<String> = (0..3000u32)
            .map(|i| {
                let mut n = i.wrapping_mul(2_654_435_761) >> 12;
                let mut word = String::new();
                while n > 0 {
                    word.push(char::from(b'a' + (n % 7) as u8));
                    n /= 7;
                }
                word
            })
            .filter(|w| !w.is_empty())
            .collect();
        words.sort();
        words.dedup();
        let list: Vec<&str> = words.iter().map(String::as_str).collect();
        let t = trie(&list);
        assert_eq!(t.len(), list.len());
        let mut seen = vec![false; list.len()];
        for w in &list {
            let id = t.find(w).expect(w);
            assert!(!std::mem::replace(&mut seen[id as usize], true));
            assert_eq!(t.spell(id), *w);
        }
        assert_eq!(t.find("zzz"), None);
        assert_eq!(t.find("A"), None);
        assert_eq!(t.find(""), None);
    }

    #[test]
    fn children_are_asked_for_by_their_letters() {
        let t = trie(&["ab", "ac", "az", "b"]);
        let children = t.children(t.child(Trie::ROOT, 0).unwrap());
        let all: Vec<_> = children.collect();
        assert_eq!(all.iter().map(|c| c.0).collect::<Vec<_>>(), [1, 2, 25]);
        assert_eq!(children.among(1 << 2 | 1 << 25 | 1 << 3).collect::<Vec<_>>(), all[1..]);
        assert!(all.iter().all(|&(letter, child)| children.get(letter) == Some(child)));
    }

    #[test]
    fn minima_bound_every_word_below() {
        let t = trie(&["a", "ab", "b", "ba", "bab"]);
        let minima = t.minima(|w| 10 + w as u8);
        assert_eq!(minima[0], 10);
        let b = t.child(Trie::ROOT, 1).unwrap();
        assert_eq!(minima[b as usize], 10 + t.find("b").unwrap() as u8);
    }
}
