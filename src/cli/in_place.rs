//! A text that is replaced by another, with the log that leads back from it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use scanno::corpus;
use scanno::document::sha256;
use scanno::files::{Access, Destination, replace_file};
use scanno::format::jsonl::Log;

use crate::cli::input::read_file;
use crate::cli::output::{self, prepare, prepare_log};

/// Where the log beside `path` goes, which leads back to a text with the hash
/// `original`.
///
/// # Errors
/// A log lies there that leads back to another text: without it, that text
/// could not be had again.
pub(crate) fn log_beside(path: &Path, original: &str) -> Result<PathBuf> {
    let log_path = corpus::log_path(path);
    let is_needed = match fs::read(&log_path) {
        Ok(bytes) => !Log::read_made(&bytes).is_ok_and(|log| log.document().sha256 == original),
        Err(_) => log_path.exists(),
    };
    if is_needed {
        bail!(
            "{}: {} is the only way back from an earlier cleaning; move it away, revert it, or name another with --log",
            path.display(),
            log_path.display()
        );
    }
    Ok(log_path)
}

/// Writes `log` to its path and `new` over the text at `path`, which held
/// `old` when it was read. The log is complete on the disk before the text is
/// touched, so that there is no moment from which there is no way back.
pub(crate) fn replace(path: &Path, old: &[u8], new: &[u8], log: Option<(&Path, &Log)>) -> Result<()> {
    let unchanged = old == new;
    let before = log.map(|(path, _)| fs::read(path).ok());
    let access = Access::of(path);
    let to_log = |path| Destination::named(path).limited_to(access);
    let prepared_log = log.map(|(path, log)| prepare_log(to_log(path), log)).transpose()?;
    let prepared_text = if unchanged { None } else { Some(prepare(path.into(), new)?) };
    if prepared_text.is_some() && sha256(&read_file(path)?) != sha256(old) {
        bail!("{}: was changed by someone else while it was read; nothing was written", path.display());
    }
    if let (Some((path, _)), Some(prepared)) = (log, prepared_log) {
        prepared.commit().map_err(|error| output::fault(path, &error))?;
    }
    let Some(prepared) = prepared_text else { return Ok(()) };
    prepared.commit().map_err(|error| {
        // A log of what has not been done would mislead.
        if let Some((path, _)) = log {
            let _ = match before.flatten() {
                Some(before) => replace_file(path, &before),
                None => fs::remove_file(path),
            };
        }
        output::fault(path, &error)
    })
}
