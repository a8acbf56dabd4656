//! [`Record`]: what a batch has done, so that an interrupted one can go on.
//!
//! A JSON Lines file in the output folder. Its first line names the settings;
//! each other line names one output with the hashes of the input it was made
//! from and of what was written. An output counts as done only if all three
//! still hold: no clock is asked, and a changed option, word list or program
//! version starts anew.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::replace_file;

/// The record's name in the output folder; hidden, so that it is not taken for a text.
pub const RECORD_NAME: &str = ".scanno-batch.jsonl";

/// One output that is complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// SHA-256 of the input's bytes.
    pub(super) input: String,
    /// SHA-256 of the output's bytes.
    pub(super) output: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line {
    Batch {
        settings: String,
    },
    Done {
        name: String,
        #[serde(flatten)]
        entry: Entry,
    },
}

/// The outputs in one folder that are complete. Shared by all threads.
pub(super) struct Record {
    path: PathBuf,
    settings: String,
    state: Mutex<State>,
}

struct State {
    file: File,
    done: BTreeMap<String, Entry>,
}

impl Record {
    /// Begins a record in `folder`, or goes on with the one that lies there if
    /// `resume` is asked for and it was made with the same `settings`.
    pub(super) fn open(folder: &Path, settings: &str, resume: bool) -> io::Result<Self> {
        let path = folder.join(RECORD_NAME);
        let done = if resume { read(&path, settings) } else { BTreeMap::new() };
        replace_file(&path, &lines(settings, &done)?)?;
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok(Self { path, settings: settings.to_owned(), state: Mutex::new(State { file, done }) })
    }

    /// What is known of the output `name`.
    pub(super) fn get(&self, name: &Path) -> Option<Entry> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done.get(name.to_str()?).cloned()
    }

    /// Notes that the output `name` is complete. A name that is not Unicode is
    /// not noted: such a file is done anew each time.
    pub(super) fn add(&self, name: &Path, entry: Entry) -> io::Result<()> {
        let Some(name) = name.to_str() else { return Ok(()) };
        let mut line = serde_json::to_vec(&Line::Done { name: name.to_owned(), entry: entry.clone() })?;
        line.push(b'\n');
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done.insert(name.to_owned(), entry);
        state.file.write_all(&line)
    }

    /// Puts the lines in order, so that the record too is the same on any
    /// number of threads.
    pub(super) fn close(self) -> io::Result<()> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        drop(state.file);
        replace_file(&self.path, &lines(&self.settings, &state.done)?)
    }
}

/// The entries of the record at `path`; none if it is missing, foreign or made
/// with other settings. A last line cut short by a crash is passed over.
fn read(path: &Path, settings: &str) -> BTreeMap<String, Entry> {
    let content = fs::read_to_string(path).unwrap_or_default();
    let mut lines = content.lines().map(serde_json::from_str::<Line>);
    match lines.next() {
        Some(Ok(Line::Batch { settings: recorded })) if recorded == settings => {}
        _ => return BTreeMap::new(),
    }
    lines
        .filter_map(|line| match line {
            Ok(Line::Done { name, entry }) => Some((name, entry)),
            _ => None,
        })
        .collect()
}

fn lines(settings: &str, done: &BTreeMap<String, Entry>) -> io::Result<Vec<u8>> {
    let first = Line::Batch { settings: settings.to_owned() };
    let others = done.iter().map(|(name, entry)| Line::Done { name: name.clone(), entry: entry.clone() });
    let mut out = Vec::new();
    for line in std::iter::once(first).chain(others) {
        serde_json::to_writer(&mut out, &line)?;
        out.push(b'\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry { input: text.into(), output: text.to_uppercase() }
    }

    #[test]
    fn what_was_noted_is_known_after_a_crash_in_the_middle_of_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let record = Record::open(folder.path(), "s", false).unwrap();
        record.add(Path::new("b.txt"), entry("b")).unwrap();
        record.add(Path::new("a.txt"), entry("a")).unwrap();
        drop(record);
        let path = folder.path().join(RECORD_NAME);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"type\":\"done\",\"na").unwrap();
        let record = Record::open(folder.path(), "s", true).unwrap();
        assert_eq!(record.get(Path::new("a.txt")), Some(entry("a")));
        assert_eq!(record.get(Path::new("b.txt")), Some(entry("b")));
        record.add(Path::new("c.txt"), entry("c")).unwrap();
        record.close().unwrap();
        let names: Vec<_> = read(&path, "s").into_keys().collect();
        assert_eq!(names, ["a.txt", "b.txt", "c.txt"]);
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 4);
    }

    #[test]
    fn other_settings_and_a_foreign_file_count_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let record = Record::open(folder.path(), "s", false).unwrap();
        record.add(Path::new("a.txt"), entry("a")).unwrap();
        record.close().unwrap();
        assert_eq!(Record::open(folder.path(), "t", true).unwrap().get(Path::new("a.txt")), None);
        fs::write(folder.path().join(RECORD_NAME), b"\xff\xfe\0").unwrap();
        assert_eq!(Record::open(folder.path(), "s", true).unwrap().get(Path::new("a.txt")), None);
    }
}
