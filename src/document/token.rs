//! [`tokens`]: a text cut into words, numbers, punctuation and white space.
//!
//! The cut follows what recognition engines confuse, not what a linguist would
//! call a word: hyphens and apostrophes separate (`don't` is `don`, `'`, `t`),
//! while symbols that engines write in place of letters (`|`, `^`, `_`, `«` …)
//! stay inside the word they disfigure (`l_ttle`, `th«`).

use super::Span;

/// What a [`Token`] is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A run with at least one letter: `house`, `BEITUT`, `l_ttle`, `6d`.
    Word,
    /// A run of digits without a letter: `1843`, `4½`.
    Number,
    /// One separating character: `.`, `-`, `"`, `(` …
    Punctuation,
    /// A run of blanks and tabs within a line.
    Space,
    /// One line end (`\n`, `\r\n`, `\r`), form feed or other line separator.
    LineBreak,
    /// A run of symbols without letter or digit: `|`, `*`, `^~`.
    Other,
}

/// A piece of a text. The tokens of a text are contiguous: together they cover
/// every byte of it exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it lies.
    pub span: Span,
    /// What it is made of.
    pub kind: TokenKind,
}

/// The tokens of `text`, in order, without gap or overlap.
#[must_use]
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, position: 0 }
}

/// Iterator made by [`tokens`].
#[derive(Clone, Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    position: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CharClass {
    Break,
    Blank,
    Separator,
    Inner,
}

fn class_of(c: char) -> CharClass {
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => CharClass::Break,
        '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '"' | '(' | ')' | '[' | ']' | '{' | '}' | '-' | '/' | '&' | '$'
        | '£' | '€' | '…' | '—' | '–' | '‐' | '‑' | '‒' | '―' | '¬' | '\u{ad}' | '‘' | '’' | '‚' | '“' | '”' | '„' => {
            CharClass::Separator
        }
        c if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}') => CharClass::Blank,
        _ => CharClass::Inner,
    }
}

/// True of what ends a line, or a page: `\n`, `\r`, the form feed and other line separators.
#[must_use]
pub fn is_line_end(c: char) -> bool {
    class_of(c) == CharClass::Break
}

/// The classes of the ASCII characters: most of any text.
static ASCII: [CharClass; 128] = {
    let mut out = [CharClass::Inner; 128];
    let mut code = 0;
    while code < 128 {
        out[code] = match code as u8 {
            b'\n' | b'\r' | 0xb | 0xc => CharClass::Break,
            b' ' | b'\t' => CharClass::Blank,
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'"' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'-'
            | b'/' | b'&' | b'$' => CharClass::Separator,
            _ => CharClass::Inner,
        };
        code += 1;
    }
    out
};

/// The class of the character at byte `at` of `text`, and its length in bytes.
#[inline]
fn class_at(text: &str, at: usize) -> Option<(CharClass, usize)> {
    let byte = *text.as_bytes().get(at)?;
    match ASCII.get(usize::from(byte)) {
        Some(class) => Some((*class, 1)),
        None => text[at..].chars().next().map(|c| (class_of(c), c.len_utf8())),
    }
}

/// Where the run of characters of `class` that goes on at byte `at` ends.
#[inline]
fn run_end(text: &str, mut at: usize, class: CharClass) -> usize {
    while let Some((of, length)) = class_at(text, at)
        && of == class
    {
        at += length;
    }
    at
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let (text, start) = (self.text, self.position);
        let (class, length) = class_at(text, start)?;
        let (end, kind) = match class {
            CharClass::Break => {
                (start + if text[start..].starts_with("\r\n") { 2 } else { length }, TokenKind::LineBreak)
            }
            CharClass::Separator => (start + length, TokenKind::Punctuation),
            CharClass::Blank => (run_end(text, start + length, class), TokenKind::Space),
            CharClass::Inner => {
                let end = run_end(text, start + length, class);
                (end, inner_kind(&text[start..end]))
            }
        };
        self.position = end;
        Some(Token { span: Span::new(start, end), kind })
    }
}

fn inner_kind(run: &str) -> TokenKind {
    let mut kind = TokenKind::Other;
    for c in run.chars() {
        if c.is_alphabetic() {
            return TokenKind::Word;
        }
        if c.is_numeric() {
            kind = TokenKind::Number;
        }
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(&str, TokenKind)> {
        tokens(text).map(|t| (&text[t.span.range()], t.kind)).collect()
    }

    #[test]
    fn the_table_of_classes_is_that_of_characters() {
        for code in 0..128_u8 {
            assert!(ASCII[usize::from(code)] == class_of(char::from(code)), "{code}");
        }
    }

    #[test]
    fn hyphens_and_apostrophes_separate_and_odd_symbols_stay_inside() {
        use TokenKind::*;
        assert_eq!(
            cut("don't l_ttle, 6d 4½\r\n*|"),
            [
                ("don", Word),
                ("'", Punctuation),
                ("t", Word),
                (" ", Space),
                ("l_ttle", Word),
                (",", Punctuation),
                (" ", Space),
                ("6d", Word),
                (" ", Space),
                ("4½", Number),
                ("\r\n", LineBreak),
                ("*|", Other),
            ]
        );
    }
}
