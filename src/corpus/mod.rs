//! Many files: [which is written from which](Plan), [the workers](run), and what
//! [an interrupted run](MANIFEST_NAME) had done.
//!
//! A file is one [text or many records](Kind), [compressed](Compression) or
//! not, or a table of Parquet. A text is read, cleaned and written whole; records
//! are read block by block, and after each block a checkpoint is noted, from which
//! a later run goes on. So are tables, but without checkpoints, since a part of a
//! table is none. Blocks are cut by what is in the file alone, so that neither the
//! number of threads nor an interruption changes a byte of the output.

mod adapt;
mod block;
mod crew;
mod dispatch;
mod failures;
mod kind;
mod lines;
mod manifest;
mod name;
mod overview;
mod own;
mod part;
mod plan;
mod records;
mod run;
mod sharing;
mod stream;
mod survey;
#[cfg(feature = "parquet")]
mod table;
#[cfg(not(feature = "parquet"))]
#[path = "table_absent.rs"]
mod table;
mod tally;
mod text;
mod walk;

use std::fs::File;
use std::io;
use std::path::Path;

pub use crate::format::compression::Compression;
pub use adapt::{ADAPTED_NAME, adapt};
pub use block::RecordOptions;
pub use failures::FAILURES_NAME;
pub use kind::Kind;
pub use manifest::MANIFEST_NAME;
pub use name::escaped;
pub use own::log_of_own;
pub use plan::{
    Job, LOG_SUFFIX, LeftOut, Logs, Plan, PlanError, Request, SETTINGS_NAME, Unreadable, has_log_name, log_path,
};
pub use records::{FilterError, filter};
pub use run::{JobError, Observer, Outcome, Problem, RunError, RunOptions, run};
pub use sharing::Sharing;
pub use survey::survey;
pub use tally::{Broken, Tally};
pub use text::{LARGEST_TEXT, clean};

/// SHA-256 of the file at `path`, read piece by piece.
fn hash_file(path: &Path) -> io::Result<String> {
    let mut hash = <sha2::Sha256 as sha2::Digest>::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(crate::document::hex(&sha2::Digest::finalize(hash)))
}
