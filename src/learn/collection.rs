//! [`Collection`]: what was learned of one collection of texts, as a file.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::sha256;
use crate::model::accept::Calibration;
use crate::model::confusion::{Counted, Counts, MOST_REWRITES};
use crate::model::cost::{Cost, NAT};
use crate::model::{FamiliarWords, Models, Seen, is_key};

/// Version of the file.
const SCHEMA: u32 = 1;
/// Occurrences of what is printed that weigh as much as the general channel.
pub(super) const PRIOR: f64 = 100.0;
/// Most that a cost of the channel changes. The accept model has seen no
/// larger differences between the engines that taught it.
pub(super) const MOST: Cost = NAT;

/// A collection's own model, to be laid over the general ones. In its file,
/// one JSON object, the channel is kept as counts, so that it serves a later
/// version of the general models too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Collection {
    /// Version of the file.
    #[serde(rename = "scanno-collection")]
    pub schema: u32,
    /// Version of the program that learned it.
    pub scanno: String,
    /// Name and version of the general models that it was learned with.
    pub data: String,
    /// Pages with their truth that it was learned from.
    pub pages: usize,
    /// Decisions of people that it was learned from.
    pub decisions: usize,
    /// Words of those pages.
    pub words: u32,
    /// What is made of the accept model's confidence.
    pub calibration: Calibration,
    /// Words that the lexicon lacks, by look-up key: how often they stand in
    /// those pages, in all and with a capital first.
    pub vocabulary: BTreeMap<Box<str>, Seen>,
    /// For a to z: times read right, times printed.
    pub letters: Vec<(u32, u32)>,
    /// For each kind of separator: times within a word, times between words.
    pub separators: Vec<(u32, u32)>,
    /// Blanks lost, blanks printed.
    pub blanks: (u32, u32),
    /// What was read, what was printed, how often, and how often that was
    /// printed at all. `^` and `$` are the edges of a word.
    pub rewrites: Vec<(String, String, u32, u32)>,
}

/// Why a file is no collection's model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CollectionError {
    /// Something else.
    #[error("this is no collection's model, as `scanno learn` makes it: {0}")]
    Foreign(serde_json::Error),
    /// A later version of the file.
    #[error("the model has version {0}, but this version of scanno reads version {SCHEMA}; learn it again")]
    Schema(u32),
    /// A number that cannot be.
    #[error("the model is damaged: {0}; learn it again")]
    Damaged(&'static str),
}

impl Collection {
    /// An empty one, for what is learned beside the general `models`.
    pub(super) fn new(models: &Models) -> Self {
        Self {
            schema: SCHEMA,
            scanno: env!("CARGO_PKG_VERSION").to_owned(),
            data: models.version.clone(),
            pages: 0,
            decisions: 0,
            words: 0,
            calibration: Calibration::default(),
            vocabulary: BTreeMap::new(),
            letters: Vec::new(),
            separators: Vec::new(),
            blanks: (0, 0),
            rewrites: Vec::new(),
        }
    }

    /// Reads its file.
    ///
    /// # Errors
    /// The file is something else, or of a later version.
    pub fn read(bytes: &[u8]) -> Result<Self, CollectionError> {
        let collection: Self = serde_json::from_slice(bytes).map_err(CollectionError::Foreign)?;
        if collection.schema != SCHEMA {
            return Err(CollectionError::Schema(collection.schema));
        }
        match collection.fault() {
            Some(what) => Err(CollectionError::Damaged(what)),
            None => Ok(collection),
        }
    }

    /// What is wrong with its numbers, if they are not such as are learned.
    fn fault(&self) -> Option<&'static str> {
        let Calibration { shift, scale } = self.calibration;
        if !(shift.is_finite() && scale.is_finite() && scale > 0.0) {
            return Some("its calibration is none");
        }
        let is_counted = |&(part, whole): &(u32, u32)| part <= whole;
        let are_counted = self.letters.iter().all(is_counted)
            && is_counted(&self.blanks)
            && self.rewrites.iter().all(|r| r.2 <= r.3)
            && self.vocabulary.values().all(|&(count, capitalized)| capitalized <= count && count <= self.words);
        if !are_counted {
            return Some("a count is greater than its whole");
        }
        if !self.vocabulary.keys().all(|key| is_key(key)) {
            return Some("a word is not in small letters a to z");
        }
        let mut of_each: BTreeMap<&str, usize> = BTreeMap::new();
        for (observed, ..) in &self.rewrites {
            *of_each.entry(observed.trim_matches(['^', '$'])).or_default() += 1;
        }
        let is_too_many = of_each.values().any(|&rewrites| rewrites > MOST_REWRITES);
        is_too_many.then_some("one string was read for too many others")
    }

    /// Its file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("writing to memory does not fail");
        bytes.push(b'\n');
        bytes
    }

    /// The `general` models with this one laid over them.
    #[must_use]
    pub fn models(&self, general: &Models) -> Models {
        let counts = Counts {
            rewrites: self.rewrites.iter().map(counted).collect(),
            letters: self.letters.clone(),
            separators: self.separators.clone(),
            blanks: self.blanks,
        };
        let hash = sha256(&self.to_bytes());
        Models {
            confusion: Arc::new(general.confusion.laid_over(&counts, PRIOR, MOST)),
            accept: general.accept.recalibrated(&self.calibration),
            familiar: FamiliarWords { words: self.vocabulary.clone(), total: self.words },
            version: format!("{} + {}", general.version, &hash[..8]),
            ..general.clone()
        }
    }
}

fn counted((observed, intended, count, total): &(String, String, u32, u32)) -> Counted {
    Counted { observed: observed.clone(), intended: intended.clone(), count: *count, total: *total }
}
