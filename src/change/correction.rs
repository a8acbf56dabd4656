//! A [`Correction`]: one reading of one span, chosen over leaving it alone.

use serde::{Deserialize, Serialize};

use crate::Span;

/// What kind of error a correction mends. One correction has one class, that
/// of its costliest part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Class {
    /// Characters misread, and the result is no known word: `tbe`, `BEITUT`.
    Substitution,
    /// Characters misread, and the result is another word: `modem`, `arc`.
    RealWord,
    /// One word torn apart: `A irstrikes`, `com mittee`.
    Join,
    /// Words run together: `ofthe`.
    Split,
    /// A word divided at a line end: `com-⏎mittee`, `ac¬ knowledged`.
    LineEnd,
    /// A compound that lost its hyphen: `Statecontrolled`.
    Compound,
    /// Letters that are right but for their case: `tHE`.
    Case,
    /// Letters in a number or digits in a word: `l9th`, `wa3`.
    Digit,
    /// A ligature or long s written as one character: `ﬁ`, `ſ`.
    Ligature,
    /// A stop lost or added in an abbreviation: `U.S-led`.
    Punctuation,
    /// A symbol that stands for no character of the page.
    Speck,
}

/// What becomes of a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Made by the program.
    Applied,
    /// Shown, not made: the program is not sure enough.
    Suggested,
    /// Made because a person said so.
    Accepted,
    /// Not made because a person said so.
    Rejected,
}

impl Decision {
    /// True if the cleaned text holds the replacement.
    #[must_use]
    pub fn is_made(self) -> bool {
        matches!(self, Self::Applied | Self::Accepted)
    }
}

/// Another reading that was weighed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// What the span would become.
    pub text: String,
    /// Probability 0..1 that this reading is right.
    pub confidence: f64,
}

/// One character operation of the channel: the page had `intended`, the engine
/// wrote `observed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What stands in the text; empty for a lost character.
    pub observed: String,
    /// What was meant; empty for a character too many.
    pub intended: String,
    /// −ln P(observed | intended), nats.
    pub cost: f64,
}

/// One reading of one span, chosen over leaving it alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// What is replaced; never empty.
    pub span: Span,
    /// The text of `span` in the original.
    pub before: String,
    /// What it becomes; empty only for [`Class::Speck`].
    pub after: String,
    /// The kind of error.
    pub class: Class,
    /// The candidate generator that proposed it, as documented in `docs/design.md`.
    pub rule: String,
    /// Probability 0..1 that `after` is right.
    pub confidence: f64,
    /// What becomes of it.
    pub decision: Decision,
    /// Other readings, best first, without `before`.
    pub alternatives: Vec<Alternative>,
    /// The character operations between `after` and `before`.
    pub evidence: Vec<Evidence>,
}

/// The kind of a [`Finding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingClass {
    /// Damaged beyond repair.
    Unreadable,
    /// A number that cannot be what was printed.
    DoubtfulNumber,
    /// A passage in another language, left alone.
    NotEnglish,
    /// A passage that stands twice.
    Repeated,
}

/// A place that is wrong or doubtful, for which nothing is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where; never empty.
    pub span: Span,
    /// The text of `span`; may be cut short for long passages.
    pub text: String,
    /// The kind.
    pub class: FindingClass,
    /// Why, in one sentence fragment without full stop.
    pub reason: String,
}
