//! Signals that ask the program to end: no temporary file stays behind, and
//! nothing is half-written.

use std::sync::atomic::{AtomicBool, Ordering};

use scanno::files::abandon_temporary;

use crate::cli::exit_code::ExitCode;
use crate::cli::terminal::Terminal;

/// Set by the first Ctrl-C in a command that can [stop gracefully](stop_gracefully).
static STOP: AtomicBool = AtomicBool::new(false);
/// The command can.
static IS_GRACEFUL: AtomicBool = AtomicBool::new(false);

/// What puts the terminal in order before the program ends, where that is needed.
static RESTORE: std::sync::OnceLock<fn()> = std::sync::OnceLock::new();

/// From here on `restore` is called before an interrupt ends the program.
#[cfg(feature = "tui")]
pub(crate) fn restore_on_interrupt(restore: fn()) {
    let _ = RESTORE.set(restore);
}

/// From here on the first Ctrl-C only sets the flag; the second ends the program.
pub(crate) fn stop_gracefully() -> &'static AtomicBool {
    IS_GRACEFUL.store(true, Ordering::Relaxed);
    &STOP
}

/// What Ctrl-C does, and what is done where the system asks the program to end
/// or the terminal is gone.
fn interrupted() {
    if IS_GRACEFUL.load(Ordering::Relaxed) && !STOP.swap(true, Ordering::Relaxed) {
        Terminal::write_line("stopping as soon as what was begun is safe; Ctrl-C again stops at once");
        return;
    }
    abandon_temporary();
    RESTORE.get().inspect(|restore| restore());
    std::process::exit(ExitCode::Interrupted as i32);
}

/// Handles each of these signals that is not ignored: one that is ignored,
/// as hanging up is under nohup and Ctrl-C in a script's background, stays so.
#[cfg(target_os = "linux")]
pub(crate) fn handle() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = ignored(&status);
    let heeded = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored & 1 << (signal - 1) == 0);
    let Ok(mut signals) = signal_hook::iterator::Signals::new(heeded) else { return };
    // Without a thread to spare for it the system's own way holds: the program ends.
    let name = std::thread::Builder::new().name("signals".into());
    let _ = name.spawn(move || signals.forever().for_each(|_| interrupted()));
}

/// The set of ignored signals in a process's status, bit 0 for signal 1: proc(5).
#[cfg(target_os = "linux")]
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Handles these signals, unless one of them is ignored.
#[cfg(not(target_os = "linux"))]
pub(crate) fn handle() {
    let _ = ctrlc::try_set_handler(interrupted);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::ignored;

    #[test]
    fn the_mask_is_found() {
        assert_eq!(ignored("Name:\tscanno\nSigIgn:\t0000000000001003\nSigCgt:\t0000000000004440\n"), 0x1003);
        assert_eq!(ignored("Name:\tscanno\n"), 0);
    }
}
