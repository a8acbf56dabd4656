//! Where text goes: standard output, or a file that is written whole or not
//! at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, anyhow};
use scanno::corpus::{self, Replacement};
use scanno::format::jsonl::Log;

use crate::cli::exit_code::ExitCode;
use crate::cli::terminal::{Stdout, Terminal};

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

    pub(crate) fn write(&self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::Stdout => write_stdout(bytes),
            Self::File(path) => prepare(path, bytes)?.commit().map_err(|error| fault(path, &error)),
        }
    }

    pub(crate) fn write_log(&self, log: &Log) -> Result<()> {
        match self {
            Self::Stdout => write_stdout(&log.to_bytes()),
            Self::File(path) => prepare_log(path, log)?.commit().map_err(|error| fault(path, &error)),
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
        _ => anyhow!("standard output: cannot be written: {}", corpus::describe(&error)),
    })
}

/// The file at `path` with new content, not yet in its place.
pub(crate) fn prepare(path: &Path, bytes: &[u8]) -> Result<Replacement> {
    Replacement::prepare(path, bytes).map_err(|error| fault(path, &error))
}

/// The same for a log.
pub(crate) fn prepare_log(path: &Path, log: &Log) -> Result<Replacement> {
    Replacement::prepare_with(path, |out| log.write(out)).map_err(|error| fault(path, &error))
}

/// An error that names the file that could not be written.
pub(crate) fn fault(path: &Path, error: &io::Error) -> anyhow::Error {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if error.kind() == io::ErrorKind::NotFound && !folder.exists() => {
            anyhow!("{}: cannot be written: there is no folder {}; make it first", path.display(), folder.display())
        }
        _ => anyhow!("{}: cannot be written: {}", path.display(), corpus::describe(error)),
    }
}

/// Set by the first Ctrl-C in a command that can [stop gracefully](stop_gracefully).
static STOP: AtomicBool = AtomicBool::new(false);
/// The command can.
static IS_GRACEFUL: AtomicBool = AtomicBool::new(false);

/// What puts the terminal in order before the program ends, where that is needed.
static RESTORE: std::sync::OnceLock<fn()> = std::sync::OnceLock::new();

/// From here on `restore` is called before an interrupt ends the program.
#[cfg(feature = "tui")]
pub(crate) fn restore_on_interrupt(restore: fn()) {
    let _ = RESTORE.set(restore);
}

/// On Ctrl-C, and where the system asks the program to end or the terminal is
/// gone: no temporary file stays behind, and nothing is half-written.
pub(crate) fn clean_up_on_interrupt() {
    // Fails where one of these signals is ignored already, as under nohup: let it be so.
    let _ = ctrlc::try_set_handler(|| {
        if IS_GRACEFUL.load(Ordering::Relaxed) && !STOP.swap(true, Ordering::Relaxed) {
            Terminal::write_line("stopping as soon as what was begun is safe; Ctrl-C again stops at once");
            return;
        }
        corpus::abandon_replacements();
        RESTORE.get().inspect(|restore| restore());
        std::process::exit(ExitCode::Interrupted as i32);
    });
}

/// From here on the first Ctrl-C only sets the flag; the second ends the program.
pub(crate) fn stop_gracefully() -> &'static AtomicBool {
    IS_GRACEFUL.store(true, Ordering::Relaxed);
    &STOP
}

/// True if two paths name one file, whether it exists yet or not.
pub(crate) fn is_same_file(a: &Path, b: &Path) -> bool {
    fn resolved(path: &Path) -> Option<PathBuf> {
        if let Ok(path) = path.canonicalize() {
            return Some(path);
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    }
    a == b || resolved(a).is_some_and(|a| resolved(b) == Some(a))
}
