//! `scanno review`: changes and suggestions, for people to judge.

mod html;

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::Args;
use scanno::change::{Decision, Target as Encoded};
use scanno::{ChangeLog, Document, corpus, report};

use crate::cli::exit_code::ExitCode;
use crate::cli::input::Input;
use crate::cli::options::CorrectingOptions;
use crate::cli::output::write_stdout;
use crate::cli::terminal::{Terminal, stdout_has_color};

const ABOUT: &str = "\
Show changes and suggestions as a diff, and write nothing.

On a terminal, words are colored within their lines; elsewhere it is a unified diff, which `patch` and `git apply` \
take. It holds what `scanno clean` would change and what it would only suggest: delete what you do not want, and \
apply the rest.";

const EXAMPLES: &str = "\
Examples:
  scanno review page.txt                             # look
  scanno review page.txt > changes.diff              # edit, then: patch page.txt < changes.diff
  scanno review --min-confidence 0.9 page.txt        # fewer changes, more suggestions
  scanno review --html review.html pages             # a page on which to decide";

#[derive(Debug, Args)]
#[command(long_about = ABOUT, after_help = super::after_help(EXAMPLES))]
pub(crate) struct ReviewArgs {
    /// Texts; `-` is standard input. With --html folders too
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write one page to OUT, for a browser, on which to decide on every change; exit with 0
    #[arg(long, value_name = "OUT")]
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
    let corrector = settings.corrector()?;
    let encoded = settings.target();
    super::for_each(&inputs, terminal, |input| {
        let document = input.read_document()?;
        let (changes, held_back) = corpus::clean(&corrector, &document, encoded);
        super::say_held_back(input, &document, held_back, terminal);
        if stdout_has_color() {
            write_stdout(&inline(input, &document, &changes)?)?;
        } else {
            super::write_diff(input, &document, &with_suggestions(&document, &changes, encoded), encoded)?;
        }
        super::say_summary(input, &changes, terminal);
        let nothing = changes.corrections().is_empty() && changes.findings().is_empty();
        Ok(if nothing { ExitCode::Done } else { ExitCode::Found })
    })
}

fn inline(input: &Input, document: &Document, changes: &ChangeLog) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    report::inline::write(&mut text, &input.name(), document, changes).map_err(|error| anyhow!(error))?;
    Ok(text)
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
