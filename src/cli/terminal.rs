//! [`Terminal`]: what is said on stderr, and whether with color; [`Stdout`]. A
//! terminal gets nothing of other people's that it would obey.
//!
//! Nothing here can fail: who has closed stderr does not want to hear.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::{Args, Parser, ValueEnum};
use indicatif::ProgressBar;
use scanno::report::visible;

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
        if is_obeyed(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// True of what a terminal would do and not show.
fn is_obeyed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Standard output. What goes to a file or another program goes as it is; on a
/// terminal, everything is shown that it would obey, but for tabs and line ends.
pub(crate) struct Stdout {
    out: io::Stdout,
    /// Bytes that are not written yet: what follows says what they are.
    /// None if this is no terminal.
    held: Option<Vec<u8>>,
}

impl Stdout {
    pub(crate) fn new() -> Self {
        let out = io::stdout();
        let held = out.is_terminal().then(Vec::new);
        Self { out, held }
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(held) = &mut self.held else { return self.out.write(bytes) };
        held.extend_from_slice(bytes);
        let end = held.len() - unfinished(held);
        self.out.write_all(shown(&held[..end]).as_bytes())?;
        held.drain(..end);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(held) = &mut self.held {
            self.out.write_all(shown(&std::mem::take(held)).as_bytes())?;
        }
        self.out.flush()
    }
}

/// Bytes at the end of `bytes` that mean nothing before others follow.
fn unfinished(bytes: &[u8]) -> usize {
    if bytes.ends_with(b"\r") {
        return 1;
    }
    let last = bytes.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    // An error that more bytes would mend is one at the very end.
    if std::str::from_utf8(last).is_err_and(|error| error.error_len().is_none()) { last.len() } else { 0 }
}

/// `bytes` as a terminal may have them. What is not UTF-8 could be shown no better.
fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            // U+0000 does nothing; in UTF-16 it is every other byte.
            '\n' | '\t' | '\0' => out.push(c),
            '\r' if characters.peek() == Some(&'\n') => out.push(c),
            _ if is_obeyed(c) => out.push_str(&visible(c.encode_utf8(&mut [0; 4]))),
            _ => out.push(c),
        }
    }
    out
}

/// Ends the program as wrong usage, or after help that was asked for.
pub(crate) fn exit_with<C: Parser>(error: &clap::Error) -> ! {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let is_harmless = |argument: &OsString| !argument.to_string_lossy().contains(is_obeyed);
    if !error.use_stderr() || arguments.iter().all(is_harmless) {
        error.exit();
    }
    // The message quotes arguments between styles of its own: it is made anew, of harmless ones.
    let harmless = arguments.into_iter().map(|argument| match is_harmless(&argument) {
        true => argument,
        false => one_line(&argument.to_string_lossy()).into(),
    });
    if let Err(same) = C::try_parse_from(harmless)
        && same.use_stderr()
    {
        same.exit();
    }
    let text = error.to_string();
    text.lines().for_each(|line| Terminal::write_line(one_line(line)));
    std::process::exit(error.exit_code());
}

#[cfg(test)]
mod tests {
    use super::{one_line, shown, unfinished};

    #[test]
    fn control_characters_are_shown_and_not_sent() {
        assert_eq!(one_line("a\u{1b}[31m\nb\u{202e}é"), "a\\u{1b}[31m\\nb\\u{202e}é");
    }

    #[test]
    fn a_terminal_is_shown_what_it_would_obey() {
        assert_eq!(shown(b"a\r\n\tb\x1b]0;x\x07\rc"), "a\r\n\tb␛]0;x␇␍c");
        assert_eq!(
            shown("\u{9b}31m \u{202e} caf\u{e9} com\u{ad}mittee".as_bytes()),
            "<U+009B>31m <U+202E> café com\u{ad}mittee"
        );
        assert_eq!(shown(b"caf\xe9 \x9b31m"), "caf\u{fffd} \u{fffd}31m");
    }

    #[test]
    fn a_character_that_comes_in_two_pieces_is_one() {
        for (bytes, left) in
            [(&b"caf\xc3"[..], 1), (b"\xe2\x80", 2), (b"a\r", 1), (b"caf\xe9 ", 0), (b"", 0), (b"\xff", 0)]
        {
            assert_eq!(unfinished(bytes), left, "{bytes:?}");
        }
    }
}
