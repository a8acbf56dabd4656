//! Styles, with color or without: everything that color says is said by
//! brackets, underlines or words too.

use ratatui::style::{Color, Modifier, Style};

/// How the parts of the screen look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Theme {
    /// What is replaced.
    pub(super) removed: Style,
    /// What takes its place.
    pub(super) added: Style,
    /// What was decided or made elsewhere in the text that is seen.
    pub(super) made: Style,
    /// Line numbers, labels, what is of less weight.
    pub(super) quiet: Style,
    /// Keys, and what matters most.
    pub(super) strong: Style,
    /// How far one has come.
    pub(super) progress: Style,
    /// The line at the top, and what asks for an answer.
    pub(super) title: Style,
    /// What could not be done.
    pub(super) error: Style,
    /// What opens and closes the two sides of a change.
    pub(super) marks: [&'static str; 3],
}

impl Theme {
    pub(super) fn new(has_color: bool) -> Self {
        let plain = Style::new();
        let strong = plain.add_modifier(Modifier::BOLD);
        let common = Self {
            removed: plain,
            added: strong,
            made: plain.add_modifier(Modifier::UNDERLINED),
            quiet: plain.add_modifier(Modifier::DIM),
            strong,
            progress: plain,
            title: plain.add_modifier(Modifier::REVERSED),
            error: strong,
            marks: ["[-", "-]{+", "+}"],
        };
        if !has_color {
            return common;
        }
        Self {
            removed: plain.fg(Color::Red).add_modifier(Modifier::CROSSED_OUT),
            added: strong.fg(Color::Green),
            made: plain.fg(Color::Cyan),
            progress: plain.fg(Color::Green),
            error: strong.fg(Color::Red),
            marks: ["", " → ", ""],
            ..common
        }
    }
}
