//! [`Kind`] and [`Compression`]: what a file holds, by its name.

use std::io::{self, Read, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One text.
    Text,
    /// JSON Lines: a record a line, each with a text.
    JsonLines,
}

impl Kind {
    /// The kind of the file at `path`: records if its name ends in `.jsonl` or
    /// `.ndjson`, before the ending of a [compression](Compression).
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let inner = if Compression::of(path) == Compression::None {
            path
        } else {
            Path::new(path.file_stem().unwrap_or_default())
        };
        match ending(inner).as_deref() {
            Some("jsonl" | "ndjson") => Self::JsonLines,
            _ => Self::Text,
        }
    }
}

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, `.gz`.
    Gzip,
    /// Zstandard, `.zst`.
    Zstd,
}

impl Compression {
    /// How the file at `path` is compressed, by the ending of its name.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        match ending(path).as_deref() {
            Some("gz") => Self::Gzip,
            Some("zst") => Self::Zstd,
            _ => Self::None,
        }
    }

    /// Reads what `file` holds. Files of several members or frames are read to
    /// their end.
    ///
    /// # Errors
    /// What `file` reports.
    pub fn reader<'r>(self, file: impl Read + Send + 'r) -> io::Result<Box<dyn Read + Send + 'r>> {
        Ok(match self {
            Self::None => Box::new(file),
            Self::Gzip => Box::new(MultiGzDecoder::new(file)),
            Self::Zstd => Box::new(Named(zstd::Decoder::new(file)?)),
        })
    }

    /// `bytes` as one gzip member or Zstandard frame: such pieces, one after
    /// the other, make a file. They hold neither time nor name, so that the
    /// same bytes give the same piece.
    ///
    /// # Errors
    /// None that `bytes` could be the reason of.
    pub fn compress(self, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Self::None => Ok(bytes),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
                encoder.write_all(&bytes)?;
                encoder.finish()
            }
            Self::Zstd => zstd::encode_all(&*bytes, zstd::DEFAULT_COMPRESSION_LEVEL),
        }
    }
}

/// Calls damaged what is damaged: Zstandard's errors come without a kind.
struct Named<R>(R);

impl<R: Read> Read for Named<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out).map_err(|error| match error.kind() {
            io::ErrorKind::Other => io::Error::new(io::ErrorKind::InvalidData, error),
            _ => error,
        })
    }
}

fn ending(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
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
        ] {
            let path = Path::new(name);
            assert_eq!((Kind::of(path), Compression::of(path)), (kind, compression), "{name}");
        }
    }

    #[test]
    fn pieces_make_a_file() {
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let pieces: Vec<u8> =
                [&b"one "[..], b"", b"two"].iter().flat_map(|p| compression.compress(p.to_vec()).unwrap()).collect();
            let mut text = String::new();
            compression.reader(&*pieces).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "one two", "{compression:?}");
        }
    }

    #[test]
    fn a_file_that_is_cut_is_an_error_and_not_its_end() {
        for compression in [Compression::Gzip, Compression::Zstd] {
            let whole = compression.compress(b"The house stood on the hill.".repeat(50)).unwrap();
            let mut out = Vec::new();
            let cut = compression.reader(&whole[..whole.len() - 3]).unwrap().read_to_end(&mut out);
            assert!(cut.is_err(), "{compression:?}");
        }
    }
}
