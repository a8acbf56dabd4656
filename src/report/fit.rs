//! Text cut to the columns of a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::visible;

/// The columns that `text` takes on a terminal.
#[must_use]
pub fn columns(text: &str) -> usize {
    text.width()
}

/// The end of `text`, [harmless](visible), in no more than `most` columns. What
/// is left out is shown as `…`, tabs as blanks. However long `text` is, only
/// what is shown is read.
#[must_use]
pub fn end(text: &str, most: usize) -> String {
    let (mut kept, is_cut) = take(text.graphemes(true).rev(), most);
    if is_cut {
        kept.push("…".to_owned());
    }
    kept.into_iter().rev().collect()
}

/// The beginning of `text`, as [`end`] gives its end.
#[must_use]
pub fn start(text: &str, most: usize) -> String {
    let (mut kept, is_cut) = take(text.graphemes(true), most);
    if is_cut {
        kept.push("…".to_owned());
    }
    kept.concat()
}

/// As many of `characters` as fit, with room for a mark if they are not all.
fn take<'t>(characters: impl Iterator<Item = &'t str>, most: usize) -> (Vec<String>, bool) {
    let (mut kept, mut used): (Vec<String>, usize) = (Vec::new(), 0);
    for character in characters {
        let shown = harmless(character);
        used += shown.width();
        kept.push(shown);
        if used > most {
            while used >= most
                && let Some(last) = kept.pop()
            {
                used -= last.width();
            }
            return (kept, most > 0);
        }
    }
    (kept, false)
}

/// One character as it is shown.
#[must_use]
pub fn harmless(character: &str) -> String {
    if character == "\t" { " ".to_owned() } else { visible(character).into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_between_characters_to_the_columns_there_are() {
        assert_eq!(start("plain", 5), "plain");
        assert_eq!(start("plainly", 5), "plai…");
        assert_eq!(end("plainly", 5), "…inly");
        assert_eq!(start("日本語", 4), "日…");
        assert_eq!(end("日本語", 5), "…本語");
        assert_eq!(start("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(start("a\tb\x1b[2J", 9), "a b␛[2J");
        assert_eq!(start("abc", 0), "");
        assert_eq!(start("", 0), "");
        for most in 0..12 {
            for text in ["日本語 text 👩‍👩‍👧", "a\u{202e}b\u{200d}c", "com\u{ad}mittee"] {
                assert!(columns(&start(text, most)) <= most && columns(&end(text, most)) <= most, "{text} {most}");
            }
        }
    }
}
