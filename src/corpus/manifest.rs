//! [`Manifest`]: what a batch has done, so that an interrupted one can go on.
//!
//! A JSON Lines file in the output folder. Its first line names the settings;
//! each other line names one output that is complete, with the hashes of the
//! input it was made from and of what was written, or a [`Checkpoint`] of one
//! that is not. An output counts as done only if settings and hashes still
//! hold: no clock is asked, and a changed option, word list or program version
//! starts anew. Names that are not Unicode are [escaped].
//!
//! There may be millions of lines. In memory is only where each of them lies.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::Tally;
use super::name::escaped;
use crate::files::{Access, Destination, Mark, Replacement};

/// The manifest's name in the output folder; hidden, so that it is not taken for a text.
pub const MANIFEST_NAME: &str = ".scanno-batch.jsonl";

/// How it begins.
pub(super) const MARK: Mark = Mark { beginning: b"{\"type\":\"batch\",", contains: b"" };

/// One output that is complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// SHA-256 of what the input holds, decompressed.
    pub(super) input: String,
    /// SHA-256 of the output's bytes.
    pub(super) output: String,
    /// SHA-256 of the change log as it was written, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) log: Option<String>,
    /// What was done.
    pub(super) tally: Box<Tally>,
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
    /// SHA-256 of these bytes.
    #[serde(default)]
    pub(super) output: String,
    /// In the file: what was done since the checkpoint before. In memory: in all.
    pub(super) tally: Tally,
}

/// A line as it is written.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line<'a> {
    Batch {
        settings: &'a str,
    },
    Done {
        name: &'a str,
        #[serde(flatten)]
        entry: &'a Entry,
    },
    Part {
        name: &'a str,
        #[serde(flatten)]
        checkpoint: &'a Checkpoint,
    },
}

/// As much of a line as is looked at on going on.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Known<'a> {
    Batch {
        settings: String,
    },
    Done {
        #[serde(borrow)]
        name: Cow<'a, str>,
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
    access: Access,
    settings: String,
    state: Mutex<State>,
}

struct State {
    /// Written at its end, and read anywhere.
    file: File,
    /// Bytes of whole lines.
    end: u64,
    index: Index,
}

#[derive(Default)]
struct Index {
    /// Where the line of each complete output lies.
    done: BTreeMap<Box<str>, Range<u64>>,
    begun: BTreeMap<String, Checkpoint>,
}

impl Manifest {
    /// Begins a manifest in `folder`, or goes on with the one that lies there if
    /// `resume` is asked for and it was made with the same `settings`.
    pub(super) fn open(folder: &Path, settings: &str, resume: bool, access: Access) -> io::Result<Self> {
        let path = folder.join(MANIFEST_NAME);
        let old = if resume { File::open(&path).ok() } else { None };
        // What cannot be read counts for nothing.
        let is_same = |recorded: &str| recorded == settings;
        let index = old.as_ref().and_then(|file| Index::read(file, is_same).ok()).unwrap_or_default();
        let (index, end) = replace(Destination::below(&path).limited_to(access), settings, index, old)?;
        let file = OpenOptions::new().read(true).append(true).open(&path)?;
        Ok(Self { path, access, settings: settings.to_owned(), state: Mutex::new(State { file, end, index }) })
    }

    /// The manifest that lies in `folder`, to look into, if it was made with
    /// settings that begin with `settings`.
    pub(super) fn of(folder: &Path, settings: &str) -> Option<Self> {
        let path = folder.join(MANIFEST_NAME);
        // In a folder of inputs it may be anyone's; a device has no end.
        let file = File::open(Some(&path).filter(|path| path.is_file())?).ok()?;
        let index = Index::read(&file, |recorded| recorded.starts_with(settings)).ok()?;
        let state = Mutex::new(State { file, end: 0, index });
        Some(Self { path, access: Access::ANY, settings: settings.to_owned(), state })
    }

    /// What is known of the output `name`, if it is complete.
    pub(super) fn done(&self, name: &Path) -> Option<Entry> {
        let mut state = self.state();
        let place = state.index.done.get(&*escaped(name)).cloned()?;
        serde_json::from_slice(&read_at(&mut state.file, &place).ok()?).ok()
    }

