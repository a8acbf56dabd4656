//! [`Part`]: an output that grows, and that a later run can go on with.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// An output that grows from block to block under another name.
pub(super) struct Part {
    pub(super) path: PathBuf,
    file: File,
    /// Bytes of it that count.
    pub(super) written: u64,
}

impl Part {
    pub(super) fn begin(output: &Path) -> io::Result<Self> {
        let path = part_path(output);
        Ok(Self { file: File::create(&path)?, path, written: 0 })
    }

    /// The part that an earlier run has left, without what it wrote after its
    /// last checkpoint; `None` if it lacks some of what it wrote before.
    pub(super) fn reopen(output: &Path, written: u64) -> io::Result<Option<Self>> {
        let path = part_path(output);
        let Ok(mut file) = OpenOptions::new().write(true).open(&path) else { return Ok(None) };
        if file.metadata()?.len() < written {
            return Ok(None);
        }
        file.set_len(written)?;
        file.seek(SeekFrom::Start(written))?;
        Ok(Some(Self { path, file, written }))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// What was written is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Gives it the output's name.
    pub(super) fn finish(self, output: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, output)
    }

    pub(super) fn discard(self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Hidden, so that no one takes it for the output or for an input.
pub(super) fn part_path(output: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(output.file_name().unwrap_or_default());
    name.push(".scanno-part");
    output.with_file_name(name)
}
