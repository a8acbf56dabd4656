//! `scanno apply` with several logs or several texts: each log finds its text
//! by the hash of the original.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use scanno::corpus::{self, Job, Kind, Plan, Request};
use scanno::document::sha256;
use scanno::files::{self, Access, Destination, Replacement};
use scanno::format::jsonl::Log;

use crate::cli::apply::{files_read, memory_for, original, remember, say_remembered};
use crate::cli::exit_code::ExitCode;
use crate::cli::in_place;
use crate::cli::input::{Input, read_file};
use crate::cli::log_files;
use crate::cli::output::{Target, prepare, prepare_log};
use crate::cli::overlap::{Output, is_same_file};
use crate::cli::terminal::Terminal;

/// What is asked for.
pub(crate) struct Task<'a> {
    pub(crate) log: &'a Path,
    /// Texts and folders of texts.
    pub(crate) files: &'a [PathBuf],
    /// A folder.
    pub(crate) output: Option<&'a Path>,
    pub(crate) write: bool,
    /// A folder.
    pub(crate) log_to: Option<&'a Path>,
    pub(crate) no_log: bool,
    /// Where decisions are remembered, in place of the settings file's.
    pub(crate) memory: Option<&'a Path>,
}

/// Makes every text that one of `logs` is of, names every log that has none,
/// and gives the worst that happened.
pub(crate) fn apply(task: &Task<'_>, logs: &[Log], terminal: &Terminal) -> Result<ExitCode> {
    if task.files.iter().any(|file| file == Path::new("-")) {
        bail!("standard input is one text, and several are asked for; name files or folders");
    }
    let is_one = matches!(task.files, [file] if !file.is_dir());
    if !task.write && task.output.is_none() && !is_one {
        bail!("several texts need -w (in place) or -o DIR");
    }
    if is_one {
        let mut files = files_read(task.log, task.files.iter().map(PathBuf::as_path), task.memory);
        task.output.map_or(Ok(()), |output| files.write(Output::TEXT, output))?;
        task.log_to.map_or(Ok(()), |log| files.write(Output::LOG, log))?;
    }
    let read: Vec<PathBuf> = [Some(task.log), task.memory].into_iter().flatten().map(Path::to_path_buf).collect();
    let request = Request {
        paths: task.files,
        listed: &[],
        exclude: &[],
        output: task.output.filter(|_| !is_one),
        logs: None,
        kind: Some(Kind::Text),
        read: &read,
    };
    let plan = Plan::new(&request)?;
    for missing in &plan.unreadable {
        terminal.error(format_args!("{}: {}", missing.path.display(), missing.reason));
    }
    let mut texts = Texts::of(&plan, terminal);
    let mut worst = if plan.unreadable.is_empty() { ExitCode::Done } else { ExitCode::Trouble };
    let (mut made, mut remembered) = (0, 0);
    for log in logs {
        let done = match texts.take(log) {
            Some((job, original)) => memory_for(task.memory, &job.input, log).and_then(|memory| {
                task.make(job, log, &original, is_one)?;
                remember(memory.as_ref(), &job.input, log, &original)
            }),
            None => Err(anyhow!(
                "{}: no text has the hash of {} (SHA-256 {}…); name the file or folder that holds the original",
                task.log.display(),
                log.document().path,
                log.document().sha256.get(..12).unwrap_or_default()
            )),
        };
        match done {
            Ok(decisions) => {
                made += 1;
                remembered += decisions;
            }
            Err(error) => {
                terminal.error(error);
                worst = ExitCode::Trouble;
            }
        }
    }
    terminal.say(format_args!("{made} of {} logs applied", logs.len()));
    say_remembered(remembered, terminal);
    Ok(worst)
}

