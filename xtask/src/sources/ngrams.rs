//! Bigrams: neighbors in the training text, and symspell's bigrams.
//!
//! Nothing is hashed: the symbols of a bigram are packed into one integer, and
//! sorting these brings equal ones together, already in bytewise order.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use scanno::model::key_into as key;

use super::{
    table::Table,
    text::{END, FIRST_KEY, SPECIAL, SYMBOL},
};

/// Bits of one symbol in a packed bigram: room for a million keys.
const BITS: u32 = 20;
const MASK: u64 = (1 << BITS) - 1;

/// The kept keys, sorted: the name of every symbol.
pub(super) struct Names<'v> {
    keys: Vec<&'v str>,
}

impl<'v> Names<'v> {
    pub(super) fn new(keys: Vec<&'v str>) -> Result<Self> {
        ensure!(keys.len() + SPECIAL.len() <= 1 << BITS, "{} keys are too many for {BITS} bits", keys.len());
        Ok(Self { keys })
    }

    pub(super) fn name(&self, symbol: u32) -> &'v str {
        match SPECIAL.get(symbol as usize) {
            Some(special) => special,
            None => self.keys[(symbol - FIRST_KEY) as usize],
        }
    }

    fn symbol(&self, key: &str) -> Option<u32> {
        self.keys.binary_search(&key).ok().map(|at| at as u32 + FIRST_KEY)
    }
}

/// Two symbols as one integer.
pub(super) fn pack(first: u32, second: u32) -> u64 {
    u64::from(first) << BITS | u64::from(second)
}

/// The symbols of [`pack`].
pub(super) fn unpack(pair: u64) -> (u32, u32) {
    ((pair >> BITS) as u32, (pair & MASK) as u32)
}

/// The different values of a sorted slice and how often each is there.
pub(super) fn runs(sorted: &[u64]) -> impl Iterator<Item = (u64, u64)> + '_ {
    sorted.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u64))
}

/// Counts the bigrams within paragraphs and adds those with at least `least`
/// to `table`.
pub(super) fn count(symbols: &[u32], least: u64, names: &Names<'_>, mut table: Table) -> Table {
    let mut packed: Vec<u64> = symbols
        .windows(2)
        .filter(|window| window[0] & SYMBOL != END)
        .map(|window| pack(window[0] & SYMBOL, window[1] & SYMBOL))
        .collect();
    packed.sort_unstable();
    let kept: Vec<_> = runs(&packed).filter(|&(_, count)| count >= least).collect();
    eprintln!("bigrams of count >= {least}: {}", kept.len());
    write(&kept, names, &mut table);
    table
}

/// Adds one row a head: `head TAB successor:count successor:count …`.
fn write(sorted: &[(u64, u64)], names: &Names<'_>, table: &mut Table) {
    for group in sorted.chunk_by(|a, b| a.0 >> BITS == b.0 >> BITS) {
        let (head, _) = unpack(group[0].0);
        let successors: Vec<_> =
            group.iter().map(|&(pair, count)| format!("{}:{count}", names.name(unpack(pair).1))).collect();
        table.row(format_args!("{}\t{}", names.name(head), successors.join(" ")));
    }
}

/// Adds symspell's bigrams of kept keys to `table`; tells how many lines of
/// the list were left out.
pub(super) fn symspell(path: &Path, names: &Names<'_>, table: &mut Table) -> Result<usize> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read symspell's list {}", path.display()))?;
    let mut bigrams = Vec::new();
    let mut left_out = 0;
    let mut buffer = String::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        let fields: Vec<_> = line.split(' ').collect();
        let &[first, second, count] = &fields[..] else {
            anyhow::bail!("{}: not `word word count`: {line}", path.display());
        };
        let count: u64 = count.parse().with_context(|| format!("{}: the count of {line}", path.display()))?;
        let mut symbol = |word| key(word, &mut buffer).and_then(|key| names.symbol(key));
        match (symbol(first), symbol(second)) {
            (Some(first), Some(second)) => bigrams.push((pack(first, second), count)),
            _ => left_out += 1,
        }
    }
    bigrams.sort_unstable();
    bigrams.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    write(&bigrams, names, table);
    Ok(left_out)
}
