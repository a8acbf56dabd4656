//! [`Part`]: an output that grows, and that a later run can go on with.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::document::hex;
use crate::files::Access;

/// An output that grows from block to block under another name. It is this
/// run's alone: the output folder is locked.
pub(super) struct Part {
    path: PathBuf,
    file: File,
    /// Bytes of it that count.
    written: u64,
    /// Of these bytes.
    hash: Sha256,
}

impl Part {
    /// A new part. What lies under its name is removed, and if that is a link,
    /// then the link.
    pub(super) fn begin(output: &Path, access: Access) -> io::Result<Self> {
        let path = part_path(output);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Ok(Self { file: access.new_file().open(&path)?, path, written: 0, hash: Sha256::new() })
    }

    /// The part that an earlier run has left, without what it wrote after its
    /// last checkpoint, when it had `written` bytes of this `hash`; `None` if
    /// they are no longer those.
    pub(super) fn reopen(output: &Path, written: u64, hash: &str) -> io::Result<Option<Self>> {
        let path = part_path(output);
        if !fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file() && metadata.len() >= written) {
            return Ok(None);
        }
        let Ok(mut file) = OpenOptions::new().read(true).write(true).open(&path) else { return Ok(None) };
        let mut found = Sha256::new();
        io::copy(&mut (&mut file).take(written), &mut found)?;
        if hex(&found.clone().finalize()) != hash {
            return Ok(None);
        }
        file.set_len(written)?;
        file.seek(SeekFrom::Start(written))?;
        Ok(Some(Self { path, file, written, hash: found }))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.written += bytes.len() as u64;
        self.hash.update(bytes);
        Ok(())
    }

    /// Bytes written.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// SHA-256 of what was written, whatever lies on the disk.
    pub(super) fn hash(&self) -> String {
        hex(&self.hash.clone().finalize())
    }

    /// What was written is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Gives it the output's name, and what a file of that name had beside its content.
    pub(super) fn finish(self, output: &Path, access: Access) -> io::Result<()> {
        crate::files::keep_attributes(output, access, &self.file)?;
        self.file.sync_all()?;
        fs::rename(&self.path, output)
    }

    pub(super) fn discard(self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Hidden, so that no one takes it for the output or for an input.
pub(super) fn part_path(output: &Path) -> PathBuf {
    hidden(output, ".scanno-part")
}

/// A hidden file or folder that belongs to the one at `path`.
pub(super) fn hidden(path: &Path, ending: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(ending);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("a.jsonl");
        let mut part = Part::begin(&output, Access::ANY).unwrap();
        part.write(b"one\n").unwrap();
        let (written, hash) = (part.written(), part.hash());
        part.write(b"two, and no checkpoint").unwrap();
        drop(part);
        let mut part = Part::reopen(&output, written, &hash).unwrap().unwrap();
        part.write(b"two\n").unwrap();
        assert_eq!(part.hash(), crate::document::sha256(b"one\ntwo\n"));
        drop(part);
        fs::write(part_path(&output), b"onE\ntwo\n").unwrap();
        assert!(Part::reopen(&output, written, &hash).unwrap().is_none());
        fs::write(part_path(&output), b"one").unwrap();
        assert!(Part::reopen(&output, written, &hash).unwrap().is_none());
        fs::remove_file(part_path(&output)).unwrap();
        assert!(Part::reopen(&output, 0, &hash).unwrap().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_under_its_name_is_removed_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (output, input) = (folder.path().join("a.jsonl"), folder.path().join("input"));
        fs::write(&input, "mine").unwrap();
        std::os::unix::fs::symlink("input", part_path(&output)).unwrap();
        assert!(Part::reopen(&output, 4, &crate::document::sha256(b"mine")).unwrap().is_none());
        let mut part = Part::begin(&output, Access::ANY).unwrap();
        part.write(b"new").unwrap();
        part.finish(&output, Access::ANY).unwrap();
        assert_eq!((fs::read(&input).unwrap(), fs::read(&output).unwrap()), (b"mine".to_vec(), b"new".to_vec()));
    }
}
