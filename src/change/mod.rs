//! What is to be changed: [`Correction`]s of one document, gathered in a
//! [`ChangeLog`], and [`Edit`]s, the same on the bytes of the file. What no
//! replacement may do, [`check_replacement`] says.
//!
//! The log as a file, and the way back from a cleaned text to the original,
//! are [`format::jsonl`](crate::format::jsonl)'s.

mod correction;
mod edit;
mod log;
mod replacement;

pub use correction::{Alternative, Class, Correction, Decided, Decision, Evidence, Finding, FindingClass, Maker};
pub use edit::{Edit, Target, Unencodable, splice};
pub use log::{ChangeLog, Counts, Estimate};
pub use replacement::{Unfit, check_replacement, line_ends};
