//! What is never touched, whatever it looks like: addresses, codes, program
//! text, initials, numerals.
//!
//! Written as a scan of lines and of the runs between blanks, since most runs
//! are plain words that one look at their bytes dismisses.

use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashSet;

use crate::Span;
use crate::model::Lexicon;
use crate::model::lexicon::Flags;

/// Endings by which an address without scheme is known.
const DOMAINS: [&str; 12] = ["com", "org", "net", "edu", "gov", "uk", "de", "fr", "io", "info", "eu", "au"];
/// Bytes of a sum's part, at most: longer runs are words around a misread rule.
const LONGEST_OPERAND: usize = 3;
/// Bytes of a tag of markup, at most.
const LONGEST_TAG: usize = 200;

/// The protected passages of `text`, in order, disjoint.
pub(super) fn passages(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    text.split_inclusive(['\n', '\r']).flat_map(move |line| {
        let at = start;
        start += line.len();
        let mut found = Vec::new();
        let signs = Signs::of(line);
        if signs.any {
            protected_in(line, at, signs, &mut found);
        }
        found
    })
}

/// Whether a line has bytes without which there is nothing to protect.
#[derive(Clone, Copy)]
struct Signs {
    any: bool,
    /// Others than stops at the end of a word.
    within: bool,
}

impl Signs {
    fn of(line: &str) -> Self {
        let bytes = line.as_bytes();
        let mut signs = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            signs |= SIGNS[usize::from(byte)];
            if byte == b'.' {
                let next = bytes.get(at + 1).copied().unwrap_or(b' ');
                let is_within = next.is_ascii_alphanumeric() || matches!(next, b'-' | b'_');
                signs |= if is_within { WITHIN } else { 0 };
            }
        }
        Self { any: signs & ANY != 0, within: signs & WITHIN != 0 }
    }
}

const ANY: u8 = 1;
const WITHIN: u8 = 2;

/// What each byte is a sign of.
static SIGNS: [u8; 256] = {
    let mut out = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        out[byte] = match byte as u8 {
            b'.' => ANY,
            // The last byte of `×`, and of others. An operator counts where there is another sign.
            b'+' | 0x97 => WITHIN,
            byte if is_telling(byte) => ANY | WITHIN,
            _ => 0,
        };
        byte += 1;
    }
    out
};

/// Bytes of which some are in everything that is protected.
const fn is_telling(byte: u8) -> bool {
    matches!(byte, b'/' | b'@' | b'\\' | b'#' | b'<' | b'(' | b'{' | b'}' | b'=' | b'|' | b'$' | b'.' | b':' | b'_')
}

fn protected_in(line: &str, at: usize, signs: Signs, out: &mut Vec<Span>) {
    if is_program_text(line.trim()) {
        out.push(Span::new(at, at + line.len()));
        return;
    }
    if !signs.within {
        return;
    }
    let mut done = 0;
    let mut after_operator = false;
    for chunk in line.split(|c: char| c.is_whitespace()) {
        let start = chunk.as_ptr() as usize - line.as_ptr() as usize;
        if start < done || chunk.is_empty() {
            continue;
        }
        // `s = ut + ½at²`: what an equation adds up is no word.
        let is_operator = matches!(chunk, "=" | "+" | "×");
        if after_operator && chunk.len() <= LONGEST_OPERAND {
            out.push(Span::new(at + start, at + start + chunk.len()));
            after_operator = is_operator;
            continue;
        }
        after_operator = is_operator;
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
    let ends = line.ends_with([';', '{', '}']);
    let defines = line.ends_with(':') && ["def ", "class ", "if ", "for ", "while "].iter().any(|w| starts(w));
    if !ends && !defines {
        return false;
    }
    let has_call = line.match_indices('(').any(|(at, _)| {
        line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '!') && line[at..].contains(')')
    });
    let has_operator = || {
        [" = ", " == ", " != ", " += ", " -= ", " ^= ", " := ", "=>", "->", "&&", "||", "::"]
            .iter()
            .any(|operator| line.contains(operator))
    };
    has_call || ends && has_operator()
}

/// Words that look misread and are right, as listed for people to edit.
static LISTED: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    include_str!("../../dictionaries/en/protected-words.txt")
        .lines()
        .flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace())
        .collect()
});

