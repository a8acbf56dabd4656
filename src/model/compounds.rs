//! [`Compounds`]: which pairs of words are written with a hyphen, apart, or as
//! one, and how readily a word follows a hyphen.

use super::DataError;
use super::cost::{Cost, cost_of};
use super::lexicon::WordId;
use super::table::{self, Bytes, U16s, U32s};

const FILE: &str = "compounds.bin";
const KIND: u8 = b'H';

/// How often a pair of words was written in each way; counts stop at 65,535.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// With a hyphen.
    pub hyphenated: u16,
    /// As two words.
    pub open: u16,
    /// As one word.
    pub solid: u16,
}

/// How a word behaves as the last part of compounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Second {
    /// Tokens after a hyphen; stops at 65,535.
    pub hyphenated: u16,
    /// Different words before it; stops at 65,535.
    pub firsts: u16,
    /// All tokens of the word.
    pub all: u32,
}

/// Counts of compounds.
#[derive(Clone, Debug)]
pub struct Compounds {
    firsts: U32s,
    seconds: U32s,
    forms: U16s,
    elements: U32s,
    element_counts: U16s,
    element_totals: U32s,
}

impl Compounds {
    /// Reads `compounds.bin`.
    ///
    /// # Errors
    /// If it is not a compiled model of this version.
    pub fn new(data: &Bytes) -> Result<Self, DataError> {
        let [firsts, seconds, forms, elements, element_counts, element_totals] = table::sections(FILE, KIND, data)?;
        let fits = firsts.len() == seconds.len()
            && 4 * forms.len() == 6 * firsts.len()
            && element_counts.len() == elements.len()
            && element_totals.len() == elements.len();
        if !fits {
            return Err(DataError::Compiled { file: FILE, what: "its tables do not fit together" });
        }
        Ok(Self {
            firsts: U32s(firsts),
            seconds: U32s(seconds),
            forms: U16s(forms),
            elements: U32s(elements),
            element_counts: U16s(element_counts),
            element_totals: U32s(element_totals),
        })
    }

    /// Looks at all that is in the tables: see [`Lexicon::check`](super::Lexicon::check).
    ///
    /// # Errors
    /// If anything in them is not as [`Compounds::compile`] makes it of words
    /// among the first `words`.
    pub fn check(&self, words: usize) -> Result<(), DataError> {
        let fail = |what| DataError::Compiled { file: FILE, what };
        let is_known = |table: &U32s| table.iter().all(|word| (word as usize) < words);
        if ![&self.firsts, &self.seconds, &self.elements].into_iter().all(is_known) {
            return Err(fail("it was compiled for another lexicon.bin"));
        }
        let are_ascending = self.firsts.0.len().is_multiple_of(4)
            && self.firsts.iter().zip(self.seconds.iter()).is_sorted_by(|a, b| a < b)
            && self.elements.is_ascending();
        if !are_ascending {
            return Err(fail("its words are out of order"));
        }
        let is_counted = |i: usize| u32::from(self.element_counts.get(2 * i)) <= self.element_totals.get(i);
        if (0..self.elements.len()).all(is_counted) { Ok(()) } else { Err(fail("a count is greater than its whole")) }
    }

    /// Compiles `compounds.bin` from pairs and second elements, in any order.
    #[must_use]
    pub fn compile(mut pairs: Vec<((WordId, WordId), Forms)>, mut seconds: Vec<(WordId, Second)>) -> Vec<u8> {
        pairs.sort_unstable_by_key(|p| p.0);
        seconds.sort_unstable_by_key(|s| s.0);
        table::file(
            KIND,
            &[
                U32s::bytes(pairs.iter().map(|p| p.0.0.0)),
                U32s::bytes(pairs.iter().map(|p| p.0.1.0)),
                U16s::bytes(pairs.iter().flat_map(|(_, f)| [f.hyphenated, f.open, f.solid])),
                U32s::bytes(seconds.iter().map(|s| s.0.0)),
                U16s::bytes(seconds.iter().flat_map(|(_, s)| [s.hyphenated, s.firsts])),
                U32s::bytes(seconds.iter().map(|s| s.1.all)),
            ],
        )
    }

    /// How `first` and `second` are written when they stand together.
    #[must_use]
    pub fn forms(&self, first: WordId, second: WordId) -> Forms {
        let from = self.firsts.partition_point(|f| f < first.0);
        let to = self.firsts.partition_point(|f| f <= first.0);
        (from..to).find(|&i| self.seconds.get(i) == second.0).map_or_else(Forms::default, |i| Forms {
            hyphenated: self.forms.get(3 * i),
            open: self.forms.get(3 * i + 1),
            solid: self.forms.get(3 * i + 2),
        })
    }

    /// How `word` behaves after a hyphen.
    #[must_use]
    pub fn second(&self, word: WordId) -> Second {
        let i = self.elements.partition_point(|e| e < word.0);
        if i < self.elements.len() && self.elements.get(i) == word.0 {
            Second {
                hyphenated: self.element_counts.get(2 * i),
                firsts: self.element_counts.get(2 * i + 1),
                all: self.element_totals.get(i),
            }
        } else {
            Second { hyphenated: 0, firsts: 0, all: 0 }
        }
    }

    /// −ln P(hyphen) and −ln P(blank) between two words that stand together and
    /// are meant as two, by the pair's own counts on top of what `second` does
    /// after any word: a word that follows many different words with a hyphen (`controlled`,
    /// `linked`, `based`) makes compounds freely: its share of hyphens is the
    /// prior, worth as much as a few sightings of the pair.
    #[must_use]
    pub fn hyphen_or_blank(&self, first: WordId, second: WordId) -> (Cost, Cost) {
        /// Sightings of the pair that weigh as much as the behavior of its second word.
        const PRIOR: f64 = 4.0;
        let forms = self.forms(first, second);
        let element = self.second(second);
        let productive = f64::from(element.hyphenated) * f64::from(element.firsts)
            / (f64::from(element.firsts) + 5.0)
            / (f64::from(element.all) + 10.0);
        let hyphenated = f64::from(forms.hyphenated) + PRIOR * productive;
        let open = f64::from(forms.open) + PRIOR * (1.0 - productive);
        let share = (hyphenated / (hyphenated + open)).clamp(1e-4, 1.0 - 1e-4);
        (cost_of(share), cost_of(1.0 - share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_elements_are_found() {
        let forms = Forms { hyphenated: 7, open: 1, solid: 2 };
        let second = Second { hyphenated: 90, firsts: 40, all: 100 };
        let data = Compounds::compile(vec![((WordId(3), WordId(4)), forms)], vec![(WordId(4), second)]);
        let c = Compounds::new(&data.into()).unwrap();
        assert_eq!(c.forms(WordId(3), WordId(4)), forms);
        assert_eq!(c.forms(WordId(4), WordId(3)), Forms::default());
        assert_eq!(c.second(WordId(4)), second);
        assert_eq!(c.second(WordId(5)).all, 0);
    }
}
