//! `scanno clean`: one text, or some in place.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::Args;
use scanno::files::Access;
use scanno::format::jsonl::Log;
use scanno::{ChangeLog, Corrector, Document, corpus, report};

use crate::cli::exit_code::ExitCode;
use crate::cli::in_place;
use crate::cli::input::Input;
use crate::cli::options::{CorrectingOptions, Settings};
use crate::cli::output::Target;
use crate::cli::overlap::{Files, Output, is_same_file};
use crate::cli::terminal::Terminal;

const ABOUT: &str = "\
Clean a text.

The cleaned text goes to standard output, or to a file with -o, or in place of the text with -w, which leaves \
FILE.scanno.jsonl beside it: the log with which `scanno revert` takes the changes back.";

const EXAMPLES: &str = "\
Examples:
  scanno clean page.txt > cleaned.txt                    # to another file
  scanno clean page.txt -o cleaned.txt --log log.jsonl   # the same, with the log of all changes
  cat page.txt | scanno clean > cleaned.txt              # as a filter
  scanno clean --diff --level eager page.txt             # what would be changed
  scanno clean --explain page.txt > cleaned.txt          # why, on stderr
  scanno clean --skip case,split page.txt > cleaned.txt  # without some kinds of change
  scanno clean -w page.txt                               # in place, with a log beside it";

#[derive(Debug, Args)]
#[command(about = "Clean a text", long_about = ABOUT, after_help = super::after_help(EXAMPLES))]
pub(crate) struct CleanArgs {
    /// Texts; `-` is standard input, as is none at all. More than one needs -w or --diff
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write the cleaned text to FILE; `-` is standard output
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["write", "diff"])]
    output: Option<PathBuf>,
    /// Write the cleaned text in place of the text, in one step, and the log to FILE.scanno.jsonl
    #[arg(short, long, conflicts_with = "diff")]
    write: bool,
    /// Write the log of all changes to FILE; `-` is standard output
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// With -w: leave no log. The changes cannot be taken back then
    #[arg(long, requires = "write", conflicts_with = "log")]
    no_log: bool,
    /// Write the changes as a unified diff in place of the text; exit with 1 if there are any
    #[arg(long)]
    diff: bool,
    /// Say on stderr why each change is made or suggested
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    correcting: CorrectingOptions,
}

pub(crate) fn run(args: &CleanArgs, terminal: &Terminal) -> Result<ExitCode> {
    let inputs = Input::from_arguments(&args.files)?;
    check(args, &inputs)?;
    let settings = args.correcting.resolve(inputs.iter().map(|input| input.path().unwrap_or(Path::new("."))))?;
    check_files(args, &inputs, &settings)?;
    let task = Task { args, corrector: settings.corrector()?, settings, terminal };
    super::for_each(&inputs, terminal, |input| task.clean(input))
}

/// Refuses what cannot be meant, before anything is read or written.
fn check(args: &CleanArgs, inputs: &[Input]) -> Result<()> {
    if inputs.len() > 1 && !args.write && !args.diff {
        bail!("more than one file needs -w (in place) or --diff; `scanno batch` writes copies into a folder");
    }
    if inputs.len() > 1 && args.log.is_some() {
        bail!("--log names one file, and a log is of one text; leave it out to have one beside each text");
    }
    if args.write && inputs.contains(&Input::Stdin) {
        bail!("standard input cannot be written in place; leave -w out, or name a file");
    }
    let log = args.log.as_deref().map(|path| Target::from_argument(Some(path)));
    if log == Some(Target::Stdout) && !args.write && Target::from_argument(args.output.as_deref()) == Target::Stdout {
        bail!("log and text would both go to standard output; write one to a file with --log or -o");
    }
    Ok(())
}

/// Refuses outputs that would go over what is read, or over one another.
fn check_files(args: &CleanArgs, inputs: &[Input], settings: &Settings) -> Result<()> {
    let mut files = Files::default().reading_texts(inputs).reading_settings(settings);
    if let Some(output) = &args.output {
        files.write(Output::TEXT, output)?;
    }
    match &args.log {
        Some(log) => files.write(Output::LOG, log),
        None if args.write && !args.no_log => {
            let mut beside = inputs.iter().filter_map(Input::path).map(corpus::log_path);
            beside.try_for_each(|log| files.write(Output::LOG_BESIDE, &log))
        }
        None => Ok(()),
    }
}

