//! What a whole archive is like: [`Facts`] of each document, added up to an
//! [`Overview`], as JSON and as a [page](html) for people.
//!
//! Facts are bounded: of corrections, doubtful places and bad documents the
//! most telling are kept, so that an archive of any size has an overview of
//! one size. All else is counted exactly.

pub mod html;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::summary::plural;
use crate::change::{Class, Correction, Counts, Decision, Estimate};
use crate::document::{TokenKind, tokens};
use crate::{ChangeLog, Document};

/// The version of `report.json`.
pub const SCHEMA: u32 = 1;

/// Where the classes of error rates begin, in percent of the words.
pub const RATES: [f64; 12] = [0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 50.0];

/// Different corrections that are kept, the most frequent. Twice as many are counted.
const PAIRS: usize = 500;
/// Doubtful places that are kept.
const DOUBTFUL: usize = 25;
/// Doubtful places that one document has among them: none fills the list alone.
const DOUBTFUL_EACH: usize = 2;
/// Documents that are kept as the worst.
const WORST: usize = 25;
/// Words from which a document counts among the worst: a rate of fewer says nothing.
const LEAST_WORDS: u64 = 20;

/// What an overview needs to know of some documents. Those of two groups can be added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// How many there are.
    pub documents: u64,
    /// For how many of them the share of wrong words was estimated.
    pub estimated: u64,
    /// Their words.
    pub words: u64,
    /// Wrong words before and after cleaning, in thousandths: estimated, or
    /// else what was changed or suggested, and what was suggested.
    pub wrong: [u64; 2],
    /// Documents by their share of wrong words before and after, in the classes of [`RATES`].
    pub rates: [[u64; RATES.len()]; 2],
    /// Corrections that were made, by `before → after`.
    pub pairs: BTreeMap<String, Pair>,
    /// Where to look first.
    pub doubtful: Vec<Doubtful>,
    /// Documents with the largest share of wrong words.
    pub worst: Vec<Worst>,
}

/// A correction that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// How often.
    pub number: u64,
    /// The text before and after its first place, a few words each.
    pub example: [String; 2],
}

/// A change that is neither sure nor improbable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubtful {
    /// The file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The record's line in it, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// The line in the text, from 1.
    pub line: usize,
    /// What stands there.
    pub before: String,
    /// What it may be.
    pub after: String,
    /// Probability that it is, in thousandths.
    pub confidence: u32,
    /// Whether the change was made.
    pub made: bool,
    /// The text before and after it, a few words each.
    pub context: [String; 2],
}

/// A document and how bad it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worst {
    /// The file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The record's line in it, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// Its words.
    pub words: u64,
    /// Wrong words before and after cleaning, in thousandths, as in [`Facts::wrong`].
    pub wrong: [u64; 2],
}

impl Facts {
    /// The facts of one document.
    #[must_use]
    pub fn of(document: &Document, changes: &ChangeLog) -> Self {
        let words = changes.estimate().map_or_else(
            || tokens(document.text()).filter(|token| token.kind == TokenKind::Word).count() as u64,
            |estimate| estimate.words,
        );
        let made = changes.corrections().iter().filter(|c| c.decision.is_made()).count() as u64;
        let suggested = changes.corrections().iter().filter(|c| c.decision == Decision::Suggested).count() as u64;
        let wrong = match changes.estimate() {
            Some(estimate) => [estimate.before, estimate.after].map(|share| thousandths(share, words)),
            None => [made + suggested, suggested].map(|number| 1000 * number.min(words)),
        };
        let mut rates = [[0; RATES.len()]; 2];
        for (classes, wrong) in rates.iter_mut().zip(wrong) {
            classes[class_of(rate(wrong, words))] = 1;
        }
        let mut pairs: BTreeMap<String, Pair> = BTreeMap::new();
        for c in changes.corrections().iter().filter(|c| c.decision.is_made()) {
            let name = format!("{} → {}", shown(&c.before), shown(&c.after));
            let first = || Pair { number: 0, example: context(document.text(), c) };
            pairs.entry(name).or_insert_with(first).number += 1;
        }
        let mut doubtful: Vec<&Correction> = changes.corrections().iter().collect();
        doubtful.sort_by_key(|c| (doubt(millis(c.confidence)), c.span.start));
        doubtful.truncate(DOUBTFUL_EACH);
        let positions = document.positions();
        let doubtful = doubtful
            .into_iter()
            .map(|c| Doubtful {
                path: String::new(),
                record: None,
                line: positions.at(c.span.start).line,
                before: c.before.to_string(),
                after: c.after.to_string(),
                confidence: millis(c.confidence),
                made: c.decision.is_made(),
                context: context(document.text(), c),
            })
            .collect();
        drop(positions);
        let worst = Worst { path: String::new(), record: None, words, wrong };
        let mut facts = Self {
            documents: 1,
            // Without a word nothing is wrong.
            estimated: u64::from(changes.estimate().is_some() || words == 0),
            words,
            wrong,
            rates,
            pairs,
            doubtful,
            worst: if words >= LEAST_WORDS && wrong[0] > 0 { vec![worst] } else { Vec::new() },
        };
        facts.prune();
        facts
    }

