//! A block of records, cleaned: one line out for one line in, in order.

use super::crew::{Crew, Done, LONGEST_TEXT};
use super::lines::Block;
use super::tally::Broken;
use super::{Sharing, Tally};
use crate::format::record::{Note, Record, Skip};
use crate::{ChangeLog, Corrector, Document};

/// What is to be done with records.
#[derive(Clone, Copy, Debug)]
pub struct RecordOptions<'a> {
    /// The key of the text; the column of a table.
    pub field: &'a str,
    /// What is written down beside it.
    pub note: Note,
    /// Which records share evidence.
    pub work: Sharing<'a>,
}

/// A line as it was read.
enum Parsed<'l> {
    Blank,
    Broken(String),
    Skipped(Record<'l>, Skip),
    Text(Record<'l>, Document),
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
    let texts: Vec<Result<&Document, Skip>> = parsed
        .iter()
        .map(|line| match line {
            Parsed::Text(_, document) => Ok(document),
            Parsed::Skipped(_, skip) => Err(*skip),
            // Such a line is passed through whatever is said of its text.
            Parsed::Blank | Parsed::Broken(_) => Err(Skip::NotText),
        })
        .collect();
    let works = options.work.works(&lines[..whole], |line, next| options.work.is_shared(line, next));
    let cleaned = crew.clean(corrector, &texts, &works, |number, changes| {
        write(options.note, &lines[number], &parsed[number], changes)
    });
    let mut out = Vec::with_capacity(lines.iter().map(Vec::len).sum());
    let mut tally = Tally::default();
    for (line, (bytes, done)) in (first..).zip(cleaned) {
        out.extend_from_slice(&bytes);
        if let Some(done) = done {
            tally.add_record(line, done);
        }
    }
    for (line, bytes) in (first..).zip(&lines).skip(whole) {
        out.extend_from_slice(bytes);
        tally.records += 1;
        tally.broken.push(Broken { line, reason: "is too long for a record; it was passed through as it is".into() });
    }
    (out, tally)
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

/// One line out for one line in; what was done, unless the line is blank.
fn write(note: Note, line: &[u8], parsed: &Parsed<'_>, changes: Result<&ChangeLog, Skip>) -> (Vec<u8>, Option<Done>) {
    let mut out = Vec::with_capacity(line.len() + line.len() / 4);
    match (parsed, changes) {
        (Parsed::Blank, _) => (line.to_vec(), None),
        (Parsed::Broken(reason), _) => (line.to_vec(), Some(Done::Broken(reason.clone()))),
        (Parsed::Text(record, document), Ok(changes)) => {
            record.write_cleaned(document, changes, note, &mut out);
            (out, Some(Done::cleaned(document, changes)))
        }
        (Parsed::Skipped(record, _) | Parsed::Text(record, _), changes) => {
            let skip = changes.err().unwrap_or(Skip::NotText);
            record.write_skipped(skip, &mut out);
            (out, Some(Done::Skipped(skip)))
        }
    }
}
