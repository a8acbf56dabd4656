//! Levenshtein distance and the edits behind it, for texts of megabytes.
//!
//! Exact, in memory that grows with the length of the texts and time that grows
//! with length times distance: a banded bit-parallel table and, where
//! that would take more than a mebibyte, halving (Hirschberg 1975).
//!
//! Of the many ways to write the least number of edits, figures such as "words
//! made wrong" depend on which is taken. The choice here is that of the
//! `rapidfuzz` library, which most programs of the field count with: after
//! setting a common beginning and end aside, from the end of both texts
//! backward, a deletion where one can stand; else an insertion where it is
//! cheaper than a replacement; else a match or replacement.

mod band;

use band::{Block, Occurrences, sweep};

/// Symbols are numbers: code points of characters, or the numbers of words in a list.
pub type Symbol = u32;

/// One edit on the way from a source to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is done.
    pub kind: EditKind,
    /// Index of the source's symbol that is deleted or replaced, or before which one is inserted.
    pub source: usize,
    /// Index of the target's symbol that is inserted or stands in place, or before which one is missing.
    pub target: usize,
}

/// What an [`Edit`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditKind {
    /// A symbol of the source has no counterpart.
    Delete,
    /// A symbol of the target has no counterpart.
    Insert,
    /// Two different symbols stand for each other.
    Replace,
}

/// Bytes of the table from which texts are halved. It bounds the memory, and is
/// part of the choice among edits that cost the same, as halving decides some
/// of them: the value is `rapidfuzz`'s.
const TABLE_BYTES: usize = 1 << 20;

/// Texts shorter than this are not halved, whatever their table takes. (Source, target.)
const LEAST_HALVED: (usize, usize) = (65, 10);

/// The first distance tried; doubled until the texts are not farther apart.
const FIRST_LIMIT: usize = 64;

/// The least number of deletions, insertions and replacements that make `target` of `source`.
#[must_use]
pub fn distance(source: &[Symbol], target: &[Symbol]) -> usize {
    let (_, source, target) = differing(source, target);
    if source.is_empty() || target.is_empty() {
        return source.len() + target.len();
    }
    let occurrences = Occurrences::new(source.iter().copied());
    within_some_limit(|limit| sweep(&occurrences, target.iter().copied(), target.len(), limit, |_| ())?.total())
}

/// The least edits that make `target` of `source`, in order of place.
#[must_use]
pub fn edits(source: &[Symbol], target: &[Symbol]) -> Vec<Edit> {
    align(source, target, (0, 0), None)
}

/// A stretch of source and target that is equal, or changed by one kind of edit throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// None where the two are equal.
    pub kind: Option<EditKind>,
    /// First symbol and one past the last in the source.
    pub source: (usize, usize),
    /// First symbol and one past the last in the target.
    pub target: (usize, usize),
}

/// The stretches that [`edits`] cut two texts of these lengths into; together they cover both.
#[must_use]
pub fn stretches(edits: &[Edit], source_length: usize, target_length: usize) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for edit in edits {
        let after_source = edit.source + usize::from(edit.kind != EditKind::Insert);
        let after_target = edit.target + usize::from(edit.kind != EditKind::Delete);
        let (source, target) = stretches.last().map_or((0, 0), |last| (last.source.1, last.target.1));
        match stretches.last_mut() {
            Some(last) if last.kind == Some(edit.kind) && (source, target) == (edit.source, edit.target) => {
                (last.source.1, last.target.1) = (after_source, after_target);
            }
            _ => {
                if (source, target) != (edit.source, edit.target) {
                    stretches.push(Stretch {
                        kind: None,
                        source: (source, edit.source),
                        target: (target, edit.target),
                    });
                }
                let (source, target) = ((edit.source, after_source), (edit.target, after_target));
                stretches.push(Stretch { kind: Some(edit.kind), source, target });
            }
        }
    }
    let (source, target) = stretches.last().map_or((0, 0), |last| (last.source.1, last.target.1));
    if (source, target) != (source_length, target_length) {
        stretches.push(Stretch { kind: None, source: (source, source_length), target: (target, target_length) });
    }
    stretches
}

/// What remains without common beginning and end; first the length of the beginning.
fn differing<'a>(source: &'a [Symbol], target: &'a [Symbol]) -> (usize, &'a [Symbol], &'a [Symbol]) {
    let beginning = source.iter().zip(target).take_while(|(a, b)| a == b).count();
    let (source, target) = (&source[beginning..], &target[beginning..]);
    let end = source.iter().rev().zip(target.iter().rev()).take_while(|(a, b)| a == b).count();
    (beginning, &source[..source.len() - end], &target[..target.len() - end])
}

/// What `attempt` finds with the first limit that suffices.
fn within_some_limit<T>(mut attempt: impl FnMut(usize) -> Option<T>) -> T {
    let mut limit = FIRST_LIMIT;
    loop {
        if let Some(found) = attempt(limit) {
            return found;
        }
        limit *= 2;
    }
}

