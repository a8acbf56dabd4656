//! A memory's file: read, and what is to be added to it.

use super::{Memory, Neighbors, Remembered, Ruled};
use crate::ChangeLog;
use crate::change::{Decided, Decision, check_replacement};

/// Code points by which a remembered text may be longer than what it takes the
/// place of: a line of print has about 100, and each place in a text gets it.
const LONGEST: usize = 1000;

/// Why a file is no memory that can be used.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct MemoryError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: MemoryProblem,
}

/// What is wrong with a line of a memory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryProblem {
    /// Something else than a memory has.
    #[error("no decision or word, as a memory has one a line: {0}")]
    Foreign(serde_json::Error),
    /// A decision that cannot be heeded.
    #[error("this decision cannot be heeded: {0}; mend the line or take it out")]
    Unfit(String),
}

/// Says whether a text may get what `ruled` says.
pub(super) fn check(ruled: &Ruled) -> Result<(), String> {
    if !matches!(ruled.decision, Decision::Accepted | Decision::Rejected) {
        return Err("`decision` is neither `accepted` nor `rejected`".to_owned());
    }
    let [before, after] = [&ruled.before, &ruled.after].map(|text| text.chars().count());
    if after > before.saturating_add(LONGEST) {
        return Err(format!("the replacement is more than {LONGEST} characters longer than what it replaces"));
    }
    check_replacement(&ruled.before, &ruled.after).map_err(|unfit| unfit.to_string())
}

/// Reads a memory's file. A last line that was cut off, as by a crash, counts for nothing.
///
/// # Errors
/// The first line that is wrong: no decision or word, or a change that [no text may get](check_replacement).
pub fn read(bytes: &[u8]) -> Result<Vec<Remembered>, MemoryError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines: Vec<&[u8]> = bytes.split(|&b| b == b'\n').collect();
    let mut out = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()) {
        match serde_json::from_slice::<Remembered>(line) {
            Ok(remembered) => {
                if let Remembered::Change(ruled) = &remembered {
                    check(ruled)
                        .map_err(|fault| MemoryError { line: index + 1, problem: MemoryProblem::Unfit(fault) })?;
                }
                out.push(remembered);
            }
            Err(error) if index + 1 == lines.len() && error.is_eof() => {}
            Err(error) => return Err(MemoryError { line: index + 1, problem: MemoryProblem::Foreign(error) }),
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
        let ruled = Ruled {
            before: c.before.to_string(),
            after: c.after.to_string(),
            class: c.class,
            decision: c.decision,
            context: Some(Neighbors::of(text, c.span)),
            decided: c.decided.as_deref().unwrap_or(unnamed).clone(),
        };
        // What a memory cannot hold would make it one that cannot be read.
        let is_fit = check(&ruled).is_ok();
        let ruled = Remembered::Change(ruled);
        if is_fit && !out.contains(&ruled) {
            out.push(ruled);
        }
    }
    out
}
