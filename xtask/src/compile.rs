//! From the text sources in `dictionaries/en` to the compiled files beside them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use rustc_hash::FxHashMap;
use scanno::candidate::search::{Depth, Searcher};
use scanno::model::compounds::{Compounds, Forms, Second};
use scanno::model::confusion::{Counted, Counts};
use scanno::model::cost::{Cost, NAT, cost_of, exp};
use scanno::model::language::{Head, SPECIALS, Symbol};
use scanno::model::lexicon::{Entry, Flags, WordId};
use scanno::model::table::Bytes;
use scanno::model::{ConfusionModel, FILES, LanguageModel, Lexicon, Models, VERSION_FILE};

use crate::{accept, channel};

/// Weight of the training text against wordfreq in a word's frequency.
const TEXT_WEIGHT: f64 = 0.7;
/// Words rarer than this are left out unless a dictionary of common words has them.
const LEAST_FREQUENCY: f64 = 1.5e-8;
/// Frequency of a dictionary word that no text has.
const UNSEEN_FREQUENCY: f64 = 2e-9;
/// What is left of the frequency of a word known to wordfreq alone, whose
/// sources hold recognized text: it has `tbe`, `aud` and `tlie`.
const HEARSAY: f64 = 0.1;
/// Pairs of words seen fewer times are left out; `docs/accuracy.md` has what others bring.
pub const LEAST_BIGRAM: u32 = 3;
/// Absolute discounts of Chen and Goodman (1999) for counts of 2 and of 3 or
/// more, as estimated there on news text; counts of 1 are not kept.
const DISCOUNTS: (f64, f64) = (1.1, 1.4);
/// What the pairs of symspellpy (books of all kinds, counted by Google) that the
/// training text lacks get of a head's probability: they are the likely ones of
/// the head's successors there, which are about half of all.
const BOOKS_SHARE: f64 = 0.1;
/// Share of tokens outside the lexicon, numbers, and paragraph ends, in the training text.
const SPECIAL_SHARES: [f64; SPECIALS as usize] = [0.004, 0.02, 0.01, 0.01];

/// A line of `words.tsv`, with its frequency.
struct Word {
    key: String,
    flags: Flags,
    display: String,
    count: u32,
    frequency: f64,
}

/// Compiles all files of `folder`, in place, with the pairs of words that the
/// training text has at least `least_bigram` times.
pub fn compile(folder: &Path, least_bigram: u32) -> Result<()> {
    let read = |name: &str| {
        std::fs::read_to_string(folder.join(name))
            .with_context(|| format!("cannot read {}", folder.join(name).display()))
    };
    let mut counts = channel::from_text(&read("confusions.tsv")?).context("confusions.tsv")?;
    look_alikes(&mut counts, &read("look-alikes.tsv")?)?;
    let confusion = ConfusionModel::compile(&counts);
    let channel = ConfusionModel::new(&confusion.clone().into())?;

    let words = select(&read("words.tsv")?, &read("wordfreq.tsv")?)?;
    let entries: Vec<Entry> = words
        .iter()
        .map(|w| Entry {
            key: w.key.clone(),
            flags: w.flags,
            display: w.display.clone(),
            decinats: (cost_of(w.frequency) * 10 / NAT).clamp(0, 254) as u8,
        })
        .collect();
    let searcher = std::cell::RefCell::new(Searcher::new(Arc::new(channel)));
    let (lexicon_file, prior_file) =
        Lexicon::compile(&entries, |lexicon, word| doubt(&mut searcher.borrow_mut(), lexicon, word))?;
    let lexicon = Lexicon::new(&Bytes::Owned(lexicon_file.clone()), &Bytes::Owned(prior_file.clone()))?;

    let open = |name: &str| -> Result<_> {
        let file = std::fs::File::open(folder.join(name)).with_context(|| format!("cannot read {name}"))?;
        Ok(BufReader::new(zstd::Decoder::new(file)?))
    };
    let books = pairs(open("symspell-bigrams.tsv.zst")?, &lexicon)?;
    let text = pairs(open("bigrams.tsv.zst")?, &lexicon)?;
    let heads = heads(text, &books, &lexicon, &words, least_bigram)?;
    let spelling = LanguageModel::train_spelling(
        words
            .iter()
            .filter(|w| w.flags.any(Flags::COMMON.and(Flags::TEXT)) && w.count < 3000)
            .map(|w| (w.key.as_str(), 1.0)),
    );
    let specials = SPECIAL_SHARES.map(|p| (cost_of(p) * 10 / NAT) as u8);
    let language = LanguageModel::compile(&heads, specials, spelling);
    LanguageModel::new(&language.clone().into(), &lexicon)?;

    let compounds = compounds(&read("compounds.tsv")?, &read("second-elements.tsv")?, &lexicon)?;

    let accept = accept::from_text(&read("accept.tsv")?).context("accept.tsv")?.compile();

    for (name, bytes) in [
        ("accept.bin", accept),
        ("compounds.bin", compounds),
        ("lexicon.bin", lexicon_file),
        ("prior.bin", prior_file),
        ("language.bin", language),
        ("confusion.bin", confusion),
    ] {
        eprintln!("{name}: {} bytes", bytes.len());
        std::fs::write(folder.join(name), bytes)?;
    }
    stamp(folder)?;
    eprintln!("{} words, {} pairs", words.len(), heads.iter().map(|h| h.successors.len()).sum::<usize>());
    Ok(())
}

