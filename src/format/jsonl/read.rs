//! From a log's file to a [`Log`], or to what is wrong with it.

use std::borrow::Cow;
use std::io;

use serde::Deserialize;

use super::super::compression::{Compression, ReadError};
use super::{ChangeRecord, DocumentRecord, Entry, FindingRecord, Log, SCHEMA, SummaryRecord};
use crate::change::{Unfit, check_replacement};

/// Characters of a text that an error shows.
const SHOWN: usize = 40;

/// Why a file is no log that can be used.
#[derive(Debug, thiserror::Error)]
#[error("line {line} of the log: {problem}")]
pub struct LogError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: LogProblem,
}

/// What is wrong with a line of a log. Offsets are bytes of the original file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogProblem {
    /// Compressed, and cannot be decompressed.
    #[error("the compressed log is cut off or damaged ({0}); make it again from the original")]
    Damaged(io::Error),
    /// Compressed, and decompressed too large.
    #[error("the compressed log {0}")]
    TooLarge(ReadError),
    /// Something else than a scanno log.
    #[error("this is no scanno change log: it does not begin with a document record")]
    Foreign,
    /// A log of a version of the format that this program does not know.
    #[error(
        "the log has schema {found}, but this version of scanno reads schema {SCHEMA}; use the scanno that wrote it"
    )]
    Schema {
        /// The version.
        found: u64,
    },
    /// The last record is missing.
    #[error("the log is cut off here: its summary record is missing; make it again from the original")]
    Truncated,
    /// A line that is no JSON.
    #[error("no valid JSON: {0}")]
    Json(serde_json::Error),
    /// A record that lacks a field, or has one of a wrong type or value.
    #[error("no valid {kind} record: {error}")]
    Record {
        /// `document`, `change`, `finding` or `summary`.
        kind: String,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// A record of a kind that does not exist, or without one.
    #[error("unknown record type {0}")]
    UnknownType(String),
    /// A second document record.
    #[error("a second document record; a log is of one file")]
    SecondDocument,
    /// Something after the summary.
    #[error("records after the summary; one log is needed here, and this seems to be more")]
    AfterSummary,
    /// `byte_end` is not greater than `byte_start`, or the same of `char_*`.
    #[error("the place {start}..{end} is empty or runs backwards")]
    EmptySpan {
        /// Its start.
        start: usize,
        /// Its end.
        end: usize,
    },
    /// A record that begins before the one above it.
    #[error("byte {start} comes after a record at byte {previous}; records must be in the order of the text")]
    Unsorted {
        /// Where the record begins.
        start: usize,
        /// Where the record before it begins.
        previous: usize,
    },
    /// Two changes of the same bytes.
    #[error("the change at byte {start} overlaps the one before it, which ends at byte {previous_end}")]
    Overlap {
        /// Where the change begins.
        start: usize,
        /// Where the change before it ends.
        previous_end: usize,
    },
    /// A place beyond the end of the file.
    #[error("the place ends at byte {end}, but the file has {bytes} bytes")]
    BeyondFile {
        /// Where the place ends.
        end: usize,
        /// Length of the file.
        bytes: usize,
    },
    /// A confidence that is no probability.
    #[error("{0} is no confidence between 0 and 1")]
    Confidence(f64),
    /// An estimated share of wrong words that is none.
    #[error("{0} is no share between 0 and 1")]
    Share(f64),
    /// A change that no text may get.
    #[error("the change from {before:?} to {after:?} cannot be made: {unfit}")]
    Unfit {
        /// What is to be replaced, its first 40 characters.
        before: String,
        /// What is to replace it, likewise.
        after: String,
        /// Why it cannot.
        unfit: Unfit,
    },
    /// `cleaned_encoding` is something else than UTF-8.
    #[error("the cleaned file can only be in the encoding of the original or in UTF-8")]
    CleanedEncoding,
}

impl Log {
    /// Reads a log's file, which may be compressed.
    ///
    /// Unknown fields are skipped, since later versions may add some. Anything
    /// else that is not as [the module](super) says is an error, and so is a
    /// change that [no text may get](check_replacement).
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, LogError> {
        let mut logs = read(bytes, Extent::One, Purpose::Make)?;
        Ok(logs.remove(0))
    }

    /// Reads a file of one log or several, one after the other, each from its
    /// document record to its summary.
    ///
    /// # Errors
    /// As of [`Log::read`].
    pub fn read_all(bytes: &[u8]) -> Result<Vec<Self>, LogError> {
        read(bytes, Extent::Any, Purpose::Make)
    }

