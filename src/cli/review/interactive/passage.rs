//! The text around a change, in rows of a screen.
//!
//! However long the text and its lines are, only what can be seen is read.

use scanno::report::fit;
use scanno::review::Session;
use unicode_segmentation::UnicodeSegmentation;

use super::theme::Theme;

/// Blanks to the next of these columns stand for a tab.
const TAB: usize = 8;

/// Columns at the end of a row in which it is broken at a blank rather than
/// within a word.
const LONGEST_WORD: usize = 24;

/// What a piece of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text as it stands in the original.
    Text,
    /// What a change elsewhere made of it.
    Made,
    /// What the change at hand replaces.
    Removed,
    /// What it puts there.
    Added,
    /// What marks its ends.
    Mark,
}

/// One row of the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The line of the text that begins here, from 1.
    pub(super) line: Option<usize>,
    pub(super) pieces: Vec<(String, Kind)>,
}

/// `height` rows around the change `index`, which begins in line `line` of the
/// text; the change is in the middle, as far as there is text around it.
pub(super) fn rows(
    session: &Session,
    index: usize,
    line: usize,
    theme: &Theme,
    width: usize,
    height: usize,
) -> Vec<Row> {
    let changes = session.changes();
    let change = &changes[index];
    let text = session.document().text();
    let window = window(text, change.span.range(), width * height, height);
    let near = changes[..index].iter().rposition(|c| c.span.start < window.start).map_or(0, |before| before + 1);

    let lines_before = text[window.start..change.span.start].matches('\n').count();
    let is_line_start = window.start == 0 || text[..window.start].ends_with('\n');
    let mut filler = Filler::new(width, line - lines_before, is_line_start);
    let mut from = window.start;
    // A change that reaches into the window from outside is not cut in two.
    if let Some(outside) = near.checked_sub(1).map(|i| &changes[i]).filter(|c| c.span.end > from) {
        filler.line += text[from..outside.span.end].matches('\n').count();
        filler.begins = None;
        from = outside.span.end;
    }
    let mut place = 0;
    for (i, c) in changes.iter().enumerate().skip(near).take_while(|(_, c)| c.span.end <= window.end) {
        filler.text(&text[from..c.span.start], Kind::Text);
        let lines = c.before.matches('\n').count();
        if i == index {
            place = filler.rows.len();
            let [open, middle, close] = theme.marks;
            for (text, kind) in [
                (open, Kind::Mark),
                (&c.before, Kind::Removed),
                (middle, Kind::Mark),
                (session.after(i), Kind::Added),
                (close, Kind::Mark),
            ] {
                filler.solid(text, kind);
            }
            filler.line += lines;
        } else {
            let line = filler.line;
            if session.is_made(i) {
                filler.text(session.after(i), Kind::Made);
            } else {
                filler.text(&c.before, Kind::Text);
            }
            filler.line = line + lines;
        }
        from = c.span.end;
    }
    filler.text(&text[from..window.end.max(from)], Kind::Text);
    if window.end < text.len() && !text[window.end..].starts_with(['\n', '\r']) {
        filler.solid("…", Kind::Text);
    }
    let mut rows = filler.done();
    let first = place.saturating_sub(height / 2).min(rows.len().saturating_sub(height));
    rows.drain(..first);
    rows.truncate(height);
    rows
}

/// The bytes of `text` around `middle` that can be seen if `characters` and
/// `lines` can be seen on each side.
fn window(text: &str, middle: std::ops::Range<usize>, characters: usize, lines: usize) -> std::ops::Range<usize> {
    let (left, right) = (&text[..middle.start], &text[middle.end..]);
    let mut start = left.char_indices().rev().nth(characters).map_or(0, |(at, _)| at);
    if let Some((at, _)) = left[start..].rmatch_indices('\n').nth(lines) {
        start += at + 1;
    }
    let mut end = right.char_indices().nth(characters).map_or(right.len(), |(at, _)| at);
    if let Some((at, _)) = right[..end].match_indices('\n').nth(lines) {
        end = at;
    }
    start..middle.end + end
}

/// Fills rows with characters.
struct Filler {
    width: usize,
    rows: Vec<Row>,
    row: Vec<(String, Kind)>,
    used: usize,
    /// The line of the text that is now put there.
    line: usize,
    /// The line that begins with the row.
    begins: Option<usize>,
}

impl Filler {
    fn new(width: usize, line: usize, is_line_start: bool) -> Self {
        let begins = is_line_start.then_some(line);
        let mut filler = Self { width: width.max(2), rows: Vec::new(), row: Vec::new(), used: 0, line, begins };
        if !is_line_start {
            filler.solid("…", Kind::Text);
        }
        filler
    }

