//! Text that does nothing to a terminal.

use std::borrow::Cow;

/// `text` with everything visible that could move a terminal's cursor, change
/// its state or reorder what it shows: line ends become `⏎`, other control
/// characters their symbols (`␛`), directional and invisible formatting
/// characters their numbers (`<U+202E>`). Tabs stay.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' => out.push('⏎'),
            // The symbols of U+2400 … stand in the order of the controls.
            '\0'..='\u{1f}' if c != '\t' => out.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7f}' => out.push('␡'),
            _ if is_harmful(c) => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn is_harmful(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\n'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(visible("plain\tcafé"), "plain\tcafé");
        assert_eq!(visible("a\r\nb\nc\rd"), "a⏎b⏎c␍d");
        assert_eq!(visible("\x1b[2J\u{9b}2J\x07\x7f"), "␛[2J<U+009B>2J␇␡");
        assert_eq!(visible("com\u{ad}mittee \u{202e}evil\u{2069}"), "com<U+00AD>mittee <U+202E>evil<U+2069>");
    }
}
