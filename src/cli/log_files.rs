//! Change logs: files that are named, and all of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use ignore::WalkBuilder;
use scanno::corpus::{self, LOG_SUFFIX, has_log_name};
use scanno::format::jsonl::{Log, LogError};

use crate::cli::input::read_file;

/// The log files that `paths` name: files as they are, of folders all whose
/// names end as those of logs do, sorted.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let before = found.len();
        for entry in WalkBuilder::new(path).standard_filters(false).follow_links(true).build() {
            let entry = entry.map_err(|error| anyhow!("{}: {error}", path.display()))?;
            if has_log_name(entry.path()) && entry.path().is_file() {
                found.push(entry.into_path());
            }
        }
        if found.len() == before {
            bail!("{}: has no change logs (*{LOG_SUFFIX})", path.display());
        }
        found[before..].sort();
    }
    Ok(found)
}

/// The logs in the file at `path`, at least one, whose changes may be made.
pub(crate) fn read(path: &Path) -> Result<Vec<Log>> {
    read_as(path, Log::read_all)
}

/// The same for looking at what was made.
pub(crate) fn read_made(path: &Path) -> Result<Vec<Log>> {
    read_as(path, Log::read_all_made)
}

fn read_as(path: &Path, read: impl Fn(&[u8]) -> Result<Vec<Log>, LogError>) -> Result<Vec<Log>> {
    if path == Path::new("-") {
        bail!("the log cannot be read from standard input; name its file");
    }
    read(&read_file(path)?).map_err(|error| anyhow!("{}: {error}", path.display()))
}

/// The log beside `text`, for taking back what was made with it; none if there is none that can be read.
pub(crate) fn beside(text: &Path) -> Option<Log> {
    let path = corpus::log_path(text);
    // A text may come from anywhere, and so may what lies beside it: a pipe would be waited for.
    if !path.is_file() {
        return None;
    }
    Log::read_made(&fs::read(path).ok()?).ok()
}
