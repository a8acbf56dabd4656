//! [`Walk`]: from what was asked for to files, each with its name below the
//! output folder.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::plan::{LeftOut, Logs, PlanError, Request, SETTINGS_NAME, Unreadable, has_log_name};

/// The files met so far.
pub(super) struct Walk {
    /// Each file with its name below the output folder.
    pub(super) found: Vec<(PathBuf, PathBuf)>,
    pub(super) unreadable: Vec<Unreadable>,
    pub(super) left_out: LeftOut,
    exclude: Arc<Gitignore>,
    /// The folders that are written to, and the file of all logs, by their real paths.
    targets: Arc<[PathBuf]>,
}

impl Walk {
    /// Finds everything that `request` asks for.
    pub(super) fn of(request: &Request<'_>) -> Result<Self, PlanError> {
        let mut exclude = GitignoreBuilder::new("");
        for pattern in request.exclude {
            exclude.add_line(None, pattern).map_err(|error| PlanError::Pattern(error.to_string()))?;
        }
        let exclude = exclude.build().map_err(|error| PlanError::Pattern(error.to_string()))?;
        let targets = [request.output, request.logs.map(Logs::path)]
            .into_iter()
            .flatten()
            .filter_map(|p| fs::canonicalize(p).ok())
            .collect();
        let mut walk = Self {
            found: Vec::new(),
            unreadable: Vec::new(),
            left_out: LeftOut::default(),
            exclude: Arc::new(exclude),
            targets,
        };
        for path in request.paths {
            match Pattern::of(path)? {
                Some(pattern) => walk.add_matches(path, &pattern),
                None => walk.add(path, path.file_name().map_or(path, Path::new), Path::new("")),
            }
        }
        for path in request.listed {
            let name = relative(path);
            walk.add(path, &name, &name);
        }
        Ok(walk)
    }

    /// A file, to lie at `name`, or a folder, its content to lie below `folder_name`.
    fn add(&mut self, path: &Path, name: &Path, folder_name: &Path) {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path, folder_name, None),
            Ok(_) if self.exclude.matched_path_or_any_parents(name, false).is_ignore() => self.left_out.excluded += 1,
            Ok(_) => self.found.push((path.to_path_buf(), name.to_path_buf())),
            Err(error) => self.unreadable(path, crate::files::describe(&error)),
        }
    }

    /// What the shell did not expand.
    fn add_matches(&mut self, path: &Path, pattern: &Pattern) {
        let before = (self.found.len(), self.left_out);
        self.add_folder(&pattern.base, Path::new(""), Some(&pattern.rest));
        if before == (self.found.len(), self.left_out) {
            self.unreadable(path, "no file has such a name".into());
        }
    }

    fn add_folder(&mut self, root: &Path, name: &Path, only: Option<&GlobMatcher>) {
        let hidden = Arc::new(AtomicUsize::new(0));
        let excluded = Arc::new(AtomicUsize::new(0));
        let counters = (Arc::clone(&hidden), Arc::clone(&excluded));
        let (exclude, targets, root_path) = (Arc::clone(&self.exclude), Arc::clone(&self.targets), root.to_path_buf());
        let walker = WalkBuilder::new(root)
            .standard_filters(false)
            .follow_links(true)
            .sort_by_file_name(Ord::cmp)
            .filter_entry(move |entry| {
                if entry.depth() == 0 {
                    return true;
                }
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                let counter = if entry.file_name().as_encoded_bytes().starts_with(b".") {
                    &counters.0
                } else if exclude.matched(below(entry.path(), &root_path), is_folder).is_ignore() {
                    &counters.1
                } else {
                    let is_target = || fs::canonicalize(entry.path()).is_ok_and(|path| targets.contains(&path));
                    // Files are many, and asking for real paths takes time.
                    let may_be = is_folder || targets.iter().any(|path| path.file_name() == Some(entry.file_name()));
                    return !(may_be && is_target());
                };
                counter.fetch_add(1, Ordering::Relaxed);
                false
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
            let path = entry.into_path();
            let inside = below(&path, root);
            let is_asked_for =
                only.is_none_or(|only| inside.ancestors().any(|a| !a.as_os_str().is_empty() && only.is_match(a)));
            if kind.is_dir() || !is_asked_for {
                continue;
            }
            if !kind.is_file() {
                self.unreadable(&path, "is no regular file".into());
            } else if is_own(&path) {
                self.left_out.own += 1;
            } else {
                let name = name.join(inside);
                self.found.push((path, name));
            }
        }
        self.left_out.hidden += hidden.load(Ordering::Relaxed);
        self.left_out.excluded += excluded.load(Ordering::Relaxed);
    }

    fn unreadable(&mut self, path: &Path, reason: String) {
        self.unreadable.push(Unreadable { path: path.to_path_buf(), reason });
    }
}

