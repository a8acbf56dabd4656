//! [`Terminal`]: what is said on stderr, and whether with color.
//!
//! Nothing here can fail: who has closed stderr does not want to hear.

use std::fmt::Display;
use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// When to write in color.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct TerminalOptions {
    /// When to write in color; `auto` heeds NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Terminal")]
    color: Color,
    /// Say nothing on stderr but errors
    #[arg(short, long, global = true, help_heading = "Terminal")]
    quiet: bool,
}

/// Where people are talked to.
#[derive(Debug)]
pub(crate) struct Terminal {
    quiet: bool,
    bar: ProgressBar,
}

impl Terminal {
    pub(crate) fn new(options: &TerminalOptions) -> Self {
        match options.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
        .write_global();
        Self { quiet: options.quiet, bar: ProgressBar::hidden() }
    }

    /// Something could not be done: one line, whatever the message holds.
    pub(crate) fn error(&self, message: impl Display) {
        self.line(format_args!("{ERROR}error:{ERROR:#} {}", one_line(&message.to_string())));
    }

    /// Something the user should know, though all was done.
    pub(crate) fn warn(&self, message: impl Display) {
        if !self.quiet {
            self.line(format_args!("{WARNING}note:{WARNING:#} {}", one_line(&message.to_string())));
        }
    }

    /// What was done.
    pub(crate) fn say(&self, message: impl Display) {
        if !self.quiet {
            self.line(format_args!("{}", one_line(&message.to_string())));
        }
    }

    /// What was done, in lines that are safe to print.
    pub(crate) fn say_lines(&self, lines: &str) {
        if !self.quiet {
            self.show(lines.trim_end_matches('\n'));
        }
    }

    /// Lines that were asked for, `--quiet` or not.
    pub(crate) fn show(&self, text: impl Display) {
        self.line(format_args!("{text}"));
    }

    /// True if only errors are wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The bar above which lines are written; hidden until someone shows it.
    pub(crate) fn bar(&self) -> &ProgressBar {
        &self.bar
    }

    fn line(&self, line: impl Display) {
        self.bar.suspend(|| Self::write_line(line));
    }

    /// For a thread of its own, where there is no bar.
    pub(crate) fn write_line(line: impl Display) {
        // One write, so that lines of several threads do not mix.
        let _ = anstream::stderr().lock().write_all(format!("{line}\n").as_bytes());
    }
}

/// Whether what goes to stdout is for eyes and may be colored.
pub(crate) fn stdout_has_color() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Columns of lines that go to no terminal.
const COLUMNS: usize = 120;

/// The columns of the terminal that stdout is.
pub(crate) fn stdout_columns() -> usize {
    let size = terminal_size::terminal_size_of(io::stdout());
    size.map_or(COLUMNS, |(columns, _)| usize::from(columns.0))
}

/// `text` on one line and without what would move the cursor, reorder or
/// restyle a terminal: file names and texts are other people's.
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let reorders = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || reorders { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn control_characters_are_shown_and_not_sent() {
        assert_eq!(one_line("a\u{1b}[31m\nb\u{202e}é"), "a\\u{1b}[31m\\nb\\u{202e}é");
    }
}
