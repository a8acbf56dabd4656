//! The records of a log, field by field, in the order in which they are written.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::{
    change::{Alternative, Class, Counts, Decided, Decision, Estimate, Evidence, FindingClass, Target},
    document::Encoding,
};

/// The version of the format that is written and read.
pub const SCHEMA: u32 = 1;

/// A change log: what was changed in one file.
///
/// Made by [`Log::new`] from a document and its corrections, or by
/// [`Log::read`] from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    pub(super) document: DocumentRecord,
    pub(super) entries: Vec<Entry>,
    pub(super) summary: SummaryRecord,
}

impl Log {
    /// Which file the log is of.
    #[must_use]
    pub fn document(&self) -> &DocumentRecord {
        &self.document
    }

    /// Changes and findings, in the order of the text.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The changes, in the order of the text.
    pub fn changes(&self) -> impl Iterator<Item = &ChangeRecord> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Change(change) => Some(change),
            Entry::Finding(_) => None,
        })
    }

    /// The last record.
    #[must_use]
    pub fn summary(&self) -> &SummaryRecord {
        &self.summary
    }

    /// The encoding of the cleaned file, in relation to the original's.
    #[must_use]
    pub fn target(&self) -> Target {
        if self.document.cleaned_encoding.is_some() { Target::Utf8 } else { Target::AsRead }
    }
}

/// The first record: which file the log is of, and how it was read.
///
/// ```json
/// {"type":"document","schema":1,"path":"letter.txt","encoding":"windows-1252","byte_order_mark":false,"bytes":1843,"sha256":"9f86…","scanno":"0.1.0","data":"en 2026-11","config":{"level":"balanced"}}
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// Version of the format, [`SCHEMA`].
    pub schema: u32,
    /// The file as the user named it; `-` for standard input. For people: no
    /// program needs it, and bytes that are no UTF-8 are written as U+FFFD.
    pub path: String,
    /// How the file's bytes encode the text: `utf-8`, `utf-16le`, `utf-16be` or
    /// `windows-1252`.
    pub encoding: Encoding,
    /// True if the file begins with a byte order mark: EF BB BF in UTF-8, FF FE
    /// or FE FF in UTF-16. `byte_*` count it, `char_*` do not.
    #[serde(default)]
    pub byte_order_mark: bool,
    /// Only if the cleaned file is in another encoding than the original
    /// (`--to-utf8`): always `utf-8`, and then without byte order mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleaned_encoding: Option<Encoding>,
    /// Length of the original file, in bytes, byte order mark included.
    pub bytes: usize,
    /// SHA-256 of the original file's bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Version of the program that wrote the log.
    pub scanno: String,
    /// Name and version of the language data that it used.
    pub data: String,
    /// The options that had a part in the result, as the program's
    /// configuration file would state them.
    pub config: serde_json::Value,
}

/// A record between the first and the last.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// `"type":"change"`.
    Change(ChangeRecord),
    /// `"type":"finding"`.
    Finding(FindingRecord),
}

impl Entry {
    /// Where it lies.
    #[must_use]
    pub fn place(&self) -> &Place {
        match self {
            Self::Change(change) => &change.place,
            Self::Finding(finding) => &finding.place,
        }
    }
}

/// Where something lies in the ORIGINAL file; see [the module](super) for the
/// rules. These are fields of the records themselves, not an object of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// First byte, in bytes of the original file from 0.
    pub byte_start: usize,
    /// One past the last byte, in bytes of the original file; greater than `byte_start`.
    pub byte_end: usize,
    /// First character, in code points of the text from 0, byte order mark not counted.
    pub char_start: usize,
    /// One past the last character, in code points of the text.
    pub char_end: usize,
    /// Line in which it begins, from 1.
    pub line: usize,
    /// Column in which it begins, from 1, in code points.
    pub column: usize,
}

/// A correction, made or not.
///
/// ```json
/// {"type":"change","byte_start":4,"byte_end":8,"char_start":4,"char_end":8,"line":1,"column":5,"before":"honse","after":"house","class":"substitution","rule":"confusion","confidence":0.9812,"decision":"applied","alternatives":[{"text":"horse","confidence":0.0102}],"evidence":[{"observed":"n","intended":"u","cost":3.912}],"context":{"left":"The ","right":" stood"}}
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeRecord {
    /// Where it lies.
    #[serde(flatten)]
    pub place: Place,
    /// What stands there in the original; never empty. Applying checks it.
    pub before: CompactString,
    /// What it becomes. Empty only if a person deletes it.
    pub after: CompactString,
    /// What kind of error it mends.
    pub class: Class,
    /// The candidate generator that proposed it.
    pub rule: CompactString,
    /// Probability 0..1 that `after` is right.
    pub confidence: f64,
    /// `applied` or `suggested` by the program, `accepted` or `rejected` by a
    /// person. The cleaned file holds what is `applied` or `accepted`.
    pub decision: Decision,
    /// Only if a person decided: `by`, the name, and `at`, the time as in
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
    /// Other readings that were weighed, best first, each with its confidence;
    /// leaving the text alone is not among them.
    #[serde(default)]
    pub alternatives: Vec<Alternative>,
    /// The character operations between `after` and `before`, from left to
    /// right: the engine wrote `observed` where the page has `intended`, at
    /// `cost` nats. What is the same in both is not listed.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// The text around it. For people: nothing checks it.
    #[serde(default)]
    pub context: Context,
}

/// The original text around a change, up to
/// [`CONTEXT_CHARS`](super::CONTEXT_CHARS) code points on each side, line ends
/// included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// What stands directly before it.
    pub left: String,
    /// What stands directly after it.
    pub right: String,
}

/// Something that is wrong or doubtful, for which nothing is proposed.
///
/// ```json
/// {"type":"finding","byte_start":97,"byte_end":142,"char_start":97,"char_end":141,"line":3,"column":1,"text":"la maison qui est sur la rive de la rivière,","class":"not-english","reason":"French, by its small words: la, qui, est, sur"}
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRecord {
    /// Where it lies.
    #[serde(flatten)]
    pub place: Place,
    /// What stands there; long passages may be cut short.
    pub text: String,
    /// What kind of trouble it is.
    pub class: FindingClass,
    /// Why, in a few words.
    pub reason: String,
}

/// The last record: what came of it all.
///
/// ```json
/// {"type":"summary","cleaned_sha256":"60303…","cleaned_bytes":1843,"changes":{"substitution":{"applied":1}},"findings":{"not-english":1},"estimate":{"words":312,"before":0.04,"after":0.02}}
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SummaryRecord {
    /// SHA-256 of the cleaned file's bytes, 64 lower-case hexadecimal digits.
    /// Equal to the document's if nothing was changed.
    pub cleaned_sha256: String,
    /// Length of the cleaned file, in bytes.
    pub cleaned_bytes: usize,
    /// `changes`: numbers of changes by class and decision; `findings`: numbers
    /// of findings by class. For people: nothing checks them.
    #[serde(flatten)]
    pub counts: Counts,
    /// Estimated share of wrong words (0..1) in the original (`before`) and in
    /// the cleaned text (`after`), rounded to four decimals, and the number of
    /// `words` judged; missing where no estimate was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
}
