//! Training text: counts of each key by case, and the stream of symbols from
//! which n-grams and compounds are counted.
//!
//! A text is a zstd file with one paragraph a line and a blank line between
//! documents. `SOURCES.tsv` beside it names, in the order of the documents, the
//! sources of each text (its file name up to the first dot is the `group`),
//! their number of documents and their licence.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use scanno::document::{Token, TokenKind, tokens};

use scanno::model::key_into as key;

use super::{
    shape::{Shape, shape},
    vocabulary::Vocabulary,
};

/// Symbols that are no keys, in bytewise order of their names; a key's symbol
/// is its number + [`FIRST_KEY`].
pub(super) const SPECIAL: [&str; 4] = ["</s>", "<n>", "<s>", "<u>"];
pub(super) const END: u32 = 0;
const NUMBER: u32 = 1;
const START: u32 = 2;
pub(super) const UNKNOWN: u32 = 3;
pub(super) const FIRST_KEY: u32 = 4;
/// Flag of a symbol: only white space lies between it and the one before.
pub(super) const AFTER_SPACE: u32 = 1 << 30;
/// Flag of a symbol: only one hyphen lies between it and the one before.
pub(super) const AFTER_HYPHEN: u32 = 1 << 31;
/// Removes the flags.
pub(super) const SYMBOL: u32 = AFTER_SPACE - 1;

/// Words after whose period a sentence goes on; so it does after an initial.
const TITLES: [&str; 22] = [
    "Mr", "Mrs", "Messrs", "Mme", "Mlle", "Dr", "Prof", "Rev", "Hon", "Gen", "Col", "Maj", "Capt", "Lieut", "Lt",
    "Sgt", "Sir", "Gov", "Sen", "St", "Ft", "Mt",
];
/// A paragraph of which more than this share is capitalized may be a title,
/// which has no say in how a word is capitalized.
const TITLE_SHARE: f64 = 0.5;
/// Words shorter than this stay small in titles.
const TITLE_WORD_LETTERS: usize = 4;

/// What was read.
#[derive(Default)]
pub(super) struct Corpus {
    /// The paragraphs one after the other: `<s>`, words and numbers, `</s>`.
    pub symbols: Vec<u32>,
    /// Names of the texts, in the order of [`Entry::tokens`](super::vocabulary::Entry::tokens).
    pub groups: Vec<String>,
    /// Word tokens of each text.
    pub words: Vec<u64>,
    /// Sources left out for their licence.
    pub left_out: Vec<String>,
}

/// One row of `SOURCES.tsv`.
struct Source {
    name: String,
    documents: usize,
    usable: bool,
}

/// Reads the texts at `paths` into `vocabulary`.
pub(super) fn read(paths: &[PathBuf], vocabulary: &mut Vocabulary) -> Result<Corpus> {
    let mut corpus = Corpus::default();
    for path in paths {
        let group = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.split('.').next());
        let group = group.with_context(|| format!("{}: give the path of a file", path.display()))?;
        let sources = sources(&path.with_file_name("SOURCES.tsv"), group)?;
        corpus.left_out.extend(sources.iter().filter(|source| !source.usable).map(|source| source.name.clone()));
        corpus.groups.push(group.to_owned());
        corpus.words.push(0);
        read_text(path, &sources, paths.len(), &mut corpus, vocabulary)
            .with_context(|| format!("cannot read the text {}", path.display()))?;
    }
    Ok(corpus)
}

/// The sources of `group`. Those whose licence is share-alike or
/// non-commercial are not usable.
fn sources(path: &Path, group: &str) -> Result<Vec<Source>> {
    let table = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut lines = table.lines();
    let names: Vec<_> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| {
        names
            .iter()
            .position(|&column| column == name)
            .with_context(|| format!("{}: there is no column {name}", path.display()))
    };
    let (file, of_group, licence, documents) = (column("file")?, column("group")?, column("licence")?, column("docs")?);
    let mut sources = Vec::new();
    for line in lines {
        let fields: Vec<_> = line.split('\t').collect();
        ensure!(fields.len() == names.len(), "{}: a row with {} columns: {line}", path.display(), fields.len());
        if fields[of_group] == group {
            sources.push(Source {
                name: fields[file].to_owned(),
                documents: fields[documents].parse().with_context(|| format!("{}: docs of {line}", path.display()))?,
                usable: !fields[licence].contains("BY-SA") && !fields[licence].contains("-NC"),
            });
        }
    }
    ensure!(!sources.is_empty(), "{}: no source of the group {group}", path.display());
    Ok(sources)
}

