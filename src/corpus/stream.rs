//! [`Stream`]: the logs of all texts in one file, one after the other.
//!
//! A run writes them as files of their own, in a hidden folder beside the
//! stream, and joins them at its end in the order of the plan. So the stream is
//! the same on any number of threads, appears whole or not at all, and a run
//! that was interrupted has lost none of them. A later run that goes on takes
//! the logs of what it passes over from the stream itself.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::part::part_path;
use super::text::make_folder_of;
use super::{Compression, Job, Plan, escaped};
use crate::document::hex;
use crate::files::{Access, Destination, Replacement, folder_of};

pub(super) struct Stream<'a> {
    pub(super) path: &'a Path,
    /// Where the logs of this run lie until its end.
    parts: PathBuf,
    old: Option<Old>,
}

/// The stream of an earlier run.
struct Old {
    /// What it holds, decompressed.
    file: File,
    /// Where the log of each input lies in that.
    logs: HashMap<String, Held>,
}

/// A log in a stream.
struct Held {
    place: Range<u64>,
    /// SHA-256 of its bytes.
    hash: String,
}

impl<'a> Stream<'a> {
    /// Begins the stream at `path`, or goes on with that of an earlier run.
    pub(super) fn open(path: &'a Path, resume: bool) -> io::Result<Self> {
        make_folder_of(path)?;
        let parts = part_path(path);
        let is_link = parts.is_symlink();
        if is_link || !resume && parts.exists() {
            // Of a link this removes nothing but the link.
            fs::remove_dir_all(&parts)?;
        }
        // What cannot be read is made again.
        let old = if resume { Old::read(path).ok() } else { None };
        Ok(Self { path, parts, old })
    }

    /// SHA-256 of the log of `job`, if the earlier stream holds it.
    pub(super) fn hash(&self, job: &Job) -> Option<&str> {
        self.old.as_ref()?.logs.get(&*escaped(&job.input)).map(|held| &*held.hash)
    }

    /// Joins the logs of all jobs of `plan` that are done; open to no one who has not this `access`.
    pub(super) fn finish(mut self, plan: &Plan, is_done: &[bool], access: Access) -> io::Result<()> {
        let done = plan.jobs.iter().zip(is_done).filter(|(_, is_done)| **is_done);
        let mut logs = done.filter_map(|(job, _)| Some((job, job.log.as_deref()?)));
        let to = Destination::named(self.path).limited_to(access);
        let joined = Replacement::prepare_with(to, |out| {
            Compression::of(self.path).write(out, |out| {
                logs.try_for_each(|(job, log)| match (File::open(log), &mut self.old) {
                    (Ok(mut log), _) => io::copy(&mut log, out).map(drop),
                    (Err(error), Some(old)) if error.kind() == io::ErrorKind::NotFound => old.copy(job, out),
                    (Err(error), _) => Err(error),
                })
            })
        })?;
        drop(self.old);
        joined.commit()?;
        // Of no use any more; nothing is wrong if it stays.
        let _ = fs::remove_dir_all(&self.parts);
        Ok(())
    }
}

/// As much of a line of a log as is looked at here.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line {
    Document {
        path: String,
    },
    Summary {},
    #[serde(other)]
    Other,
}

/// The longest line that may begin a log, in bytes: it names a file and the options.
const LONGEST_LINE: u64 = 1 << 20;

/// True if there is a file at `path`, and it holds something else than logs.
pub(super) fn is_foreign(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let mut line = Vec::new();
    let read = Compression::of(path)
        .reader(file)
        .and_then(|file| BufReader::new(file.take(LONGEST_LINE)).read_until(b'\n', &mut line));
    match read {
        Ok(0) => false,
        Ok(_) => !matches!(serde_json::from_slice(&line), Ok(Line::Document { .. })),
        Err(_) => true,
    }
}

impl Old {
    fn read(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let compression = Compression::of(path);
        if compression != Compression::None {
            let mut unpacked = tempfile::tempfile_in(folder_of(path))?;
            io::copy(&mut compression.reader(file)?, &mut unpacked)?;
            unpacked.rewind()?;
            file = unpacked;
        }
        let mut logs = HashMap::new();
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        let mut begun: Option<(String, u64)> = None;
        let mut hash = Sha256::new();
        let mut at = 0;
        while reader.read_until(b'\n', &mut line)? > 0 {
            let start = at;
            at += line.len() as u64;
            let kind = serde_json::from_slice(&line);
            if let Ok(Line::Document { path }) = &kind {
                begun = Some((path.clone(), start));
                hash = Sha256::new();
            }
            hash.update(&line);
            if let Ok(Line::Summary {}) = kind
                && let Some((path, start)) = begun.take()
            {
                logs.insert(path, Held { place: start..at, hash: hex(&hash.clone().finalize()) });
            }
            line.clear();
        }
        Ok(Self { file, logs })
    }

    /// Writes the log of `job` to `out`.
    fn copy(&mut self, job: &Job, out: &mut dyn Write) -> io::Result<()> {
        let range = &self.logs.get(&*escaped(&job.input)).ok_or(io::ErrorKind::NotFound)?.place;
        self.file.seek(SeekFrom::Start(range.start))?;
        io::copy(&mut (&mut self.file).take(range.end - range.start), out).map(drop)
    }
}
