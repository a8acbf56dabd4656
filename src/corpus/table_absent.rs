//! What a program that was built without Parquet says of its files.

use super::block::RecordOptions;
use super::crew::Crew;
use super::run::{JobError, Observer, Outcome, Problem, Run, Task};
use super::{Job, Tally};

pub(super) fn clean_file(job: &Job, _: &Run<'_>, _: Crew) -> Result<Outcome, JobError> {
    Err(absent(job))
}

pub(super) fn survey_file(job: &Job, _: Crew, _: Task<'_>) -> Result<Option<Tally>, JobError> {
    Err(absent(job))
}

pub(super) fn each_text(_: &Job, _: RecordOptions<'_>, _: &dyn Observer, _: &mut dyn FnMut(&str, u64)) {}

fn absent(job: &Job) -> JobError {
    let reason =
        "is a file of Parquet, and this scanno was built without it; `cargo install scanno --features parquet` has it";
    JobError::new(&job.input, Problem::Table(reason.into()))
}