    /// Adds those of the documents that follow.
    pub fn add(&mut self, other: &Self) {
        self.documents = self.documents.saturating_add(other.documents);
        self.estimated = self.estimated.saturating_add(other.estimated);
        self.words = self.words.saturating_add(other.words);
        for (sum, more) in self.wrong.iter_mut().zip(other.wrong) {
            *sum = sum.saturating_add(more);
        }
        for (sum, more) in self.rates.iter_mut().flatten().zip(other.rates.iter().flatten()) {
            *sum = sum.saturating_add(*more);
        }
        for (name, pair) in &other.pairs {
            match self.pairs.get_mut(name) {
                Some(known) => known.number = known.number.saturating_add(pair.number),
                None => drop(self.pairs.insert(name.clone(), pair.clone())),
            }
        }
        self.doubtful.extend_from_slice(&other.doubtful);
        self.worst.extend_from_slice(&other.worst);
        self.prune();
    }

    /// The same, of the record on line `record`, from 1.
    pub fn number(&mut self, record: u64) {
        self.doubtful.iter_mut().for_each(|doubtful| doubtful.record = Some(record));
        self.worst.iter_mut().for_each(|worst| worst.record = Some(record));
    }

    /// The same, of a file named `path`.
    #[must_use]
    pub fn named(mut self, path: &str) -> Self {
        self.doubtful.iter_mut().for_each(|doubtful| path.clone_into(&mut doubtful.path));
        self.worst.iter_mut().for_each(|worst| path.clone_into(&mut worst.path));
        self
    }

    /// Keeps what tells most; of equals what came first.
    fn prune(&mut self) {
        self.doubtful.sort_by_key(|place| doubt(place.confidence));
        self.doubtful.truncate(DOUBTFUL);
        self.worst.sort_by(|a, b| rate(b.wrong[0], b.words).total_cmp(&rate(a.wrong[0], a.words)));
        self.worst.truncate(WORST);
        if self.pairs.len() > 2 * PAIRS {
            let frequent = self.frequent(PAIRS);
            self.pairs = frequent.into_iter().map(|(name, pair)| (name.to_owned(), pair.clone())).collect();
        }
    }

    /// The share of wrong words, if it was estimated for all documents and any has words.
    #[must_use]
    pub fn estimate(&self) -> Option<Estimate> {
        let [before, after] = self.wrong.map(|wrong| rate(wrong, self.words) / 100.0);
        (self.estimated == self.documents && self.words > 0).then_some(Estimate { words: self.words, before, after })
    }

    /// The most frequent corrections, at most `most`.
    #[must_use]
    pub fn frequent(&self, most: usize) -> Vec<(&str, &Pair)> {
        let mut pairs: Vec<(&str, &Pair)> = self.pairs.iter().map(|(name, pair)| (&**name, pair)).collect();
        pairs.sort_by_key(|&(name, pair)| (Reverse(pair.number), name));
        pairs.truncate(most);
        pairs
    }
}

/// Everything that is said of an archive.
#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    /// Version of this object, [`SCHEMA`].
    pub schema: u32,
    /// Version of the program.
    pub scanno: String,
    /// Name and version of the language data.
    pub data: String,
    /// The options that had a part in the result.
    pub config: serde_json::Value,
    /// Files that were done.
    pub files: u64,
    /// Files that were not, each with the reason.
    pub failed: Vec<Failed>,
    /// Records that were passed through, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Changes and findings of all documents.
    #[serde(flatten)]
    pub counts: Counts,
    /// What else is known of them.
    #[serde(flatten)]
    pub facts: Facts,
    /// How long it took: the one thing that differs from run to run.
    pub time: Time,
}

/// A file that was not done.
#[derive(Clone, Debug, Serialize)]
pub struct Failed {
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// How long a run took.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Time {
    /// Seconds from begin to end.
    pub seconds: f64,
    /// Bytes that were read, as they lie in the files.
    pub bytes: u64,
}

