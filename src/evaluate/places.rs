//! The places that were changed, each judged by itself.

use std::ops::AddAssign;

use serde::Serialize;

use super::align::{Edit, EditKind, Stretch, Symbol, distance, edits, stretches};
use super::text::Text;

/// How many places were changed, and to what effect. A place is a run of words
/// that differ between recognized and cleaned text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Places {
    /// Fewer character edits away from the truth than before.
    pub nearer: usize,
    /// As many as before.
    pub as_far: usize,
    /// More than before.
    pub farther: usize,
    /// Equal to the truth now.
    pub exact: usize,
    /// Recognized words with nothing in their place now.
    pub dropped_words: usize,
}

impl Places {
    /// The number of changed places.
    #[must_use]
    pub fn total(&self) -> usize {
        self.nearer + self.as_far + self.farther
    }

    /// Judges every changed place. `ocr_to_truth` are the edits between the characters of `ocr` and `truth`.
    pub(super) fn judge(ocr: &Text, cleaned: &Text, truth: &Text, ocr_to_truth: &[Edit]) -> Self {
        let boundaries = Boundaries::new(ocr_to_truth, ocr.characters.len(), truth.characters.len());
        let mut places = Self::default();
        for Place { before: (from, to), after } in changed(&ocr.words, &cleaned.words) {
            let (begin, end) = ocr.range(from, to);
            let intended = without_outer_blanks(boundaries.between(&truth.characters, begin, end));
            let before = distance(ocr.of_words(from, to), intended);
            let now = distance(cleaned.of_words(after.0, after.1), intended);
            *match now.cmp(&before) {
                std::cmp::Ordering::Less => &mut places.nearer,
                std::cmp::Ordering::Equal => &mut places.as_far,
                std::cmp::Ordering::Greater => &mut places.farther,
            } += 1;
            places.exact += usize::from(now == 0);
            if after.0 == after.1 {
                places.dropped_words += to - from;
            }
        }
        places
    }
}

impl AddAssign for Places {
    fn add_assign(&mut self, other: Self) {
        self.nearer += other.nearer;
        self.as_far += other.as_far;
        self.farther += other.farther;
        self.exact += other.exact;
        self.dropped_words += other.dropped_words;
    }
}

/// Words `before.0..before.1` of one text that became `after.0..after.1` of another.
struct Place {
    before: (usize, usize),
    after: (usize, usize),
}

/// The longest runs of words that differ.
fn changed(before: &[Symbol], after: &[Symbol]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for Stretch { kind, source, target } in stretches(&edits(before, after), before.len(), after.len()) {
        match places.last_mut() {
            _ if kind.is_none() => {}
            Some(last) if (last.before.1, last.after.1) == (source.0, target.0) => {
                (last.before.1, last.after.1) = (source.1, target.1);
            }
            _ => places.push(Place { before: source, after: target }),
        }
    }
    places
}

/// Where the boundaries between the characters of a source lie in a target.
/// Where the target has characters that the source lacks, a boundary lies on
/// both sides of them.
struct Boundaries {
    first: Vec<usize>,
    last: Vec<usize>,
}

impl Boundaries {
    fn new(edits: &[Edit], source_length: usize, target_length: usize) -> Self {
        let mut first = vec![0; source_length + 1];
        let mut last = vec![0; source_length + 1];
        for Stretch { kind, source, target } in stretches(edits, source_length, target_length) {
            let at = |boundary: usize| match kind {
                None | Some(EditKind::Replace) => target.0 + boundary - source.0,
                Some(EditKind::Delete | EditKind::Insert) => target.1,
            };
            last[source.0] = last[source.0].max(at(source.0));
            if source.0 == 0 {
                // What the target has before the source's first character belongs to no place.
                first[0] = at(0);
            }
            for boundary in source.0 + 1..=source.1 {
                first[boundary] = at(boundary);
                last[boundary] = at(boundary);
            }
        }
        Self { first, last }
    }

    /// The part of `target` that stands for the source's characters `begin..end`.
    fn between<'t>(&self, target: &'t [Symbol], begin: usize, end: usize) -> &'t [Symbol] {
        let from = self.first[begin];
        &target[from..self.last[end].max(from)]
    }
}

fn without_outer_blanks(mut text: &[Symbol]) -> &[Symbol] {
    const BLANK: Symbol = ' ' as Symbol;
    while let [BLANK, rest @ ..] | [rest @ .., BLANK] = text {
        text = rest;
    }
    text
}
