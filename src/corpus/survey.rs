//! [`survey`]: what cleaning would find, and nothing is written.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use super::block::RecordOptions;
use super::dispatch::each_job;
use super::run::{Task, attempt};
use super::{Job, Kind, Observer, Outcome, Plan, RunError, records, table, text};
use crate::Corrector;

/// Looks at every file of `plan` on `threads` threads, one for each core if
/// none are named, until `stop` is set, and tells what became of each, in the
/// plan's order. The tallies are those that [`run`](super::run) would come to.
///
/// # Errors
/// No threads can be had. A file that fails is no error here but an [`Outcome`].
pub fn survey(
    plan: &Plan,
    corrector: &Corrector,
    threads: Option<NonZeroUsize>,
    options: RecordOptions<'_>,
    stop: &AtomicBool,
    observer: &dyn Observer,
    tell: &mut (dyn FnMut(&Job, Outcome) + Send),
) -> Result<(), RunError> {
    let is_stopped = || stop.load(Ordering::Relaxed);
    let task = Task { corrector, options, observer, is_stopped: &is_stopped };
    let look = |job: &Job, crew, shared: Option<&text::Shared>| {
        if is_stopped() {
            return Outcome::Interrupted;
        }
        let outcome = attempt(job, || {
            let tally = match job.kind {
                Kind::Text => {
                    let tally = text::survey_file(job, corrector, shared);
                    observer.read(job.size());
                    tally.map(Some)
                }
                Kind::JsonLines => records::survey_file(job, crew, task),
                Kind::Parquet => table::survey_file(job, crew, task),
            };
            Ok(tally?.map_or(Outcome::Interrupted, |tally| Outcome::Cleaned(Box::new(tally))))
        });
        observer.done(job, &outcome);
        outcome
    };
    each_job(plan, threads, options.work, &look, tell)
}
