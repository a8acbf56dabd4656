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
        let mut from = 0;
        for c in self.corrections().iter().filter(|c| c.decision.is_made()) {
            let place = positions.at(c.span.start);
            let Some(bytes) = encoding.encode(&c.after) else {
                let (before, after) = (c.before.clone(), c.after.clone());
                return Err(Unencodable { place, before, after, encoding });
            };
            if encoding != source {
                convert(document.text(), from..c.span.start, &positions, &mut edits);
            }
            edits.push(Edit { range: place.byte..positions.at(c.span.end).byte, bytes });
            from = c.span.end;
        }
        if encoding != source {
            convert(document.text(), from..document.text().len(), &positions, &mut edits);
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
/// Windows-1252, to UTF-8: one for each run of characters beyond ASCII.
fn convert(text: &str, range: Range<usize>, positions: &crate::document::Positions<'_>, edits: &mut Vec<Edit<'_>>) {
    let mut rest = range;
    while let Some(start) = text[rest.clone()].find(|c: char| !c.is_ascii()) {
        let start = rest.start + start;
        let length = text[start..rest.end].find(|c: char| c.is_ascii()).unwrap_or(rest.end - start);
        rest.start = start + length;
        let bytes = Cow::Owned(text.as_bytes()[start..rest.start].to_vec());
        edits.push(Edit { range: positions.at(start).byte..positions.at(rest.start).byte, bytes });
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
