//! [`each_job`]: which thread does which file, and when.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::ThreadPoolBuilder;

use super::crew::Crew;
use super::text::{self, Shared};
use super::{Job, Kind, Outcome, Plan, RunError, Sharing};

/// Files of records from this size on are cleaned one after the other, each
/// on all threads; below it many at a time, each on one thread. Bytes.
const LARGE: u64 = 1 << 20;

/// Does `work` on each file of `plan`, and tells what came of it, in the
/// plan's order. Large files of records come first, one by one, each on all
/// threads; then all others, each on one, in order, so that little waits to be
/// told and memory does not grow with the number of files.
pub(super) fn each_job(
    plan: &Plan,
    threads: Option<NonZeroUsize>,
    sharing: Sharing<'_>,
    work: &(dyn Fn(&Job, Crew, Option<&Shared>) -> Outcome + Sync),
    tell: &mut (dyn FnMut(&Job, Outcome) + Send),
) -> Result<(), RunError> {
    let pool = ThreadPoolBuilder::new().num_threads(threads.map_or(0, NonZeroUsize::get)).build()?;
    // What shares evidence are texts: a large file of records is a work by itself.
    let is_large = |numbers: &Range<usize>| {
        let first = &plan.jobs[numbers.start];
        first.kind != Kind::Text && first.size() >= LARGE
    };
    let (large, small): (Vec<_>, Vec<_>) = text::works(&plan.jobs, sharing).into_iter().partition(is_large);
    let ledger = Ledger { plan, state: Mutex::new(Waiting { next: 0, outcomes: BTreeMap::new(), tell }) };
    pool.install(|| {
        for number in large.into_iter().flatten() {
            ledger.add(number, work(&plan.jobs[number], Crew::All, None));
        }
        let next = AtomicUsize::new(0);
        rayon::broadcast(|_| {
            while let Some(numbers) = small.get(next.fetch_add(1, Ordering::Relaxed)) {
                match &plan.jobs[numbers.clone()] {
                    [job] => ledger.add(numbers.start, work(job, Crew::One, None)),
                    jobs => {
                        let shared = Shared::of(jobs);
                        for (number, job) in numbers.clone().zip(jobs) {
                            ledger.add(number, work(job, Crew::One, Some(&shared)));
                        }
                    }
                }
            }
        });
    });
    Ok(())
}

/// Brings what became of the files into the plan's order.
struct Ledger<'a, 't> {
    plan: &'a Plan,
    state: Mutex<Waiting<'t>>,
}

struct Waiting<'t> {
    /// The number of the file that is told of next.
    next: usize,
    /// Of files that come after it.
    outcomes: BTreeMap<usize, Outcome>,
    tell: &'t mut (dyn FnMut(&Job, Outcome) + Send),
}

impl Ledger<'_, '_> {
    fn add(&self, number: usize, outcome: Outcome) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *state;
        state.outcomes.insert(number, outcome);
        while let Some(outcome) = state.outcomes.remove(&state.next) {
            (state.tell)(&self.plan.jobs[state.next], outcome);
            state.next += 1;
        }
    }
}
