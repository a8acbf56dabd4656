//! What is long goes through a pager, as `git` does it.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

use anyhow::{Result, anyhow};

use crate::cli::output::write_styled;

/// The pager where none is chosen: it ends by itself if all fits on the
/// screen, and passes colors on.
const DEFAULT: &str = "less -FRX";

/// Writes `text`, lines of our own, to standard output: through the pager if that is a terminal
/// and `is_wanted`. A pager that is not there is no trouble.
pub(crate) fn show(text: &[u8], is_wanted: bool) -> Result<()> {
    let pager = if is_wanted && io::stdout().is_terminal() && !text.is_empty() { chosen() } else { None };
    let Some(pager) = pager else { return write_styled(text) };
    let mut command = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    command.args([if cfg!(windows) { "/C" } else { "-c" }, &pager]);
    let Ok(mut child) = command.stdin(Stdio::piped()).spawn() else { return write_styled(text) };
    if let Some(mut input) = child.stdin.take() {
        // Who leaves the pager early has seen enough.
        let _ = input.write_all(text);
    }
    let status = child.wait().map_err(|error| anyhow!("{pager}: {error}"))?;
    // What a shell reports of a command that it does not find.
    if status.code() == Some(127) { write_styled(text) } else { Ok(()) }
}

/// $SCANNO_PAGER, else $PAGER, else the default; none if it is empty or `cat`.
fn chosen() -> Option<String> {
    let pager = ["SCANNO_PAGER", "PAGER"].into_iter().find_map(|variable| env::var(variable).ok());
    let pager = pager.unwrap_or_else(|| DEFAULT.to_owned());
    (!pager.trim().is_empty() && pager.trim() != "cat").then_some(pager)
}
