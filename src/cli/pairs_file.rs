//! A user's own corrections: a text file, one a line, of a word as it is read,
//! a tab, and what is meant. Comments as in a list of own words.

use anyhow::Result;
use scanno::change::check_replacement;
use scanno::document::{TokenKind, tokens};

use crate::cli::lexicon_file::{numbered, without_comment};
use crate::cli::source::{Fault, Source};

/// Code points of either side, at most; as for own words, a line beyond this
/// is text that was given in place of a list.
const LONGEST: usize = 100;

/// The pairs of the list `source`, in the order of its lines.
pub(crate) fn read(source: &Source) -> Result<Vec<(String, String)>> {
    let bytes = source.read()?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for line in numbered(source, &bytes) {
        let (number, _, line) = line?;
        pairs.extend(pair_of(line).map_err(|fault| source.line_fault(number, &fault))?);
    }
    Ok(pairs)
}

/// The pair of one line, if it has one.
fn pair_of(line: &str) -> Result<Option<(String, String)>, Fault> {
    let line = without_comment(line).trim();
    if line.is_empty() {
        return Ok(None);
    }
    let sides: Vec<&str> = line.split('\t').map(str::trim).collect();
    let [observed, intended] = sides[..] else {
        let shown: String = line.chars().take(LONGEST).collect();
        return Err(Fault::quoting(
            &shown,
            "is no pair; a line has the word as it is read, one tab, and what is meant",
        ));
    };
    for side in [observed, intended] {
        if side.chars().count() > LONGEST {
            return Err(Fault::Plain(format!("longer than {LONGEST} characters; a list has one pair a line")));
        }
        if !side.contains(char::is_alphanumeric) {
            return Err(Fault::quoting(side, "is no word; comments begin with #"));
        }
    }
    let is_word = |text: &str| {
        let mut tokens = tokens(text);
        tokens.next().is_some_and(|t| t.kind == TokenKind::Word) && tokens.next().is_none()
    };
    if !is_word(observed) || observed.contains(char::is_control) {
        return Err(Fault::quoting(observed, "is not one word; only single words, without marks, can be looked for"));
    }
    check_replacement(observed, intended)
        .map_err(|unfit| Fault::quoting(intended, format!("cannot be meant: {unfit}")))?;
    if observed == intended {
        return Err(Fault::quoting(observed, "is to become itself; words to be kept belong in a list for --lexicon"));
    }
    Ok(Some((observed.to_owned(), intended.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::pair_of;

    #[test]
    fn a_line_is_a_pair_a_comment_or_both() {
        let pair = |observed: &str, intended: &str| Ok(Some((observed.into(), intended.into())));
        assert_eq!(pair_of("tbe\tthe"), pair("tbe", "the"));
        assert_eq!(pair_of(" ofthe \t of the  # run together\r\n"), pair("ofthe", "of the"));
        assert_eq!(pair_of("1n\tin"), pair("1n", "in"));
        assert_eq!(pair_of("dont\tdon't"), pair("dont", "don't"));
        assert_eq!(pair_of("# tbe\tthe"), Ok(None));
        assert_eq!(pair_of(" \t\n"), Ok(None));
    }

    #[test]
    fn what_is_no_pair_is_refused() {
        for line in [
            "tbe the",
            "tbe\t",
            "tbe\tthe\tThe",
            "of tbe\tof the",
            "tbe-\tthe",
            "tbe\tth\u{1b}e",
            "tb\u{1}e\tthe",
            "tbe\t--",
            "the\tthe",
            "1\tI",
        ] {
            assert!(pair_of(line).is_err(), "{line}");
        }
        assert!(pair_of(&format!("tbe\t{}", "the ".repeat(50))).is_err());
    }
}