    /// [`Log::read`] for taking back what was made: whatever the changes are,
    /// since the original's hash says whether the way back is right.
    ///
    /// # Errors
    /// As of [`Log::read`], but for what changes may not do.
    pub fn read_made(bytes: &[u8]) -> Result<Self, LogError> {
        let mut logs = read(bytes, Extent::One, Purpose::TakeBack)?;
        Ok(logs.remove(0))
    }

    /// [`Log::read_all`] for looking at what was made, whatever the changes are.
    ///
    /// # Errors
    /// As of [`Log::read_made`].
    pub fn read_all_made(bytes: &[u8]) -> Result<Vec<Self>, LogError> {
        read(bytes, Extent::Any, Purpose::TakeBack)
    }
}

/// How many logs a file may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    One,
    Any,
}

/// What a log is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Its changes may be made.
    Make,
    /// They were made, if they are.
    TakeBack,
}

/// The logs of a file, at least one.
fn read(bytes: &[u8], extent: Extent, purpose: Purpose) -> Result<Vec<Log>, LogError> {
    let bytes = &*unpacked(bytes).map_err(|problem| LogError { line: 1, problem })?;
    let mut logs = Vec::new();
    let mut reader = Reader::of(purpose);
    let mut last = 0;
    // Some editors add a byte order mark to what they save.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let is_whole = bytes.ends_with(b"\n");
    let lines = bytes.split(|&b| b == b'\n').count();
    for (index, line) in bytes.split(|&b| b == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        if extent == Extent::Any && reader.summary.is_some() {
            logs.push(std::mem::replace(&mut reader, Reader::of(purpose)).finish(last)?);
        }
        last = index;
        let is_cut = !is_whole && index + 1 == lines;
        reader.line(line, is_cut).map_err(|problem| LogError { line: index + 1, problem })?;
    }
    logs.push(reader.finish(last)?);
    Ok(logs)
}

/// The most bytes of a compressed log, decompressed: 8 GB. The log of the
/// longest text, 1 GB, is some six times as long. What is not compressed has no limit.
const LARGEST_LOG: u64 = 8_000_000_000;

/// What a file holds, be it compressed or not.
fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, LogProblem> {
    match Compression::of_content(bytes) {
        Compression::None => Ok(bytes.into()),
        compression => match compression.read_whole(bytes, bytes.len() as u64, LARGEST_LOG) {
            Ok(out) => Ok(out.into()),
            Err(ReadError::Io(error)) if error.kind() != io::ErrorKind::Unsupported => Err(LogProblem::Damaged(error)),
            Err(error) => Err(LogProblem::TooLarge(error)),
        },
    }
}

struct Reader {
    purpose: Purpose,
    document: Option<DocumentRecord>,
    entries: Vec<Entry>,
    /// Where the last change ends: bytes of the file, code points of the text.
    changed_to: (usize, usize),
    summary: Option<SummaryRecord>,
}

impl Reader {
    fn of(purpose: Purpose) -> Self {
        Self { purpose, document: None, entries: Vec::new(), changed_to: (0, 0), summary: None }
    }

    /// The log whose last line was `last`, from 0.
    fn finish(self, last: usize) -> Result<Log, LogError> {
        let missing = |problem| LogError { line: last + 1, problem };
        Ok(Log {
            document: self.document.ok_or_else(|| missing(LogProblem::Foreign))?,
            entries: self.entries,
            summary: self.summary.ok_or_else(|| missing(LogProblem::Truncated))?,
        })
    }

