//! [`Lock`]: one run at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use same_file::Handle;

use super::temporary::living;

/// A file that says that a run is at work; no other run gets it meanwhile. It
/// is removed when this is dropped, and free as soon as the process has ended,
/// however that was. On file systems that know no locks it keeps no one away.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: Option<File>,
}

/// Why there is no lock to be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run has it.
    #[error("{0} is at work there; wait for its end, or stop it")]
    Taken(String),
    /// The file cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Lock {
    /// Takes the lock at `path`.
    ///
    /// # Errors
    /// Another run has it, or the file cannot be written.
    pub fn take(path: &Path) -> Result<Self, LockError> {
        loop {
            if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
                let what = "is no file of scanno's; remove it";
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, what).into());
            }
            let mut living = living();
            let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(LockError::Taken(holder(&mut file))),
                Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => {
                    return Err(error.into());
                }
                Ok(()) | Err(TryLockError::Error(_)) => {}
            }
            // Who had it before may have removed the file since it was opened.
            let is_there = || Ok::<_, io::Error>(Handle::from_file(file.try_clone()?)? == Handle::from_path(path)?);
            if !is_there().unwrap_or(false) {
                continue;
            }
            let who = format!("process {}\n", std::process::id());
            file.set_len(0)?;
            file.write_all(who.as_bytes())?;
            living.insert(path.to_path_buf());
            return Ok(Self { path: path.to_path_buf(), file: Some(file) });
        }
    }
}

impl Lock {
    /// True if it is the one at `path`, by whatever name.
    #[must_use]
    pub fn is_at(&self, path: &Path) -> bool {
        same_file::is_same_file(&self.path, path).unwrap_or(false)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let mut living = living();
        living.remove(&self.path);
        // Removed while it is still locked: who comes between sees that it is gone.
        let _ = fs::remove_file(&self.path);
        drop(self.file.take());
    }
}

/// Who has the lock that `file` is: `another scanno (process 7)`.
fn holder(file: &mut File) -> String {
    /// Bytes that are read: a longer one says nothing that was written here.
    const LONGEST: u64 = 64;
    let mut who = String::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(LONGEST).read_to_string(&mut who));
    let process = who.trim().strip_prefix("process ").and_then(|number| number.parse::<u32>().ok());
    match process.filter(|_| read.is_ok()) {
        Some(process) => format!("another scanno (process {process})"),
        None => "another scanno".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_and_the_next_gets_it_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let lock = Lock::take(&path).unwrap();
        let error = Lock::take(&path).unwrap_err().to_string();
        assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
        drop(lock);
        assert!(!path.exists());
        // That of a dead run lies there and is free.
        fs::write(&path, "process 1\n").unwrap();
        let lock = Lock::take(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("process {}\n", std::process::id()));
        drop(lock);
    }

    #[test]
    fn many_who_come_and_go_never_have_it_together() {
        use std::sync::atomic::{AtomicU32, Ordering};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let (inside, taken) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..300 {
                        let Ok(_lock) = Lock::take(&path) else { continue };
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        taken.fetch_add(1, Ordering::SeqCst);
                        inside.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(taken.load(Ordering::SeqCst) > 0 && !path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        fs::write(folder.path().join("mine"), "data").unwrap();
        std::os::unix::fs::symlink("mine", &path).unwrap();
        assert!(matches!(Lock::take(&path), Err(LockError::Io(_))));
        assert_eq!(fs::read_to_string(folder.path().join("mine")).unwrap(), "data");
    }
}
