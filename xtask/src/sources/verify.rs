//! `cargo xtask verify`: are the text files of a dictionary well-formed?

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};

use scanno::model::is_key;

use super::{
    scowl::{KINDS, REGIONS},
    table::SUMS,
    text::SPECIAL,
};

/// Checks the text files of a dictionary.
#[derive(clap::Args)]
pub(crate) struct Verify {
    /// Folder of the dictionary
    #[arg(value_name = "DIR", default_value = "dictionaries/en")]
    folder: PathBuf,
}

/// What a column may hold.
#[derive(Clone, Copy)]
enum Column {
    /// A key; it orders the rows.
    Key,
    /// Symbols of an n-gram's head, separated by single spaces; they order the rows.
    Head(usize),
    /// `successor:count`, sorted, separated by single spaces.
    Successors,
    /// A whole number.
    Count,
    /// Some of these letters, in this order.
    Letters(&'static str),
    /// Anything without white space, or nothing.
    Form,
}

use Column::{Count, Form, Head, Key, Letters, Successors};

const WORDS: &str = "words.tsv";

/// Every file and its columns.
const FILES: [(&str, &[Column]); 6] = [
    (
        WORDS,
        &[Key, Count, Count, Count, Letters(KINDS), Letters(REGIONS), Count, Count, Count, Count, Count, Count, Form],
    ),
    ("wordfreq.tsv", &[Key, Count]),
    ("bigrams.tsv.zst", &[Head(1), Successors]),
    ("symspell-bigrams.tsv.zst", &[Head(1), Successors]),
    ("compounds.tsv", &[Key, Key, Count, Count, Count]),
    ("second-elements.tsv", &[Key, Count, Count, Count]),
];

impl Verify {
    /// Checks all files; the first fault is the error.
    pub(crate) fn run(self) -> Result<()> {
        let words = read(&self.folder, WORDS)?;
        let keys: FxHashSet<&str> = rows(&words).map(|(_, row)| row.split('\t').next().unwrap_or_default()).collect();
        for (name, columns) in FILES {
            let text = read(&self.folder, name)?;
            let count = check(&text, columns, &keys).with_context(|| format!("{name} is not well-formed"))?;
            println!("{name}: {count} rows");
        }
        check_sums(&self.folder)
    }
}

fn read(folder: &Path, name: &str) -> Result<String> {
    let path = folder.join(name);
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let bytes = if name.ends_with(".zst") { zstd::decode_all(&bytes[..])? } else { bytes };
    String::from_utf8(bytes).with_context(|| format!("{}: not UTF-8", path.display()))
}

/// The rows of a file with their line numbers.
fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().zip(1..).map(|(row, line)| (line, row)).filter(|(_, row)| !row.starts_with('#'))
}

/// Checks the rows of a file and tells their number.
fn check(text: &str, columns: &[Column], keys: &FxHashSet<&str>) -> Result<usize> {
    let (mut count, mut before) = (0, Vec::new());
    for (line, row) in rows(text) {
        let fields: Vec<_> = row.split('\t').collect();
        ensure!(fields.len() == columns.len(), "line {line}: {} columns, not {}", fields.len(), columns.len());
        for (field, column) in fields.iter().zip(columns) {
            check_field(field, *column, keys).with_context(|| format!("line {line}"))?;
        }
        let order: Vec<_> = fields
            .iter()
            .zip(columns)
            .filter(|(_, column)| matches!(column, Key | Head(_)))
            .flat_map(|(field, _)| field.split(' '))
            .collect();
        ensure!(before < order, "line {line}: {} does not follow {} in order", order.join(" "), before.join(" "));
        before = order;
        count += 1;
    }
    Ok(count)
}

fn check_field(field: &str, column: Column, keys: &FxHashSet<&str>) -> Result<()> {
    let known = |symbol: &str| keys.contains(symbol) || SPECIAL.contains(&symbol);
    match column {
        Key => ensure!(is_key(field) && keys.contains(field), "{field:?} is not a key, or not in {WORDS}"),
        Head(symbols) => {
            ensure!(field.split(' ').count() == symbols, "{field:?}: not {symbols} symbols");
            if let Some(symbol) = field.split(' ').find(|symbol| !known(symbol)) {
                bail!("{symbol:?} is not in {WORDS}");
            }
        }
        Successors => {
            let mut before = "";
            for item in field.split(' ') {
                let (symbol, count) = item.split_once(':').with_context(|| format!("{item:?}: no colon"))?;
                ensure!(known(symbol), "{symbol:?} is not in {WORDS}");
                ensure!(count.parse::<u64>().is_ok_and(|count| count > 0), "{item:?}: not a count");
                ensure!(before < symbol, "{symbol} does not follow {before} in order");
                before = symbol;
            }
        }
        Count => ensure!(field.parse::<u32>().is_ok(), "{field:?} is not a count"),
        Letters(set) => {
            let sorted: String = set.chars().filter(|&letter| field.contains(letter)).collect();
            ensure!(sorted == field, "{field:?}: not some of {set}, in this order");
        }
        Form => ensure!(!field.contains(char::is_whitespace), "{field:?}: white space in a form"),
    }
    Ok(())
}

/// Checks the SHA-256 of every file that [`SUMS`] names.
fn check_sums(folder: &Path) -> Result<()> {
    for line in read(folder, SUMS)?.lines() {
        let (sum, name) = line.split_once("  ").with_context(|| format!("{SUMS}: {line:?}"))?;
        let bytes = fs::read(folder.join(name)).with_context(|| format!("cannot read {name}, named in {SUMS}"))?;
        ensure!(
            format!("{:x}", Sha256::digest(&bytes)) == sum,
            "{name} is not what `cargo xtask words` wrote: run it again, or update {SUMS} with sha256sum"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_is_found() {
        let keys: FxHashSet<&str> = ["a", "b"].into_iter().collect();
        let check = |text, columns: &[Column]| check(text, columns, &keys).is_ok();
        assert!(check("# comment\na\t1\nb\t2\n", &[Key, Count]));
        assert!(check("<s>\ta:1 b:2\na\t</s>:3\n", &[Head(1), Successors]));
        assert!(check("<s> a\tb:2\na a\tb:3\na b\tb:3\n", &[Head(2), Successors]));
        assert!(check("a\twp\tMcA\nb\t\t\n", &[Key, Letters(KINDS), Form]));
        for (text, columns) in [
            ("b\t1\na\t2\n", &[Key, Count]),
            ("a\t1\na\t2\n", &[Key, Count]),
            ("a\n", &[Key, Count]),
            ("A\t1\n", &[Key, Count]),
            ("c\t1\n", &[Key, Count]),
            ("a\t-1\n", &[Key, Count]),
            ("a\tb:2 a:1\n", &[Head(1), Successors]),
            ("a\tb:0\n", &[Head(1), Successors]),
            ("a\tc:1\n", &[Head(1), Successors]),
            ("a b\tb:1\n", &[Head(1), Successors]),
            ("a\tpw\n", &[Key, Letters(KINDS)]),
            ("a\tx y\n", &[Key, Form]),
        ] {
            assert!(!check(text, columns), "{text}");
        }
    }
}
