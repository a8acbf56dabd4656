//! The counts of the channel as text, so that the compiled one can be rebuilt
//! from the repository alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use scanno::model::confusion::{Counted, Counts};
use scanno::model::separator::{SEPARATORS, Separator};

/// `counts` as the text file that is kept in the repository.
pub fn to_text(counts: &Counts) -> String {
    let mut out = String::from(
        "# What was read for what, counted by `cargo xtask channel`; see SOURCES.md.\n\
         # rewrite <TAB> observed <TAB> intended <TAB> count <TAB> occurrences of intended   (^ and $: edges of the word)\n\
         # letter <TAB> letter <TAB> read right <TAB> printed\n\
         # separator <TAB> name <TAB> within a word <TAB> between words\n\
         # blank <TAB> lost <TAB> printed\n",
    );
    let mut sorted = BTreeMap::new();
    for r in &counts.rewrites {
        sorted.insert((&r.observed, &r.intended), r);
    }
    for (i, l) in counts.letters.iter().enumerate() {
        let _ = writeln!(out, "letter\t{}\t{}\t{}", char::from(b'a' + i as u8), l.0, l.1);
    }
    for (s, c) in Separator::ALL.iter().zip(&counts.separators) {
        let _ = writeln!(out, "separator\t{s:?}\t{}\t{}", c.0, c.1);
    }
    let _ = writeln!(out, "blank\t{}\t{}", counts.blanks.0, counts.blanks.1);
    for r in sorted.values().filter(|r| r.count >= 2 || r.observed.chars().count().max(r.intended.len()) <= 1) {
        let _ = writeln!(out, "rewrite\t{}\t{}\t{}\t{}", r.observed, r.intended, r.count, r.total);
    }
    out
}

/// Reads what [`to_text`] wrote.
pub fn from_text(text: &str) -> Result<Counts> {
    let mut counts = Counts { separators: vec![(0, 0); SEPARATORS], ..Counts::default() };
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.is_empty()) {
        let fields: Vec<&str> = line.split('\t').collect();
        let n = |i: usize| -> Result<u32> {
            fields
                .get(i)
                .and_then(|f| f.parse().ok())
                .with_context(|| format!("line {}: field {} is not a count", number + 1, i + 1))
        };
        match fields[0] {
            "rewrite" => counts.rewrites.push(Counted {
                observed: fields[1].into(),
                intended: fields[2].into(),
                count: n(3)?,
                total: n(4)?,
            }),
            "letter" => counts.letters.push((n(2)?, n(3)?)),
            "separator" => {
                let at = Separator::ALL.iter().position(|s| format!("{s:?}") == fields[1]);
                counts.separators[at.with_context(|| format!("line {}: unknown separator", number + 1))?] =
                    (n(2)?, n(3)?);
            }
            "blank" => counts.blanks = (n(1)?, n(2)?),
            other => anyhow::bail!("line {}: unknown record {other}", number + 1),
        }
    }
    Ok(counts)
}
