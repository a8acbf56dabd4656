//! Records with a text among their fields: one line of JSON Lines each.
//!
//! A cleaned record is the record that was read, byte for byte, but for two
//! things: the places that were changed in its text, and one more key at its
//! end, `scanno`, which says what was done. Order and spelling of all other
//! keys, numbers, escapes and blanks stay.
//!
//! ```
//! use scanno::format::record::{Note, Record};
//! use scanno::{Config, Corrector, Document};
//!
//! let line = br#"{ "id": 1.50, "text": "He opened tbe door of the caf\u00e9." }"#;
//! let record = Record::parse(line, "text")?;
//! let document = Document::from_text(record.text().expect("it has a text"));
//! let changes = Corrector::new(Config::default()).correct(&document);
//! let mut out = Vec::new();
//! record.write_cleaned(&document, &changes, Note { original: false, log: false }, &mut out);
//! let expected = r#"{ "id": 1.50, "text": "He opened the door of the caf\u00e9." ,"scanno":{"schema":1,"changes":"#;
//! assert!(out.starts_with(expected.as_bytes()) && out.ends_with(b"}}"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The `scanno` object
//! - `schema`: 1. Fields may be added within a schema.
//! - `skipped`: why the record was passed through, see [`Skip`]; nothing but `schema` stands beside it.
//! - `changes`, `findings`, `estimate`: as in a log's [summary](super::jsonl::SummaryRecord).
//! - `original`: the text as it was, where anything in it was changed.
//! - `log`: the [changes](super::jsonl::ChangeRecord) and [findings](super::jsonl::FindingRecord), as in a log of
//!   their own. Places are places in the original text, its bytes those of UTF-8.
//!
//! `docs/record.schema.json` states the same as JSON Schema.

mod json;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::jsonl::{self, Line};
use crate::change::{Counts, Estimate};
use crate::{ChangeLog, Document};

/// The key, or column, that is added to each record.
pub const KEY: &str = "scanno";

/// The version of the object under [`KEY`].
pub const SCHEMA: u32 = 1;

/// Why a record is passed through without cleaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Skip {
    /// It lacks the field.
    NoField,
    /// The field is null.
    Null,
    /// The field is no string, or one that stands for no text: half a surrogate pair.
    NotText,
    /// At least three quarters of the text are in other languages.
    NotEnglish,
    /// The text is longer than what is taken at once.
    TooLong,
    /// It has a key [`KEY`] already. It is passed through as it is: what stands
    /// there may be the only way back.
    Done,
    /// A fault of this program.
    Failed,
}

impl Skip {
    /// The name in records and reports: `no-field`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoField => "no-field",
            Self::Null => "null",
            Self::NotText => "not-text",
            Self::NotEnglish => "not-english",
            Self::TooLong => "too-long",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Skip {
    /// For people, to follow a number of records.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoField => "without the field",
            Self::Null => "with null",
            Self::NotText => "with no text in the field",
            Self::NotEnglish => "not English",
            Self::TooLong => "too long",
            Self::Done => "cleaned before",
            Self::Failed => "on which scanno failed",
        })
    }
}

/// What is written down of a cleaned record, beside its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text as it was, where it was changed.
    pub original: bool,
    /// The changes and findings.
    pub log: bool,
}

/// A line is no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// It is no JSON.
    #[error("is no valid JSON ({0}); it was passed through as it is")]
    Json(String),
    /// It is JSON, but no object.
    #[error("is no JSON object; it was passed through as it is")]
    NoObject,
}

/// One record, as it stands in its line.
#[derive(Debug)]
pub struct Record<'l> {
    line: &'l [u8],
    /// Where the object ends: its closing brace.
    close: usize,
    is_empty: bool,
    is_done: bool,
    /// The field's value.
    value: Option<&'l RawValue>,
}

impl<'l> Record<'l> {
    /// The record in `line`, whose text is the value of its key `field`. Of
    /// several such keys the last counts, as with most readers of JSON.
    ///
    /// # Errors
    /// The line is no JSON object in UTF-8.
    pub fn parse(line: &'l [u8], field: &str) -> Result<Self, RecordError> {
        let text = std::str::from_utf8(line)
            .map_err(|error| RecordError::Json(format!("byte {} of the line is not UTF-8", error.valid_up_to() + 1)))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let object = json::Object::parse(text.trim_end(), field)?;
        let close = line.iter().rposition(|&b| b == b'}').expect("an object ends so");
        Ok(Self { line, close, is_empty: object.is_empty, is_done: object.has_key, value: object.value })
    }

