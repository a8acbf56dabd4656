//! Unified diff.
use std::io;

use crate::change::Edit;

/// Writes the differences that `edits` make in `original` as a unified diff
/// with the name `path`; nothing if they make none.
///
/// # Errors
/// What `out` reports.
pub fn write(out: impl io::Write, path: &str, original: &[u8], edits: &[Edit<'_>]) -> io::Result<()> {
    let _ = (out, path, original, edits);
    todo!()
}
