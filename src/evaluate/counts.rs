//! What is counted in a document, and the figures made of the counts of many.

use std::ops::AddAssign;

use serde::Serialize;

use super::places::Places;

/// What was counted in one document, or in many: counts add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Documents counted.
    pub documents: usize,
    /// Words of the truth.
    pub words: usize,
    /// Characters (code points) of the truth.
    pub characters: usize,
    /// Errors of the recognized text.
    pub ocr: Errors,
    /// What cleaning did; none if no cleaned text was given.
    pub cleaned: Option<Cleaning>,
}

/// The errors of one text against the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Errors {
    /// Character edits between truth and text.
    pub character_edits: usize,
    /// Word edits between truth and text.
    pub word_edits: usize,
    /// Words of the truth that the text lacks or has otherwise.
    pub wrong_words: usize,
    /// Character edits of the text without case and punctuation (S+D+I).
    pub match_edits: usize,
    /// The same and the characters that match (H+S+D+I).
    pub match_total: usize,
}

/// What cleaning did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cleaning {
    /// Errors of the cleaned text.
    pub errors: Errors,
    /// Words of the truth that were wrong and are right.
    pub fixed_words: usize,
    /// Words of the truth that were right and are wrong.
    pub broken_words: usize,
    /// The changed places.
    pub places: Places,
    /// Documents with more character edits than before.
    pub worse_documents: usize,
    /// Documents with more or fewer line ends than before.
    pub documents_with_other_line_ends: usize,
}

impl AddAssign for Counts {
    /// Adds documents. What cleaning did stays known only if both sides know it.
    fn add_assign(&mut self, other: Self) {
        self.cleaned = match (self.cleaned, other.cleaned) {
            (_, cleaned) if self.documents == 0 => cleaned,
            (cleaned, _) if other.documents == 0 => cleaned,
            (Some(mut sum), Some(other)) => {
                sum += other;
                Some(sum)
            }
            _ => None,
        };
        self.documents += other.documents;
        self.words += other.words;
        self.characters += other.characters;
        self.ocr += other.ocr;
    }
}

impl AddAssign for Errors {
    fn add_assign(&mut self, other: Self) {
        self.character_edits += other.character_edits;
        self.word_edits += other.word_edits;
        self.wrong_words += other.wrong_words;
        self.match_edits += other.match_edits;
        self.match_total += other.match_total;
    }
}

impl AddAssign for Cleaning {
    fn add_assign(&mut self, other: Self) {
        self.errors += other.errors;
        self.fixed_words += other.fixed_words;
        self.broken_words += other.broken_words;
        self.places += other.places;
        self.worse_documents += other.worse_documents;
        self.documents_with_other_line_ends += other.documents_with_other_line_ends;
    }
}

/// The figures made of [`Counts`]. Shares are 0..1 (error rates may exceed 1);
/// a share of nothing is none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Error rates of the recognized text.
    pub ocr: Rates,
    /// Error rates of the cleaned text, if there is one.
    pub cleaned: Option<Rates>,
    /// What the changes are worth, if there is a cleaned text.
    pub changes: Option<Changes>,
}

/// Error rates of one text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rates {
    /// Character edits per character of the truth.
    pub cer: Option<f64>,
    /// Word edits per word of the truth.
    pub wer: Option<f64>,
    /// Character edits per character matched or edited, without case and punctuation.
    pub cmer: Option<f64>,
}

/// What the changes are worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Changes {
    /// Share of the wrong words that are right now.
    pub fixed: Option<f64>,
    /// Right words that are wrong now, per 10,000.
    pub broken_per_10000: Option<f64>,
    /// Share of the changed places that are nearer to the truth.
    pub precision: Option<f64>,
    /// Share of the changed places that equal the truth.
    pub exact: Option<f64>,
    /// Number of changed places.
    pub places: usize,
    /// Recognized words deleted with nothing in their place.
    pub dropped_words: usize,
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Counts {
    /// The figures of these counts; of several documents, pooled (micro-averaged).
    #[must_use]
    pub fn figures(&self) -> Figures {
        let rates = |errors: Errors| Rates {
            cer: share(errors.character_edits, self.characters),
            wer: share(errors.word_edits, self.words),
            cmer: share(errors.match_edits, errors.match_total),
        };
        let changes = |cleaning: Cleaning| Changes {
            fixed: share(cleaning.fixed_words, self.ocr.wrong_words),
            broken_per_10000: share(10_000 * cleaning.broken_words, self.words - self.ocr.wrong_words),
            precision: share(cleaning.places.nearer, cleaning.places.total()),
            exact: share(cleaning.places.exact, cleaning.places.total()),
            places: cleaning.places.total(),
            dropped_words: cleaning.places.dropped_words,
        };
        Figures {
            ocr: rates(self.ocr),
            cleaned: self.cleaned.map(|cleaning| rates(cleaning.errors)),
            changes: self.cleaned.map(changes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(cleaned: Option<Cleaning>) -> Counts {
        Counts { documents: 1, words: 4, characters: 20, cleaned, ..Counts::default() }
    }

    #[test]
    fn what_cleaning_did_is_known_of_all_documents_or_of_none() {
        let cleaning = Cleaning { broken_words: 1, ..Cleaning::default() };
        let mut sum = Counts::default();
        sum += document(Some(cleaning));
        sum += document(Some(cleaning));
        sum += Counts::default();
        assert_eq!((sum.words, sum.cleaned.map(|cleaning| cleaning.broken_words)), (8, Some(2)));
        sum += document(None);
        assert_eq!((sum.documents, sum.cleaned), (3, None));
    }

    #[test]
    fn a_share_of_nothing_is_none() {
        let figures = document(Some(Cleaning::default())).figures();
        assert_eq!(figures.ocr.cer, Some(0.0));
        let changes = figures.changes.unwrap();
        assert_eq!((changes.fixed, changes.precision, changes.broken_per_10000), (None, None, Some(0.0)));
        assert_eq!(Counts::default().figures().ocr.cer, None);
    }
}
