//! [`Journal`]: what is done in a review, on the disk as soon as it is done.
//!
//! JSON Lines beside the text, `FILE.scanno.review.jsonl`. The first line says
//! which text it is of, each further line is an [`Action`] with who did it and
//! when. Lines are only ever added; one that a crash has cut off is as if it
//! had not been written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Action, Session};
use crate::change::Decided;
use crate::files::Access;

/// What the name of a text gets to name its journal.
pub const JOURNAL_SUFFIX: &str = ".scanno.review.jsonl";

/// The version of the format that is written and read.
const VERSION: u32 = 1;

/// How every journal begins.
const BEGINNING: &[u8] = b"{\"review\":";

/// The journal of the review of `file`: its name with [`JOURNAL_SUFFIX`] added.
#[must_use]
pub fn journal_path(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_os_string();
    name.push(JOURNAL_SUFFIX);
    name.into()
}

/// The first line of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalHeader {
    /// Version of the format.
    pub review: u32,
    /// SHA-256 of the original file's bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Version of the program that began it.
    pub scanno: String,
}

/// Any other line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalLine {
    /// What was done.
    #[serde(flatten)]
    pub action: Action,
    /// By whom, and when.
    #[serde(flatten)]
    pub decided: Decided,
}

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// It cannot be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is of another text, or of no review.
    #[error("it is not of this text; move it away to begin anew")]
    Foreign,
    /// It was written by a later version.
    #[error("it has version {0}, but this version of scanno reads version {VERSION}; use the scanno that wrote it")]
    Version(u32),
    /// A line in the middle is no action.
    #[error("its line {line} is damaged ({error}); mend or remove it")]
    Damaged {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

/// A journal that is open for writing. The file is begun with the first action.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    access: Access,
    header: JournalHeader,
    file: Option<File>,
}

impl Journal {
    /// The journal at `path` of the review of the original with this `sha256`,
    /// and what it holds already: nothing if there is none. One that is begun is
    /// open to no one who has not this `access`.
    ///
    /// # Errors
    /// There is a file that cannot be read, or is not a journal of this text.
    /// It is left as it is.
    pub fn open(path: &Path, sha256: &str, access: Access) -> Result<(Self, Vec<JournalLine>), JournalError> {
        let header = JournalHeader { review: VERSION, sha256: sha256.into(), scanno: env!("CARGO_PKG_VERSION").into() };
        let mut journal = Self { path: path.to_path_buf(), access, header, file: None };
        let bytes = match fs::metadata(path) {
            // What lies beside a text may be anyone's; a device has no end.
            Ok(metadata) if !metadata.is_file() => return Err(JournalError::Foreign),
            Ok(_) => fs::read(path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((journal, Vec::new())),
            Err(error) => return Err(error.into()),
        };
        // What a crash has cut off ends without a line feed.
        let whole = bytes.iter().rposition(|&b| b == b'\n').map_or(0, |feed| feed + 1);
        let mut lines = (1..).zip(bytes[..whole].split(|&b| b == b'\n')).filter(|(_, line)| !line.is_empty());
        let Some((_, first)) = lines.next() else {
            if !bytes.starts_with(BEGINNING) && !BEGINNING.starts_with(&bytes) {
                return Err(JournalError::Foreign);
            }
            // Not even its first line was finished.
            fs::remove_file(path)?;
            return Ok((journal, Vec::new()));
        };
        let found: JournalHeader = serde_json::from_slice(first).map_err(|_| JournalError::Foreign)?;
        if found.review != VERSION {
            return Err(JournalError::Version(found.review));
        }
        if found.sha256 != journal.header.sha256 {
            return Err(JournalError::Foreign);
        }
        let read = |(line, bytes)| serde_json::from_slice(bytes).map_err(|error| JournalError::Damaged { line, error });
        let actions = lines.map(read).collect::<Result<Vec<_>, _>>()?;
        let file = OpenOptions::new().append(true).open(path)?;
        file.set_len(whole as u64)?;
        journal.file = Some(file);
        Ok((journal, actions))
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a line, which is on the disk when this returns.
    ///
    /// # Errors
    /// What the system reports.
    pub fn add(&mut self, action: &Action, decided: &Decided) -> io::Result<()> {
        let mut lines = Vec::new();
        let is_begun = self.file.is_some();
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                serde_json::to_writer(&mut lines, &self.header)?;
                lines.push(b'\n');
                // Who reviews the same text at the same time has begun one meanwhile.
                none.insert(self.access.new_file().append(true).open(&self.path)?)
            }
        };
        serde_json::to_writer(&mut lines, &JournalLine { action: action.clone(), decided: decided.clone() })?;
        lines.push(b'\n');
        let end = file.metadata()?.len();
        let written = file.write_all(&lines).and_then(|()| file.sync_data());
        if written.is_err() {
            // The next line must neither begin in the middle of this one nor lack the first.
            let _ = file.set_len(end);
            if !is_begun {
                self.clear()?;
            }
        }
        written
    }

    /// Removes the file: what it holds is saved.
    ///
    /// # Errors
    /// What the system reports.
    pub fn clear(&mut self) -> io::Result<()> {
        match self.file.take() {
            Some(_) => fs::remove_file(&self.path),
            None => Ok(()),
        }
    }
}

impl Session {
    /// Does again what a journal holds. Gives the number of actions that could
    /// not be done, because what they are about is not proposed any more.
    pub fn replay(&mut self, lines: &[JournalLine]) -> usize {
        // An action that is not done must not be undone: the action before it would be.
        let mut done = Vec::new();
        let mut lost = 0;
        for JournalLine { action, decided } in lines {
            let is_undo = *action == Action::Undo;
            if is_undo && done.pop() == Some(false) {
                continue;
            }
            let is_done = self.act(action, decided).is_ok();
            lost += usize::from(!is_done);
            if !is_undo {
                done.push(is_done);
            }
        }
        lost
    }
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