fn read_text(
    path: &Path,
    sources: &[Source],
    groups: usize,
    corpus: &mut Corpus,
    vocabulary: &mut Vocabulary,
) -> Result<()> {
    let usable: Vec<bool> = sources.iter().flat_map(|source| vec![source.usable; source.documents]).collect();
    let mut reader = BufReader::with_capacity(1 << 20, zstd::Decoder::new(File::open(path)?)?);
    let mut paragraph = Paragraph { group: corpus.groups.len() - 1, groups, words: Vec::new(), key: String::new() };
    let mut document = 0;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        if line.trim().is_empty() {
            document += 1;
        } else if *usable.get(document).context("more documents than SOURCES.tsv tells")? {
            paragraph.read(line.trim_end(), corpus, vocabulary);
        }
        line.clear();
    }
    ensure!(document + 1 == usable.len(), "{} documents, SOURCES.tsv tells {}", document + 1, usable.len());
    Ok(())
}

/// A key in a paragraph.
struct Word {
    id: u32,
    letters: usize,
    shape: Shape,
    /// A sentence may start here.
    start: bool,
}

/// What lies between a symbol and the one before.
#[derive(Clone, Copy, PartialEq)]
enum Gap {
    Nothing,
    Space,
    Hyphen,
    Other,
}

/// Scratch memory for the paragraph being read.
struct Paragraph {
    group: usize,
    groups: usize,
    words: Vec<Word>,
    key: String,
}

impl Paragraph {
    fn read(&mut self, text: &str, corpus: &mut Corpus, vocabulary: &mut Vocabulary) {
        self.words.clear();
        corpus.symbols.push(START);
        let first = corpus.symbols.len();
        let (mut gap, mut start, mut previous) = (Gap::Other, true, None);
        for token in tokens(text) {
            let written = &text[token.span.range()];
            match token.kind {
                TokenKind::Word | TokenKind::Number => {
                    let symbol = self.symbol(written, token.kind, start, vocabulary);
                    corpus.symbols.push(
                        symbol
                            | match gap {
                                Gap::Space => AFTER_SPACE,
                                Gap::Hyphen => AFTER_HYPHEN,
                                Gap::Nothing | Gap::Other => 0,
                            },
                    );
                    corpus.words[self.group] += u64::from(symbol != NUMBER);
                    (gap, start) = (Gap::Nothing, false);
                }
                TokenKind::Space | TokenKind::LineBreak => {
                    gap = if matches!(gap, Gap::Nothing | Gap::Space) { Gap::Space } else { Gap::Other };
                }
                TokenKind::Punctuation => {
                    let hyphen = gap == Gap::Nothing && matches!(written, "-" | "‐" | "‑");
                    gap = if hyphen { Gap::Hyphen } else { Gap::Other };
                    start |= starts_sentence(written, previous.map(|before: Token| &text[before.span.range()]));
                }
                TokenKind::Other => gap = Gap::Other,
            }
            previous = Some(token);
        }
        if corpus.symbols.len() == first {
            corpus.symbols.pop();
        } else {
            corpus.symbols.push(END);
            self.count_cases(text, vocabulary);
        }
    }

    /// The symbol of a token, whose key is counted.
    fn symbol(&mut self, written: &str, kind: TokenKind, start: bool, vocabulary: &mut Vocabulary) -> u32 {
        if kind == TokenKind::Number || written.chars().any(|c| c.is_ascii_digit()) {
            return NUMBER;
        }
        let Some(key) = key(written, &mut self.key) else { return UNKNOWN };
        let id = vocabulary.id(key);
        let shape = shape(written);
        vocabulary.note_text_form(id, written, shape, key);
        let entry = vocabulary.entry_mut(id);
        entry.tokens.resize(self.groups, 0);
        entry.tokens[self.group] += 1;
        self.words.push(Word { id, letters: key.len(), shape, start });
        id + FIRST_KEY
    }

