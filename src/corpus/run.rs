//! [`run`]: every file of a [`Plan`], on all cores.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::block::RecordOptions;
use super::crew::Crew;
use super::dispatch::each_job;
use super::failures::{FAILURES_NAME, Failures};
use super::manifest::{MANIFEST_NAME, Manifest};
use super::own::Outputs;
use super::part::hidden;
use super::stream::Stream;
use super::text::{Shared, make_folder_of};
use super::{ADAPTED_NAME, Job, Kind, Logs, Plan, Tally, records, table, text};
use crate::Corrector;
use crate::change::{Target, Unencodable};
use crate::document::DecodeError;
use crate::files::{Destination, Lock, LockError, describe, replace_file};
use crate::format::compression::ReadError;
use crate::learn::Collection;

/// The name of the file in a folder that says that a run is at work there;
/// after that of a file, of a run that writes this file.
pub(super) const LOCK_NAME: &str = ".scanno-lock";

/// How a batch is run.
#[derive(Clone, Copy, Debug)]
pub struct RunOptions<'a> {
    /// Number of threads; `None` is one for each core.
    pub threads: Option<NonZeroUsize>,
    /// Pass over outputs that an earlier run with the same settings has completed.
    pub resume: bool,
    /// Begin no more files after the first that fails.
    pub fail_fast: bool,
    /// Names everything that the results depend on beside the input: version,
    /// data, options. Other settings, other results: nothing is passed over.
    pub settings: &'a str,
    /// As much of `settings` as cleaned texts depend on, its beginning: what a
    /// batch with the same has made is left as it is.
    pub texts: &'a str,
    /// What the corpus has taught the corrector, to be kept beside the outputs.
    pub adapted: Option<&'a Collection>,
    /// The encoding of the outputs.
    pub target: Target,
    /// What is done with records.
    pub records: RecordOptions<'a>,
    /// Where logs go: the same as the plan was made with.
    pub logs: Option<Logs<'a>>,
    /// What logs say of the language data: name and version.
    pub data: &'a str,
    /// What logs say of the options.
    pub config: &'a serde_json::Value,
    /// Set by another thread, it ends the run: texts that were begun are
    /// finished, files of records are left at their next checkpoint.
    pub stop: &'a AtomicBool,
}

/// Who is told how a run goes, from any thread and in any order.
pub trait Observer: Sync {
    /// So many more bytes of inputs are read, as they lie in the files.
    fn read(&self, bytes: u64);
    /// A file is done with, a moment ago.
    fn done(&self, job: &Job, outcome: &Outcome);
}

/// How files of records are read, the same for all of them.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) corrector: &'a Corrector,
    pub(super) options: RecordOptions<'a>,
    pub(super) observer: &'a dyn Observer,
    /// Asked between two blocks whether to go on.
    pub(super) is_stopped: &'a (dyn Fn() -> bool + Sync),
}

/// What became of one file.
#[derive(Debug)]
pub enum Outcome {
    /// It was cleaned, and its output and log are written; or it was looked at, if that was all.
    Cleaned(Box<Tally>),
    /// An earlier run had done it.
    AlreadyDone(Box<Tally>),
    /// The run came to its end before it.
    Interrupted,
    /// Nothing was written.
    Failed(JobError),
}

impl Outcome {
    /// What was done to the file, now or earlier.
    #[must_use]
    pub fn tally(&self) -> Option<&Tally> {
        match self {
            Self::Cleaned(tally) | Self::AlreadyDone(tally) => Some(tally),
            Self::Interrupted | Self::Failed(_) => None,
        }
    }
}

/// A file that could not be done.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", path.display())]
pub struct JobError {
    /// The input; the output if that is what cannot be written.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub problem: Problem,
}

/// Why a file could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The input cannot be read.
    #[error("{}", describe(.0))]
    Read(#[source] io::Error),
    /// The input is longer than what is taken as one text.
    #[error("is more than 1 GB, too much for one text; cut it, or make it records of JSON Lines")]
    TooLarge,
    /// The input is compressed, and as if made to fill the memory.
    #[error("{}", ReadError::TooDense)]
    TooDense,
    /// The input is no text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The beginning of the input holds not one record.
    #[error("holds no records of JSON Lines: its first line {0}")]
    NoRecords(String),
    /// The input is no table of Parquet with a column of texts, or this program was built without Parquet.
    #[error("{0}")]
    Table(String),
    /// A change cannot be written in the output's encoding.
    #[error(transparent)]
    Encode(#[from] Unencodable),
    /// The output, the log or the manifest cannot be written.
    #[error("cannot be written: {}", describe(.0))]
    Write(#[source] io::Error),
    /// A fault of this program; the other files are not concerned.
    #[error("scanno failed on this file, which is a bug; please report it with the file")]
    Internal,
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::Read(error),
            ReadError::TooLong(_) => Self::TooLarge,
            ReadError::TooDense => Self::TooDense,
        }
    }
}

/// Why no file could be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The folder, or what is kept in it, cannot be written.
    #[error("{}: cannot be written: {}", path.display(), describe(source))]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Another run is at work in a folder of this one.
    #[error("{}: {source}", path.display())]
    Busy {
        /// The folder, or the file of all logs.
        path: PathBuf,
        /// Who it is.
        source: LockError,
    },
    /// The system gives no threads.
    #[error("threads cannot be had: {0}; ask for fewer with -j")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

impl JobError {
    pub(super) fn new(path: &Path, problem: Problem) -> Self {
        Self { path: path.to_path_buf(), problem }
    }

    pub(super) fn write(path: &Path, error: io::Error) -> Self {
        Self::new(path, Problem::Write(error))
    }

