//! One text: read, cleaned and written whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use sha2::Digest;

use super::manifest::Entry;
use super::own::log_of_own;
use super::run::{JobError, Outcome, Run};
use super::sharing::LONGEST_WORK;
use super::{Compression, Job, Kind, Sharing, Tally, escaped, hash_file};
use crate::change::Target;
use crate::document::{hex, sha256};
use crate::files::{Access, Destination, Replacement, folder_of};
use crate::format::jsonl::{Header, Log};
use crate::{ChangeLog, Corrector, Document, Work};

/// The most bytes that are taken as one text, decompressed: 1 GB. Memory grows
/// to some six times that.
pub const LARGEST_TEXT: u64 = 1_000_000_000;

/// What a corrector finds in `document`, made ready to be written in the
/// encoding that `target` says: what that cannot hold is only suggested.
/// Beside it, how many corrections were held back so.
#[must_use]
pub fn clean(corrector: &Corrector, document: &Document, target: Target) -> (ChangeLog, usize) {
    let mut changes = corrector.correct(document);
    let held_back = hold_back(&mut changes, document, target);
    (changes, held_back)
}

fn hold_back(changes: &mut ChangeLog, document: &Document, target: Target) -> usize {
    match target {
        Target::AsRead => changes.hold_back_unencodable(document),
        Target::Utf8 => 0,
    }
}

/// The numbers of `jobs` in runs that share evidence, as far as they are texts
/// and fit into memory.
pub(super) fn works(jobs: &[Job], work: Sharing<'_>) -> Vec<Range<usize>> {
    let (mut size, mut end) = (0, 0);
    jobs.chunk_by(|job, next| {
        let is_one = [job, next].iter().all(|job| job.kind == Kind::Text)
            && work.is_shared_by_files(job, next)
            && size + job.size() + next.size() <= LONGEST_WORK as u64;
        size = if is_one { size + job.size() } else { 0 };
        is_one
    })
    .map(|jobs| {
        end += jobs.len();
        end - jobs.len()..end
    })
    .collect()
}

/// The texts of a work, and what they share once someone asks for it.
pub(super) struct Shared {
    documents: Vec<Document>,
    /// SHA-256 of their text.
    hash: String,
    studied: OnceLock<Work>,
}

impl Shared {
    /// What can be read of `jobs`; what cannot is told when its turn comes.
    pub(super) fn of(jobs: &[Job]) -> Self {
        let read = |job: &Job| Document::from_bytes(&read(&job.input, Compression::of(&job.input)).ok()?).ok();
        let documents: Vec<Document> = jobs.iter().filter_map(read).collect();
        let mut hash = sha2::Sha256::new();
        for document in &documents {
            hash.update(document.sha256());
        }
        Self { hash: hex(&hash.finalize()), documents, studied: OnceLock::new() }
    }

    fn study(&self, corrector: &Corrector) -> &Work {
        self.studied.get_or_init(|| {
            let texts: Vec<&str> = self.documents.iter().map(Document::text).collect();
            corrector.study(&texts)
        })
    }
}