/// What is the same for every input of a call.
struct Task<'a> {
    args: &'a CleanArgs,
    settings: Settings,
    corrector: Corrector,
    terminal: &'a Terminal,
}

impl Task<'_> {
    fn clean(&self, input: &Input) -> Result<ExitCode> {
        let document = input.read_document()?;
        let encoded = self.settings.target();
        super::say_encoding(input, &document, encoded, self.terminal);
        let own = input.path().and_then(|path| {
            let data = &self.corrector.models().version;
            corpus::log_of_own(path, &document, data, &self.settings.to_json())
        });
        let changes = match &own {
            Some(log) => {
                self.terminal.warn(format_args!(
                    "{}: was cleaned before with these settings, as {} says, and is left as it is",
                    input.name(),
                    log.display()
                ));
                ChangeLog::default()
            }
            None => {
                let (changes, held_back) = corpus::clean(&self.corrector, &document, encoded);
                super::say_held_back(input, &document, held_back, self.terminal);
                changes
            }
        };
        // That log leads back from all that was changed, and one of no change would not.
        let log_to = self.args.log.as_deref().filter(|log| !own.is_some_and(|own| is_same_file(log, &own)));
        if self.args.explain {
            self.explain(input, &document, &changes)?;
        }
        let code = match input.path() {
            Some(path) if self.args.write => {
                self.write_in_place(path, log_to, &document, &changes)?;
                ExitCode::Done
            }
            _ => self.write_elsewhere(input, log_to, &document, &changes)?,
        };
        super::say_summary(input, &changes, self.terminal);
        Ok(code)
    }

    fn write_elsewhere(
        &self,
        input: &Input,
        log_to: Option<&Path>,
        document: &Document,
        changes: &ChangeLog,
    ) -> Result<ExitCode> {
        let encoded = self.settings.target();
        let access = input.path().map_or(Access::ANY, Access::of);
        // The log has the hash of the cleaned file, and so makes it.
        let mut cleaned = None;
        if let Some(path) = log_to {
            let header =
                self.settings.header(input.path().map_or("-".into(), Path::to_string_lossy).into(), &self.corrector);
            let (log, bytes) =
                Log::with_cleaned(document, changes, header, encoded).map_err(|error| input.fault(error))?;
            Target::from_argument(Some(path)).write_log(&log, access)?;
            cleaned = Some(bytes);
        }
        if self.args.diff {
            return super::write_diff(input, document, changes, encoded);
        }
        let cleaned = match cleaned {
            Some(cleaned) => cleaned,
            None => changes.clean(document, encoded).map_err(|error| input.fault(error))?,
        };
        Target::from_argument(self.args.output.as_deref()).write(&cleaned, access)?;
        Ok(ExitCode::Done)
    }

    fn write_in_place(
        &self,
        path: &Path,
        log_to: Option<&Path>,
        document: &Document,
        changes: &ChangeLog,
    ) -> Result<()> {
        let header = self.settings.header(path.to_string_lossy().into(), &self.corrector);
        let (log, cleaned) = Log::with_cleaned(document, changes, header, self.settings.target())
            .map_err(|error| anyhow!("{}: {error}", path.display()))?;
        let original = document.to_bytes();
        let log_path = match log_to {
            Some(path) if path == Path::new("-") => {
                Target::Stdout.write_log(&log, Access::ANY)?;
                None
            }
            Some(path) => Some(path.to_path_buf()),
            None if self.args.no_log || *original == cleaned => None,
            None => Some(in_place::log_beside(path, &log.document().sha256)?),
        };
        in_place::replace(path, &original, &cleaned, log_path.as_deref().map(|path| (path, &log)))
    }

    fn explain(&self, input: &Input, document: &Document, changes: &ChangeLog) -> Result<()> {
        let mut text = Vec::new();
        report::explain::write(&mut text, &input.name(), document, changes).map_err(|error| anyhow!(error))?;
        self.terminal.show(String::from_utf8_lossy(&text).trim_end_matches('\n'));
        Ok(())
    }
}
