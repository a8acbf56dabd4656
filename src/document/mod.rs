//! A [`Document`]: the immutable text of one file, and the exact way back to
//! the file's bytes.

mod detect;
mod encoding;
mod position;
mod span;
mod token;

use std::{borrow::Cow, fmt::Write};

use sha2::{Digest, Sha256};

pub use detect::Origin;
pub use encoding::{DecodeError, Encoding};
pub use position::{Position, Positions};
pub use span::Span;
pub use token::{Token, TokenKind, Tokens, is_line_end, tokens};

/// One text as it was read. The text is never rewritten: corrections are
/// expressed as spans of it, and [`Encoding`] leads back to the file's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    text: String,
    encoding: Encoding,
    byte_order_mark: bool,
    origin: Origin,
}

impl Document {
    /// A document made of text that is already in memory: its file is the same
    /// text in UTF-8, without byte order mark.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { text: text.into(), encoding: Encoding::Utf8, byte_order_mark: false, origin: Origin::Stated }
    }

    /// The document in a file's `bytes`, its encoding found from them.
    /// [`Document::to_bytes`] gives the very same bytes back.
    ///
    /// # Errors
    /// The bytes are no text, damaged, or in an encoding that is not read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (encoding, mark, origin) = detect::detect(bytes)?;
        let text = encoding.decode(&bytes[mark..]).map_err(|error| error.shifted(mark))?;
        let document = Self { text, encoding, byte_order_mark: mark > 0, origin };
        detect::check_controls(&document.text, |offset| document.positions().at(offset).byte)?;
        Ok(document)
    }

    /// The document in a file's `bytes`, read as `encoding` whatever they look
    /// like; a byte order mark is recognized, and binary data are not refused.
    ///
    /// # Errors
    /// A byte that is no part of a character.
    pub fn from_bytes_as(bytes: &[u8], encoding: Encoding) -> Result<Self, DecodeError> {
        let mark = encoding.byte_order_mark();
        Self::read_as(bytes, encoding, !mark.is_empty() && bytes.starts_with(mark))
    }

    /// The document in `bytes`, which are known to begin with a byte order mark
    /// or known to have none.
    pub(crate) fn read_as(bytes: &[u8], encoding: Encoding, byte_order_mark: bool) -> Result<Self, DecodeError> {
        let mark = encoding.byte_order_mark();
        let byte_order_mark = byte_order_mark && bytes.starts_with(mark);
        let start = if byte_order_mark { mark.len() } else { 0 };
        let text = encoding.decode(&bytes[start..]).map_err(|error| error.shifted(start))?;
        Ok(Self { text, encoding, byte_order_mark, origin: Origin::Stated })
    }

    /// The decoded text, without byte order mark.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of `span`.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// How the file's bytes encode the text.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// How the encoding became known.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The byte order mark with which the file begins; empty if it has none.
    #[must_use]
    pub fn byte_order_mark(&self) -> &'static [u8] {
        if self.byte_order_mark { self.encoding.byte_order_mark() } else { b"" }
    }

    /// The encoding for people: `UTF-8`, `UTF-16LE with byte order mark`,
    /// `Windows-1252, detected`.
    #[must_use]
    pub fn describe_encoding(&self) -> String {
        let mark = if self.byte_order_mark { " with byte order mark" } else { "" };
        let detected = if self.origin == Origin::Detected { ", detected" } else { "" };
        format!("{}{mark}{detected}", self.encoding)
    }

    /// The file's bytes, exactly as they were read.
    #[must_use]
    pub fn to_bytes(&self) -> Cow<'_, [u8]> {
        if self.encoding == Encoding::Utf8 && !self.byte_order_mark {
            return Cow::Borrowed(self.text.as_bytes());
        }
        let mut bytes = self.byte_order_mark().to_vec();
        let text = self.encoding.encode(&self.text);
        bytes.extend_from_slice(&text.expect("decoding and encoding are inverse to each other"));
        Cow::Owned(bytes)
    }

    /// The bytes of a replacement as this file would hold them; `None` if the
    /// file's encoding cannot hold it.
    #[must_use]
    pub fn encode<'t>(&self, text: &'t str) -> Option<Cow<'t, [u8]>> {
        self.encoding.encode(text)
    }

    /// The map between the text and the file. Made in one pass over the text:
    /// keep it for many questions.
    #[must_use]
    pub fn positions(&self) -> Positions<'_> {
        Positions::new(self)
    }

    /// SHA-256 of the file's bytes, 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn sha256(&self) -> String {
        sha256(&self.to_bytes())
    }
}

