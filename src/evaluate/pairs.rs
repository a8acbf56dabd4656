//! Which files belong together: recognized text, truth, cleaned text.
//!
//! Single files belong together as they are named. In folders, files belong
//! together whose paths below their folder have the same stem: `a/X.ocr.txt`,
//! `a/X.gt.txt`, `a/X.cleaned.txt`, or `a/X.txt` in any of the three.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

/// Where the texts are: three files, or three folders, of which some may be the same.
#[derive(Clone, Copy, Debug)]
pub struct Paths<'p> {
    /// Recognized texts.
    pub ocr: &'p Path,
    /// Truths.
    pub truth: &'p Path,
    /// Cleaned texts.
    pub cleaned: Option<&'p Path>,
}

/// The files of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What the files' names have in common.
    pub name: String,
    /// The recognized text.
    pub ocr: PathBuf,
    /// The truth.
    pub truth: PathBuf,
    /// The cleaned text, if such were asked for.
    pub cleaned: Option<PathBuf>,
}

/// The documents that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairing {
    /// Documents whose files are all there, sorted by name.
    pub members: Vec<Member>,
    /// Files of documents that lack one.
    pub unmatched: Vec<Unmatched>,
}

/// A file without its counterpart. Displayed, it is a message for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The file that is there.
    pub path: PathBuf,
    /// What is missing: `truth`, `recognized text`, `cleaned text`.
    pub missing: &'static str,
    /// The folder in which it is missing.
    pub folder: PathBuf,
}

impl fmt::Display for Unmatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, missing, folder } = self;
        write!(f, "{}: there is no {missing} of that name in {}; left out", path.display(), folder.display())
    }
}

/// Why files could not be put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PairingError {
    /// A file or folder cannot be looked at.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Files and folders were mixed.
    #[error("{} is a folder and {} is a file; give files only, or folders only", folder.display(), file.display())]
    Mixed {
        /// One of the folders.
        folder: PathBuf,
        /// One of the files.
        file: PathBuf,
    },
}

/// What a file is, with the ends of names that say so, best first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Ocr,
    Truth,
    Cleaned,
}

const PLAIN: &str = ".txt";
const OCR: &str = ".ocr.txt";
const TRUTH: &str = ".gt.txt";
const CLEANED: &str = ".cleaned.txt";

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Ocr => "recognized text",
            Role::Truth => "truth",
            Role::Cleaned => "cleaned text",
        }
    }

    /// The ends of names of this role. In a folder that several roles share, a
    /// name must say the role, lest one file stand for two; only cleaned text
    /// needs nothing but another name than the recognized text.
    fn name_ends(self, shared: bool) -> &'static [&'static str] {
        match (self, shared) {
            (Role::Ocr, false) => &[OCR, PLAIN],
            (Role::Ocr, true) => &[OCR],
            (Role::Truth, false) => &[TRUTH, PLAIN],
            (Role::Truth, true) => &[TRUTH],
            // A folder cleaned into another keeps its files' names.
            (Role::Cleaned, false) => &[CLEANED, PLAIN, OCR],
            (Role::Cleaned, true) => &[CLEANED, PLAIN],
        }
    }
}

/// Puts the files at `paths` together.
///
/// # Errors
/// A path cannot be read, or files and folders are mixed.
pub fn pair(paths: &Paths<'_>) -> Result<Pairing, PairingError> {
    let mut given = vec![(Role::Ocr, paths.ocr), (Role::Truth, paths.truth)];
    given.extend(paths.cleaned.map(|path| (Role::Cleaned, path)));

    let mut real = Vec::new();
    let (mut folder, mut file) = (None, None);
    for &(_, path) in &given {
        let unreadable = |source| PairingError::Unreadable { path: path.to_owned(), source };
        let found = path.canonicalize().map_err(unreadable)?;
        *if found.is_dir() { &mut folder } else { &mut file } = Some(path.to_owned());
        real.push(found);
    }
    match (folder, file) {
        (Some(folder), Some(file)) => return Err(PairingError::Mixed { folder, file }),
        (None, _) => {
            let name = paths.ocr.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let [ocr, truth] = [paths.ocr, paths.truth].map(Path::to_owned);
            let member = Member { name, ocr, truth, cleaned: paths.cleaned.map(Path::to_owned) };
            return Ok(Pairing { members: vec![member], unmatched: Vec::new() });
        }
        (Some(_), None) => {}
    }

    let mut documents: BTreeMap<String, Vec<Option<PathBuf>>> = BTreeMap::new();
    for (index, &(role, folder)) in given.iter().enumerate() {
        let shared = real.iter().filter(|&other| *other == real[index]).count() > 1;
        for (name, path) in files(folder, role.name_ends(shared))? {
            documents.entry(name).or_insert_with(|| vec![None; given.len()])[index] = Some(path);
        }
    }
    let mut pairing = Pairing::default();
    for (name, found) in documents {
        if let Some((role, folder)) = given.iter().zip(&found).find_map(|(given, path)| path.is_none().then_some(given))
        {
            let folder = folder.to_path_buf();
            let lonely = found.into_iter().flatten();
            pairing.unmatched.extend(lonely.map(|path| Unmatched {
                path,
                missing: role.name(),
                folder: folder.clone(),
            }));
        } else {
            let mut found = found.into_iter().flatten();
            if let (Some(ocr), Some(truth)) = (found.next(), found.next()) {
                pairing.members.push(Member { name, ocr, truth, cleaned: found.next() });
            }
        }
    }
    Ok(pairing)
}