    /// Text whose line ends begin new rows.
    fn text(&mut self, text: &str, kind: Kind) {
        for character in text.graphemes(true) {
            match character {
                "\n" | "\r\n" => {
                    self.end_row();
                    self.line += 1;
                    self.begins = Some(self.line);
                }
                "\t" => {
                    let blanks = TAB - self.used % TAB;
                    self.put(" ".repeat(blanks.min(self.width)), kind);
                }
                _ => self.put_all(character, kind),
            }
        }
    }

    /// Text whose line ends are shown.
    fn solid(&mut self, text: &str, kind: Kind) {
        for character in text.graphemes(true) {
            self.put_all(character, kind);
        }
    }

    /// A character, which may be shown as several.
    fn put_all(&mut self, character: &str, kind: Kind) {
        for shown in fit::harmless(character).graphemes(true) {
            self.put(shown.to_owned(), kind);
        }
    }

    fn put(&mut self, shown: String, kind: Kind) {
        let columns = fit::columns(&shown);
        if self.used + columns > self.width && !self.row.is_empty() {
            let tail = self.row.iter().rposition(|(c, _)| c == " ").map(|blank| self.row.split_off(blank + 1));
            let tail = tail.unwrap_or_default();
            let tail_columns: usize = tail.iter().map(|(c, _)| fit::columns(c)).sum();
            if tail_columns > LONGEST_WORD.min(self.width / 2) || tail_columns + columns > self.width {
                self.row.extend(tail);
                self.end_row();
            } else {
                self.end_row();
                self.row = tail;
                self.used = tail_columns;
            }
        }
        self.used += columns;
        self.row.push((shown, kind));
    }

    fn end_row(&mut self) {
        let mut pieces: Vec<(String, Kind)> = Vec::new();
        for (character, kind) in self.row.drain(..) {
            match pieces.last_mut() {
                Some((piece, last)) if *last == kind => piece.push_str(&character),
                _ => pieces.push((character, kind)),
            }
        }
        self.rows.push(Row { line: self.begins.take(), pieces });
        self.used = 0;
    }

    fn done(mut self) -> Vec<Row> {
        if !self.row.is_empty() {
            self.end_row();
        }
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::review::interactive::samples::session;

    fn shown(text: &str, changes: &[(&str, &str)], index: usize, width: usize, height: usize) -> Vec<String> {
        let session = session(text, changes);
        let start = session.changes()[index].span.start;
        let line = 1 + text[..start].matches('\n').count();
        let rows = rows(&session, index, line, &Theme::new(false), width, height);
        assert!(rows.len() <= height);
        rows.iter()
            .map(|row| {
                let text: String = row.pieces.iter().map(|(piece, _)| &**piece).collect();
                assert!(fit::columns(&text) <= width, "{text:?}");
                row.line.map_or_else(|| format!("  {text}"), |line| format!("{line} {text}"))
            })
            .collect()
    }

    #[test]
    fn the_change_is_in_the_middle_of_its_lines() {
        let text = "one\r\ntwo\nthree tbe\nfour arid\nfive\nsix\n";
        let changes = [("tbe", "the"), ("arid", "and")];
        assert_eq!(
            shown(text, &changes, 1, 40, 5),
            ["2 two", "3 three the", "4 four [-arid-]{+and+}", "5 five", "6 six"]
        );
        assert_eq!(shown(text, &changes, 0, 40, 3), ["2 two", "3 three [-tbe-]{+the+}", "4 four and"]);
    }

    #[test]
    fn a_change_over_a_line_end_shows_it() {
        let text = "a com-\nmittee of\nmen";
        let changes = [("com-\nmittee ", "committee\n"), ("men", "man")];
        assert_eq!(shown(text, &changes, 0, 50, 4), ["1 a [-com-⏎mittee -]{+committee⏎+}of", "3 man"]);
        // Another one is as the cleaned text has it.
        assert_eq!(shown(text, &changes, 1, 50, 4), ["1 a committee", "2 of", "3 [-men-]{+man+}"]);
    }

    #[test]
    fn long_lines_are_broken_at_blanks_and_cut_at_the_window() {
        let text = format!("{} tbe {}", "word ".repeat(100_000), "日本".repeat(100_000));
        let rows = shown(&text, &[("tbe", "the")], 0, 31, 6);
        assert_eq!(rows.len(), 6);
        assert!(rows.iter().any(|row| row.contains("[-tbe-]{+the+}")), "{rows:?}");
        assert!(rows[0].starts_with("  word word"), "{rows:?}");
    }

    #[test]
    fn odd_text_is_harmless_and_fits() {
        let text = "a\t\x1b[2Jtbe\u{202e}x\r e\u{301} 👩‍👩‍👧 \u{5d0}\u{5d1}\u{7}\u{9b}";
        for width in [2, 3, 7, 20, 80] {
            let rows = shown(text, &[("tbe", "the")], 0, width, 90);
            assert!(!rows.concat().contains(|c: char| c.is_control() || c == '\u{202e}'), "{rows:?}");
        }
    }
}
