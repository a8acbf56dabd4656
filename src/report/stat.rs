//! How many changes of what kind there are, and which pairs are the most frequent.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::visible;
use crate::Correction;
use crate::change::{Class, Decision};

/// Pairs that are shown.
const PAIRS: usize = 20;

/// Numbers of the changes of one document or several.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stat {
    classes: BTreeMap<Class, [usize; 3]>,
    pairs: BTreeMap<(String, String), usize>,
}

impl Stat {
    /// Counts `c`.
    pub fn add(&mut self, c: &Correction) {
        let column = match c.decision {
            Decision::Applied | Decision::Accepted => 0,
            Decision::Suggested => 1,
            Decision::Rejected => 2,
        };
        self.classes.entry(c.class).or_default()[column] += 1;
        *self.pairs.entry((c.before.to_string(), c.after.to_string())).or_default() += 1;
    }

    /// True if nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// Writes two tables, the classes and the most frequent pairs:
    ///
    /// ```text
    ///                 made  suggested  rejected
    /// substitution       9          2         0
    /// join               3          1         0
    /// all               12          3         0
    ///
    /// times  pair
    ///     4  tbe → the
    /// ```
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let mut classes: Vec<_> = self.classes.iter().map(|(class, numbers)| (class.name(), *numbers)).collect();
        classes.sort_by_key(|&(_, numbers)| Reverse(numbers.iter().sum::<usize>()));
        let all = [0, 1, 2].map(|column| classes.iter().map(|(_, numbers)| numbers[column]).sum());
        classes.push(("all", all));
        writeln!(out, "{:<13} {:>8} {:>10} {:>9}", "", "made", "suggested", "rejected")?;
        for (name, [made, suggested, rejected]) in classes {
            writeln!(out, "{name:<13} {made:>8} {suggested:>10} {rejected:>9}")?;
        }
        let mut pairs: Vec<_> = self.pairs.iter().map(|((before, after), times)| (*times, before, after)).collect();
        pairs.sort_by_key(|&(times, ..)| Reverse(times));
        writeln!(out, "\ntimes  pair")?;
        for (times, before, after) in pairs.iter().take(PAIRS) {
            writeln!(out, "{times:>5}  {} → {}", visible(before), visible(after))?;
        }
        match pairs.len().saturating_sub(PAIRS) {
            0 => Ok(()),
            more => writeln!(out, "       and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    #[test]
    fn classes_and_pairs_are_counted_most_frequent_first() {
        let mut stat = Stat::default();
        let mut add = |before: &str, class, decision| {
            stat.add(&Correction {
                span: Span::new(0, 1),
                before: before.into(),
                after: "x".into(),
                class,
                rule: "".into(),
                confidence: 0.5,
                decision,
                decided: None,
                alternatives: Vec::new(),
                evidence: Vec::new(),
            });
        };
        add("b\x1b", Class::Join, Decision::Rejected);
        add("a", Class::Split, Decision::Applied);
        add("a", Class::Split, Decision::Suggested);
        let mut out = Vec::new();
        stat.write(&mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "                  made  suggested  rejected\n\
             split                1          1         0\n\
             join                 0          0         1\n\
             all                  1          1         1\n\
             \n\
             times  pair\n    2  a → x\n    1  b␛ → x\n"
        );
    }
}