/// Stores the version of the compiled files of `folder` beside them.
pub fn stamp(folder: &Path) -> Result<()> {
    let language = folder.file_name().context("the folder is named after the language")?.to_string_lossy();
    let read = |name: &str| {
        std::fs::read(folder.join(name)).with_context(|| format!("cannot read {}", folder.join(name).display()))
    };
    let files = FILES.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    let version = Models::version_of(&language, files.iter().map(Vec::as_slice));
    eprintln!("{version}");
    Ok(std::fs::write(folder.join(VERSION_FILE), version + "\n")?)
}

/// The table of compounds, for words that are kept.
fn compounds(pairs: &str, seconds: &str, lexicon: &Lexicon) -> Result<Vec<u8>> {
    fn fields(text: &str) -> impl Iterator<Item = Vec<&str>> {
        text.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect())
    }
    let mut table = Vec::new();
    for row in fields(pairs) {
        let (Some(a), Some(b)) = (lexicon.find_key(row[0]), lexicon.find_key(row[1])) else { continue };
        let count = |i: usize| -> Result<u16> { Ok(row[i].parse::<u32>()?.min(u32::from(u16::MAX)) as u16) };
        table.push(((a, b), Forms { hyphenated: count(2)?, open: count(3)?, solid: count(4)? }));
    }
    let mut elements = Vec::new();
    for row in fields(seconds) {
        let Some(word) = lexicon.find_key(row[0]) else { continue };
        let count = |i: usize| -> Result<u16> { Ok(row[i].parse::<u32>()?.min(u32::from(u16::MAX)) as u16) };
        elements.push((word, Second { hyphenated: count(1)?, firsts: count(2)?, all: row[3].parse()? }));
    }
    Ok(Compounds::compile(table, elements))
}

/// How often a look-alike is taken for the other at least, if the counted pages do not show it.
const LOOK_ALIKE: f64 = 1.0 / 400.0;
/// Occurrences that a string is taken to have at least, so that a look-alike has a count.
const OCCURRENCES: u32 = 4000;

