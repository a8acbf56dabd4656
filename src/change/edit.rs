//! [`Edit`]: a change as bytes of the file, which every view of the cleaned
//! file is made from.

use std::{borrow::Cow, ops::Range};

use super::ChangeLog;
use crate::{
    Document,
    document::{Encoding, Position},
};

/// The encoding of the cleaned file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Target {
    /// That of the original, byte order mark included.
    #[default]
    AsRead,
    /// UTF-8, without byte order mark unless the original is UTF-8 with one:
    /// a file that is UTF-8 already is not converted.
    Utf8,
}

impl Target {
    /// The encoding of the cleaned file, made from a file in `original`.
    #[must_use]
    pub fn encoding(self, original: Encoding) -> Encoding {
        match self {
            Self::AsRead => original,
            Self::Utf8 => Encoding::Utf8,
        }
    }
}

/// A replacement in the bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<'a> {
    /// What is replaced, in bytes of the original file; half-open, never empty.
    pub range: Range<usize>,
    /// The bytes that take its place.
    pub bytes: Cow<'a, [u8]>,
}

/// A correction is to be made that the encoding of the file cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {}, column {}: `{after}` for `{before}` cannot be written in {encoding}; \
     reject the change or convert the file with --to-utf8",
    place.line,
    place.column
)]
pub struct Unencodable {
    /// Where the correction lies.
    pub place: Position,
    /// What stands there.
    pub before: String,
    /// What cannot be written.
    pub after: String,
    /// The encoding.
    pub encoding: Encoding,
}

impl ChangeLog {
    /// The edits that make the cleaned file from the file of `document`, the
    /// document that the log was made from: sorted and disjoint.
    ///
    /// # Errors
    /// A correction is made that the target encoding cannot hold. Call
    /// [`ChangeLog::hold_back_unencodable`] first to have none.
    pub fn edits(&self, document: &Document, target: Target) -> Result<Vec<Edit<'_>>, Unencodable> {
        let source = document.encoding();
        let encoding = target.encoding(source);
        let positions = document.positions();
        if encoding != source && source != Encoding::Windows1252 {
            let cleaned = self.apply(document.text()).into_bytes();
            let length = positions.at(document.text().len()).byte;
            return Ok(vec![Edit { range: 0..length, bytes: Cow::Owned(cleaned) }]);
        }
        let mut edits = Vec::new();
        let (mut from, mut from_byte) = (0, 0);
        for c in self.corrections().iter().filter(|c| c.decision.is_made()) {
            let place = positions.at(c.span.start);
            let Some(bytes) = encoding.encode(&c.after) else {
                let (before, after) = (c.before.to_string(), c.after.to_string());
                return Err(Unencodable { place, before, after, encoding });
            };
            if encoding != source {
                convert(document.text(), from..c.span.start, from_byte, &mut edits);
            }
            (from, from_byte) = (c.span.end, positions.at(c.span.end).byte);
            edits.push(Edit { range: place.byte..from_byte, bytes });
        }
        if encoding != source {
            convert(document.text(), from..document.text().len(), from_byte, &mut edits);
        }
        Ok(edits)
    }

    /// The bytes of the cleaned file, made from the file of `document`, the
    /// document that the log was made from.
    ///
    /// # Errors
    /// As of [`ChangeLog::edits`].
    pub fn clean(&self, document: &Document, target: Target) -> Result<Vec<u8>, Unencodable> {
        Ok(splice(&document.to_bytes(), &self.edits(document, target)?))
    }
}

/// Adds the edits that turn `range` of `text`, which the file holds in
/// Windows-1252 from its byte `at` on, to UTF-8: one for each run of characters
/// beyond ASCII. There may be millions, so bytes are counted along the way.
fn convert(text: &str, range: Range<usize>, mut at: usize, edits: &mut Vec<Edit<'_>>) {
    let mut rest = &text[range];
    while let Some(start) = rest.find(|c: char| !c.is_ascii()) {
        let (run, after) = {
            let from = &rest[start..];
            from.split_at(from.find(|c: char| c.is_ascii()).unwrap_or(from.len()))
        };
        let first = at + start;
        // In this encoding a character is a byte.
        at = first + run.chars().count();
        edits.push(Edit { range: first..at, bytes: Cow::Owned(run.as_bytes().to_vec()) });
        rest = after;
    }
}

/// `original` with `edits` made, which must be sorted and disjoint.
///
/// # Panics
/// If they are not, or reach beyond `original`.
#[must_use]
pub fn splice(original: &[u8], edits: &[Edit<'_>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(original.len());
    let mut from = 0;
    for edit in edits {
        out.extend_from_slice(&original[from..edit.range.start]);
        out.extend_from_slice(&edit.bytes);
        from = edit.range.end;
    }
    out.extend_from_slice(&original[from..]);
    out
}
