//! Files that are written whole or not at all.
//!
//! What is written goes to a temporary file beside the target, is forced to
//! the disk, and then takes the target's name in one step. A reader sees the
//! old content or the new one, never half of either; so does whoever comes
//! back after a crash.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Access;
use super::temporary::{create_beside, living};

/// Where content is to go.
#[derive(Clone, Copy, Debug)]
pub struct Destination<'p> {
    path: &'p Path,
    access: Access,
    follows_links: bool,
}

impl<'p> Destination<'p> {
    /// A file that the user has named. A symbolic link stays one: the file it
    /// leads to is replaced.
    #[must_use]
    pub fn named(path: &'p Path) -> Self {
        Self { path, access: Access::ANY, follows_links: true }
    }

    /// A file whose name was made up, in a folder of outputs. A symbolic link
    /// is replaced by the file, and nothing that it leads to is touched.
    #[must_use]
    pub fn below(path: &'p Path) -> Self {
        Self { path, access: Access::ANY, follows_links: false }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &'p Path {
        self.path
    }

    /// The same, open to no one who has not this `access`.
    #[must_use]
    pub fn limited_to(self, access: Access) -> Self {
        Self { access: self.access & access, ..self }
    }
}

impl<'p> From<&'p Path> for Destination<'p> {
    fn from(path: &'p Path) -> Self {
        Self::named(path)
    }
}

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
    /// Writes `content` to a temporary file beside the destination. Of a file
    /// that exists the permissions are kept, and as far as the system allows
    /// its owner and its extended attributes.
    ///
    /// # Errors
    /// Where the folder does not exist or cannot be written, where the target
    /// is a folder, is read-only or is itself not writable, where the disk is full.
    pub fn prepare<'p>(to: impl Into<Destination<'p>>, content: &[u8]) -> io::Result<Self> {
        Self::prepare_with(to, |out| out.write_all(content))
    }

    /// [`Replacement::prepare`] with the content that `write` writes, for what
    /// is too long to be held in memory beside all else.
    ///
    /// # Errors
    /// As of [`Replacement::prepare`], and what `write` reports.
    pub fn prepare_with<'p, E: From<io::Error>>(
        to: impl Into<Destination<'p>>,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
    ) -> Result<Self, E> {
        let Destination { path, access, follows_links } = to.into();
        let is_followed = follows_links && path.is_symlink();
        let target = if is_followed { fs::canonicalize(path)? } else { path.to_path_buf() };
        let existing = lies_at(&target)?;
        if let Some(existing) = &existing {
            if existing.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
            }
            if !existing.is_file() {
                if !follows_links {
                    return Err(io::Error::other("a device or pipe lies there; remove it").into());
                }
                let mut bytes = Vec::new();
                write(&mut bytes)?;
                return Ok(Self { target, ready: Ready::Bytes(bytes) });
            }
            // Before the work, too, that leads to the content.
            ensure_writable(&target, existing)?;
        }
        let of_existing = existing.as_ref().map_or(Access::ANY, Access::of_metadata);
        let mut temporary = create_beside(&target, access & of_existing)?;
        let filled = fill(&mut temporary, write);
        let kept = filled.and_then(|()| Ok(keep_attributes(&target, access, temporary.as_file())?));
        let synced = kept.and_then(|()| Ok(temporary.as_file().sync_all()?));
        // From here on dropping `replacement` removes the file.
        let replacement = Self { target, ready: Ready::Temporary(temporary) };
        synced.map(|()| replacement)
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
                let mut living = living();
                living.remove(temporary.path());
                temporary.persist(&self.target).map(drop).map_err(|failed| failed.error)
            }
        }
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if let Ready::Temporary(temporary) = std::mem::replace(&mut self.ready, Ready::Bytes(Vec::new())) {
            let mut living = living();
            living.remove(temporary.path());
            drop(temporary);
        }
    }
}

/// Writes `content` to its destination, whole or not at all.
///
/// # Errors
/// As for [`Replacement::prepare`] and [`Replacement::commit`].
pub fn replace_file<'p>(to: impl Into<Destination<'p>>, content: &[u8]) -> io::Result<()> {
    Replacement::prepare(to, content)?.commit()
}

