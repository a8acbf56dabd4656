//! `scanno man` and `scanno completions`: what packages put beside the program.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use scanno::files::Access;

use crate::cli::Cli;
use crate::cli::exit_code::ExitCode;
use crate::cli::output::{Target, write_stdout};
use crate::cli::terminal::Terminal;

const MAN_ABOUT: &str = "\
Write the manual pages.

One page for each command, scanno-COMMAND.1, and scanno.1 for all: for packages, and for ~/.local/share/man/man1.";

const MAN_EXAMPLES: &str = "\
Examples:
  scanno man man1                                        # all pages, into a folder
  scanno man > scanno.1                                  # the first of them";

const COMPLETIONS_ABOUT: &str = "\
Write the completions of a shell: what it proposes when you press Tab.";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  scanno completions bash > scanno.bash                  # then: source scanno.bash
  scanno completions zsh > _scanno                       # into a folder of $fpath
  scanno completions fish > scanno.fish                  # into ~/.config/fish/completions";

#[derive(Debug, Args)]
#[command(about = "Write the manual pages", long_about = MAN_ABOUT, after_help = super::after_help(MAN_EXAMPLES))]
pub(crate) struct ManArgs {
    /// Folder for the pages, made if need be [default: the page of scanno itself, to standard output]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(about = "Write the completions of a shell", long_about = COMPLETIONS_ABOUT, after_help = super::after_help(COMPLETIONS_EXAMPLES))]
pub(crate) struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run_man(args: &ManArgs, terminal: &Terminal) -> Result<ExitCode> {
    let mut command = Cli::command();
    command.build();
    let Some(folder) = &args.folder else {
        write_stdout(&page(&command)?)?;
        return Ok(ExitCode::Done);
    };
    std::fs::create_dir_all(folder)
        .map_err(|error| anyhow!("{}: cannot be made: {}", folder.display(), scanno::files::describe(&error)))?;
    let pages = write_pages(folder, &command, "scanno")?;
    terminal.say(format_args!("{pages} pages written to {}", folder.display()));
    Ok(ExitCode::Done)
}

/// Writes the page of `command` and those of its own commands; gives their number.
fn write_pages(folder: &Path, command: &clap::Command, name: &str) -> Result<usize> {
    Target::File(folder.join(format!("{name}.1"))).write(&page(command)?, Access::ANY)?;
    let mut pages = 1;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help" && !sub.is_hide_set()) {
        pages += write_pages(folder, sub, &format!("{name}-{}", sub.get_name()))?;
    }
    Ok(pages)
}

fn page(command: &clap::Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

pub(crate) fn run_completions(args: &CompletionsArgs) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "scanno", &mut script);
    write_stdout(&script)?;
    Ok(ExitCode::Done)
}
