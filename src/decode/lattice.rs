//! [`Lattice`]: all readings of a stretch of a passage between word boundaries,
//! decoded by Viterbi's algorithm, with posterior probabilities from the sums
//! over all paths.
//!
//! A word that nothing else than itself is proposed for lies on every path. Since
//! the language model looks back one word, what stands before it and what comes
//! after it do not depend on each other: each stretch between two such words is
//! decoded by itself.
//!
//! Every edge competes by cost in one unit: the channel's −ln P(observed |
//! meant) and the language model's −ln P(meant | word before). Leaving a word
//! alone is always an edge, and a tie keeps it.

use std::ops::Range;

use crate::candidate::{Edge, Target};
use crate::detect::Passage;
use crate::model::Models;
use crate::model::cost::{Cost, IMPOSSIBLE, NAT, either};
use crate::model::language::{Row, Special, Symbol};

/// −ln of the share of a word's probability that the document's usage leaves
/// to the language model: 1 − 0.05.
const LANGUAGE_SHARE: Cost = 5;
/// The price of any change, on top of the channel's. Little, since the accept
/// model decides: the path need only offer it the best change.
const CHANGE: Cost = NAT / 10;

/// −ln of the posterior probability down to which a change comes into question
/// though another path is better: 8 %. The accept model knows more than the
/// lattice and may prefer it; of what is less probable it accepts next to nothing.
const IN_QUESTION: Cost = 5 * NAT / 2;

/// The cost of a path that does not exist; above that of any passage, and twice
/// it is still a number.
const UNREACHED: Cost = Cost::MAX / 4;

/// The readings of one stretch of a passage.
#[derive(Debug)]
pub struct Lattice<'m> {
    models: &'m Models,
    /// Its words, by their place in the passage.
    words: Range<usize>,
    /// What the language model takes the word before it for.
    head: Symbol,
    /// The word after it.
    next: Target,
    /// Sorted by start; the kept word first.
    edges: Vec<Edge>,
    /// First edge that starts at each boundary; one more at the end.
    starts: Vec<usize>,
    /// Edges by where they end, and the first of each boundary; one more at the end.
    by_end: Vec<usize>,
    ends: Vec<usize>,
    /// Language cost of each edge's first word: at each boundary, for each edge
    /// that starts there, after each edge that ends there.
    links: Vec<Cost>,
    /// First link of each boundary.
    first_links: Vec<usize>,
    /// Cost of each edge from its first word on, that word's own cost left out.
    inner: Vec<Cost>,
    /// −ln of the sum over all paths from the start through each edge, and from each edge on.
    before: Vec<Cost>,
    after: Vec<Cost>,
    /// Edges of the best path.
    path: Vec<usize>,
    total: Cost,
}

/// A word as the next after any other: what is the same for all of them.
struct Next {
    symbol: Symbol,
    /// −ln of its share of all words.
    unseen: Cost,
    spelling: Cost,
    cache: Cost,
}

impl<'m> Lattice<'m> {
    /// The stretches of `passage` that `edges`, in the order of their first
    /// words, have other readings of, each decoded beside its kept words.
    #[must_use]
    pub fn stretches(models: &'m Models, passage: &Passage, edges: Vec<Edge>) -> Vec<Self> {
        let mut out = Vec::new();
        let mut edges = edges.into_iter().peekable();
        while let Some(first) = edges.next() {
            let (start, mut end) = (first.start, first.end);
            let mut here = vec![first];
            while let Some(edge) = edges.next_if(|edge| edge.start <= end) {
                end = end.max(edge.end);
                here.push(edge);
            }
            out.push(Self::new(models, passage, start..end, here));
        }
        out
    }

    /// The lattice of `words` of `passage` with `edges` beside those words kept.
    fn new(models: &'m Models, passage: &Passage, words: Range<usize>, mut edges: Vec<Edge>) -> Self {
        let (from, n) = (words.start, words.len());
        edges.extend(words.clone().map(|at| Edge::keep(at, &passage.words[at])));
        edges.sort_by_key(|e| (e.start, e.rule, e.end));
        let starts = (0..=n).map(|at| edges.partition_point(|e| e.start < from + at)).collect();
        let mut by_end: Vec<usize> = (0..edges.len()).collect();
        by_end.sort_by_key(|&e| edges[e].end);
        let ends = (0..=n + 1).map(|at| by_end.partition_point(|&e| edges[e].end < from + at)).collect();
        let paragraph_end = || Target::special(models, Special::End);
        let mut lattice = Self {
            models,
            head: match from.checked_sub(1) {
                Some(before) => passage.words[before].symbol,
                None => models.language.special(Special::Start),
            },
            next: passage.words.get(words.end).map_or_else(paragraph_end, Target::of),
            words,
            links: Vec::new(),
            first_links: Vec::new(),
            inner: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
            path: Vec::new(),
            total: 0,
            edges,
            starts,
            by_end,
            ends,
        };
        lattice.inner = lattice.edges.iter().map(|e| lattice.inner_cost(e)).collect();
        lattice.link(n);
        lattice.decode(n);
        lattice.sum(n);
        lattice
    }

