//! Sessions for the tests.

use scanno::change::{Alternative, Class, Decision, Evidence, Target};
use scanno::review::Session;
use scanno::{ChangeLog, Correction, Document, Span};

/// A review of `text` in which each of `changes`, found in their order, is made.
pub(super) fn session(text: &str, changes: &[(&str, &str)]) -> Session {
    let mut from = 0;
    let corrections = changes
        .iter()
        .map(|&(before, after)| {
            let start = from + text[from..].find(before).unwrap();
            from = start + before.len();
            Correction {
                span: Span::new(start, from),
                before: before.into(),
                after: after.into(),
                class: Class::Substitution,
                rule: "confusion".into(),
                confidence: 0.983,
                decision: Decision::Applied,
                decided: None,
                alternatives: vec![Alternative { text: "tube".into(), confidence: 0.012 }],
                evidence: vec![Evidence { observed: "b".into(), intended: "h".into(), cost: 4.2 }],
            }
        })
        .collect();
    Session::new(Document::from_text(text), ChangeLog::new(corrections, Vec::new(), None), Target::AsRead)
}
