//! [`Plan`]: which file is to be written from which, settled before anything
//! is written.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::part::part_path;
use super::run::LOCK_NAME;
use super::stream::is_foreign;
use super::walk::Walk;
use super::{ADAPTED_NAME, Compression, FAILURES_NAME, Kind, MANIFEST_NAME, adapt, failures, manifest};
use crate::files::{Access, Mark, may_replace};

/// What ends the name of a change log.
pub const LOG_SUFFIX: &str = ".scanno.jsonl";

/// The name of the settings file that is looked for in folders.
pub const SETTINGS_NAME: &str = "scanno.toml";

/// The change log that belongs to `file`: its name with [`LOG_SUFFIX`] added.
#[must_use]
pub fn log_path(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_os_string();
    name.push(LOG_SUFFIX);
    name.into()
}

/// True if `path` has the name of a change log, compressed or not.
#[must_use]
pub fn has_log_name(path: &Path) -> bool {
    let name = if Compression::of(path) == Compression::None { path.file_name() } else { path.file_stem() };
    name.is_some_and(|name| name.as_encoded_bytes().ends_with(LOG_SUFFIX.as_bytes()))
}

/// Where change logs go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logs<'a> {
    /// Into a folder, a file for each text, laid out like the texts and so compressed.
    Folder(&'a Path, Compression),
    /// Into one file, one after the other, in the order of the plan.
    Stream(&'a Path),
}

impl<'a> Logs<'a> {
    /// Logs to `path`: one file if it has the name of JSON Lines, compressed or
    /// not; a folder if it has any other.
    #[must_use]
    pub fn at(path: &'a Path) -> Self {
        match Kind::of(path) {
            Kind::JsonLines => Self::Stream(path),
            Kind::Text | Kind::Parquet => Self::Folder(path, Compression::None),
        }
    }

    pub(super) fn path(self) -> &'a Path {
        match self {
            Self::Folder(path, _) | Self::Stream(path) => path,
        }
    }

    /// Where the log of the text `name` is written.
    fn of(self, name: &Path) -> PathBuf {
        match self {
            Self::Stream(stream) => log_path(&part_path(stream).join(name)),
            Self::Folder(folder, compression) => {
                let mut path = log_path(&folder.join(name)).into_os_string();
                path.push(compression.ending());
                path.into()
            }
        }
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Files, folders, and patterns such as `pages/**/*.txt`. A file is written
    /// under its own name; the content of a folder lies directly under the
    /// output, and so does what a pattern finds in the folder before its first
    /// wildcard.
    pub paths: &'a [PathBuf],
    /// Files and folders that keep the path by which they are named.
    pub listed: &'a [PathBuf],
    /// Patterns as in a `.gitignore`, relative to the output folder: what they
    /// match is left out, wherever it was named.
    pub exclude: &'a [String],
    /// The folder that is written to; without one nothing is checked that
    /// concerns outputs.
    pub output: Option<&'a Path>,
    /// Where the change logs go.
    pub logs: Option<Logs<'a>>,
    /// What all files hold, whatever their names.
    pub kind: Option<Kind>,
    /// What else the call reads: nothing is written over it.
    pub read: &'a [PathBuf],
}

/// One file to clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The text to read.
    pub input: PathBuf,
    /// Where it lies below the output folder.
    pub name: PathBuf,
    /// The cleaned text to write.
    pub output: PathBuf,
    /// The change log to write. Records have none of their own, and tables neither.
    pub log: Option<PathBuf>,
    /// What the input holds.
    pub kind: Kind,
}

impl Job {
    /// Bytes of the input as they lie in the file; 0 if that cannot be known.
    #[must_use]
    pub fn size(&self) -> u64 {
        fs::metadata(&self.input).map_or(0, |metadata| metadata.len())
    }
}

/// What lay in the folders and is no text to clean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Files and folders whose name starts with a dot.
    pub hidden: usize,
    /// Change logs and settings files of this program.
    pub own: usize,
    /// Files and folders that the user's patterns leave out.
    pub excluded: usize,
}

/// A path that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What was asked for or found.
    pub path: PathBuf,
    /// One sentence fragment.
    pub reason: String,
}

/// Every file of a run, its output and its log.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Sorted by `name`; no two write the same file, and none writes a file that another reads.
    pub jobs: Vec<Job>,
    /// What was asked for and is not there, or lies in a folder and is no file.
    pub unreadable: Vec<Unreadable>,
    /// What was passed over.
    pub left_out: LeftOut,
}

