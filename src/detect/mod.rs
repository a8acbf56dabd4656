//! What a text is made of, and where it looks wrong.

mod foreign;
mod passage;
mod protect;
mod statistics;

pub use passage::{Doubt, Passage, Word};
pub use statistics::Statistics;

pub(crate) use passage::{Sources, passages};
