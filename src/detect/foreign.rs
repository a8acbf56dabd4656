//! Passages that are not English: found by their small words, and left alone.
//!
//! Scanned English is full of words that no dictionary has, so that unknown
//! words prove nothing. What noise does not make is the small words of another
//! language in a row, without those of English between them. Each word speaks
//! for or against a language; a run of words whose votes add up is foreign.
//! Counts of letters (the `whatlang` crate) have the last word on whether a
//! passage is reported, and the first in languages without a list of words.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use whatlang::{Lang, Script};

use super::word::Word;
use crate::Span;
use crate::change::{Finding, FindingClass};
use crate::model::Lexicon;
use crate::model::cost::{Cost, NAT};
use crate::model::lexicon::Flags;

/// English words up to this rarity are common: the commonest four thousand.
const COMMON: Cost = 10 * NAT;
/// Up to this rarity they are the small words, which no one can mistake: the
/// commonest hundred.
const SMALL: Cost = 13 * NAT / 2;
/// Up to this rarity they are words that any English text may hold.
const KNOWN: Cost = 25 * NAT / 2;
/// Votes that make a run foreign; three for a small word of the language.
const ENOUGH: i32 = 6;
/// A run ends when its votes fall by more than this below their best.
const DROP: i32 = 5;
/// Different small words of the language that a run must have.
const LEAST_KINDS: usize = 2;
/// And to be reported: lists of names have two by accident.
const REPORTED_KINDS: usize = 3;
/// Letters from which a run is reported: counts of letters say nothing of less.
const REPORTED: usize = 40;
/// A run with this share of a passage's words is all of it, percent.
const WHOLE: usize = 75;
/// Without a list of words, what a passage must have at least: words, and
/// letters; and at most of common English words, percent. Pages that an engine
/// could hardly read have more.
const UNLISTED: (usize, usize, usize) = (12, 80, 10);

/// The languages known by their small words, each a bit.
struct Languages {
    names: Vec<&'static str>,
    words: FxHashMap<&'static str, u16>,
}

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| {
    let mut names: Vec<&str> = Vec::new();
    let mut words = FxHashMap::<&str, u16>::default();
    for line in include_str!("../../dictionaries/en/foreign-words.txt").lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((name, list)) = line.split_once(':') else { continue };
        let number = names.iter().position(|n| *n == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        for word in list.split_whitespace() {
            *words.entry(word).or_default() |= 1 << number;
        }
    }
    Languages { names, words }
});

/// What one word says.
#[derive(Clone, Copy, Default)]
pub(super) struct Vote {
    /// The languages it is a small word of.
    languages: u16,
    /// For them.
    pro: i32,
    /// For every other language.
    contra: i32,
}

/// Words of a passage that are not English.
struct Run {
    start: usize,
    end: usize,
    votes: i32,
    language: usize,
}

/// The words of a passage that are not English, as ranges, and what is to be
/// reported of them.
pub(super) fn runs(text: &str, words: &[Word], votes: &[Vote]) -> (Vec<std::ops::Range<usize>>, Vec<Finding>) {
    let mut found = Vec::new();
    // Most passages have no such words at all.
    let present = votes.iter().filter(|v| v.pro > 0).fold(0, |all, v| all | v.languages);
    for language in (0..LANGUAGES.names.len()).filter(|language| present & 1 << language != 0) {
        if votes.iter().filter(|v| v.languages & 1 << language != 0 && v.pro > 0).take(LEAST_KINDS).count()
            == LEAST_KINDS
        {
            runs_of(language, text, words, votes, &mut found);
        }
    }
    // Related languages share their words: the best of overlapping runs is kept.
    found.sort_by_key(|r| (-r.votes, r.start, r.language));
    let mut kept: Vec<Run> = Vec::new();
    for run in found {
        if kept.iter().all(|k| run.end <= k.start || k.end <= run.start) {
            kept.push(run);
        }
    }
    kept.sort_by_key(|r| r.start);

    let span = |start: usize, end: usize| words[start].span.cover(words[end - 1].span);
    let mut ranges = Vec::new();
    let mut findings = Vec::new();
    let foreign: usize = kept.iter().map(|r| r.end - r.start).sum();
    if let Some(best) = kept.iter().max_by_key(|r| r.votes)
        && 100 * foreign >= WHOLE * words.len()
    {
        let whole = Run { start: 0, end: words.len(), ..*best };
        kept = vec![whole];
    }
    for run in &kept {
        let span = span(run.start, run.end);
        ranges.push(run.start..run.end);
        let is_sure = letters(&text[span.range()]) >= REPORTED && kinds(text, words, votes, run) >= REPORTED_KINDS;
        if is_sure && !looks_english(&text[span.range()]) {
            let name = LANGUAGES.names[run.language];
            findings.push(finding(
                text,
                span,
                format!("{name}, by its small words: {}", small_words(text, words, run)),
            ));
        }
    }
    if kept.is_empty()
        && let Some(reason) = unlisted(text, words, votes)
    {
        ranges.push(0..words.len());
        findings.push(finding(text, span(0, words.len()), reason));
    }
    (ranges, findings)
}

