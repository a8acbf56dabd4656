//! [`Tally`]: which characters were read for which, counted in pages with
//! their truth.

use rustc_hash::FxHashMap;

use super::align::align;
use crate::document::{TokenKind, tokens};
use crate::model::confusion::{Counted, Counts, MAX_SIDE, fold};
use crate::model::key;
use crate::model::separator::{SEPARATORS, Separator};

/// Counts as they are gathered, so that those of some pages can be taken together.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    rewrites: FxHashMap<(String, String), f64>,
    substrings: FxHashMap<String, f64>,
    letters: [(f64, f64); 26],
    printed: f64,
    separators: [(f64, f64); SEPARATORS],
    blanks: (f64, f64),
    /// What the page being counted is worth.
    weight: f64,
}

impl Tally {
    /// Adds what another tally holds.
    pub fn merge(&mut self, other: &Self) {
        for (k, n) in &other.rewrites {
            *self.rewrites.entry(k.clone()).or_default() += n;
        }
        for (k, n) in &other.substrings {
            *self.substrings.entry(k.clone()).or_default() += n;
        }
        let add = |a: &mut (f64, f64), b: (f64, f64)| *a = (a.0 + b.0, a.1 + b.1);
        self.letters.iter_mut().zip(other.letters).for_each(|(a, b)| add(a, b));
        self.separators.iter_mut().zip(other.separators).for_each(|(a, b)| add(a, b));
        add(&mut self.blanks, other.blanks);
        self.printed += other.printed;
    }

    /// Adds what one page shows that was read as `ocr` where `truth` is
    /// printed, its words whole; it counts `weight` times.
    pub fn add(&mut self, ocr: &str, truth: &str, weight: f64) {
        // Long s is printed as f-like and transcribed as ſ: not a confusion to learn.
        if truth.contains('ſ') {
            return;
        }
        self.weight = weight;
        let a: Vec<char> = ocr.chars().collect();
        let b: Vec<char> = truth.chars().collect();
        let path = align(&a, &b);
        let ocr = Words::of(ocr);
        let truth = Words::of(truth);
        let mut next = 0;
        for (w, &(start, end)) in truth.spans.iter().enumerate() {
            // Words of the recognized text that overlap this word's image.
            let (image_start, image_end) = (image(&path, start, false), image(&path, end, true));
            while next < ocr.spans.len() && ocr.spans[next].1 <= image_start {
                next += 1;
            }
            let mut to = next;
            while to < ocr.spans.len() && ocr.spans[to].0 < image_end {
                to += 1;
            }
            let printed = &truth.words[w];
            if to == next || to > next + 2 {
                continue;
            }
            let read = &ocr.words[next..to];
            // The recognized words must belong to this word alone.
            let (from, upto) = (ocr.spans[next].0, ocr.spans[to - 1].1);
            let alone = (w == 0 || image(&path, truth.spans[w - 1].1, true) <= from)
                && truth.spans.get(w + 1).is_none_or(|s| image(&path, s.0, false) >= upto);
            if !alone {
                if read.len() == 1 {
                    self.run_on(&truth, w, &read[0]);
                }
                continue;
            }
            if read.len() == 2 {
                let whole = format!("{}{}", read[0], read[1]);
                if similar(&whole, printed) {
                    self.separators[Separator::of(&ocr.gaps[next + 1]) as usize].0 += self.weight;
                }
                continue;
            }
            if w + 1 < truth.spans.len()
                && to < ocr.spans.len()
                && image(&path, truth.spans[w + 1].0, false) <= ocr.spans[to].0 + 2
            {
                self.separators[Separator::of(&ocr.gaps[to]) as usize].1 += self.weight;
                if truth.gaps[w + 1].trim().is_empty() {
                    self.blanks.1 += self.weight;
                }
            }
            self.add_word(&read[0], printed);
        }
    }

    /// Two printed words read as one: a lost blank.
    fn run_on(&mut self, truth: &Words, w: usize, read: &str) {
        if let Some(second) = truth.words.get(w + 1) {
            let both = format!("{}{second}", truth.words[w]);
            if truth.gaps[w + 1].trim().is_empty() && similar(&both, read) {
                self.blanks.0 += self.weight;
                self.blanks.1 += self.weight;
            }
        }
    }

    /// Adds the words of `text`, which were read right.
    pub(super) fn add_right(&mut self, text: &str, weight: f64) {
        self.weight = weight;
        for word in &Words::of(text).words {
            self.add_word(word, word);
        }
    }

    /// How often `intended` was printed, `^` and `$` for the edges of a word; for none, all letters.
    pub(super) fn printed(&self, intended: &str) -> f64 {
        if intended.is_empty() { self.printed } else { self.substrings.get(intended).copied().unwrap_or(0.0) }
    }

