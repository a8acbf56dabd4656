//! The memory of a project: read with the settings, and added to.

use std::io::Write;

use anyhow::{Result, anyhow};
use scanno::files::{self, Access};
use scanno::memory::{self, Memory, MemoryError, MemoryProblem, Remembered};
use scanno::{ChangeLog, Document};

use crate::cli::reviewer::decided_now;
use crate::cli::source::{Fault, Source};

/// The lines of the memory `source`; none if it does not exist yet.
pub(crate) fn read(source: &Source) -> Result<Vec<Remembered>> {
    if !source.path().exists() {
        return Ok(Vec::new());
    }
    memory::read(&source.read()?).map_err(|MemoryError { line, problem }| {
        let what = format!("line {line}: {problem}");
        source.fault(&match problem {
            MemoryProblem::Foreign(error) => Fault::Detailed {
                what: format!("line {line}: no decision or word, as a memory has one a line"),
                detail: error.to_string(),
            },
            _ => Fault::Plain(what),
        })
    })
}

/// Adds what people have decided in `changes` of `document` to the memory
/// `source`, which is made if need be, open to no one who has not this
/// `access`; gives the number of new decisions.
pub(crate) fn add_decisions(
    source: &Source,
    document: &Document,
    changes: &ChangeLog,
    access: Access,
) -> Result<usize> {
    let known = Memory::new(&read(source)?);
    let new = memory::of_changes(document.text(), changes, &known, &decided_now());
    add(source, &new, access)?;
    Ok(new.len())
}

/// Adds `lines` to the memory `source`, all in one step.
pub(crate) fn add(source: &Source, lines: &[Remembered], access: Access) -> Result<()> {
    let path = source.path();
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
    written.map_err(|error| anyhow!("{}: cannot be written: {}", path.display(), files::describe(&error)))
}
