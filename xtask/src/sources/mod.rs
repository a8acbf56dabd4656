//! From sources to the text files of a dictionary, and a check of these.
//!
//! ```text
//! SCOWL, wordfreq ─┐
//! training text ───┴▶ Vocabulary ──▶ words.tsv, wordfreq.tsv
//!                 └─▶ symbols ─────▶ bigrams, compounds
//! symspell's bigrams ──────────────▶ symspell-bigrams
//! ```
//! The files are sorted and the same input gives the same bytes.

mod compounds;
mod ngrams;
mod scowl;
mod shape;
mod table;
mod text;
mod verify;
mod vocabulary;
mod wordfreq;

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use ngrams::Names;
use scowl::{KINDS, REGIONS, letters};
use table::{SUMS, Table};
use text::{FIRST_KEY, SYMBOL, UNKNOWN};
pub(crate) use verify::Verify;
use vocabulary::{Entry, Vocabulary};

/// A word of the training text alone is kept from this count on: below, most
/// are slips.
const LEAST_TOKENS: u32 = 3;
/// A word of wordfreq alone is kept from this frequency on (0..1).
const LEAST_FREQUENCY: f64 = 1.5e-8;
/// Bigrams of the training text are kept from this count on.
const LEAST_BIGRAM: u64 = 2;

