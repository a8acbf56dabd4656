//! `scanno log`: who changed what, when, at which settings.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::Args;
use scanno::report::audit::{Audit, By};

use crate::cli::exit_code::ExitCode;
use crate::cli::log_files;
use crate::cli::output::write_stdout;
use crate::cli::terminal::Terminal;

const ABOUT: &str = "\
Say what logs hold: who changed what, when, at which settings.

Counts what the program changed and what each person has accepted, written or rejected, over all LOGs; folders are \
searched for *.scanno.jsonl. With --list, every change stands on a line of its own.";

const EXAMPLES: &str = "\
Examples:
  scanno clean page.txt -o cleaned.txt --log log.jsonl   # some log
  scanno log log.jsonl                                   # what is in it
  scanno log --list --by program log.jsonl               # every change of the program
  scanno batch pages -o cleaned --log logs               # logs of a folder
  scanno log --json logs                                 # for programs";

#[derive(Debug, Args)]
#[command(about = "Say what logs hold: who changed what, when, at which settings", long_about = ABOUT)]
#[command(after_help = super::after_help(EXAMPLES))]
pub(crate) struct LogArgs {
    /// Change logs, and folders of such
    #[arg(value_name = "LOG", required = true)]
    logs: Vec<PathBuf>,
    /// List every change that was made, or that a person has decided about
    #[arg(long)]
    list: bool,
    /// Count and list only what was decided by WHO: `program`, `person` (anyone), or a name
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &LogArgs, terminal: &Terminal) -> Result<ExitCode> {
    let by = args.by.as_deref().map(|who| match who {
        "program" => By::Program,
        "person" => By::AnyPerson,
        name => By::Person(name.to_owned()),
    });
    let mut audit = Audit::new(by);
    let mut code = ExitCode::Done;
    for path in log_files::find(&args.logs)? {
        match log_files::read_made(&path) {
            Ok(logs) => logs.iter().for_each(|log| audit.add(log)),
            Err(error) => {
                terminal.error(error);
                code = ExitCode::Trouble;
            }
        }
    }
    let mut out = Vec::new();
    if args.json { audit.write_json(&mut out, args.list) } else { audit.write(&mut out, args.list) }
        .map_err(|error| anyhow!(error))?;
    write_stdout(&out)?;
    Ok(code)
}