    /// How far the output `name` has come, if it was begun.
    pub(super) fn begun(&self, name: &Path) -> Option<Checkpoint> {
        self.state().index.begun.get(&*escaped(name)).cloned()
    }

    /// Notes that the output `name` is complete.
    pub(super) fn add(&self, name: &Path, entry: &Entry) -> io::Result<()> {
        let name = &*escaped(name);
        let mut state = self.state();
        let place = state.append(&Line::Done { name, entry })?;
        state.index.begun.remove(name);
        state.index.done.insert(name.into(), place);
        Ok(())
    }

    /// Notes how far the output `name` has come; the tally is of what was done
    /// since the last time.
    pub(super) fn add_part(&self, name: &Path, checkpoint: &Checkpoint) -> io::Result<()> {
        let name = &*escaped(name);
        let mut state = self.state();
        state.append(&Line::Part { name, checkpoint })?;
        state.index.advance(name.to_owned(), checkpoint.clone());
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
        let to = Destination::below(&self.path).limited_to(self.access);
        replace(to, &self.settings, state.index, Some(state.file)).map(drop)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Writes a line, and says where.
    fn append(&mut self, line: &Line<'_>) -> io::Result<Range<u64>> {
        let line = to_bytes(line)?;
        if let Err(error) = self.file.write_all(&line) {
            // The next line must not begin in the middle of this one.
            let _ = self.file.set_len(self.end);
            return Err(error);
        }
        let start = self.end;
        self.end += line.len() as u64;
        Ok(start..self.end)
    }
}

impl Index {
    /// Of the manifest in `file`; empty if it is foreign or made with settings
    /// that are not `wanted`. A last line cut short by a crash is passed over.
    fn read(file: &File, wanted: impl Fn(&str) -> bool) -> io::Result<Self> {
        let mut index = Self::default();
        let mut reader = BufReader::new(file);
        let (mut line, mut end) = (Vec::new(), 0);
        while reader.read_until(b'\n', &mut line)? > 0 {
            let start = end;
            end += line.len() as u64;
            let known = if line.ends_with(b"\n") { serde_json::from_slice(&line).ok() } else { None };
            match known {
                Some(Known::Batch { settings }) if start == 0 && wanted(&settings) => {}
                _ if start == 0 => break,
                Some(Known::Done { name }) => {
                    index.begun.remove(&*name);
                    index.done.insert(name.into(), start..end);
                }
                // A line is a byte at least: where that is not so, someone else wrote it.
                Some(Known::Part { checkpoint, .. }) if checkpoint.lines > checkpoint.read => {}
                Some(Known::Part { name, checkpoint }) => index.advance(name, *checkpoint),
                Some(Known::Batch { .. }) | None => {}
            }
            line.clear();
        }
        Ok(index)
    }

