//! A [`ChangeLog`](crate::ChangeLog) as people and other programs read it.
//! Everything is written to an [`io::Write`](std::io::Write); nothing here
//! knows whether that is a terminal.

pub mod audit;
pub mod diff;
pub mod explain;
pub mod fit;
mod html;
pub mod inline;
pub mod overview;
pub mod page;
pub mod stat;
pub mod summary;
mod visible;

pub use visible::visible;
