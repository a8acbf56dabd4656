//! Files: written [whole or not at all](Replacement), [locked](Lock) while a
//! run works on them, [recognized](may_replace) before they are replaced, and
//! [never wider open](Access) than what they were made from.
//!
//! A name that the user gives leads where it leads, links and all. A name that
//! is made up here, below a folder of outputs, is never written through a link:
//! whoever put it there may not be the user.

mod access;
mod fault;
mod lock;
mod own;
mod replace;
mod temporary;

pub use access::Access;
pub use fault::describe;
pub use lock::{Lock, LockError};
pub use own::{Mark, may_replace};
pub use replace::{Destination, Replacement, keep_attributes, replace_file};
pub use temporary::{abandon_temporary, folder_of};
