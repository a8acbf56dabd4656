//! How a word is written: in the case of what it replaces, unless it is always
//! written otherwise.

use crate::model::Lexicon;
use crate::model::lexicon::{Flags, WordId};

/// The written form of `word` in place of `observed`.
pub(crate) fn write_as(lexicon: &Lexicon, word: WordId, observed: &str) -> String {
    let key = lexicon.spell(word);
    let base = lexicon.display(word).unwrap_or(&key);
    let flags = lexicon.flags(word);
    match Casing::meant(observed, &key) {
        Casing::Upper => base.to_uppercase(),
        Casing::Title if flags.any(Flags::LOWER.and(Flags::TITLE)) => capitalize(base),
        Casing::Lower if flags.any(Flags::LOWER) => base.to_owned(),
        _ if flags.any(Flags::UPPER) => base.to_uppercase(),
        Casing::Title => capitalize(base),
        Casing::Lower if flags.any(Flags::TITLE) => capitalize(base),
        Casing::Lower => base.to_owned(),
    }
}

/// `key`, a word outside the lexicon, in the case of `observed`.
pub(crate) fn write_key_as(key: &str, observed: &str) -> String {
    match Casing::meant(observed, key) {
        Casing::Upper => key.to_uppercase(),
        Casing::Title => capitalize(key),
        Casing::Lower => key.to_owned(),
    }
}

/// The case of a word, misread letters aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Casing {
    Lower,
    Title,
    Upper,
}

impl Casing {
    /// The case of the word meant, whose first letter may have been misread for
    /// one of the other size: `I` for a small l, a figure for a capital S.
    fn meant(observed: &str, key: &str) -> Self {
        let casing = Self::of(observed);
        match (casing, observed.chars().next(), key.chars().next()) {
            (Self::Title, Some('I'), Some('l')) => Self::Lower,
            (Self::Lower, Some('5' | '8'), Some('s')) => Self::Title,
            _ => casing,
        }
    }

    pub(crate) fn of(word: &str) -> Self {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        if letters >= 2 && 2 * capitals > letters {
            Self::Upper
        } else if word.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_uppercase) {
            Self::Title
        } else {
            Self::Lower
        }
    }
}

fn capitalize(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_read_from_most_letters() {
        assert_eq!(Casing::of("BElRUT"), Casing::Upper);
        assert_eq!(Casing::of("Tbe"), Casing::Title);
        assert_eq!(Casing::of("tHe"), Casing::Lower);
        assert_eq!(Casing::of("A"), Casing::Title);
        assert_eq!(write_key_as("little", "Iittle"), "little");
        assert_eq!(write_key_as("street", "8treet"), "Street");
        assert_eq!(write_key_as("hargreaves", "Hargreavcs"), "Hargreaves");
    }
}
