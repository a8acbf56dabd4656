//! A user's own words: a text file, one word a line.
//!
//! Empty lines count for nothing, and so does what follows a `#` at the start
//! of a line or after a blank.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cli::input;

/// Code points. The longest English words have about 45; a line beyond this is
/// text that was given in place of a list.
const LONGEST_WORD: usize = 100;

/// The words of the file at `path`, in the order of its lines.
pub(crate) fn read(path: &Path) -> Result<Vec<String>> {
    let bytes = input::read_file(path)?;
    let name = path.display();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut words = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|&b| b == b'\n')) {
        let line = str::from_utf8(line)
            .ok()
            .with_context(|| format!("{name}:{number}: not UTF-8; convert the list to UTF-8"))?;
        if let Err(fault) = word_of(line).map(|word| words.extend(word)) {
            bail!("{name}:{number}: {fault}");
        }
    }
    Ok(words)
}

/// The word of one line, if it has one.
fn word_of(line: &str) -> Result<Option<String>, String> {
    let comment =
        line.char_indices().find(|&(at, c)| c == '#' && line[..at].chars().next_back().is_none_or(char::is_whitespace));
    let word = line[..comment.map_or(line.len(), |(at, _)| at)].trim();
    if word.is_empty() {
        return Ok(None);
    }
    if word.chars().count() > LONGEST_WORD {
        return Err(format!("longer than {LONGEST_WORD} characters; a list has one word a line"));
    }
    if word.contains(char::is_whitespace) {
        return Err(format!("\"{word}\" is more than one word; a list has one word a line"));
    }
    if word.contains(char::is_control) || !word.contains(char::is_alphabetic) {
        return Err(format!("\"{}\" is no word; comments begin with #", word.escape_debug()));
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
