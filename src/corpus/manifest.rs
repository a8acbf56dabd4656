//! [`Manifest`]: what a batch has done, so that an interrupted one can go on.
//!
//! A JSON Lines file in the output folder. Its first line names the settings;
//! each other line names one output that is complete, with the hashes of the
//! input it was made from and of what was written, or a [`Checkpoint`] of one
//! that is not. An output counts as done only if settings and hashes still
//! hold: no clock is asked, and a changed option, word list or program version
//! starts anew. Names that are not Unicode are [escaped].

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::name::escaped;
use super::{PackedTally, Replacement, Tally};

/// The manifest's name in the output folder; hidden, so that it is not taken for a text.
pub const MANIFEST_NAME: &str = ".scanno-batch.jsonl";

/// One output that is complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// SHA-256 of what the input holds, decompressed.
    pub(super) input: String,
    /// SHA-256 of the output's bytes.
    pub(super) output: String,
    /// What was done.
    pub(super) tally: PackedTally,
}

/// How far an output has come that is written in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// Bytes of the input that are done, decompressed.
    pub(super) read: u64,
    /// SHA-256 of these bytes.
    pub(super) input: String,
    /// Lines of the input that are done.
    pub(super) lines: u64,
    /// Bytes of the output that are written.
    pub(super) written: u64,
    /// In the file: what was done since the checkpoint before. In memory: in all.
    pub(super) tally: Tally,
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
    Part {
        name: String,
        #[serde(flatten)]
        checkpoint: Box<Checkpoint>,
    },
}

/// What the folder's outputs have come to. Shared by all threads.
pub(super) struct Manifest {
    path: PathBuf,
    settings: String,
    state: Mutex<State>,
}

struct State {
    file: File,
    known: Known,
}

#[derive(Default)]
struct Known {
    done: BTreeMap<String, Entry>,
    begun: BTreeMap<String, Checkpoint>,
}

impl Manifest {
    /// Begins a manifest in `folder`, or goes on with the one that lies there if
    /// `resume` is asked for and it was made with the same `settings`.
    pub(super) fn open(folder: &Path, settings: &str, resume: bool) -> io::Result<Self> {
        let path = folder.join(MANIFEST_NAME);
        let known = if resume { read(&path, settings) } else { Known::default() };
        replace(&path, settings, &known)?;
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok(Self { path, settings: settings.to_owned(), state: Mutex::new(State { file, known }) })
    }

    /// What is known of the output `name`, if it is complete.
    pub(super) fn done(&self, name: &Path) -> Option<Entry> {
        self.state().known.done.get(&*escaped(name)).cloned()
    }

    /// How far the output `name` has come, if it was begun.
    pub(super) fn begun(&self, name: &Path) -> Option<Checkpoint> {
        self.state().known.begun.get(&*escaped(name)).cloned()
    }

    /// Notes that the output `name` is complete.
    pub(super) fn add(&self, name: &Path, entry: &Entry) -> io::Result<()> {
        let name = &*escaped(name);
        let mut state = self.state();
        state.file.write_all(&line(&Line::Done { name: name.to_owned(), entry: entry.clone() })?)?;
        state.known.begun.remove(name);
        state.known.done.insert(name.to_owned(), entry.clone());
        Ok(())
    }

    /// Notes how far the output `name` has come; the tally is of what was done
    /// since the last time.
    pub(super) fn add_part(&self, name: &Path, checkpoint: &Checkpoint) -> io::Result<()> {
        let name = &*escaped(name);
        let mut state = self.state();
        state
            .file
            .write_all(&line(&Line::Part { name: name.to_owned(), checkpoint: Box::new(checkpoint.clone()) })?)?;
        state.known.advance(name.to_owned(), checkpoint.clone());
        Ok(())
    }

    /// Forgets how far the output `name` has come: it begins anew.
    pub(super) fn forget(&self, name: &Path) -> io::Result<()> {
        let is_begun = self.begun(name).is_some();
        if is_begun { self.add_part(name, &Checkpoint::default()) } else { Ok(()) }
    }

    /// Puts the lines in order, so that the manifest too is the same on any
    /// number of threads.
    pub(super) fn close(self) -> io::Result<()> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        drop(state.file);
        replace(&self.path, &self.settings, &state.known)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// One that has read nothing begins the output anew.
    fn advance(&mut self, name: String, mut next: Checkpoint) {
        self.done.remove(&name);
        if next.read == 0 {
            self.begun.remove(&name);
            return;
        }
        if let Some(mut last) = self.begun.remove(&name) {
            last.tally.add(&next.tally);
            next.tally = last.tally;
        }
        self.begun.insert(name, next);
    }
}

