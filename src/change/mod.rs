//! What is to be changed: [`Correction`]s of one document, gathered in a
//! [`ChangeLog`], and the two ways to use it, [`apply`](ChangeLog::apply) and
//! revert.

mod correction;
mod log;

pub use correction::{Alternative, Class, Correction, Decision, Evidence, Finding, FindingClass};
pub use log::{ChangeLog, Estimate};
