//! The [`ChangeLog`]: the one list of edits that everything else is a view of.

use super::{Correction, Finding};

/// Estimated share of wrong words (0..1), without knowing the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// In the text as read.
    pub before: f64,
    /// In the cleaned text.
    pub after: f64,
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
    /// If two corrections overlap or one is empty: a fault of the caller.
    #[must_use]
    pub fn new(mut corrections: Vec<Correction>, mut findings: Vec<Finding>, estimate: Option<Estimate>) -> Self {
        corrections.sort_by_key(|c| c.span);
        findings.sort_by_key(|f| f.span);
        assert!(corrections.iter().all(|c| !c.span.is_empty()), "empty correction");
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
