//! One line that is typed.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// What is typed, and where the cursor is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Prompt {
    text: String,
    /// Byte of `text` before which it stands.
    cursor: usize,
}

/// What a key made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// It goes on.
    More,
    /// Enter.
    Done,
    /// Esc.
    Dropped,
}

impl Prompt {
    /// Begins with `text`, the cursor at its end.
    pub(super) fn new(text: String) -> Self {
        Self { cursor: text.len(), text }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor and after it.
    pub(super) fn sides(&self) -> (&str, &str) {
        self.text.split_at(self.cursor)
    }

    pub(super) fn press(&mut self, key: KeyEvent) -> Typed {
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => return Typed::Done,
            KeyCode::Esc => return Typed::Dropped,
            KeyCode::Char('c' | 'g') if is_control => return Typed::Dropped,
            KeyCode::Left => self.cursor = self.before(),
            KeyCode::Right => self.cursor = self.after(),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            KeyCode::Char('a') if is_control => self.cursor = 0,
            KeyCode::Char('e') if is_control => self.cursor = self.text.len(),
            KeyCode::Char('u') if is_control => self.delete(0),
            KeyCode::Char('k') if is_control => self.text.truncate(self.cursor),
            KeyCode::Char('w') if is_control => {
                let words = self.text[..self.cursor].trim_end();
                self.delete(words.rfind(char::is_whitespace).map_or(0, |blank| blank + 1));
            }
            KeyCode::Backspace => self.delete(self.before()),
            KeyCode::Delete => {
                let end = self.after();
                self.text.replace_range(self.cursor..end, "");
            }
            KeyCode::Char(c) if !is_control && !key.modifiers.contains(KeyModifiers::ALT) => self.insert(c),
            _ => {}
        }
        Typed::More
    }

    /// Pasted text: its lines become one.
    pub(super) fn paste(&mut self, text: &str) {
        text.trim_end().chars().map(|c| if c.is_control() { ' ' } else { c }).for_each(|c| self.insert(c));
    }

    fn insert(&mut self, c: char) {
        self.text.insert(self.cursor, c);
        self.cursor += c.len_utf8();
    }

    fn delete(&mut self, from: usize) {
        // Not before the blank that ends in a character of several bytes.
        let from = (from..=self.cursor).find(|&at| self.text.is_char_boundary(at)).unwrap_or(self.cursor);
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_edited_by_whole_characters() {
        let mut prompt = Prompt::new("cafe\u{301} é".into());
        let mut press = |code| prompt.press(KeyEvent::new(code, KeyModifiers::NONE));
        for code in [KeyCode::Left, KeyCode::Left, KeyCode::Backspace, KeyCode::Char('x'), KeyCode::Delete] {
            assert_eq!(press(code), Typed::More);
        }
        assert_eq!(press(KeyCode::Enter), Typed::Done);
        assert_eq!((prompt.text(), prompt.sides()), ("cafxé", ("cafx", "é")));
        prompt.press(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
        prompt.paste("a\nb\x1b[2J\n");
        assert_eq!(prompt.text(), "a b [2Jé");
        prompt.press(KeyEvent::new(KeyCode::Char('w'), KeyModifiers::CONTROL));
        assert_eq!(prompt.text(), "a b é");
    }
}
