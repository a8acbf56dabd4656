//! What `batch` and `check` share: which files, and the report on all of them.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::{Args, ValueEnum};
use scanno::corpus::{self, Kind, Plan, RecordOptions, Request, Sharing};
use scanno::files::{Access, Destination, Mark, describe, folder_of, may_replace, replace_file};
use scanno::format::record::Note;
use scanno::report::overview::{Overview, html};

use crate::cli::input::{Input, read_paths};
use crate::cli::options::Settings;
use crate::cli::overlap::{Files, Output};
use crate::cli::terminal::Terminal;

/// What is read.
#[derive(Debug, Args)]
pub(crate) struct InputOptions {
    /// Texts, records, tables, folders of them, and patterns such as 'pages/**/*.txt'; `-` for records from standard input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Read more paths from LIST, one a line or ended by NUL; `-` is standard input. They keep their folders
    #[arg(long, value_name = "LIST")]
    pub(crate) files_from: Option<PathBuf>,
    /// Leave out what matches, as in a .gitignore; may be given more than once
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// What the files hold, whatever their names
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// The field of a record, or column of a table, that holds its text
    #[arg(long, visible_alias = "column", value_name = "NAME", default_value = "text")]
    field: String,
    /// What shares evidence, as the pages of a book do: `file` (its records), `folder` (its texts), or the name of a field or column that is the same in all records of a work [default: each text stands for itself]
    #[arg(long, value_name = "WORK")]
    work: Option<String>,
    /// Number of threads [default: one for each core]
    #[arg(short, long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Records if the name ends in .jsonl or .ndjson, a table if it ends in .parquet, else one text
    #[default]
    Auto,
    /// One text a file
    Text,
    /// Records, one a line
    Jsonl,
    /// A table of Parquet
    Parquet,
}

impl InputOptions {
    /// The one input is standard input.
    pub(crate) fn is_filter(&self) -> bool {
        self.paths.iter().any(|path| path == Path::new("-"))
    }

    /// The paths of the list.
    pub(crate) fn listed(&self) -> Result<Vec<PathBuf>> {
        self.files_from.as_deref().map_or(Ok(Vec::new()), |list| read_paths(&Input::from_argument(list)))
    }

    /// What is asked for, with the `listed` paths.
    pub(crate) fn request<'a>(&'a self, listed: &'a [PathBuf]) -> Request<'a> {
        let kind = match self.format {
            Format::Auto => None,
            Format::Text => Some(Kind::Text),
            Format::Jsonl => Some(Kind::JsonLines),
            Format::Parquet => Some(Kind::Parquet),
        };
        Request { paths: &self.paths, listed, exclude: &self.exclude, output: None, logs: None, kind, read: &[] }
    }

    /// What is done with records.
    pub(crate) fn records(&self, note: Note) -> RecordOptions<'_> {
        let work = match self.work.as_deref() {
            None => Sharing::Each,
            Some("file") => Sharing::File,
            Some("folder") => Sharing::Folder,
            Some(field) => Sharing::Field(field),
        };
        RecordOptions { field: &self.field, note, work }
    }
}

/// Says what cannot be read, and what will need much memory. Gives the bytes
/// that there are to read.
pub(crate) fn announce(plan: &Plan, terminal: &Terminal) -> u64 {
    /// Bytes of a text from which its need of memory is worth a word.
    const LARGE: u64 = 100_000_000;
    /// Memory that a text takes, as a multiple of its size.
    const FACTOR: u64 = 6;
    for missing in &plan.unreadable {
        terminal.error(format_args!("{}: {}", missing.path.display(), missing.reason));
    }
    let mut bytes = 0;
    for job in &plan.jobs {
        let size = job.size();
        bytes += size;
        if job.kind == Kind::Text && (LARGE..=corpus::LARGEST_TEXT).contains(&size) {
            let (size, memory) = (size / 1_000_000, FACTOR * size / 1_000_000);
            let name = job.input.display();
            terminal.warn(format_args!("{name}: one text of {size} MB; cleaning it takes up to {memory} MB of memory"));
        }
    }
    bytes
}

/// The report in a folder.
#[derive(Debug, Args)]
pub(crate) struct ReportOptions {
    /// Write report.html, for people, and report.json into DIR
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
}

impl ReportOptions {
    pub(crate) fn is_wanted(&self) -> bool {
        self.report.is_some()
    }

    fn files(&self) -> impl Iterator<Item = (PathBuf, Mark)> {
        self.report.iter().flat_map(|folder| [PAGE, JSON].map(|(name, mark)| (folder.join(name), mark)))
    }

    /// Refuses a report that would overwrite what is read or written, or what is not scanno's.
    pub(crate) fn check(&self, plan: &Plan, settings: &Settings) -> Result<()> {
        if !self.is_wanted() {
            return Ok(());
        }
        let texts = plan.jobs.iter().map(|job| &job.input);
        let written = plan.jobs.iter().flat_map(|job| [Some(&job.output), job.log.as_ref()]).flatten();
        let mut files =
            Files::default().reading("an input", texts).reading("an output", written).reading_settings(settings);
        for (path, mark) in self.files() {
            files.write(Output::REPORT, &path)?;
            if !may_replace(&path, mark) {
                bail!("{}: exists and is no report of scanno's; move it away, or name another folder", path.display());
            }
        }
        Ok(())
    }

    /// Writes it, if it is asked for, open to no one who has not this `access`.
    pub(crate) fn write(&self, overview: &Overview, access: Access) -> Result<()> {
        let contents = [html::page(overview).into_bytes(), overview.to_json()];
        for ((path, _), bytes) in self.files().zip(contents) {
            let to = Destination::below(&path).limited_to(access);
            let written = fs::create_dir_all(folder_of(&path)).and_then(|()| replace_file(to, &bytes));
            written.map_err(|error| anyhow!("{}: cannot be written: {}", path.display(), describe(&error)))?;
        }
        Ok(())
    }
}

/// The files of a report, and how each begins.
const PAGE: (&str, Mark) =
    ("report.html", Mark { beginning: b"<!DOCTYPE html>", contains: b"<title>scanno: report</title>" });
const JSON: (&str, Mark) = ("report.json", Mark { beginning: b"{\n", contains: b"\n  \"scanno\": \"" });
