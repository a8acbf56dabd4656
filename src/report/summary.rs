//! What came of a document, in a line or two.

use std::io::{self, Write};

use super::visible;
use crate::change::{Class, Counts, Decision, Estimate};

/// Writes the summary of one document, or of several added up:
///
/// ```text
/// letter.txt: 12 changes (10 substitution, 2 join), 3 suggestions, 1 finding
/// letter.txt: estimated errors: 4.1 % of the words before, 1.2 % after
/// ```
///
/// # Errors
/// What `out` reports.
pub fn write(mut out: impl Write, name: &str, counts: &Counts, estimate: Option<Estimate>) -> io::Result<()> {
    let name = visible(name);
    write!(out, "{name}: {}", plural(counts.made(), "change"))?;
    let mut made: Vec<(usize, Class)> = Vec::new();
    for (&class, decisions) in &counts.changes {
        let number = decisions.iter().filter(|(decision, _)| decision.is_made()).map(|(_, number)| number).sum();
        if number > 0 {
            made.push((number, class));
        }
    }
    made.sort_by_key(|&(number, class)| (std::cmp::Reverse(number), class));
    for (index, (number, class)) in made.iter().enumerate() {
        write!(out, "{}{number} {class}", if index == 0 { " (" } else { ", " })?;
    }
    out.write_all(if made.is_empty() { b"" } else { b")" })?;
    for (number, what) in [
        (counts.with(Decision::Suggested), "suggestion"),
        (counts.with(Decision::Rejected), "rejection"),
        (counts.found(), "finding"),
    ] {
        if number > 0 {
            write!(out, ", {}", plural(number, what))?;
        }
    }
    out.write_all(b"\n")?;
    if let Some(estimate) = estimate {
        writeln!(out, "{name}: {}", estimated(estimate))?;
    }
    Ok(())
}

/// `estimated errors: 4.1 % of the words before, 1.2 % after`.
#[must_use]
pub fn estimated(estimate: Estimate) -> String {
    let [before, after] = [estimate.before, estimate.after].map(|share| 100.0 * share);
    format!("estimated errors: {before:.1} % of the words before, {after:.1} % after")
}

/// `no changes`, `1 change`, `2 changes`.
#[must_use]
pub fn plural(number: usize, what: &str) -> String {
    if number == 0 { format!("no {what}s") } else { counted(number, what) }
}

/// `0 files`, `1 file`, `2 entries`.
#[must_use]
pub fn counted(number: usize, what: &str) -> String {
    match what.strip_suffix('y') {
        _ if number == 1 => format!("1 {what}"),
        Some(stem) => format!("{number} {stem}ies"),
        None => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(counts: &Counts, estimate: Option<Estimate>) -> String {
        let mut out = Vec::new();
        write(&mut out, "f", counts, estimate).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_by_class_most_frequent_first() {
        let mut counts = Counts::default();
        assert_eq!(summary(&counts, None), "f: no changes\n");
        counts.changes.entry(Class::Substitution).or_default().insert(Decision::Applied, 1);
        counts.changes.entry(Class::Join).or_default().extend([(Decision::Accepted, 2), (Decision::Suggested, 1)]);
        assert_eq!(
            summary(&counts, Some(Estimate { words: 12, before: 0.041, after: 0.0123 })),
            "f: 3 changes (2 join, 1 substitution), 1 suggestion\n\
             f: estimated errors: 4.1 % of the words before, 1.2 % after\n"
        );
    }
}