    /// The field's value, as it is written.
    #[must_use]
    pub fn value(&self) -> Option<&'l str> {
        self.value.map(RawValue::get)
    }

    /// The text to clean.
    ///
    /// # Errors
    /// Why there is none.
    pub fn text(&self) -> Result<String, Skip> {
        if self.is_done {
            return Err(Skip::Done);
        }
        match self.value() {
            None => Err(Skip::NoField),
            Some("null") => Err(Skip::Null),
            Some(value) => serde_json::from_str(value).map_err(|_| Skip::NotText),
        }
    }

    /// Writes the record with the corrections of `changes` made in its text,
    /// which is that of `document`.
    pub fn write_cleaned(&self, document: &Document, changes: &ChangeLog, note: Note, out: &mut Vec<u8>) {
        let Some(value) = self.value else { return self.write_unchanged(out) };
        let raw = value.get();
        let made = changes.corrections().iter().filter(|c| c.decision.is_made());
        let cleaned = json::replace(raw, made.map(|c| (c.span.range(), &*c.after)));
        let start = raw.as_ptr().addr() - self.line.as_ptr().addr();
        out.extend_from_slice(&self.line[..start]);
        out.extend_from_slice(cleaned.as_bytes());
        out.extend_from_slice(&self.line[start + raw.len()..self.close]);
        let original = (note.original && cleaned != raw).then_some(value);
        self.write_end(&|out| write_object(document, changes, original, note.log, out), out);
    }

    /// Writes the record as it is, with the reason for it.
    pub fn write_skipped(&self, skip: Skip, out: &mut Vec<u8>) {
        if self.is_done {
            return self.write_unchanged(out);
        }
        out.extend_from_slice(&self.line[..self.close]);
        self.write_end(&|out| to_json(&Skipped { schema: SCHEMA, skipped: skip }, out), out);
    }

    fn write_unchanged(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.line);
    }

    /// The new key, and what ends the line.
    fn write_end(&self, object: &dyn Fn(&mut Vec<u8>), out: &mut Vec<u8>) {
        out.extend_from_slice(if self.is_empty { b"\"" } else { b",\"" });
        out.extend_from_slice(KEY.as_bytes());
        out.extend_from_slice(b"\":");
        object(out);
        out.extend_from_slice(&self.line[self.close..]);
    }
}

/// The cleaned text of `document`, and the object that says what was done to
/// it, for records that are no lines of JSON.
#[cfg(feature = "parquet")]
pub(crate) fn cleaned(document: &Document, changes: &ChangeLog, note: Note) -> (String, Vec<u8>) {
    let cleaned = changes.apply(document.text());
    let original = (note.original && cleaned != document.text())
        .then(|| serde_json::value::to_raw_value(document.text()).expect("any string can be written"));
    let mut out = Vec::new();
    write_object(document, changes, original.as_deref(), note.log, &mut out);
    (cleaned, out)
}

/// The object that says why a record was passed through.
#[cfg(feature = "parquet")]
pub(crate) fn skipped(skip: Skip) -> Vec<u8> {
    let mut out = Vec::new();
    to_json(&Skipped { schema: SCHEMA, skipped: skip }, &mut out);
    out
}

fn write_object(document: &Document, changes: &ChangeLog, original: Option<&RawValue>, log: bool, out: &mut Vec<u8>) {
    let entries = if log { jsonl::entries(document, changes) } else { Vec::new() };
    let object = Object {
        schema: SCHEMA,
        counts: changes.counts(),
        estimate: changes.estimate().map(jsonl::rounded_estimate),
        original,
        log: log.then(|| entries.iter().map(Line::from).collect()),
    };
    to_json(&object, out);
}

fn to_json(object: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(out, object).expect("memory takes all, and keys are strings");
}

#[derive(Serialize)]
struct Object<'a> {
    schema: u32,
    #[serde(flatten)]
    counts: Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimate: Option<Estimate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Vec<Line<'a>>>,
}

#[derive(Serialize)]
struct Skipped {
    schema: u32,
    skipped: Skip,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;
    use crate::change::{Class, Correction, Decision};
    use serde_json::{Value, json};

    /// The changes that turn each `before` in `text` into its `after`.
    fn changes(text: &str, pairs: &[(&str, &str)]) -> ChangeLog {
        let corrections = pairs.iter().map(|&(before, after)| {
            let start = text.find(before).unwrap();
            Correction {
                span: Span::new(start, start + before.len()),
                before: before.into(),
                after: after.into(),
                class: Class::Substitution,
                rule: "test".into(),
                confidence: 0.9,
                decision: Decision::Applied,
                decided: None,
                alternatives: Vec::new(),
                evidence: Vec::new(),
            }
        });
        ChangeLog::new(corrections.collect(), Vec::new(), None)
    }