    fn add_word(&mut self, read: &str, printed: &str) {
        let Some(intended) = key(printed) else { return };
        let observed = fold(read);
        let printed: Vec<char> = intended.chars().collect();
        if observed.len() > 30 || !similar(&observed.iter().collect::<String>(), &intended) {
            return;
        }
        let framed = |inner: &[char]| -> Vec<char> { [&['^'][..], inner, &['$'][..]].concat() };
        let (o, p) = (framed(&observed), framed(&printed));
        for length in 1..=MAX_SIDE + 1 {
            for s in p.windows(length) {
                if s.iter().filter(|c| c.is_ascii_lowercase()).count() <= MAX_SIDE {
                    *self.substrings.entry(s.iter().collect()).or_default() += self.weight;
                }
            }
        }
        self.printed += self.weight * printed.len() as f64;
        let path = align(&o, &p);
        let mut at = 0;
        while at + 1 < path.len() {
            let ((i, j), (i2, j2)) = (path[at], path[at + 1]);
            if i2 > i && j2 > j && o[i] == p[j] {
                if p[j].is_ascii_lowercase() {
                    let l = &mut self.letters[usize::from(p[j] as u8 - b'a')];
                    *l = (l.0 + self.weight, l.1 + self.weight);
                }
                at += 1;
                continue;
            }
            // A maximal run of errors, from path point `at` to `end`.
            let mut end = at + 1;
            while end + 1 < path.len() {
                let ((i, j), (i2, j2)) = (path[end], path[end + 1]);
                if i2 > i && j2 > j && o[i] == p[j] {
                    break;
                }
                end += 1;
            }
            for c in p[path[at].1..path[end].1].iter().filter(|c| c.is_ascii_lowercase()) {
                self.letters[usize::from(*c as u8 - b'a')].1 += self.weight;
            }
            self.add_run(&o, &p, &path, at, end);
            at = end;
        }
    }

    /// One run of errors: alone, with one or two right characters before or
    /// after (Brill and Moore), and, if it is long, its single steps.
    fn add_run(&mut self, o: &[char], p: &[char], path: &[(usize, usize)], at: usize, end: usize) {
        for before in 0..=2 {
            for after in 0..=2 {
                if before > at || end + after >= path.len() || (before > 0 && after > 0 && before + after > 2) {
                    continue;
                }
                let (from, to) = (path[at - before], path[end + after]);
                let right = |k: usize| {
                    let ((i, j), (i2, j2)) = (path[k], path[k + 1]);
                    i2 > i && j2 > j && o[i] == p[j]
                };
                if !(at - before..at).all(right) || !(end..end + after).all(right) {
                    continue;
                }
                self.count(&o[from.0..to.0], &p[from.1..to.1]);
            }
        }
        if end > at + 1 {
            for k in at..end {
                self.count(&o[path[k].0..path[k + 1].0], &p[path[k].1..path[k + 1].1]);
            }
        }
    }

    fn count(&mut self, observed: &[char], intended: &[char]) {
        let inner = |s: &[char]| s.iter().filter(|c| !matches!(c, '^' | '$')).count();
        let edge = |s: &[char], e: char| s.contains(&e);
        // An edge stands on both sides or on none, and an edge alone is no context.
        let fits = inner(observed) <= MAX_SIDE
            && inner(intended) <= MAX_SIDE
            && edge(observed, '^') == edge(intended, '^')
            && edge(observed, '$') == edge(intended, '$')
            && !(edge(observed, '^') && edge(observed, '$'))
            && observed != intended;
        if fits {
            *self.rewrites.entry((observed.iter().collect(), intended.iter().collect())).or_default() += self.weight;
        }
    }

    /// The counts, sorted, in whole pages; what is less than half is none.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let whole = |x: f64| x.round() as u32;
        let both = |x: (f64, f64)| (whole(x.0), whole(x.1));
        let mut rewrites: Vec<Counted> = self
            .rewrites
            .iter()
            .map(|((observed, intended), &count)| {
                let total = match intended.as_str() {
                    "" => self.printed,
                    i => self.substrings.get(i).copied().unwrap_or(count),
                };
                let count = whole(count);
                Counted {
                    observed: observed.clone(),
                    intended: intended.clone(),
                    count,
                    total: whole(total).max(count),
                }
            })
            .filter(|r| r.count > 0)
            .collect();
        rewrites.sort();
        Counts {
            rewrites,
            letters: self.letters.map(both).to_vec(),
            separators: self.separators.map(both).to_vec(),
            blanks: both(self.blanks),
        }
    }
}

/// The position in the recognized text of boundary `at` of the truth: the first
/// the alignment passes, or the last.
fn image(path: &[(usize, usize)], at: usize, first: bool) -> usize {
    let from = path.partition_point(|p| p.1 < at);
    let to = path.partition_point(|p| p.1 <= at);
    if first { path[from].0 } else { path[to - 1].0 }
}

/// True if at most half of the characters differ: else the alignment slipped,
/// or the word is beyond reading.
fn similar(read: &str, printed: &str) -> bool {
    let longer = read.chars().count().max(printed.chars().count());
    2 * strsim::levenshtein(&read.to_lowercase(), &printed.to_lowercase()) <= longer
}

/// The words of a text with their character positions and what lies before each.
struct Words {
    words: Vec<String>,
    spans: Vec<(usize, usize)>,
    gaps: Vec<String>,
}

impl Words {
    fn of(text: &str) -> Self {
        let mut out = Self { words: vec![], spans: vec![], gaps: vec![] };
        let mut gap = String::new();
        let mut at = 0;
        for token in tokens(text) {
            let piece = &text[token.span.range()];
            let length = piece.chars().count();
            if matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::Other) {
                out.words.push(piece.to_owned());
                out.spans.push((at, at + length));
                out.gaps.push(std::mem::take(&mut gap));
            } else {
                gap.push_str(piece);
            }
            at += length;
        }
        out
    }
}
