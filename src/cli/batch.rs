//! `scanno batch`: many texts and records into a folder, or records through a pipe.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use scanno::change::Decision;
use scanno::corpus::{
    self, Compression, FilterError, Job, LeftOut, Logs, Outcome, Plan, RecordOptions, Request, RunOptions, Tally,
};
use scanno::document::{Encoding, sha256};
use scanno::format::record::Note;
use scanno::learn::Collection;
use scanno::report::overview::{Overview, Time};
use scanno::report::summary::counted;
use scanno::{Corrector, report};

use crate::cli::exit_code::ExitCode;
use crate::cli::many::{InputOptions, ReportOptions, announce};
use crate::cli::options::{CorrectingOptions, Settings};
use crate::cli::output::ReaderGone;
use crate::cli::progress::Progress;
use crate::cli::signals::stop_gracefully;
use crate::cli::terminal::{Stdout, Terminal};

const ABOUT: &str = "\
Clean many texts, on all cores, into another folder.

A file is written to DIR under its own name; the content of a folder lies directly under DIR, folders and all. \
Files named *.jsonl and *.ndjson hold records, one a line, whose field `text` is cleaned, *.parquet tables with such \
a column; all others are texts. Texts and records may be compressed: *.gz, *.zst. Hidden files, change logs and settings files inside folders are left out and \
counted; links are followed; ignore files are not heeded. Two inputs for one output are an error before anything \
is written. `-` alone is a filter: records from standard input to standard output.";

const EXAMPLES: &str = "\
Examples:
  scanno batch pages -o cleaned                      # every text of a folder
  scanno batch pages -o cleaned --resume             # go on after an interruption
  scanno batch pages -o cleaned --log logs -j 4      # with change logs, on four threads
  scanno batch pages -o cleaned --log logs.jsonl.zst # all logs in one file
  scanno batch one.txt two.txt -o cleaned            # some files
  scanno batch 'pages/**/*.txt' -o cleaned           # those that match
  find pages -name '*.txt' | scanno batch --files-from - -o cleaned
  scanno batch corpus.jsonl.gz -o cleaned --field body
  scanno batch corpus.parquet -o cleaned --column body
  scanno batch - < corpus.jsonl > cleaned.jsonl      # as a filter";

#[derive(Debug, Args)]
#[command(about = "Clean many texts, on all cores, into another folder", long_about = ABOUT, after_help = super::after_help(EXAMPLES))]
pub(crate) struct BatchArgs {
    #[command(flatten)]
    inputs: InputOptions,
    /// Folder for the cleaned texts, made if need be
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Folder for the change logs, laid out like the texts, or one file for all of them if it is named *.jsonl, *.jsonl.gz or *.jsonl.zst; records hold their own. With `-` as input, `-` [default: no logs]
    #[arg(long, value_name = "DIR|FILE")]
    log: Option<PathBuf>,
    /// Compress the change logs in the folder
    #[arg(long, value_enum, value_name = "HOW", requires = "log")]
    log_compress: Option<LogCompression>,
    /// Do not keep the original text in cleaned records
    #[arg(long)]
    no_original: bool,
    /// Pass over what an earlier run with the same input and settings has completed
    #[arg(long)]
    resume: bool,
    /// Begin nothing more after the first file that cannot be done
    #[arg(long)]
    fail_fast: bool,
    /// Learn from the whole corpus first: its names, and what its engine misreads
    #[arg(long)]
    adapt: bool,
    #[command(flatten)]
    report: ReportOptions,
    #[command(flatten)]
    correcting: CorrectingOptions,
}

/// How change logs are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogCompression {
    /// As gzip, NAME.scanno.jsonl.gz
    Gz,
    /// As Zstandard, NAME.scanno.jsonl.zst
    Zst,
}

impl BatchArgs {
    /// Where the change logs go.
    fn logs(&self) -> Result<Option<Logs<'_>>> {
        let Some(path) = &self.log else { return Ok(None) };
        Ok(Some(match (Logs::at(path), self.log_compress) {
            (Logs::Stream(_), Some(_)) => bail!(
                "{}: is one file for all logs, and its name says how it is compressed; leave --log-compress out",
                path.display()
            ),
            (Logs::Folder(folder, _), Some(LogCompression::Gz)) => Logs::Folder(folder, Compression::Gzip),
            (Logs::Folder(folder, _), Some(LogCompression::Zst)) => Logs::Folder(folder, Compression::Zstd),
            (logs, None) => logs,
        }))
    }
}

