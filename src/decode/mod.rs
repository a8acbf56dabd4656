//! Which reading of every span is best, and how sure that is.

mod adapt;
mod features;
mod lattice;
mod signs;

pub(crate) use adapt::Adaptation;
pub use features::{FEATURES, Features};
pub use lattice::Lattice;
pub use signs::{Signs, changed_words};
