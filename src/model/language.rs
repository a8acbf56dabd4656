//! [`LanguageModel`]: how likely a word is after another, and how likely a
//! string of letters is a word at all.
//!
//! Word bigrams with interpolated Kneser-Ney smoothing (Kneser and Ney 1995;
//! Chen and Goodman 1999), cut at a count and stored as finished probabilities:
//! a pair that is not stored costs the head's back-off weight and the second
//! word's own frequency. Words outside the lexicon are spelled by a model of
//! letter 4-grams.

use super::DataError;
use super::cost::{Cost, NAT};
use super::lexicon::{Lexicon, WordId};
use super::table::{self, Bytes, U16s, u32_at};

/// What the language model tells apart: words of the lexicon by number, and
/// [`Special`] symbols after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(pub u32);

/// Symbols that are not words of the lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// A word outside the lexicon.
    Unknown = 0,
    /// A number.
    Number = 1,
    /// The beginning of a paragraph.
    Start = 2,
    /// The end of a paragraph.
    End = 3,
}

/// Number of [`Special`] symbols.
pub const SPECIALS: u32 = 4;

/// Numbers that the high bits of a symbol may be: 2¹⁸ symbols.
const HIGHS: usize = 4;
/// Bytes that are stored of a head: one place in memory to look at, where
/// nearly all time goes into waiting for it.
const HEAD: usize = 16;
/// Tenths of a nat in a stored byte.
const DECINAT: Cost = NAT / 10;
/// a to z and the word's edge.
const LETTERS: usize = 27;
const EDGE: usize = 26;

const FILE: &str = "language.bin";
const KIND: u8 = b'B';

/// Word bigrams and letter 4-grams.
#[derive(Clone, Debug)]
pub struct LanguageModel {
    words: u32,
    /// Of each head: the number of successors of all heads before it (u32),
    /// of its own with each number in their high bits (four u16), and −ln of
    /// the weight that it leaves to pairs not stored, tenths of a nat (u8).
    heads: Bytes,
    /// Successors of each head, sorted: their low 16 bits.
    low: U16s,
    /// −ln P(successor | head), tenths of a nat.
    costs: Bytes,
    /// −ln p of the special symbols, tenths of a nat.
    specials: Bytes,
    /// −ln P(letter | three letters before it), tenths of a nat.
    spelling: Bytes,
}

/// What is stored of one head.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// −ln of the weight left to pairs not stored, tenths of a nat.
    pub backoff: u8,
    /// Successor and −ln P(successor | head) in tenths of a nat, by successor.
    pub successors: Vec<(Symbol, u8)>,
}

/// Where the pairs of one head are stored.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    from: usize,
    /// Successors with each number in the high bits.
    counts: [u16; HIGHS],
    /// −ln of the weight left to pairs not stored.
    backoff: Cost,
}

impl LanguageModel {
    /// Reads `language.bin`.
    ///
    /// # Errors
    /// If it is not a compiled model of this version, or made for a lexicon of
    /// another size.
    pub fn new(data: &Bytes, lexicon: &Lexicon) -> Result<Self, DataError> {
        let [heads, low, costs, specials, spelling] = table::sections(FILE, KIND, data)?;
        let words = lexicon.len() as u32;
        let fits = heads.len() == HEAD * (lexicon.len() + SPECIALS as usize)
            && low.len() == 2 * costs.len()
            && specials.len() == SPECIALS as usize
            && spelling.len() == LETTERS.pow(4);
        if !fits {
            return Err(DataError::Compiled { file: FILE, what: "it was compiled for another lexicon.bin" });
        }
        if heads.len() / HEAD > HIGHS << 16 {
            return Err(DataError::Compiled { file: FILE, what: "it has more than 262,140 words" });
        }
        Ok(Self { words, heads, low: U16s(low), costs, specials, spelling })
    }

    /// Looks at all that is in the tables: see [`Lexicon::check`].
    ///
    /// # Errors
    /// If anything in them is not as [`LanguageModel::compile`] makes it.
    pub fn check(&self) -> Result<(), DataError> {
        let fail = |what| DataError::Compiled { file: FILE, what };
        let symbols = self.words + SPECIALS;
        let mut from = 0;
        for head in 0..symbols {
            let row = self.row(Symbol(head));
            if row.from != from {
                return Err(fail("its pairs are counted wrong"));
            }
            for (high, count) in row.counts.into_iter().enumerate() {
                let to = from + usize::from(count);
                if to > self.costs.len() {
                    return Err(fail("its pairs are counted wrong"));
                }
                let successor = |low: u16| (high as u32) << 16 | u32::from(low);
                let is_ascending = self.low.range(from..to).is_sorted_by(|a, b| a < b);
                if !is_ascending || self.low.range(from..to).last().is_some_and(|low| successor(low) >= symbols) {
                    return Err(fail("its pairs are out of order"));
                }
                from = to;
            }
        }
        if from == self.costs.len() { Ok(()) } else { Err(fail("its pairs are counted wrong")) }
    }