impl Overview {
    /// The content of `report.json`.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("keys are strings");
        json.push(b'\n');
        json
    }

    /// In a sentence how bad the text was and is.
    #[must_use]
    pub fn verdict(&self) -> String {
        let facts = &self.facts;
        let [before, after] = facts.wrong.map(|wrong| rate(wrong, facts.words));
        let documents = plural(usize::try_from(facts.documents).unwrap_or(usize::MAX), "document");
        if let Some(estimate) = facts.estimate() {
            format!("{documents}, {} words; {}", facts.words, super::summary::estimated(estimate))
        } else {
            format!("{documents}, {} words: {before:.1} % changed or doubtful, {after:.1} % only doubtful", facts.words)
        }
    }

    /// Numbers of corrections by class, the largest first: made, and suggested.
    #[must_use]
    pub fn classes(&self) -> Vec<(Class, usize, usize)> {
        let number = |decisions: &BTreeMap<Decision, usize>, is_made: bool| {
            decisions.iter().filter(|(decision, _)| decision.is_made() == is_made).map(|(_, number)| number).sum()
        };
        let mut classes: Vec<(Class, usize, usize)> =
            self.counts.changes.iter().map(|(&class, d)| (class, number(d, true), number(d, false))).collect();
        classes.sort_by_key(|&(class, made, suggested)| (Reverse(made + suggested), class));
        classes
    }
}

/// The share of `wrong` thousandths in `words`, percent.
#[must_use]
pub fn rate(wrong: u64, words: u64) -> f64 {
    if words == 0 { 0.0 } else { wrong as f64 / 10.0 / words as f64 }
}

fn thousandths(share: f64, words: u64) -> u64 {
    (share.clamp(0.0, 1.0) * 1000.0 * words as f64).round() as u64
}

fn class_of(rate: f64) -> usize {
    RATES.iter().rposition(|&from| rate >= from).unwrap_or(0)
}

fn millis(confidence: f64) -> u32 {
    (confidence.clamp(0.0, 1.0) * 1000.0).round() as u32
}

/// How far from a toss-up; what is nearest is looked at first.
fn doubt(confidence: u32) -> u32 {
    confidence.abs_diff(500)
}

/// On one line.
fn shown(text: &str) -> String {
    text.replace('\n', "⏎").replace('\r', "")
}

/// Code points of context on each side.
const CONTEXT: usize = 30;

fn context(text: &str, c: &Correction) -> [String; 2] {
    let (left, right) = (&text[..c.span.start], &text[c.span.end..]);
    let from = left.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
    let to = right.char_indices().nth(CONTEXT).map_or(right.len(), |(at, _)| at);
    [left[from..].to_owned(), right[..to].to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    fn correction(start: usize, end: usize, confidence: f64) -> Correction {
        Correction {
            span: Span::new(start, end),
            before: "tbe".into(),
            after: "the".into(),
            class: Class::Substitution,
            rule: "test".into(),
            confidence,
            decision: if confidence > 0.7 { Decision::Applied } else { Decision::Suggested },
            decided: None,
            alternatives: Vec::new(),
            evidence: Vec::new(),
        }
    }

    fn facts(estimate: Option<Estimate>) -> Facts {
        let document = Document::from_text("tbe house and\ntbe hill".repeat(5));
        let changes = ChangeLog::new(vec![correction(0, 3, 0.9), correction(14, 17, 0.6)], Vec::new(), estimate);
        let mut facts = Facts::of(&document, &changes);
        facts.number(7);
        facts
    }

    #[test]
    fn a_document_is_rated_by_its_estimate_or_by_what_was_found() {
        let found = facts(None);
        assert_eq!((found.words, found.wrong, found.estimated), (21, [2000, 1000], 0));
        let estimated = facts(Some(Estimate { words: 21, before: 0.1, after: 0.05 }));
        assert_eq!((estimated.wrong, estimated.estimated), ([2100, 1050], 1));
        assert_eq!(estimated.rates[0][class_of(10.0)], 1);
        assert_eq!(found.doubtful[0].confidence, 600);
        assert_eq!((found.doubtful[0].line, found.doubtful[0].record), (2, Some(7)));
    }

    #[test]
    fn facts_add_up_and_stay_bounded() {
        let mut sum = Facts::default();
        for number in 0..3 * PAIRS {
            let mut one = facts(None).named("a.txt");
            one.pairs.insert(format!("{number} → x"), Pair { number: 1, example: Default::default() });
            sum.add(&one);
        }
        assert_eq!((sum.documents, sum.words), (3 * PAIRS as u64, 21 * 3 * PAIRS as u64));
        let example = ["".into(), " house and\ntbe hilltbe house a".into()];
        assert_eq!(sum.frequent(1), [("tbe → the", &Pair { number: 3 * PAIRS as u64, example })]);
        assert!(sum.pairs.len() <= 2 * PAIRS && sum.doubtful.len() == DOUBTFUL && sum.worst.len() == WORST);
        assert_eq!(sum.worst[0].path, "a.txt");
    }
}
