//! [`EstimateModel`]: how many words of a document are probably wrong, by the
//! signs it gives of that.
//!
//! A weighted sum: each sign counts for so many wrong words, never for fewer
//! than none, so that more signs never make a better estimate. The weights are
//! fitted by `cargo xtask estimate` on pages with known truth and lie in a text
//! file that can be read and edited.

use std::fmt::Write as _;

use super::{DataError, ESTIMATE_FILE as FILE};

/// Something that is seen where words are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Sign {
    /// A word in small letters outside the lexicon that could be one.
    Unknown,
    /// A word in small letters outside the lexicon, spelled like none.
    Garbled,
    /// The same with a capital. (One that could be a word is a name.)
    GarbledName,
    /// A word with digits or symbols in it.
    Disfigured,
    /// A letter alone, or a word of two or three letters that is hardly one.
    Piece,
    /// A symbol alone or at a word's edge, or a mark where none should be.
    Stray,
    /// Two marks for one, a mark between two words without a blank, a stop
    /// within a sentence.
    Misplaced,
    /// A proposed change of words outside the lexicon, by its confidence.
    UnknownChanged,
    /// A proposed change of words of the lexicon, by its confidence.
    KnownChanged,
    /// A proposed join or split, by its confidence.
    PartsChanged,
}

/// Most that a weight may be: a sign never stands for so many words.
const MOST: f64 = 1_000.0;

/// Number of [`Sign`]s.
pub const SIGNS: usize = Sign::ALL.len();

impl Sign {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::Unknown,
        Self::Garbled,
        Self::GarbledName,
        Self::Disfigured,
        Self::Piece,
        Self::Stray,
        Self::Misplaced,
        Self::UnknownChanged,
        Self::KnownChanged,
        Self::PartsChanged,
    ];

    /// Its name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Garbled => "garbled",
            Self::GarbledName => "garbled-name",
            Self::Disfigured => "disfigured",
            Self::Piece => "piece",
            Self::Stray => "stray",
            Self::Misplaced => "misplaced",
            Self::UnknownChanged => "unknown-changed",
            Self::KnownChanged => "known-changed",
            Self::PartsChanged => "parts-changed",
        }
    }
}

/// What each sign counts for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EstimateModel {
    /// Wrong words that each sign stands for, in the order of [`Sign::ALL`].
    pub weights: [f64; SIGNS],
    /// Wrong words mended by a changed word that is surely right.
    pub mended: f64,
    /// Wrong words made, or left where one was counted on, by a changed word
    /// that is surely wrong.
    pub spoiled: f64,
    /// Share of wrong words (0..1) of a typical page.
    pub typical: f64,
    /// Words that must speak for themselves to be believed as much as the
    /// typical page is.
    pub prior_words: f64,
}

impl EstimateModel {
    /// Reads `estimate.tsv`.
    ///
    /// # Errors
    /// If a line is not a name and a number that is at least 0 and at most 1,000, or a name is
    /// foreign or missing.
    pub fn from_text(text: &[u8]) -> Result<Self, DataError> {
        let fail = |what| DataError::Compiled { file: FILE, what };
        let text = std::str::from_utf8(text).map_err(|_| fail("it is not UTF-8"))?;
        let mut out = Self::default();
        let mut missing: Vec<&str> = out.fields().iter().map(|(name, _)| *name).collect();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (name, value) = line.split_once('\t').ok_or_else(|| fail("a line is not NAME TAB NUMBER"))?;
            let value: f64 = value.trim_end().parse().map_err(|_| fail("a line is not NAME TAB NUMBER"))?;
            if !(0.0..=MOST).contains(&value) {
                return Err(fail("a weight is not between 0 and 1,000"));
            }
            *out.field(name).ok_or_else(|| fail("it has a name that this version does not know"))? = value;
            missing.retain(|m| *m != name);
        }
        if out.typical > 1.0 {
            return Err(fail("the typical share is more than 1"));
        }
        if missing.is_empty() { Ok(out) } else { Err(fail("a weight is missing")) }
    }

    /// Writes `estimate.tsv`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::from(
            "# How many words are probably wrong: fitted by `cargo xtask estimate`; see SOURCES.md.\n\
             # sign TAB wrong words it stands for; mended, spoiled: for each changed word; typical: share of wrong words\n",
        );
        for (name, value) in self.fields() {
            let _ = writeln!(out, "{name}\t{value:.4}");
        }
        out
    }

    fn fields(&self) -> Vec<(&'static str, f64)> {
        let signs = Sign::ALL.into_iter().map(|sign| (sign.name(), self.weights[sign as usize]));
        let others = [
            ("mended", self.mended),
            ("spoiled", self.spoiled),
            ("typical", self.typical),
            ("prior-words", self.prior_words),
        ];
        signs.chain(others).collect()
    }

    fn field(&mut self, name: &str) -> Option<&mut f64> {
        match name {
            "mended" => Some(&mut self.mended),
            "spoiled" => Some(&mut self.spoiled),
            "typical" => Some(&mut self.typical),
            "prior-words" => Some(&mut self.prior_words),
            _ => Sign::ALL.into_iter().find(|sign| sign.name() == name).map(|sign| &mut self.weights[sign as usize]),
        }
    }

    /// The number of wrong words that `signs` (in the order of [`Sign::ALL`])
    /// stand for.
    #[must_use]
    pub fn wrong_words(&self, signs: &[f64; SIGNS]) -> f64 {
        self.weights.iter().zip(signs).map(|(weight, sign)| weight * sign).sum()
    }

    /// The share (0..1) of wrong words where there seem to be `wrong` among
    /// `words`: the fewer there are, the nearer to the typical page's.
    #[must_use]
    pub fn share(&self, wrong: f64, words: f64) -> f64 {
        let prior = self.prior_words.max(f64::MIN_POSITIVE);
        ((wrong.clamp(0.0, words) + prior * self.typical) / (words + prior)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote_and_says_what_is_wrong() {
        let mut model =
            EstimateModel { mended: 0.5, spoiled: 0.25, typical: 0.1, prior_words: 5.0, ..EstimateModel::default() };
        model.weights[Sign::Garbled as usize] = 1.5;
        let text = model.to_text();
        assert_eq!(EstimateModel::from_text(text.as_bytes()).unwrap(), model);
        let fault = |text: &str| EstimateModel::from_text(text.as_bytes()).unwrap_err().to_string();
        assert!(
            fault(&text.replace("garbled\t1.5", "garbled\t-1.5")).contains("estimate.tsv: a weight is not between")
        );
        assert!(fault(&text.replace("mended", "meddled")).contains("does not know"));
        assert!(fault(&text.replace("mended\t0.5000\n", "")).contains("missing"));
        assert!(fault(&text.replace('\t', " ")).contains("NAME TAB NUMBER"));
    }

    #[test]
    fn a_few_words_say_little() {
        let model = EstimateModel { typical: 0.1, prior_words: 5.0, ..EstimateModel::default() };
        assert!((model.share(1.0, 1.0) - 0.25).abs() < 1e-9);
        assert!(model.share(0.0, 1000.0) < 0.001);
        assert!(model.share(1e9, 1000.0) <= 1.0 && model.share(-1e9, 1000.0) >= 0.0);
    }
}