/// Raises the counts of look-alikes to what they are worth at least.
pub fn look_alikes(counts: &mut Counts, text: &str) -> Result<()> {
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let (observed, intended) = line.split_once('\t').with_context(|| format!("look-alikes.tsv: {line:?}"))?;
        let known = counts.rewrites.iter_mut().find(|r| r.observed == observed && r.intended == intended);
        match known {
            Some(r) => r.count = r.count.max((f64::from(r.total) * LOOK_ALIKE).round() as u32),
            None => counts.rewrites.push(Counted {
                observed: observed.into(),
                intended: intended.into(),
                count: (f64::from(OCCURRENCES) * LOOK_ALIKE).round() as u32,
                total: OCCURRENCES,
            }),
        }
    }
    Ok(())
}

/// How much likelier the word is a misreading of its best neighbor than itself.
fn doubt(searcher: &mut Searcher, lexicon: &Lexicon, word: WordId) -> Cost {
    let observed = searcher.channel().observe(&lexicon.spell(word));
    searcher
        .search(&observed, lexicon, Depth::One(9 * NAT))
        .into_iter()
        .filter(|r| r.word != word)
        .map(|r| lexicon.cost(word) - r.cost - lexicon.cost(r.word))
        .max()
        .unwrap_or(-16 * NAT)
}

/// The words worth keeping, sorted by key.
fn select(words: &str, wordfreq: &str) -> Result<Vec<Word>> {
    let mut heard: FxHashMap<&str, f64> = FxHashMap::default();
    for line in wordfreq.lines().filter(|l| !l.starts_with('#')) {
        let (key, centibels) = line.split_once('\t').with_context(|| format!("wordfreq.tsv: {line:?}"))?;
        // 10^(−x/100), by functions that are the same on every machine.
        heard.insert(key, exp(-centibels.parse::<f64>()? / 100.0 * std::f64::consts::LN_10));
    }
    let rows: Vec<Vec<&str>> = words.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect()).collect();
    let number = |row: &[&str], i: usize| row[i].parse::<u32>().with_context(|| format!("words.tsv: {row:?}"));
    let mut total = 0.0;
    for row in &rows {
        total += f64::from(number(row, 10)? + number(row, 11)?);
    }
    let mut out = Vec::new();
    for row in &rows {
        let count = number(row, 10)? + number(row, 11)?;
        let heard = heard.get(row[0]).copied().unwrap_or(0.0);
        // The commonest list that has it, whole or as part of an entry with an apostrophe.
        let scowl = [number(row, 1)?, number(row, 3)?].into_iter().filter(|&size| size > 0).min().unwrap_or(0);
        let flags = flags(row[4], scowl, [number(row, 6)?, number(row, 7)?, number(row, 8)?], count, row[12]);
        let vouched = flags.any(Flags::VOUCHED);
        let mut frequency = TEXT_WEIGHT * f64::from(count) / total + (1.0 - TEXT_WEIGHT) * heard;
        if !vouched {
            frequency *= HEARSAY;
        }
        if frequency >= LEAST_FREQUENCY || flags.any(Flags::COMMON) {
            out.push(Word {
                key: row[0].into(),
                flags,
                display: row[12].into(),
                count,
                frequency: frequency.max(UNSEEN_FREQUENCY),
            });
        }
    }
    Ok(out)
}

/// How a word is written and who knows it, from its row: `kinds` of SCOWL, size,
/// counts in small letters, capitalized in mid-sentence and in capitals.
fn flags(kinds: &str, scowl: u32, [lower, capital, caps]: [u32; 3], count: u32, display: &str) -> Flags {
    let mut flags = Flags(0);
    let mut set = |condition, flag| {
        if condition {
            flags = flags.and(flag);
        }
    };
    let written = lower + capital + caps;
    // One in twenty is usage, less is accident.
    let usual = |n: u32| n >= 2 && 20 * n >= written;
    let word = kinds.contains('w') || kinds.contains('c');
    let name = kinds.contains('u') || kinds.contains('p');
    set(if written >= 20 { usual(lower) } else { word && !(name && capital > lower) || lower > capital }, Flags::LOWER);
    set(if written >= 20 { usual(capital) } else { name || capital > lower }, Flags::TITLE);
    set(usual(caps) && (kinds.contains('a') || 2 * caps > written) || kinds == "a", Flags::UPPER);
    set(!display.is_empty(), Flags::MIXED);
    set((1..=70).contains(&scowl), Flags::COMMON);
    set((71..=80).contains(&scowl), Flags::RARE);
    set(count >= 3, Flags::TEXT);
    set(kinds.contains('a'), Flags::ABBREVIATION);
    set(kinds.contains('p'), Flags::NAME);
    flags
}

