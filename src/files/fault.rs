//! What the system says went wrong, in words for people.

use std::io;

/// What went wrong with a file, for people: no error numbers, no capitals.
#[must_use]
pub fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        // One of this program's own says more.
        io::ErrorKind::PermissionDenied if error.get_ref().is_none() => "permission denied".into(),
        io::ErrorKind::IsADirectory => "is a folder, and a file is needed".into(),
        io::ErrorKind::NotADirectory => "a part of the path is a file, not a folder".into(),
        io::ErrorKind::StorageFull => "no space left on the device".into(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        io::ErrorKind::UnexpectedEof => "it ends too soon: cut off or damaged".into(),
        // A decompressor's own words do not say what they are about.
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => format!("damaged: {error}"),
        _ => error.to_string(),
    }
}
