//! [`Tally`]: what was done to one file, in numbers.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::change::Counts;
use crate::document::Encoding;
use crate::format::record::Skip;
use crate::report::overview::Facts;
use crate::{ChangeLog, Document};

/// What was done to one file. Adding the tallies of its parts gives its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Its corrections and findings.
    #[serde(flatten)]
    pub counts: Counts,
    /// How it is encoded, if it is one text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// Its records, if it has such: lines that are not blank.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub records: u64,
    /// Records and texts that were passed through with a reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped: BTreeMap<Skip, u64>,
    /// Records that were passed through and are a reason for trouble.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<Broken>,
    /// What a report says of its texts.
    pub facts: Facts,
}

/// A line that is no record. It was passed through as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} {}", self.line, self.reason)
    }
}

impl Tally {
    /// The tally of one text.
    pub(super) fn of(document: &Document, changes: &ChangeLog) -> Self {
        Self {
            counts: changes.counts(),
            encoding: Some(document.encoding()),
            facts: Facts::of(document, changes),
            ..Self::default()
        }
    }

    /// The tally of one text that was cleaned before and is passed through.
    pub(super) fn of_own(document: &Document) -> Self {
        Self { encoding: Some(document.encoding()), skipped: BTreeMap::from([(Skip::Done, 1)]), ..Self::default() }
    }

    /// Adds what was done to the part that follows.
    pub fn add(&mut self, other: &Self) {
        self.counts.add(&other.counts);
        self.encoding = self.encoding.or(other.encoding);
        self.records = self.records.saturating_add(other.records);
        for (&skip, &number) in &other.skipped {
            let sum = self.skipped.entry(skip).or_default();
            *sum = sum.saturating_add(number);
        }
        self.broken.extend_from_slice(&other.broken);
        self.facts.add(&other.facts);
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
