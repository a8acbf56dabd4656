//! Where text comes from: files and standard input.

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use scanno::Document;
use scanno::files;

/// One text to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// `-`
    Stdin,
    /// Anything else.
    File(PathBuf),
}

impl Input {
    /// The inputs that the arguments name; with none, standard input, unless
    /// that is a terminal, where waiting would look like hanging.
    pub(crate) fn from_arguments(files: &[PathBuf]) -> Result<Vec<Self>> {
        if files.is_empty() {
            if io::stdin().is_terminal() {
                bail!("no file was named and nothing is piped in; name a file, or `-` to type a text");
            }
            return Ok(vec![Self::Stdin]);
        }
        Ok(files.iter().map(|path| Self::from_argument(path)).collect())
    }

    pub(crate) fn from_argument(path: &Path) -> Self {
        if path == Path::new("-") { Self::Stdin } else { Self::File(path.to_path_buf()) }
    }

    /// The file, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::File(path) => Some(path),
        }
    }

    /// For messages and headers.
    pub(crate) fn name(&self) -> String {
        self.path().map_or_else(|| "standard input".into(), |path| path.display().to_string())
    }

    pub(crate) fn read(&self) -> Result<Vec<u8>> {
        match self {
            Self::File(path) => read_file(path),
            Self::Stdin => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes).map_err(|error| self.fault(files::describe(&error)))?;
                Ok(bytes)
            }
        }
    }

    pub(crate) fn read_document(&self) -> Result<Document> {
        Document::from_bytes(&self.read()?).map_err(|error| self.fault(error))
    }

    /// An error that names this input.
    pub(crate) fn fault(&self, what: impl std::fmt::Display) -> anyhow::Error {
        anyhow!("{}: {what}", self.name())
    }
}

/// The bytes of the file at `path`.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    if path.is_dir() {
        bail!("{}: is a folder, and a file is needed; `scanno batch` cleans folders", path.display());
    }
    fs::read(path).map_err(|error| anyhow!("{}: {}", path.display(), files::describe(&error)))
}

/// The paths in `list`: one a line, or ended by NUL, as `find -print0` writes
/// them. Names need not be UTF-8.
pub(crate) fn read_paths(list: &Input) -> Result<Vec<PathBuf>> {
    let bytes = list.read()?;
    let end = if bytes.contains(&0) { 0 } else { b'\n' };
    let paths =
        bytes.split(|&b| b == end).map(|path| if end == 0 { path } else { path.strip_suffix(b"\r").unwrap_or(path) });
    paths.filter(|path| !path.is_empty()).map(path_of).collect()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Result<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Ok(std::ffi::OsStr::from_bytes(bytes).into())
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Result<PathBuf> {
    let path = std::str::from_utf8(bytes);
    path.map(PathBuf::from).map_err(|_| anyhow!("{}: no path in UTF-8", String::from_utf8_lossy(bytes)))
}
