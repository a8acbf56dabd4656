//! The command line: arguments, one file a subcommand, and what they share.
//! Nothing here knows language; files and terminals only.

mod apply;
mod batch;
mod check;
mod clean;
mod config_file;
mod evaluate;
mod exit_code;
mod in_place;
mod input;
mod learn;
mod lexicon;
mod lexicon_file;
mod log;
mod log_files;
mod man;
mod many;
mod memory;
mod options;
mod output;
mod overlap;
mod pager;
mod pairs_file;
mod progress;
mod replay_many;
mod review;
mod reviewer;
mod signals;
mod source;
mod terminal;

use std::path::Path;

use anyhow::{Result, anyhow};
use clap::{Parser, Subcommand};
use scanno::change::Target as Encoded;
use scanno::document::Encoding;
use scanno::{ChangeLog, Document, report};

use exit_code::ExitCode;
use input::Input;
use output::ReaderGone;
use terminal::{Terminal, TerminalOptions};

const ABOUT: &str = "\
Finds and corrects the errors that optical character recognition leaves in English text. Every change has a place, \
a reason and a confidence, and can be taken back.";

const EXAMPLES: &str = "\
Examples:
  scanno clean page.txt > cleaned.txt                # the cleaned text
  scanno clean --diff page.txt                       # what would be changed
  scanno clean -w page.txt                           # change the file, keep a log beside it
  scanno revert -w page.txt.scanno.jsonl page.txt    # take all of it back
  scanno batch pages -o cleaned                      # a folder of texts";

#[derive(Debug, Parser)]
#[command(name = "scanno", version, about, long_about = ABOUT, after_help = after_help(EXAMPLES))]
#[command(max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    terminal: TerminalOptions,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Clean(clean::CleanArgs),
    Batch(batch::BatchArgs),
    Check(check::CheckArgs),
    /// Show changes and suggestions, or go through them and decide
    Review(review::ReviewArgs),
    Apply(apply::ApplyArgs),
    Revert(apply::RevertArgs),
    Log(log::LogArgs),
    Evaluate(evaluate::EvaluateArgs),
    Learn(learn::LearnArgs),
    Lexicon(lexicon::LexiconArgs),
    Completions(man::CompletionsArgs),
    Man(man::ManArgs),
}

/// Does what the command line asks for.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| terminal::exit_with::<Cli>(&error));
    let terminal = Terminal::new(&cli.terminal);
    signals::handle();
    let result = match &cli.command {
        Command::Clean(args) => clean::run(args, &terminal),
        Command::Batch(args) => batch::run(args, &terminal),
        Command::Check(args) => check::run(args, &terminal),
        Command::Review(args) => review::run(args, &terminal),
        Command::Apply(args) => apply::run_apply(args, &terminal),
        Command::Revert(args) => apply::run_revert(args, &terminal),
        Command::Log(args) => log::run(args, &terminal),
        Command::Evaluate(args) => evaluate::run(args, &terminal),
        Command::Learn(args) => learn::run(args, &terminal),
        Command::Lexicon(args) => lexicon::run(args, &terminal),
        Command::Completions(args) => man::run_completions(args),
        Command::Man(args) => man::run_man(args, &terminal),
    };
    result.unwrap_or_else(|error| {
        if error.is::<ReaderGone>() {
            return ExitCode::Done;
        }
        terminal.error(format_args!("{error}"));
        ExitCode::Trouble
    })
}

/// What follows the options in a command's `--help`.
fn after_help(examples: &str) -> String {
    format!("{examples}\n\n{}", exit_code::HELP)
}

/// Runs `work` on each input. One that fails is named, and the others are done.
fn for_each(
    inputs: &[Input],
    terminal: &Terminal,
    mut work: impl FnMut(&Input) -> Result<ExitCode>,
) -> Result<ExitCode> {
    let mut worst = ExitCode::Done;
    for input in inputs {
        let code = match work(input) {
            Ok(code) => code,
            Err(error) if error.is::<ReaderGone>() => return Err(error),
            Err(error) => {
                terminal.error(format_args!("{error}"));
                ExitCode::Trouble
            }
        };
        worst = worst.max(code);
    }
    Ok(worst)
}

/// Says how a text was read that is not plain UTF-8.
fn say_encoding(input: &Input, document: &Document, encoded: Encoded, terminal: &Terminal) {
    if document.encoding() != Encoding::Utf8 {
        let written = if encoded == Encoded::Utf8 { "written as UTF-8" } else { "written back so" };
        terminal.warn(format_args!("{}: read as {}, {written}", input.name(), document.describe_encoding()));
    }
}

/// Says what would be changed but for the encoding.
fn say_held_back(input: &Input, document: &Document, number: usize, terminal: &Terminal) {
    if let Some(note) = held_back_note(input, document, number) {
        terminal.warn(note);
    }
}

fn held_back_note(input: &Input, document: &Document, number: usize) -> Option<String> {
    (number > 0).then(|| {
        format!(
            "{}: {number} changes cannot be written in {} and are only suggested; --to-utf8 makes them",
            input.name(),
            document.encoding()
        )
    })
}

/// Says what was found; nothing if nothing was, and not a single error is to be expected.
fn say_summary(input: &Input, changes: &ChangeLog, terminal: &Terminal) {
    let mut text = Vec::new();
    let written = report::summary::write(&mut text, &input.name(), &changes.counts(), changes.estimate());
    let nothing = changes.corrections().is_empty()
        && changes.findings().is_empty()
        && changes.estimate().is_none_or(|estimate| estimate.before * (estimate.words as f64) < 1.0);
    if written.is_ok() && !nothing {
        terminal.say_lines(&String::from_utf8_lossy(&text));
    }
}

/// `path` as it is named from the current folder, if it lies below: `patch`
/// and `git apply` take no other.
fn from_here(path: &Path) -> &Path {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path)
}

/// Writes what `changes` make of `document` as a unified diff to standard
/// output, and says whether they make anything of it.
fn write_diff(input: &Input, document: &Document, changes: &ChangeLog, encoded: Encoded) -> Result<ExitCode> {
    let edits = changes.edits(document, encoded).map_err(|error| input.fault(error))?;
    let name = input.path().map_or("stdin".into(), |path| from_here(path).to_string_lossy().into_owned());
    let mut diff = Vec::new();
    report::diff::write(&mut diff, &name, &document.to_bytes(), &edits).map_err(|error| anyhow!(error))?;
    output::write_stdout(&diff)?;
    Ok(if diff.is_empty() { ExitCode::Done } else { ExitCode::Found })
}