/// Why files cannot be laid out as asked. Nothing has been written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Two inputs have the same name below their folders.
    #[error("{} and {} would both become {}; give each its own output folder", first.display(), second.display(), output.display())]
    SameOutput {
        /// The input met first.
        first: PathBuf,
        /// The input met second.
        second: PathBuf,
        /// What both would be written to.
        output: PathBuf,
    },
    /// An output is one of the inputs, or the log beside one, which may be the
    /// only way back from an earlier cleaning; or it is something else that is read.
    #[error("{} would be overwritten, and it is one of the inputs, the log of one, or a file that the settings name; name another folder", output.display())]
    OverInput {
        /// The file that would be lost.
        output: PathBuf,
    },
    /// An output would have to be a file and a folder.
    #[error("{} would have to be a file (for {}) and a folder (for {}); give each its own output folder", output.display(), first.display(), second.display())]
    FileAndFolder {
        /// The input that needs a file there.
        first: PathBuf,
        /// The input that needs a folder there.
        second: PathBuf,
        /// The path in question.
        output: PathBuf,
    },
    /// An output would have the name of a file that each run writes.
    #[error("{} would become {}, which has a meaning of its own there; rename it", input.display(), output.display())]
    Reserved {
        /// The input.
        input: PathBuf,
        /// What it would be written to.
        output: PathBuf,
    },
    /// What would be written over by the logs is something else.
    #[error("{} exists and is no change log; it is not written over: name another file for the logs", output.display())]
    NoLog {
        /// The file that would be lost.
        output: PathBuf,
    },
    /// Under a name that scanno uses lies something that it has not written.
    #[error("{} exists and is not scanno's own; it is not touched: move it away, or name another folder", path.display())]
    Foreign {
        /// The file, folder or link.
        path: PathBuf,
    },
    /// A folder of the outputs is a link to elsewhere.
    #[error("{} is a link that leads out of {}, and nothing is written there; remove it", path.display(), folder.display())]
    LeadsOut {
        /// The link, or a folder below it.
        path: PathBuf,
        /// The folder that was named.
        folder: PathBuf,
    },
    /// A pattern that means nothing.
    #[error("{0}; see `scanno batch --help` for patterns")]
    Pattern(String),
}

impl Plan {
    /// Lays out what `request` asks for. Links are followed. Hidden files,
    /// change logs and settings files in folders are left out, and so are the
    /// folders that are written to where they lie inside one that is read.
    /// What is named is left out only if a pattern says so.
    ///
    /// # Errors
    /// Where two inputs would become one output, an output would overwrite an
    /// input, or a pattern means nothing.
    pub fn new(request: &Request<'_>) -> Result<Self, PlanError> {
        let walk = Walk::of(request)?;
        let output = request.output.unwrap_or(Path::new(""));
        let mut jobs: Vec<Job> = walk
            .found
            .into_iter()
            .map(|(input, name)| {
                let kind = request.kind.unwrap_or_else(|| Kind::of(&name));
                let logs = request.logs.filter(|_| kind == Kind::Text);
                let log = logs.map(|logs| logs.of(&name));
                Job { output: output.join(&name), log, input, name, kind }
            })
            .collect();
        // Stable: of two inputs for one output the one named first comes first.
        jobs.sort_by(|a, b| a.name.cmp(&b.name));
        let canonical = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        jobs.dedup_by(|b, a| a.name == b.name && canonical(&a.input) == canonical(&b.input));
        if request.output.is_some() {
            let stream = request.logs.and_then(|logs| if let Logs::Stream(path) = logs { Some(path) } else { None });
            check(&jobs, stream, request.read)?;
            check_own(output)?;
            for folder in
                [Some(output), request.logs.map(Logs::path).filter(|_| stream.is_none())].into_iter().flatten()
            {
                check_folders(&jobs, folder)?;
            }
            if let Some(stream) = stream
                && OWN.iter().any(|(name, _)| output.join(name) == stream)
            {
                return Err(PlanError::Reserved { input: LOGS.into(), output: stream.to_path_buf() });
            }
            let logs = jobs.iter().filter(|_| stream.is_none()).filter_map(|job| job.log.as_deref());
            if let Some(log) = stream.into_iter().chain(logs).find(|log| is_foreign(log)) {
                return Err(PlanError::NoLog { output: log.to_path_buf() });
            }
            let is_reserved =
                |name: &Path| name == Path::new(LOCK_NAME) || OWN.iter().any(|(own, _)| name == Path::new(own));
            if let Some(job) = jobs.iter().find(|job| is_reserved(&job.name)) {
                return Err(PlanError::Reserved { input: job.input.clone(), output: job.output.clone() });
            }
        }
        Ok(Self { jobs, unreadable: walk.unreadable, left_out: walk.left_out })
    }

