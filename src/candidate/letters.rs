//! The right letters in other signs: ligatures (`ﬁnal`) and the long s,
//! letters of another alphabet that look the same (`соmmittee`), and capitals
//! where no word has them (`tHE`, `CoNGRESS`).
//!
//! These are no guesses at letters, so neither channel nor language decides,
//! but how surely the sign is an accident.

use smallvec::smallvec;

use super::edge::cost_of_odds;
use super::{Edge, Form, Rule, Target, Workshop};
use crate::detect::{Doubt, Passage, Word};
use crate::model::key;
use crate::model::lexicon::Flags;

/// Ligatures and long s are spelled out in any edition; what remains is a text
/// that is about type.
const LIGATURE: f64 = 0.98;
/// Letters of two alphabets in a word that is one in Latin letters.
const TWO_ALPHABETS: f64 = 0.98;
/// Capitals no writer sets, in a word that is always written otherwise. Trade
/// names are the exception, and on bad pages another word that is misread
/// besides: 73 % of 89 were right on the pages that teach.
const STRAY_CAPITALS: f64 = 0.76;

pub(super) fn edges(shop: &Workshop<'_>, text: &str, passage: &Passage, at: usize, out: &mut Vec<Edge>) {
    let word = &passage.words[at];
    let written = &text[word.span.range()];
    if word.shielded || written.len() < 2 || word.doubt == Doubt::Protected || is_ordinary(written) {
        return;
    }
    let lexicon = &shop.models.lexicon;
    let (new, confidence) = if let Some(new) = spelled_out(written) {
        (new, LIGATURE)
    } else if let Some(new) = latin(written).filter(|new| key(new).is_some_and(|k| lexicon.find_key(&k).is_some())) {
        (new, TWO_ALPHABETS)
    } else if let Some(new) = without_stray_capitals(written).filter(|new| is_plain_word(shop, word, new)) {
        (new, STRAY_CAPITALS)
    } else {
        return;
    };
    let target = match key(&new) {
        Some(k) => match lexicon.find_key(&k) {
            Some(id) => Target::known(shop.models, id, word.cache),
            None => Target::unknown(shop.models, &k, word.cache),
        },
        None => Target::of(word),
    };
    out.push(Edge {
        start: at,
        end: at + 1,
        targets: smallvec![target],
        cost: cost_of_odds(confidence),
        rule: Rule::Letters,
        form: Form::Written(new),
        confidence: Some(confidence),
    });
}

/// ASCII letters, all small but perhaps the first, or all capitals: most words.
fn is_ordinary(written: &str) -> bool {
    let (first, rest) = (written.as_bytes()[0], &written.as_bytes()[1..]);
    match first {
        b'a'..=b'z' => rest.iter().all(u8::is_ascii_lowercase),
        b'A'..=b'Z' => rest.iter().all(u8::is_ascii_lowercase) || rest.iter().all(u8::is_ascii_uppercase),
        _ => false,
    }
}

/// A word of a dictionary that may be written as `new`: in small letters only
/// what is no name or abbreviation, and nothing that has a spelling of its own.
fn is_plain_word(shop: &Workshop<'_>, word: &Word, new: &str) -> bool {
    word.id.is_some_and(|id| {
        let flags = shop.models.lexicon.flags(id);
        let fits = flags.any(Flags::LOWER) || !new.contains(char::is_lowercase);
        fits && flags.any(Flags::COMMON) && !flags.any(Flags::MIXED)
    })
}

/// `written` with its ligatures and long s spelled out, if it has any.
fn spelled_out(written: &str) -> Option<String> {
    if written.is_ascii() {
        return None;
    }
    let mut out = String::with_capacity(written.len() + 4);
    let mut found = false;
    for c in written.chars() {
        let letters = match c {
            'ſ' => "s",
            'ﬀ' => "ff",
            'ﬁ' => "fi",
            'ﬂ' => "fl",
            'ﬃ' => "ffi",
            'ﬄ' => "ffl",
            'ﬅ' | 'ﬆ' => "st",
            c => {
                out.push(c);
                continue;
            }
        };
        found = true;
        out.push_str(letters);
    }
    found.then_some(out)
}

/// `written` with Cyrillic and Greek letters replaced by the Latin ones they
/// look like, if it has both.
fn latin(written: &str) -> Option<String> {
    const ALIKE: [(&str, &str); 2] = [
        ("аеорсухіѕјһԁԛԝАВЕКМНОРСТХУІЅЈ", "aeopcyxisjhdqwABEKMHOPCTXYISJ"),
        ("οναΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ovaABEZHIKMNOPTYX"),
    ];
    if written.is_ascii() || !written.contains(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut found = false;
    let out = written
        .chars()
        .map(|c| {
            let like = ALIKE.iter().find_map(|(from, to)| {
                let i = from.chars().position(|f| f == c)?;
                to.chars().nth(i)
            });
            found |= like.is_some();
            like.unwrap_or(c)
        })
        .collect();
    found.then_some(out)
}

/// `tHE` → `the`, `CoNGRESS` → `CONGRESS`, `hoUse` → `house`. Not `THe`, which
/// may be either, and no plurals of initials (`MPs`).
fn without_stray_capitals(written: &str) -> Option<String> {
    let letters: Vec<char> = written.chars().collect();
    if letters.len() < 3 || !letters.iter().all(|c| c.is_alphabetic()) {
        return None;
    }
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    let small = letters.len() - capitals;
    if letters[0].is_lowercase() && capitals > 0 {
        Some(written.to_lowercase())
    } else if small == 1 && letters.len() >= 5 && letters[letters.len() - 1].is_uppercase() {
        Some(written.to_uppercase())
    } else if capitals == 2 && small >= 4 && letters[1].is_lowercase() {
        let first = letters[0];
        Some(first.to_string() + &written[first.len_utf8()..].to_lowercase())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ligatures_and_long_s_are_spelled_out() {
        assert_eq!(spelled_out("oﬃce").as_deref(), Some("office"));
        assert_eq!(spelled_out("paſſion").as_deref(), Some("passion"));
        assert_eq!(spelled_out("æon"), None);
    }

    #[test]
    fn only_mixed_alphabets_are_made_latin() {
        assert_eq!(latin("соmmittee").as_deref(), Some("committee"));
        assert_eq!(latin("комитет"), None);
        assert_eq!(latin("café"), None);
    }

    #[test]
    fn stray_capitals_are_told_from_plurals_of_initials() {
        for (written, expected) in [("tHE", "the"), ("CoNGRESS", "CONGRESS"), ("hoUse", "house"), ("HouSes", "Houses")]
        {
            assert_eq!(without_stray_capitals(written).as_deref(), Some(expected));
        }
        for written in ["the", "The", "THE"] {
            assert!(is_ordinary(written), "{written}");
        }
        for written in ["the", "The", "THE", "THe", "NGOs", "MPs", "iP"] {
            assert_eq!(without_stray_capitals(written), None, "{written}");
        }
    }
}