/// Successors and counts, by head.
type Pairs = BTreeMap<u32, Vec<(u32, f64)>>;

/// Reads lines `head TAB successor:count successor:count …`, for symbols that are kept.
fn pairs(lines: impl BufRead, lexicon: &Lexicon) -> Result<Pairs> {
    let special = |s: &str| -> Option<u32> {
        let n = ["<u>", "<n>", "<s>", "</s>"].iter().position(|&name| name == s)?;
        Some(lexicon.len() as u32 + n as u32)
    };
    let symbol = |s: &str| special(s).or_else(|| lexicon.find_key(s).map(|w| w.0));
    let mut out = Pairs::new();
    for line in lines.lines() {
        let line = line?;
        if line.starts_with('#') {
            continue;
        }
        let (head, rest) = line.split_once('\t').with_context(|| format!("not a head and successors: {line:.60}"))?;
        // Words that were not kept are unknown; their pairs add nothing sure.
        let Some(head) = symbol(head) else { continue };
        let mut successors = Vec::new();
        for item in rest.split(' ') {
            let (next, count) = item.rsplit_once(':').with_context(|| format!("not a successor: {item}"))?;
            if let Some(next) = symbol(next) {
                successors.push((next, count.parse()?));
            }
        }
        successors.sort_unstable_by_key(|s| s.0);
        out.insert(head, successors);
    }
    Ok(out)
}

/// The stored successors of every symbol: those of the training text, and what
/// books add.
fn heads(text: Pairs, books: &Pairs, lexicon: &Lexicon, words: &[Word], least: u32) -> Result<Vec<Head>> {
    let mut counts: FxHashMap<u32, f64> = FxHashMap::default();
    for w in words {
        counts.insert(lexicon.find_key(&w.key).context("a word is missing")?.0, f64::from(w.count));
    }
    let unigram = |next: u32| match next.checked_sub(lexicon.len() as u32) {
        Some(s) => SPECIAL_SHARES[s as usize],
        None => scanno::model::cost::probability_of(lexicon.cost(WordId(next))),
    };
    let byte = |p: f64| (cost_of(p) * 10 / NAT).clamp(0, 255) as u8;
    let mut out = vec![Head::default(); lexicon.len() + SPECIALS as usize];
    for (head, slot) in (0..).zip(&mut out) {
        let mut shares: BTreeMap<u32, f64> = BTreeMap::new();
        if let Some(successors) = text.get(&head) {
            let seen: f64 = successors.iter().map(|s| s.1).sum();
            let total = counts.get(&head).copied().unwrap_or(0.0).max(seen * 1.05);
            for &(next, count) in successors.iter().filter(|s| s.1 >= f64::from(least)) {
                let discount = if count < 3.0 { DISCOUNTS.0 } else { DISCOUNTS.1 };
                shares.insert(next, (count - discount) / total);
            }
        }
        if let Some(successors) = books.get(&head) {
            let seen: f64 = successors.iter().map(|s| s.1).sum();
            for &(next, count) in successors {
                shares.entry(next).or_insert(BOOKS_SHARE * count / seen);
            }
        }
        let left = (1.0 - shares.values().sum::<f64>()).max(0.01);
        *slot = Head {
            backoff: byte(left),
            successors: shares.iter().map(|(&next, p)| (Symbol(next), byte(p + left * unigram(next)))).collect(),
        };
    }
    Ok(out)
}