    fn cleaned(line: &str, pairs: &[(&str, &str)], note: Note) -> String {
        let record = Record::parse(line.as_bytes(), "text").unwrap();
        let document = Document::from_text(record.text().unwrap());
        let mut out = Vec::new();
        record.write_cleaned(&document, &changes(document.text(), pairs), note, &mut out);
        String::from_utf8(out).unwrap()
    }

    const PLAIN: Note = Note { original: false, log: false };

    #[test]
    fn all_other_bytes_stay() {
        let line = "\u{feff} {\"a\\u0062\" : 1.0e+2, \"text\":\t\"caf\\u00e9 \\/ tbe \\ud83d\\ude00 “x” \\n\", \"z\":[ ]} \r\n";
        let out = cleaned(line, &[("tbe", "the"), ("x", "\"y\"")], PLAIN);
        let expected = line.replace("tbe", "the").replace("“x”", "“\\\"y\\\"”").replace(
            "[ ]}",
            "[ ],\"scanno\":{\"schema\":1,\"changes\":{\"substitution\":{\"applied\":2}},\"findings\":{}}}",
        );
        assert_eq!(out, expected);
    }

    #[test]
    fn a_change_beside_escapes_takes_no_other_byte() {
        let line = r#"{"text":"\ud83d\ude00a\u00e9b"}"#;
        let out: Value = serde_json::from_str(&cleaned(line, &[("a", "x"), ("b", "yy")], PLAIN)).unwrap();
        assert_eq!(out["text"], "😀xéyy");
        let out: Value = serde_json::from_str(&cleaned(line, &[("😀a", ""), ("é", "e")], PLAIN)).unwrap();
        assert_eq!(out["text"], "eb");
    }

    #[test]
    fn the_original_is_kept_as_it_was_written_where_there_was_a_change() {
        let note = Note { original: true, log: true };
        let out = cleaned(r#"{"text":"tbe \u00e9"}"#, &[("tbe", "the")], note);
        assert!(out.contains(r#""original":"tbe \u00e9""#), "{out}");
        let out: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(out["scanno"]["log"][0]["type"], "change");
        assert_eq!(out["scanno"]["log"][0]["byte_end"], 3);
        let out: Value = serde_json::from_str(&cleaned(r#"{"text":"the"}"#, &[], note)).unwrap();
        assert_eq!(out["scanno"], json!({"schema": 1, "changes": {}, "findings": {}, "log": []}));
    }

    #[test]
    fn what_has_no_text_is_passed_through_with_the_reason() {
        for (line, reason) in [
            ("{}", Skip::NoField),
            (r#"{"Text":"x"} "#, Skip::NoField),
            (r#"{"text": null}"#, Skip::Null),
            (r#"{"text":["x"]}"#, Skip::NotText),
            (r#"{"text":"\ud800"}"#, Skip::NotText),
        ] {
            let record = Record::parse(line.as_bytes(), "text").unwrap();
            assert_eq!(record.text(), Err(reason), "{line}");
            let mut out = Vec::new();
            record.write_skipped(reason, &mut out);
            let out = String::from_utf8(out).unwrap();
            assert!(out.starts_with(line.trim_end().trim_end_matches('}')), "{out}");
            assert_eq!(out.ends_with(' '), line.ends_with(' '));
            if reason != Skip::NotText {
                let out: Value = serde_json::from_str(&out).unwrap();
                assert_eq!(out["scanno"], json!({"schema": 1, "skipped": reason.name()}));
            }
        }
    }

    #[test]
    fn a_record_that_was_cleaned_is_left_alone() {
        let line = br#"{"text":"tbe","scanno":{"original":"tlie"}}"#;
        let record = Record::parse(line, "text").unwrap();
        assert_eq!(record.text(), Err(Skip::Done));
        let mut out = Vec::new();
        record.write_skipped(Skip::Done, &mut out);
        assert_eq!(out, line);
    }

    #[test]
    fn what_is_no_record_is_told() {
        let error = |line: &[u8]| Record::parse(line, "text").unwrap_err();
        assert_eq!(error(b"[1]"), RecordError::NoObject);
        assert_eq!(error(b"\"text\""), RecordError::NoObject);
        for line in [&b"{\"text\":\"x"[..], b"", b"{} {}", b"{\"a\":1,}", b"{\"a\":\xff}", b"{\"a\" 1}", b"}"] {
            assert!(matches!(error(line), RecordError::Json(_)), "{}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn of_several_keys_the_last_counts() {
        let out = cleaned(r#"{"text":"tbe a","text":"tbe b"}"#, &[("tbe", "the")], PLAIN);
        assert!(out.starts_with(r#"{"text":"tbe a","text":"the b","scanno""#), "{out}");
    }
}