/// The entries of the manifest at `path`; none if it is missing, foreign or
/// made with other settings. A last line cut short by a crash is passed over.
fn read(path: &Path, settings: &str) -> Known {
    let mut known = Known::default();
    let content = fs::read(path).unwrap_or_default();
    let mut lines = content.split(|&b| b == b'\n').map(serde_json::from_slice::<Line>);
    match lines.next() {
        Some(Ok(Line::Batch { settings: recorded })) if recorded == settings => {}
        _ => return known,
    }
    for line in lines {
        match line {
            Ok(Line::Done { name, entry }) => {
                known.begun.remove(&name);
                known.done.insert(name, entry);
            }
            Ok(Line::Part { name, checkpoint }) => known.advance(name, *checkpoint),
            Ok(Line::Batch { .. }) | Err(_) => {}
        }
    }
    known
}

/// Writes the manifest anew, in order. There may be millions of lines: one at a time.
fn replace(path: &Path, settings: &str, known: &Known) -> io::Result<()> {
    let first = Line::Batch { settings: settings.to_owned() };
    let done = known.done.iter().map(|(name, entry)| Line::Done { name: name.clone(), entry: entry.clone() });
    let begun = known.begun.iter().map(|(name, checkpoint)| {
        let (name, checkpoint) = (name.clone(), Box::new(checkpoint.clone()));
        Line::Part { name, checkpoint }
    });
    let mut all = std::iter::once(first).chain(done).chain(begun);
    Replacement::prepare_with(path, |out| all.try_for_each(|each| out.write_all(&line(&each)?)))?.commit()
}

fn line(line: &Line) -> io::Result<Vec<u8>> {
    let mut out = serde_json::to_vec(line)?;
    out.push(b'\n');
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        let tally = PackedTally::new(&Tally { records: 3, ..Tally::default() });
        Entry { input: text.into(), output: text.to_uppercase(), tally }
    }

    fn part(read: u64, records: u64) -> Checkpoint {
        Checkpoint { read, tally: Tally { records, ..Tally::default() }, ..Checkpoint::default() }
    }

    #[test]
    fn what_was_noted_is_known_after_a_crash_in_the_middle_of_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = Manifest::open(folder.path(), "s", false).unwrap();
        manifest.add(Path::new("b.txt"), &entry("b")).unwrap();
        manifest.add(Path::new("a.txt"), &entry("a")).unwrap();
        drop(manifest);
        let path = folder.path().join(MANIFEST_NAME);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"type\":\"done\",\"na").unwrap();
        let manifest = Manifest::open(folder.path(), "s", true).unwrap();
        assert_eq!(manifest.done(Path::new("a.txt")), Some(entry("a")));
        assert_eq!(manifest.done(Path::new("b.txt")), Some(entry("b")));
        manifest.add(Path::new("c.txt"), &entry("c")).unwrap();
        manifest.close().unwrap();
        let names: Vec<_> = read(&path, "s").done.into_keys().collect();
        assert_eq!(names, ["a.txt", "b.txt", "c.txt"]);
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 4);
    }

    #[test]
    fn checkpoints_add_up_and_end_with_the_output() {
        let folder = tempfile::tempdir().unwrap();
        let name = Path::new("a.jsonl");
        let manifest = Manifest::open(folder.path(), "s", false).unwrap();
        manifest.add_part(name, &part(10, 2)).unwrap();
        manifest.add_part(name, &part(30, 3)).unwrap();
        drop(manifest);
        let manifest = Manifest::open(folder.path(), "s", true).unwrap();
        assert_eq!(manifest.begun(name), Some(part(30, 5)));
        manifest.add_part(name, &part(40, 1)).unwrap();
        drop(manifest);
        let manifest = Manifest::open(folder.path(), "s", true).unwrap();
        assert_eq!(manifest.begun(name), Some(part(40, 6)));
        manifest.forget(name).unwrap();
        assert_eq!(manifest.begun(name), None);
        manifest.add_part(name, &part(10, 2)).unwrap();
        manifest.add(name, &entry("a")).unwrap();
        drop(manifest);
        let manifest = Manifest::open(folder.path(), "s", true).unwrap();
        assert_eq!((manifest.begun(name), manifest.done(name)), (None, Some(entry("a"))));
    }

    #[test]
    fn other_settings_and_a_foreign_file_count_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = Manifest::open(folder.path(), "s", false).unwrap();
        manifest.add(Path::new("a.txt"), &entry("a")).unwrap();
        manifest.close().unwrap();
        assert_eq!(Manifest::open(folder.path(), "t", true).unwrap().done(Path::new("a.txt")), None);
        fs::write(folder.path().join(MANIFEST_NAME), b"\xff\xfe\0").unwrap();
        assert_eq!(Manifest::open(folder.path(), "s", true).unwrap().done(Path::new("a.txt")), None);
    }
}
