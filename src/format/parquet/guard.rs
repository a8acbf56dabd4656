//! [`guarded`]: calls into the `parquet` crate, which trusts much of what is
//! in a file and panics where that is damaged.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use super::TableError;

thread_local! {
    /// This thread is in such a call.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What `call` gives. If it panics, the file is damaged; of that nothing is
/// printed. What it worked with must not be used again. Panics elsewhere, on
/// other threads too, are told as ever.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T, TableError>) -> Result<T, TableError> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let tell = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                tell(panic);
            }
        }));
    });
    let outer = IS_GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(call));
    IS_GUARDED.set(outer);
    result.unwrap_or_else(|_| Err(TableError::Damaged("its parts contradict one another".into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_damage_and_quiet_in_the_call_alone() {
        let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        // A hook of this test's own, below that of `guarded`; those of other tests are told as before.
        let (others, list) = (panic::take_hook(), told.clone());
        panic::set_hook(Box::new(move |panic| match panic.payload_as_str() {
            Some(what) if what.starts_with("guard test") => list.lock().unwrap().push(what.to_owned()),
            _ => others(panic),
        }));
        let result = guarded(|| {
            let inner: Result<(), _> = guarded(|| panic!("guard test: inner"));
            assert!(inner.is_err());
            let elsewhere = std::thread::spawn(|| panic!("guard test: another thread")).join();
            assert!(elsewhere.is_err());
            if told.lock().unwrap().len() < 9 { panic!("guard test: outer") } else { Ok(()) }
        });
        assert!(matches!(result, Err(TableError::Damaged(_))));
        assert!(catch_unwind(|| panic!("guard test: afterwards")).is_err());
        assert_eq!(guarded(|| Ok(7)).unwrap(), 7);
        let told = told.lock().unwrap();
        for what in ["guard test: another thread", "guard test: afterwards"] {
            assert!(told.contains(&what.to_owned()), "{told:?}");
        }
    }
}