/// The files below `folder` whose names end as one of `name_ends`, by what is before that end.
fn files(folder: &Path, name_ends: &[&str]) -> Result<BTreeMap<String, PathBuf>, PairingError> {
    let mut files: BTreeMap<String, (usize, PathBuf)> = BTreeMap::new();
    for entry in WalkBuilder::new(folder).standard_filters(false).follow_links(true).build() {
        let entry = entry.map_err(|error| {
            let path = folder.to_owned();
            PairingError::Unreadable {
                path,
                source: error.into_io_error().unwrap_or_else(|| io::Error::other("not readable")),
            }
        })?;
        let path = entry.path();
        if !path.is_file() {
            continue;
        }
        let below = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
        // The longest end counts: `X.gt.txt` is not the plain file of a document `X.gt`.
        let Some(end) = [OCR, TRUTH, CLEANED, PLAIN].into_iter().find(|end| below.ends_with(end)) else { continue };
        let Some(rank) = name_ends.iter().position(|allowed| *allowed == end) else { continue };
        let name = below[..below.len() - end.len()].to_owned();
        let file = (rank, path.to_owned());
        files.entry(name).and_modify(|best| *best = best.clone().min(file.clone())).or_insert(file);
    }
    Ok(files.into_iter().map(|(name, (_, path))| (name, path)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        folder
    }

    fn names(paths: &Paths<'_>) -> Vec<(String, Vec<String>)> {
        let file_name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        let members = pair(paths).unwrap().members.into_iter();
        members
            .map(|m| (m.name, [Some(m.ocr), Some(m.truth), m.cleaned].iter().flatten().map(file_name).collect()))
            .collect()
    }

    #[test]
    fn one_folder_may_hold_all() {
        let all = folder(&["b/x.ocr.txt", "b/x.gt.txt", "b/x.txt", "b/x.txt.scanno.jsonl", "notes.txt"]);
        let paths = Paths { ocr: all.path(), truth: all.path(), cleaned: None };
        assert_eq!(names(&paths), [("b/x".to_owned(), vec!["x.ocr.txt".to_owned(), "x.gt.txt".to_owned()])]);
        let pairing = pair(&Paths { cleaned: Some(all.path()), ..paths }).unwrap();
        assert_eq!(pairing.members[0].cleaned.as_deref(), Some(all.path().join("b/x.txt").as_path()));
        assert_eq!(pairing.unmatched.len(), 1, "notes.txt might be a cleaned text");
    }

    #[test]
    fn the_name_that_says_the_role_is_preferred() {
        let [ocr, truth] = [folder(&["x.txt", "x.ocr.txt", "y.txt"]), folder(&["x.txt", "y.gt.txt", "y.ocr.txt"])];
        let cleaned = folder(&["x.ocr.txt", "y.ocr.txt", "y.cleaned.txt", "y.txt"]);
        let paths = Paths { ocr: ocr.path(), truth: truth.path(), cleaned: Some(cleaned.path()) };
        let expected = [("x", ["x.ocr.txt", "x.txt", "x.ocr.txt"]), ("y", ["y.txt", "y.gt.txt", "y.cleaned.txt"])];
        assert_eq!(names(&paths), expected.map(|(name, files)| (name.to_owned(), files.map(str::to_owned).to_vec())));
    }

    #[test]
    fn what_lacks_a_counterpart_is_named_with_what_it_lacks() {
        let [ocr, truth] = [folder(&["x.txt", "y.txt"]), folder(&["x.txt", "z.gt.txt"])];
        let unmatched = pair(&Paths { ocr: ocr.path(), truth: truth.path(), cleaned: None }).unwrap().unmatched;
        let said: Vec<_> =
            unmatched.iter().map(|file| (file.path.file_name().unwrap().to_str().unwrap(), file.missing)).collect();
        assert_eq!(said, [("y.txt", "truth"), ("z.gt.txt", "recognized text")]);
    }

    #[test]
    fn files_and_folders_do_not_mix() {
        let folder = folder(&["x.txt"]);
        let file = folder.path().join("x.txt");
        let mixed = pair(&Paths { ocr: &file, truth: folder.path(), cleaned: None });
        assert!(matches!(mixed, Err(PairingError::Mixed { .. })));
        let missing = pair(&Paths { ocr: &file, truth: &folder.path().join("no"), cleaned: None });
        assert!(matches!(missing, Err(PairingError::Unreadable { .. })));
        let single = pair(&Paths { ocr: &file, truth: &file, cleaned: None }).unwrap();
        assert_eq!((single.members[0].name.as_str(), single.unmatched.len()), ("x", 0));
    }
}
