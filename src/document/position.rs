//! [`Positions`]: the exact map between a document's text and its file.

use super::{Document, Encoding};

/// A place in a text, in every unit that people and programs count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Bytes of the FILE before it, byte order mark included.
    pub byte: usize,
    /// Code points of the text before it, byte order mark not included.
    pub char: usize,
    /// Line, from 1. Lines end with a line feed, as in `grep -n` and `diff`:
    /// neither a form feed nor a lone carriage return ends one.
    pub line: usize,
    /// Column, from 1, in code points.
    pub column: usize,
}

/// Bytes of text between two checkpoints: 100 MB of text take 400,000 of them,
/// 12 MB, and a question costs a walk over at most so many bytes.
const STEP: usize = 256;

/// What lies before a byte of the text.
#[derive(Clone, Copy, Debug, Default)]
struct Checkpoint {
    /// Code points.
    chars: usize,
    /// Those of them beyond U+FFFF, which take two units of UTF-16.
    astral: usize,
    /// Line feeds.
    lines: usize,
    /// Code points before the line.
    line_start: usize,
}

impl Checkpoint {
    /// Walks over `bytes` of UTF-8, which need not end with a whole character.
    fn advance(&mut self, bytes: &[u8]) {
        let count = |bytes: &[u8]| bytes.iter().filter(|&&b| (b as i8) >= -0x40).count();
        if let Some(last) = bytes.iter().rposition(|&b| b == b'\n') {
            self.lines += bytes[..=last].iter().filter(|&&b| b == b'\n').count();
            self.line_start = self.chars + count(&bytes[..=last]);
        }
        self.astral += bytes.iter().filter(|&&b| b >= 0xF0).count();
        self.chars += count(bytes);
    }
}

/// Answers where a byte of the text lies in the file, and the other way round;
/// in any order, each in constant time. Made by [`Document::positions`].
#[derive(Clone, Debug)]
pub struct Positions<'d> {
    document: &'d Document,
    checkpoints: Vec<Checkpoint>,
}

impl<'d> Positions<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let mut checkpoints = vec![Checkpoint::default()];
        let mut current = Checkpoint::default();
        for block in document.text.as_bytes().chunks_exact(STEP) {
            current.advance(block);
            checkpoints.push(current);
        }
        Self { document, checkpoints }
    }

    /// The place before byte `offset` of the text.
    ///
    /// # Panics
    /// If `offset` is beyond the text or not on a `char` boundary.
    #[must_use]
    pub fn at(&self, offset: usize) -> Position {
        let text = &self.document.text;
        assert!(text.is_char_boundary(offset), "byte {offset} is inside a character or beyond the text");
        let block = offset / STEP;
        let mut here = self.checkpoints[block];
        here.advance(&text.as_bytes()[block * STEP..offset]);
        Position {
            byte: self.file_byte(offset, here),
            char: here.chars,
            line: here.lines + 1,
            column: here.chars - here.line_start + 1,
        }
    }

    /// The byte offset in the text of byte `byte` of the file; `None` if no
    /// character begins there (the end of the file counts as a beginning).
    #[must_use]
    pub fn text_offset(&self, byte: usize) -> Option<usize> {
        if self.document.encoding == Encoding::Utf8 {
            let offset = byte.checked_sub(self.document.byte_order_mark().len())?;
            return self.document.text.is_char_boundary(offset).then_some(offset);
        }
        let text = self.document.text.as_bytes();
        let before = |index: usize| self.file_byte_of_block(index) <= byte;
        // The last checkpoint at or before `byte`.
        let (mut low, mut high) = (0, self.checkpoints.len());
        while low + 1 < high {
            let middle = usize::midpoint(low, high);
            if before(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        let mut here = self.checkpoints[low];
        let mut offset = low * STEP;
        // A checkpoint may lie inside a character; such bytes begin none.
        while offset < text.len() && !self.document.text.is_char_boundary(offset) {
            offset += 1;
        }
        loop {
            let found = self.file_byte(offset, here);
            if found >= byte || offset == text.len() {
                return (found == byte).then_some(offset);
            }
            let c = self.document.text[offset..].chars().next()?;
            here.advance(&text[offset..offset + c.len_utf8()]);
            offset += c.len_utf8();
        }
    }

    fn file_byte_of_block(&self, index: usize) -> usize {
        self.file_byte(index * STEP, self.checkpoints[index])
    }

    /// Offset in the file of byte `offset` of the text, which `here` describes.
    fn file_byte(&self, offset: usize, here: Checkpoint) -> usize {
        let mark = self.document.byte_order_mark().len();
        mark + match self.document.encoding {
            Encoding::Utf8 => offset,
            Encoding::Utf16Le | Encoding::Utf16Be => 2 * (here.chars + here.astral),
            Encoding::Windows1252 => here.chars,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts everything from the start, the slow and plain way.
    fn plain(document: &Document, offset: usize) -> Position {
        let before = &document.text[..offset];
        Position {
            byte: document.byte_order_mark().len() + document.encoding.encode(before).unwrap().len(),
            char: before.chars().count(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap().chars().count() + 1,
        }
    }

    #[test]
    fn every_boundary_is_where_plain_counting_finds_it() {
        let text = "a£\r\n𝔸\u{c}ﬁ\rxyz\u{ad} ".repeat(150);
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
            for mark in [false, true] {
                let document = Document { byte_order_mark: mark, encoding, ..Document::from_text(&*text) };
                let positions = document.positions();
                let mut starts = Vec::new();
                for offset in (0..=text.len()).filter(|&o| text.is_char_boundary(o)) {
                    let position = positions.at(offset);
                    if offset % 7 == 0 {
                        assert_eq!(position, plain(&document, offset), "{encoding} {mark} {offset}");
                    }
                    assert_eq!(positions.text_offset(position.byte), Some(offset));
                    starts.push(position.byte);
                }
                let end = *starts.last().unwrap();
                for byte in 0..end + 3 {
                    assert_eq!(positions.text_offset(byte).is_some(), starts.binary_search(&byte).is_ok(), "{byte}");
                }
            }
        }
    }

    #[test]
    fn windows_1252_counts_one_byte_a_character() {
        let document = Document::from_bytes(b"\xA31 and\nna\xEFve").unwrap();
        assert_eq!(document.encoding(), Encoding::Windows1252);
        let at = document.text().find("ve").unwrap();
        assert_eq!(document.positions().at(at), Position { byte: 10, char: 10, line: 2, column: 4 });
    }
}
