//! [`ConfusionModel`]: the channel, P(observed | intended) for strings of up to
//! three characters.
//!
//! The noisy channel of Brill and Moore (2000): a word is printed, cut into
//! pieces, and each piece is read right or wrong. A rewrite may be tied to the
//! beginning or the end of the word. Counts come from aligned pages (see
//! `dictionaries/en/SOURCES.md`).

mod adapted;
mod align;
mod check;
mod overlay;

pub use adapted::AdaptedChannel;
pub(crate) use check::MOST_REWRITES;

use super::DataError;
use super::cost::{Cost, NAT, cost_of};
use super::separator::{SEPARATORS, Separator};
use super::table::{self, Bytes, U16s, U32s};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest side of a rewrite, characters.
pub const MAX_SIDE: usize = 3;

/// The letters a to z.
const LETTERS: usize = 26;
/// Code of an observed character: 0 to 25 are the letters a to z.
pub type Code = u8;
/// An observed character that no stored rewrite knows.
const UNKNOWN: Code = 255;
/// Fills the key of a rewrite with fewer than three observed characters.
const NONE: Code = 254;

/// Cost of a substitution, loss or addition never seen in training; 9 nats is
/// about once in 8,000 letters, less than any rewrite that was seen.
const UNSEEN: Cost = 9 * NAT;
/// The same where the observed character is no letter: that is an error by itself.
const UNSEEN_SYMBOL: Cost = 6 * NAT;
/// A capital within a word whose lower case was meant.
const STRAY_CAPITAL: Cost = NAT;
/// An accent that was not printed.
const STRAY_ACCENT: Cost = NAT;
/// A ligature or long s is the same letters by another sign.
const SAME_LETTERS: Cost = NAT / 5;
/// No rewrite is cheaper: frequent errors must not become free.
const FLOOR: Cost = 7 * NAT / 10;

const FILE: &str = "confusion.bin";
const KIND: u8 = b'C';

/// One way to read observed characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// Observed characters consumed, 0..=3.
    pub observed: u8,
    /// Number of intended letters, 0..=3.
    pub length: u8,
    /// Intended letters (0 = a); the first `length` count.
    pub letters: [u8; MAX_SIDE],
    /// −ln P(observed | intended).
    pub cost: Cost,
    /// Only at the beginning of the word.
    pub at_start: bool,
    /// Only at the end of the word.
    pub at_end: bool,
    /// Its number among the stored rewrites; `None` for those that are not stored.
    pub number: Option<u32>,
}

impl Rewrite {
    /// Intended letters (0 = a).
    #[must_use]
    pub fn intended(&self) -> &[u8] {
        &self.letters[..usize::from(self.length)]
    }

    /// True for a character read as what it is.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.number.is_none()
    }

    fn plain(observed: u8, letters: &[u8], cost: Cost) -> Self {
        let mut padded = [0; MAX_SIDE];
        padded[..letters.len()].copy_from_slice(letters);
        Self {
            observed,
            length: letters.len() as u8,
            letters: padded,
            cost,
            at_start: false,
            at_end: false,
            number: None,
        }
    }
}

/// The channel between print and text.
#[derive(Clone, Debug)]
pub struct ConfusionModel {
    /// Code points of the observed characters with codes from 26 on, sorted.
    characters: U32s,
    /// Packed observed strings, sorted.
    keys: U32s,
    /// First rewrite of each key; one more at the end.
    starts: U32s,
    /// Four bytes a rewrite: letters, then length | 4 (start) | 8 (end).
    rewrites: Bytes,
    /// −ln P, hundredths of a nat.
    costs: U16s,
    /// −ln P(read right), for each letter.
    identities: U16s,
    /// −ln of the odds that a word runs on, by separator, hundredths of a nat.
    joins: U16s,
    /// −ln P(a blank is lost) of the first element.
    lost_blank: U16s,
}

/// One counted rewrite, as `confusions.tsv` has it. `^` and `$` mark the edges
/// of the word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// What was read.
    pub observed: String,
    /// What was meant.
    pub intended: String,
    /// How often.
    pub count: u32,
    /// How often `intended` occurred at all; for an empty `intended`, all letters.
    pub total: u32,
}

/// Everything the channel is compiled from.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Rewrites of characters.
    pub rewrites: Vec<Counted>,
    /// For a to z: times read right, times printed.
    pub letters: Vec<(u32, u32)>,
    /// For each [`Separator`]: times within a word, times between words.
    pub separators: Vec<(u32, u32)>,
    /// Blanks lost, blanks printed.
    pub blanks: (u32, u32),
}