    /// Who may read what is made from all of its inputs together.
    #[must_use]
    pub fn access(&self) -> Access {
        Access::of_all(self.jobs.iter().map(|job| &*job.input))
    }
}

/// What a run writes into the output folder beside the outputs, and how each begins.
const OWN: [(&str, Mark); 3] =
    [(FAILURES_NAME, failures::MARK), (MANIFEST_NAME, manifest::MARK), (ADAPTED_NAME, adapt::MARK)];

/// Refuses an output folder in which something else has one of these names.
fn check_own(output: &Path) -> Result<(), PlanError> {
    match OWN.iter().map(|(name, mark)| (output.join(name), mark)).find(|(path, mark)| !may_replace(path, **mark)) {
        Some((path, _)) => Err(PlanError::Foreign { path }),
        None => Ok(()),
    }
}

/// Refuses a `folder` in which a link would lead what is written elsewhere.
fn check_folders(jobs: &[Job], folder: &Path) -> Result<(), PlanError> {
    let Ok(root) = fs::canonicalize(folder) else { return Ok(()) };
    let written = jobs.iter().flat_map(|job| [Some(&*job.output), job.log.as_deref()]).flatten();
    let folders: HashSet<&Path> = written.filter_map(Path::parent).filter(|path| path.starts_with(folder)).collect();
    let leads_out = |path: &&Path| {
        // What does not exist yet will be a folder of its own.
        let existing = path.ancestors().find_map(|path| fs::canonicalize(path).ok());
        existing.is_some_and(|real| !real.starts_with(&root))
    };
    match folders.into_iter().filter(leads_out).min() {
        Some(path) => Err(PlanError::LeadsOut { path: path.to_path_buf(), folder: folder.to_path_buf() }),
        None => Ok(()),
    }
}

/// What stands in messages for the texts whose logs are concerned.
const LOGS: &str = "the change logs";