pub(crate) fn run(args: &BatchArgs, terminal: &Terminal) -> Result<ExitCode> {
    if args.inputs.is_filter() {
        return filter(args, terminal);
    }
    let Some(output) = &args.output else {
        bail!("no folder is named for the cleaned texts; name one with -o DIR");
    };
    let listed = args.inputs.listed()?;
    let settings = args.correcting.resolve(args.inputs.paths.iter().chain(&listed).map(PathBuf::as_path))?;
    let mut corrector = settings.corrector()?;
    let logs = args.logs()?;
    let log_folder = logs.and_then(|logs| if let Logs::Folder(folder, _) = logs { Some(folder) } else { None });
    for folder in [Some(&**output), log_folder].into_iter().flatten() {
        if folder.exists() && !folder.is_dir() {
            bail!("{}: is a file, and a folder is needed", folder.display());
        }
    }
    if let Some(Logs::Stream(file)) = logs
        && file.is_dir()
    {
        bail!("{}: is a folder, and by its name one file for all logs; name another", file.display());
    }
    let mut read: Vec<PathBuf> = settings.sources().map(|(_, path)| path).collect();
    read.extend(args.inputs.files_from.clone());
    let request = Request { output: Some(output), logs, read: &read, ..args.inputs.request(&listed) };
    let mut plan = Plan::new(&request)?;
    settings.leave_out_memory(&mut plan);
    args.report.check(&plan, &settings)?;
    let bytes = announce(&plan, terminal);
    let begun = Instant::now();
    let stop = stop_gracefully();
    let texts = fingerprint_of_texts(args, &settings, &corrector);
    let mut adapted = None;
    if args.adapt {
        let Some(collection) = adapt(args, &plan, bytes, &corrector, terminal)? else {
            terminal.say("stopped before anything was cleaned");
            return Ok(ExitCode::Interrupted);
        };
        corrector = Corrector::with_models(collection.models(corrector.models()), settings.config.clone());
        adapted = Some(collection);
    }
    let progress = Progress::new(terminal, plan.jobs.len(), bytes);
    let fingerprint = texts.clone() + &fingerprint_of_all(args, &corrector);
    let options = RunOptions {
        threads: args.inputs.jobs,
        resume: args.resume,
        fail_fast: args.fail_fast,
        settings: &fingerprint,
        texts: &texts,
        adapted: adapted.as_ref(),
        target: settings.target(),
        records: record_options(args),
        logs,
        data: &corrector.models().version,
        config: &settings.to_json(),
        stop,
    };
    let mut total = Total { failed: plan.unreadable.len(), ..Total::default() };
    let mut overview = args.report.is_wanted().then(|| Overview::begin(&plan, options.data, settings.to_json()));
    let done = corpus::run(&plan, output, &corrector, options, &progress, &mut |job, outcome| {
        if let Some(overview) = &mut overview {
            overview.add(job, &outcome);
        }
        total.add(job, &outcome);
    });
    progress.end();
    done?;
    if let Some(mut overview) = overview {
        overview.time = Time { seconds: begun.elapsed().as_secs_f64(), bytes };
        args.report.write(&overview, plan.access())?;
    }
    total.say_broken(output, terminal);
    terminal.say(total.summary(plan.left_out, output));
    if total.interrupted > 0 {
        let (done, of) = (plan.jobs.len() - total.interrupted, plan.jobs.len());
        terminal.say(format_args!("stopped with {done} of {of} files done; the same command with --resume goes on"));
    }
    Ok(match total.failed + total.broken.len() {
        _ if stop.load(Ordering::Relaxed) && total.interrupted > 0 => ExitCode::Interrupted,
        0 => ExitCode::Done,
        _ => ExitCode::Trouble,
    })
}

/// What the corpus teaches; none if that was interrupted.
fn adapt(
    args: &BatchArgs,
    plan: &Plan,
    bytes: u64,
    corrector: &Corrector,
    terminal: &Terminal,
) -> Result<Option<Collection>> {
    let progress = Progress::new(terminal, plan.jobs.len(), bytes);
    let learned = corpus::adapt(plan, corrector, args.inputs.jobs, record_options(args), stop_gracefully(), &progress);
    progress.end();
    let Some(collection) = learned? else { return Ok(None) };
    let misread = collection.rewrites.iter().filter(|rewrite| rewrite.2 > 0).count();
    terminal.say(format_args!(
        "learned from the corpus: {} and {}",
        counted(collection.vocabulary.len(), "own word"),
        counted(misread, "misreading")
    ));
    Ok(Some(collection))
}

/// Records from standard input to standard output.
fn filter(args: &BatchArgs, terminal: &Terminal) -> Result<ExitCode> {
    if args.inputs.paths.len() > 1 || args.inputs.files_from.is_some() {
        bail!("`-` stands alone: records are read from standard input and written to standard output");
    }
    if args.adapt {
        bail!("what comes from standard input is read but once, and --adapt reads it twice; name a file");
    }
    if args.output.is_some() || args.log.as_deref().is_some_and(|log| log != Path::new("-")) {
        bail!(
            "what comes from standard input goes to standard output, logs inside the records (--log -); leave -o out"
        );
    }
    let settings = args.correcting.resolve([Path::new(".")])?;
    let corrector = settings.corrector()?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.inputs.jobs.map_or(0, NonZeroUsize::get)).build()?;
    // The guard of standard input may not leave its thread; the handle may.
    let done = pool.install(|| corpus::filter(&corrector, record_options(args), io::stdin(), Stdout::new()));
    let tally = match done {
        Err(FilterError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Err(ReaderGone.into()),
        done => done?,
    };
    for broken in &tally.broken {
        terminal.error(format_args!("standard input: {broken}"));
    }
    let total = Total { tally, ..Total::default() };
    terminal.say(total.record_parts().join("; "));
    Ok(if total.tally.broken.is_empty() { ExitCode::Done } else { ExitCode::Trouble })
}

