//! [`Encoding`]: from a file's bytes to text and back, byte for byte.
//!
//! Every decoder here is strict and every encoder is its exact inverse: what
//! cannot be written back as it was read is refused with the place of the
//! first bad byte ([`DecodeError`]).

use std::{borrow::Cow, fmt, str::FromStr};

use encoding_rs::WINDOWS_1252;
use serde::{Deserialize, Serialize};

/// An encoding that can be read, and written back as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, little-endian.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, big-endian.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Windows-1252, of which printable Latin-1 is a part. The five bytes
    /// without a character (81, 8D, 8F, 90, 9D) stand for the control
    /// characters U+0081 … U+009D, as in WHATWG's standard.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// The name used in change logs: `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// The bytes of the byte order mark; empty where there is none.
    #[must_use]
    pub fn byte_order_mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => b"\xEF\xBB\xBF",
            Self::Utf16Le => b"\xFF\xFE",
            Self::Utf16Be => b"\xFE\xFF",
            Self::Windows1252 => b"",
        }
    }

    /// The bytes of `text`, without byte order mark; `None` if the encoding
    /// has no way to write one of its characters.
    #[must_use]
    pub fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Utf8 => Some(Cow::Borrowed(text.as_bytes())),
            Self::Utf16Le => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Utf16Be => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Self::Windows1252 => {
                let (bytes, _, unmappable) = WINDOWS_1252.encode(text);
                (!unmappable).then_some(bytes)
            }
        }
    }

    /// The text of `bytes`, which begin after any byte order mark.
    ///
    /// # Errors
    /// The first byte that is no part of a character, its offset counted in `bytes`.
    pub fn decode(self, bytes: &[u8]) -> Result<String, DecodeError> {
        match self {
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(text.to_owned()),
                Err(error) => {
                    let offset = error.valid_up_to();
                    Err(DecodeError::BrokenUtf8 { offset, line: line_at(bytes, offset), byte: bytes[offset] })
                }
            },
            Self::Utf16Le => decode_utf16(bytes, u16::from_le_bytes),
            Self::Utf16Be => decode_utf16(bytes, u16::from_be_bytes),
            Self::Windows1252 => Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "Windows-1252",
        })
    }
}

impl FromStr for Encoding {
    type Err = String;

    /// Reads what [`Encoding::name`] gives.
    fn from_str(name: &str) -> Result<Self, String> {
        [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252]
            .into_iter()
            .find(|e| e.name() == name)
            .ok_or_else(|| format!("unknown encoding `{name}`"))
    }
}

/// Why bytes could not be read as text. Offsets are bytes of the file, from 0;
/// lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// A file of another kind, known by its first bytes.
    #[error("this is a {kind} file, not text; give scanno the text that the OCR engine wrote")]
    OtherFormat {
        /// The kind: `PDF`, `PNG` …
        kind: &'static str,
    },
    /// A NUL, which no text holds.
    #[error("binary data, not text: NUL at offset {offset}; give scanno plain text")]
    Nul {
        /// Where the NUL lies.
        offset: usize,
    },
    /// More control characters than any text holds.
    #[error(
        "binary data, not text: {count} of {characters} characters are control characters, \
         the first at offset {offset}; give scanno plain text"
    )]
    ControlCharacters {
        /// Where the first of them lies.
        offset: usize,
        /// How many there are.
        count: usize,
        /// How many characters of any kind there are.
        characters: usize,
    },
    /// Mostly valid UTF-8 with bytes that are not.
    #[error(
        "broken UTF-8: byte 0x{byte:02X} at offset {offset}, line {line}, begins no character; \
         repair or convert the file first (for example with iconv)"
    )]
    BrokenUtf8 {
        /// Where the first bad byte lies.
        offset: usize,
        /// The line it lies in.
        line: usize,
        /// The bad byte.
        byte: u8,
    },
    /// Half of a surrogate pair.
    #[error("broken UTF-16: unpaired surrogate 0x{unit:04X} at offset {offset}, line {line}")]
    UnpairedSurrogate {
        /// Where its first byte lies.
        offset: usize,
        /// The line it lies in.
        line: usize,
        /// The code unit.
        unit: u16,
    },
    /// Half of a code unit at the end.
    #[error("broken UTF-16: odd byte at the end, offset {offset}; the file may be truncated")]
    OddByte {
        /// Where the odd byte lies.
        offset: usize,
    },
    /// Text in an encoding that scanno does not read.
    #[error(
        "the text seems to be {name}, which scanno does not read; convert it to UTF-8 first (for example with iconv)"
    )]
    Unsupported {
        /// The encoding's name.
        name: &'static str,
    },
}

impl DecodeError {
    /// The same error, seen from a file in which the bytes begin at `base`.
    pub(super) fn shifted(mut self, base: usize) -> Self {
        match &mut self {
            Self::Nul { offset }
            | Self::ControlCharacters { offset, .. }
            | Self::BrokenUtf8 { offset, .. }
            | Self::UnpairedSurrogate { offset, .. }
            | Self::OddByte { offset } => *offset += base,
            Self::OtherFormat { .. } | Self::Unsupported { .. } => {}
        }
        self
    }
}

/// Line, from 1, of `offset`.
fn line_at(bytes: &[u8], offset: usize) -> usize {
    1 + bytes[..offset].iter().filter(|&&b| b == b'\n').count()
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut offset = 0;
    for c in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        match c {
            Ok(c) => {
                text.push(c);
                offset += 2 * c.len_utf16();
            }
            Err(error) => {
                let line = line_at(text.as_bytes(), text.len());
                return Err(DecodeError::UnpairedSurrogate { offset, line, unit: error.unpaired_surrogate() });
            }
        }
    }
    if rest.is_empty() { Ok(text) } else { Err(DecodeError::OddByte { offset }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_windows_1252_comes_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = Encoding::Windows1252.decode(&bytes).unwrap();
        assert_eq!(text.chars().count(), 256);
        assert_eq!(&text[text.char_indices().nth(0x80).unwrap().0..][..3], "€");
        for undefined in ['\u{81}', '\u{8d}', '\u{8f}', '\u{90}', '\u{9d}'] {
            assert!(text.contains(undefined), "{undefined:?}");
        }
        assert_eq!(Encoding::Windows1252.encode(&text).unwrap(), bytes);
    }

    #[test]
    fn what_an_encoding_cannot_hold_is_refused() {
        assert_eq!(Encoding::Windows1252.encode("naïve “€”").unwrap().len(), 9);
        assert_eq!(Encoding::Windows1252.encode("ﬁne"), None);
        assert_eq!(Encoding::Windows1252.encode("\u{80}"), None, "0x80 is the euro sign, not a control");
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        assert_eq!(
            Encoding::Utf8.decode(b"ab\nc\xffd"),
            Err(DecodeError::BrokenUtf8 { offset: 4, line: 2, byte: 0xff })
        );
        assert_eq!(
            Encoding::Utf16Le.decode(b"a\0\n\0\x00\xd8b\0"),
            Err(DecodeError::UnpairedSurrogate { offset: 4, line: 2, unit: 0xd800 })
        );
        assert_eq!(Encoding::Utf16Be.decode(b"\0a\0"), Err(DecodeError::OddByte { offset: 2 }));
    }
}
