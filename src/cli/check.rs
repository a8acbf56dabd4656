//! `scanno check`: how bad is it? Nothing is written.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::Args;
use scanno::change::Decision;
use scanno::corpus::{self, Job, Plan, Tally};
use scanno::format::record::Note;
use scanno::report::overview::{Overview, Time, rate};
use scanno::report::visible;

use crate::cli::exit_code::ExitCode;
use crate::cli::many::{InputOptions, ReportOptions, announce};
use crate::cli::options::CorrectingOptions;
use crate::cli::output::write_stdout;
use crate::cli::progress::Progress;
use crate::cli::signals::stop_gracefully;
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
    args.report.check(&plan, &settings)?;
    let bytes = announce(&plan, terminal);
    let begun = Instant::now();
    let progress = Progress::new(terminal, plan.jobs.len(), bytes);
    let stop = stop_gracefully();
    let records = args.inputs.records(Note { original: false, log: false });
    let mut overview = Overview::begin(&plan, &corrector.models().version, settings.to_json());
    let (mut table, mut broken) = (String::new(), Vec::new());
    let looked = corpus::survey(&plan, &corrector, args.inputs.jobs, records, stop, &progress, &mut |job, outcome| {
        overview.add(job, &outcome);
        let Some(tally) = outcome.tally() else { return };
        table.push_str(&row(job, tally));
        broken.extend(tally.broken.iter().map(|broken| format!("{}: {broken}", job.input.display())));
    });
    progress.end();
    looked?;
    overview.time = Time { seconds: begun.elapsed().as_secs_f64(), bytes };
    args.report.write(&overview, plan.access())?;
    broken.iter().for_each(|line| terminal.error(line));
    write_stdout(&if args.json { overview.to_json() } else { table.into_bytes() })?;
    terminal.say(overview.verdict());
    Ok(match overview.failed.len() + broken.len() {
        _ if stop.load(Ordering::Relaxed) => ExitCode::Interrupted,
        0 if overview.counts.changes.is_empty() && overview.counts.found() == 0 => ExitCode::Done,
        0 => ExitCode::Found,
        _ => ExitCode::Trouble,
    })
}

/// The line of a file, its figures first, so that lines can be sorted by them.
fn row(job: &Job, tally: &Tally) -> String {
    let facts = &tally.facts;
    format!(
        "{:5.1} % of {:8} words, {:6} changes, {:6} suggestions, {:4} findings  {}\n",
        rate(facts.wrong[0], facts.words),
        facts.words,
        tally.counts.made(),
        tally.counts.with(Decision::Suggested),
        tally.counts.found(),
        visible(&job.input.to_string_lossy())
    )
}
