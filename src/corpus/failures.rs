//! `failed.jsonl`: what a batch could not do, for programs.

use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;

use super::{Job, Outcome, Plan};
use crate::files::{Destination, Mark, may_replace, replace_file};

/// The name of the list in the output folder.
pub const FAILURES_NAME: &str = "failed.jsonl";

/// How it begins.
pub(super) const MARK: Mark = Mark { beginning: b"{\"path\":", contains: b"\"reason\":" };

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

/// The list, growing in the order of the plan.
#[derive(Default)]
pub(super) struct Failures(Vec<u8>);

impl Failures {
    /// What `plan` cannot read.
    pub(super) fn of(plan: &Plan) -> Self {
        let mut failures = Self::default();
        for missing in &plan.unreadable {
            failures.push(&missing.path, None, &missing.reason);
        }
        failures
    }

    /// Adds what failed of the next file.
    pub(super) fn add(&mut self, job: &Job, outcome: &Outcome) {
        if let Outcome::Failed(error) = outcome {
            self.push(&job.input, None, &error.problem.to_string());
        }
        for broken in outcome.tally().map_or(&[][..], |tally| &tally.broken) {
            self.push(&job.input, Some(broken.line), &broken.reason);
        }
    }

    fn push(&mut self, path: &Path, line: Option<u64>, reason: &str) {
        let failure = Failure { path: &path.to_string_lossy(), line, reason };
        serde_json::to_writer(&mut self.0, &failure).expect("a vector takes all");
        self.0.push(b'\n');
    }

    /// Writes the list; takes away that of an earlier run if nothing failed.
    pub(super) fn write(&self, to: Destination<'_>) -> io::Result<()> {
        let path = to.path();
        match self.0.is_empty() {
            false => replace_file(to, &self.0),
            // What has come to lie there meanwhile is not taken away.
            true if !may_replace(path, MARK) => Ok(()),
            true => match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        }
    }
}