    /// Compiles `language.bin`: `heads` by symbol number, −ln p of the special
    /// symbols, and the letter model of [`LanguageModel::train_spelling`].
    #[must_use]
    pub fn compile(heads: &[Head], specials: [u8; SPECIALS as usize], spelling: Vec<u8>) -> Vec<u8> {
        // A head with more successors than fit 16 bits keeps the first ones; none comes near.
        let limit = usize::from(u16::MAX);
        let kept = |head: &'_ Head| head.successors.len().min(limit);
        let mut from: u32 = 0;
        let mut records = Vec::with_capacity(HEAD * heads.len());
        for head in heads {
            let mut counts = [0_u16; HIGHS];
            for (successor, _) in &head.successors[..kept(head)] {
                counts[(successor.0 >> 16) as usize] += 1;
            }
            records.extend(from.to_le_bytes());
            records.extend(counts.iter().flat_map(|count| count.to_le_bytes()));
            records.extend([head.backoff, 0, 0, 0]);
            from += kept(head) as u32;
        }
        let successors = || heads.iter().flat_map(|head| &head.successors[..kept(head)]);
        table::file(
            KIND,
            &[
                records,
                U16s::bytes(successors().map(|(s, _)| s.0 as u16)),
                successors().map(|&(_, c)| c).collect(),
                specials.to_vec(),
                spelling,
            ],
        )
    }

    /// The symbol of a word of the lexicon.
    #[must_use]
    pub fn word(&self, word: WordId) -> Symbol {
        Symbol(word.0)
    }

    /// A special symbol.
    #[must_use]
    pub fn special(&self, special: Special) -> Symbol {
        Symbol(self.words + special as u32)
    }

    /// −ln P(`next`) without context.
    #[must_use]
    pub fn unigram(&self, next: Symbol, lexicon: &Lexicon) -> Cost {
        if next.0 < self.words {
            lexicon.cost(WordId(next.0))
        } else {
            Cost::from(self.specials[(next.0 - self.words) as usize]) * DECINAT
        }
    }

    /// −ln P(`next` | `head`).
    #[must_use]
    pub fn bigram(&self, head: Symbol, next: Symbol, lexicon: &Lexicon) -> Cost {
        self.bigram_in(&self.row(head), next, self.unigram(next, lexicon))
    }

    /// −ln P(`next` | `head`), if the pair is stored.
    #[must_use]
    pub fn seen(&self, head: Symbol, next: Symbol) -> Option<Cost> {
        self.seen_in(&self.row(head), next)
    }

    /// What is stored of `head`, for several questions about it.
    #[must_use]
    pub fn row(&self, head: Symbol) -> Row {
        let head = &self.heads[HEAD * head.0 as usize..][..HEAD];
        let counts = std::array::from_fn(|high| u16::from_le_bytes([head[4 + 2 * high], head[5 + 2 * high]]));
        Row { from: u32_at(head, 0) as usize, counts, backoff: Cost::from(head[4 + 2 * HIGHS]) * DECINAT }
    }

    /// −ln P(`next` | the head of `row`), where `next` has the [unigram](Self::unigram) cost `unseen`.
    #[must_use]
    pub fn bigram_in(&self, row: &Row, next: Symbol, unseen: Cost) -> Cost {
        self.seen_in(row, next).unwrap_or(row.backoff + unseen)
    }

    fn seen_in(&self, row: &Row, next: Symbol) -> Option<Cost> {
        let (low, high) = (next.0 as u16, (next.0 >> 16) as usize);
        let from = row.from + row.counts[..high].iter().copied().map(usize::from).sum::<usize>();
        let to = from + usize::from(row.counts[high]);
        let (lows, _) = self.low.0[2 * from..2 * to].as_chunks::<2>();
        let at = lows.partition_point(|&l| u16::from_le_bytes(l) < low);
        let is_there = lows.get(at).is_some_and(|&l| u16::from_le_bytes(l) == low);
        is_there.then(|| Cost::from(self.costs[from + at]) * DECINAT)
    }