/// The stored separator costs are shifted by this, so that they fit unsigned numbers.
const JOIN_SHIFT: Cost = 10 * NAT;

impl ConfusionModel {
    /// Reads `confusion.bin`.
    ///
    /// # Errors
    /// If it is not a compiled model of this version.
    pub fn new(data: &Bytes) -> Result<Self, DataError> {
        let [characters, keys, starts, rewrites, costs, identities, joins, lost_blank] =
            table::sections(FILE, KIND, data)?;
        let model = Self {
            characters: U32s(characters),
            keys: U32s(keys),
            starts: U32s(starts),
            rewrites,
            costs: U16s(costs),
            identities: U16s(identities),
            joins: U16s(joins),
            lost_blank: U16s(lost_blank),
        };
        let fits = model.starts.0.len() == model.keys.0.len() + 4
            && model.rewrites.len() == 2 * model.costs.0.len()
            && model.identities.0.len() == 2 * LETTERS
            && model.joins.0.len() == 2 * SEPARATORS
            && model.lost_blank.0.len() == 2;
        if !fits {
            return Err(DataError::Compiled { file: FILE, what: "its tables do not fit together" });
        }
        Ok(model)
    }

    /// Compiles `confusion.bin`.
    ///
    /// P(o | i) = (count − ½) / (total + 5): the discount of Church and Gale
    /// for what was seen rarely. Rewrites of several characters need two
    /// sightings; those above 9 nats are dropped, for the search would reach
    /// them more cheaply by unseen ones.
    #[must_use]
    pub fn compile(counts: &Counts) -> Vec<u8> {
        let mut characters: Vec<u32> = symbols(&counts.rewrites).collect();
        characters.sort_unstable();
        characters.dedup();
        // Codes are bytes; what is left over is read as an unknown character.
        characters.truncate(MOST_CHARACTERS);
        let table = U32s(Bytes::Owned(U32s::bytes(characters.iter().copied())));

        let mut compiled: Vec<(u32, [u8; 4], u16)> =
            counts.rewrites.iter().filter_map(|r| compile_rewrite(r, &table)).collect();
        compiled.sort_unstable();
        compiled.dedup_by_key(|c| (c.0, c.1));
        let ratio = |part: u32, whole: u32| (f64::from(part) + 0.5) / (f64::from(whole) + 1.0);
        assemble(
            characters,
            &compiled,
            counts.letters.iter().map(|&(right, all)| cost_of(ratio(right, all).min(1.0))),
            join_costs(counts),
            cost_of(ratio(counts.blanks.0, counts.blanks.1)),
        )
    }

    /// The cost of two words parted by `separator` being one.
    #[must_use]
    pub fn join(&self, separator: Separator) -> Cost {
        Cost::from(self.joins.get(separator as usize)) - JOIN_SHIFT
    }

    /// The cost of a lost blank.
    #[must_use]
    pub fn lost_blank(&self) -> Cost {
        Cost::from(self.lost_blank.get(0))
    }

    /// A word as the channel sees it.
    #[must_use]
    pub fn observe(&self, word: &str) -> Observed {
        let characters = fold(word);
        let codes = characters.iter().map(|&c| code(c, &self.characters)).collect();
        Observed { characters, codes }
    }

    /// The character of `word` at `at` read as what it is, if it is a letter.
    pub(crate) fn plain_at(&self, word: &Observed, at: usize) -> Option<Rewrite> {
        let c = word.characters[at];
        if c.is_ascii_lowercase() {
            let letter = c as u8 - b'a';
            Some(Rewrite::plain(1, &[letter], Cost::from(self.identities.get(usize::from(letter)))))
        } else {
            meaning(c).map(|(letters, cost)| Rewrite::plain(1, &letters, cost))
        }
    }

    /// Rewrites that consume nothing: letters lost in reading.
    pub fn losses(&self) -> impl Iterator<Item = Rewrite> {
        self.stored(pack(&[]))
    }

    /// The cost of an error at `character` never seen in training.
    #[must_use]
    pub fn unseen(character: char) -> Cost {
        if character.is_alphabetic() { UNSEEN } else { UNSEEN_SYMBOL }
    }

    /// The cost of a lost letter never seen in training.
    #[must_use]
    pub fn unseen_loss() -> Cost {
        UNSEEN
    }

