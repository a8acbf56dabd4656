//! [`Decision`]: what a memory of decisions is made of.

use super::{Ruling, Scope, Verdict};
use crate::Correction;
use crate::change::Decision as Decided;
use crate::memory::{Remembered, Ruled};

/// What a person decided about one change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision<'s> {
    /// The change, as the program proposed it.
    pub change: &'s Correction,
    /// What was decided, how far it goes, by whom and when.
    pub ruling: &'s Ruling,
}

impl<'s> Decision<'s> {
    /// What stands in the original.
    #[must_use]
    pub fn before(&self) -> &'s str {
        &self.change.before
    }

    /// What becomes of it: its own text if the change was rejected.
    #[must_use]
    pub fn outcome(&self) -> &'s str {
        match &self.ruling.verdict {
            Verdict::Accept => &self.change.after,
            Verdict::Reject => &self.change.before,
            Verdict::Text(text) => text,
        }
    }

    /// True if the person said that it holds in every document.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        self.ruling.scope == Scope::Everywhere
    }

    /// What a memory keeps of it, if it holds in every document.
    #[must_use]
    pub fn everywhere(&self) -> Option<Remembered> {
        let (decision, after) = match self.ruling.verdict {
            Verdict::Reject => (Decided::Rejected, &*self.change.after),
            Verdict::Accept | Verdict::Text(_) => (Decided::Accepted, self.outcome()),
        };
        self.is_everywhere().then(|| {
            Remembered::Change(Ruled {
                before: self.change.before.to_string(),
                after: after.to_owned(),
                class: self.change.class,
                decision,
                context: None,
                decided: self.ruling.decided.clone(),
            })
        })
    }
}
