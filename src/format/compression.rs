//! [`Compression`]: gzip and Zstandard, by a file's name or by its content.

use std::io::{self, Read, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

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

    /// How a file that begins with `bytes` is compressed, by their first four.
    #[must_use]
    pub fn of_content(bytes: &[u8]) -> Self {
        match bytes {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::None,
        }
    }

    /// The ending of names, its dot included; nothing for what is not compressed.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
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

    /// Compresses into `out` what `write` writes, piece by piece.
    ///
    /// # Errors
    /// What `out` and `write` report.
    pub fn write(self, out: &mut dyn Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::None => write(out),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(out, flate2::Compression::default());
                write(&mut encoder)?;
                encoder.finish().map(drop)
            }
            Self::Zstd => {
                let mut encoder = zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                write(&mut encoder)?;
                encoder.finish().map(drop)
            }
        }
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

/// The ending of the name of `path`, in small letters.
pub(crate) fn ending(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_a_file() {
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let pieces: Vec<u8> =
                [&b"one "[..], b"", b"two"].iter().flat_map(|p| compression.compress(p.to_vec()).unwrap()).collect();
            let mut text = String::new();
            compression.reader(&*pieces).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "one two", "{compression:?}");
            assert_eq!(Compression::of_content(&pieces), compression);
            assert_eq!(Compression::of(Path::new(&format!("x{}", compression.ending()))), compression);
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
