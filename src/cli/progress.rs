//! [`Progress`]: how far many files have come. A bar on a terminal, elsewhere
//! a line a minute.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{DecimalBytes, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use scanno::corpus::{Job, Observer, Outcome};

use crate::cli::terminal::Terminal;

/// Between two lines where there is no terminal.
const PAUSE: Duration = Duration::from_secs(60);

/// Watches a run, and tells of what fails as soon as it does.
pub(crate) struct Progress<'t> {
    terminal: &'t Terminal,
    counts: Arc<Counts>,
    /// Dropped at the end, which ends the thread that writes lines.
    lines: Option<(Sender<()>, JoinHandle<()>)>,
}

struct Counts {
    bar: ProgressBar,
    files: usize,
    done: AtomicUsize,
    failed: AtomicUsize,
}

impl<'t> Progress<'t> {
    /// For a run over `files` files of `bytes` bytes in all.
    pub(crate) fn new(terminal: &'t Terminal, files: usize, bytes: u64) -> Self {
        let counts = |bar| Arc::new(Counts { bar, files, done: AtomicUsize::new(0), failed: AtomicUsize::new(0) });
        if terminal.is_quiet() {
            return Self { terminal, counts: counts(ProgressBar::hidden()), lines: None };
        }
        if io::stderr().is_terminal() {
            let bar = terminal.bar().clone();
            bar.set_length(bytes);
            let template = "{bar:32} {percent} %, {decimal_bytes_per_sec}, {eta} left, {msg}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
            bar.enable_steady_tick(Duration::from_millis(500));
            return Self { terminal, counts: counts(bar), lines: None };
        }
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::hidden());
        let counts = counts(bar);
        let (sender, receiver) = channel();
        let shared = Arc::clone(&counts);
        let thread = std::thread::spawn(move || {
            while receiver.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                Terminal::write_line(format_args!("{}", shared.line()));
            }
        });
        Self { terminal, counts, lines: Some((sender, thread)) }
    }

    /// Takes the bar away.
    pub(crate) fn end(self) {
        self.counts.bar.finish_and_clear();
        if let Some((sender, thread)) = self.lines {
            drop(sender);
            let _ = thread.join();
        }
    }
}

impl Counts {
    fn message(&self) -> String {
        let (done, failed) = (self.done.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed));
        let failures = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        format!("{done} of {} files{failures}", self.files)
    }

    fn line(&self) -> String {
        let bar = &self.bar;
        format!(
            "{} of {}, {}/s, {} left, {}",
            DecimalBytes(bar.position()),
            DecimalBytes(bar.length().unwrap_or(0)),
            DecimalBytes(bar.per_sec() as u64),
            HumanDuration(bar.eta()),
            self.message()
        )
    }
}

impl Observer for Progress<'_> {
    fn read(&self, bytes: u64) {
        self.counts.bar.inc(bytes);
    }

    fn done(&self, _: &Job, outcome: &Outcome) {
        self.counts.done.fetch_add(1, Ordering::Relaxed);
        if let Outcome::Failed(error) = outcome {
            self.counts.failed.fetch_add(1, Ordering::Relaxed);
            self.terminal.error(error);
        }
        self.counts.bar.set_message(self.counts.message());
    }
}
