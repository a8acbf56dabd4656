//! [`Config`]: what a user may choose about correcting.

use serde::{Deserialize, Serialize};

use crate::change::Class;

/// How sure the program must be before it changes anything: a point on the
/// precision-recall curve of the accept model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Almost no wrong change; about half of what could be fixed is fixed.
    Cautious,
    /// The default: more is fixed, few changes are wrong.
    #[default]
    Balanced,
    /// The fewest errors left in the text, counting those newly made.
    Eager,
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
}