    /// The stored rewrites of an observed string, by its [key](Observed::key).
    pub(crate) fn stored(&self, key: u32) -> impl Iterator<Item = Rewrite> {
        let at = self.keys.partition_point(|k| k < key);
        let range = if at < self.keys.len() && self.keys.get(at) == key {
            self.starts.get(at)..self.starts.get(at + 1)
        } else {
            0..0
        };
        range.map(|number| {
            let bytes = &self.rewrites[4 * number as usize..][..4];
            Rewrite {
                observed: 0,
                length: bytes[3] & 3,
                letters: [bytes[0], bytes[1], bytes[2]],
                cost: Cost::from(self.costs.get(number as usize)),
                at_start: bytes[3] & 4 != 0,
                at_end: bytes[3] & 8 != 0,
                number: Some(number),
            }
        })
    }
}

/// A word as the channel sees it: see [`fold`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Observed {
    /// Its characters after folding.
    pub characters: Vec<char>,
    codes: Vec<Code>,
}

impl Observed {
    /// What its characters `at..at + length`, three at most, are known by.
    pub(crate) fn key(&self, at: usize, length: usize) -> u32 {
        pack(&self.codes[at..at + length])
    }
}

/// The characters of `word` as the channel counts them: in lower case where
/// case says nothing, which is the first letter, and every letter when more
/// than half are capitals. Other capitals stay: they are what was misread.
#[must_use]
pub fn fold(word: &str) -> Vec<char> {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let all = letters >= 2 && 2 * capitals > letters;
    let mut first = true;
    word.nfc()
        .map(|c| {
            let lower = c.is_uppercase() && (all || first);
            first &= !c.is_alphabetic();
            if lower { c.to_lowercase().next().unwrap_or(c) } else { c }
        })
        .collect()
}

/// The letters that a character other than a to z stands for by itself.
fn meaning(c: char) -> Option<(Vec<u8>, Cost)> {
    let cost = match c {
        'ſ' | 'ﬀ'..='ﬆ' | 'æ' | 'œ' => SAME_LETTERS,
        c if c.is_uppercase() => STRAY_CAPITAL,
        c if c.is_alphabetic() => STRAY_ACCENT,
        _ => return None,
    };
    let spelled = match c {
        'æ' => "ae".to_owned(),
        'œ' => "oe".to_owned(),
        c => c.to_lowercase().nfkd().filter(|&c| !is_combining_mark(c)).collect::<String>(),
    };
    let fits = (1..=MAX_SIDE).contains(&spelled.len()) && spelled.bytes().all(|b| b.is_ascii_lowercase());
    fits.then(|| (spelled.bytes().map(|b| b - b'a').collect(), cost))
}

fn code(c: char, characters: &U32s) -> Code {
    if c.is_ascii_lowercase() {
        return c as u8 - b'a';
    }
    code_of(u32::from(c), characters)
}

/// The code of a character other than a to z, by its code point.
fn code_of(c: u32, characters: &U32s) -> Code {
    let at = characters.partition_point(|other| other < c);
    if at < characters.len() && characters.get(at) == c { 26 + at as u8 } else { UNKNOWN }
}

fn pack(codes: &[Code]) -> u32 {
    (0..MAX_SIDE).fold(0, |key, i| key << 8 | u32::from(codes.get(i).copied().unwrap_or(NONE)))
}

/// Characters with codes of their own beside the letters, at most.
const MOST_CHARACTERS: usize = NONE as usize - 26;

/// Code points of what was read that is no letter a to z.
fn symbols<'r>(rewrites: impl IntoIterator<Item = &'r Counted>) -> impl Iterator<Item = u32> {
    let observed = rewrites.into_iter().flat_map(|r| r.observed.chars());
    observed.filter(|c| !c.is_ascii_lowercase() && !matches!(c, '^' | '$')).map(u32::from)
}

/// Key and bytes of a rewrite, if it can be stored; and whether several
/// characters or an edge are part of it.
fn placed(r: &Counted, characters: &U32s) -> Option<((u32, [u8; 4]), bool)> {
    let at_start = r.observed.starts_with('^') || r.intended.starts_with('^');
    let at_end = r.observed.ends_with('$') || r.intended.ends_with('$');
    let bare = |s: &str| s.trim_start_matches('^').trim_end_matches('$').to_owned();
    let (observed, intended) = (bare(&r.observed), bare(&r.intended));
    let several = observed.chars().count() > 1 || intended.len() > 1 || at_start || at_end;
    let fits = observed.chars().count() <= MAX_SIDE
        && intended.len() <= MAX_SIDE
        && intended.bytes().all(|b| b.is_ascii_lowercase())
        && observed != intended;
    if !fits {
        return None;
    }
    let codes: Vec<Code> = observed.chars().map(|c| code(c, characters)).collect();
    if codes.contains(&UNKNOWN) {
        return None;
    }
    let mut bytes = [0; 4];
    for (to, from) in bytes.iter_mut().zip(intended.bytes()) {
        *to = from - b'a';
    }
    bytes[3] = intended.len() as u8 | u8::from(at_start) << 2 | u8::from(at_end) << 3;
    Some(((pack(&codes), bytes), several))
}

