//! What is never touched, whatever it looks like: addresses, codes, program
//! text, initials, numerals.
//!
//! Written as a scan of lines and of the runs between blanks, since most runs
//! are plain words that one look at their bytes dismisses.

use crate::Span;

/// Endings by which an address without scheme is known.
const DOMAINS: [&str; 12] = ["com", "org", "net", "edu", "gov", "uk", "de", "fr", "io", "info", "eu", "au"];
/// Bytes of a tag of markup, at most.
const LONGEST_TAG: usize = 200;

/// The protected passages of `text`, in order, disjoint.
pub(super) fn passages(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    text.split_inclusive(['\n', '\r']).flat_map(move |line| {
        let at = start;
        start += line.len();
        let mut found = Vec::new();
        if line.bytes().any(is_telling) {
            protected_in(line, at, &mut found);
        }
        found
    })
}

/// Bytes without which there is nothing to protect in a line.
fn is_telling(byte: u8) -> bool {
    matches!(byte, b'/' | b'@' | b'\\' | b'#' | b'<' | b'(' | b'{' | b'}' | b'=' | b'|' | b'$' | b'.' | b':' | b'_')
}

fn protected_in(line: &str, at: usize, out: &mut Vec<Span>) {
    if is_program_text(line.trim()) {
        out.push(Span::new(at, at + line.len()));
        return;
    }
    let mut done = 0;
    for chunk in line.split(|c: char| c.is_whitespace()) {
        let start = chunk.as_ptr() as usize - line.as_ptr() as usize;
        if start < done {
            continue;
        }
        if let Some(length) = tag_length(&line[start..]) {
            done = start + length;
            out.push(Span::new(at + start, at + done));
        } else if chunk.bytes().any(is_telling) {
            let from = chunk.len() - chunk.trim_start_matches(is_wrapping).len();
            let inner = chunk.trim_matches(is_wrapping).trim_end_matches(['.', ',', ';', ':', '!', '?']);
            if is_address(inner) {
                out.push(Span::new(at + start + from, at + start + from + inner.len()));
            }
        }
    }
}

/// Quotation marks and brackets around an address.
fn is_wrapping(c: char) -> bool {
    matches!(c, '(' | ')' | '[' | ']' | '<' | '>' | '"' | '\'' | '“' | '”' | '‘' | '’' | ',' | ';')
}

/// An address of the net or of mail, a path, a tag of a message.
fn is_address(chunk: &str) -> bool {
    let is_word = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if let Some((scheme, rest)) = chunk.split_once(':')
        && !rest.is_empty()
    {
        let is_drive = scheme.len() == 1 && rest.starts_with('\\');
        if rest.starts_with("//") && is_word(scheme) || is_drive || matches!(scheme, "mailto" | "doi" | "urn") {
            return true;
        }
    }
    if let Some(name) = chunk.strip_prefix(['@', '#']) {
        return name.len() >= 3 && name.starts_with(|c: char| c.is_ascii_alphabetic()) && is_word(name);
    }
    if let Some((name, host)) = chunk.split_once('@') {
        return is_word(name) && is_word(host) && host.trim_matches('.').contains('.');
    }
    if chunk.matches('/').count() >= 2 && chunk.starts_with(['/', '~', '.']) {
        return chunk.split('/').skip(1).any(|part| part.len() > 1)
            && chunk.split('/').all(|p| p.is_empty() || p == "~" || is_word(p));
    }
    let host = chunk.split('/').next().unwrap_or_default();
    if !is_word(host) {
        return false;
    }
    let Some((name, ending)) = host.rsplit_once('.') else { return false };
    host.starts_with("www.") && name.len() > 4 || DOMAINS.contains(&ending) && name.len() > 1 && !name.ends_with('.')
}

/// Bytes of the tag of markup that `text` begins with: `<p>`, `</i>`, `<a href="…">`.
fn tag_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('<')?;
    if !inner.strip_prefix('/').unwrap_or(inner).starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = inner.bytes().take(LONGEST_TAG).position(|b| b == b'>')?;
    (!inner[..end].contains('<')).then_some(end + 2)
}

/// A line of a program, a shell or a query. A semicolon at the end is verse
/// and a brace a misread bracket: it takes two signs.
fn is_program_text(line: &str) -> bool {
    let starts = |prefix: &str| line.starts_with(prefix);
    if starts("#include") || starts("#!/") || starts("// ") || starts("/* ") {
        return true;
    }
    // A prompt: a command in small letters, and an option, pipe or path.
    if let Some(command) = line.strip_prefix("$ ") {
        return command.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains([' ', '/']);
    }
    if line.contains("SELECT ") && line.contains(" FROM ") || line.contains("INSERT INTO ") {
        return true;
    }
    let has_call = line.match_indices('(').any(|(at, _)| {
        line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '!') && line[at..].contains(')')
    });
    let has_operator = [" = ", " == ", " != ", " += ", " -= ", " ^= ", " := ", "=>", "->", "&&", "||", "::"]
        .iter()
        .any(|operator| line.contains(operator));
    let is_definition =
        has_call && line.ends_with(':') && ["def ", "class ", "if ", "for ", "while "].iter().any(|w| starts(w));
    let ends = line.ends_with([';', '{', '}']) || line.ends_with(")") && has_operator;
    is_definition || ends && (has_call || has_operator)
}

/// True for a word that is a code, a numeral, an amount or an initial, and so
/// not spelled at all. `next` is the character after it.
pub(super) fn is_code(word: &str, next: Option<char>) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digits = word.chars().filter(|c| c.is_numeric()).count();
    if digits > 0 {
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
    /// English words, and abbreviations that a look at the text decides.
    const WORDS: [&str; 13] = ["di", "mi", "mix", "dim", "mid", "dix", "cc", "mm", "mil", "lid", "livid", "li", "il"];
    let upper = word.to_ascii_uppercase();
    if word.len() < 2 || !word.is_ascii() || word != upper && word.bytes().any(|b| b.is_ascii_uppercase()) {
        return false;
    }
    let mut rest = upper.as_bytes();
    while let [b'M', tail @ ..] = rest {
        rest = tail;
    }
    for [one, five, ten] in [b"CDM", b"XLC", b"IVX"] {
        rest = match rest {
            [a, b, tail @ ..] if a == one && (b == five || b == ten) => tail,
            _ => {
                let mut tail = rest.strip_prefix(&[*five]).unwrap_or(rest);
                for _ in 0..4 {
                    tail = tail.strip_prefix(&[*one]).unwrap_or(tail);
                }
                tail
            }
        };
    }
    rest.is_empty() && !WORDS.contains(&word)
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
