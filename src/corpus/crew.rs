//! [`Crew`]: the texts of many records, cleaned on one thread or on all.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::Tally;
use super::tally::Broken;
use crate::change::{Counts, FindingClass};
use crate::format::record::Skip;
use crate::report::overview::Facts;
use crate::{ChangeLog, Corrector, Document, Work};

/// The longest text of a record that is cleaned, in bytes: 16 MiB, some eight
/// thousand pages.
pub(super) const LONGEST_TEXT: usize = 16 << 20;

/// On how many threads a file is cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crew {
    /// On this one.
    One,
    /// On all of the pool.
    All,
}

impl Crew {
    /// What `each` makes of `items`, in order.
    pub(super) fn map<'t, T: Sync, O: Send>(self, items: &'t [T], each: impl Fn(&'t T) -> O + Sync + Send) -> Vec<O> {
        match self {
            Self::One => items.iter().map(each).collect(),
            Self::All => items.par_iter().with_max_len(1).map(each).collect(),
        }
    }

    /// What `write` makes of the changes in each of `texts`, in order, or of
    /// the reason to make none. It is given the number of the text. The texts
    /// in each range of `works` share evidence; ranges follow one another from
    /// the first text on.
    pub(super) fn clean<O: Send>(
        self,
        corrector: &Corrector,
        texts: &[Result<&Document, Skip>],
        works: &[Range<usize>],
        write: impl Fn(usize, Result<&ChangeLog, Skip>) -> O + Sync + Send,
    ) -> Vec<O> {
        let studied = self.map(works, |range| {
            let texts: Vec<&str> = texts[range.clone()].iter().flatten().map(|document| document.text()).collect();
            // A fault of this program here comes again with each record, and is told there.
            catch_unwind(AssertUnwindSafe(|| corrector.study(&texts))).ok()
        });
        let mut numbered: Vec<(usize, Option<&Work>)> = Vec::with_capacity(texts.len());
        for (range, work) in works.iter().zip(&studied) {
            numbered.extend(range.clone().map(|number| (number, work.as_ref())));
        }
        numbered.extend((numbered.len()..texts.len()).map(|number| (number, None)));
        self.map(&numbered, |&(number, work)| {
            let changes = texts[number].and_then(|document| correct(corrector, document, work));
            write(number, changes.as_ref().map_err(|&skip| skip))
        })
    }
}

/// The changes in `document`, or why it is passed through.
fn correct(corrector: &Corrector, document: &Document, work: Option<&Work>) -> Result<ChangeLog, Skip> {
    let correct = || match work {
        Some(work) => corrector.correct_in(document, work),
        None => corrector.correct(document),
    };
    match catch_unwind(AssertUnwindSafe(correct)) {
        Err(_) => Err(Skip::Failed),
        Ok(changes) if is_foreign(document, &changes) => Err(Skip::NotEnglish),
        Ok(changes) => Ok(changes),
    }
}

/// True if at least three quarters of the text are in other languages.
fn is_foreign(document: &Document, changes: &ChangeLog) -> bool {
    let foreign = changes.findings().iter().filter(|finding| finding.class == FindingClass::NotEnglish);
    let bytes: usize = foreign.map(|finding| finding.span.len()).sum();
    bytes > 0 && 4 * bytes >= 3 * document.text().trim().len()
}

/// What became of a record.
pub(super) enum Done {
    /// It was cleaned.
    Cleaned(Box<(Counts, Facts)>),
    /// It was passed through with a reason.
    Skipped(Skip),
    /// It was passed through, and is a reason for trouble.
    Broken(String),
}

impl Done {
    pub(super) fn cleaned(document: &Document, changes: &ChangeLog) -> Self {
        Self::Cleaned(Box::new((changes.counts(), Facts::of(document, changes))))
    }
}

impl Tally {
    /// Adds what became of the record with this number.
    pub(super) fn add_record(&mut self, line: u64, done: Done) {
        self.records += 1;
        match done {
            Done::Cleaned(what) => {
                let (counts, mut facts) = *what;
                facts.number(line);
                self.counts.add(&counts);
                self.facts.add(&facts);
            }
            Done::Skipped(skip) => {
                *self.skipped.entry(skip).or_default() += 1;
                if skip == Skip::Failed {
                    let reason = "scanno failed on this record, which is a bug; please report it with the record";
                    self.broken.push(Broken { line, reason: reason.into() });
                }
            }
            Done::Broken(reason) => self.broken.push(Broken { line, reason }),
        }
    }
}