/// Builds the text files of a dictionary from word lists and training text.
#[derive(clap::Args)]
pub(crate) struct Words {
    /// Folder of SCOWL's lists (english-words.10 …)
    #[arg(long, value_name = "DIR")]
    scowl: PathBuf,
    /// wordfreq's list (large_en.msgpack.gz)
    #[arg(long, value_name = "FILE")]
    wordfreq: PathBuf,
    /// symspell's bigrams (frequency_bigramdictionary_en_243_342.txt)
    #[arg(long, value_name = "FILE")]
    symspell: PathBuf,
    /// Training text (zstd; a paragraph a line, a blank line between documents; SOURCES.tsv beside it)
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    text: Vec<PathBuf>,
    /// Folder of the dictionary
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

impl Words {
    /// Reads all sources and writes all files.
    pub(crate) fn run(self) -> Result<()> {
        fs::create_dir_all(&self.output).with_context(|| format!("cannot make {}", self.output.display()))?;
        let mut vocabulary = Vocabulary::default();
        scowl::read(&self.scowl, &mut vocabulary)?;
        wordfreq::read(&self.wordfreq, &mut vocabulary)?;
        let mut corpus = text::read(&self.text, &mut vocabulary)?;
        for (group, words) in corpus.groups.iter().zip(&corpus.words) {
            eprintln!("{group}: {words} word tokens");
        }
        eprintln!("left out for their licence: {}", corpus.left_out.join(", "));

        report_rules(&vocabulary);
        let kept = vocabulary.sorted(is_kept);
        let mut sums = vec![
            words_table(&kept, &vocabulary, &corpus.groups).write(&self.output)?,
            wordfreq_table(&kept, &vocabulary).write(&self.output)?,
        ];

        let mut symbols = vec![UNKNOWN; vocabulary.len()];
        for (at, &(_, id)) in kept.iter().enumerate() {
            symbols[id as usize] = at as u32 + FIRST_KEY;
        }
        for symbol in &mut corpus.symbols {
            if let Some(id) = (*symbol & SYMBOL).checked_sub(FIRST_KEY) {
                *symbol = *symbol & !SYMBOL | symbols[id as usize];
            }
        }
        let names = Names::new(kept.iter().map(|&(key, _)| key).collect())?;

        let table = Table::new("bigrams.tsv.zst", BIGRAMS);
        sums.push(ngrams::count(&corpus.symbols, LEAST_BIGRAM, &names, table).write(&self.output)?);
        let mut table = Table::new("symspell-bigrams.tsv.zst", SYMSPELL);
        let left_out = ngrams::symspell(&self.symspell, &names, &mut table)?;
        eprintln!("symspell: {left_out} bigrams of words that are not kept");
        sums.push(table.write(&self.output)?);
        let mut compounds = Table::new("compounds.tsv", COMPOUNDS);
        let mut second_elements = Table::new("second-elements.tsv", SECOND_ELEMENTS);
        compounds::count(&corpus.symbols, &vocabulary, &names, &mut compounds, &mut second_elements);
        sums.push(compounds.write(&self.output)?);
        sums.push(second_elements.write(&self.output)?);

        let path = self.output.join(SUMS);
        fs::write(&path, sums.concat()).with_context(|| format!("cannot write {}", path.display()))
    }
}

const BIGRAMS: &str = "\
Bigrams of the training text with count >= 2. head TAB successor:count successor:count ...
<s> start of a paragraph, </s> its end, <n> a token with a digit, <u> a word that is not in words.tsv.
Punctuation is invisible; hyphens and apostrophes separate (don't = don t).";

const SYMSPELL: &str = "\
symspellpy's English bigrams whose words are in words.tsv, with its counts. head TAB successor:count successor:count ...";

const COMPOUNDS: &str = "\
Compounds of two words that the training text hyphenates at least twice.
first TAB second TAB tokens with a hyphen TAB tokens apart (only white space between) TAB tokens as one word";

const SECOND_ELEMENTS: &str = "\
Second elements of hyphenated compounds of two words in the training text (2 tokens or more).
second element TAB hyphenated tokens TAB different first elements TAB tokens of the element in all";

fn in_scowl(entry: &Entry) -> bool {
    [entry.size, entry.part].iter().any(|size| (1..=scowl::LARGEST_SIZE).contains(size))
}

fn in_text(entry: &Entry) -> bool {
    entry.total() >= LEAST_TOKENS
}

fn in_wordfreq(entry: &Entry) -> bool {
    entry.frequency >= LEAST_FREQUENCY
}

fn is_kept(entry: &Entry) -> bool {
    in_scowl(entry) || in_text(entry) || in_wordfreq(entry)
}

/// Tells how many keys each rule keeps, and how many it alone.
fn report_rules(vocabulary: &Vocabulary) {
    let count = |keep: &dyn Fn(&Entry) -> bool| vocabulary.sorted(keep).len();
    eprintln!("keys: {}, kept: {}", vocabulary.len(), count(&is_kept));
    type Rule = fn(&Entry) -> bool;
    let rules: [(&str, Rule); 3] = [("SCOWL", in_scowl), ("text", in_text), ("wordfreq", in_wordfreq)];
    for (at, (name, rule)) in rules.iter().enumerate() {
        let alone = |entry: &Entry| {
            rule(entry) && rules.iter().enumerate().all(|(other, (_, rule))| other == at || !rule(entry))
        };
        eprintln!("kept by {name}: {}, by it alone: {}", count(rule), count(&alone));
    }
}

fn words_table(kept: &[(&str, u32)], vocabulary: &Vocabulary, groups: &[String]) -> Table {
    let header = format!(
        "\
Keys (lower-cased, accents removed) and what the sources say of them; columns:
key
size: smallest SCOWL size as word, upper-case word or proper name (10 common .. 95 obscure, 0 none)
abbreviation: smallest SCOWL size as abbreviation (0 none)
part: smallest SCOWL size as part of an entry with an apostrophe (0 none)
kinds: w word, u upper-case word, p proper name, a abbreviation, c part of an entry with an apostrophe
regions: A American, B British, C Canadian, U Australian, E common English, V variant spelling
lower: tokens of the training text in small letters
capital: capitalized within a sentence
caps: in capitals (two letters or more)
start: capitalized where any word may be (after . ! ? : or a quotation mark, at the start of a paragraph)
{}: all tokens of the text, those in titles and of mixed case (McDonald) too
form: the usual written form where the key and the case do not tell it (café, McDonald), else empty
key\tsize\tabbreviation\tpart\tkinds\tregions\tlower\tcapital\tcaps\tstart\t{}\tform",
        groups.join(", "),
        groups.join("\t")
    );
    let mut table = Table::new("words.tsv", &header);
    for &(key, id) in kept {
        let entry = vocabulary.entry(id);
        let tokens: Vec<_> =
            (0..groups.len()).map(|group| entry.tokens.get(group).copied().unwrap_or(0).to_string()).collect();
        table.row(format_args!(
            "{key}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            entry.size,
            entry.abbreviation,
            entry.part,
            letters(entry.kinds, KINDS),
            letters(entry.regions, REGIONS),
            entry.lower,
            entry.capital,
            entry.caps,
            entry.start,
            tokens.join("\t"),
            vocabulary.form(id)
        ));
    }
    table
}

fn wordfreq_table(kept: &[(&str, u32)], vocabulary: &Vocabulary) -> Table {
    let mut table = Table::new(
        "wordfreq.tsv",
        "\
Frequencies of the keys of words.tsv after wordfreq 3.1.1, large English list (CC BY-SA 4.0, see SOURCES.md).
key TAB centibels: the frequency is 10^(-centibels/100); spellings of one key are added up.",
    );
    for &(key, id) in kept {
        let frequency = vocabulary.entry(id).frequency;
        if frequency > 0.0 {
            table.row(format_args!("{key}\t{}", wordfreq::centibels(frequency)));
        }
    }
    table
}
