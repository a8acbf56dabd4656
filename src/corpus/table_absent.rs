//! What a program that was built without Parquet says of its files.

use super::block::RecordOptions;
use super::crew::Crew;
use super::run::{JobError, Observer, Outcome, Problem, Run};
use super::{Job, Tally};
use crate::Corrector;

pub(super) fn clean_file(job: &Job, _: &Run<'_>, _: Crew) -> Result<Outcome, JobError> {
    Err(absent(job))
}

pub(super) fn survey_file(
    job: &Job,
    _: &Corrector,
    _: RecordOptions<'_>,
    _: Crew,
    _: &dyn Observer,
    _: &dyn Fn() -> bool,
) -> Result<Option<Tally>, JobError> {
    Err(absent(job))
}

pub(super) fn each_text(_: &Job, _: RecordOptions<'_>, _: &dyn Observer, _: &mut dyn FnMut(&str, u64)) {}

fn absent(job: &Job) -> JobError {
    let reason =
        "is a file of Parquet, and this scanno was built without it; `cargo install scanno --features parquet` has it";
    JobError::new(&job.input, Problem::Table(reason.into()))
}