/// The edits of two pieces that begin at `origin`, and whose distance may be known.
fn align(source: &[Symbol], target: &[Symbol], origin: (usize, usize), known: Option<usize>) -> Vec<Edit> {
    let (beginning, source, target) = differing(source, target);
    let origin = (origin.0 + beginning, origin.1 + beginning);
    let edit = |kind, source, target| Edit { kind, source: origin.0 + source, target: origin.1 + target };
    if source.is_empty() || target.is_empty() {
        let deletions = (0..source.len()).map(|at| edit(EditKind::Delete, at, 0));
        return deletions.chain((0..target.len()).map(|at| edit(EditKind::Insert, 0, at))).collect();
    }
    let band = known.map_or(source.len(), |distance| source.len().min(2 * distance + 1));
    let large = band * target.len() / 4 >= TABLE_BYTES; // two bits a cell
    if large && source.len() >= LEAST_HALVED.0 && target.len() >= LEAST_HALVED.1 {
        let column = target.len() / 2;
        let cut = cut(source, target, column, known);
        let middle = (origin.0 + cut.row, origin.1 + column);
        let (mut edits, after) = rayon::join(
            || align(&source[..cut.row], &target[..column], origin, Some(cut.cost_before)),
            || align(&source[cut.row..], &target[column..], middle, Some(cut.cost_after)),
        );
        edits.extend(after);
        edits
    } else {
        let mut edits = Vec::new();
        Table::new(source, target, known)
            .trace(source, target, |kind, source, target| edits.push(edit(kind, source, target)));
        edits.reverse();
        edits
    }
}

/// Where a cheapest path crosses a column, and what it costs on either side.
struct Cut {
    row: usize,
    cost_before: usize,
    cost_after: usize,
}

/// The uppermost cut of all cheapest paths at `column`.
fn cut(source: &[Symbol], target: &[Symbol], column: usize, known: Option<usize>) -> Cut {
    let forward = Occurrences::new(source.iter().copied());
    let backward = Occurrences::new(source.iter().rev().copied());
    let (before, after) = target.split_at(column);
    let attempt = |limit| {
        let (before, after) = rayon::join(
            || sweep(&forward, before.iter().copied(), target.len(), limit, |_| ()),
            || sweep(&backward, after.iter().rev().copied(), target.len(), limit, |_| ()),
        );
        let (before, after) = (before?, after?);
        let mut cost_after = vec![None; source.len() + 1];
        for (row, cost) in after.cells() {
            cost_after[source.len() - row] = Some(cost);
        }
        before
            .cells()
            .filter_map(|(row, cost_before)| Some(Cut { row, cost_before, cost_after: cost_after[row]? }))
            .min_by_key(|cut| cut.cost_before + cut.cost_after)
            .filter(|cut| cut.cost_before + cut.cost_after <= limit)
    };
    known.and_then(attempt).unwrap_or_else(|| within_some_limit(attempt))
}

/// The vertical differences of all columns, within the band.
struct Table {
    blocks: Vec<Block>,
    /// Per column: where its blocks begin in `blocks`, and which block of the column the first of them is.
    columns: Vec<(usize, usize)>,
}

impl Table {
    fn new(source: &[Symbol], target: &[Symbol], known: Option<usize>) -> Self {
        let occurrences = Occurrences::new(source.iter().copied());
        let attempt = |limit| {
            let mut table = Table { blocks: Vec::new(), columns: Vec::with_capacity(target.len()) };
            let symbols = target.iter().copied();
            sweep(&occurrences, symbols, target.len(), limit, |band| {
                table.columns.push((table.blocks.len(), band.first));
                table.blocks.extend_from_slice(band.blocks());
            })?
            .total()
            .map(|_| table)
        };
        known.and_then(attempt).unwrap_or_else(|| within_some_limit(attempt))
    }

    /// The block of a cell and the cell's bit in it; none outside of the band.
    fn cell(&self, row: usize, column: usize) -> Option<(Block, u64)> {
        let (begin, first) = self.columns[column];
        let end = self.columns.get(column + 1).map_or(self.blocks.len(), |next| next.0);
        let block = begin + (row / 64).checked_sub(first)?;
        (block < end).then(|| (self.blocks[block], 1 << (row % 64)))
    }

