//! [`Source`]: a file that settings name, be it on the command line or in a
//! settings file, and what may be read and said of it.

use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use scanno::files;
use scanno::model::{FILES, VERSION_FILE};

/// Bytes of a word list, a list of corrections, a memory, a collection's model
/// or a file of a data folder, at most: a million decisions, ten times the
/// words of a large dictionary. All of it is held in memory.
const LARGEST: u64 = 256 << 20;

/// A list, a memory or a model, or the folder of models.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Source {
    path: PathBuf,
    /// The user has named it, or the settings file in which it stands.
    is_named: bool,
}

impl Source {
    /// What the user has named.
    pub(crate) fn named(path: &Path) -> Self {
        Self { path: path.to_path_buf(), is_named: true }
    }

    /// What a settings file names that was found beside a text: it may be anyone's.
    pub(crate) fn found(path: PathBuf) -> Self {
        Self { path, is_named: false }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// For messages.
    pub(crate) fn display(&self) -> impl fmt::Display {
        self.path.display()
    }

    /// Its bytes.
    pub(crate) fn read(&self) -> Result<Vec<u8>> {
        read(&self.path, self.is_named)
    }

    /// Refuses a folder of models with something in it that is not to be read.
    pub(crate) fn check_models(&self) -> Result<()> {
        for name in FILES.into_iter().chain([VERSION_FILE]) {
            let path = self.path.join(name);
            // What is missing is told, with what is needed, when it is read.
            let Ok(metadata) = fs::metadata(&path) else { continue };
            if !metadata.is_file() {
                bail!("{}: is no regular file, and a folder of models has no others", path.display());
            }
            check_size(&path, metadata.len())?;
        }
        Ok(())
    }

    /// An error that names this file. What it quotes of the file is told only to who has named that.
    pub(crate) fn fault(&self, fault: &Fault) -> anyhow::Error {
        anyhow!("{}: {}", self.display(), self.told(fault))
    }

    /// The same of a line, from 1.
    pub(crate) fn line_fault(&self, line: usize, fault: &Fault) -> anyhow::Error {
        anyhow!("{}:{line}: {}", self.display(), self.told(fault))
    }

    fn told(&self, fault: &Fault) -> String {
        if self.is_named { fault.to_string() } else { fault.unquoted() }
    }
}

/// As a path: it is part of what tells settings apart, however they were given.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}

/// What is wrong with a file or a line of it, and the part that shows it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Told without anything of the file.
    Plain(String),
    /// `"quote" what`.
    Quoting { quote: String, what: String },
    /// `what: detail`, where the detail may hold anything of the file.
    Detailed { what: String, detail: String },
}

impl Fault {
    /// `"quote" what`, the quote made harmless.
    pub(crate) fn quoting(quote: &str, what: impl Into<String>) -> Self {
        Self::Quoting { quote: quote.escape_debug().to_string(), what: what.into() }
    }

    fn unquoted(&self) -> String {
        match self {
            Self::Plain(what) | Self::Detailed { what, .. } => what.clone(),
            Self::Quoting { what, .. } => format!("the line {what}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(what) => f.write_str(what),
            Self::Quoting { quote, what } => write!(f, "\"{quote}\" {what}"),
            Self::Detailed { what, detail } => write!(f, "{what}: {detail}"),
        }
    }
}

/// The bytes of the file at `path`, which must be a regular one unless it
/// `may_be_special`: a pipe that a shell makes of `<(…)`.
pub(crate) fn read(path: &Path, may_be_special: bool) -> Result<Vec<u8>> {
    let fault = |error| anyhow!("{}: {}", path.display(), files::describe(&error));
    let metadata = fs::metadata(path).map_err(fault)?;
    if metadata.is_dir() {
        bail!("{}: is a folder, and a file is needed", path.display());
    }
    if !metadata.is_file() && !may_be_special {
        bail!("{}: is no regular file; only what is named on the command line may be something else", path.display());
    }
    check_size(path, metadata.len())?;
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(fault)?;
    check_size(path, bytes.len() as u64)?;
    Ok(bytes)
}

fn check_size(path: &Path, bytes: u64) -> Result<()> {
    if bytes > LARGEST {
        bail!("{}: has more than {} MiB, which no list, memory or model has", path.display(), LARGEST >> 20);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_not_named_a_file_is_told_nothing_of_it() {
        let fault = Fault::quoting("root:x\u{1b}", "is more than one word");
        let of = |source: Source| source.line_fault(3, &fault).to_string();
        assert_eq!(of(Source::named(Path::new("a"))), "a:3: \"root:x\\u{1b}\" is more than one word");
        assert_eq!(of(Source::found("a".into())), "a:3: the line is more than one word");
        let fault = Fault::Detailed { what: "no model".into(), detail: "\"root\"".into() };
        assert_eq!(Source::found("a".into()).fault(&fault).to_string(), "a: no model");
    }
}
