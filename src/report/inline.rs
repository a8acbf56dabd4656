//! Changes within their lines, for terminals.
use std::io;

use crate::{ChangeLog, Document};

/// Writes each changed line once. Styles are written in any case: give a stream that strips them (anstream).
///
/// # Errors
/// What `out` reports.
pub fn write(out: impl io::Write, path: &str, document: &Document, log: &ChangeLog) -> io::Result<()> {
    let _ = (out, path, document, log);
    todo!()
}
