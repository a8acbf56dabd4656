//! Learning from pages that someone has corrected.
//!
//! A [`Tally`] counts which characters were read for which, and a [`Page`]
//! says of each change whether it is right: from these the general models are
//! made. [`Lessons`] gather the same for one collection, from its own pages or
//! from change logs in which people have decided, and [`Lessons::learn`] makes
//! a [`Collection`] of it: what its engine misreads more or less often than
//! others do, the words that the lexicon lacks, and how far confidence is to
//! be believed there.
//!
//! All of it is laid over the general models with a weight that grows with
//! the evidence, and within bounds, so that few pages can do no harm.

mod align;
mod calibrate;
mod collection;
mod lessons;
mod tally;
mod unread;
mod verdict;

pub use collection::{Collection, CollectionError};
pub use lessons::Lessons;
pub use tally::Tally;
pub use unread::Impressions;
pub use verdict::{Page, Verdict};

use std::sync::LazyLock;

use regex::Regex;

/// What a wrong change counts that leaves a wrong word wrong, beside one that
/// breaks a right word: it does less harm.
pub const STILL_WRONG: f64 = 0.6;

/// Joins words that the truth itself breaks: `Thorns¬ hope`, `in-⏎vestigate`.
/// Whether the hyphen belongs to the word is not known there; it is dropped.
#[must_use]
pub fn whole_words(truth: &str) -> String {
    static BROKEN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(\p{L})(?:¬\s+|[-\x{ad}‐]\s*\n\s*)(\p{L})").expect("a constant"));
    BROKEN.replace_all(truth, "$1$2").into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_that_the_truth_breaks_are_whole() {
        assert_eq!(super::whole_words("Thorns¬ hope in-\n vestigate, state-run"), "Thornshope investigate, state-run");
    }
}
