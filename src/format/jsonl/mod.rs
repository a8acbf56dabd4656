//! The change log as a file: JSON Lines, one record a line.
//!
//! A [`Log`] says what was changed in one file, where and why, and is enough to
//! make the cleaned file from the original and the original from the cleaned
//! file, byte for byte. It is UTF-8 without byte order mark; every record is
//! one JSON object on one line, ended by a line feed, with its kind in `type`:
//!
//! 1. one [`DocumentRecord`] (`"type":"document"`): which file, read how;
//! 2. a [`ChangeRecord`] (`"type":"change"`) for every correction, made or not,
//!    and a [`FindingRecord`] (`"type":"finding"`) for everything that is wrong
//!    but for which nothing is proposed, in the order of the text;
//! 3. one [`SummaryRecord`] (`"type":"summary"`): the cleaned file's hash. A log
//!    without it was cut off, and is refused.
//!
//! # Places
//! Every place is given three times, so that no reader has to convert:
//!
//! - `byte_start`, `byte_end`: bytes of the original FILE, from 0, its byte
//!   order mark included. The interval is half-open: `byte_start` is the first
//!   byte, `byte_end` is one past the last.
//! - `char_start`, `char_end`: Unicode code points of the decoded text, from 0,
//!   half-open; a byte order mark is not counted. In Python, with the file read
//!   as `text`, `text[char_start:char_end]` is what was there. (Open it with
//!   `newline=""`, or Python turns `\r\n` into one character.)
//! - `line`, `column`: where the place begins, both from 1, the column in code
//!   points. Lines end with a line feed, as for `grep -n` and `diff`.
//!
//! Places never count in the cleaned file. Changes are sorted and disjoint, and
//! none is empty. Findings may overlap changes and one another; at the same
//! start, a change stands before a finding.
//!
//! # Numbers
//! A confidence is a probability 0..1, rounded to four decimals; a cost is in
//! nats (−ln of a probability), rounded to three. Rounding is part of the
//! format, so that every machine writes the same bytes.
//!
//! # Editing a log
//! A person, or a program in a person's name, may change `decision` from
//! `applied` or `suggested` to `accepted` or `rejected` and say so in `decided`,
//! and may change `after`. [`Log::apply`] then makes another text than before;
//! [`Log::apply_updated`] also gives the log that leads back from it. Nothing
//! else may be edited.
//!
//! # Versions
//! `schema` is 1. Fields may be added within a schema: readers skip those that
//! they do not know. Anything else raises the number, and readers refuse
//! numbers that they do not know. `docs/change-log.schema.json` states the same
//! as JSON Schema.

mod read;
mod record;
mod replay;
mod write;

pub use read::{LogError, LogProblem};
pub use record::{ChangeRecord, Context, DocumentRecord, Entry, FindingRecord, Log, Place, SCHEMA, SummaryRecord};
pub use replay::ReplayError;
pub use write::{CONTEXT_CHARS, Header};