fn check(jobs: &[Job], stream: Option<&Path>, others: &[PathBuf]) -> Result<(), PlanError> {
    let inputs = jobs.iter().filter_map(|job| fs::canonicalize(&job.input).ok());
    let logs_of = |input: &Path| {
        [Compression::None, Compression::Gzip, Compression::Zstd].map(|c| Logs::Folder(Path::new(""), c).of(input))
    };
    let others = others.iter().filter_map(|path| fs::canonicalize(path).ok());
    let read: HashSet<PathBuf> =
        inputs.flat_map(|input| logs_of(&input).into_iter().chain([input])).chain(others).collect();
    let mut written: HashMap<&Path, &Path> = HashMap::with_capacity(jobs.len());
    if let Some(stream) = stream {
        if fs::canonicalize(stream).is_ok_and(|output| read.contains(&output)) {
            return Err(PlanError::OverInput { output: stream.to_path_buf() });
        }
        written.insert(stream, Path::new(LOGS));
    }
    for job in jobs {
        for output in [Some(&job.output), job.log.as_ref()].into_iter().flatten() {
            if let Some(first) = written.insert(output, &job.input) {
                return Err(PlanError::SameOutput {
                    first: first.to_path_buf(),
                    second: job.input.clone(),
                    output: output.clone(),
                });
            }
            // What does not exist yet is no input.
            if fs::canonicalize(output).is_ok_and(|output| read.contains(&output)) {
                return Err(PlanError::OverInput { output: output.clone() });
            }
        }
    }
    for job in jobs {
        for output in [Some(&job.output), job.log.as_ref()].into_iter().flatten() {
            if let Some((folder, first)) = output.ancestors().skip(1).find_map(|a| Some((a, *written.get(a)?))) {
                return Err(PlanError::FileAndFolder {
                    first: first.to_path_buf(),
                    second: job.input.clone(),
                    output: folder.to_path_buf(),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with empty files of these names.
    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    fn plan_without(root: &Path, paths: &[&str], output: &str, exclude: &[&str]) -> Result<Plan, PlanError> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
        let exclude: Vec<String> = exclude.iter().map(|&pattern| pattern.into()).collect();
        let output = root.join(output);
        Plan::new(&Request {
            paths: &paths,
            listed: &[],
            exclude: &exclude,
            output: Some(&output),
            logs: None,
            kind: None,
            read: &[],
        })
    }

    fn plan(root: &Path, paths: &[&str], output: &str) -> Result<Plan, PlanError> {
        plan_without(root, paths, output, &[])
    }

    fn names(plan: &Plan) -> Vec<&str> {
        plan.jobs.iter().map(|job| job.name.to_str().unwrap()).collect()
    }

    #[test]
    fn the_content_of_a_folder_lies_directly_under_the_output() {
        let root = folder(&["in/b.txt", "in/a/c.txt", "single.txt"]);
        let plan = plan(root.path(), &["in", "single.txt"], "out").unwrap();
        assert_eq!(names(&plan), ["a/c.txt", "b.txt", "single.txt"]);
        assert_eq!(plan.jobs[0].output, root.path().join("out/a/c.txt"));
    }

    #[test]
    fn hidden_files_logs_and_settings_are_left_out_and_counted_unless_named() {
        let root = folder(&["in/.git/x", "in/.y", "in/scanno.toml", "in/a.txt.scanno.jsonl", "in/a.txt", ".z"]);
        let plan = plan(root.path(), &["in", ".z"], "out").unwrap();
        assert_eq!(names(&plan), [".z", "a.txt"]);
        assert_eq!(plan.left_out, LeftOut { hidden: 2, own: 2, excluded: 0 });
    }

    #[test]
    fn a_pattern_finds_files_and_the_content_of_folders() {
        let root = folder(&["in/a/1.txt", "in/a/1.md", "in/b/2.txt", "in/b/c/3.txt", "in/4.txt"]);
        let found = |pattern: &str| {
            let plan = plan(root.path(), &[pattern], "out").unwrap();
            names(&plan).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(found("in/*/*.txt"), ["a/1.txt", "b/2.txt"]);
        assert_eq!(found("in/**/*.txt"), ["4.txt", "a/1.txt", "b/2.txt", "b/c/3.txt"]);
        assert_eq!(found("in/{a,b}"), ["a/1.md", "a/1.txt", "b/2.txt", "b/c/3.txt"]);
        let plan = plan(root.path(), &["in/*.pdf"], "out").unwrap();
        assert_eq!((plan.jobs.len(), plan.unreadable.len()), (0, 1));
    }

    #[test]
    fn excluded_files_and_folders_are_counted() {
        let root = folder(&["in/a.txt", "in/a.png", "in/old/b.txt", "in/c/old/d.txt", "in/c/keep.png"]);
        let plan = |exclude: &[&str]| plan_without(root.path(), &["in", "in/a.png"], "out", exclude).unwrap();
        let some = plan(&["*.png", "!keep.png", "/old/"]);
        assert_eq!(names(&some), ["a.txt", "c/keep.png", "c/old/d.txt"]);
        assert_eq!(some.left_out, LeftOut { hidden: 0, own: 0, excluded: 3 });
        assert_eq!(names(&plan(&["old"])), ["a.png", "a.txt", "c/keep.png"]);
    }

    #[test]
    fn an_output_folder_inside_the_input_is_not_read() {
        let root = folder(&["in/a.txt", "in/out/a.txt"]);
        let plan = plan(root.path(), &["in"], "in/out").unwrap();
        assert_eq!(names(&plan), ["a.txt"]);
    }

    #[test]
    fn two_inputs_for_one_output_are_refused_but_the_same_one_twice_is_one() {
        let root = folder(&["a/x.txt", "b/x.txt"]);
        let error = plan(root.path(), &["a", "b"], "out").unwrap_err();
        assert!(matches!(error, PlanError::SameOutput { .. }), "{error}");
        let plan = plan(root.path(), &["a", "a/x.txt", "a"], "out").unwrap();
        assert_eq!(names(&plan), ["x.txt"]);
    }

    #[test]
    fn an_output_that_is_an_input_is_refused() {
        let root = folder(&["a/x.txt"]);
        let error = plan(root.path(), &["a"], "a").unwrap_err();
        assert!(matches!(error, PlanError::OverInput { .. }), "{error}");
    }

    #[test]
    fn an_output_that_is_file_and_folder_is_refused() {
        let root = folder(&["a/x", "b/x/y"]);
        let error = plan(root.path(), &["a", "b"], "out").unwrap_err();
        assert!(matches!(error, PlanError::FileAndFolder { .. }), "{error}");
    }

    #[test]
    fn what_is_missing_is_named_and_the_rest_is_planned() {
        let root = folder(&["a.txt"]);
        let plan = plan(root.path(), &["a.txt", "missing.txt"], "out").unwrap();
        assert_eq!(names(&plan), ["a.txt"]);
        assert_eq!(plan.unreadable.len(), 1);
        assert_eq!(plan.unreadable[0].path, root.path().join("missing.txt"));
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_is_reported_and_ends() {
        let root = folder(&["in/a.txt"]);
        std::os::unix::fs::symlink("..", root.path().join("in/loop")).unwrap();
        let plan = plan(root.path(), &["in"], "out").unwrap();
        assert!(names(&plan).contains(&"a.txt"));
        assert!(!plan.unreadable.is_empty());
    }
}