    /// Counts how the words are capitalized, unless the paragraph is a title.
    fn count_cases(&self, text: &str, vocabulary: &mut Vocabulary) {
        if self.is_title(text) {
            return;
        }
        for word in &self.words {
            let entry = vocabulary.entry_mut(word.id);
            match word.shape {
                Shape::Lower => entry.lower += 1,
                Shape::Capital if word.start => entry.start += 1,
                Shape::Capital => entry.capital += 1,
                Shape::Caps => entry.caps += 1,
                Shape::Mixed => {}
            }
        }
    }

    /// Whether the paragraph is set in capitals, or ends like no sentence and
    /// is mostly capitalized.
    fn is_title(&self, text: &str) -> bool {
        let caps = self.words.iter().filter(|word| word.shape == Shape::Caps).count();
        let inner = || self.words.iter().filter(|word| !word.start && word.letters >= TITLE_WORD_LETTERS);
        let capitalized = inner().filter(|word| word.shape != Shape::Lower).count();
        let most = |part: usize, whole: usize| part as f64 > TITLE_SHARE * whole as f64;
        most(caps, self.words.len())
            || !text.ends_with(['.', '!', '?', '”', '"', '’', ':', ';', ',']) && most(capitalized, inner().count())
    }
}

/// Whether a word after `punctuation` may be the first of a sentence or speech;
/// `before` is what stands directly before the punctuation.
fn starts_sentence(punctuation: &str, before: Option<&str>) -> bool {
    match punctuation {
        "." => before.is_none_or(|word| {
            let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
            !initial && !TITLES.contains(&word)
        }),
        "!" | "?" | ":" | "…" | "“" | "”" | "\"" | "‘" => true,
        // Glued to a word it is an apostrophe or the end of a quotation.
        "'" | "’" => before.is_none_or(|word| !word.ends_with(char::is_alphabetic)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(paragraphs: &[&str]) -> (Corpus, Vocabulary) {
        let mut corpus = Corpus { groups: vec!["books".into()], words: vec![0], ..Corpus::default() };
        let mut vocabulary = Vocabulary::default();
        let mut paragraph = Paragraph { group: 0, groups: 1, words: Vec::new(), key: String::new() };
        for text in paragraphs {
            paragraph.read(text, &mut corpus, &mut vocabulary);
        }
        (corpus, vocabulary)
    }

    #[test]
    fn capitals_count_by_where_they_stand() {
        let (_, vocabulary) = read(&[
            "“Well,” Harry said. Mr. Dalloway of NATO saw O’Brien’s house; Harry left. No.",
            "THE END OF IT.",
            "The Old House of Harry",
        ]);
        let counts = |key| {
            let entry = vocabulary.entry(vocabulary.find(key).unwrap());
            (entry.lower, entry.capital, entry.caps, entry.start, entry.total())
        };
        assert_eq!(counts("harry"), (0, 1, 0, 1, 3));
        assert_eq!(counts("dalloway"), (0, 1, 0, 0, 1));
        assert_eq!(counts("nato"), (0, 0, 1, 0, 1));
        assert_eq!(counts("brien"), (0, 1, 0, 0, 1));
        assert_eq!(counts("house"), (1, 0, 0, 0, 2));
        assert_eq!(counts("no"), (0, 0, 0, 1, 1));
        assert_eq!(counts("end"), (0, 0, 0, 0, 1));
    }

    #[test]
    fn the_stream_knows_numbers_unknowns_hyphens_and_spaces() {
        let (corpus, vocabulary) = read(&["state-run, λ 1843 6d", "***", "run - state"]);
        let word = |key| vocabulary.find(key).unwrap() + FIRST_KEY;
        let (state, run) = (word("state"), word("run"));
        assert_eq!(
            corpus.symbols,
            [
                START,
                state,
                run | AFTER_HYPHEN,
                UNKNOWN,
                NUMBER | AFTER_SPACE,
                NUMBER | AFTER_SPACE,
                END,
                START,
                run,
                state,
                END
            ]
        );
    }
}
