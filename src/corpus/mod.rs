//! Many files: [which is written from which](Plan), [the workers](run), what
//! [an interrupted run](RECORD_NAME) had done, and files that are [written
//! whole or not at all](Replacement).

mod plan;
mod record;
mod replace;
mod work;

use std::io;

pub use plan::{Job, LOG_SUFFIX, LeftOut, Plan, PlanError, SETTINGS_NAME, Unreadable, log_path};
pub use record::RECORD_NAME;
pub use replace::{Replacement, abandon_replacements, replace_file};
pub use work::{JobError, Outcome, RunOptions, Tally, clean, run};

/// What went wrong with a file, for people: no error numbers, no capitals.
#[must_use]
pub fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "is a folder, and a file is needed".into(),
        io::ErrorKind::NotADirectory => "a part of the path is a file, not a folder".into(),
        io::ErrorKind::StorageFull => "no space left on the device".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        _ => error.to_string(),
    }
}
