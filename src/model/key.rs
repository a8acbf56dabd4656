//! The key under which a word is looked up: letters a to z, nothing else.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longest key in letters: longer runs are slips, chemistry or jokes.
pub const MAX_KEY: usize = 24;

/// The look-up key of a word: see [`key_into`].
#[must_use]
pub fn key(word: &str) -> Option<String> {
    let mut buffer = String::with_capacity(word.len());
    key_into(word, &mut buffer).is_some().then_some(buffer)
}

/// The key of a word token: lower-cased, without accents, ligatures and
/// special letters spelled out (`Œuvre` → `oeuvre`). `None` unless the result
/// is 1..=24 letters a-z. The key is written into `buffer`.
pub fn key_into<'b>(token: &str, buffer: &'b mut String) -> Option<&'b str> {
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

/// Whether `word`, which has a key, is written with nothing but letters that
/// print has: what the key folds away of it, accents and special letters, then belongs
/// to its spelling. Ligatures, the long s and signs that only look like letters are none.
pub(crate) fn is_spelling(word: &str) -> bool {
    let special = |c| matches!(c, 'æ' | 'œ' | 'ß' | 'þ' | 'ø' | 'ð' | 'đ' | 'ł' | 'ħ');
    // Not NFKD, which would take ligatures apart.
    word.is_ascii()
        || word.nfd().flat_map(char::to_lowercase).all(|c| c.is_ascii_lowercase() || is_combining_mark(c) || special(c))
}

/// Whether `text` is a well-formed key.
pub fn is_key(text: &str) -> bool {
    (1..=MAX_KEY).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    #[test]
    fn accents_and_special_letters_are_spelling_and_signs_are_none() {
        for word in ["house", "Exposé", "expose\u{301}", "ENCYCLOPÆDIA", "Łódź", "naïf", "Straße", "ÅNGSTRÖM"]
        {
            assert!(super::is_spelling(word), "{word}");
        }
        for word in ["oﬃce", "paſſion", "hıs", "ｈｉｓ", "𝐡is", "hоuse"] {
            assert!(!super::is_spelling(word), "{word}");
        }
    }

    #[test]
    fn accents_case_and_ligatures_fold_and_everything_else_is_refused() {
        let mut buffer = String::new();
        let mut key = |token: &str| super::key_into(token, &mut buffer).map(str::to_owned);
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
