//! [`Files`]: what a call reads and writes. Nothing that it writes goes over
//! anything that it reads, or over something else that it writes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::cli::input::Input;
use crate::cli::options::Settings;

/// The files of one call, each with what it is there.
#[derive(Debug, Default)]
pub(crate) struct Files {
    by_path: HashMap<PathBuf, &'static str>,
    by_number: HashMap<(u64, u64), &'static str>,
}

/// What is written, and how to name another place for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    what: &'static str,
    advice: &'static str,
}

impl Output {
    pub(crate) const LOG: Self = Self { what: "the log", advice: "name another file with --log" };
    /// The log that has no flag of its own.
    pub(crate) const LOG_BESIDE: Self = Self { what: "the log", advice: "name one with --log, or leave that file out" };
    pub(crate) const TEXT: Self = Self { what: "the result", advice: "name another file with -o" };
    pub(crate) const PAGE: Self = Self { what: "the page", advice: "name another file with --html" };
    pub(crate) const MODEL: Self = Self { what: "the model", advice: "name another file with -o" };
    pub(crate) const REPORT: Self = Self { what: "the report", advice: "name another folder with --report" };
}

/// What a text is called in messages.
const TEXT: &str = "the text";

impl Files {
    /// The same with `paths`, which are read as `what`.
    pub(crate) fn reading<P: AsRef<Path>>(mut self, what: &'static str, paths: impl IntoIterator<Item = P>) -> Self {
        for path in paths {
            self.add(what, path.as_ref());
        }
        self
    }

    /// The same with the texts of `inputs`.
    pub(crate) fn reading_texts<'i>(self, inputs: impl IntoIterator<Item = &'i Input>) -> Self {
        self.reading(TEXT, inputs.into_iter().filter_map(Input::path))
    }

    /// The same with what `settings` have been read from.
    pub(crate) fn reading_settings(mut self, settings: &Settings) -> Self {
        for (what, path) in settings.sources() {
            self.add(what, &path);
        }
        self
    }

    /// Takes `path` as where `output` goes. Standard output is no file, and what is written to a device or pipe goes
    /// over nothing.
    ///
    /// # Errors
    /// It is one of the files that are known already.
    pub(crate) fn write(&mut self, output: Output, path: &Path) -> Result<()> {
        if path == Path::new("-") || is_special(path) {
            return Ok(());
        }
        let (name, number) = (resolved(path), number(path));
        let known = name.as_ref().and_then(|name| self.by_path.get(name));
        let known = known.or_else(|| self.by_number.get(&number?)).copied();
        let Output { what, advice } = output;
        match known {
            Some(TEXT) if what == Output::TEXT.what => {
                bail!("{}: {what} would overwrite the text; -w does so and keeps a log", path.display())
            }
            Some(known) => bail!("{}: {what} would overwrite {known}; {advice}", path.display()),
            None => self.add(what, path),
        }
        Ok(())
    }

    fn add(&mut self, what: &'static str, path: &Path) {
        if let Some(name) = resolved(path) {
            self.by_path.entry(name).or_insert(what);
        }
        if let Some(number) = number(path) {
            self.by_number.entry(number).or_insert(what);
        }
    }
}

/// True of devices and pipes.
fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// True if two paths name one file, whether it exists yet or not.
pub(crate) fn is_same_file(a: &Path, b: &Path) -> bool {
    let is_same = |a: Option<_>, b| a.is_some() && a == b;
    a == b || is_same(resolved(a), resolved(b)) || is_same_number(a, b)
}

fn is_same_number(a: &Path, b: &Path) -> bool {
    number(a).is_some_and(|a| number(b) == Some(a))
}

/// The real path of the file at `path`, also if it or the folder it is to lie in are yet to be made.
fn resolved(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    path.ancestors().find_map(|existing| {
        let rest = path.strip_prefix(existing).ok()?;
        Some(existing.canonicalize().ok()?.join(rest)).map(|path| path.components().collect())
    })
}

/// What the system knows a regular file by, whatever its names; `None` where it tells none.
fn number(path: &Path) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let metadata = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some((metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn no_output_goes_over_an_input_or_another_output() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        fs::write(place("page.txt"), "").unwrap();
        fs::write(place("words.txt"), "").unwrap();
        let mut unmade = Files::default().reading("an output", [place("new/page.txt")]);
        assert!(unmade.write(Output::REPORT, &place("new/./page.txt")).is_err());
        let files = || Files::default().reading(TEXT, [place("page.txt")]).reading("the list", [place("words.txt")]);
        let fault = |output, name: &str| files().write(output, &place(name)).unwrap_err().to_string();
        assert!(fault(Output::TEXT, "page.txt").ends_with("-w does so and keeps a log"));
        assert!(fault(Output::LOG, "./words.txt").contains("the log would overwrite the list"));
        let mut files = files();
        files.write(Output::TEXT, &place("new.txt")).unwrap();
        files.write(Output::LOG, Path::new("-")).unwrap();
        let error = files.write(Output::LOG, &place("new.txt")).unwrap_err().to_string();
        assert!(error.contains("the log would overwrite the result"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_goes_over_a_device() {
        let null = Path::new("/dev/null");
        let mut files = Files::default().reading("the settings", [null]);
        files.write(Output::TEXT, null).unwrap();
        files.write(Output::LOG, null).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_known_by_any_of_its_names() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        fs::write(place("page.txt"), "").unwrap();
        fs::hard_link(place("page.txt"), place("hard.txt")).unwrap();
        std::os::unix::fs::symlink("page.txt", place("soft.txt")).unwrap();
        for name in ["hard.txt", "soft.txt"] {
            assert!(Files::default().reading(TEXT, [place("page.txt")]).write(Output::LOG, &place(name)).is_err());
            assert!(is_same_file(&place(name), &place("page.txt")));
        }
        assert!(!is_same_file(&place("hard.txt"), &place("missing.txt")));
    }
}
