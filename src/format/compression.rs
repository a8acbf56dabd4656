//! [`Compression`]: gzip and Zstandard, by a file's name or by its content.
//!
//! A few kilobytes can be made to hold gigabytes. So what is read into memory
//! at once has two limits, [`Compression::read_whole`]; what is read as a
//! stream takes none.

use std::io::{self, Read, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

/// Most that a compressed byte may stand for. Change logs are compressed to an
/// eighth, those of one sentence forty thousand times to a 120th.
pub const HIGHEST_RATIO: u64 = 200;

/// Bytes that a file may always hold, decompressed: 64 MiB do no harm, and
/// short files that repeat themselves are compressed to next to nothing.
pub const ALWAYS_HELD: u64 = 64 << 20;

/// The largest window of Zstandard, as a power of two in bytes: 128 MiB, which
/// `zstd` itself reads without being asked. As much memory is taken before the
/// first byte comes out.
const LARGEST_WINDOW: u32 = 27;

/// Why a file was not read into memory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The system says so, or it is damaged.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is longer than what is taken.
    #[error("is more than {} GB", .0 / 1_000_000_000)]
    TooLong(u64),
    /// It is so much longer than its compressed form as if made to fill the memory.
    #[error(
        "holds more than {HIGHEST_RATIO} times its size and more than 64 MiB, as if made to fill the memory; \
         if it is good, decompress it and name what comes out"
    )]
    TooDense,
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
            Self::Zstd => {
                let mut decoder = zstd::Decoder::new(file)?;
                decoder.window_log_max(LARGEST_WINDOW)?;
                Box::new(Named(decoder))
            }
        })
    }

    /// All that `file` holds, which is `size` bytes long as it lies there: at
    /// most `most` bytes, and no more than [`HIGHEST_RATIO`] times `size` from
    /// [`ALWAYS_HELD`] on.
    ///
    /// # Errors
    /// What `file` reports, or that it holds more.
    pub fn read_whole(self, file: impl Read + Send, size: u64, most: u64) -> Result<Vec<u8>, ReadError> {
        let limit = if self == Self::None { most } else { most.min(most_held(size)) };
        let mut bytes = Vec::new();
        self.reader(file)?.take(limit + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 {
            length if length <= limit => Ok(bytes),
            _ if limit == most => Err(ReadError::TooLong(most)),
            _ => Err(ReadError::TooDense),
        }
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

/// The most bytes that `size` compressed ones are believed to stand for.
pub(crate) fn most_held(size: u64) -> u64 {
    size.saturating_mul(HIGHEST_RATIO).max(ALWAYS_HELD)
}

/// Calls damaged what is damaged, and nothing else: Zstandard's errors come without a kind.
struct Named<R>(R);

impl<R: Read> Read for Named<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        /// What Zstandard calls a window that is too large: the negative of the error's number.
        const TOO_WIDE: usize = 16_usize.wrapping_neg();
        self.0.read(out).map_err(|error| match error.kind() {
            io::ErrorKind::Other if error.to_string() == zstd::zstd_safe::get_error_name(TOO_WIDE) => {
                let what = "its window is larger than 128 MiB; decompress it with `zstd -d --long=31`";
                io::Error::new(io::ErrorKind::Unsupported, what)
            }
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
    fn what_would_fill_the_memory_is_refused() {
        let bytes = vec![b'x'; usize::try_from(ALWAYS_HELD).unwrap() + 1];
        for compression in [Compression::Gzip, Compression::Zstd] {
            let read = |bytes: &[u8], most| {
                let file = compression.compress(bytes.to_vec()).unwrap();
                compression.read_whole(&*file, file.len() as u64, most)
            };
            assert_eq!(read(&bytes[1..], u64::MAX - 1).unwrap().len(), bytes.len() - 1, "{compression:?}");
            assert!(matches!(read(&bytes, u64::MAX - 1), Err(ReadError::TooDense)), "{compression:?}");
            assert!(matches!(read(&bytes[..11], 10), Err(ReadError::TooLong(10))), "{compression:?}");
            assert_eq!(read(&bytes[..10], 10).unwrap().len(), 10, "{compression:?}");
        }
        assert!(matches!(Compression::None.read_whole(&bytes[..11], 11, 10), Err(ReadError::TooLong(10))));
        assert_eq!(Compression::None.read_whole(&*bytes, 0, u64::MAX - 1).unwrap().len(), bytes.len());
    }

    #[test]
    fn a_window_of_any_size_is_not_allotted() {
        // A frame without size: its window is 2^(10 + exponent), here 128 MiB and 1 TiB; then an empty last block.
        let frame = |exponent: u8| [&b"\x28\xb5\x2f\xfd\x00"[..], &[exponent << 3], b"\x01\x00\x00"].concat();
        let read = |frame: &[u8]| Compression::Zstd.read_whole(frame, frame.len() as u64, 10);
        assert_eq!(read(&frame(17)).unwrap(), b"");
        for exponent in [18, 30] {
            let error = read(&frame(exponent)).unwrap_err().to_string();
            assert!(error.contains("larger than 128 MiB") && error.contains("--long"), "{error}");
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
