//! A [`Correction`]: one reading of one span, chosen over leaving it alone.

use std::{fmt, str::FromStr};

use compact_str::CompactString;
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
}

impl Class {
    /// Every class, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::Substitution,
        Self::RealWord,
        Self::Join,
        Self::Split,
        Self::LineEnd,
        Self::Compound,
        Self::Case,
        Self::Digit,
        Self::Ligature,
        Self::Punctuation,
    ];

    /// The name in logs, options and documentation: `real-word`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Substitution => "substitution",
            Self::RealWord => "real-word",
            Self::Join => "join",
            Self::Split => "split",
            Self::LineEnd => "line-end",
            Self::Compound => "compound",
            Self::Case => "case",
            Self::Digit => "digit",
            Self::Ligature => "ligature",
            Self::Punctuation => "punctuation",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Class {
    type Err = String;

    /// Reads what [`Class::name`] gives.
    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|class| class.name() == name).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|class| class.name()).collect();
            format!("unknown class `{name}`; known are {}", known.join(", "))
        })
    }
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

    /// The name in logs: `applied`, `suggested`, `accepted`, `rejected`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Suggested => "suggested",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }
}

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Maker {
    /// The program, being sure enough: [`Decision::Applied`].
    Program,
    /// A person: [`Decision::Accepted`].
    Person,
}

impl Decision {
    /// Who made the change, if it is made.
    #[must_use]
    pub fn maker(self) -> Option<Maker> {
        match self {
            Self::Applied => Some(Maker::Program),
            Self::Accepted => Some(Maker::Person),
            Self::Suggested | Self::Rejected => None,
        }
    }
}

/// A decision taken by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Name of the person.
    pub by: String,
    /// When: date and time as in RFC 3339, `2026-11-22T13:05:00Z`. Given by the
    /// caller and never interpreted: the library reads no clock.
    pub at: String,
}

/// Another reading that was weighed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// What the span would become.
    pub text: CompactString,
    /// Probability 0..1 that this reading is right.
    pub confidence: f64,
}

/// One character operation of the channel: the page had `intended`, the engine
/// wrote `observed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What stands in the text; empty for a lost character.
    pub observed: CompactString,
    /// What was meant; empty for a character too many.
    pub intended: CompactString,
    /// −ln P(observed | intended), nats.
    pub cost: f64,
}

/// One reading of one span, chosen over leaving it alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// What is replaced; never empty.
    pub span: Span,
    /// The text of `span` in the original.
    pub before: CompactString,
    /// What it becomes; the program never proposes nothing.
    pub after: CompactString,
    /// The kind of error.
    pub class: Class,
    /// The candidate generator that proposed it, as documented in `docs/design.md`.
    pub rule: CompactString,
    /// Probability 0..1 that `after` is right.
    pub confidence: f64,
    /// What becomes of it.
    pub decision: Decision,
    /// Who took the decision, if a person did.
    pub decided: Option<Box<Decided>>,
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
    /// A passage in another language, left alone.
    NotEnglish,
}

impl FindingClass {
    /// The name in logs and documentation: `not-english`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotEnglish => "not-english",
        }
    }
}

impl fmt::Display for FindingClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_log() {
        for class in Class::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.name());
            assert_eq!(class.name().parse(), Ok(class));
        }
        for decision in [Decision::Applied, Decision::Suggested, Decision::Accepted, Decision::Rejected] {
            assert_eq!(serde_json::to_value(decision).unwrap(), decision.name());
        }
        assert_eq!(serde_json::to_value(FindingClass::NotEnglish).unwrap(), FindingClass::NotEnglish.name());
        assert!("words".parse::<Class>().is_err());
    }
}
