//! Compounds that lost their hyphen get it back; closed compounds and names
//! are never cut. Both at [`Level::Balanced`], in sentences that say nothing of
//! the word, drawn from the project's own dictionaries by a fixed seed.

use std::{fs, path::Path, sync::LazyLock};

use scanno::model::{Lexicon, key};
use scanno::{Config, Corrector, Document, Level};

/// Sentences in which almost any word may stand.
const CARRIERS: [&str; 8] = [
    "The report described the {} in some detail.",
    "He wrote that the {} had been mentioned twice.",
    "There was something about the {} that nobody liked.",
    "In the end the {} was left out of the account.",
    "She had never before seen the word {} in print.",
    "Nothing was said of the {} at the second meeting.",
    "They spoke of {} and other matters until midnight.",
    "A letter about the {} arrived on Monday.",
];

static CORRECTOR: LazyLock<Corrector> =
    LazyLock::new(|| Corrector::new(Config { level: Level::Balanced, ..Config::default() }));

/// `count` different items, drawn by a multiplicative generator (Lehmer's).
fn draw<T>(mut items: Vec<T>, count: usize) -> Vec<T> {
    let mut state: u64 = 20_260_101;
    let mut out = Vec::new();
    while out.len() < count && !items.is_empty() {
        state = state * 48_271 % 2_147_483_647;
        out.push(items.swap_remove(state as usize % items.len()));
    }
    out
}

fn rows(file: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries/en").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').map(str::to_owned).collect()).collect()
}

/// The sentence with `word` in it, cleaned, and what became of the word.
fn cleaned(number: usize, word: &str) -> String {
    let (before, after) = CARRIERS[number % CARRIERS.len()].split_once("{}").expect("a carrier has a place");
    let text = format!("{before}{word}{after}");
    let clean = CORRECTOR.correct(&Document::from_text(text.as_str())).apply(&text);
    let inner = clean.strip_prefix(before).and_then(|c| c.strip_suffix(after));
    inner.map_or_else(|| format!("[{clean}]"), str::to_owned)
}

#[test]
fn lost_hyphens_come_back() {
    let lexicon: &Lexicon = &CORRECTOR.models().lexicon;
    let mostly_hyphenated = rows("compounds.tsv")
        .into_iter()
        .filter(|row| {
            let count = |i: usize| row[i].parse::<u32>().expect("a count");
            let whole = lexicon.find_key(&format!("{}{}", row[0], row[1]));
            row[0].len() > 1
                && row[1].len() > 1
                && count(2) >= 5
                && count(2) > 2 * (count(3) + count(4))
                // What dictionaries have in one word is no error.
                && whole.is_none_or(|w| {
                    !lexicon.flags(w).any(scanno::model::lexicon::Flags::COMMON.and(scanno::model::lexicon::Flags::RARE))
                })
        })
        .collect();
    let drawn = draw(mostly_hyphenated, 200);
    assert_eq!(drawn.len(), 200);
    let (mut changed, mut right, mut shown) = (0, 0, String::new());
    for (i, row) in drawn.iter().enumerate() {
        let glued = row[0].clone() + &row[1];
        let became = cleaned(i, &glued);
        changed += usize::from(became != glued);
        right += usize::from(became == format!("{}-{}", row[0], row[1]));
        if became != format!("{}-{}", row[0], row[1]) {
            shown += &format!("  {}-{} -> {became}\n", row[0], row[1]);
        }
    }
    println!("{changed} of 200 changed, {right} of them right; the others:\n{shown}");
    assert!(changed * 100 >= 60 * 200, "only {changed} of 200 changed");
    assert!(right * 100 >= 85 * changed, "only {right} of {changed} changed got their hyphen");
}

#[test]
fn closed_compounds_and_names_are_never_cut() {
    let lexicon: &Lexicon = &CORRECTOR.models().lexicon;
    let common = |part: &str| lexicon.find_key(part).is_some_and(|w| lexicon.cost(w) < 1100);
    // Any word of a dictionary, name or not, that two common words make up.
    let closed = rows("words.tsv")
        .into_iter()
        .map(|mut row| row.swap_remove(0))
        .filter(|word| key(word).is_some())
        .filter(|word| {
            let vouched = lexicon.find_key(word).is_some_and(|w| {
                lexicon.flags(w).any(scanno::model::lexicon::Flags::COMMON.and(scanno::model::lexicon::Flags::NAME))
            });
            vouched && (3..word.len().saturating_sub(2)).any(|at| common(&word[..at]) && common(&word[at..]))
        })
        .collect();
    let drawn = draw(closed, 500);
    assert_eq!(drawn.len(), 500);
    let mut cut = Vec::new();
    for (i, word) in drawn.iter().enumerate() {
        let became = cleaned(i, word);
        if became.contains([' ', '-']) {
            cut.push(format!("{word} -> {became}"));
        }
    }
    assert!(cut.is_empty(), "cut: {}", cut.join(", "));
}
