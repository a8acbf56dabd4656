//! A block of records, cleaned: one line out for one line in, in order.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::lines::Block;
use super::tally::Broken;
use super::{Sharing, Tally};
use crate::change::{Counts, FindingClass};
use crate::format::record::{Note, Record, Skip};
use crate::report::overview::Facts;
use crate::{ChangeLog, Corrector, Document, Work};

/// The longest text of a record that is cleaned, in bytes: 16 MiB, some eight
/// thousand pages.
const LONGEST_TEXT: usize = 16 << 20;

/// What is to be done with records.
#[derive(Clone, Copy, Debug)]
pub struct RecordOptions<'a> {
    /// The key of the text.
    pub field: &'a str,
    /// What is written down beside it.
    pub note: Note,
    /// Which records share evidence.
    pub work: Sharing<'a>,
}

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
    fn map<'t, T: Sync, O: Send>(self, items: &'t [T], each: impl Fn(&'t T) -> O + Sync + Send) -> Vec<O> {
        match self {
            Self::One => items.iter().map(each).collect(),
            Self::All => items.par_iter().with_max_len(1).map(each).collect(),
        }
    }
}

/// A line as it was read.
enum Parsed<'l> {
    Blank,
    Broken(String),
    Skipped(Record<'l>, Skip),
    Text(Record<'l>, Document),
}

/// What became of a line.
enum Done {
    Blank,
    Cleaned(Box<(Counts, Facts)>),
    Skipped(Skip),
    Broken(String),
}

/// The lines of `block` cleaned, in order, and what was done. Its first line
/// is the file's line `first`; the last is `cut` if it goes on in the next block.
pub(super) fn clean_block(
    corrector: &Corrector,
    options: RecordOptions<'_>,
    crew: Crew,
    block: Block,
    first: u64,
    cut: bool,
) -> (Vec<u8>, Tally) {
    let lines = match block {
        Block::Piece(piece) => return (piece, Tally::default()),
        Block::Lines(lines) => lines,
    };
    let whole = lines.len() - usize::from(cut);
    let parsed = crew.map(&lines[..whole], |line| parse(line, options.field));
    let works = works(&lines[..whole], options.work);
    let studied = crew.map(&works, |range| {
        let texts: Vec<&str> = parsed[range.clone()]
            .iter()
            .filter_map(|line| if let Parsed::Text(_, document) = line { Some(document.text()) } else { None })
            .collect();
        // A fault of this program here comes again with each record, and is told there.
        catch_unwind(AssertUnwindSafe(|| corrector.study(&texts))).ok()
    });
    let mut numbered = Vec::with_capacity(whole);
    for (range, work) in works.iter().zip(&studied) {
        numbered.extend(range.clone().map(|number| (number, work.as_ref())));
    }
    numbered.extend((numbered.len()..whole).map(|number| (number, None)));
    let cleaned =
        crew.map(&numbered, |&(number, work)| write(corrector, options.note, &lines[number], &parsed[number], work));
    let mut out = Vec::with_capacity(lines.iter().map(Vec::len).sum());
    let mut tally = Tally::default();
    for (line, (bytes, done)) in (first..).zip(cleaned) {
        out.extend_from_slice(&bytes);
        tally.records += u64::from(!matches!(done, Done::Blank));
        match done {
            Done::Blank => {}
            Done::Cleaned(what) => {
                let (counts, mut facts) = *what;
                facts.number(line);
                tally.counts.add(&counts);
                tally.facts.add(&facts);
            }
            Done::Skipped(skip) => {
                *tally.skipped.entry(skip).or_default() += 1;
                if skip == Skip::Failed {
                    let reason = "scanno failed on this record, which is a bug; please report it with the record";
                    tally.broken.push(Broken { line, reason: reason.into() });
                }
            }
            Done::Broken(reason) => tally.broken.push(Broken { line, reason }),
        }
    }
    for (line, bytes) in (first..).zip(&lines).skip(whole) {
        out.extend_from_slice(bytes);
        tally.records += 1;
        tally.broken.push(Broken { line, reason: "is too long for a record; it was passed through as it is".into() });
    }
    (out, tally)
}

/// The ranges of `lines` that share evidence; none if each stands for itself.
fn works(lines: &[Vec<u8>], work: Sharing<'_>) -> Vec<std::ops::Range<usize>> {
    let mut works: Vec<std::ops::Range<usize>> = Vec::new();
    if work == Sharing::Each {
        return works;
    }
    for (number, line) in lines.iter().enumerate() {
        match works.last_mut() {
            Some(last) if work.is_shared(&lines[number - 1], line) => last.end = number + 1,
            _ => works.push(number..number + 1),
        }
    }
    works
}

/// Shows the text of each record of `block`, with the bytes of its line.
pub(super) fn each_text(block: &Block, field: &str, see: &mut dyn FnMut(&str, u64)) {
    let Block::Lines(lines) = block else { return };
    for line in lines {
        match parse(line, field) {
            Parsed::Text(_, document) => see(document.text(), line.len() as u64),
            _ => see("", line.len() as u64),
        }
    }
}

fn parse<'l>(line: &'l [u8], field: &str) -> Parsed<'l> {
    if line.trim_ascii().is_empty() {
        return Parsed::Blank;
    }
    let record = match Record::parse(line, field) {
        Ok(record) => record,
        Err(error) => return Parsed::Broken(error.to_string()),
    };
    match record.text() {
        Ok(text) if text.len() > LONGEST_TEXT => Parsed::Skipped(record, Skip::TooLong),
        Ok(text) => Parsed::Text(record, Document::from_text(text)),
        Err(skip) => Parsed::Skipped(record, skip),
    }
}

/// One line out for one line in.
fn write(corrector: &Corrector, note: Note, line: &[u8], parsed: &Parsed<'_>, work: Option<&Work>) -> (Vec<u8>, Done) {
    let mut out = Vec::with_capacity(line.len() + line.len() / 4);
    let (record, skip) = match parsed {
        Parsed::Blank => return (line.to_vec(), Done::Blank),
        Parsed::Broken(reason) => return (line.to_vec(), Done::Broken(reason.clone())),
        Parsed::Skipped(record, skip) => (record, *skip),
        Parsed::Text(record, document) => {
            let correct = || match work {
                Some(work) => corrector.correct_in(document, work),
                None => corrector.correct(document),
            };
            match catch_unwind(AssertUnwindSafe(correct)) {
                Err(_) => (record, Skip::Failed),
                Ok(changes) if is_foreign(document, &changes) => (record, Skip::NotEnglish),
                Ok(changes) => {
                    record.write_cleaned(document, &changes, note, &mut out);
                    let what = (changes.counts(), Facts::of(document, &changes));
                    return (out, Done::Cleaned(Box::new(what)));
                }
            }
        }
    };
    record.write_skipped(skip, &mut out);
    (out, Done::Skipped(skip))
}

/// True if at least three quarters of the text are in other languages.
fn is_foreign(document: &Document, changes: &ChangeLog) -> bool {
    let foreign = changes.findings().iter().filter(|finding| finding.class == FindingClass::NotEnglish);
    let bytes: usize = foreign.map(|finding| finding.span.len()).sum();
    bytes > 0 && 4 * bytes >= 3 * document.text().trim().len()
}
