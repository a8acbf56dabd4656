//! [`overview`]: what became of all files, for a report.

use serde_json::Value;

use super::{Outcome, Plan};
use crate::report::overview::{Facts, Failed, Overview, SCHEMA, Time};

/// Adds up what became of the files of `plan`, in its order.
#[must_use]
pub fn overview(plan: &Plan, outcomes: &[Outcome], data: &str, config: Value, time: Time) -> Overview {
    let mut overview = Overview {
        schema: SCHEMA,
        scanno: env!("CARGO_PKG_VERSION").to_owned(),
        data: data.to_owned(),
        config,
        files: 0,
        failed: Vec::new(),
        skipped: std::collections::BTreeMap::new(),
        counts: crate::change::Counts::default(),
        facts: Facts::default(),
        time,
    };
    let mut fail = |path: &std::path::Path, reason: String| {
        overview.failed.push(Failed { path: path.to_string_lossy().into_owned(), reason });
    };
    for missing in &plan.unreadable {
        fail(&missing.path, missing.reason.clone());
    }
    for (job, outcome) in plan.jobs.iter().zip(outcomes) {
        match outcome {
            Outcome::Failed(error) => fail(&job.input, error.problem.to_string()),
            Outcome::Interrupted => fail(&job.input, "the run was stopped before it".into()),
            Outcome::Cleaned(_) | Outcome::AlreadyDone(_) => {}
        }
    }
    for (job, outcome) in plan.jobs.iter().zip(outcomes) {
        let Some(tally) = outcome.tally() else { continue };
        overview.files += 1;
        overview.counts.add(&tally.counts);
        for (skip, number) in &tally.skipped {
            *overview.skipped.entry(skip.name().to_owned()).or_default() += number;
        }
        overview.facts.add(&tally.facts.named(&job.input.to_string_lossy()));
    }
    overview
}
