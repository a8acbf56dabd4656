//! SCOWL: lists of English words by commonness, region and kind.
//!
//! A list is named `{region}-{kind}.{size}` (`british_variant_1-words.60`) and
//! holds one word a line, in UTF-8 (Debian's package) or ISO-8859-1 (upstream). The lists `special-*` (Roman numerals,
//! hackers' jargon) are left out.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use scanno::document::{TokenKind, tokens};

use super::{key::key, shape::shape, vocabulary::Vocabulary};

/// Letters of the kinds: word, upper, proper name, abbreviation, part of a
/// word with an apostrophe.
pub(super) const KINDS: &str = "wupac";
/// Letters of the regions: American, British, Canadian, aUstralian, common
/// English, Variant spelling.
pub(super) const REGIONS: &str = "ABCUEV";

/// The lists beyond this size (95, "insane") hold words that nobody writes and
/// that many recognition errors look like: alone they keep no word.
pub(super) const LARGEST_SIZE: u8 = 80;

/// What the name of a list says.
#[derive(Debug, PartialEq, Eq)]
struct List {
    region: char,
    kind: char,
    size: u8,
}

impl List {
    fn from_name(name: &str) -> Option<Self> {
        let (name, size) = name.rsplit_once('.')?;
        let (region, kind) = name.split_once('-')?;
        let region = match region {
            _ if region.contains("variant") => 'V',
            "american" => 'A',
            "british" | "british_z" => 'B',
            "canadian" => 'C',
            "australian" => 'U',
            "english" => 'E',
            _ => return None,
        };
        let kind = match kind {
            "words" => 'w',
            "upper" => 'u',
            "proper-names" => 'p',
            "abbreviations" => 'a',
            "contractions" => 'c',
            _ => return None,
        };
        Some(Self { region, kind, size: size.parse().ok()? })
    }
}

/// Reads all lists in `folder` into `vocabulary`.
pub(super) fn read(folder: &Path, vocabulary: &mut Vocabulary) -> Result<()> {
    let mut lists = 0;
    let mut names: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder of SCOWL's lists {}", folder.display()))?
        .collect::<std::io::Result<Vec<_>>>()?;
    names.sort_by_key(fs::DirEntry::file_name);
    for file in names {
        let Some(list) = file.file_name().to_str().and_then(List::from_name) else { continue };
        let bytes = fs::read(file.path()).with_context(|| format!("cannot read {}", file.path().display()))?;
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|not_utf8| not_utf8.into_bytes().into_iter().map(char::from).collect());
        for line in text.lines() {
            add(line, &list, vocabulary);
        }
        lists += 1;
    }
    ensure!(lists > 0, "{}: no list named like english-words.10; give the folder of SCOWL's lists", folder.display());
    Ok(())
}

fn add(line: &str, list: &List, vocabulary: &mut Vocabulary) {
    // The possessive says nothing that the word itself does not.
    if line.ends_with("'s") {
        return;
    }
    let mut buffer = String::new();
    let whole = !line.contains('\'');
    for token in tokens(line).filter(|token| token.kind == TokenKind::Word) {
        let word = &line[token.span.range()];
        let Some(key) = key(word, &mut buffer) else { continue };
        let id = vocabulary.id(key);
        let kind = if whole { list.kind } else { 'c' };
        let is_word = "wup".contains(kind) && list.size <= LARGEST_SIZE;
        vocabulary.note_list_form(id, word, shape(word), key, is_word);
        let entry = vocabulary.entry_mut(id);
        let smallest = match kind {
            'a' => &mut entry.abbreviation,
            'c' => &mut entry.part,
            _ => &mut entry.size,
        };
        if *smallest == 0 || list.size < *smallest {
            *smallest = list.size;
        }
        entry.kinds |= bit(KINDS, kind);
        entry.regions |= bit(REGIONS, list.region);
    }
}

fn bit(letters: &str, letter: char) -> u8 {
    1 << letters.find(letter).expect("a letter of the set")
}

/// The letters of a bit set.
pub(super) fn letters(set: u8, letters: &str) -> String {
    letters.char_indices().filter(|(at, _)| set >> at & 1 == 1).map(|(_, letter)| letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_region_kind_and_size() {
        let list = |region, kind, size| Some(List { region, kind, size });
        assert_eq!(List::from_name("english-words.10"), list('E', 'w', 10));
        assert_eq!(List::from_name("british_z-proper-names.80"), list('B', 'p', 80));
        assert_eq!(List::from_name("australian_variant_1-upper.35"), list('V', 'u', 35));
        assert_eq!(List::from_name("special-roman-numerals.35"), None);
    }

    #[test]
    fn parts_of_contractions_are_no_words_and_possessives_are_dropped() {
        let mut vocabulary = Vocabulary::default();
        let list = List { region: 'E', kind: 'w', size: 35 };
        for line in ["o'clock", "abbey's", "Café"] {
            add(line, &list, &mut vocabulary);
        }
        assert!(vocabulary.find("abbey").is_none());
        let clock = vocabulary.entry(vocabulary.find("clock").unwrap());
        assert_eq!((clock.size, clock.part, letters(clock.kinds, KINDS)), (0, 35, "c".to_owned()));
        let cafe = vocabulary.find("cafe").unwrap();
        assert_eq!((vocabulary.entry(cafe).size, vocabulary.form(cafe)), (35, "café"));
    }
}