/// What `word`, which is written so, says wherever it stands.
pub(super) fn vote(written: &str, word: &Word, lexicon: &Lexicon) -> Vote {
    let Some(key) = &word.key else { return Vote::default() };
    let cost = word.id.map_or(Cost::MAX, |id| lexicon.cost(id));
    let lower = written.to_lowercase();
    let languages = LANGUAGES.words.get(lower.as_str()).copied().unwrap_or(0);
    let accented = !lower.is_ascii();
    let is_plain = !accented && word.id.is_some_and(|id| lexicon.flags(id).any(Flags::LOWER));
    let contra = match cost {
        _ if accented => 1,
        // Single letters are words of many languages.
        _ if key.len() == 1 => 0,
        ..=COMMON => -3,
        ..=KNOWN if is_plain => -1,
        _ => 0,
    };
    let pro = match cost {
        // "in", "was", "me": as good English as anything else.
        ..=SMALL if is_plain => 0,
        // Single letters are noise, and initials.
        _ if key.len() == 1 && !accented => 0,
        ..=COMMON if is_plain => 1,
        _ => 3,
    };
    Vote { languages, pro, contra }
}

/// The runs of `language`, by the votes of their words.
fn runs_of(language: usize, text: &str, words: &[Word], votes: &[Vote], out: &mut Vec<Run>) {
    let value = |i: usize| if votes[i].languages & 1 << language != 0 { votes[i].pro } else { votes[i].contra };
    let mut at = 0;
    while at < words.len() {
        if value(at) <= 0 {
            at += 1;
            continue;
        }
        let (mut sum, mut best, mut end) = (0, 0, at);
        let mut i = at;
        while i < words.len() && sum >= (best - DROP).max(0) {
            sum += value(i);
            i += 1;
            if sum > best {
                (best, end) = (sum, i);
            }
        }
        let mut run = Run { start: at, end, votes: best, language };
        at = end.max(at + 1);
        if best < ENOUGH || kinds(text, words, votes, &run) < LEAST_KINDS {
            continue;
        }
        // The words around that are not English belong to it, as far as the sentence goes.
        let begun = out.iter().rev().find(|r| r.language == language).map_or(0, |r| r.end);
        while run.start > begun && value(run.start - 1) >= 0 && is_close(text, &words[run.start - 1], &words[run.start])
        {
            run.start -= 1;
        }
        while run.end < words.len() && value(run.end) >= 0 && is_close(text, &words[run.end - 1], &words[run.end]) {
            run.end += 1;
        }
        at = at.max(run.end);
        out.push(run);
    }
}

/// Different small words of the run's language, English ones left out.
fn kinds(text: &str, words: &[Word], votes: &[Vote], run: &Run) -> usize {
    let mut seen: Vec<String> = (run.start..run.end)
        .filter(|&i| votes[i].languages & 1 << run.language != 0 && votes[i].pro > 1)
        .map(|i| text[words[i].span.range()].to_lowercase())
        .collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

/// True if nothing but blanks, commas and apostrophes lie between two words.
fn is_close(text: &str, first: &Word, second: &Word) -> bool {
    let gap = &text[first.span.end..second.span.start];
    gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '\'' | '’' | '-' | '¬'))
}

