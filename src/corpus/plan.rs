//! [`Plan`]: which file is to be written from which, settled before anything
//! is written.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ignore::WalkBuilder;

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

/// One file to clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The text to read.
    pub input: PathBuf,
    /// Where it lies below the output folder.
    pub name: PathBuf,
    /// The cleaned text to write.
    pub output: PathBuf,
    /// The change log to write.
    pub log: Option<PathBuf>,
}

/// What lay in the folders and is no text to clean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Files and folders whose name starts with a dot.
    pub hidden: usize,
    /// Change logs and settings files of this program.
    pub own: usize,
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
    /// only way back from an earlier cleaning.
    #[error("{} would be overwritten, and it is one of the inputs or the log of one; name another folder", output.display())]
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
}

impl Plan {
    /// Lays out `paths`: a file is written to `output` under its own name, the
    /// content of a folder lies directly under `output`. Links are followed.
    /// Hidden files, change logs and settings files in folders are left out,
    /// and so are `output` and `logs` where they lie inside a folder that is
    /// read. What is named is never left out.
    ///
    /// # Errors
    /// Where two inputs would become one output, or an output would overwrite
    /// an input.
    pub fn new(paths: &[PathBuf], output: &Path, logs: Option<&Path>) -> Result<Self, PlanError> {
        let mut walk = Walk::new(output, logs);
        for path in paths {
            walk.add(path);
        }
        let mut jobs: Vec<Job> = walk
            .found
            .into_iter()
            .map(|(input, name)| Job {
                output: output.join(&name),
                log: logs.map(|folder| log_path(&folder.join(&name))),
                input,
                name,
            })
            .collect();
        // Stable: of two inputs for one output the one named first comes first.
        jobs.sort_by(|a, b| a.name.cmp(&b.name));
        let canonical = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        jobs.dedup_by(|b, a| a.name == b.name && canonical(&a.input) == canonical(&b.input));
        check(&jobs)?;
        Ok(Self { jobs, unreadable: walk.unreadable, left_out: walk.left_out })
    }
}

/// The files met so far, each with its name below the output folder.
struct Walk {
    found: Vec<(PathBuf, PathBuf)>,
    unreadable: Vec<Unreadable>,
    left_out: LeftOut,
    /// The folders that are written to, by their real paths.
    targets: Arc<[PathBuf]>,
}

impl Walk {
    fn new(output: &Path, logs: Option<&Path>) -> Self {
        let targets = [Some(output), logs].into_iter().flatten().filter_map(|p| fs::canonicalize(p).ok()).collect();
        Self { found: Vec::new(), unreadable: Vec::new(), left_out: LeftOut::default(), targets }
    }

    fn add(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(_) => {
                let name = path.file_name().map_or_else(|| path.to_path_buf(), PathBuf::from);
                self.found.push((path.to_path_buf(), name));
            }
            Err(error) => self.unreadable(path, super::describe(&error)),
        }
    }

    fn add_folder(&mut self, root: &Path) {
        let hidden = Arc::new(AtomicUsize::new(0));
        let (counter, targets) = (Arc::clone(&hidden), Arc::clone(&self.targets));
        let walker = WalkBuilder::new(root)
            .standard_filters(false)
            .follow_links(true)
            .sort_by_file_name(Ord::cmp)
            .filter_entry(move |entry| {
                let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
                if entry.depth() > 0 && is_hidden {
                    counter.fetch_add(1, Ordering::Relaxed);
                    return false;
                }
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                let is_target = || fs::canonicalize(entry.path()).is_ok_and(|path| targets.contains(&path));
                entry.depth() == 0 || !is_folder || !is_target()
            })
            .build();
        for entry in walker {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let (path, reason) = explain(&error);
                    self.unreadable(path.unwrap_or(root), reason);
                    continue;
                }
            };
            let Some(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                continue;
            }
            let path = entry.into_path();
            if !kind.is_file() {
                self.unreadable(&path, "is no regular file".into());
            } else if is_own(&path) {
                self.left_out.own += 1;
            } else {
                let name = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
                self.found.push((path, name));
            }
        }
        self.left_out.hidden += hidden.load(Ordering::Relaxed);
    }

    fn unreadable(&mut self, path: &Path, reason: String) {
        self.unreadable.push(Unreadable { path: path.to_path_buf(), reason });
    }
}

/// The path that could not be walked, as far as it is told, and why.
fn explain(error: &ignore::Error) -> (Option<&Path>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), explain(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => explain(err),
        ignore::Error::Loop { child, .. } => (Some(child), "a link that leads back to a folder above it".into()),
        // The error's own text would say path and reason again, with a number.
        ignore::Error::Io(error) => (None, super::describe(&error.kind().into())),
        other => (None, other.to_string()),
    }
}

fn is_own(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name == SETTINGS_NAME || name.as_encoded_bytes().ends_with(LOG_SUFFIX.as_bytes()))
}

fn check(jobs: &[Job]) -> Result<(), PlanError> {
    let inputs = jobs.iter().filter_map(|job| fs::canonicalize(&job.input).ok());
    let read: HashSet<PathBuf> = inputs.flat_map(|input| [log_path(&input), input]).collect();
    let mut written: HashMap<&Path, &Path> = HashMap::with_capacity(jobs.len());
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

    fn plan(root: &Path, paths: &[&str], output: &str) -> Result<Plan, PlanError> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
        Plan::new(&paths, &root.join(output), None)
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
        assert_eq!(plan.left_out, LeftOut { hidden: 2, own: 2 });
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
