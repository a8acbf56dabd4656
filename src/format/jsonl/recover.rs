//! The original, from a cleaned file whose log was edited since.
//!
//! Someone cleans a file in place, turns some decisions in the log beside it,
//! and applies the log again. The file is then neither the original nor what
//! the log says now, but at each change stands one of the readings that the log
//! has. Which one is found by trying, and the original's hash says whether it
//! is right.

use std::collections::HashSet;

use compact_str::CompactString;

use super::{ChangeRecord, Log};
use crate::{Document, change::Target, document::sha256};

/// Ways that fit the file which are tried before giving up: several do only
/// where one reading begins with another, and nearly always the first is right.
const MOST_TRIED: usize = 64;
/// Changes with several readings that fit, at most: a bound on the stack.
const MOST_OPEN: usize = 5_000;

impl Log {
    /// The original, if `file` is that, or was made from it with this log
    /// before decisions in it were turned; checked by the original's hash.
    #[must_use]
    pub fn recover(&self, file: &[u8]) -> Option<Vec<u8>> {
        if sha256(file) == self.document.sha256 {
            return Some(file.to_vec());
        }
        let encoding = self.document.encoding;
        let mark = self.target() == Target::AsRead && self.document.byte_order_mark;
        let cleaned = Document::read_as(file, self.target().encoding(encoding), mark).ok()?;
        let mut search = Search {
            log: self,
            changes: self.changes().collect(),
            text: cleaned.text(),
            cuts: Vec::new(),
            hopeless: HashSet::new(),
            tried: 0,
            open: 0,
        };
        search.from(0, 0)
    }

    /// The original file, if its text is `text`.
    fn original(&self, text: &str) -> Option<Vec<u8>> {
        let encoding = self.document.encoding;
        let mark = if self.document.byte_order_mark { encoding.byte_order_mark() } else { &[] };
        let original = [mark, &*encoding.encode(text)?].concat();
        (sha256(&original) == self.document.sha256).then_some(original)
    }
}

struct Search<'a> {
    log: &'a Log,
    changes: Vec<&'a ChangeRecord>,
    text: &'a str,
    /// For each change so far, where its reading lies in `text`.
    cuts: Vec<(usize, usize)>,
    /// Changes and places from which there is no way to the end.
    hopeless: HashSet<(usize, usize)>,
    tried: usize,
    /// Changes being tried now whose reading is in doubt.
    open: usize,
}

impl Search<'_> {
    /// The original, with the changes from `number` on still to be found from byte `at` on.
    ///
    /// A loop over what has only one way, so that long logs need no deep stack.
    fn from(&mut self, number: usize, at: usize) -> Option<Vec<u8>> {
        let (mut number, mut at) = (number, at);
        let depth = self.cuts.len();
        let found = loop {
            if self.tried >= MOST_TRIED || self.open >= MOST_OPEN || self.hopeless.contains(&(number, at)) {
                break None;
            }
            let Some(change) = self.changes.get(number) else {
                self.tried += 1;
                break self.finish();
            };
            let kept_from = number.checked_sub(1).map_or(0, |before| self.changes[before].place.char_end);
            let Some(kept) = change.place.char_start.checked_sub(kept_from) else { break None };
            let Some(start) = nth_char(&self.text[at..], kept).map(|offset| at + offset) else { break None };
            let ends: Vec<usize> = readings(change)
                .filter(|reading| self.text[start..].starts_with(reading))
                .map(|reading| start + reading.len())
                .collect();
            match ends[..] {
                [] => break None,
                [end] => {
                    self.cuts.push((start, end));
                    (number, at) = (number + 1, end);
                }
                _ => {
                    break ends.into_iter().find_map(|end| {
                        self.cuts.push((start, end));
                        self.open += 1;
                        let found = self.from(number + 1, end);
                        self.open -= 1;
                        self.cuts.pop();
                        found
                    });
                }
            }
        };
        self.cuts.truncate(depth);
        if found.is_none() {
            self.hopeless.insert((number, at));
        }
        found
    }

    fn finish(&self) -> Option<Vec<u8>> {
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for (change, &(start, end)) in self.changes.iter().zip(&self.cuts) {
            text.push_str(&self.text[from..start]);
            text.push_str(&change.before);
            from = end;
        }
        text.push_str(&self.text[from..]);
        self.log.original(&text)
    }
}

/// What may stand in place of a change, the likeliest first, each once.
fn readings(change: &ChangeRecord) -> impl Iterator<Item = &str> {
    let (first, second) = match change.decision.is_made() {
        true => (&change.after, &change.before),
        false => (&change.before, &change.after),
    };
    let mut seen = HashSet::new();
    let alternatives = change.alternatives.iter().map(|alternative| &alternative.text);
    [first, second]
        .into_iter()
        .chain(alternatives)
        .map(CompactString::as_str)
        .filter(move |reading| seen.insert(*reading))
}

/// The byte at which character `number` of `text` begins, or `text` ends.
fn nth_char(text: &str, number: usize) -> Option<usize> {
    match text.char_indices().nth(number) {
        Some((at, _)) => Some(at),
        None => (text.chars().count() == number).then_some(text.len()),
    }
}
