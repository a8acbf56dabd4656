//! [`Access`]: who may read and write a file, as it is handed on to what is made from it.

use std::fs::{Metadata, OpenOptions, Permissions};
use std::ops::BitAnd;
use std::path::Path;

/// Who may read and write what is made from some files: no one who may not
/// read and write all of them, but always the owner. Beyond that the system
/// takes away what it takes from any new file (umask).
///
/// On systems without modes it says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The bits for reading and writing, as of `chmod`.
    mode: u32,
}

/// Reading and writing, for everyone: what a new file is asked for with.
const ALL: u32 = 0o666;
/// The same for the owner alone.
const OWNER: u32 = 0o600;

impl Access {
    /// That of a file which is made from nothing in particular.
    pub const ANY: Self = Self { mode: ALL };

    /// That of what is made from the file at `path`; [`ANY`](Self::ANY) if there
    /// is no such file, as for standard input.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        std::fs::metadata(path).map_or(Self::ANY, |metadata| Self::of_metadata(&metadata))
    }

    /// That of what is made from all of `paths`.
    #[must_use]
    pub fn of_all<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Self {
        paths.into_iter().fold(Self::ANY, |access, path| access & Self::of(path))
    }

    pub(super) fn of_metadata(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        if metadata.is_file() {
            use std::os::unix::fs::PermissionsExt;
            return Self { mode: metadata.permissions().mode() & ALL | OWNER };
        }
        let _ = metadata;
        Self::ANY
    }

    /// The options to make a new file of such access; one that is there is an
    /// error, and a link is not followed.
    #[must_use]
    pub fn new_file(self) -> OpenOptions {
        let mut options = self.made_if_missing();
        options.create_new(true);
        options
    }

    /// The options to write a file, which is made with such access if it is not there.
    #[must_use]
    pub fn made_if_missing(self) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, self.mode);
        options
    }

    /// `permissions` without what goes beyond this access; a right to execute
    /// is none of its concern.
    pub(super) fn limit(self, permissions: Permissions) -> Permissions {
        #[cfg(unix)]
        let permissions = {
            use std::os::unix::fs::PermissionsExt;
            Permissions::from_mode(permissions.mode() & !(ALL & !self.mode))
        };
        permissions
    }

    /// What a temporary file is asked for with.
    #[cfg(unix)]
    pub(super) fn permissions(self) -> Permissions {
        std::os::unix::fs::PermissionsExt::from_mode(self.mode)
    }
}

impl BitAnd for Access {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self { mode: self.mode & other.mode }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_made_is_no_wider_than_what_it_is_made_from() {
        let folder = tempfile::tempdir().unwrap();
        let made = |modes: &[u32]| {
            let paths = modes.iter().enumerate().map(|(number, &mode)| {
                let path = folder.path().join(number.to_string());
                fs::write(&path, "").unwrap();
                fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
                path
            });
            let paths: Vec<_> = paths.collect();
            let access = Access::of_all(paths.iter().map(|path| &**path));
            paths.iter().for_each(|path| fs::remove_file(path).unwrap());
            access.mode
        };
        assert_eq!(made(&[0o600]), 0o600);
        assert_eq!(made(&[0o664, 0o646]), 0o644);
        // The owner may write what was made from a text that is read-only.
        assert_eq!(made(&[0o440]), 0o640);
        assert_eq!(made(&[]), 0o666);
        assert_eq!(Access::of(&folder.path().join("missing")), Access::ANY);
    }

    #[test]
    fn a_file_that_is_there_is_narrowed_and_never_widened() {
        let limited =
            |access: u32, mode: u32| Access { mode: access }.limit(Permissions::from_mode(mode)).mode() & 0o7777;
        assert_eq!(limited(0o600, 0o644), 0o600);
        assert_eq!(limited(0o666, 0o640), 0o640);
        assert_eq!(limited(0o600, 0o755), 0o711);
    }
}
