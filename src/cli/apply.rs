//! `scanno apply` and `scanno revert`: a log and a text give the other text.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::{Args, ValueEnum};
use scanno::change::{Decision, Maker};
use scanno::corpus;
use scanno::document::sha256;
use scanno::files::Access;
use scanno::format::jsonl::Log;

use crate::cli::config_file::{self, SourceKey};
use crate::cli::exit_code::ExitCode;
use crate::cli::in_place;
use crate::cli::input::{Input, read_file};
use crate::cli::log_files;
use crate::cli::memory;
use crate::cli::output::Target;
use crate::cli::overlap::{Files, Output, is_same_file};
use crate::cli::replay_many;
use crate::cli::reviewer::decided_now;
use crate::cli::source::Source;
use crate::cli::terminal::Terminal;

const APPLY_ABOUT: &str = "\
Make the changes of a log in the original text.

Makes those that the log calls `applied` or `accepted`: the log as it was written, or after someone has decided about \
its changes, in a review or by hand. FILE must be the very text that the log was made from, or what was made of it \
with the log beside it. A LOG may hold the logs of several texts, one after the other; each finds its text among \
the FILEs and folders by its hash.";

const APPLY_EXAMPLES: &str = "\
Examples:
  scanno clean page.txt -o cleaned.txt --log log.jsonl   # clean, and keep the log
  scanno apply log.jsonl page.txt > again.txt            # the same text from the log
  scanno apply -w log.jsonl page.txt                     # in place, with a log beside it
  scanno batch pages -o cleaned --log logs               # a folder
  cat logs/*.jsonl > all.jsonl                           # many logs in one file
  scanno apply all.jsonl pages -o again                  # and all their texts";

const REVERT_ABOUT: &str = "\
Take the changes of a log back in the cleaned text.

FILE must be the very text that was made with the log; the original comes back byte for byte. With --made-by, only the \
changes of the program or only those of people are taken back; the others stay, and a log of them is written.";

const REVERT_EXAMPLES: &str = "\
Examples:
  scanno clean page.txt -o cleaned.txt --log log.jsonl   # clean, and keep the log
  scanno revert log.jsonl cleaned.txt > original.txt     # the original again
  scanno clean -w page.txt                               # in place
  scanno revert -w --made-by person page.txt.scanno.jsonl page.txt   # what people did
  scanno revert -w page.txt.scanno.jsonl page.txt        # and all the rest";

#[derive(Debug, Args)]
#[command(about = "Make the changes of a log in the original text", long_about = APPLY_ABOUT, after_help = super::after_help(APPLY_EXAMPLES))]
pub(crate) struct ApplyArgs {
    /// The change log, as it was written or with decisions taken in it; it may hold several
    #[arg(value_name = "LOG")]
    log: PathBuf,
    /// The text, or several, or folders of texts; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Write the result to FILE [default: standard output]; of several texts, into this folder
    #[arg(short, long, value_name = "FILE", conflicts_with = "write")]
    output: Option<PathBuf>,
    /// Write the result in place of the text, in one step, and the log that leads back to FILE.scanno.jsonl
    #[arg(short, long)]
    write: bool,
    /// Write the log that leads back from the result to FILE; of several texts, into this folder
    #[arg(long = "log", value_name = "FILE")]
    log_to: Option<PathBuf>,
    /// With -w: leave no log. The changes can then be taken back only with LOG, if that is as it was written
    #[arg(long, requires = "write", conflicts_with = "log_to")]
    no_log: bool,
    /// Remember the decisions in FILE [default: the `memory` of the nearest scanno.toml]
    #[arg(long, value_name = "FILE")]
    memory: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(about = "Take the changes of a log back in the cleaned text", long_about = REVERT_ABOUT, after_help = super::after_help(REVERT_EXAMPLES))]
pub(crate) struct RevertArgs {
    /// The change log that the text was made with
    #[arg(value_name = "LOG")]
    log: PathBuf,
    /// The text; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write the result to FILE [default: standard output]
    #[arg(short, long, value_name = "FILE", conflicts_with = "write")]
    output: Option<PathBuf>,
    /// Write the result in place of the text, in one step
    #[arg(short, long)]
    write: bool,
    /// Take back only what the program made, or only what people made
    #[arg(long, value_enum, value_name = "WHO")]
    made_by: Option<By>,
    /// With --made-by: write the log of the changes that stay to FILE [default with -w: FILE.scanno.jsonl]
    #[arg(long = "log", value_name = "FILE", requires = "made_by")]
    log_to: Option<PathBuf>,
}

/// Whose changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// What the log calls `applied`
    Program,
    /// What the log calls `accepted`
    Person,
}

impl From<By> for Maker {
    fn from(by: By) -> Self {
        match by {
            By::Program => Self::Program,
            By::Person => Self::Person,
        }
    }
}

pub(crate) fn run_apply(args: &ApplyArgs, terminal: &Terminal) -> Result<ExitCode> {
    let replay = |file: &Path| Replay {
        log: &args.log,
        input: Input::from_argument(file),
        output: args.output.as_deref(),
        write: args.write,
        log_to: args.log_to.as_deref(),
        memory: args.memory.as_deref(),
    };
    let logs = log_files::read(&args.log)?;
    match (&logs[..], &args.files[..]) {
        ([log], [file]) if !file.is_dir() => {
            let replay = replay(file);
            replay.check()?;
            let input = replay.input.read()?;
            let original = original(log, &replay.input, &input).unwrap_or_else(|| input.clone());
            let (result, sealed) = log.apply_updated(&original).map_err(|error| replay.input.fault(error))?;
            let memory = memory_for(args.memory.as_deref(), file, log)?;
            replay.write(&input, &result, Some(&sealed), !args.no_log)?;
            let known = remember(memory.as_ref(), file, log, &original)?;
            say_remembered(known, terminal);
            Ok(ExitCode::Done)
        }
        (_, files) => {
            let task = replay_many::Task {
                log: &args.log,
                files,
                output: args.output.as_deref(),
                write: args.write,
                log_to: args.log_to.as_deref(),
                no_log: args.no_log,
                memory: args.memory.as_deref(),
            };
            replay_many::apply(&task, &logs, terminal)
        }
    }
}

pub(crate) fn run_revert(args: &RevertArgs, terminal: &Terminal) -> Result<ExitCode> {
    let replay = Replay {
        log: &args.log,
        input: Input::from_argument(&args.file),
        output: args.output.as_deref(),
        write: args.write,
        log_to: args.log_to.as_deref(),
        memory: None,
    };
    replay.check()?;
    let log = read_log(&args.log)?;
    let cleaned = replay.input.read()?;
    let fault = |error| replay.input.fault(error);
    let original = log.revert(&cleaned).map_err(fault)?;
    let Some(by) = args.made_by else {
        replay.write(&cleaned, &original, None, false)?;
        return Ok(ExitCode::Done);
    };
    let (result, sealed) = log.without(by.into(), &decided_now()).apply_updated(&original).map_err(fault)?;
    if replay.write(&cleaned, &result, Some(&sealed), true)?.is_none() {
        terminal.warn("the log of the changes that stay was not written; --log FILE keeps it");
    }
    Ok(ExitCode::Done)
}

/// The one log at `path`.
fn read_log(path: &Path) -> Result<Log> {
    refuse_stdin(path)?;
    Log::read_made(&read_file(path)?).map_err(|error| anyhow!("{}: {error}", path.display()))
}

fn refuse_stdin(log: &Path) -> Result<()> {
    if log == Path::new("-") {
        bail!("the log cannot be read from standard input; name its file");
    }
    Ok(())
}

/// The original that `log` is of, if `bytes`, the content of `input`, are that or were made from it: with this
/// log before decisions in it were turned, or with the log that lies beside it.
pub(crate) fn original(log: &Log, input: &Input, bytes: &[u8]) -> Option<Vec<u8>> {
    let beside = || {
        let beside = log_files::beside(input.path()?)?;
        (beside.document().sha256 == log.document().sha256).then(|| beside.revert(bytes).ok())?
    };
    // With no decision taken, what the log made is more likely the wrong file than one to start from again.
    let is_decided = log.changes().any(|change| change.decided.is_some());
    let is_result = sha256(bytes) == log.summary().cleaned_sha256 && log.revert(bytes).is_ok();
    if is_result && !is_decided { None } else { log.recover(bytes).or_else(beside) }
}

/// Where the decisions in `log` of the text `file` are remembered, if it has any: in what the user has `named`, or else
/// in the memory of the settings that apply.
pub(crate) fn memory_for(named: Option<&Path>, file: &Path, log: &Log) -> Result<Option<Source>> {
    let is_decided = |decision| matches!(decision, Decision::Accepted | Decision::Rejected);
    match named {
        _ if !log.changes().any(|change| is_decided(change.decision)) => Ok(None),
        Some(memory) => Ok(Some(Source::named(memory))),
        None => config_file::applying([file])?.source(SourceKey::Memory),
    }
}

/// Adds the decisions in `log` of `original`, the text of `file`, to `memory`; gives how many are new.
pub(crate) fn remember(memory: Option<&Source>, file: &Path, log: &Log, original: &[u8]) -> Result<usize> {
    let Some(memory) = memory else { return Ok(0) };
    let (document, changes) = log.open(original).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    memory::add_decisions(memory, &document, &changes, Access::of(file))
}

pub(crate) fn say_remembered(decisions: usize, terminal: &Terminal) {
    if decisions > 0 {
        terminal.say(format_args!("{decisions} new decisions remembered"));
    }
}

/// What is read when `log` is applied to `texts`: the logs beside them and their settings, too.
pub(crate) fn files_read<'p>(log: &Path, texts: impl IntoIterator<Item = &'p Path>, memory: Option<&Path>) -> Files {
    let texts: Vec<&Path> = texts.into_iter().collect();
    // What is wrong with them is told where they are needed.
    let settings = config_file::applying(texts.iter().copied()).unwrap_or_default();
    let kept = settings.source(SourceKey::Memory).ok().flatten();
    let beside = texts.iter().map(|text| corpus::log_path(text)).filter(|log| log.exists());
    Files::default()
        .reading("the text", &texts)
        .reading("the log", [log])
        .reading("the log beside the text", beside)
        .reading("the settings", settings.path())
        .reading("the memory", memory.or(kept.as_ref().map(Source::path)))
}

/// What is read and written.
struct Replay<'a> {
    log: &'a Path,
    input: Input,
    output: Option<&'a Path>,
    write: bool,
    log_to: Option<&'a Path>,
    memory: Option<&'a Path>,
}

impl Replay<'_> {
    /// Refuses what cannot be meant, before anything is read or written.
    fn check(&self) -> Result<()> {
        refuse_stdin(self.log)?;
        if self.write && self.input == Input::Stdin {
            bail!("standard input cannot be written in place; leave -w out, or name a file");
        }
        if let Some(file) = self.input.path()
            && is_same_file(self.log, file)
        {
            bail!("{}: is named as log and as text; the order is LOG FILE", self.log.display());
        }
        let mut files = files_read(self.log, self.input.path(), self.memory);
        if let Some(output) = self.output {
            files.write(Output::TEXT, output)?;
        }
        let Some(log) = self.log_to else { return Ok(()) };
        files.write(Output::LOG, log)?;
        if Target::from_argument(Some(log)) == Target::Stdout && !self.write && self.target() == Target::Stdout {
            bail!("log and text would both go to standard output; write one to a file with --log or -o");
        }
        Ok(())
    }

    fn target(&self) -> Target {
        Target::from_argument(self.output)
    }

    /// Writes the result and its log, the latter beside the text if that `is_wanted`; gives where the log is.
    fn write(&self, old: &[u8], new: &[u8], sealed: Option<&Log>, is_wanted: bool) -> Result<Option<PathBuf>> {
        let in_place = self.input.path().filter(|_| self.write);
        let access = self.input.path().map_or(Access::ANY, Access::of) & Access::of(self.log);
        let log_path = match (self.log_to, in_place, sealed) {
            (Some(path), _, _) => Some(path.to_path_buf()),
            (None, Some(path), Some(log)) if is_wanted => Some(in_place::log_beside(path, &log.document().sha256)?),
            _ => None,
        };
        let to_stdout = log_path.as_deref() == Some(Path::new("-"));
        let log = log_path.as_deref().zip(sealed);
        if let Some((path, log)) = log
            && (to_stdout || in_place.is_none())
        {
            Target::from_argument(Some(path)).write_log(log, access)?;
        }
        match in_place {
            Some(path) => in_place::replace(path, old, new, log.filter(|_| !to_stdout))?,
            None => self.target().write(new, access)?,
        }
        Ok(log_path)
    }
}
