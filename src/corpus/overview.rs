//! What became of all files, added up for a report.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{Job, Outcome, Plan};
use crate::change::Counts;
use crate::report::overview::{Facts, Failed, Overview, SCHEMA, Time};

impl Overview {
    /// Before any file of `plan` is done: what of it cannot be read.
    #[must_use]
    pub fn begin(plan: &Plan, data: &str, config: Value) -> Self {
        let mut overview = Self {
            schema: SCHEMA,
            scanno: env!("CARGO_PKG_VERSION").to_owned(),
            data: data.to_owned(),
            config,
            files: 0,
            failed: Vec::new(),
            skipped: BTreeMap::new(),
            counts: Counts::default(),
            facts: Facts::default(),
            time: Time::default(),
        };
        for missing in &plan.unreadable {
            overview.fail(&missing.path, missing.reason.clone());
        }
        overview
    }

    /// Adds what became of the next file.
    pub fn add(&mut self, job: &Job, outcome: &Outcome) {
        match outcome {
            Outcome::Failed(error) => self.fail(&job.input, error.problem.to_string()),
            Outcome::Interrupted => self.fail(&job.input, "the run was stopped before it".into()),
            Outcome::Cleaned(tally) | Outcome::AlreadyDone(tally) => {
                self.files += 1;
                self.counts.add(&tally.counts);
                for (skip, number) in &tally.skipped {
                    *self.skipped.entry(skip.name().to_owned()).or_default() += number;
                }
                self.facts.add(&tally.facts.clone().named(&job.input.to_string_lossy()));
            }
        }
    }

    fn fail(&mut self, path: &Path, reason: String) {
        self.failed.push(Failed { path: path.to_string_lossy().into_owned(), reason });
    }
}
