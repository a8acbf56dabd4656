//! Hyphenated compounds: how often two words stand with a hyphen, apart, and
//! as one. Only compounds of exactly two parts count: `mother-in` is none.

use rustc_hash::FxHashMap;

use super::{
    ngrams::{Names, pack, runs, unpack},
    table::Table,
    text::{AFTER_HYPHEN, AFTER_SPACE, FIRST_KEY, SYMBOL},
    vocabulary::Vocabulary,
};

/// Fewest hyphenated tokens of a row, in both tables.
pub(super) const LEAST: u64 = 2;

/// Fills the tables of compounds and of second elements.
pub(super) fn count(
    symbols: &[u32],
    vocabulary: &Vocabulary,
    names: &Names<'_>,
    compounds: &mut Table,
    second_elements: &mut Table,
) {
    let hyphenated = hyphenated(symbols);
    let mut open: FxHashMap<u64, u64> =
        runs(&hyphenated).filter(|&(_, count)| count >= LEAST).map(|(pair, _)| (pair, 0)).collect();
    for window in symbols.windows(2) {
        if window[1] & AFTER_SPACE != 0
            && let Some(count) = open.get_mut(&pack(window[0] & SYMBOL, window[1] & SYMBOL))
        {
            *count += 1;
        }
    }
    let total = |key: &str| vocabulary.find(key).map_or(0, |id| vocabulary.entry(id).total());
    // Second element → hyphenated tokens, different first elements.
    let mut seconds: FxHashMap<u32, (u64, u32)> = FxHashMap::default();
    for (pair, count) in runs(&hyphenated) {
        let (first, second) = unpack(pair);
        let tally = seconds.entry(second).or_default();
        tally.0 += count;
        tally.1 += 1;
        if count >= LEAST {
            let (first, second) = (names.name(first), names.name(second));
            let solid = total(&format!("{first}{second}"));
            compounds.row(format_args!("{first}\t{second}\t{count}\t{}\t{solid}", open[&pair]));
        }
    }
    let mut seconds: Vec<_> = seconds.into_iter().filter(|&(_, (tokens, _))| tokens >= LEAST).collect();
    seconds.sort_unstable();
    for (second, (tokens, firsts)) in seconds {
        let second = names.name(second);
        second_elements.row(format_args!("{second}\t{tokens}\t{firsts}\t{}", total(second)));
    }
}

/// The compounds of two kept keys, packed and sorted.
fn hyphenated(symbols: &[u32]) -> Vec<u64> {
    let mut pairs: Vec<u64> = symbols
        .windows(3)
        .filter(|window| {
            window[0] & AFTER_HYPHEN == 0
                && window[1] & AFTER_HYPHEN != 0
                && window[2] & AFTER_HYPHEN == 0
                && window[..2].iter().all(|symbol| symbol & SYMBOL >= FIRST_KEY)
        })
        .map(|window| pack(window[0] & SYMBOL, window[1] & SYMBOL))
        .collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_and_parts_without_key_are_no_compounds() {
        let [a, b, c] = [FIRST_KEY, FIRST_KEY + 1, FIRST_KEY + 2];
        let symbols = [2, a, b | AFTER_HYPHEN, c, 0, 2, a, b | AFTER_HYPHEN, c | AFTER_HYPHEN, 3, a | AFTER_HYPHEN, 0];
        assert_eq!(hyphenated(&symbols), [pack(a, b)]);
    }
}
