//! Why each change was made, for people.
use std::io;

use crate::{ChangeLog, Document};

/// Writes a short paragraph for every correction and finding.
///
/// # Errors
/// What `out` reports.
pub fn write(out: impl io::Write, path: &str, document: &Document, log: &ChangeLog) -> io::Result<()> {
    let _ = (out, path, document, log);
    todo!()
}
