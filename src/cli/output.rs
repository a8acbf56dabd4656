//! Where text goes: standard output, or a file that is written whole or not
//! at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use scanno::files::{self, Access, Destination, Replacement};
use scanno::format::jsonl::Log;

use crate::cli::terminal::Stdout;

/// Where a result is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// This file.
    File(PathBuf),
}

impl Target {
    /// The target that `-o FILE` names: `-` is standard output, as is none.
    pub(crate) fn from_argument(path: Option<&Path>) -> Self {
        match path {
            Some(path) if path != Path::new("-") => Self::File(path.to_path_buf()),
            _ => Self::Stdout,
        }
    }

    /// Writes `bytes`; a file is open to no one who has not this `access`.
    pub(crate) fn write(&self, bytes: &[u8], access: Access) -> Result<()> {
        match self {
            Self::Stdout => write_stdout(bytes),
            Self::File(path) => prepare(Destination::named(path).limited_to(access), bytes)?
                .commit()
                .map_err(|error| fault(path, &error)),
        }
    }

    /// The same for a log.
    pub(crate) fn write_log(&self, log: &Log, access: Access) -> Result<()> {
        match self {
            Self::Stdout => write_stdout(&log.to_bytes()),
            Self::File(path) => prepare_log(Destination::named(path).limited_to(access), log)?
                .commit()
                .map_err(|error| fault(path, &error)),
        }
    }
}

/// The reader of our standard output has gone, as `head` does when it has
/// enough: no trouble, but no reason to go on either.
#[derive(Debug, thiserror::Error)]
#[error("the reader of standard output has gone")]
pub(crate) struct ReaderGone;

/// Writes `bytes` to standard output: as they are, unless that is [a terminal](Stdout).
pub(crate) fn write_stdout(bytes: &[u8]) -> Result<()> {
    write_to(Stdout::new(), bytes)
}

/// Writes lines of our own to standard output, styles and all; what they quote is harmless already.
pub(crate) fn write_styled(text: &[u8]) -> Result<()> {
    write_to(io::stdout(), text)
}

fn write_to(mut out: impl Write, bytes: &[u8]) -> Result<()> {
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => ReaderGone.into(),
        _ => anyhow!("standard output: cannot be written: {}", files::describe(&error)),
    })
}

/// A file with new content, not yet in its place.
pub(crate) fn prepare(to: Destination<'_>, bytes: &[u8]) -> Result<Replacement> {
    Replacement::prepare(to, bytes).map_err(|error| fault(to.path(), &error))
}

/// The same for a log.
pub(crate) fn prepare_log(to: Destination<'_>, log: &Log) -> Result<Replacement> {
    Replacement::prepare_with(to, |out| log.write(out)).map_err(|error| fault(to.path(), &error))
}

/// An error that names the file that could not be written.
pub(crate) fn fault(path: &Path, error: &io::Error) -> anyhow::Error {
    let folder = files::folder_of(path);
    if error.kind() == io::ErrorKind::NotFound && !folder.exists() {
        return anyhow!(
            "{}: cannot be written: there is no folder {}; make it first",
            path.display(),
            folder.display()
        );
    }
    anyhow!("{}: cannot be written: {}", path.display(), files::describe(error))
}