/// What lies at `path`; a link that is not followed is nothing that counts.
fn lies_at(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(existing) => Ok(Some(existing).filter(|existing| !existing.is_symlink())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Refuses a file that its owner made read-only, which a rename would replace
/// nevertheless; and so would writing, for who may write everything.
fn ensure_writable(path: &Path, existing: &Metadata) -> io::Result<()> {
    if existing.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, READ_ONLY));
    }
    OpenOptions::new().write(true).open(path).map(drop)
}

/// What is said of a file that is marked so.
const READ_ONLY: &str = "the file is read-only";

fn fill<E: From<io::Error>>(
    temporary: &mut NamedTempFile,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
) -> Result<(), E> {
    let mut out = BufWriter::new(temporary.as_file_mut());
    write(&mut out)?;
    out.into_inner().map_err(IntoInnerError::into_error)?;
    Ok(())
}

/// Gives `new`, which is to replace the file at `path`, what that has beside
/// its content, as far as `access` allows it.
///
/// # Errors
/// The file at `path` is read-only, or permissions cannot be set.
pub fn keep_attributes(path: &Path, access: Access, new: &File) -> io::Result<()> {
    let Some(existing) = lies_at(path)? else { return Ok(()) };
    ensure_writable(path, &existing)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // Only root may give files away; for others the file becomes theirs.
        let _ = std::os::unix::fs::fchown(new, Some(existing.uid()), Some(existing.gid()));
        copy_extended_attributes(path, new);
    }
    new.set_permissions(access.limit(existing.permissions()))
}

/// Access lists, labels and the users' own attributes. Some are the system's
/// alone to give, and some file systems have none.
#[cfg(unix)]
fn copy_extended_attributes(path: &Path, new: &File) {
    use xattr::FileExt;
    for name in xattr::list(path).into_iter().flatten() {
        if let Ok(Some(value)) = xattr::get(path, &name) {
            let _ = new.set_xattr(&name, &value);
        }
    }
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
        replace_file(&*target, b"one").unwrap();
        replace_file(&*target, b"two").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"two");
        assert_eq!(names(folder.path()), ["page.txt"]);
    }

    #[test]
    fn without_commit_the_target_stays_and_the_temporary_file_goes() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("page.txt");
        fs::write(&target, "old").unwrap();
        let replacement = Replacement::prepare(&*target, b"new").unwrap();
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
        replace_file(&*link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn below_a_folder_of_outputs_a_link_is_replaced_and_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let (mine, link) = (folder.path().join("mine.txt"), folder.path().join("link.txt"));
        fs::write(&mine, "mine").unwrap();
        for target in ["mine.txt", "missing.txt", "/dev/null"] {
            std::os::unix::fs::symlink(target, &link).unwrap();
            replace_file(Destination::below(&link), b"new").unwrap();
            assert!(!link.is_symlink());
            assert_eq!(fs::read(&link).unwrap(), b"new");
            fs::remove_file(&link).unwrap();
        }
        assert_eq!(fs::read(&mine).unwrap(), b"mine");
        assert_eq!(names(folder.path()), ["mine.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_read_only_file_is_refused_whoever_asks() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("page.txt");
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o444)).unwrap();
        assert_eq!(replace_file(&*target, b"new").unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(fs::read(&target).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["page.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn neither_the_file_nor_the_temporary_one_is_wider_than_what_it_was_made_from() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let private = folder.path().join("private.txt");
        fs::write(&private, "mine").unwrap();
        fs::set_permissions(&private, fs::Permissions::from_mode(0o600)).unwrap();
        let prepared = Replacement::prepare(&*private, b"new").unwrap();
        for entry in fs::read_dir(folder.path()).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()), 0o600);
        }
        prepared.commit().unwrap();
        let log = folder.path().join("log.jsonl");
        for _ in 0..2 {
            replace_file(Destination::named(&log).limited_to(Access::of(&private)), b"log").unwrap();
            assert_eq!(mode(&log), 0o600);
            fs::set_permissions(&log, fs::Permissions::from_mode(0o644)).unwrap();
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn extended_attributes_stay() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("page.txt");
        fs::write(&target, "old").unwrap();
        if xattr::set(&target, "user.origin", b"shelf 7").is_err() {
            // This file system has none.
            return;
        }
        replace_file(&*target, b"new").unwrap();
        assert_eq!(xattr::get(&target, "user.origin").unwrap().as_deref(), Some(&b"shelf 7"[..]));
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