/// A path with wildcards that no file has as its name.
struct Pattern {
    /// The folder before the first wildcard.
    base: PathBuf,
    /// What names below it must match.
    rest: GlobMatcher,
}

impl Pattern {
    /// The pattern in `path`, if it is one: the shell hands on what it cannot expand.
    fn of(path: &Path) -> Result<Option<Self>, PlanError> {
        let is_wild = |part: &Component<'_>| part.as_os_str().as_encoded_bytes().iter().any(|b| b"*?[{".contains(b));
        let plain = path.components().take_while(|part| !is_wild(part)).count();
        let rest: PathBuf = path.components().skip(plain).collect();
        let Some(rest) = rest.to_str().filter(|rest| !rest.is_empty() && fs::symlink_metadata(path).is_err()) else {
            return Ok(None);
        };
        let rest = GlobBuilder::new(rest)
            .literal_separator(true)
            .build()
            .map_err(|error| PlanError::Pattern(error.to_string()))?
            .compile_matcher();
        let base: PathBuf = path.components().take(plain).collect();
        Ok(Some(Self { base: if plain == 0 { PathBuf::from(".") } else { base }, rest }))
    }
}

fn below<'p>(path: &'p Path, root: &Path) -> &'p Path {
    path.strip_prefix(root).unwrap_or(path)
}

/// `path` as it lies below another folder: without what leads to the top or upwards.
fn relative(path: &Path) -> PathBuf {
    let mut name = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => name.push(part),
            Component::ParentDir => name.clear(),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    name
}

/// The path that could not be walked, as far as it is told, and why.
fn explain(error: &ignore::Error) -> (Option<&Path>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), explain(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => explain(err),
        ignore::Error::Loop { child, .. } => (Some(child), "a link that leads back to a folder above it".into()),
        // The error's own text would say path and reason again, with a number.
        ignore::Error::Io(error) => (None, crate::files::describe(&error.kind().into())),
        other => (None, other.to_string()),
    }
}

fn is_own(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == SETTINGS_NAME) || has_log_name(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_paths_keep_their_folders_and_stay_below_the_output() {
        for (path, name) in [
            ("a/b.txt", "a/b.txt"),
            ("./a/./b.txt", "a/b.txt"),
            ("/data/a/b.txt", "data/a/b.txt"),
            ("../x/../a/b.txt", "a/b.txt"),
        ] {
            assert_eq!(relative(Path::new(path)), Path::new(name), "{path}");
        }
    }

    #[test]
    fn a_pattern_is_cut_at_its_first_wildcard() {
        let pattern = |path: &str| Pattern::of(Path::new(path)).unwrap();
        assert!(pattern("no/such/file").is_none());
        let deep = pattern("no/such/*/p?.txt").unwrap();
        assert_eq!(deep.base, Path::new("no/such"));
        assert!(deep.rest.is_match("x/p1.txt") && !deep.rest.is_match("x/y/p1.txt") && !deep.rest.is_match("p1.txt"));
        assert_eq!(pattern("*.txt").unwrap().base, Path::new("."));
        assert!(matches!(Pattern::of(Path::new("a/[z-a]")), Err(PlanError::Pattern(_))));
    }
}
