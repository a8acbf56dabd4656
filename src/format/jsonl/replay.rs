//! From the original to the cleaned file and back.
//!
//! Nothing is made from a log before the hash of the whole file has shown that
//! it is the file the log speaks of, and what is made backwards is compared
//! with the original's hash: the result is right or there is none.

use super::{Entry, Log, Place};
use crate::{
    ChangeLog, Correction, Document, Span,
    change::{Decided, Decision, Finding, Maker, Target, Unencodable},
    document::{DecodeError, Positions, sha256},
};

/// Why a log cannot be used on a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// `apply` was given the cleaned file.
    #[error("this is the file as already cleaned with this log; apply needs the original (revert makes it)")]
    AlreadyCleaned,
    /// `revert` was given the original.
    #[error("this is the original already; there is nothing to revert")]
    AlreadyOriginal,
    /// The file is neither the original nor the cleaned one.
    #[error(
        "the log is stale: the file is not the {expected} it was made for \
         ({found_bytes} bytes, the log says {expected_bytes}{}); clean the original again",
        if found_bytes == expected_bytes { ", but others" } else { "" }
    )]
    Stale {
        /// `original` or `cleaned file`.
        expected: &'static str,
        /// Length of the file, in bytes.
        found_bytes: usize,
        /// Length that the log states, in bytes.
        expected_bytes: usize,
    },
    /// The hashes are right, but a place or text in the log is not: it was edited.
    #[error("the log was edited: its change at line {line}, column {column} of the original does not fit ({reason})")]
    Misplaced {
        /// Line in the original, from 1, as the log states it.
        line: usize,
        /// Column in the original, from 1, as the log states it.
        column: usize,
        /// What does not fit.
        reason: String,
    },
    /// Decisions or replacements were edited after the cleaned file was made.
    #[error("the log was edited after this file was made with it; only the log written with the file leads back")]
    Edited,
    /// A correction is to be made that the file's encoding cannot hold.
    #[error(transparent)]
    Unencodable(#[from] Unencodable),
    /// The file has the right hash but not the encoding that the log states.
    #[error("the log was edited: {0}")]
    Decode(#[from] DecodeError),
}

impl Log {
    /// Makes the cleaned file: every change that is `applied` or `accepted`.
    /// If decisions were edited in the log, the result is not the file that the
    /// summary speaks of; see [`Log::apply_updated`].
    ///
    /// # Errors
    /// `original` is not the original, to the byte, or the log does not fit it.
    pub fn apply(&self, original: &[u8]) -> Result<Vec<u8>, ReplayError> {
        let (document, changes) = self.open(original)?;
        Ok(changes.clean(&document, self.target())?)
    }

    /// [`Log::apply`], with the log that leads back from the result: the same
    /// log, its summary made anew.
    ///
    /// # Errors
    /// As of [`Log::apply`].
    pub fn apply_updated(&self, original: &[u8]) -> Result<(Vec<u8>, Self), ReplayError> {
        let (document, changes) = self.open(original)?;
        let cleaned = changes.clean(&document, self.target())?;
        let mut log = self.clone();
        log.summary.cleaned_sha256 = sha256(&cleaned);
        log.summary.cleaned_bytes = cleaned.len();
        log.summary.counts = changes.counts();
        Ok((cleaned, log))
    }

    /// Takes back the changes that `maker` made, and no others: the log with
    /// these rejected by the person that `decided` names. What it speaks of is
    /// made by [`Log::apply_updated`].
    #[must_use]
    pub fn without(&self, maker: Maker, decided: &Decided) -> Self {
        let mut log = self.clone();
        for entry in &mut log.entries {
            if let Entry::Change(change) = entry
                && change.decision.maker() == Some(maker)
            {
                change.decision = Decision::Rejected;
                change.decided = Some(decided.clone());
            }
        }
        log
    }

    /// The document in `original` and the log's corrections and findings in it,
    /// as [`Corrector::correct`](crate::Corrector::correct) gave them (but for
    /// rounding). For going on with: reviewing, explaining, applying.
    ///
    /// # Errors
    /// `original` is not the original, to the byte, or the log does not fit it.
    pub fn open(&self, original: &[u8]) -> Result<(Document, ChangeLog), ReplayError> {
        self.check_original(original)?;
        let document = Document::read_as(original, self.document.encoding, self.document.byte_order_mark)?;
        let positions = document.positions();
        let (mut corrections, mut findings) = (Vec::new(), Vec::new());
        for entry in &self.entries {
            let span = span(&positions, entry.place())?;
            match entry {
                Entry::Change(change) => {
                    let found = document.slice(span);
                    if found != change.before {
                        return Err(misplaced(
                            &change.place,
                            format!("it says {:?}, the file has {found:?}", change.before),
                        ));
                    }
                    corrections.push(Correction {
                        span,
                        before: change.before.clone(),
                        after: change.after.clone(),
                        class: change.class,
                        rule: change.rule.clone(),
                        confidence: change.confidence,
                        decision: change.decision,
                        decided: change.decided.clone().map(Box::new),
                        alternatives: change.alternatives.clone(),
                        evidence: change.evidence.clone(),
                    });
                }
                Entry::Finding(finding) => findings.push(Finding {
                    span,
                    text: finding.text.clone(),
                    class: finding.class,
                    reason: finding.reason.clone(),
                }),
            }
        }
        drop(positions);
        Ok((document, ChangeLog::new(corrections, findings, self.summary.estimate)))
    }

    /// Makes the original file.
    ///
    /// # Errors
    /// `cleaned` is not the file made with exactly this log.
    pub fn revert(&self, cleaned: &[u8]) -> Result<Vec<u8>, ReplayError> {
        self.check_cleaned(cleaned)?;
        let encoding = self.document.encoding;
        let is_same = self.target() == Target::AsRead;
        let mark = is_same && self.document.byte_order_mark;
        let cleaned =
            Document::read_as(cleaned, self.target().encoding(encoding), mark).map_err(|_| ReplayError::Edited)?;
        let mut text = String::with_capacity(cleaned.text().len());
        // What is not changed has as many code points in both files.
        let mut rest = cleaned.text();
        let mut chars = 0;
        for change in self.changes().filter(|change| change.decision.is_made()) {
            let kept = change.place.char_start.checked_sub(chars).ok_or(ReplayError::Edited)?;
            let (unchanged, from_here) = split_at_char(rest, kept).ok_or(ReplayError::Edited)?;
            rest = from_here.strip_prefix(&*change.after).ok_or(ReplayError::Edited)?;
            text.push_str(unchanged);
            text.push_str(&change.before);
            chars = change.place.char_end;
        }
        text.push_str(rest);
        let mut original = Vec::with_capacity(text.len());
        if self.document.byte_order_mark {
            original.extend_from_slice(encoding.byte_order_mark());
        }
        original.extend_from_slice(&encoding.encode(&text).ok_or(ReplayError::Edited)?);
        if sha256(&original) == self.document.sha256 { Ok(original) } else { Err(ReplayError::Edited) }
    }

    fn check_original(&self, bytes: &[u8]) -> Result<(), ReplayError> {
        let hash = sha256(bytes);
        if hash == self.document.sha256 {
            Ok(())
        } else if hash == self.summary.cleaned_sha256 {
            Err(ReplayError::AlreadyCleaned)
        } else {
            let (found_bytes, expected_bytes) = (bytes.len(), self.document.bytes);
            Err(ReplayError::Stale { expected: "original", found_bytes, expected_bytes })
        }
    }

    fn check_cleaned(&self, bytes: &[u8]) -> Result<(), ReplayError> {
        let hash = sha256(bytes);
        if hash == self.summary.cleaned_sha256 {
            Ok(())
        } else if hash == self.document.sha256 {
            Err(ReplayError::AlreadyOriginal)
        } else {
            let (found_bytes, expected_bytes) = (bytes.len(), self.summary.cleaned_bytes);
            Err(ReplayError::Stale { expected: "cleaned file", found_bytes, expected_bytes })
        }
    }
}

/// The span at `place`, if all that the log says about it agrees.
fn span(positions: &Positions<'_>, place: &Place) -> Result<Span, ReplayError> {
    let end = |byte| positions.text_offset(byte);
    let (Some(start), Some(end)) = (end(place.byte_start), end(place.byte_end)) else {
        return Err(misplaced(place, "it begins or ends inside a character".to_owned()));
    };
    let (first, last) = (positions.at(start), positions.at(end));
    if (first.char, last.char) != (place.char_start, place.char_end) {
        return Err(misplaced(place, "its byte and character offsets disagree".to_owned()));
    }
    if (first.line, first.column) != (place.line, place.column) {
        return Err(misplaced(place, format!("that is line {}, column {}", first.line, first.column)));
    }
    if start >= end {
        return Err(misplaced(place, "it is empty".to_owned()));
    }
    Ok(Span::new(start, end))
}

fn misplaced(place: &Place, reason: String) -> ReplayError {
    ReplayError::Misplaced { line: place.line, column: place.column, reason }
}

/// `text` before and after its first `chars` code points, if it has so many.
fn split_at_char(text: &str, chars: usize) -> Option<(&str, &str)> {
    let at = match text.char_indices().nth(chars) {
        Some((at, _)) => at,
        None if text.chars().count() == chars => text.len(),
        None => return None,
    };
    Some(text.split_at(at))
}