/// The first few small words of a run, for the reason given.
fn small_words(text: &str, words: &[Word], run: &Run) -> String {
    /// Words shown.
    const SHOWN: usize = 4;
    let mut shown: Vec<&str> = Vec::new();
    for word in &words[run.start..run.end] {
        let written = &text[word.span.range()];
        let lower = written.to_lowercase();
        let is_small = LANGUAGES.words.get(lower.as_str()).is_some_and(|l| l & 1 << run.language != 0);
        if is_small && written.chars().count() > 1 && !shown.contains(&written) && shown.len() < SHOWN {
            shown.push(written);
        }
    }
    shown.join(", ")
}

/// Why a passage is in a language that has no list here, if it is.
fn unlisted(text: &str, words: &[Word], votes: &[Vote]) -> Option<String> {
    let (least_words, least_letters, most_common) = UNLISTED;
    let first = words.first()?;
    let stretch = &text[first.span.cover(words[words.len() - 1].span).range()];
    let common = votes.iter().filter(|v| v.contra <= -3).count();
    if 100 * common > most_common * words.len() {
        return None;
    }
    let letters = letters(stretch);
    if letters < REPORTED {
        return None;
    }
    let info = whatlang::detect(stretch)?;
    if info.script() != Script::Latin {
        return Some(format!("{}, by its script", info.lang().eng_name()));
    }
    let name = info.lang().eng_name();
    // A language with a list would have been found by it.
    let is_listed = LANGUAGES.names.iter().any(|n| n.contains(name));
    let is_long = words.len() >= least_words && letters >= least_letters;
    let is_sure = is_long && !is_listed && info.is_reliable() && info.lang() != Lang::Eng;
    is_sure.then(|| format!("{name}, by its letters"))
}

fn looks_english(text: &str) -> bool {
    whatlang::detect_lang(text) == Some(Lang::Eng)
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

fn finding(text: &str, span: Span, reason: String) -> Finding {
    /// Characters of the text quoted.
    const QUOTED: usize = 80;
    let passage = &text[span.range()];
    let text = match passage.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &passage[..end]),
        None => passage.to_owned(),
    };
    Finding { span, text, class: FindingClass::NotEnglish, reason }
}

#[cfg(test)]
mod tests {
    use crate::{Corrector, Document};

    fn reasons(text: &str) -> Vec<String> {
        let log = Corrector::new(crate::Config::default()).correct(&Document::from_text(text));
        log.findings().iter().map(|f| f.reason.clone()).collect()
    }

    #[test]
    fn a_foreign_passage_gives_one_finding_that_names_its_language() {
        for (language, text) in [
            (
                "French",
                "La vieille dame ferma la fenêtre\net se remit à coudre, car il ne lui\nrestait plus que deux heures de jour.",
            ),
            (
                "German",
                "Der Wirt stellte die Gläser auf den Tisch\nund fragte, ob die Herren noch etwas\nzu essen wünschten.",
            ),
            (
                "Latin",
                "Eodem anno pons qui est iuxta molendinum cecidit, et homines de villa ad ecclesiam transire non poterant.",
            ),
            ("Dutch", "De schipper had het touw al losgemaakt, maar de jongen wilde nog niet van de kade weg."),
            (
                "Polish",
                "Stary zegarmistrz zamknął sklep i poszedł powoli w stronę rzeki, gdzie czekał na niego jego młodszy brat.",
            ),
            ("Greek", "Ο γέρος κάθισε στην πέτρα και κοίταξε τη θάλασσα μέχρι το βράδυ."),
        ] {
            let reasons = reasons(text);
            assert!(reasons.len() == 1 && reasons[0].starts_with(language), "{language}: {reasons:?}");
        }
    }

    #[test]
    fn bad_english_is_english() {
        for text in [
            "Tlie oki niau liad nevcr scen tbe sca, aud he saicl tliat it wa3 le6s tban lie hacl lioped for.",
            "Mr. Le Brun of Les Trois Rivieres and Madame de la Tour en route to Paris had a tete-a-tete with us all day long.",
            "",
        ] {
            assert_eq!(reasons(text), Vec::<String>::new(), "{text}");
        }
    }
}
