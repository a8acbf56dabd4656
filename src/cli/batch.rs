//! `scanno batch`: folders of texts into a folder.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Result, bail};
use clap::Args;
use scanno::change::{Counts, Decision, Estimate};
use scanno::corpus::{self, Job, LeftOut, Outcome, Plan, RunOptions};
use scanno::document::{Encoding, sha256};
use scanno::{Corrector, report};

use crate::cli::exit_code::ExitCode;
use crate::cli::options::{CorrectingOptions, Settings};
use crate::cli::terminal::Terminal;

const ABOUT: &str = "\
Clean many texts, on all cores, into another folder.

A file is written to DIR under its own name; the content of a folder lies directly under DIR, folders and all. \
Hidden files, change logs and settings files inside folders are left out and counted; links are followed; \
ignore files are not heeded. Two inputs for one output are an error before anything is written.";

const EXAMPLES: &str = "\
Examples:
  scanno batch pages -o cleaned                      # every text of a folder
  scanno batch pages -o cleaned --resume             # go on after an interruption
  scanno batch pages -o cleaned --log logs -j 4      # with change logs, on four threads
  scanno batch one.txt two.txt -o cleaned            # some files";

#[derive(Debug, Args)]
#[command(long_about = ABOUT, after_help = super::after_help(EXAMPLES))]
pub(crate) struct BatchArgs {
    /// Texts, and folders of texts
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for the cleaned texts, made if need be
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Folder for the change logs, laid out like the texts [default: no logs]
    #[arg(long, value_name = "DIR")]
    log: Option<PathBuf>,
    /// Number of threads [default: one for each core]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Pass over what an earlier run with the same input and settings has completed
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    correcting: CorrectingOptions,
}

pub(crate) fn run(args: &BatchArgs, terminal: &mut Terminal) -> Result<ExitCode> {
    let settings = args.correcting.resolve(args.paths.iter().map(PathBuf::as_path))?;
    let corrector = settings.corrector()?;
    for folder in [Some(&args.output), args.log.as_ref()].into_iter().flatten() {
        if folder.exists() && !folder.is_dir() {
            bail!("{}: is a file, and a folder is needed", folder.display());
        }
    }
    let plan = Plan::new(&args.paths, &args.output, args.log.as_deref())?;
    for missing in &plan.unreadable {
        terminal.error(format_args!("{}: {}", missing.path.display(), missing.reason));
    }

    terminal.begin_progress(plan.jobs.len());
    let total = Mutex::new(Total { failed: plan.unreadable.len(), ..Total::default() });
    let observe = |_: &Job, outcome: &Outcome| {
        if let Outcome::Failed(error) = outcome {
            terminal.error(error);
        }
        terminal.advance();
        total.lock().unwrap_or_else(std::sync::PoisonError::into_inner).add(outcome);
    };
    let fingerprint = fingerprint(&settings, &corrector);
    let options = RunOptions {
        threads: args.jobs,
        resume: args.resume,
        settings: &fingerprint,
        target: settings.target(),
        data: &corrector.models().version,
        config: &settings.to_json(),
    };
    let done = corpus::run(&plan, &args.output, &corrector, options, &observe);
    terminal.end_progress();
    done?;

    let total = total.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    terminal.say(total.summary(plan.left_out, &args.output));
    Ok(if total.failed > 0 { ExitCode::Trouble } else { ExitCode::Done })
}

/// Names everything that outputs depend on beside their input.
fn fingerprint(settings: &Settings, corrector: &Corrector) -> String {
    let data = &corrector.models().version;
    sha256(format!("{} {data} {settings:?}", env!("CARGO_PKG_VERSION")).as_bytes())
}

/// What came of all files.
#[derive(Debug, Default)]
struct Total {
    cleaned: usize,
    already_done: usize,
    failed: usize,
    counts: Counts,
    estimate: Option<Estimate>,
    other_encodings: BTreeMap<&'static str, usize>,
}

impl Total {
    fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Cleaned(tally) => {
                self.cleaned += 1;
                self.counts.add(&tally.counts);
                self.estimate = [self.estimate, tally.estimate].into_iter().flatten().reduce(Estimate::with);
                if tally.encoding != Encoding::Utf8 {
                    *self.other_encodings.entry(tally.encoding.name()).or_default() += 1;
                }
            }
            Outcome::AlreadyDone => self.already_done += 1,
            Outcome::Failed(_) => self.failed += 1,
        }
    }

    fn summary(&self, left_out: LeftOut, output: &Path) -> String {
        let mut parts = vec![format!(
            "{} cleaned into {}: {}, {}",
            counted(self.cleaned, "file"),
            output.display(),
            counted(self.counts.made(), "change"),
            counted(self.counts.with(Decision::Suggested), "suggestion"),
        )];
        if self.counts.found() > 0 {
            parts.push(counted(self.counts.found(), "finding"));
        }
        parts.extend(self.estimate.map(report::summary::estimated));
        if self.already_done > 0 {
            parts.push(format!("{} done before", self.already_done));
        }
        for (encoding, number) in &self.other_encodings {
            parts.push(format!("{number} read as {encoding}"));
        }
        if left_out.hidden > 0 {
            parts.push(format!("{} left out", counted(left_out.hidden, "hidden entry")));
        }
        if left_out.own > 0 {
            parts.push(format!("{} of scanno's own left out", counted(left_out.own, "file")));
        }
        if self.failed > 0 {
            parts.push(format!("{} not done", self.failed));
        }
        parts.join("; ")
    }
}

/// `1 file`, `2 files`, `2 entries`.
fn counted(number: usize, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if number == 1 => format!("1 {noun}"),
        Some(stem) => format!("{number} {stem}ies"),
        None => format!("{number} {noun}s"),
    }
}
