//! scanno finds and corrects the errors that optical character recognition
//! leaves in English text.
#![deny(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod candidate;
pub mod change;
mod config;
pub mod corpus;
mod corrector;
pub mod decode;
pub mod detect;
pub mod document;
pub mod evaluate;
pub mod format;
pub mod model;
pub mod report;

pub use change::{ChangeLog, Correction};
pub use config::{Config, Level};
pub use corrector::{Corrector, Proposal};
pub use document::{Document, Span};
