//! What came of a document, in a few lines.
use std::io;

use crate::change::{Counts, Estimate};

/// Writes the summary of one document, or of several added up.
///
/// # Errors
/// What `out` reports.
pub fn write(out: impl io::Write, name: &str, counts: &Counts, estimate: Option<Estimate>) -> io::Result<()> {
    let _ = (out, name, counts, estimate);
    todo!()
}
