//! What scanno reads and writes, beside plain text.

pub mod compression;
pub mod jsonl;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub mod record;
