//! `scanno review`: changes and suggestions, for people to judge.

mod html;
#[cfg(feature = "tui")]
mod interactive;
mod listing;
mod opened;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use scanno::review::{Filter, Order};

use crate::cli::exit_code::ExitCode;
use crate::cli::input::Input;
use crate::cli::options::{CorrectingOptions, Settings};
use crate::cli::terminal::Terminal;

const ABOUT: &str = "\
Show changes and suggestions, or go through them and decide.

On a terminal each is on a line of its own, with its place, class and confidence, and the words are colored. Elsewhere \
it is a unified diff, which `patch` and `git apply` take. It holds what `scanno clean` would change and what it would \
only suggest: delete what you do not want, and apply the rest.

With -i the changes are gone through one by one: accept, reject, choose another reading, type one's own. Every decision \
is on the disk at once; the log with all of them is written to FILE.scanno.jsonl, from which `scanno apply` makes the \
text, or the text is written too with -w or -o. Where a text has a log beside it, that log is reviewed.";

const EXAMPLES: &str = "\
Examples:
  scanno review page.txt                             # look
  scanno review --stat page.txt                      # how many of what kind, which pairs most often
  scanno review --sort confidence page.txt           # the least sure first
  scanno review page.txt > changes.diff              # edit, then: patch page.txt < changes.diff
  scanno review -i page.txt                          # go through them, and decide
  scanno review -i -w page.txt                       # decide, and change the text
  scanno review --html review.html pages             # a page on which to decide";

#[derive(Debug, Args)]
#[command(long_about = ABOUT, after_help = super::after_help(EXAMPLES))]
#[cfg_attr(not(feature = "tui"), allow(dead_code, reason = "some flags are the terminal interface's"))]
pub(crate) struct ReviewArgs {
    /// Texts; `-` is standard input. With --html folders too
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Go through the changes in the terminal, and decide; ? shows the keys
    #[arg(short, long, conflicts_with = "stat")]
    interactive: bool,
    /// Say how many changes there are of each class, and which pairs are the most frequent
    #[arg(long)]
    stat: bool,
    /// Order of the changes: `place` in the text, `confidence` (the least sure first) or `frequency` of their pairs [default: place]
    #[arg(long, value_name = "ORDER", hide_possible_values = true, value_parser = order_parser())]
    sort: Option<Order>,
    /// Do not show through a pager ($SCANNO_PAGER, $PAGER, else less)
    #[arg(long)]
    no_pager: bool,
    /// With -i: write the decided text in place of the text, too
    #[arg(short, long, requires = "interactive", conflicts_with = "output")]
    write: bool,
    /// With -i: write the decided text to FILE, too
    #[arg(short, long, value_name = "FILE", requires = "interactive")]
    output: Option<PathBuf>,
    /// With -i: read and write the log at FILE [default: FILE.scanno.jsonl beside the text]
    #[arg(long, value_name = "FILE", requires = "interactive")]
    log: Option<PathBuf>,
    /// Write one page to OUT, for a browser, on which to decide on every change; exit with 0
    #[arg(long, value_name = "OUT", conflicts_with_all = ["interactive", "stat", "sort"])]
    html: Option<PathBuf>,
    #[command(flatten)]
    correcting: CorrectingOptions,
}

pub(crate) fn run(args: &ReviewArgs, terminal: &Terminal) -> Result<ExitCode> {
    let resolve =
        |inputs: &[Input]| args.correcting.resolve(inputs.iter().map(|input| input.path().unwrap_or(Path::new("."))));
    if let Some(out) = &args.html {
        return html::run(out, &args.files, resolve, terminal);
    }
    let inputs = Input::from_arguments(&args.files)?;
    let settings = resolve(&inputs)?;
    if args.interactive {
        return decide(args, &inputs, settings, terminal);
    }
    listing::run(args, &inputs, &settings, terminal)
}

#[cfg(feature = "tui")]
fn decide(args: &ReviewArgs, inputs: &[Input], settings: Settings, terminal: &Terminal) -> Result<ExitCode> {
    interactive::run(args, inputs, settings, terminal)
}

#[cfg(not(feature = "tui"))]
fn decide(_: &ReviewArgs, _: &[Input], _: Settings, _: &Terminal) -> Result<ExitCode> {
    anyhow::bail!("this scanno was built without its terminal interface; build it with the feature `tui`")
}

/// Which changes the flags and the settings file ask for.
fn filter(args: &ReviewArgs, settings: &Settings) -> Filter {
    Filter {
        only: settings.config.only.clone(),
        skip: settings.config.skip.clone(),
        min_confidence: args.correcting.min_confidence().unwrap_or(0.0),
        text: String::new(),
    }
}

fn order_parser() -> impl clap::builder::TypedValueParser<Value = Order> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(Order::ALL.map(Order::name)).try_map(|name| name.parse::<Order>())
}
