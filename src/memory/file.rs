//! A memory's file: read, and what is to be added to it.

use super::{Memory, Neighbors, Remembered, Ruled};
use crate::ChangeLog;
use crate::change::{Decided, Decision};

/// Why a file is no memory that can be used.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: no decision or word, as a memory has one a line: {error}")]
pub struct MemoryError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub error: serde_json::Error,
}

/// Reads a memory's file. A last line that was cut off, as by a crash, counts for nothing.
///
/// # Errors
/// The first line that is wrong.
pub fn read(bytes: &[u8]) -> Result<Vec<Remembered>, MemoryError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines: Vec<&[u8]> = bytes.split(|&b| b == b'\n').collect();
    let mut out = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()) {
        match serde_json::from_slice::<Remembered>(line) {
            Ok(Remembered::Change(ruled)) if !matches!(ruled.decision, Decision::Accepted | Decision::Rejected) => {
                let error = serde::de::Error::custom("`decision` is neither `accepted` nor `rejected`");
                return Err(MemoryError { line: index + 1, error });
            }
            Ok(remembered) => out.push(remembered),
            Err(error) if index + 1 == lines.len() && error.is_eof() => {}
            Err(error) => return Err(MemoryError { line: index + 1, error }),
        }
    }
    Ok(out)
}

/// The lines of `remembered`, to be added to a memory's file.
#[must_use]
pub fn to_lines(remembered: &[Remembered]) -> String {
    remembered.iter().map(|line| serde_json::to_string(line).expect("writing to memory does not fail") + "\n").collect()
}

/// What people have decided in `changes`, corrections of `text`, and `memory`
/// does not know; `unnamed` stands for whoever has not said who and when.
#[must_use]
pub fn of_changes(text: &str, changes: &ChangeLog, memory: &Memory, unnamed: &Decided) -> Vec<Remembered> {
    let mut out: Vec<Remembered> = Vec::new();
    for c in changes.corrections() {
        let is_decided = matches!(c.decision, Decision::Accepted | Decision::Rejected);
        if !is_decided || memory.about(text, c).is_some_and(|known| known.decision == c.decision) {
            continue;
        }
        let ruled = Remembered::Change(Ruled {
            before: c.before.to_string(),
            after: c.after.to_string(),
            class: c.class,
            decision: c.decision,
            context: Some(Neighbors::of(text, c.span)),
            decided: c.decided.as_deref().unwrap_or(unnamed).clone(),
        });
        if !out.contains(&ruled) {
            out.push(ruled);
        }
    }
    out
}
