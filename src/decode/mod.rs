//! Which reading of every span is best, and how sure that is.

mod features;
mod lattice;

pub use features::{FEATURES, Features};
pub use lattice::Lattice;
