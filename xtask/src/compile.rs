//! From the text sources in `dictionaries/en` to the compiled files beside them.

use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result};
use rustc_hash::FxHashMap;
use scanno::candidate::search::{Depth, Losses, Searcher};
use scanno::model::compounds::{Compounds, Forms, Second};
use scanno::model::cost::{Cost, NAT, cost_of};
use scanno::model::language::{Head, SPECIALS, Symbol};
use scanno::model::lexicon::{Entry, Flags, WordId};
use scanno::model::table::Bytes;
use scanno::model::{AcceptModel, ConfusionModel, LanguageModel, Lexicon};

use crate::channel;

/// Weight of the training text against wordfreq in a word's frequency.
const TEXT_WEIGHT: f64 = 0.7;
/// Words rarer than this are left out unless a dictionary of common words has them.
const LEAST_FREQUENCY: f64 = 1.5e-8;
/// Frequency of a dictionary word that no text has.
const UNSEEN_FREQUENCY: f64 = 2e-9;
/// What is left of the frequency of a word known to wordfreq alone, whose
/// sources hold recognized text: it has `tbe`, `aud` and `tlie`.
const HEARSAY: f64 = 0.1;
/// Pairs of words seen fewer times are left out.
const LEAST_BIGRAM: u32 = 3;
/// Absolute discounts of Chen and Goodman (1999) for counts of 2 and of 3 or
/// more, as estimated there on news text; counts of 1 are not kept.
const DISCOUNTS: (f64, f64) = (1.1, 1.4);
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

/// Compiles all files of `folder`, in place.
pub fn compile(folder: &Path) -> Result<()> {
    let read = |name: &str| {
        std::fs::read_to_string(folder.join(name))
            .with_context(|| format!("cannot read {}", folder.join(name).display()))
    };
    let counts = channel::from_text(&read("confusions.tsv")?).context("confusions.tsv")?;
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
    let searcher = std::cell::RefCell::new(Searcher::default());
    let losses = Losses::of(&channel);
    let (lexicon_file, prior_file) = Lexicon::compile(&entries, |lexicon, word| {
        doubt(&mut searcher.borrow_mut(), lexicon, &channel, &losses, word)
    })?;
    let lexicon = Lexicon::new(&Bytes::Owned(lexicon_file.clone()), &Bytes::Owned(prior_file.clone()))?;

    let bigrams = BufReader::new(zstd::Decoder::new(std::fs::File::open(folder.join("bigrams.tsv.zst"))?)?);
    let heads = heads(bigrams, &lexicon, &words)?;
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

    // A model that accepts nothing stands in until one is trained.
    let accept = folder.join("accept.bin");
    if !accept.exists() {
        std::fs::write(accept, AcceptModel::from_parts(vec![], vec![(0, 0)]).compile())?;
    }
    for (name, bytes) in [
        ("compounds.bin", compounds),
        ("lexicon.bin", lexicon_file),
        ("prior.bin", prior_file),
        ("language.bin", language),
        ("confusion.bin", confusion),
    ] {
        eprintln!("{name}: {} bytes", bytes.len());
        std::fs::write(folder.join(name), bytes)?;
    }
    eprintln!("{} words, {} pairs", words.len(), heads.iter().map(|h| h.successors.len()).sum::<usize>());
    Ok(())
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

/// How much likelier the word is a misreading of its best neighbor than itself.
fn doubt(searcher: &mut Searcher, lexicon: &Lexicon, channel: &ConfusionModel, losses: &Losses, word: WordId) -> Cost {
    let observed = channel.observe(&lexicon.spell(word));
    searcher
        .search(&observed, lexicon, channel, losses, Depth::One(9 * NAT))
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
        heard.insert(key, 10f64.powf(-centibels.parse::<f64>()? / 100.0));
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
        let scowl = number(row, 1)?;
        let flags = flags(
            row[4],
            scowl.max(number(row, 3)?),
            [number(row, 6)?, number(row, 7)?, number(row, 8)?],
            count,
            row[12],
        );
        let vouched = flags.any(Flags::COMMON.and(Flags::RARE).and(Flags::TEXT));
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

/// The stored successors of every symbol.
fn heads(bigrams: impl BufRead, lexicon: &Lexicon, words: &[Word]) -> Result<Vec<Head>> {
    let special = |s: &str| -> Option<u32> {
        let n = ["<u>", "<n>", "<s>", "</s>"].iter().position(|&name| name == s)?;
        Some(lexicon.len() as u32 + n as u32)
    };
    let symbol = |s: &str| special(s).or_else(|| lexicon.find_key(s).map(|w| w.0));
    let mut counts: FxHashMap<u32, f64> = FxHashMap::default();
    for w in words {
        counts.insert(lexicon.find_key(&w.key).context("a word is missing")?.0, f64::from(w.count));
    }
    let mut out = vec![Head::default(); lexicon.len() + SPECIALS as usize];
    for line in bigrams.lines() {
        let line = line?;
        if line.starts_with('#') {
            continue;
        }
        let (head, rest) = line.split_once('\t').with_context(|| format!("bigrams.tsv: {line:.60}"))?;
        // Words that were not kept are unknown; their pairs add nothing sure.
        let Some(head) = symbol(head) else { continue };
        let mut pairs = Vec::new();
        for item in rest.split(' ') {
            let (next, count) = item.rsplit_once(':').with_context(|| format!("bigrams.tsv: {item}"))?;
            if let Some(next) = symbol(next) {
                pairs.push((next, count.parse::<u32>()?));
            }
        }
        let seen: f64 = pairs.iter().map(|p| f64::from(p.1)).sum();
        let total = counts.get(&head).copied().unwrap_or(0.0).max(seen * 1.05);
        let discounted = |c: u32| (f64::from(c) - if c < 3 { DISCOUNTS.0 } else { DISCOUNTS.1 }) / total;
        pairs.retain(|p| p.1 >= LEAST_BIGRAM);
        pairs.sort_unstable();
        let kept: f64 = pairs.iter().map(|p| discounted(p.1)).sum();
        let left = (1.0 - kept).max(0.01);
        let unigram = |next: u32| match next.checked_sub(lexicon.len() as u32) {
            Some(s) => SPECIAL_SHARES[s as usize],
            None => scanno::model::cost::probability_of(lexicon.cost(WordId(next))),
        };
        let byte = |p: f64| (cost_of(p) * 10 / NAT).clamp(0, 255) as u8;
        out[head as usize] = Head {
            backoff: byte(left),
            successors: pairs
                .iter()
                .map(|&(next, c)| (Symbol(next), byte(discounted(c) + left * unigram(next))))
                .collect(),
        };
    }
    Ok(out)
}
