//! A user's own words: a text file, one word a line.
//!
//! Empty lines count for nothing, and so does what follows a `#` at the start
//! of a line or after a blank.

use anyhow::{Result, anyhow, bail};

use scanno::files::Access;

use crate::cli::output::Target;
use crate::cli::source::{Fault, Source};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Code points. The longest English words have about 45; a line beyond this is
/// text that was given in place of a list.
const LONGEST_WORD: usize = 100;

/// The words of the list `source`, in the order of its lines.
pub(crate) fn read(source: &Source) -> Result<Vec<String>> {
    let bytes = source.read()?;
    let lines = lines(source, &bytes)?;
    Ok(lines.into_iter().filter_map(|line| line.word).collect())
}

/// One line of a list, with its end.
struct Line<'b> {
    text: &'b str,
    word: Option<String>,
}

fn lines<'b>(source: &Source, bytes: &'b [u8]) -> Result<Vec<Line<'b>>> {
    let line = |(number, text, bare): (usize, &'b str, &'b str)| {
        let word = word_of(bare).map_err(|fault| source.line_fault(number, &fault))?;
        Ok(Line { text, word })
    };
    numbered(source, bytes).map(|read| read.and_then(line)).collect()
}

/// The lines of a list: the number from 1, the line with its end, and the line
/// without a byte order mark.
pub(super) fn numbered<'b>(
    source: &Source,
    bytes: &'b [u8],
) -> impl Iterator<Item = Result<(usize, &'b str, &'b str)>> {
    (1..).zip(bytes.split_inclusive(|&b| b == b'\n')).map(move |(number, line)| {
        let not_utf8 = || source.line_fault(number, &Fault::Plain("not UTF-8; convert the list to UTF-8".into()));
        let text = str::from_utf8(line).map_err(|_| not_utf8())?;
        let bare = text.strip_prefix(BYTE_ORDER_MARK).filter(|_| number == 1).unwrap_or(text);
        Ok((number, text, bare))
    })
}

/// A line without its comment.
pub(super) fn without_comment(line: &str) -> &str {
    let comment =
        line.char_indices().find(|&(at, c)| c == '#' && line[..at].chars().next_back().is_none_or(char::is_whitespace));
    &line[..comment.map_or(line.len(), |(at, _)| at)]
}

/// Adds those of `words` to the list `source` that it lacks, at its end, and
/// returns them. A list that does not exist is begun. Everything else in it
/// stays as it is.
pub(crate) fn add(source: &Source, words: &[String]) -> Result<Vec<String>> {
    let bytes = if source.path().exists() { source.read()? } else { Vec::new() };
    let lines = lines(source, &bytes)?;
    let mut added: Vec<String> = Vec::new();
    for word in words {
        if word_of(word).map_err(|fault| anyhow!("{fault}"))?.as_ref() != Some(word) {
            bail!("\"{}\" is no word that a list can hold", word.escape_debug());
        }
        if !added.contains(word) && !lines.iter().any(|line| line.word.as_ref() == Some(word)) {
            added.push(word.clone());
        }
    }
    if !added.is_empty() {
        let mut text: String = lines.iter().map(|line| line.text).collect();
        let end = if text.ends_with("\r\n") { "\r\n" } else { "\n" };
        if !text.is_empty() && text != BYTE_ORDER_MARK && !text.ends_with('\n') {
            text.push_str(end);
        }
        added.iter().for_each(|word| text.extend([word, end]));
        Target::File(source.path().to_path_buf()).write(text.as_bytes(), Access::ANY)?;
    }
    Ok(added)
}

/// Takes `words` out of the list `source`, each with its line, and returns
/// those that were there. Everything else stays as it is.
pub(crate) fn remove(source: &Source, words: &[String]) -> Result<Vec<String>> {
    let bytes = source.read()?;
    let (gone, kept): (Vec<_>, Vec<_>) = lines(source, &bytes)?
        .into_iter()
        .partition(|line| line.word.as_ref().is_some_and(|word| words.contains(word)));
    if !gone.is_empty() {
        let text: String = kept.iter().map(|line| line.text).collect();
        Target::File(source.path().to_path_buf()).write(text.as_bytes(), Access::ANY)?;
    }
    Ok(gone.into_iter().filter_map(|line| line.word).collect())
}

/// The word of one line, if it has one.
fn word_of(line: &str) -> Result<Option<String>, Fault> {
    let word = without_comment(line).trim();
    if word.is_empty() {
        return Ok(None);
    }
    if word.chars().count() > LONGEST_WORD {
        return Err(Fault::Plain(format!("longer than {LONGEST_WORD} characters; a list has one word a line")));
    }
    if word.contains(char::is_whitespace) {
        return Err(Fault::quoting(word, "is more than one word; a list has one word a line"));
    }
    if word.contains(char::is_control) || !word.contains(char::is_alphabetic) {
        return Err(Fault::quoting(word, "is no word; comments begin with #"));
    }
    Ok(Some(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::word_of;

    #[test]
    fn a_line_is_a_word_a_comment_or_both() {
        assert_eq!(word_of("Shadadi"), Ok(Some("Shadadi".into())));
        assert_eq!(word_of("  O'Neill # a name\r"), Ok(Some("O'Neill".into())));
        assert_eq!(word_of("C#"), Ok(Some("C#".into())));
        assert_eq!(word_of("# names"), Ok(None));
        assert_eq!(word_of(" \t"), Ok(None));
    }

    #[test]
    fn what_is_no_word_is_refused() {
        assert!(word_of("Deir el-Zour").is_err());
        assert!(word_of("1843").is_err());
        assert!(word_of("a\u{0}b").is_err());
        assert!(word_of(&"a".repeat(101)).is_err());
    }
}
