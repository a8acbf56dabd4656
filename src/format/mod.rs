//! What scanno reads and writes, beside plain text.

pub mod jsonl;
pub mod record;
