//! `failed.jsonl`: what a batch could not do, for programs.

use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;

use super::{Outcome, Plan, replace_file};

/// The name of the list in the output folder.
pub const FAILURES_NAME: &str = "failed.jsonl";

/// One line of the list.
#[derive(Serialize)]
struct Failure<'a> {
    /// The input as it was named; bytes that are no UTF-8 are written as U+FFFD.
    path: &'a str,
    /// The line, if one record is concerned and not all of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    reason: &'a str,
}

/// Writes the list, in the order of the plan; takes away that of an earlier
/// run if nothing failed.
pub(super) fn write(path: &Path, plan: &Plan, outcomes: &[Outcome]) -> io::Result<()> {
    let mut out = Vec::new();
    let mut add = |path: &Path, line: Option<u64>, reason: &str| {
        serde_json::to_writer(&mut out, &Failure { path: &path.to_string_lossy(), line, reason })?;
        out.push(b'\n');
        io::Result::Ok(())
    };
    for missing in &plan.unreadable {
        add(&missing.path, None, &missing.reason)?;
    }
    for (job, outcome) in plan.jobs.iter().zip(outcomes) {
        if let Outcome::Failed(error) = outcome {
            add(&job.input, None, &error.problem.to_string())?;
        }
        for broken in outcome.tally().map_or(Vec::new(), |tally| tally.broken) {
            add(&job.input, Some(broken.line), &broken.reason)?;
        }
    }
    match out.is_empty() {
        false => replace_file(path, &out),
        true => match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        },
    }
}