    /// −ln of the probability that a word drawn by letters is `key`.
    #[must_use]
    pub fn spelling(&self, key: &str) -> Cost {
        grams(key).map(|g| Cost::from(self.spelling[g]) * DECINAT).sum()
    }

    /// The letter model of `words` with their weights: P(letter | three before
    /// it), Witten-Bell smoothed (Witten and Bell 1991) down to letters alone.
    #[must_use]
    pub fn train_spelling<'w>(words: impl Iterator<Item = (&'w str, f64)>) -> Vec<u8> {
        let size = |n: u32| LETTERS.pow(n);
        let mut counts = vec![0.0; size(4)];
        for (word, weight) in words {
            for g in grams(word) {
                counts[g] += weight;
            }
        }
        // From no context to three letters, each level interpolated with the one before.
        let mut lower = vec![1.0 / LETTERS as f64; LETTERS];
        for n in 1..=4 {
            let mut level = vec![0.0; size(n)];
            for (g, c) in counts.iter().enumerate() {
                level[g % size(n)] += c;
            }
            let before = lower;
            lower = level
                .chunks(LETTERS)
                .enumerate()
                .flat_map(|(context, row)| {
                    let total: f64 = row.iter().sum();
                    let kinds = row.iter().filter(|&&c| c > 0.0).count() as f64;
                    // The row of the same context less its first letter.
                    let below = &before[context % size(n.saturating_sub(2)) * LETTERS..][..LETTERS];
                    row.iter()
                        .zip(below)
                        .map(|(c, b)| if total > 0.0 { (c + kinds * b) / (total + kinds) } else { *b })
                        .collect::<Vec<_>>()
                })
                .collect();
        }
        lower.iter().map(|p| (super::cost::cost_of(*p) / DECINAT).clamp(0, 255) as u8).collect()
    }
}

/// Indices of the letter 4-grams of a word between its edges; characters other
/// than a to z count as edges.
fn grams(key: &str) -> impl Iterator<Item = usize> {
    let letters = key.bytes().chain([b'{']).map(|b| if b.is_ascii_lowercase() { usize::from(b - b'a') } else { EDGE });
    let all_edges = (EDGE * LETTERS + EDGE) * LETTERS + EDGE;
    letters.scan(all_edges, |context, letter| {
        let gram = *context * LETTERS + letter;
        *context = gram % LETTERS.pow(3);
        Some(gram)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lexicon::{Entry, Flags};

    #[test]
    fn stored_pairs_are_found_and_others_back_off() {
        let entries: Vec<Entry> = ["a", "b", "c"]
            .iter()
            .map(|k| Entry { key: (*k).into(), flags: Flags::LOWER, display: String::new(), decinats: 50 })
            .collect();
        let (words, prior) = Lexicon::compile(&entries, |_, _| 0).unwrap();
        let lexicon = Lexicon::new(&words.into(), &prior.into()).unwrap();
        let mut heads = vec![Head { backoff: 7, successors: vec![] }; 7];
        heads[2].successors = vec![(Symbol(0), 11), (Symbol(6), 13)];
        let spelling = LanguageModel::train_spelling([("ab", 3.0), ("ac", 1.0)].into_iter());
        let model =
            LanguageModel::new(&LanguageModel::compile(&heads, [60, 61, 62, 63], spelling).into(), &lexicon).unwrap();
        assert_eq!(model.bigram(Symbol(2), Symbol(0), &lexicon), 110);
        assert_eq!(model.bigram(Symbol(2), model.special(Special::End), &lexicon), 130);
        assert_eq!(model.bigram(Symbol(2), Symbol(1), &lexicon), 70 + 500);
        assert_eq!(model.bigram(Symbol(1), model.special(Special::Number), &lexicon), 70 + 610);
        assert!(model.spelling("ab") < model.spelling("ac"));
        assert!(model.spelling("ac") < model.spelling("zq"));
    }

    #[test]
    fn letter_probabilities_sum_to_one() {
        let spelling = LanguageModel::train_spelling([("banana", 1.0), ("bandana", 2.0)].into_iter());
        for row in spelling.chunks(LETTERS) {
            let sum: f64 = row.iter().map(|&c| crate::model::cost::probability_of(Cost::from(c) * DECINAT)).sum();
            assert!((0.9..1.2).contains(&sum), "{sum}");
        }
    }
}
