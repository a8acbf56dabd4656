//! What is left out of account before texts are compared.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// White space, with the four separators among the control characters, which
/// count as white space to the programs that other figures come from.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// A letter, or a numeral that is not a decimal digit (`Ⅳ`, `½`).
fn is_letter(c: char) -> bool {
    static LETTER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[\p{L}\p{Nl}\p{No}]$").expect("a valid pattern"));
    c.is_ascii_alphabetic() || (!c.is_ascii() && LETTER.is_match(c.encode_utf8(&mut [0; 4])))
}

/// The marks that a word may be broken with at a line end.
fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '¬' | '\u{ad}' | '‐')
}

/// The text in composed form (NFC), line ends as `\n`, without byte order marks.
fn composed(text: &str) -> String {
    let mut previous = '\0';
    text.chars()
        .filter_map(|c| {
            let seen = std::mem::replace(&mut previous, c);
            match c {
                '\u{feff}' => None,
                '\n' if seen == '\r' => None,
                '\r' => Some('\n'),
                c => Some(c),
            }
        })
        .nfc()
        .collect()
}

/// The number of line ends.
pub(super) fn line_ends(text: &str) -> usize {
    composed(text).matches('\n').count()
}

/// The text in composed form, white space folded to single blanks.
pub(super) fn plain(text: &str) -> String {
    let text = composed(text);
    join_with_blanks(text.split(is_space).filter(|word| !word.is_empty()))
}

fn join_with_blanks<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// The words that a truth breaks at line ends, written without hyphens.
///
/// With them, truth, recognized and cleaned text are folded so that joining a
/// broken word is neither rewarded nor punished: broken words are joined on all
/// sides, and in the words that the truth breaks a hyphen kept or dropped makes
/// no difference.
pub(super) struct BrokenWords(HashSet<String>);

impl BrokenWords {
    /// The truth's broken words, and the truth folded with them. In a truth
    /// whose line breaks were flattened, `¬` and blanks stand for a line end.
    pub(super) fn of_truth(truth: &str) -> (Self, String) {
        let flattened =
            |hyphen, gap: &str| hyphen == '¬' && !gap.is_empty() && !gap.contains(|c| c != ' ' && c != '\t');
        let words = words_joined(&composed(truth), |hyphen, gap| gap.contains('\n') || flattened(hyphen, gap));
        let broken = words.iter().filter(|(_, broken)| *broken).map(|(word, _)| word.replace('-', "")).collect();
        let broken = Self(broken);
        let text = broken.fold_words(&words);
        (broken, text)
    }

    /// A recognized or cleaned text, folded.
    pub(super) fn fold(&self, text: &str) -> String {
        let text = self.join_flattened(&composed(text));
        self.fold_words(&words_joined(&text, |_, gap| gap.contains('\n')))
    }

    /// Joins `com- mittee`, a line end that was flattened, if the truth breaks the word.
    fn join_flattened(&self, text: &str) -> String {
        let mut joined = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(begin) = rest.find(|c| !is_space(c)) {
            joined.push_str(&rest[..begin]);
            let (word, after) = split_word(&rest[begin..]);
            rest = after;
            let next = after.strip_prefix(' ').filter(|next| next.starts_with(is_letter));
            if let Some(head) = word.strip_suffix('-').filter(|head| head.ends_with(is_letter))
                && let Some((tail, after)) = next.map(split_word)
            {
                rest = after;
                if self.0.contains(&format!("{head}{tail}").replace('-', "")) {
                    joined.extend([head, tail]);
                } else {
                    joined.extend([word, " ", tail]);
                }
            } else {
                joined.push_str(word);
            }
        }
        joined.push_str(rest);
        joined
    }

    fn fold_words(&self, words: &[(String, bool)]) -> String {
        let bare: Vec<Option<String>> = words
            .iter()
            .map(|(word, _)| Some(word.replace('-', "")).filter(|bare| bare != word && self.0.contains(bare)))
            .collect();
        join_with_blanks(words.iter().zip(&bare).map(|((word, _), bare)| bare.as_deref().unwrap_or(word)))
    }
}

/// The word at the beginning of `text`, and what follows it.
fn split_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(is_space).unwrap_or(text.len()))
}

/// The words of `text`, those put together that `is_break` says a hyphen and
/// the white space after it break; with each, whether it was put together.
fn words_joined(text: &str, is_break: impl Fn(char, &str) -> bool) -> Vec<(String, bool)> {
    let mut words = Vec::new();
    let (mut word, mut broken) = (String::new(), false);
    let mut previous = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if is_hyphen(c) && is_letter(previous) {
            let gap = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
            if rest[gap..].starts_with(is_letter) && is_break(c, &rest[..gap]) {
                rest = &rest[gap..];
                broken = true;
                previous = c;
                continue;
            }
        }
        previous = c;
        if !is_space(c) {
            word.push(c);
        } else if !word.is_empty() {
            words.push((std::mem::take(&mut word), std::mem::take(&mut broken)));
        }
    }
    if !word.is_empty() {
        words.push((word, broken));
    }
    words
}

/// Folded text without what the measure of HIPE-OCRepair takes no account of:
/// case, ligatures and punctuation.
pub(super) fn without_case_and_punctuation(folded: &str) -> String {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[^\p{L}\p{N}]+").expect("a valid pattern"));
    let lower = folded.to_lowercase().replace('ß', "ss").replace('ꝛ', "r").replace('œ', "oe").replace('æ', "ae");
    OTHER.replace_all(&lower, " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_folds_space_and_composes_only() {
        assert_eq!(plain("\u{feff} a\r\n\tcafe\u{301}\u{a0}com-\nmittee\u{1f}x "), "a café com- mittee x");
    }

    #[test]
    fn line_ends_count_once_however_written() {
        assert_eq!(line_ends("a\r\nb\rc\nd"), 3);
    }

    #[test]
    fn words_broken_at_line_ends_are_joined_on_all_sides() {
        let (broken, truth) =
            BrokenWords::of_truth("the com-\n mittee ac¬ knowledged\u{ad}\nit, co-oper-\nate - 7-\n8");
        assert_eq!(truth, "the committee acknowledgedit, cooperate - 7- 8");
        assert_eq!(broken.fold("the com- mittee co-op- erate ac-\nknowledged"), "the committee cooperate acknowledged");
        assert_eq!(
            broken.fold("co-operate ill- timed well-known ac¬ knowledged"),
            "cooperate ill- timed well-known ac¬ knowledged"
        );
        assert_eq!(broken.fold("- - co-\n\n  operate-"), "- - cooperate");
    }

    #[test]
    fn case_ligatures_and_punctuation_are_left_out() {
        assert_eq!(without_case_and_punctuation("“Straße_Ⅳ”, Œdipus—½ e\u{301}x!"), "strasse ⅳ oedipus ½ e x");
    }
}