    /// Tells the edits of one cheapest path, from its end.
    fn trace(&self, source: &[Symbol], target: &[Symbol], mut tell: impl FnMut(EditKind, usize, usize)) {
        let (mut row, mut column) = (source.len(), target.len());
        while row > 0 && column > 0 {
            if self.cell(row - 1, column - 1).is_some_and(|(block, bit)| block.up & bit != 0) {
                row -= 1;
                tell(EditKind::Delete, row, column);
                continue;
            }
            column -= 1;
            // Left cheaper than left above: to insert is cheaper than to replace.
            if column > 0 && self.cell(row - 1, column - 1).is_some_and(|(block, bit)| block.down & bit != 0) {
                tell(EditKind::Insert, row, column);
            } else {
                row -= 1;
                if source[row] != target[column] {
                    tell(EditKind::Replace, row, column);
                }
            }
        }
        (0..row).rev().for_each(|row| tell(EditKind::Delete, row, column));
        (0..column).rev().for_each(|column| tell(EditKind::Insert, row, column));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn symbols(text: &str) -> Vec<Symbol> {
        text.chars().map(Symbol::from).collect()
    }

    /// The target, made of the source by the edits alone.
    fn applied(source: &[Symbol], target: &[Symbol], edits: &[Edit]) -> Vec<Symbol> {
        let mut made = Vec::new();
        let mut at = 0;
        for edit in edits {
            made.extend_from_slice(&source[at..edit.source]);
            assert_eq!(made.len(), edit.target, "both places of an edit are the same place: {edit:?}");
            if edit.kind != EditKind::Delete {
                made.push(target[edit.target]);
            }
            at = edit.source + usize::from(edit.kind != EditKind::Insert);
        }
        made.extend_from_slice(&source[at..]);
        made
    }

    fn written(source: &str, target: &str) -> String {
        let edits = edits(&symbols(source), &symbols(target));
        let one = |edit: &Edit| {
            let kind = match edit.kind {
                EditKind::Delete => '-',
                EditKind::Insert => '+',
                EditKind::Replace => '~',
            };
            format!("{kind}{}:{}", edit.source, edit.target)
        };
        edits.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    /// The choices of rapidfuzz 3.14 among edits of equal number.
    #[test]
    fn edits_that_cost_the_same_are_chosen_as_rapidfuzz_does() {
        assert_eq!(written("qabxcd", "abycdf"), "-0:0 ~3:2 +6:5");
        assert_eq!(written("ab", "ba"), "+0:0 -1:2");
        assert_eq!(written("abcd", "bx"), "-0:0 ~2:1 -3:2");
        assert_eq!(written("aaa", "a"), "-1:1 -2:1");
        assert_eq!(written("the rnan", "tlie man"), "+1:1 ~1:2 ~4:5 -5:6");
    }

    #[test]
    fn stretches_cover_both_texts() {
        let (source, target) = (symbols("xxabcdefyy"), symbols("abcdef, yz"));
        let stretches = stretches(&edits(&source, &target), source.len(), target.len());
        assert_eq!(
            stretches.first().map(|s| (s.kind, s.source, s.target)),
            Some((Some(EditKind::Delete), (0, 2), (0, 0)))
        );
        let mut end = (0, 0);
        for stretch in &stretches {
            assert_eq!((stretch.source.0, stretch.target.0), end);
            end = (stretch.source.1, stretch.target.1);
        }
        assert_eq!(end, (source.len(), target.len()));
    }

    /// Long texts pass through halving; their edits are no more than those of the plain table.
    #[test]
    fn long_texts_are_halved_and_still_exact() {
        let mut state = 1_u64;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for rate in [2, 10, 60] {
            let source: Vec<Symbol> = (0..5_000).map(|_| random(7) as Symbol).collect();
            let mut target = Vec::new();
            for &symbol in &source {
                match random(300 / rate) {
                    0 => {}
                    1 => target.extend([symbol, random(7) as Symbol]),
                    2 => target.push(random(7) as Symbol),
                    _ => target.push(symbol),
                }
            }
            target.drain(1_000..1_200);
            let edits = edits(&source, &target);
            assert_eq!(applied(&source, &target, &edits), target);
            assert_eq!(edits.len(), strsim::generic_levenshtein(&source, &target));
            assert_eq!(edits.len(), distance(&source, &target));
        }
    }

    /// Texts of very different length have a band that lies at the table's edge.
    #[test]
    fn lengths_may_differ_by_much() {
        let long = symbols(&"abcdefghij".repeat(40));
        for short in ["", "a", "jjjj", "hgfedcba"].map(symbols) {
            for (source, target) in [(&short, &long), (&long, &short)] {
                assert_eq!(distance(source, target), strsim::generic_levenshtein(source, target));
                assert_eq!(applied(source, target, &edits(source, target)), *target);
            }
        }
    }

    fn text() -> impl Strategy<Value = Vec<Symbol>> {
        prop_oneof![prop::collection::vec(0..3_u32, 0..12), prop::collection::vec(0..4_u32, 0..300)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_distance_is_levenshteins(a in text(), b in text()) {
            let found = distance(&a, &b);
            prop_assert_eq!(found, strsim::generic_levenshtein(&a, &b));
            prop_assert_eq!(found, distance(&b, &a));
            prop_assert_eq!(found == 0, a == b);
            let edits = edits(&a, &b);
            prop_assert_eq!(edits.len(), found);
            prop_assert_eq!(applied(&a, &b, &edits), b);
        }

        #[test]
        fn a_detour_is_no_shorter(a in text(), b in text(), c in text()) {
            prop_assert!(distance(&a, &c) <= distance(&a, &b) + distance(&b, &c));
        }
    }
}
