//! The memory of a project: read with the settings, and added to.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, anyhow};
use scanno::files::Access;
use scanno::memory::{self, Memory, Remembered};
use scanno::{ChangeLog, Document, corpus};

use crate::cli::input::read_file;
use crate::cli::reviewer::decided_now;

/// The lines of the memory at `path`; none if it does not exist yet.
pub(crate) fn read(path: &Path) -> Result<Vec<Remembered>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    memory::read(&read_file(path)?).map_err(|error| anyhow!("{}: {error}", path.display()))
}

/// Adds what people have decided in `changes` of `document` to the memory at
/// `path`, which is made if need be; gives the number of new decisions.
///
/// One that is made is open to no one who has not this `access`.
pub(crate) fn add_decisions(path: &Path, document: &Document, changes: &ChangeLog, access: Access) -> Result<usize> {
    let known = Memory::new(&read(path)?);
    let new = memory::of_changes(document.text(), changes, &known, &decided_now());
    add(path, &new, access)?;
    Ok(new.len())
}

/// Adds `lines` to the memory at `path`, all in one step.
pub(crate) fn add(path: &Path, lines: &[Remembered], access: Access) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    // One write at the end of the file, so that two who add at the same time do not mix their lines; what a
    // crash has left of a line is ended first.
    let is_torn = std::fs::read(path).is_ok_and(|bytes| !bytes.is_empty() && !bytes.ends_with(b"\n"));
    let text = format!("{}{}", if is_torn { "\n" } else { "" }, memory::to_lines(lines));
    let written = access.made_if_missing().append(true).open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_data()
    });
    written.map_err(|error| anyhow!("{}: cannot be written: {}", path.display(), corpus::describe(&error)))
}