    /// One that has read nothing begins the output anew.
    fn advance(&mut self, name: String, mut next: Checkpoint) {
        self.done.remove(&*name);
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

/// Writes the manifest anew, in order, with the lines that `index` names in
/// the `old` one. Gives the index of the new, and its length in bytes.
fn replace(to: Destination<'_>, settings: &str, mut index: Index, mut old: Option<File>) -> io::Result<(Index, u64)> {
    let mut end = 0;
    let written = Replacement::prepare_with(to, |out| {
        let mut write = |line: &[u8]| {
            let start = end;
            end += line.len() as u64;
            out.write_all(line).map(|()| start..end)
        };
        write(&to_bytes(&Line::Batch { settings })?)?;
        for place in index.done.values_mut() {
            let old = old.as_mut().ok_or(io::ErrorKind::NotFound)?;
            *place = write(&read_at(old, place)?)?;
        }
        for (name, checkpoint) in &index.begun {
            write(&to_bytes(&Line::Part { name, checkpoint })?)?;
        }
        io::Result::Ok(())
    })?;
    // Some systems do not rename over a file that is open.
    drop(old);
    written.commit()?;
    Ok((index, end))
}

fn read_at(file: &mut File, place: &Range<u64>) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(place.start))?;
    let mut line = vec![0; usize::try_from(place.end - place.start).map_err(io::Error::other)?];
    file.read_exact(&mut line)?;
    Ok(line)
}

fn to_bytes(line: &Line<'_>) -> io::Result<Vec<u8>> {
    let mut out = serde_json::to_vec(line)?;
    out.push(b'\n');
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn open(folder: &tempfile::TempDir, settings: &str, resume: bool) -> Manifest {
        Manifest::open(folder.path(), settings, resume, Access::ANY).unwrap()
    }

    fn entry(text: &str) -> Entry {
        let tally = Tally { records: 3, ..Tally::default() };
        Entry { input: text.into(), output: text.to_uppercase(), log: None, tally: Box::new(tally) }
    }

    fn part(read: u64, records: u64) -> Checkpoint {
        Checkpoint { read, tally: Tally { records, ..Tally::default() }, ..Checkpoint::default() }
    }

    #[test]
    fn what_was_noted_is_known_after_a_crash_in_the_middle_of_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = open(&folder, "s", false);
        manifest.add(Path::new("b.txt"), &entry("b")).unwrap();
        manifest.add(Path::new("a.txt"), &entry("a")).unwrap();
        drop(manifest);
        let path = folder.path().join(MANIFEST_NAME);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"type\":\"done\",\"na").unwrap();
        let manifest = open(&folder, "s", true);
        assert_eq!(manifest.done(Path::new("a.txt")), Some(entry("a")));
        assert_eq!(manifest.done(Path::new("b.txt")), Some(entry("b")));
        manifest.add(Path::new("c.txt"), &entry("c")).unwrap();
        manifest.close().unwrap();
        let names: Vec<_> = Index::read(&File::open(&path).unwrap(), |s| s == "s").unwrap().done.into_keys().collect();
        assert_eq!(names.iter().map(|name| &**name).collect::<Vec<_>>(), ["a.txt", "b.txt", "c.txt"]);
        let manifest = open(&folder, "s", true);
        assert_eq!(manifest.done(Path::new("b.txt")), Some(entry("b")));
        assert_eq!(manifest.done(Path::new("c.txt")), Some(entry("c")));
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 4);
    }

    #[test]
    fn checkpoints_add_up_and_end_with_the_output() {
        let folder = tempfile::tempdir().unwrap();
        let name = Path::new("a.jsonl");
        let manifest = open(&folder, "s", false);
        manifest.add_part(name, &part(10, 2)).unwrap();
        manifest.add_part(name, &part(30, 3)).unwrap();
        drop(manifest);
        let manifest = open(&folder, "s", true);
        assert_eq!(manifest.begun(name), Some(part(30, 5)));
        manifest.add_part(name, &part(40, 1)).unwrap();
        drop(manifest);
        let manifest = open(&folder, "s", true);
        assert_eq!(manifest.begun(name), Some(part(40, 6)));
        manifest.forget(name).unwrap();
        assert_eq!(manifest.begun(name), None);
        manifest.add_part(name, &part(10, 2)).unwrap();
        manifest.add(name, &entry("a")).unwrap();
        drop(manifest);
        let manifest = open(&folder, "s", true);
        assert_eq!((manifest.begun(name), manifest.done(name)), (None, Some(entry("a"))));
    }

    #[test]
    fn other_settings_and_a_foreign_file_count_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = open(&folder, "s", false);
        manifest.add(Path::new("a.txt"), &entry("a")).unwrap();
        manifest.close().unwrap();
        assert_eq!(Manifest::of(folder.path(), "s").unwrap().done(Path::new("a.txt")), Some(entry("a")));
        assert_eq!(Manifest::of(folder.path(), "t").unwrap().done(Path::new("a.txt")), None);
        assert_eq!(open(&folder, "t", true).done(Path::new("a.txt")), None);
        fs::write(folder.path().join(MANIFEST_NAME), b"\xff\xfe\0").unwrap();
        assert_eq!(open(&folder, "s", true).done(Path::new("a.txt")), None);
    }
}
