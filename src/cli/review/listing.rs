//! Changes to look at: each on its line for a terminal, a unified diff for
//! other programs, or numbers.

use std::io::{self, IsTerminal, Write};

use anyhow::{Result, anyhow};
use scanno::change::{Decision, Target as Encoded};
use scanno::report::stat::Stat;
use scanno::report::{inline, summary};
use scanno::review::{Filter, Order};
use scanno::{ChangeLog, Document};

use super::opened::{self, Opened};
use super::{ReviewArgs, filter};
use crate::cli::exit_code::ExitCode;
use crate::cli::input::Input;
use crate::cli::options::Settings;
use crate::cli::terminal::{Terminal, stdout_columns, stdout_has_color};
use crate::cli::{pager, say_summary, write_diff};

pub(super) fn run(args: &ReviewArgs, inputs: &[Input], settings: &Settings, terminal: &Terminal) -> Result<ExitCode> {
    let corrector = settings.corrector()?;
    let filter = filter(args, settings);
    let is_for_eyes = io::stdout().is_terminal() || stdout_has_color();
    // A diff in another order would be none.
    let is_diff = !args.stat && !is_for_eyes && args.sort.is_none();
    let mut out = Vec::new();
    let mut stat = Stat::default();
    let code = crate::cli::for_each(inputs, terminal, |input| {
        let opened = opened::open(input, opened::log_beside(input).as_deref(), settings, &corrector)?;
        opened.notes.iter().for_each(|note| terminal.warn(note));
        let Opened { document, changes, target, .. } = opened;
        let changes = chosen(&changes, &filter);
        if args.stat {
            changes.corrections().iter().for_each(|c| stat.add(c));
        } else if is_diff {
            write_diff(input, &document, &with_suggestions(&document, &changes, target), target)?;
        } else {
            let order = args.sort.unwrap_or_default();
            list(&mut out, input, &document, &changes, order).map_err(|error| anyhow!(error))?;
        }
        if args.stat || is_diff {
            say_summary(input, &changes, terminal);
        }
        let nothing = changes.corrections().is_empty() && changes.findings().is_empty();
        Ok(if nothing { ExitCode::Done } else { ExitCode::Found })
    })?;
    stat.write(&mut out)?;
    if !stdout_has_color() {
        out = anstream::adapter::strip_bytes(&out).into_vec();
    }
    pager::show(&out, !args.no_pager)?;
    Ok(code)
}

/// The changes that `filter` takes; all findings. What is estimated is of all
/// changes or of none.
fn chosen(changes: &ChangeLog, filter: &Filter) -> ChangeLog {
    let all = changes.corrections();
    let corrections: Vec<_> = all.iter().filter(|c| filter.takes(c)).cloned().collect();
    let estimate = changes.estimate().filter(|_| corrections.len() == all.len());
    ChangeLog::new(corrections, changes.findings().to_vec(), estimate)
}

/// A summary and a line for each change that was not rejected.
fn list(out: &mut impl Write, input: &Input, document: &Document, changes: &ChangeLog, order: Order) -> io::Result<()> {
    let corrections = changes.corrections();
    let mut indices: Vec<usize> =
        (0..corrections.len()).filter(|&i| corrections[i].decision != Decision::Rejected).collect();
    if indices.is_empty() && changes.findings().is_empty() {
        return Ok(());
    }
    order.sort(&mut indices, corrections);
    summary::write(&mut *out, &input.name(), &changes.counts(), changes.estimate())?;
    inline::write(&mut *out, document, indices.into_iter().map(|i| &corrections[i]), stdout_columns())?;
    out.write_all(b"\n")
}

/// `changes` with every suggestion made that the output's encoding can hold.
fn with_suggestions(document: &Document, changes: &ChangeLog, encoded: Encoded) -> ChangeLog {
    let mut corrections = changes.corrections().to_vec();
    for correction in &mut corrections {
        let fits = encoded == Encoded::Utf8 || document.encode(&correction.after).is_some();
        if correction.decision == Decision::Suggested && fits {
            correction.decision = Decision::Applied;
        }
    }
    ChangeLog::new(corrections, changes.findings().to_vec(), changes.estimate())
}
