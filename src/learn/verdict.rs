//! Whether a change is right, by the truth of its page.

use super::align::align;
use crate::Correction;

/// What a change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What it writes is what was printed.
    pub right: bool,
    /// What it replaced was so already.
    pub was_right: bool,
}

/// A page aligned with its truth, character by character.
#[derive(Debug)]
pub struct Page<'t> {
    truth: Vec<char>,
    path: Vec<(usize, usize)>,
    /// Byte offset of each character recognized.
    offsets: Vec<usize>,
    ocr: &'t str,
}

impl<'t> Page<'t> {
    /// Aligns a page.
    #[must_use]
    pub fn new(ocr: &'t str, truth: &str) -> Self {
        let read: Vec<char> = ocr.chars().collect();
        let truth: Vec<char> = truth.chars().collect();
        let path = align(&read, &truth);
        let offsets = ocr.char_indices().map(|(i, _)| i).chain([ocr.len()]).collect();
        Self { truth, path, offsets, ocr }
    }

    /// The widest stretch of truth that the bytes `start..end` may stand for.
    #[must_use]
    pub fn printed(&self, start: usize, end: usize) -> Option<String> {
        debug_assert!(self.ocr.is_char_boundary(start) && self.ocr.is_char_boundary(end));
        let at = |byte: usize| self.offsets.partition_point(|&o| o < byte);
        let (start, end) = (at(start), at(end));
        let from = self.path.iter().find(|p| p.0 >= start)?.1;
        let to = self.path.iter().rev().find(|p| p.0 <= end)?.1;
        Some(self.truth.get(from..to.max(from))?.iter().collect())
    }

    /// Judges a change, white space and the style of quotation marks aside.
    #[must_use]
    pub fn judge(&self, c: &Correction) -> Option<Verdict> {
        let printed = plain(&self.printed(c.span.start, c.span.end)?);
        Some(Verdict { right: plain(&c.after) == printed, was_right: plain(&c.before) == printed })
    }
}

/// White space folded; quotation marks and dashes in one style, which is no matter of words.
fn plain(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    folded.replace(['’', '‘'], "'").replace(['“', '”'], "\"").replace(['—', '–', '‐'], "-")
}