fn record_options(args: &BatchArgs) -> RecordOptions<'_> {
    args.inputs.records(Note { original: !args.no_original, log: args.log.is_some() })
}

/// Names everything that cleaned texts depend on beside what is read: the
/// `corrector` is the general one, whatever it is to learn.
fn fingerprint_of_texts(args: &BatchArgs, settings: &Settings, corrector: &Corrector) -> String {
    let (data, work, adapt) = (&corrector.models().version, record_options(args).work, args.adapt);
    sha256(format!("{} {data} {settings:?} {work:?} {adapt}", env!("CARGO_PKG_VERSION")).as_bytes())
}

/// Names what else outputs depend on: what was learned, and what is done with records.
fn fingerprint_of_all(args: &BatchArgs, corrector: &Corrector) -> String {
    let (data, records) = (&corrector.models().version, record_options(args));
    sha256(format!("{data} {records:?}").as_bytes())
}

/// What came of all files.
#[derive(Debug, Default)]
struct Total {
    cleaned: usize,
    already_done: usize,
    interrupted: usize,
    failed: usize,
    /// Of the files that were cleaned now.
    tally: Tally,
    other_encodings: BTreeMap<&'static str, usize>,
    /// Each line that is no record, with its file, of all files.
    broken: Vec<String>,
}

impl Total {
    /// Adds what became of the next file.
    fn add(&mut self, job: &Job, outcome: &Outcome) {
        for broken in outcome.tally().map_or(&[][..], |tally| &tally.broken) {
            self.broken.push(format!("{}: {broken}", job.input.display()));
        }
        match outcome {
            Outcome::Cleaned(tally) => {
                self.cleaned += 1;
                self.tally.add(tally);
                if let Some(encoding) = tally.encoding.filter(|&encoding| encoding != Encoding::Utf8) {
                    *self.other_encodings.entry(encoding.name()).or_default() += 1;
                }
            }
            Outcome::AlreadyDone(_) => self.already_done += 1,
            Outcome::Interrupted => self.interrupted += 1,
            Outcome::Failed(_) => self.failed += 1,
        }
    }

    /// Names the first lines that are no records; `failed.jsonl` has them all.
    fn say_broken(&self, output: &Path, terminal: &Terminal) {
        /// Lines named.
        const NAMED: usize = 10;
        for broken in self.broken.iter().take(NAMED) {
            terminal.error(broken);
        }
        if let Some(more) = self.broken.len().checked_sub(NAMED).filter(|&more| more > 0) {
            let list = output.join(corpus::FAILURES_NAME);
            terminal.error(format_args!("{more} more lines are no records; all are listed in {}", list.display()));
        }
    }

    fn summary(&self, left_out: LeftOut, output: &Path) -> String {
        let mut parts = vec![format!("{} cleaned into {}", counted(self.cleaned, "file"), output.display())];
        if self.tally.records > 0 {
            parts.append(&mut self.record_parts());
        } else {
            parts[0] += &format!(": {}", self.changes());
            parts.extend(self.findings());
            parts.extend(self.passed_through());
        }
        parts.extend(self.tally.facts.estimate().map(report::summary::estimated));
        if self.already_done > 0 {
            parts.push(format!("{} done before", self.already_done));
        }
        for (encoding, number) in &self.other_encodings {
            parts.push(format!("{number} read as {encoding}"));
        }
        for (number, what) in [(left_out.hidden, "hidden entry"), (left_out.excluded, "excluded entry")] {
            if number > 0 {
                parts.push(format!("{} left out", counted(number, what)));
            }
        }
        if left_out.own > 0 {
            parts.push(format!("{} of scanno's own left out", counted(left_out.own, "file")));
        }
        if self.failed > 0 {
            parts.push(format!("{} not done", self.failed));
        }
        parts.join("; ")
    }

    /// `12 records: 3 changes, no suggestions`, and the other parts.
    fn record_parts(&self) -> Vec<String> {
        let records = usize::try_from(self.tally.records).unwrap_or(usize::MAX);
        let mut parts = vec![format!("{}: {}", counted(records, "record"), self.changes())];
        parts.extend(self.findings());
        parts.extend(self.passed_through());
        parts
    }

    fn passed_through(&self) -> impl Iterator<Item = String> {
        self.tally.skipped.iter().map(|(skip, number)| format!("{number} {skip}, passed through"))
    }

    fn changes(&self) -> String {
        let counts = &self.tally.counts;
        let suggestions = counted(counts.with(Decision::Suggested), "suggestion");
        format!("{}, {suggestions}", counted(counts.made(), "change"))
    }

    fn findings(&self) -> Option<String> {
        let found = self.tally.counts.found();
        (found > 0).then(|| counted(found, "finding"))
    }
}