/// Cleans the text of `job`, unless an earlier run has.
pub(super) fn clean_file(job: &Job, run: &Run<'_>, shared: Option<&Shared>) -> Result<Outcome, JobError> {
    let options = run.options;
    let compression = Compression::of(&job.input);
    let bytes = read(&job.input, compression)?;
    // With the text beside it another, the text is cleaned in another way.
    let input = shared.map_or_else(|| sha256(&bytes), |shared| sha256(&[&*bytes, shared.hash.as_bytes()].concat()));
    if let Some(entry) = run.manifest.done(&job.name).filter(|entry| is_done(job, run, entry, &input)) {
        return Ok(Outcome::AlreadyDone(entry.tally));
    }
    let fault = |problem| JobError::new(&job.input, problem);
    let document = Document::from_bytes(&bytes).map_err(|error| fault(error.into()))?;
    drop(bytes);
    let has_log = || log_of_own(&job.input, &document, options.data, options.config).is_some();
    // A log does not say what the text shared.
    let is_own = run.outputs.has(&job.input) || shared.is_none() && has_log();
    let mut changes = if is_own { ChangeLog::default() } else { correct(run.corrector, &document, shared) };
    hold_back(&mut changes, &document, options.target);
    // Both files are complete on the disk before either has its name.
    let access = Access::of(&job.input);
    let mut log_hash = None;
    let (log, cleaned) = match &job.log {
        None => (None, changes.clean(&document, options.target).map_err(|error| fault(error.into()))?),
        Some(path) => {
            let header = Header {
                path: escaped(&job.input).into_owned(),
                data: options.data.to_owned(),
                config: options.config.clone(),
            };
            let (log, cleaned) =
                Log::with_cleaned(&document, &changes, header, options.target).map_err(|error| fault(error.into()))?;
            let write = |out: &mut (dyn Write + Send)| {
                let mut out = Hashed { out, hash: sha2::Sha256::new() };
                Compression::of(path).write(&mut out, |out| log.write(out))?;
                log_hash = Some(hex(&out.hash.finalize()));
                Ok(())
            };
            (Some((path, prepare(path, access, write)?)), cleaned)
        }
    };
    let cleaned = compression.compress(cleaned).map_err(|error| JobError::write(&job.output, error))?;
    let output = prepare(&job.output, access, |out| out.write_all(&cleaned))?;
    if let Some((path, log)) = log {
        log.commit().map_err(|error| JobError::write(path, error))?;
    }
    output.commit().map_err(|error| JobError::write(&job.output, error))?;
    let tally = Box::new(if is_own { Tally::of_own(&document) } else { Tally::of(&document, &changes) });
    let entry = Entry { input, output: sha256(&cleaned), log: log_hash, tally };
    run.manifest.add(&job.name, &entry).map_err(|error| JobError::write(&job.output, error))?;
    Ok(Outcome::Cleaned(entry.tally))
}

/// Looks at the text of `job` and writes nothing.
pub(super) fn survey_file(job: &Job, corrector: &Corrector, shared: Option<&Shared>) -> Result<Tally, JobError> {
    let bytes = read(&job.input, Compression::of(&job.input))?;
    let document = Document::from_bytes(&bytes).map_err(|error| JobError::new(&job.input, error.into()))?;
    drop(bytes);
    Ok(Tally::of(&document, &correct(corrector, &document, shared)))
}

fn correct(corrector: &Corrector, document: &Document, shared: Option<&Shared>) -> ChangeLog {
    match shared {
        Some(shared) => corrector.correct_in(document, shared.study(corrector)),
        None => corrector.correct(document),
    }
}

/// The bytes of the text at `path`.
pub(super) fn read(path: &Path, compression: Compression) -> Result<Vec<u8>, JobError> {
    let read = || {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        compression.read_whole(file, size, LARGEST_TEXT)
    };
    read().map_err(|error| JobError::new(path, error.into()))
}

/// True if output and log are those that this input makes with these settings.
fn is_done(job: &Job, run: &Run<'_>, entry: &Entry, input: &str) -> bool {
    entry.input == input
        && job.log.as_ref().is_none_or(|log| {
            let is_log = |hash: &str| entry.log.as_deref() == Some(hash);
            hash_file(log).is_ok_and(|hash| is_log(&hash))
                || run.stream.as_ref().and_then(|stream| stream.hash(job)).is_some_and(is_log)
        })
        && hash_file(&job.output).is_ok_and(|output| output == entry.output)
}

/// The file at `path` with new content, in folders that are made if need be.
fn prepare(
    path: &Path,
    access: Access,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<Replacement, JobError> {
    make_folder_of(path)
        .and_then(|()| Replacement::prepare_with(Destination::below(path).limited_to(access), write))
        .map_err(|error| JobError::write(path, error))
}

/// Hashes what goes through it.
struct Hashed<'o> {
    out: &'o mut (dyn Write + Send),
    hash: sha2::Sha256,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Makes the folder that the file at `path` is to lie in.
pub(super) fn make_folder_of(path: &Path) -> io::Result<()> {
    fs::create_dir_all(folder_of(path))
}
