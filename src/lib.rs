//! scanno finds and corrects the errors that optical character recognition
//! leaves in English text, and keeps a log of every change.
//!
//! ```
//! use scanno::{Config, Corrector, Document};
//!
//! let corrector = Corrector::new(Config::default());
//! let document = Document::from_text("He opened tbe door of the old house and went in.");
//! let changes = corrector.correct(&document);
//! assert_eq!(changes.apply(document.text()), "He opened the door of the old house and went in.");
//!
//! let change = &changes.corrections()[0];
//! assert_eq!((&*change.before, &*change.after, change.span.start), ("tbe", "the", 10));
//! ```
//!
//! # The flow
//!
//! 1. [`document`]: bytes become a [`Document`], text with an exact way back to the file. It is never rewritten.
//! 2. [`document::tokens`] cuts the text into words, numbers, punctuation and white space.
//! 3. [`detect`] asks how doubtful each word is; known words can be doubtful too.
//! 4. [`candidate`] proposes readings of what is doubtful, one generator a file, all in one unit of cost.
//! 5. [`decode`] lays all readings into a lattice, with "leave it alone" among them, and finds the best path.
//! 6. [`model`] is what is known meanwhile: words, their neighbors, and what engines misread for what.
//! 7. [`Corrector`] lets one more model judge each change, and makes it, suggests it or drops it.
//! 8. [`change`]: the result is a [`ChangeLog`], sorted and disjoint edits of spans of the original.
//! 9. [`format`](mod@format), [`report`] and [`evaluate`] make logs, diffs, explanations and figures of it.
//! 10. [`review`]: a person goes through them and decides.
//! 11. [`learn`] fits the models to a collection, from pages that someone has corrected.
//! 12. [`corpus`] does all this for many files on all cores, and writes each whole or not at all.
//!
//! Steps 2 to 7 know language and no files, the others files and no language. A [`Corrector`] is immutable and serves
//! any number of threads; the same input, [`Config`] and models give the same [`ChangeLog`] on every machine.
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
mod fault;
pub mod format;
pub mod learn;
pub mod memory;
pub mod model;
pub mod report;
pub mod review;

pub use change::{ChangeLog, Correction};
pub use config::{Config, Level};
pub use corrector::{Corrector, Proposal, Work};
pub use document::{Document, Span};

/// The README's example runs as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
