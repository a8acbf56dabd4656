//! What no replacement may do, whoever proposes it: laws 7 and 8 of the change
//! log. The program keeps them by construction; memories, edited logs, lists of
//! corrections and what a person types are asked here.

use crate::document::{TokenKind, is_line_end, tokens};

/// Symbols that a speck has, at most.
const MOST_SYMBOLS: usize = 2;

/// Why a text cannot take the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// Lines would be won or lost, or ended otherwise.
    #[error("the replacement must have the line ends of what it replaces, and no others")]
    LineEnds,
    /// A character that is none to be read.
    #[error("the replacement has a control character, U+{:04X}, that is not in what it replaces", u32::from(*.0))]
    Control(char),
    /// More than a speck would be gone.
    #[error(
        "the replacement is empty, and only specks are deleted: at most {MOST_SYMBOLS} symbols, no letter, no digit"
    )]
    Deletes,
}

/// Says whether `after` may take the place of `before`: it has the same line
/// ends, no control character that is not there already, and something to read
/// unless `before` is a speck.
///
/// # Errors
/// What it may not do.
pub fn check_replacement(before: &str, after: &str) -> Result<(), Unfit> {
    // Nearly all have none.
    if (before.contains(is_line_end) || after.contains(is_line_end)) && !line_ends(before).eq(line_ends(after)) {
        return Err(Unfit::LineEnds);
    }
    let is_control = |c: &char| c.is_control() && !is_line_end(*c);
    let times = |text: &str, control: char| text.chars().filter(|&c| c == control).count();
    let mut controls = after.chars().filter(is_control);
    if let Some(control) = controls.find(|&control| times(after, control) > times(before, control)) {
        return Err(Unfit::Control(control));
    }
    if after.chars().any(is_read) || is_speck(before) { Ok(()) } else { Err(Unfit::Deletes) }
}

/// The line ends in `text`, as they are written.
pub fn line_ends(text: &str) -> impl Iterator<Item = &str> {
    tokens(text).filter(|token| token.kind == TokenKind::LineBreak).map(|token| &text[token.span.range()])
}

fn is_speck(text: &str) -> bool {
    let symbols = || text.chars().filter(|&c| is_read(c));
    symbols().count() <= MOST_SYMBOLS && !symbols().any(char::is_alphanumeric)
}

/// True of what can be seen on a page.
fn is_read(c: char) -> bool {
    let is_invisible = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !c.is_whitespace() && !c.is_control() && !is_invisible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_takes_the_place_of_what_was_read() {
        for (before, after) in [
            ("tbe", "the"),
            ("ofthe", "of the"),
            ("com-\nmittee ", "committee\n"),
            ("com-\r\nmittee, ", "committee,\r\n"),
            ("com-\u{c}mittee", "committee\u{c}"),
            ("com\tmittee", "committee"),
            ("tb\u{1b}e", "the\u{1b}"),
            ("*", ""),
            ("| ^ ", " "),
        ] {
            assert_eq!(check_replacement(before, after), Ok(()), "{before:?} {after:?}");
        }
    }

    #[test]
    fn lines_controls_and_more_than_specks_are_kept() {
        for (before, after, unfit) in [
            ("tbe", "the\n", Unfit::LineEnds),
            ("tbe", "the\r", Unfit::LineEnds),
            ("tbe", "the\u{2028}", Unfit::LineEnds),
            ("com-\nmittee", "committee", Unfit::LineEnds),
            ("com-\nmittee ", "committee\r\n", Unfit::LineEnds),
            ("a\r\nb", "a\rb\n", Unfit::LineEnds),
            ("tbe", "th\u{1b}[31me", Unfit::Control('\u{1b}')),
            ("tb\u{1b}e", "\u{1b}th\u{1b}e", Unfit::Control('\u{1b}')),
            ("tbe", "the\0", Unfit::Control('\0')),
            ("tbe", "the\u{9b}", Unfit::Control('\u{9b}')),
            ("tbe", "the\t", Unfit::Control('\t')),
            ("tbe", "", Unfit::Deletes),
            ("4", " \u{200b}", Unfit::Deletes),
            ("***", "", Unfit::Deletes),
        ] {
            assert_eq!(check_replacement(before, after), Err(unfit), "{before:?} {after:?}");
        }
    }
}
