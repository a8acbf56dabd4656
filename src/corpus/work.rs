//! [`clean`], one document, and [`run`], every file of a [`Plan`] on all cores.

use std::fs;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use super::record::{Entry, Record};
use super::{Job, Plan, Replacement, describe};
use crate::change::{Counts, Estimate, Target, Unencodable};
use crate::document::{DecodeError, Encoding, sha256};
use crate::format::jsonl::{Header, Log};
use crate::{ChangeLog, Corrector, Document};

/// What a corrector finds in `document`, made ready to be written in the
/// encoding that `target` says: what that cannot hold is only suggested.
/// Beside it, how many corrections were held back so.
#[must_use]
pub fn clean(corrector: &Corrector, document: &Document, target: Target) -> (ChangeLog, usize) {
    let mut changes = corrector.correct(document);
    let held_back = match target {
        Target::AsRead => changes.hold_back_unencodable(document),
        Target::Utf8 => 0,
    };
    (changes, held_back)
}

/// How a batch is run.
#[derive(Clone, Copy, Debug)]
pub struct RunOptions<'a> {
    /// Number of threads; `None` is one for each core.
    pub threads: Option<NonZeroUsize>,
    /// Pass over outputs that an earlier run with the same settings has completed.
    pub resume: bool,
    /// Names everything that the results depend on beside the input: version,
    /// data, options. Other settings, other results: nothing is passed over.
    pub settings: &'a str,
    /// The encoding of the outputs.
    pub target: Target,
    /// What logs say of the language data: name and version.
    pub data: &'a str,
    /// What logs say of the options.
    pub config: &'a serde_json::Value,
}

/// What was done to one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Its corrections and findings.
    pub counts: Counts,
    /// Its share of wrong words, if it has words.
    pub estimate: Option<Estimate>,
    /// How it was encoded.
    pub encoding: Encoding,
}

/// What became of one file.
#[derive(Debug)]
pub enum Outcome {
    /// It was cleaned, and its output and log are written.
    Cleaned(Tally),
    /// An earlier run had done it.
    AlreadyDone,
    /// Nothing was written.
    Failed(JobError),
}

/// Why a file could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JobError {
    /// The input cannot be read.
    #[error("{}: {}", path.display(), describe(source))]
    Read {
        /// The input.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The input is no text.
    #[error("{}: {source}", path.display())]
    Decode {
        /// The input.
        path: PathBuf,
        /// What stands in the way.
        source: DecodeError,
    },
    /// A change cannot be written in the output's encoding.
    #[error("{}: {source}", path.display())]
    Encode {
        /// The input.
        path: PathBuf,
        /// The change.
        source: Unencodable,
    },
    /// The output, the log or the record cannot be written.
    #[error("{}: cannot be written: {}", path.display(), describe(source))]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The system gives no threads.
    #[error("threads cannot be had: {0}; ask for fewer with -j")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A fault of this program; the other files are not concerned.
    #[error("{}: scanno failed on this file, which is a bug; please report it with the file", path.display())]
    Internal {
        /// The input.
        path: PathBuf,
    },
}

/// Cleans every file of `plan` into the folder `output`, and tells `observe`
/// of each as it is done, from any thread and in any order. What is written
/// depends neither on that order nor on the number of threads. Each thread
/// holds one document at a time.
///
/// # Errors
/// Where `output` or its [record](super::RECORD_NAME) cannot be written, or no
/// threads can be had. A file that fails is no error here but an [`Outcome`].
pub fn run(
    plan: &Plan,
    output: &Path,
    corrector: &Corrector,
    options: RunOptions<'_>,
    observe: &(dyn Fn(&Job, &Outcome) + Sync),
) -> Result<(), JobError> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        |source| JobError::Write { path, source }
    };
    fs::create_dir_all(output).map_err(failed(output))?;
    let record_path = output.join(super::RECORD_NAME);
    let record = Record::open(output, options.settings, options.resume).map_err(failed(&record_path))?;
    let threads = options.threads.map_or(0, NonZeroUsize::get);
    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.install(|| {
        // One file at a time, so that a few long ones do not end up on one thread.
        plan.jobs.par_iter().with_max_len(1).for_each(|job| {
            let done = catch_unwind(AssertUnwindSafe(|| do_job(job, corrector, options, &record)));
            let outcome = match done {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(error)) => Outcome::Failed(error),
                Err(_) => Outcome::Failed(JobError::Internal { path: job.input.clone() }),
            };
            observe(job, &outcome);
        });
    });
    record.close().map_err(failed(&record_path))
}

fn do_job(job: &Job, corrector: &Corrector, options: RunOptions<'_>, record: &Record) -> Result<Outcome, JobError> {
    let bytes = fs::read(&job.input).map_err(|source| JobError::Read { path: job.input.clone(), source })?;
    let input_hash = sha256(&bytes);
    if is_done(job, &input_hash, record) {
        return Ok(Outcome::AlreadyDone);
    }
    let document =
        Document::from_bytes(&bytes).map_err(|source| JobError::Decode { path: job.input.clone(), source })?;
    drop(bytes);
    let (changes, _) = clean(corrector, &document, options.target);
    let unencodable = |source| JobError::Encode { path: job.input.clone(), source };
    // Both files are complete on the disk before either has its name.
    let (log, cleaned) = match &job.log {
        None => (None, changes.clean(&document, options.target).map_err(unencodable)?),
        Some(path) => {
            let header = Header {
                path: job.input.to_string_lossy().into_owned(),
                data: options.data.to_owned(),
                config: options.config.clone(),
            };
            let (log, cleaned) = Log::with_cleaned(&document, &changes, header, options.target).map_err(unencodable)?;
            (Some((path, prepare(path, |out| log.write(out))?)), cleaned)
        }
    };
    let output = prepare(&job.output, |out| out.write_all(&cleaned))?;
    if let Some((path, log)) = log {
        log.commit().map_err(|source| JobError::Write { path: path.clone(), source })?;
    }
    output.commit().map_err(|source| JobError::Write { path: job.output.clone(), source })?;
    let entry = Entry { input: input_hash, output: sha256(&cleaned) };
    record.add(&job.name, entry).map_err(|source| JobError::Write { path: job.output.clone(), source })?;
    Ok(Outcome::Cleaned(Tally {
        counts: changes.counts(),
        estimate: changes.estimate(),
        encoding: document.encoding(),
    }))
}

/// True if output and log are those that this input makes with these settings.
fn is_done(job: &Job, input_hash: &str, record: &Record) -> bool {
    record.get(&job.name).is_some_and(|entry| {
        entry.input == input_hash
            && job.log.as_ref().is_none_or(|log| log.is_file())
            && fs::read(&job.output).is_ok_and(|output| sha256(&output) == entry.output)
    })
}

/// The file at `path` with new content, in folders that are made if need be.
fn prepare(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Replacement, JobError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| Replacement::prepare_with(path, write))
        .map_err(|source| JobError::Write { path: path.to_path_buf(), source })
}