    /// All edges, those that start together in a row.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Its words, by their place in the passage.
    #[must_use]
    pub fn words(&self) -> Range<usize> {
        self.words.clone()
    }

    /// The edges of the best path, in order.
    #[must_use]
    pub fn path(&self) -> &[usize] {
        &self.path
    }

    /// The edge of the best path that ends before word `at`; if that path has
    /// no boundary there, the word before kept. None at the beginning.
    #[must_use]
    pub fn arriving(&self, at: usize) -> Option<usize> {
        if at <= self.words.start {
            return None;
        }
        let next = self.path.partition_point(|&e| self.edges[e].end < at);
        Some(self.path.get(next).copied().filter(|&e| self.edges[e].end == at).unwrap_or(self.starting(at - 1).start))
    }

    /// The edge of the best path that starts before word `at`; if that path has
    /// no boundary there, the word kept. None at the end.
    #[must_use]
    pub fn leaving(&self, at: usize) -> Option<usize> {
        if at >= self.words.end {
            return None;
        }
        let next = self.path.partition_point(|&e| self.edges[e].start < at);
        Some(self.path.get(next).copied().filter(|&e| self.edges[e].start == at).unwrap_or(self.starting(at).start))
    }

    /// The edges that start before word `at` of the passage; the first keeps it.
    #[must_use]
    pub fn starting(&self, at: usize) -> Range<usize> {
        self.starting_at(at - self.words.start)
    }

    /// The edges that come into question for a change: those of the best path,
    /// and what is not improbable beside it. A generator's own judgement is
    /// asked for the best path alone.
    pub fn contenders(&self) -> impl Iterator<Item = usize> {
        let on_path = {
            let mut on_path = vec![false; self.edges.len()];
            self.path.iter().for_each(|&e| on_path[e] = true);
            on_path
        };
        (0..self.edges.len()).filter(move |&e| {
            let edge = &self.edges[e];
            !edge.is_keep() && (on_path[e] || edge.confidence.is_none() && self.posterior(e) <= IN_QUESTION)
        })
    }

    /// −ln of the probability that `edge` is part of the right path, as far as
    /// the models know.
    #[must_use]
    pub fn posterior(&self, edge: usize) -> Cost {
        (self.before[edge] + self.after[edge] - self.total).max(0)
    }

    /// −ln P(`target` | `head`), by the language and the document's own usage.
    #[must_use]
    pub fn word_cost(&self, head: Symbol, target: &Target) -> Cost {
        self.next_cost(&self.models.language.row(head), &self.question(target))
    }

    /// What is asked of `target` as the word after any other.
    fn question(&self, target: &Target) -> Next {
        let unseen = self.models.language.unigram(target.symbol, &self.models.lexicon);
        Next { symbol: target.symbol, unseen, spelling: target.spelling, cache: target.cache }
    }

    fn next_cost(&self, head: &Row, next: &Next) -> Cost {
        let language = self.models.language.bigram_in(head, next.symbol, next.unseen) + next.spelling;
        if next.cache >= IMPOSSIBLE { language } else { either(language + LANGUAGE_SHARE, next.cache) }
    }

    /// What the language model takes the word before it for; at the beginning
    /// of a paragraph, for that.
    #[must_use]
    pub fn head(&self) -> Symbol {
        self.head
    }

    /// The word after it, or the end of the paragraph.
    #[must_use]
    pub fn next_word(&self) -> &Target {
        &self.next
    }

    /// The cost of `edges` in a row after `head` and before `next`: language,
    /// then channel.
    #[must_use]
    pub fn costs_between(&self, head: Symbol, edges: &[usize], next: &Target) -> (Cost, Cost) {
        let (mut language, mut channel) = (0, 0);
        let mut last = head;
        for &e in edges {
            channel += self.edges[e].cost;
            for t in &self.edges[e].targets {
                language += self.word_cost(last, t);
                last = t.symbol;
            }
        }
        (language + self.word_cost(last, next), channel)
    }

    fn inner_cost(&self, edge: &Edge) -> Cost {
        let words: Cost = edge.targets.windows(2).map(|w| self.word_cost(w[0].symbol, &w[1])).sum();
        words + edge.cost + if edge.is_keep() { 0 } else { CHANGE }
    }

    fn first(&self, edge: usize) -> &Target {
        &self.edges[edge].targets[0]
    }

    fn last(&self, edge: usize) -> Symbol {
        let targets = &self.edges[edge].targets;
        targets[targets.len() - 1].symbol
    }

    /// The edges that start at boundary `at`, counted from the first.
    fn starting_at(&self, at: usize) -> Range<usize> {
        self.starts[at]..self.starts.get(at + 1).copied().unwrap_or(self.edges.len())
    }