    /// Takes one line; `is_cut` if it is the last and has no line feed.
    fn line(&mut self, line: &[u8], is_cut: bool) -> Result<(), LogProblem> {
        // Nearly every line is a change. What is wrong with any other, or with
        // a change, is found out in the slow way.
        if let (Some(document), None, Some(change)) = (&self.document, &self.summary, change_in(line)) {
            let bytes = document.bytes;
            return self.change(change, bytes);
        }
        let mut value: serde_json::Value = match serde_json::from_slice(line) {
            Ok(value) => value,
            Err(_) if self.document.is_none() => return Err(LogProblem::Foreign),
            Err(error) if is_cut && error.is_eof() => return Err(LogProblem::Truncated),
            Err(error) => return Err(LogProblem::Json(error)),
        };
        let kind = value.get("type").and_then(|kind| kind.as_str()).unwrap_or_default().to_owned();
        let Some(document) = &self.document else {
            self.document = Some(first(&kind, value)?);
            return Ok(());
        };
        if self.summary.is_some() {
            return Err(LogProblem::AfterSummary);
        }
        let bytes = document.bytes;
        if let Some(fields) = value.as_object_mut() {
            fields.remove("type");
        }
        match &*kind {
            "change" => {
                let change = record(kind, value)?;
                self.change(change, bytes)?;
            }
            "finding" => {
                let finding: FindingRecord = record(kind, value)?;
                self.check_place(&finding.place, bytes)?;
                self.entries.push(Entry::Finding(finding));
            }
            "summary" => {
                let summary: SummaryRecord = record(kind, value)?;
                let shares = summary.estimate.iter().flat_map(|estimate| [estimate.before, estimate.after]);
                if let Some(none) = shares.into_iter().find(|share| !(0.0..=1.0).contains(share)) {
                    return Err(LogProblem::Share(none));
                }
                self.summary = Some(summary);
            }
            "document" => return Err(LogProblem::SecondDocument),
            _ => return Err(LogProblem::UnknownType(format!("`{kind}`"))),
        }
        Ok(())
    }

    fn change(&mut self, change: ChangeRecord, bytes: usize) -> Result<(), LogProblem> {
        self.check_place(&change.place, bytes)?;
        if change.place.byte_start < self.changed_to.0 || change.place.char_start < self.changed_to.1 {
            let (start, previous_end) = (change.place.byte_start, self.changed_to.0);
            return Err(LogProblem::Overlap { start, previous_end });
        }
        let mut confidences = change.alternatives.iter().map(|a| a.confidence).chain([change.confidence]);
        if let Some(none) = confidences.find(|confidence| !(0.0..=1.0).contains(confidence)) {
            return Err(LogProblem::Confidence(none));
        }
        if self.purpose == Purpose::Make {
            check_replacement(&change.before, &change.after).map_err(|unfit| {
                let shown = |text: &str| text.chars().take(SHOWN).collect();
                LogProblem::Unfit { before: shown(&change.before), after: shown(&change.after), unfit }
            })?;
        }
        self.changed_to = (change.place.byte_end, change.place.char_end);
        self.entries.push(Entry::Change(change));
        Ok(())
    }

    fn check_place(&self, place: &super::Place, bytes: usize) -> Result<(), LogProblem> {
        for (start, end) in [(place.byte_start, place.byte_end), (place.char_start, place.char_end)] {
            if start >= end {
                return Err(LogProblem::EmptySpan { start, end });
            }
        }
        if let Some(previous) = self.entries.last().map(|entry| entry.place().byte_start)
            && place.byte_start < previous
        {
            return Err(LogProblem::Unsorted { start: place.byte_start, previous });
        }
        if place.byte_end > bytes {
            return Err(LogProblem::BeyondFile { end: place.byte_end, bytes });
        }
        Ok(())
    }
}

/// The change in `line`, if it is one and nothing is wrong with it.
fn change_in(line: &[u8]) -> Option<ChangeRecord> {
    #[derive(Deserialize)]
    struct Kind<'l> {
        #[serde(rename = "type", borrow)]
        kind: Cow<'l, str>,
    }
    let kind: Kind<'_> = serde_json::from_slice(line).ok()?;
    if kind.kind == "change" { serde_json::from_slice(line).ok() } else { None }
}

fn first(kind: &str, value: serde_json::Value) -> Result<DocumentRecord, LogProblem> {
    if kind != "document" {
        return Err(LogProblem::Foreign);
    }
    match value.get("schema").and_then(serde_json::Value::as_u64) {
        None => return Err(LogProblem::Foreign),
        Some(found) if found != u64::from(SCHEMA) => return Err(LogProblem::Schema { found }),
        Some(_) => {}
    }
    let document: DocumentRecord = record(kind.to_owned(), value)?;
    match document.cleaned_encoding {
        None | Some(crate::document::Encoding::Utf8) => Ok(document),
        Some(_) => Err(LogProblem::CleanedEncoding),
    }
}

fn record<T: for<'de> Deserialize<'de>>(kind: String, value: serde_json::Value) -> Result<T, LogProblem> {
    serde_json::from_value(value).map_err(|error| LogProblem::Record { kind, error })
}
