//! From a file's bytes to text and back, byte for byte.

/// An encoding that can be read, and written back as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// Windows-1252, of which printable Latin-1 is a part.
    Windows1252,
}

/// Why bytes could not be read as text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {}
