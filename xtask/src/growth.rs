//! How time grows: with the share of bad words, with the length of a text and
//! of its lines, with the size of the lexicon.

#[allow(dead_code, reason = "the benchmark counts characters, and here words are counted")]
#[path = "../../benches/throughput/noise.rs"]
mod misread;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use scanno::{Config, Corrector, Document};

use crate::compile;
use misread::Random;

/// The story that the benchmark reads.
const STORY: &str = include_str!("../../benches/throughput/text.txt");
const SEED: u64 = 1851;
/// Bytes of a text where length is not what is measured.
const USUAL: usize = 1 << 20;
/// Bad words in a hundred where that is not what is measured.
const USUAL_PERCENT: usize = 10;
/// Misread characters in a hundred of a word that is to be bad.
const HARSH: usize = 15;
/// Each is timed so often, and the middle one counts.
const ROUNDS: usize = 3;

const BAD_WORDS: [usize; 8] = [0, 2, 5, 10, 15, 20, 30, 40];
const LENGTHS: [usize; 5] = [1 << 10, 10 << 10, 100 << 10, 1 << 20, 10 << 20];
const WORDS_A_LINE: [usize; 5] = [1, 8, 80, 800, usize::MAX];
/// Largest SCOWL sizes of the words kept; the last keeps all words that there are.
const SCOWL_SIZES: [u32; 4] = [35, 60, 80, u32::MAX];

/// The text of `files`, or the story over and over.
fn source(files: &[PathBuf]) -> Result<String> {
    let mut text = String::new();
    for file in files {
        text += &std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    }
    Ok(if text.is_empty() { STORY.into() } else { text })
}

/// About `bytes` of the story, over and over, with `percent` of its words misread.
pub fn story(bytes: usize, percent: usize) -> String {
    misread(STORY, bytes, percent)
}

/// About `bytes` of `text`, from its beginning and over again, with `percent` of its words misread.
fn misread(text: &str, bytes: usize, percent: usize) -> String {
    let mut random = Random(SEED);
    let mut out = String::with_capacity(bytes + bytes / 8);
    // A fraction that is carried on: as many bad words as asked for, evenly spread.
    let mut due = 0;
    for piece in text.split_inclusive([' ', '\n']).cycle() {
        if out.len() >= bytes {
            break;
        }
        due += percent;
        let word = piece.trim_end_matches([' ', '\n']);
        if due < 100 || !word.contains(|c: char| c.is_alphabetic()) {
            out.push_str(piece);
            continue;
        }
        due -= 100;
        let bad = (0..100).map(|_| misread::misread(word, HARSH, &mut random)).find(|bad| bad != word);
        out.push_str(bad.as_deref().unwrap_or(word));
        out.push_str(&piece[word.len()..]);
    }
    out
}

/// Megabytes of `text` that one thread corrects in a second.
fn speed(corrector: &Corrector, text: &str) -> f64 {
    let document = Document::from_text(text);
    let mut seconds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(corrector.correct(&document));
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    text.len() as f64 / 1e6 / seconds[ROUNDS / 2]
}

/// Prints a table for each thing that time may grow with. The text is that of
/// `files`, or else a story over and over, in which every word has been seen
/// after the first eight kilobytes.
pub fn growth(data: &Path, files: &[PathBuf]) -> Result<()> {
    let text = source(files)?;
    let corrector = Corrector::load(data, Config::default())?;
    let usual = misread(&text, USUAL, USUAL_PERCENT);

    println!("| bad words | MB/s |\n|---|---|");
    for percent in BAD_WORDS {
        println!("| {percent} % | {:.2} |", speed(&corrector, &misread(&text, USUAL, percent)));
    }
    println!("\n| length | MB/s |\n|---|---|");
    for bytes in LENGTHS {
        println!("| {} kB | {:.2} |", bytes >> 10, speed(&corrector, &misread(&text, bytes, USUAL_PERCENT)));
    }
    println!("\n| words a line | MB/s |\n|---|---|");
    for words in WORDS_A_LINE {
        let all: Vec<&str> = usual.split_whitespace().collect();
        let lines: Vec<String> = all.chunks(words).map(|line| line.join(" ")).collect();
        let name = if words == usize::MAX { "all".into() } else { words.to_string() };
        println!("| {name} | {:.2} |", speed(&corrector, &lines.join("\n")));
    }
    println!("\n| words in the lexicon | MB/s |\n|---|---|");
    for size in SCOWL_SIZES {
        let corrector = smaller(data, size)?;
        println!("| {} | {:.2} |", corrector.models().lexicon.len(), speed(&corrector, &usual));
    }
    Ok(())
}

/// A corrector with the words of `data` that SCOWL has up to `size`.
fn smaller(data: &Path, size: u32) -> Result<Corrector> {
    let folder = std::env::temp_dir().join(format!("scanno-growth-{}-{size}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    for entry in std::fs::read_dir(data)? {
        let entry = entry?;
        std::fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    let words = std::fs::read_to_string(data.join("words.tsv"))?;
    let is_kept = |line: &&str| {
        let scowl = line.split('\t').nth(1).and_then(|size| size.parse().ok());
        line.starts_with('#') || size == u32::MAX || scowl.is_some_and(|scowl: u32| (1..=size).contains(&scowl))
    };
    std::fs::write(folder.join("words.tsv"), words.split_inclusive('\n').filter(is_kept).collect::<String>())?;
    let loaded = compile::compile(&folder, compile::LEAST_BIGRAM)
        .and_then(|()| Ok(Corrector::load(&folder, Config::default())?));
    std::fs::remove_dir_all(&folder)?;
    loaded
}
