//! What a text is made of, and where it looks wrong.

mod foreign;
mod forms;
mod passage;
mod protect;
mod statistics;
mod word;

pub use passage::Passage;
pub use statistics::Statistics;
pub use word::{Doubt, Word};

pub(crate) use passage::passages;
pub(crate) use word::Sources;