fn compile_rewrite(r: &Counted, characters: &U32s) -> Option<(u32, [u8; 4], u16)> {
    let ((key, bytes), several) = placed(r, characters)?;
    if r.count < if several { 2 } else { 1 } {
        return None;
    }
    let cost = cost_of((f64::from(r.count) - 0.5) / (f64::from(r.total) + 5.0)).max(FLOOR);
    (cost <= UNSEEN).then_some((key, bytes, cost as u16))
}

/// The compiled file of `rewrites`, sorted, and the rest.
fn assemble(
    characters: Vec<u32>,
    rewrites: &[(u32, [u8; 4], u16)],
    identities: impl Iterator<Item = Cost>,
    joins: Vec<Cost>,
    lost_blank: Cost,
) -> Vec<u8> {
    let mut keys = Vec::new();
    let mut starts = Vec::new();
    for (i, r) in rewrites.iter().enumerate() {
        if keys.last() != Some(&r.0) {
            keys.push(r.0);
            starts.push(i as u32);
        }
    }
    starts.push(rewrites.len() as u32);
    table::file(
        KIND,
        &[
            U32s::bytes(characters),
            U32s::bytes(keys),
            U32s::bytes(starts),
            rewrites.iter().flat_map(|r| r.1).collect(),
            U16s::bytes(rewrites.iter().map(|r| r.2)),
            U16s::bytes(identities.map(|c| c as u16)),
            U16s::bytes(joins.into_iter().map(|c| (c + JOIN_SHIFT).clamp(0, 65_535) as u16)),
            U16s::bytes([lost_blank as u16]),
        ],
    )
}

/// ln of how much oftener each separator stands between words than within one.
fn join_costs(counts: &Counts) -> Vec<Cost> {
    let weigh = |n: u32| f64::from(n) + 0.5;
    counts.separators.iter().map(|&(within, between)| -cost_of_odds(weigh(within), weigh(between))).collect()
}

/// ln(`a` / `b`) as a cost.
fn cost_of_odds(a: f64, b: f64) -> Cost {
    (super::cost::ln(a / b) * f64::from(NAT)).round() as Cost
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn counted(observed: &str, intended: &str, count: u32, total: u32) -> Counted {
        Counted { observed: observed.into(), intended: intended.into(), count, total }
    }

    pub(super) fn model() -> ConfusionModel {
        let counts = Counts {
            rewrites: vec![
                counted("m", "rn", 40, 1000),
                counted("b", "h", 100, 1000),
                counted("o$", "e$", 100, 1000),
                counted("«", "s", 50, 1000),
                counted("", "i", 10, 1000),
            ],
            letters: vec![(990, 1000); 26],
            separators: vec![(1, 1000); SEPARATORS],
            blanks: (3, 1000),
        };
        ConfusionModel::new(&ConfusionModel::compile(&counts).into()).unwrap()
    }

    #[test]
    fn align_prefers_learned_rewrites_and_keeps_to_the_edges() {
        let m = model();
        let cost = |observed: &str, intended: &str| m.align(&m.observe(observed), intended).0;
        assert!(cost("tbe", "the") < 300);
        assert!(cost("modem", "modern") < 500);
        assert!(cost("tho", "the") < 300);
        assert!(cost("oat", "eat") > 800, "o for e only at the end of a word");
        assert!(cost("thi«", "this") < 400);
        assert!(cost("Th", "th") < 10);
        assert!(cost("ﬁsh", "fish") < 50);
        assert!(cost("", "i") < 600);
        let (_, steps) = m.align(&m.observe("modem"), "modern");
        assert_eq!(steps.len(), 5);
        assert_eq!((steps[4].0, steps[4].1.intended()), (4, &[17, 13][..]));
    }

    #[test]
    fn case_is_folded_only_where_it_says_nothing() {
        let folded = |w: &str| fold(w).into_iter().collect::<String>();
        assert_eq!(folded("The"), "the");
        assert_eq!(folded("BElRUT"), "belrut");
        assert_eq!(folded("tHe"), "tHe");
        assert_eq!(folded("wIll"), "wIll");
    }
}
