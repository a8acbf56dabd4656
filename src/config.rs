//! [`Config`]: what a user may choose about correcting.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::change::Class;

/// How sure the program must be before it changes anything: a point on the
/// precision-recall curve of the accept model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Almost no wrong change; a quarter of what the boldest level fixes is fixed.
    Cautious,
    /// The default: more is fixed, few changes are wrong.
    #[default]
    Balanced,
    /// The fewest errors left in the text, counting those newly made.
    Eager,
}

impl Level {
    /// Every level, from the most careful on.
    pub const ALL: [Self; 3] = [Self::Cautious, Self::Balanced, Self::Eager];

    /// Confidence (0..1) from which corrections are made at this level.
    ///
    /// Points on the precision-recall curve over pages that taught nothing;
    /// `docs/accuracy.md` has the curve.
    #[must_use]
    pub fn confidence(self) -> f64 {
        match self {
            Self::Cautious => 0.96,
            Self::Balanced => 0.7285,
            Self::Eager => 0.4,
        }
    }

    /// The name by which users choose it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cautious => "cautious",
            Self::Balanced => "balanced",
            Self::Eager => "eager",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that no [`Level`] has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no level is named \"{0}\"; the levels are cautious, balanced, eager")]
pub struct UnknownLevel(pub String);

impl FromStr for Level {
    type Err = UnknownLevel;

    /// Reads what [`Level::name`] gives.
    fn from_str(name: &str) -> Result<Self, UnknownLevel> {
        Self::ALL.into_iter().find(|level| level.name() == name).ok_or_else(|| UnknownLevel(name.to_owned()))
    }
}

/// Options of a [`Corrector`](crate::Corrector).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Which corrections are made and which only suggested.
    pub level: Level,
    /// Confidence 0..1 from which corrections are made, in place of the level's.
    pub min_confidence: Option<f64>,
    /// If not empty, only corrections of these classes are made or suggested.
    pub only: Vec<Class>,
    /// Corrections of these classes are neither made nor suggested.
    pub skip: Vec<Class>,
    /// The user's own words: known, and never changed.
    pub own_words: Vec<String>,
    /// The user's own corrections, on top of those that come with the program:
    /// a word as it is read, in any case, and the word or words that are meant.
    /// They are made at every level wherever the word is not protected. What
    /// is no single word, or means none, has no effect; of several
    /// corrections of one word the last counts.
    pub pairs: Vec<(String, String)>,
    /// What people have decided before: see [`memory`](crate::memory). Its
    /// words are own words too.
    pub memory: Vec<crate::memory::Remembered>,
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn a_level_is_read_from_its_name_everywhere() {
        for level in Level::ALL {
            assert_eq!(level.name().parse(), Ok(level));
            assert_eq!(serde_json::to_value(level).unwrap(), level.name());
        }
        assert!("bold".parse::<Level>().is_err());
    }
}