/// SHA-256 of `bytes`, 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// `bytes` as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Document {
        let document = Document::from_bytes(bytes).unwrap();
        assert_eq!(document.to_bytes(), bytes, "{}", document.describe_encoding());
        document
    }

    #[test]
    fn encodings_are_found_and_written_back_as_read() {
        for (bytes, text, described) in [
            (&b""[..], "", "UTF-8"),
            (b"plain\r\n", "plain\r\n", "UTF-8"),
            ("6½d".as_bytes(), "6½d", "UTF-8"),
            (b"\xEF\xBB\xBFa", "a", "UTF-8 with byte order mark"),
            (b"\xEF\xBB\xBF", "", "UTF-8 with byte order mark"),
            (b"\xFF\xFEa\0\xA3\0", "a£", "UTF-16LE with byte order mark"),
            (b"\xFE\xFF\0a\xD8\x35\xDD\x38", "a𝔸", "UTF-16BE with byte order mark"),
            (b"T\0h\0e\0 \0\x1c\x20", "The “", "UTF-16LE, detected"),
            (b"\0T\0h\0e\0\n", "The\n", "UTF-16BE, detected"),
            (b"na\xEFve \xA35 \x93quoted\x94", "naïve £5 “quoted”", "Windows-1252, detected"),
        ] {
            let document = read(bytes);
            assert_eq!((document.text(), &*document.describe_encoding()), (text, described));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        let refused = |bytes: &[u8]| Document::from_bytes(bytes).unwrap_err();
        assert_eq!(refused(b"abc\0def"), DecodeError::Nul { offset: 3 });
        assert_eq!(refused(b"\xFF\xFEa\0\0\0"), DecodeError::Nul { offset: 4 });
        assert_eq!(refused(b"%PDF-1.4\n"), DecodeError::OtherFormat { kind: "PDF" });
        assert_eq!(refused(b"\xFF\xFE\0\0a\0\0\0"), DecodeError::Unsupported { name: "UTF-32" });
        assert_eq!(
            refused(b"a\x01\x02\x03b\x04"),
            DecodeError::ControlCharacters { offset: 1, count: 4, characters: 6 }
        );
        assert!(Document::from_bytes(b"one stray \x07 bell is damage, not data").is_ok());
    }

    #[test]
    fn damaged_utf8_is_told_from_windows_1252() {
        let damaged = b"\xEF\xBB\xBFab\nc\xFF";
        let broken = DecodeError::BrokenUtf8 { offset: 7, line: 2, byte: 0xFF };
        assert_eq!(Document::from_bytes(damaged), Err(broken), "the byte order mark says UTF-8");
        let text = "“Café” — £5\n".repeat(5).into_bytes();
        let mut damaged = text.clone();
        damaged.push(0xE2);
        assert!(matches!(Document::from_bytes(&damaged), Err(DecodeError::BrokenUtf8 { line: 6, .. })));
        damaged.pop();
        assert_eq!(read(&damaged).encoding(), Encoding::Utf8);
    }

    #[test]
    fn other_scripts_are_refused_by_name() {
        let (russian, ..) = encoding_rs::WINDOWS_1251.encode("Все счастливые семьи похожи друг на друга, каждая");
        assert!(matches!(Document::from_bytes(&russian), Err(DecodeError::Unsupported { .. })));
        let (french, ..) =
            encoding_rs::WINDOWS_1252.encode("Où l'été dernier était déjà passé, et nous étions là-bas à Orléans");
        assert_eq!(read(&french).encoding(), Encoding::Windows1252);
    }
}
