//! A text to review: the original, with the changes of the log beside it, or
//! else with what is found in it now.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use scanno::change::Target as Encoded;
use scanno::corpus;
use scanno::format::jsonl::{Header, Log};
use scanno::{ChangeLog, Corrector, Document};

use crate::cli::held_back_note;
use crate::cli::input::Input;
use crate::cli::options::Settings;

/// A text with its changes.
#[derive(Debug)]
#[cfg_attr(not(feature = "tui"), allow(dead_code, reason = "saving needs it all"))]
pub(crate) struct Opened {
    /// The original.
    pub(crate) document: Document,
    pub(crate) changes: ChangeLog,
    /// What its log says of how it came to be.
    pub(crate) header: Header,
    /// The encoding of the cleaned file.
    pub(crate) target: Encoded,
    /// What the file held when it was read: the original or the cleaned text.
    pub(crate) bytes: Vec<u8>,
    /// The log that the changes are from.
    pub(crate) log: Option<Kept>,
    /// What the user should know.
    pub(crate) notes: Vec<String>,
}

/// A log that lay beside the text.
#[derive(Debug)]
#[cfg_attr(not(feature = "tui"), allow(dead_code, reason = "saving needs it all"))]
pub(crate) struct Kept {
    /// As it was read.
    pub(crate) bytes: Vec<u8>,
    pub(crate) log: Log,
}

impl Opened {
    /// The log that was read, or else a new one of the changes.
    pub(crate) fn into_log(self) -> Result<(Document, Log)> {
        let log = match self.log {
            Some(kept) => kept.log,
            None => Log::new(&self.document, &self.changes, self.header, self.target)?,
        };
        Ok((self.document, log))
    }
}

/// Reads `input`, with the log at `log_path` if there is one that fits.
pub(crate) fn open(
    input: &Input,
    log_path: Option<&Path>,
    settings: &Settings,
    corrector: &Corrector,
) -> Result<Opened> {
    let bytes = input.read()?;
    let mut notes = Vec::new();
    if let Some(path) = log_path.filter(|path| path.exists()) {
        match from_log(path, &bytes) {
            Ok((kept, document, changes)) => {
                let record = kept.log.document();
                let header =
                    Header { path: record.path.clone(), data: record.data.clone(), config: record.config.clone() };
                let target = kept.log.target();
                return Ok(Opened { document, changes, header, target, bytes, log: Some(kept), notes });
            }
            Err(error) => notes.push(format!("{}: is left aside: {error}", path.display())),
        }
    }
    let document = Document::from_bytes(&bytes).map_err(|error| input.fault(error))?;
    let target = settings.target();
    let (changes, held_back) = corpus::clean(corrector, &document, target);
    notes.extend(held_back_note(input, &document, held_back));
    let header = settings.header(input.path().map_or("-".into(), Path::to_string_lossy).into(), corrector);
    Ok(Opened { document, changes, header, target, bytes, log: None, notes })
}

/// The log at `path` and the original that it is of, whether `bytes` are it or
/// were made from it.
fn from_log(path: &Path, text: &[u8]) -> Result<(Kept, Document, ChangeLog)> {
    if !path.is_file() {
        bail!("it is no regular file");
    }
    let bytes = fs::read(path).map_err(|error| anyhow!(scanno::files::describe(&error)))?;
    let kept = Kept { log: Log::read(&bytes)?, bytes };
    let (document, changes) = match kept.log.open(text) {
        Ok(opened) => opened,
        Err(_) => {
            let original = kept.log.recover(text).ok_or_else(|| anyhow!("it is the log of another text"))?;
            kept.log.open(&original)?
        }
    };
    Ok((kept, document, changes))
}

/// The log beside `input`, whether it exists or not.
pub(crate) fn log_beside(input: &Input) -> Option<PathBuf> {
    input.path().map(corpus::log_path)
}