    /// True if every other file would fail in the same way.
    pub(super) fn is_for_all(&self) -> bool {
        matches!(&self.problem, Problem::Write(error)
            if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
    }
}

/// What is the same for every file of a run.
pub(super) struct Run<'a> {
    pub(super) corrector: &'a Corrector,
    pub(super) options: RunOptions<'a>,
    pub(super) manifest: Manifest,
    pub(super) observer: &'a dyn Observer,
    /// What earlier runs have made.
    pub(super) outputs: Outputs<'a>,
    /// The one file for all logs.
    pub(super) stream: Option<Stream<'a>>,
    /// Nothing more is to be begun.
    halted: AtomicBool,
}

impl Run<'_> {
    pub(super) fn is_stopped(&self) -> bool {
        self.halted.load(Ordering::Relaxed) || self.options.stop.load(Ordering::Relaxed)
    }

    /// Something went wrong that does not end the file.
    pub(super) fn note_failure(&self) {
        if self.options.fail_fast {
            self.halted.store(true, Ordering::Relaxed);
        }
    }

    fn do_job(&self, job: &Job, crew: Crew, shared: Option<&Shared>) -> Outcome {
        if self.is_stopped() {
            return Outcome::Interrupted;
        }
        let outcome = attempt(job, || match job.kind {
            Kind::Text => {
                let outcome = text::clean_file(job, self, shared);
                self.observer.read(job.size());
                outcome
            }
            Kind::JsonLines => records::clean_file(job, self, crew),
            Kind::Parquet => table::clean_file(job, self, crew),
        });
        if let Outcome::Failed(error) = &outcome {
            self.note_failure();
            if error.is_for_all() {
                self.halted.store(true, Ordering::Relaxed);
            }
        }
        self.observer.done(job, &outcome);
        outcome
    }
}

/// What becomes of `job` by `work`, even if that panics.
pub(super) fn attempt(job: &Job, work: impl FnOnce() -> Result<Outcome, JobError>) -> Outcome {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => Outcome::Failed(error),
        Err(_) => Outcome::Failed(JobError::new(&job.input, Problem::Internal)),
    }
}

/// Cleans every file of `plan` into the folder `output`, and tells what became
/// of each, in the plan's order. What is written depends neither on the number
/// of threads nor on where an earlier run was interrupted. Each thread holds
/// one document at a time; of a large file of records all hold one block.
///
/// # Errors
/// Where `output` or what is kept in it cannot be written, or no threads can
/// be had. A file that fails is no error here but an [`Outcome`].
pub fn run(
    plan: &Plan,
    output: &Path,
    corrector: &Corrector,
    options: RunOptions<'_>,
    observer: &dyn Observer,
    tell: &mut (dyn FnMut(&Job, Outcome) + Send),
) -> Result<(), RunError> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        |source| RunError::Write { path, source }
    };
    fs::create_dir_all(output).map_err(failed(output))?;
    let _locks = lock(output, options.logs.filter(|_| plan.jobs.iter().any(|job| job.log.is_some())))?;
    let access = plan.access();
    if let Some(collection) = options.adapted {
        let path = output.join(ADAPTED_NAME);
        replace_file(Destination::below(&path).limited_to(access), &collection.to_bytes()).map_err(failed(&path))?;
    }
    let manifest_path = output.join(MANIFEST_NAME);
    let manifest = Manifest::open(output, options.settings, options.resume, access).map_err(failed(&manifest_path))?;
    let stream = match options.logs {
        Some(Logs::Stream(path)) => Some(Stream::open(path, options.resume).map_err(failed(path))?),
        _ => None,
    };
    let (outputs, halted) = (Outputs::of(options.texts), AtomicBool::new(false));
    let run = Run { corrector, options, manifest, observer, outputs, stream, halted };
    let mut failures = Failures::of(plan);
    let mut is_whole = true;
    let mut is_done = Vec::with_capacity(plan.jobs.len());
    each_job(
        plan,
        options.threads,
        options.records.work,
        &|job, crew, shared| run.do_job(job, crew, shared),
        &mut |job, outcome| {
            failures.add(job, &outcome);
            is_whole &= !matches!(outcome, Outcome::Interrupted);
            is_done.push(outcome.tally().is_some());
            tell(job, outcome);
        },
    )?;
    // Some systems do not rename over a file that is open.
    drop(run.outputs);
    run.manifest.close().map_err(failed(&manifest_path))?;
    // What was interrupted is joined by a later run.
    if let Some(stream) = run.stream.filter(|_| is_whole) {
        let path = stream.path;
        stream.finish(plan, &is_done, access).map_err(failed(path))?;
    }
    let failures_path = output.join(FAILURES_NAME);
    failures.write(Destination::below(&failures_path).limited_to(access)).map_err(failed(&failures_path))
}

/// Keeps other runs away from `output`, and from where the logs go if that is elsewhere.
fn lock(output: &Path, logs: Option<Logs<'_>>) -> Result<Vec<Lock>, RunError> {
    let mut places = vec![(output, output.join(LOCK_NAME))];
    match logs {
        Some(Logs::Stream(path)) => places.push((path, hidden(path, LOCK_NAME))),
        Some(Logs::Folder(folder, _)) => places.push((folder, folder.join(LOCK_NAME))),
        None => {}
    }
    let mut locks: Vec<Lock> = Vec::new();
    for (path, lock) in places {
        let failed = |source| RunError::Write { path: path.to_path_buf(), source };
        make_folder_of(&lock).map_err(failed)?;
        // The logs may go into the output folder.
        if !locks.iter().any(|taken| taken.is_at(&lock)) {
            locks.push(Lock::take(&lock).map_err(|source| match source {
                LockError::Io(source) => failed(source),
                taken @ LockError::Taken(_) => RunError::Busy { path: path.to_path_buf(), source: taken },
            })?);
        }
    }
    Ok(locks)
}
