//! [`key`]: what two spellings must share to be the same entry.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longest key in letters: longer runs are slips, chemistry or jokes.
pub(super) const MAX_KEY_LETTERS: usize = 24;

/// The key of a word token: lower-cased, without accents, ligatures and
/// special letters spelled out (`Œuvre` → `oeuvre`). `None` unless the result
/// is 1..=24 letters a-z. The key is written into `buffer`.
pub(super) fn key<'b>(token: &str, buffer: &'b mut String) -> Option<&'b str> {
    buffer.clear();
    if token.is_ascii() {
        buffer.push_str(token);
        buffer.make_ascii_lowercase();
    } else {
        for c in token.chars() {
            if is_combining_mark(c) {
                continue;
            }
            // NFKD would also spell out signs: `Kindle™` is no `kindletm`.
            if !c.is_alphabetic() {
                return None;
            }
            for plain in std::iter::once(c).nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase) {
                match plain {
                    'æ' => buffer.push_str("ae"),
                    'œ' => buffer.push_str("oe"),
                    'ß' => buffer.push_str("ss"),
                    'þ' => buffer.push_str("th"),
                    'ø' => buffer.push('o'),
                    'ð' | 'đ' => buffer.push('d'),
                    'ł' => buffer.push('l'),
                    'ħ' => buffer.push('h'),
                    'ı' => buffer.push('i'),
                    other => buffer.push(other),
                }
            }
        }
    }
    is_key(buffer).then_some(buffer)
}

/// Whether `text` is a well-formed key.
pub(super) fn is_key(text: &str) -> bool {
    (1..=MAX_KEY_LETTERS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    #[test]
    fn accents_case_and_ligatures_fold_and_everything_else_is_refused() {
        let mut buffer = String::new();
        let mut key = |token: &str| super::key(token, &mut buffer).map(str::to_owned);
        for (token, expected) in [
            ("House", Some("house")),
            ("Café", Some("cafe")),
            ("cafe\u{301}", Some("cafe")),
            ("ﬁnd", Some("find")),
            ("Œuvre", Some("oeuvre")),
            ("STRAẞE", Some("strasse")),
            ("paſſion", Some("passion")),
            ("İzmir", Some("izmir")),
            ("6d", None),
            ("l_ttle", None),
            ("Kindle™", None),
            ("λόγος", None),
            ("abcdefghijklmnopqrstuvwxy", None),
        ] {
            assert_eq!(key(token).as_deref(), expected, "{token}");
        }
    }
}