impl Task<'_> {
    fn make(&self, job: &Job, log: &Log, original: &[u8], is_one: bool) -> Result<()> {
        let path = &job.input;
        if is_same_file(path, self.log) {
            bail!("{}: is named as log and as text; the order is LOG FILE", path.display());
        }
        let (result, sealed) = log.apply_updated(original).map_err(|error| anyhow!("{}: {error}", path.display()))?;
        let log_path = match self.log_to {
            Some(file) if is_one => Some(file.to_path_buf()),
            Some(folder) => Some(corpus::log_path(&folder.join(&job.name))),
            None if self.write && !self.no_log => Some(in_place::log_beside(path, &log.document().sha256)?),
            None => None,
        };
        if let Some(folder) = log_path.as_deref().filter(|_| !is_one).and_then(Path::parent) {
            make_folder(folder)?;
        }
        if self.write {
            let log = log_path.as_deref().map(|path| (path, &sealed));
            return in_place::replace(path, &read_file(path)?, &result, log);
        }
        let access = Access::of(path) & Access::of(self.log);
        let to = |path| if is_one { Destination::named(path) } else { Destination::below(path) };
        let log = log_path.as_deref().map(|path| prepare_log(to(path).limited_to(access), &sealed)).transpose()?;
        if is_one {
            commit(log, log_path.as_deref())?;
            return Target::from_argument(self.output).write(&result, access);
        }
        make_folder(job.output.parent().unwrap_or(Path::new("")))?;
        let text = prepare(to(&job.output).limited_to(access), &result)?;
        commit(log, log_path.as_deref())?;
        commit(Some(text), Some(&job.output))
    }
}

fn commit(prepared: Option<Replacement>, path: Option<&Path>) -> Result<()> {
    let (Some(prepared), Some(path)) = (prepared, path) else { return Ok(()) };
    prepared.commit().map_err(|error| crate::cli::output::fault(path, &error))
}

fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .map_err(|error| anyhow!("{}: cannot be made: {}", folder.display(), files::describe(&error)))
}

/// The texts by their hashes. None is held in memory.
struct Texts<'p> {
    /// By the hash of the file as it is.
    as_read: HashMap<String, Vec<&'p Job>>,
    /// By the hash of the original that the log beside the file leads back to.
    as_cleaned: HashMap<String, Vec<&'p Job>>,
}

impl<'p> Texts<'p> {
    fn of(plan: &'p Plan, terminal: &Terminal) -> Self {
        let (mut as_read, mut as_cleaned) = (HashMap::<_, Vec<&Job>>::new(), HashMap::<_, Vec<&Job>>::new());
        for job in &plan.jobs {
            match read_file(&job.input) {
                Ok(bytes) => as_read.entry(sha256(&bytes)).or_default().push(job),
                Err(error) => terminal.error(error),
            }
            if let Some(log) = log_files::beside(&job.input) {
                as_cleaned.entry(log.document().sha256.clone()).or_default().push(job);
            }
        }
        Self { as_read, as_cleaned }
    }

    /// The text that `log` is of and its original. Of several that are the same, each serves one log, the one first
    /// whose path ends most like the log's.
    fn take(&mut self, log: &Log) -> Option<(&'p Job, Vec<u8>)> {
        let wanted = &log.document().sha256;
        for (texts, is_original) in [(&mut self.as_read, true), (&mut self.as_cleaned, false)] {
            let Some(jobs) = texts.get_mut(wanted) else { continue };
            let named = Path::new(&log.document().path);
            while let Some((at, _)) =
                jobs.iter().enumerate().max_by_key(|(at, job)| (common_end(&job.input, named), std::cmp::Reverse(*at)))
            {
                let job = jobs.remove(at);
                let Ok(bytes) = read_file(&job.input) else { continue };
                let found =
                    if is_original { Some(bytes) } else { original(log, &Input::File(job.input.clone()), &bytes) };
                if let Some(original) = found {
                    return Some((job, original));
                }
            }
        }
        None
    }
}

/// Parts of two paths, from the end, that are the same.
fn common_end(a: &Path, b: &Path) -> usize {
    a.components().rev().zip(b.components().rev()).take_while(|(a, b)| a == b).count()
}
