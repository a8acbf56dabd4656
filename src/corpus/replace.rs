//! Files that are written whole or not at all.
//!
//! What is written goes to a temporary file beside the target, is forced to
//! the disk, and then takes the target's name in one step. A reader sees the
//! old content or the new one, never half of either; so does whoever comes
//! back after a crash.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// Temporary files that exist now, so that [`abandon_replacements`] can remove them.
static TEMPORARY: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// New content for a file, ready on the disk but not yet under the file's name.
/// Dropped without [`commit`](Self::commit), it leaves no trace.
#[derive(Debug)]
pub struct Replacement {
    target: PathBuf,
    ready: Ready,
}

#[derive(Debug)]
enum Ready {
    /// A regular file: renamed over the target.
    Temporary(NamedTempFile),
    /// A device or pipe has a name that must stay: it is written to.
    Bytes(Vec<u8>),
}

impl Replacement {
    /// Writes `content` to a temporary file beside `target`. A target that is a
    /// symbolic link stays one: the file it leads to is replaced. The
    /// permissions of a file that exists are kept, and as far as the system
    /// allows its owner.
    ///
    /// # Errors
    /// Where the folder does not exist or cannot be written, where the target
    /// is a folder or is itself not writable, where the disk is full.
    pub fn prepare(target: &Path, content: &[u8]) -> io::Result<Self> {
        Self::prepare_with(target, |out| out.write_all(content))
    }

    /// [`Replacement::prepare`] with the content that `write` writes, for what
    /// is too long to be held in memory beside all else.
    ///
    /// # Errors
    /// As of [`Replacement::prepare`], and what `write` reports.
    pub fn prepare_with<E: From<io::Error>>(
        target: &Path,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
    ) -> Result<Self, E> {
        let target = if target.is_symlink() { fs::canonicalize(target)? } else { target.to_path_buf() };
        let existing = match fs::metadata(&target) {
            Ok(existing) => Some(existing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(existing) = &existing {
            if existing.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
            }
            if !existing.is_file() {
                let mut bytes = Vec::new();
                write(&mut bytes)?;
                return Ok(Self { target, ready: Ready::Bytes(bytes) });
            }
            // A rename would also replace a file that its owner made read-only.
            OpenOptions::new().write(true).open(&target)?;
        }
        let mut temporary = create_beside(&target)?;
        let filled = fill(&mut temporary, write, existing.as_ref());
        // From here on dropping `replacement` removes the file.
        let replacement = Self { target, ready: Ready::Temporary(temporary) };
        filled.map(|()| replacement)
    }

    /// Gives the content its name.
    ///
    /// # Errors
    /// Where the system refuses the rename; the target is then as it was.
    pub fn commit(mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.ready, Ready::Bytes(Vec::new())) {
            Ready::Bytes(bytes) => {
                let mut target = OpenOptions::new().write(true).open(&self.target)?;
                target.write_all(&bytes)?;
                target.flush()
            }
            Ready::Temporary(temporary) => {
                let mut registered = registered();
                registered.remove(temporary.path());
                temporary.persist(&self.target).map(drop).map_err(|failed| failed.error)
            }
        }
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if let Ready::Temporary(temporary) = std::mem::replace(&mut self.ready, Ready::Bytes(Vec::new())) {
            let mut registered = registered();
            registered.remove(temporary.path());
            drop(temporary);
        }
    }
}

/// Writes `content` to `target`, whole or not at all.
///
/// # Errors
/// As for [`Replacement::prepare`] and [`Replacement::commit`].
pub fn replace_file(target: &Path, content: &[u8]) -> io::Result<()> {
    Replacement::prepare(target, content)?.commit()
}

/// Removes every temporary file of this process and lets no other be made:
/// for a program that is about to end, as on Ctrl-C. Threads that write files
/// wait from here on.
pub fn abandon_replacements() {
    let registered = registered();
    for path in registered.iter() {
        let _ = fs::remove_file(path);
    }
    std::mem::forget(registered);
}

fn registered() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner)
}

fn create_beside(target: &Path) -> io::Result<NamedTempFile> {
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".scanno-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets; the system takes the umask off.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut registered = registered();
    // tempfile's message names the temporary file, which means nothing to a user.
    let temporary = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
    registered.insert(temporary.path().to_path_buf());
    Ok(temporary)
}

fn fill<E: From<io::Error>>(
    temporary: &mut NamedTempFile,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
    existing: Option<&fs::Metadata>,
) -> Result<(), E> {
    let mut out = BufWriter::new(temporary.as_file_mut());
    write(&mut out)?;
    let file = out.into_inner().map_err(IntoInnerError::into_error)?;
    if let Some(existing) = existing {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            // Only root may give files away; for others the file becomes theirs.
            let _ = std::os::unix::fs::fchown(&*file, Some(existing.uid()), Some(existing.gid()));
        }
        file.set_permissions(existing.permissions())?;
    }
    Ok(file.sync_all()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_made_or_replaced_and_nothing_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("page.txt");
        replace_file(&target, b"one").unwrap();
        replace_file(&target, b"two").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"two");
        assert_eq!(names(folder.path()), ["page.txt"]);
    }

    #[test]
    fn without_commit_the_target_stays_and_the_temporary_file_goes() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("page.txt");
        fs::write(&target, "old").unwrap();
        let replacement = Replacement::prepare(&target, b"new").unwrap();
        assert_eq!(names(folder.path()).len(), 2);
        drop(replacement);
        assert_eq!(fs::read(&target).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["page.txt"]);
    }

    #[test]
    fn a_folder_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let error = replace_file(folder.path(), b"x").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_links_stay_links() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("page.txt");
        let link = folder.path().join("link.txt");
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("page.txt", &link).unwrap();
        replace_file(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        replace_file(Path::new("/dev/null"), b"x").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        let error = replace_file(Path::new("/dev/full"), b"x").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
