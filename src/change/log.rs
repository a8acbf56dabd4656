//! The [`ChangeLog`]: the one list of edits that everything else is a view of.

use std::collections::BTreeMap;

use compact_str::CompactString;

use super::{Alternative, Class, Correction, Decided, Decision, Finding, FindingClass};
use serde::{Deserialize, Serialize};

use crate::Document;

/// Estimated share of wrong words (0..1), without knowing the truth: of all
/// words, those that the truth has otherwise, be it by a letter, a capital or
/// a mark. What is missing from a text, it cannot tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Words that were judged: what this estimate weighs beside others.
    #[serde(default)]
    pub words: u64,
    /// In the text as read.
    pub before: f64,
    /// In the cleaned text, with the changes that were made when the estimate was.
    pub after: f64,
}

impl Estimate {
    /// The estimate of several documents together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let words = self.words.saturating_add(other.words);
        let share = |a: f64, b: f64| {
            let wrong = a * self.words as f64 + b * other.words as f64;
            if words == 0 { 0.0 } else { (wrong / words as f64).clamp(0.0, 1.0) }
        };
        Self { words, before: share(self.before, other.before), after: share(self.after, other.after) }
    }
}

/// Numbers of corrections and findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Corrections by class and decision. What does not occur is not listed.
    pub changes: BTreeMap<Class, BTreeMap<Decision, usize>>,
    /// Findings by class. What does not occur is not listed.
    pub findings: BTreeMap<FindingClass, usize>,
}

impl Counts {
    /// Corrections of any class with this decision.
    #[must_use]
    pub fn with(&self, decision: Decision) -> usize {
        self.changes.values().filter_map(|decisions| decisions.get(&decision)).fold(0, saturating_sum)
    }

    /// Corrections that the cleaned text holds.
    #[must_use]
    pub fn made(&self) -> usize {
        self.with(Decision::Applied).saturating_add(self.with(Decision::Accepted))
    }

    /// Findings of any class.
    #[must_use]
    pub fn found(&self) -> usize {
        self.findings.values().fold(0, saturating_sum)
    }

    /// Adds the numbers of another document.
    pub fn add(&mut self, other: &Self) {
        for (&class, decisions) in &other.changes {
            for (&decision, &number) in decisions {
                let sum = self.changes.entry(class).or_default().entry(decision).or_default();
                *sum = sum.saturating_add(number);
            }
        }
        for (&class, &number) in &other.findings {
            let sum = self.findings.entry(class).or_default();
            *sum = sum.saturating_add(number);
        }
    }
}

/// Numbers may come from a file that someone has edited.
fn saturating_sum(sum: usize, number: &usize) -> usize {
    sum.saturating_add(*number)
}

/// The corrections and findings of one document: each list sorted by span,
/// corrections disjoint and none empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangeLog {
    corrections: Vec<Correction>,
    findings: Vec<Finding>,
    estimate: Option<Estimate>,
}

impl ChangeLog {
    /// A log of `corrections` and `findings`, sorted here.
    ///
    /// # Panics
    /// If two corrections overlap, or a correction or finding is empty: a fault
    /// of the caller.
    #[must_use]
    pub fn new(mut corrections: Vec<Correction>, mut findings: Vec<Finding>, estimate: Option<Estimate>) -> Self {
        corrections.sort_by_key(|c| c.span);
        findings.sort_by_key(|f| f.span);
        assert!(corrections.iter().all(|c| !c.span.is_empty()), "empty correction");
        assert!(findings.iter().all(|f| !f.span.is_empty()), "empty finding");
        assert!(corrections.windows(2).all(|w| w[0].span.end <= w[1].span.start), "overlapping corrections");
        Self { corrections, findings, estimate }
    }

    /// All corrections, made or not, in the order of the text.
    #[must_use]
    pub fn corrections(&self) -> &[Correction] {
        &self.corrections
    }

    /// All findings, in the order of the text.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The estimated share of wrong words, where one was made.
    #[must_use]
    pub fn estimate(&self) -> Option<Estimate> {
        self.estimate
    }

    /// How many corrections and findings there are of each kind.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for c in &self.corrections {
            *counts.changes.entry(c.class).or_default().entry(c.decision).or_default() += 1;
        }
        for f in &self.findings {
            *counts.findings.entry(f.class).or_default() += 1;
        }
        counts
    }

    /// Writes down what a person decided about the correction `index` of
    /// [`ChangeLog::corrections`]: accepted or rejected.
    ///
    /// # Panics
    /// If there is no such correction.
    pub fn decide(&mut self, index: usize, accept: bool, decided: Decided) {
        let correction = &mut self.corrections[index];
        correction.decision = if accept { Decision::Accepted } else { Decision::Rejected };
        correction.decided = Some(decided.into());
    }

    /// Like [`ChangeLog::decide`] with `accept`, but the person's own reading
    /// takes the place of the program's, which becomes the first alternative.
    ///
    /// # Panics
    /// If there is no such correction.
    pub fn replace(&mut self, index: usize, after: impl Into<CompactString>, decided: Decided) {
        let correction = &mut self.corrections[index];
        let text = std::mem::replace(&mut correction.after, after.into());
        correction.alternatives.retain(|a| a.text != correction.after);
        if text != correction.after {
            correction.alternatives.insert(0, Alternative { text, confidence: correction.confidence });
            correction.evidence.clear();
        }
        self.decide(index, true, decided);
    }

    /// Only suggests what would be made, by the program's judgement or by a
    /// remembered one, but `document`'s encoding cannot hold. Gives the number
    /// of corrections held back.
    pub fn hold_back_unencodable(&mut self, document: &Document) -> usize {
        let mut held_back = 0;
        for c in self.corrections.iter_mut().filter(|c| c.decision.is_made()) {
            if document.encode(&c.after).is_none() {
                c.decision = Decision::Suggested;
                c.decided = None;
                held_back += 1;
            }
        }
        held_back
    }

    /// `text` with every correction made whose decision says so.
    /// `text` must be the text the log was made from.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for c in self.corrections.iter().filter(|c| c.decision.is_made()) {
            out.push_str(&text[from..c.span.start]);
            out.push_str(&c.after);
            from = c.span.end;
        }
        out.push_str(&text[from..]);
        out
    }
}