    /// The edges that end at boundary `at`, counted from the first.
    fn ending(&self, at: usize) -> &[usize] {
        &self.by_end[self.ends[at]..self.ends[at + 1]]
    }

    fn link(&mut self, n: usize) {
        let (mut links, mut first_links) = (Vec::new(), Vec::with_capacity(n + 1));
        let (mut rows, mut nexts) = (Vec::new(), Vec::new());
        for at in 0..=n {
            let first = links.len();
            first_links.push(first);
            let heads = self.ending(at).iter().map(|&p| self.last(p)).chain((at == 0).then_some(self.head));
            rows.clear();
            rows.extend(heads.map(|head| self.models.language.row(head)));
            nexts.clear();
            let targets = self.starting_at(at).map(|e| self.first(e)).chain((at == n).then_some(&self.next));
            nexts.extend(targets.map(|target| self.question(target)));
            links.resize(first + rows.len() * nexts.len(), 0);
            // Row by row: what was read of one is at hand for the next question.
            for (number, row) in rows.iter().enumerate() {
                for (next, link) in nexts.iter().zip(links[first + number..].iter_mut().step_by(rows.len())) {
                    *link = self.next_cost(row, next);
                }
            }
        }
        (self.links, self.first_links) = (links, first_links);
    }

    /// The links to edge `next`, which starts at boundary `at`, in the order of `ends[at]`;
    /// at 0 the only one is from the word before. Past the last edge: to the word after.
    fn links_to(&self, at: usize, next: usize) -> &[Cost] {
        let width = self.ending(at).len().max(1);
        &self.links[self.first_links[at] + (next - self.starts[at]) * width..][..width]
    }

    fn decode(&mut self, n: usize) {
        let mut best: Vec<(Cost, Option<usize>)> = Vec::with_capacity(self.edges.len());
        for e in 0..self.edges.len() {
            let at = self.edges[e].start - self.words.start;
            let links = self.links_to(at, e);
            let paths = self.ending(at).iter().zip(links).map(|(&p, link)| (best[p].0 + link, Some(p)));
            let arrive = paths.min_by_key(|path| path.0).unwrap_or((links[0], None));
            best.push((arrive.0 + self.inner[e], arrive.1));
        }
        let links = self.links_to(n, self.edges.len());
        let last = self.ending(n).iter().zip(links).min_by_key(|&(&e, link)| best[e].0 + link);
        let mut at = last.map(|(&e, _)| e);
        while let Some(e) = at {
            self.path.push(e);
            at = best[e].1;
        }
        self.path.reverse();
    }

    /// Sums over all paths, to and from every edge.
    fn sum(&mut self, n: usize) {
        let m = self.edges.len();
        let mut before = vec![UNREACHED; m];
        for e in 0..m {
            let at = self.edges[e].start - self.words.start;
            let links = self.links_to(at, e);
            let paths = self.ending(at).iter().zip(links).map(|(&p, link)| before[p] + link);
            before[e] = paths.reduce(either).unwrap_or(links[0]) + self.inner[e];
        }
        let mut after = vec![UNREACHED; m];
        for (&e, &link) in self.ending(n).iter().zip(self.links_to(n, m)) {
            after[e] = link;
        }
        for at in (1..n).rev() {
            for next in self.starting_at(at) {
                let rest = self.inner[next] + after[next];
                for (&e, link) in self.ending(at).iter().zip(self.links_to(at, next)) {
                    after[e] = either(after[e], link + rest);
                }
            }
        }
        self.total = self.ending(n).iter().fold(UNREACHED, |sum, &e| either(sum, before[e] + after[e]));
        self.before = before;
        self.after = after;
    }
}

#[cfg(test)]
mod tests {
    use crate::{Config, Corrector};

    #[test]
    fn words_in_no_doubt_part_the_stretches() {
        let text = "He saw tbe old man at the door of his house, and aud tbe dog.";
        let mut stretches = Vec::new();
        Corrector::new(Config::default()).inspect(text, |passage, lattices| {
            for lattice in lattices {
                let words = &passage.words[lattice.words()];
                let written: Vec<&str> = words.iter().map(|w| &text[w.span.range()]).collect();
                assert_eq!(lattice.arriving(lattice.words().start), None);
                assert_eq!(lattice.leaving(lattice.words().end), None);
                assert!(
                    lattice.edges().iter().all(|e| lattice.words().start <= e.start && e.end <= lattice.words().end)
                );
                assert_eq!(lattice.starting(lattice.words().start).start, 0, "the word kept comes first");
                stretches.push(written.join(" "));
            }
        });
        let of = |word: &str| stretches.iter().filter(|s| s.split(' ').any(|w| w == word)).count();
        assert_eq!((of("tbe"), of("aud"), of("door"), of("house")), (2, 1, 0, 0), "{stretches:?}");
        assert!(stretches.iter().any(|s| s.contains("aud tbe")), "neighbors are weighed together: {stretches:?}");
    }
}
