//! Temporary files, which will replace what they lie beside.
//!
//! Each is locked as long as its run lives. The lock ends with the run, however
//! that ends, so that the next one knows what a dead one has left.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use super::Access;

const PREFIX: &str = ".scanno-";
const SUFFIX: &str = ".tmp";

/// Files that go with this process: [`abandon_temporary`] removes them.
static LIVING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
/// Folders in which this process has looked for what dead runs have left.
static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Removes every temporary file of this process and lets no other be made:
/// for a program that is about to end, as on Ctrl-C. Threads that write files
/// wait from here on.
pub fn abandon_temporary() {
    let living = living();
    for path in living.iter() {
        let _ = fs::remove_file(path);
    }
    std::mem::forget(living);
}

/// The names of the files that go with this process. While it is held none is
/// made, and none becomes what it is for.
pub(super) fn living() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    LIVING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A new file in the folder of `target`. What dead runs have left there is removed.
pub(super) fn create_beside(target: &Path, access: Access) -> io::Result<NamedTempFile> {
    let folder = folder_of(target);
    sweep(folder);
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    builder.permissions(access.permissions());
    let _ = access;
    let mut living = living();
    loop {
        // tempfile's message names the temporary file, which means nothing to a user.
        let temporary = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
        // Where the system has no locks, nothing is swept either.
        let _ = temporary.as_file().lock();
        // Another run may have swept it away before it was locked.
        if temporary.path().exists() {
            living.insert(temporary.path().to_path_buf());
            return Ok(temporary);
        }
    }
}

/// The folder that the file at `path` lies in.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Removes temporary files of dead runs from `folder`, once for each process.
fn sweep(folder: &Path) {
    let is_new = SWEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_path_buf());
    let Some(entries) = is_new.then(|| fs::read_dir(folder).ok()).flatten() else { return };
    for entry in entries.flatten().filter(|entry| is_temporary(&entry.file_name())) {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_file())
            && let Ok(file) = File::open(&path)
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(path);
        }
    }
}

fn is_temporary(name: &std::ffi::OsStr) -> bool {
    let middle = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
    // So many letters and digits does tempfile put in between.
    middle.is_some_and(|middle| middle.len() == 6 && middle.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dead_runs_have_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        for name in [".scanno-dead00.tmp", ".scanno-alive0.tmp", ".scanno-notes.tmp", "scanno-dead00.tmp"] {
            fs::write(place(name), "").unwrap();
        }
        let alive = File::open(place(".scanno-alive0.tmp")).unwrap();
        alive.lock().unwrap();
        let made = create_beside(&place("page.txt"), Access::ANY).unwrap();
        assert!(!place(".scanno-dead00.tmp").exists());
        for name in [".scanno-alive0.tmp", ".scanno-notes.tmp", "scanno-dead00.tmp"] {
            assert!(place(name).exists(), "{name}");
        }
        // What this process makes is locked, and no run takes it for that of a dead one.
        assert!(File::open(made.path()).unwrap().try_lock().is_err());
        assert!(is_temporary(made.path().file_name().unwrap()));
        living().remove(made.path());
    }
}
