//! What is never touched, whatever it looks like: addresses, codes, program
//! text, initials, numerals.

use std::sync::LazyLock;

use regex::Regex;

use crate::Span;

/// Addresses, paths, and lines of program text or tables.
static PASSAGES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?xm)
          (?: https? | ftp | file ) : // \S+          # addresses
        | \b www \. \S+
        | \S+ @ \S+ \. \S+                            # e-mail
        | \b [\w-]+ (?: \. [\w-]+ )* \. (?: com | org | net | edu | gov | uk | de | fr | io | info ) \b (?: / \S* )?
        | (?: ~ | \. \.? )? (?: / [\w.-]+ ){2,}       # paths
        | \b [A-Za-z]: \\ \S+
        | (?: \# | @ ) [A-Za-z]\w+                    # tags
        | < /? [A-Za-z] [^<>\n]{0,200} >              # markup
        | \b \w+ \( [^()\n]{0,80} \) \s* [;{:]        # calls and definitions
        | ^ .* (?: [{};] | => | -> | == | != | \+= | && | \|\| | := ) [ \t]* \r? $   # program text
        | \b [a-z]+ (?: [A-Z][a-z0-9]+ ){2,} \b       # camel case
        | ^ [ \t]* (?: // | /\* | \#! | \#include | import\ \w | def\ \w+\( | fn\ \w+ | SELECT\ ) .* $
        "#,
    )
    .expect("a constant")
});

/// The protected passages of `text`, in order, disjoint.
pub(super) fn passages(text: &str) -> impl Iterator<Item = Span> {
    PASSAGES.find_iter(text).map(|m| Span::new(m.start(), m.end()))
}

/// True for a word that is a code, a numeral, an amount or an initial, and so
/// not spelled at all. `next` is the character after it.
pub(super) fn is_code(word: &str, next: Option<char>) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digits = word.chars().filter(|c| c.is_numeric()).count();
    if digits > 0 {
        // No amount begins with a nought: `0f`.
        if digits == 1 && letters > 0 && word.starts_with('0') {
            return false;
        }
        // Digits stray into words one or two at a time; otherwise the letters are units.
        return letters < 2 || digits > 2 || 2 * digits > letters || is_amount(word);
    }
    if letters == 1 {
        return next == Some('.') && word.chars().all(char::is_uppercase);
    }
    is_roman(word)
}

/// `6d`, `11s`, `19th`, `4to`, `10th`, `12lb`.
fn is_amount(word: &str) -> bool {
    let unit = word.trim_start_matches(|c: char| c.is_numeric());
    unit.len() < word.len() && unit.len() <= 3 && unit.chars().all(char::is_alphabetic)
}

/// A Roman numeral of two or more digits, all capitals or all small, in the
/// usual order of digits.
fn is_roman(word: &str) -> bool {
    static ROMAN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:M{0,4}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})|m{0,4}(?:cm|cd|d?c{0,4})(?:xc|xl|l?x{0,4})(?:ix|iv|v?i{0,4}))$")
            .expect("a constant")
    });
    word.len() >= 2
        && ROMAN.is_match(word)
        && !matches!(
            word,
            "di" | "mi" | "mix" | "dim" | "mid" | "dix" | "cc" | "mm" | "mil" | "lid" | "livid" | "li" | "il"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_amounts_numerals_and_initials() {
        for word in ["6d", "11s", "H2O", "19th", "XIV", "xiv", "A4", "B2B", "MP3", "1914ff"] {
            assert!(is_code(word, Some(' ')), "{word}");
        }
        assert!(is_code("N", Some('.')));
        for word in ["wa3", "th1ngs", "tbe", "a", "I", "mix", "did", "WASHINGT0N"] {
            assert!(!is_code(word, Some(' ')), "{word}");
        }
    }

    #[test]
    fn passages_of_program_text_and_addresses() {
        let text = "See http://example.org/tbe and\nlet x = tbe();\nwrite to tbe@aud.org today. Tbe end.";
        let found: Vec<&str> = passages(text).map(|s| &text[s.range()]).collect();
        assert_eq!(found, ["http://example.org/tbe", "let x = tbe();", "tbe@aud.org"]);
    }
}
