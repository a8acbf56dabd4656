//! `scanno apply` and `scanno revert`: a log and a text give the other text.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::Args;
use scanno::format::jsonl::{Log, ReplayError};

use crate::cli::exit_code::ExitCode;
use crate::cli::input::{Input, read_file};
use crate::cli::output::{Target, is_same_file};

const APPLY_ABOUT: &str = "\
Make the changes of a log in the original text.

Makes those that the log calls `applied` or `accepted`. FILE must be the very text that the log was made from.";

const APPLY_EXAMPLES: &str = "\
Examples:
  scanno clean page.txt -o cleaned.txt --log log.jsonl   # clean, and keep the log
  scanno apply log.jsonl page.txt > again.txt            # the same text from the log";

const REVERT_ABOUT: &str = "\
Take the changes of a log back in the cleaned text.

FILE must be the very text that was made with the log; the original comes back byte for byte.";

const REVERT_EXAMPLES: &str = "\
Examples:
  scanno clean page.txt -o cleaned.txt --log log.jsonl   # clean, and keep the log
  scanno revert log.jsonl cleaned.txt > original.txt     # the original again
  scanno clean -w page.txt                               # in place
  scanno revert -w page.txt.scanno.jsonl page.txt        # and back";

/// What both commands take.
#[derive(Debug, Args)]
struct ReplayArgs {
    /// The change log, as `scanno clean` or `scanno batch` wrote it
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
}

#[derive(Debug, Args)]
#[command(long_about = APPLY_ABOUT, after_help = super::after_help(APPLY_EXAMPLES))]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    replay: ReplayArgs,
}

#[derive(Debug, Args)]
#[command(long_about = REVERT_ABOUT, after_help = super::after_help(REVERT_EXAMPLES))]
pub(crate) struct RevertArgs {
    #[command(flatten)]
    replay: ReplayArgs,
}

pub(crate) fn run_apply(args: &ApplyArgs) -> Result<ExitCode> {
    run(&args.replay, Log::apply)
}

pub(crate) fn run_revert(args: &RevertArgs) -> Result<ExitCode> {
    run(&args.replay, Log::revert)
}

fn run(args: &ReplayArgs, replay: fn(&Log, &[u8]) -> Result<Vec<u8>, ReplayError>) -> Result<ExitCode> {
    let input = Input::from_argument(&args.file);
    let target = match &input {
        Input::Stdin if args.write => bail!("standard input cannot be written in place; leave -w out, or name a file"),
        Input::File(path) if args.write => Target::File(path.clone()),
        _ => Target::from_argument(args.output.as_deref()),
    };
    if args.log == Path::new("-") {
        bail!("the log cannot be read from standard input; name its file");
    }
    if is_same_file(&args.log, &args.file) {
        bail!("{}: is named as log and as text; the order is LOG FILE", args.log.display());
    }
    if let Target::File(path) = &target
        && is_same_file(path, &args.log)
    {
        bail!("{}: the result would overwrite the log; name another file with -o", path.display());
    }
    let log = Log::read(&read_file(&args.log)?).map_err(|error| anyhow!("{}: {error}", args.log.display()))?;
    let result = replay(&log, &input.read()?).map_err(|error| input.fault(error))?;
    target.write(&result)?;
    Ok(ExitCode::Done)
}
