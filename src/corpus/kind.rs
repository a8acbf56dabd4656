//! [`Kind`]: what a file holds, by its name.

use std::path::Path;

use crate::format::compression::{Compression, ending};

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One text.
    Text,
    /// JSON Lines: a record a line, each with a text.
    JsonLines,
    /// A table of Parquet: a column of texts among others.
    Parquet,
}

impl Kind {
    /// The kind of the file at `path`: records if its name ends in `.jsonl` or
    /// `.ndjson`, before the ending of a [compression](Compression); a table if
    /// it ends in `.parquet`, which is compressed inside.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let inner = if Compression::of(path) == Compression::None {
            path
        } else {
            Path::new(path.file_stem().unwrap_or_default())
        };
        match ending(inner).as_deref() {
            Some("jsonl" | "ndjson") => Self::JsonLines,
            Some("parquet") if inner == path => Self::Parquet,
            _ => Self::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_holds() {
        for (name, kind, compression) in [
            ("a.txt", Kind::Text, Compression::None),
            ("a", Kind::Text, Compression::None),
            ("a.txt.gz", Kind::Text, Compression::Gzip),
            ("a.jsonl", Kind::JsonLines, Compression::None),
            ("x/a.NDJSON.Zst", Kind::JsonLines, Compression::Zstd),
            ("jsonl.gz", Kind::Text, Compression::Gzip),
            ("a.snappy.parquet", Kind::Parquet, Compression::None),
            ("a.parquet.gz", Kind::Text, Compression::Gzip),
        ] {
            let path = Path::new(name);
            assert_eq!((Kind::of(path), Compression::of(path)), (kind, compression), "{name}");
        }
    }
}