/// Marks of notes, set behind a word without a blank.
const NOTE_MARKS: [char; 13] = ['*', '†', '‡', '§', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
/// Letters that noise repeats: strokes. Others three in a row are meant.
const STROKES: &str = "iltjfrnmv";
/// Shortest word, in letters, whose æ or œ is taken for its own spelling: in
/// short ones they are misread e and o.
const LEAST_WITH_LIGATURE: usize = 7;

/// The marks after a word that say something of it: the rest of a contraction or
/// abbreviation.
pub(super) const MARKS: [char; 3] = ['.', '\'', '’'];

/// True for a word that looks misread and is not: listed, drawn out, with the
/// mark of a note behind it, in a script that is not Latin, or in the old
/// spelling with æ and œ. `mark` comes after it, if it is one of [`MARKS`].
pub(super) fn is_meant(word: &str, mark: Option<char>, lexicon: &Lexicon) -> bool {
    is_listed(word, mark)
        || is_drawn_out(word)
        || !word.is_ascii() && (is_other_script(word) || has_ligature_spelling(word, lexicon))
        || has_note_mark(word, lexicon)
}

fn is_listed(word: &str, mark: Option<char>) -> bool {
    let mut lower = word.to_lowercase();
    if LISTED.contains(lower.as_str()) {
        return true;
    }
    match mark {
        Some('\'' | '’') => lower.push('\''),
        Some('.') => lower.push('.'),
        _ => return false,
    }
    LISTED.contains(lower.as_str())
}

/// `Nooooo`, `waaant`, `Shhh`.
fn is_drawn_out(word: &str) -> bool {
    word.as_bytes().windows(3).any(|w| {
        w[0].is_ascii_alphabetic()
            && w[1] == w[2]
            && w[0].eq_ignore_ascii_case(&w[1])
            && !STROKES.contains(char::from(w[1].to_ascii_lowercase()))
    })
}

/// Letters above the Latin blocks, and no others: Greek, Cyrillic, Hebrew.
fn is_other_script(word: &str) -> bool {
    word.chars()
        .filter(|c| c.is_alphabetic())
        .all(|c| c >= '\u{370}' && !matches!(c, '\u{1e00}'..='\u{1eff}' | 'ﬀ'..='ﬆ'))
}

/// `pædagogue`: a word of the lexicon once `æ` and `œ` are written `e`.
fn has_ligature_spelling(word: &str, lexicon: &Lexicon) -> bool {
    word.contains(['æ', 'œ', 'Æ', 'Œ'])
        && word.chars().count() >= LEAST_WITH_LIGATURE
        && lexicon.find(&word.replace(['æ', 'œ', 'Æ', 'Œ'], "e")).is_some()
}

/// `custom*`, `vestry¹`.
fn has_note_mark(word: &str, lexicon: &Lexicon) -> bool {
    let bare = word.trim_end_matches(NOTE_MARKS);
    bare.len() < word.len()
        && bare.len() > 2
        && lexicon.find(bare).is_some_and(|id| lexicon.flags(id).any(Flags::VOUCHED))
}

/// True for a word that is a code, a numeral, an amount or an initial, and so
/// not spelled at all. `mark` comes after it, if it is one of [`MARKS`].
pub(super) fn is_code(word: &str, mark: Option<char>) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digits = word.chars().filter(|c| c.is_numeric()).count();
    if digits > 0 {
        // No amount begins with a nought: `0f`.
        if digits == 1 && letters > 0 && word.starts_with('0') {
            return false;
        }
        // Digits stray into words one or two at a time; otherwise the letters are units.
        let is_short_code = letters <= 3 && !word.contains(char::is_lowercase);
        return letters < 2 || digits > 2 || 2 * digits > letters || is_short_code || is_amount(word);
    }
    if letters == 1 {
        return mark == Some('.') && word.chars().all(char::is_uppercase);
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
    fn listed_words_may_need_their_mark_and_long_drawn_ones_are_meant() {
        assert!(is_listed("Shew", Some(' ')) && is_listed("Tho", Some('’')) && is_listed("wch", Some('.')));
        assert!(!is_listed("tho", Some(' ')) && !is_listed("tho", Some('.')) && !is_listed("tbe", Some(' ')));
        assert!(is_drawn_out("Nooooo") && is_drawn_out("waaant") && !is_drawn_out("wiil") && !is_drawn_out("wilill"));
        assert!(!is_drawn_out("stilll"), "a stroke too many is a misreading");
        assert!(is_other_script("λόγος") && !is_other_script("ﬁnd") && !is_other_script("été"));
    }

    #[test]
    fn addresses_are_whole_and_english_lines_are_no_program() {
        for line in [
            "He came; he saw; he went {as I said};",
            "$5 was paid for it; (see below) and",
            "the cat = three dogs, said he (truly)",
            "And never boat went half so far;",
            "and/or said.the man e.g. i.e. 3/4 No.5",
            "He stood < the line > of fire a<b",
        ] {
            assert_eq!(passages(line).count(), 0, "{line}");
        }
        for address in
            ["www.tbe.org/aud", "tbe.co.uk", "/mnt/arcbive/iu/", "C:\\tbe", "#tbepier", "@tbe_jo", "doi:10.5/tbe"]
        {
            let text = format!("see \"{address}\", then go");
            let found: Vec<&str> = passages(&text).map(|s| &text[s.range()]).collect();
            assert_eq!(found, [address]);
        }
    }

    #[test]
    fn passages_of_program_text_and_addresses() {
        let text = "See http://example.org/tbe and\nlet x = tbe();\nwrite to tbe@aud.org today. Tbe end.";
        let found: Vec<&str> = passages(text).map(|s| &text[s.range()]).collect();
        assert_eq!(found, ["http://example.org/tbe", "let x = tbe();\n", "tbe@aud.org"]);
    }
}
