//! [`may_replace`]: whether what lies under a name that scanno uses is scanno's own.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// How a kind of file begins that scanno writes.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Its first bytes.
    pub beginning: &'static [u8],
    /// What stands somewhere in its first four kilobytes.
    pub contains: &'static [u8],
}

/// Bytes of a file that are looked at.
const LOOKED_AT: u64 = 4 << 10;

/// True if there is nothing at `path`, or a file that `mark` says is scanno's
/// own; false for a link, for what cannot be read, and for an empty file, which
/// scanno does not write.
#[must_use]
pub fn may_replace(path: &Path, mark: Mark) -> bool {
    let Ok(metadata) = fs::symlink_metadata(path) else { return true };
    let mut start = Vec::new();
    metadata.is_file()
        && File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut start)).is_ok()
        && start.starts_with(mark.beginning)
        && (mark.contains.is_empty() || start.windows(mark.contains.len()).any(|window| window == mark.contains))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: Mark = Mark { beginning: b"{\"path\":", contains: b"\"reason\":" };

    #[test]
    fn only_what_is_ours_may_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("failed.jsonl");
        assert!(may_replace(&path, MARK));
        for (content, expected) in [
            ("{\"path\":\"a.txt\",\"reason\":\"damaged\"}\n", true),
            ("{\"path\":\"a.txt\"}\n", false),
            ("{\"my\":\"data\"}\n", false),
            ("", false),
        ] {
            fs::write(&path, content).unwrap();
            assert_eq!(may_replace(&path, MARK), expected, "{content}");
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(!may_replace(&path, MARK));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_never_ours() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&path, "{\"path\":\"a.txt\",\"reason\":\"damaged\"}\n").unwrap();
        for target in ["a", "missing"] {
            std::os::unix::fs::symlink(target, &link).unwrap();
            assert!(!may_replace(&link, MARK), "{target}");
            fs::remove_file(&link).unwrap();
        }
    }
}
