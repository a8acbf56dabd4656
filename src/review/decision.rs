//! [`Decision`]: what a memory of decisions is made of.

use super::{Ruling, Scope, Verdict};
use crate::document::{Token, TokenKind, tokens};
use crate::{Correction, Span};

/// Bytes of text in which the words beside a change are looked for.
const REACH: usize = 100;

/// What a person decided about one change, and the words beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision<'s> {
    /// The change, as the program proposed it.
    pub change: &'s Correction,
    /// What was decided, how far it goes, by whom and when.
    pub ruling: &'s Ruling,
    /// The word before it, as it stands in the original; none at the beginning.
    pub left: Option<&'s str>,
    /// The word after it, as it stands in the original; none at the end.
    pub right: Option<&'s str>,
}

impl<'s> Decision<'s> {
    /// What stands in the original.
    #[must_use]
    pub fn before(&self) -> &'s str {
        &self.change.before
    }

    /// What becomes of it: its own text if the change was rejected.
    #[must_use]
    pub fn outcome(&self) -> &'s str {
        match &self.ruling.verdict {
            Verdict::Accept => &self.change.after,
            Verdict::Reject => &self.change.before,
            Verdict::Text(text) => text,
        }
    }

    /// True if the person said that it holds in every document.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        self.ruling.scope == Scope::Everywhere
    }
}

/// The words before and after `span`.
pub(super) fn neighbors(text: &str, span: Span) -> (Option<&str>, Option<&str>) {
    let mut start = span.start.saturating_sub(REACH);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = text.len().min(span.end + REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let (left, right) = (&text[start..span.start], &text[span.end..end]);
    let is_word = |t: &Token| matches!(t.kind, TokenKind::Word | TokenKind::Number);
    let last = tokens(left).filter(is_word).last().map(|t| &left[t.span.range()]);
    let first = tokens(right).find(is_word).map(|t| &right[t.span.range()]);
    (last, first)
}
