//! wordfreq: how frequent words are over many kinds of text.
//!
//! A gzipped msgpack array: a header `{"format": "cB", "version": 1}`, then at
//! place i (from 0) the words of frequency 10^(-i/100), lower-cased.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use rmp::decode::{read_array_len, read_int, read_map_len, read_str_len};
use scanno::document::{TokenKind, tokens};

use super::{key::key, vocabulary::Vocabulary};

/// Adds the frequencies of the list at `path` to `vocabulary`.
///
/// An entry with an apostrophe lends its frequency to each of its parts, since
/// scanno cuts there (`don't` counts for `don` and for `t`); of any other entry
/// only a whole word counts.
pub(super) fn read(path: &Path, vocabulary: &mut Vocabulary) -> Result<()> {
    let file = File::open(path).with_context(|| format!("cannot open wordfreq's list {}", path.display()))?;
    let mut bytes = Vec::new();
    GzDecoder::new(BufReader::new(file))
        .read_to_end(&mut bytes)
        .with_context(|| format!("{}: not a gzipped file; give wordfreq's large_en.msgpack.gz", path.display()))?;
    decode(&mut &bytes[..], vocabulary).with_context(|| format!("{}: not a list of wordfreq's", path.display()))
}

fn decode(input: &mut &[u8], vocabulary: &mut Vocabulary) -> Result<()> {
    let bins = read_array_len(input)?;
    ensure!(read_map_len(input)? == 2, "the header has other fields than format and version");
    for _ in 0..2 {
        match text(input)? {
            "format" => ensure!(text(input)? == "cB", "the format is not cB"),
            "version" => ensure!(read_int::<u32, _>(input)? == 1, "the version is not 1"),
            other => anyhow::bail!("unknown field {other} in the header"),
        }
    }
    let mut buffer = String::new();
    for centibels in 0..bins.saturating_sub(1) {
        let frequency = 10_f64.powf(-f64::from(centibels) / 100.0);
        for _ in 0..read_array_len(input)? {
            let entry = text(input)?;
            let whole = !entry.contains(['\'', '’']);
            for token in tokens(entry).filter(|token| token.kind == TokenKind::Word) {
                let word = &entry[token.span.range()];
                if whole && word.len() != entry.len() {
                    break;
                }
                if let Some(key) = key(word, &mut buffer) {
                    let id = vocabulary.id(key);
                    vocabulary.entry_mut(id).frequency += frequency;
                }
            }
        }
    }
    ensure!(input.is_empty(), "{} bytes are left over", input.len());
    Ok(())
}

/// Reads a string in place.
fn text<'i>(input: &mut &'i [u8]) -> Result<&'i str> {
    let length = read_str_len(input)? as usize;
    let (text, rest) = input.split_at_checked(length).context("the list ends within a word")?;
    *input = rest;
    Ok(std::str::from_utf8(text)?)
}

/// A frequency in wordfreq's unit: 10^(-centibels/100).
pub(super) fn centibels(frequency: f64) -> u32 {
    (-100.0 * frequency.log10()).round().max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_become_frequencies_that_add_up_over_spellings() {
        let mut list = Vec::new();
        rmp::encode::write_array_len(&mut list, 4).unwrap();
        rmp::encode::write_map_len(&mut list, 2).unwrap();
        rmp::encode::write_str(&mut list, "format").unwrap();
        rmp::encode::write_str(&mut list, "cB").unwrap();
        rmp::encode::write_str(&mut list, "version").unwrap();
        rmp::encode::write_uint(&mut list, 1).unwrap();
        for bin in [&[][..], &["cafe", "don't"], &["café", "3d"]] {
            rmp::encode::write_array_len(&mut list, bin.len() as u32).unwrap();
            for word in bin {
                rmp::encode::write_str(&mut list, word).unwrap();
            }
        }
        let mut vocabulary = Vocabulary::default();
        decode(&mut &list[..], &mut vocabulary).unwrap();
        let frequency = |key| vocabulary.entry(vocabulary.find(key).unwrap()).frequency;
        assert!((frequency("cafe") - 10_f64.powf(-0.01) - 10_f64.powf(-0.02)).abs() < 1e-12);
        assert_eq!(centibels(frequency("don")), 1);
        assert_eq!(frequency("t"), frequency("don"));
        assert_eq!(vocabulary.len(), 3);
    }
}
