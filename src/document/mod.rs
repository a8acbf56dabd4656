//! A [`Document`]: the immutable text of one file, and the exact way back to
//! the file's bytes.

mod encoding;
mod span;
mod token;

pub use encoding::{DecodeError, Encoding};
pub use span::Span;
pub use token::{Token, TokenKind, Tokens, tokens};

/// One text as it was read. The text is never rewritten: corrections are
/// expressed as spans of it, and [`Encoding`] leads back to the file's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    text: String,
    encoding: Encoding,
    byte_order_mark: bool,
}

impl Document {
    /// A document made of text that is already in memory.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { text: text.into(), encoding: Encoding::Utf8, byte_order_mark: false }
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
}
