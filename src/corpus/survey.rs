//! [`survey`]: what cleaning would find, and nothing is written.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use super::block::RecordOptions;
use super::run::{attempt, each_job};
use super::{Job, Kind, Observer, Outcome, PackedTally, Plan, RunError, records, table, text};
use crate::Corrector;

/// Looks at every file of `plan` on `threads` threads, one for each core if
/// none are named, until `stop` is set. The tallies are those that
/// [`run`](super::run) would come to.
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
) -> Result<Vec<Outcome>, RunError> {
    let is_stopped = || stop.load(Ordering::Relaxed);
    each_job(plan, threads, options.work, &|job: &Job, crew, shared| {
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
                Kind::JsonLines => records::survey_file(job, corrector, options, crew, observer, &is_stopped),
                Kind::Parquet => table::survey_file(job, corrector, options, crew, observer, &is_stopped),
            };
            Ok(tally?.map_or(Outcome::Interrupted, |tally| Outcome::Cleaned(PackedTally::new(&tally))))
        });
        observer.done(job, &outcome);
        outcome
    })
}
