//! `scanno review --html`: one page to go through the changes of many texts.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rayon::prelude::*;
use scanno::corpus::{self, Compression, Kind, Plan, Request};
use scanno::files::Access;
use scanno::format::jsonl::Log;
use scanno::report::page::{self, Reviewed};
use scanno::report::summary::plural;
use scanno::{Corrector, Document};

use crate::cli::exit_code::ExitCode;
use crate::cli::input::Input;
use crate::cli::options::Settings;
use crate::cli::output::Target;
use crate::cli::overlap::{Files, Output};
use crate::cli::reviewer;
use crate::cli::terminal::Terminal;

use super::opened;

/// A text as it is put on the page.
struct Text {
    document: Document,
    log: Log,
    /// Name of the file for its decided log.
    save_as: String,
    /// What the user should know of it.
    notes: Vec<String>,
}

/// Writes the page for the texts that `files` name to `out`.
pub(super) fn run(
    out: &Path,
    files: &[PathBuf],
    resolve: impl FnOnce(&[Input]) -> Result<Settings>,
    terminal: &Terminal,
) -> Result<ExitCode> {
    let (inputs, mut failed) = find(files, terminal)?;
    let target = Target::from_argument(Some(out));
    let settings = resolve(&inputs)?;
    let logs = inputs.iter().filter_map(opened::log_beside);
    let mut files =
        Files::default().reading_texts(&inputs).reading("the log of a text", logs).reading_settings(&settings);
    files.write(Output::PAGE, out)?;
    let corrector = settings.corrector()?;
    let texts: Vec<Result<Text>> = inputs.par_iter().map(|input| prepare(input, &settings, &corrector)).collect();
    let mut read = Vec::with_capacity(texts.len());
    for text in texts {
        match text {
            Ok(text) => {
                text.notes.iter().for_each(|note| terminal.warn(note));
                read.push(text);
            }
            Err(error) => {
                terminal.error(error);
                failed = true;
            }
        }
    }
    if read.is_empty() && failed {
        return Ok(ExitCode::Trouble);
    }
    let total = read.len();
    read.retain(|text| total == 1 || !text.log.entries().is_empty());
    let reviewed: Vec<_> = read
        .iter()
        .map(|text| Reviewed { text: text.document.text(), log: &text.log, save_as: &text.save_as })
        .collect();
    let mut bytes = Vec::new();
    page::write(&mut bytes, &reviewed, &reviewer::name())?;
    target.write(&bytes, Access::of_all(inputs.iter().filter_map(Input::path)))?;
    let changes: usize = read.iter().map(|text| text.log.changes().count()).sum();
    let clean = total - read.len();
    let without = match clean {
        0 => String::new(),
        1 => "; 1 other has none".into(),
        _ => format!("; {clean} others have none"),
    };
    let name = if target == Target::Stdout { "standard output".into() } else { out.display().to_string() };
    let (changes, texts) = (plural(changes, "change"), plural(read.len(), "text"));
    terminal.say(format_args!("{name}: {changes} in {texts}{without}"));
    Ok(if failed { ExitCode::Trouble } else { ExitCode::Done })
}

/// The texts that `files` name, found as `batch` finds them; true if something was not.
fn find(files: &[PathBuf], terminal: &Terminal) -> Result<(Vec<Input>, bool)> {
    if files.is_empty() || files.iter().any(|path| path == Path::new("-")) {
        return Ok((Input::from_arguments(files)?, false));
    }
    let plan = Plan::new(&Request {
        paths: files,
        listed: &[],
        exclude: &[],
        output: None,
        logs: None,
        kind: None,
        read: &[],
    })?;
    for missing in &plan.unreadable {
        terminal.error(format_args!("{}: {}", missing.path.display(), missing.reason));
    }
    let mut failed = !plan.unreadable.is_empty();
    let mut inputs = Vec::with_capacity(plan.jobs.len());
    for job in plan.jobs {
        let reason = match (job.kind, Compression::of(&job.input)) {
            (Kind::Text, Compression::None) => {
                inputs.push(Input::File(job.input));
                continue;
            }
            (Kind::Text, _) => "is compressed; decompress it to review it",
            _ => "holds records; `review` takes texts",
        };
        terminal.error(format_args!("{}: {reason}", job.input.display()));
        failed = true;
    }
    Ok((inputs, failed))
}

/// The original in `input` and its log: the one beside it, if there is one, or else a new one.
fn prepare(input: &Input, settings: &Settings, corrector: &Corrector) -> Result<Text> {
    let name = input.path().and_then(Path::file_name).map_or("text".into(), |name| name.to_string_lossy());
    let save_as = format!("{name}{}", corpus::LOG_SUFFIX);
    let mut opened = opened::open(input, opened::log_beside(input).as_deref(), settings, corrector)?;
    let notes = std::mem::take(&mut opened.notes);
    let (document, log) = opened.into_log().map_err(|error| input.fault(error))?;
    Ok(Text { document, log, save_as, notes })
}
