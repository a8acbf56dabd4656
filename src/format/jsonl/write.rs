//! From a document and its corrections to a [`Log`] and its file.

use std::io;

use serde::Serialize;

use super::{ChangeRecord, Context, DocumentRecord, Entry, FindingRecord, Log, Place, SCHEMA, SummaryRecord};
use crate::{
    ChangeLog, Correction, Document, Span,
    change::{Alternative, Estimate, Evidence, Target, Unencodable, splice},
    document::{Positions, sha256},
};

/// Code points of context on each side of a change: about half a line of print.
pub const CONTEXT_CHARS: usize = 40;

/// What a log says about how it came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The file as the user named it; `-` for standard input.
    pub path: String,
    /// Name and version of the language data.
    pub data: String,
    /// The options that had a part in the result.
    pub config: serde_json::Value,
}

/// A record as it is written: the kind first, then the fields.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(in crate::format) enum Line<'a> {
    Document(&'a DocumentRecord),
    Change(&'a ChangeRecord),
    Finding(&'a FindingRecord),
    Summary(&'a SummaryRecord),
}

impl<'a> From<&'a Entry> for Line<'a> {
    fn from(entry: &'a Entry) -> Self {
        match entry {
            Entry::Change(change) => Self::Change(change),
            Entry::Finding(finding) => Self::Finding(finding),
        }
    }
}

impl Log {
    /// The log of `changes`, which were found in `document`, and of the cleaned
    /// file, which is in the encoding that `target` says.
    ///
    /// # Errors
    /// A correction is made that the target encoding cannot hold. Call
    /// [`ChangeLog::hold_back_unencodable`] first to have none.
    pub fn new(document: &Document, changes: &ChangeLog, header: Header, target: Target) -> Result<Self, Unencodable> {
        Ok(Self::with_cleaned(document, changes, header, target)?.0)
    }

    /// [`Log::new`], with the bytes of the cleaned file, which have to be made
    /// for their hash anyway.
    ///
    /// # Errors
    /// As of [`Log::new`].
    pub fn with_cleaned(
        document: &Document,
        changes: &ChangeLog,
        header: Header,
        target: Target,
    ) -> Result<(Self, Vec<u8>), Unencodable> {
        let bytes = document.to_bytes();
        let cleaned = splice(&bytes, &changes.edits(document, target)?);
        let encoding = document.encoding();
        let cleaned_encoding = target.encoding(encoding);
        let log = Self {
            document: DocumentRecord {
                schema: SCHEMA,
                path: header.path,
                encoding,
                byte_order_mark: !document.byte_order_mark().is_empty(),
                cleaned_encoding: (cleaned_encoding != encoding).then_some(cleaned_encoding),
                bytes: bytes.len(),
                sha256: sha256(&bytes),
                scanno: env!("CARGO_PKG_VERSION").to_owned(),
                data: header.data,
                config: header.config,
            },
            entries: entries(document, changes),
            summary: SummaryRecord {
                cleaned_sha256: sha256(&cleaned),
                cleaned_bytes: cleaned.len(),
                counts: changes.counts(),
                estimate: changes.estimate().map(rounded_estimate),
            },
        };
        Ok((log, cleaned))
    }

    /// Writes the log, one record a line.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write(&self, mut out: impl io::Write) -> io::Result<()> {
        write_line(&mut out, &Line::Document(&self.document))?;
        for entry in &self.entries {
            write_line(&mut out, &Line::from(entry))?;
        }
        write_line(&mut out, &Line::Summary(&self.summary))
    }

    /// The log's file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes).expect("writing to memory does not fail");
        bytes
    }
}

fn write_line(out: &mut impl io::Write, line: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// Changes and findings merged in the order of the text.
pub(in crate::format) fn entries(document: &Document, changes: &ChangeLog) -> Vec<Entry> {
    let positions = document.positions();
    let mut findings = changes.findings().iter().peekable();
    let mut entries = Vec::with_capacity(changes.corrections().len() + changes.findings().len());
    let finding = |f: &crate::change::Finding| {
        Entry::Finding(FindingRecord {
            place: place(&positions, f.span),
            text: f.text.clone(),
            class: f.class,
            reason: f.reason.clone(),
        })
    };
    for c in changes.corrections() {
        while let Some(f) = findings.next_if(|f| f.span.start < c.span.start) {
            entries.push(finding(f));
        }
        entries.push(Entry::Change(change(document, &positions, c)));
    }
    entries.extend(findings.map(finding));
    entries
}

fn change(document: &Document, positions: &Positions<'_>, c: &Correction) -> ChangeRecord {
    ChangeRecord {
        place: place(positions, c.span),
        before: c.before.clone(),
        after: c.after.clone(),
        class: c.class,
        rule: c.rule.clone(),
        confidence: probability(c.confidence),
        decision: c.decision,
        decided: c.decided.as_deref().cloned(),
        alternatives: c
            .alternatives
            .iter()
            .map(|a| Alternative { text: a.text.clone(), confidence: probability(a.confidence) })
            .collect(),
        evidence: c
            .evidence
            .iter()
            .map(|e| Evidence { observed: e.observed.clone(), intended: e.intended.clone(), cost: cost(e.cost) })
            .collect(),
        context: context(document.text(), c.span),
    }
}

fn place(positions: &Positions<'_>, span: Span) -> Place {
    let (start, end) = (positions.at(span.start), positions.at(span.end));
    Place {
        byte_start: start.byte,
        byte_end: end.byte,
        char_start: start.char,
        char_end: end.char,
        line: start.line,
        column: start.column,
    }
}

fn context(text: &str, span: Span) -> Context {
    let (left, right) = (&text[..span.start], &text[span.end..]);
    let from = left.char_indices().rev().nth(CONTEXT_CHARS - 1).map_or(0, |(at, _)| at);
    let to = right.char_indices().nth(CONTEXT_CHARS).map_or(right.len(), |(at, _)| at);
    Context { left: left[from..].to_owned(), right: right[..to].to_owned() }
}

pub(in crate::format) fn rounded_estimate(estimate: Estimate) -> Estimate {
    Estimate { before: probability(estimate.before), after: probability(estimate.after), ..estimate }
}

/// `p` within 0..1 and with four decimals; 0 if it is no number.
fn probability(p: f64) -> f64 {
    rounded(p, 1.0, 1e4)
}

/// `nats` with three decimals, within 0 and a million: JSON knows no infinity.
fn cost(nats: f64) -> f64 {
    rounded(nats, 1e6, 1e3)
}

fn rounded(number: f64, most: f64, scale: f64) -> f64 {
    if number.is_nan() { 0.0 } else { (number.clamp(0.0, most) * scale).round() / scale }
}
