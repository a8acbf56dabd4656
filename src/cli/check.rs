//! `scanno check`: how bad is it? Nothing is written.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::Args;
use scanno::corpus::{self, Outcome, Plan};
use scanno::format::record::Note;
use scanno::report::overview::{Time, rate};
use scanno::report::visible;

use crate::cli::exit_code::ExitCode;
use crate::cli::many::{InputOptions, ReportOptions, announce};
use crate::cli::options::CorrectingOptions;
use crate::cli::output::{stop_gracefully, write_stdout};
use crate::cli::progress::Progress;
use crate::cli::terminal::Terminal;

const ABOUT: &str = "\
Say how bad texts are, each and in all, and write nothing.

Files are found and read as by `scanno batch`. For each file stands the share of its words that are wrong, as far as \
that can be told without the truth, the number of its words, of the changes that cleaning would make, of suggestions \
and of findings.";

const EXAMPLES: &str = "\
Examples:
  scanno check pages                                 # every text of a folder
  scanno check pages | sort -rn | head               # the worst
  scanno check corpus.jsonl --report report          # with a page to read
  scanno check pages --json                          # for programs";

#[derive(Debug, Args)]
#[command(about = "Say how bad texts are, each and in all, and write nothing", long_about = ABOUT, after_help = super::after_help(EXAMPLES))]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    inputs: InputOptions,
    /// Write JSON, that of report.json
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    report: ReportOptions,
    #[command(flatten)]
    correcting: CorrectingOptions,
}

pub(crate) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<ExitCode> {
    if args.inputs.is_filter() {
        bail!("standard input is not checked; name a file");
    }
    let listed = args.inputs.listed()?;
    let settings = args.correcting.resolve(args.inputs.paths.iter().chain(&listed).map(PathBuf::as_path))?;
    let corrector = settings.corrector()?;
    let mut plan = Plan::new(&args.inputs.request(&listed))?;
    settings.leave_out_memory(&mut plan);
    args.report.check(&plan)?;
    let bytes = announce(&plan, terminal);
    let begun = Instant::now();
    let progress = Progress::new(terminal, plan.jobs.len(), bytes);
    let stop = stop_gracefully();
    let records = args.inputs.records(Note { original: false, log: false });
    let outcomes = corpus::survey(&plan, &corrector, args.inputs.jobs, records, stop, &progress);
    progress.end();
    let outcomes = outcomes?;
    let time = Time { seconds: begun.elapsed().as_secs_f64(), bytes };
    let overview = corpus::overview(&plan, &outcomes, &corrector.models().version, settings.to_json(), time);
    args.report.write(&overview)?;
    let mut broken = 0;
    for (job, tally) in plan.jobs.iter().zip(&outcomes).filter_map(|(job, o)| Some((job, o.tally()?))) {
        broken += tally.broken.len();
        for line in tally.broken {
            terminal.error(format_args!("{}: {line}", job.input.display()));
        }
    }
    write_stdout(&if args.json { overview.to_json() } else { table(&plan, &outcomes)?.into_bytes() })?;
    terminal.say(overview.verdict());
    Ok(match overview.failed.len() + broken {
        _ if stop.load(Ordering::Relaxed) => ExitCode::Interrupted,
        0 if overview.counts.changes.is_empty() && overview.counts.found() == 0 => ExitCode::Done,
        0 => ExitCode::Found,
        _ => ExitCode::Trouble,
    })
}

/// A line for each file, the figures first, so that it can be sorted by them.
fn table(plan: &Plan, outcomes: &[Outcome]) -> Result<String> {
    let mut out = String::new();
    for (job, outcome) in plan.jobs.iter().zip(outcomes) {
        let Some(tally) = outcome.tally() else { continue };
        let facts = &tally.facts;
        let suggested = tally.counts.with(scanno::change::Decision::Suggested);
        writeln!(
            out,
            "{:5.1} % of {:8} words, {:6} changes, {:6} suggestions, {:4} findings  {}",
            rate(facts.wrong[0], facts.words),
            facts.words,
            tally.counts.made(),
            suggested,
            tally.counts.found(),
            visible(&job.input.to_string_lossy())
        )?;
    }
    Ok(out)
}
