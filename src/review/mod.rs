//! Going through the changes of one document and deciding about each.
//!
//! A [`Session`] is a document, its [`ChangeLog`](crate::ChangeLog), and what a
//! person has decided so far. Everything a person does is an [`Action`], and
//! the state of a session is what its actions have made of it: each can be
//! undone, and a [`Journal`] that holds them brings a session back after a crash.
//!
//! Nothing here knows a terminal, a page or a clock: who decides, and when, is
//! told with each action.
//!
//! ```
//! use scanno::change::Decided;
//! use scanno::review::{Action, Scope, Session, Verdict};
//! use scanno::{Config, Corrector, Document};
//!
//! let document = Document::from_text("He opened tbe door of the old house and went in.");
//! let changes = Corrector::new(Config::default()).correct(&document);
//! let mut session = Session::new(document, changes, Default::default());
//!
//! let decided = Decided { by: "Ann".into(), at: "2026-11-22T13:05:00Z".into() };
//! let action = Action::Decide { mark: session.mark(0), verdict: Verdict::Reject, scope: Scope::Here };
//! session.act(&action, &decided).unwrap();
//! assert_eq!(session.cleaned(), session.document().text());
//!
//! session.act(&Action::Undo, &decided).unwrap();
//! assert_eq!(session.progress().decided(), 0);
//! ```

mod action;
mod decision;
mod journal;
mod session;
mod view;

pub use action::{Action, Mark, Refused, Scope, Verdict};
pub use decision::Decision;
pub use journal::{JOURNAL_SUFFIX, Journal, JournalError, JournalHeader, JournalLine, journal_path};
pub use session::{Progress, Ruling, Session};
pub use view::{Filter, Order};
