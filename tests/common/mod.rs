//! What the tests of the command line share: a folder of its own for each
//! test, and the real binary run in it.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

#[cfg(target_os = "linux")]
pub mod disk;
#[cfg(unix)]
pub mod terminal;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};

use assert_cmd::Command;
use scanno::change::{Class, Correction, Decision, Target};
use scanno::format::jsonl::{Header, Log};
use scanno::{ChangeLog, Document, Span};
use tempfile::TempDir;

/// Good English: no level changes anything in it.
pub const CLEAN: &str = "The house stood on the hill.\nThey went home in the evening.\n";

/// Errors that every level should mend: a word misread, one torn apart, one
/// divided at a line end.
pub const DIRTY: &str = "He opened tbe door of the old house and went in. The gov ernment had stopped, and the \
                         members of the com-\nmittee came back to the town.\n";

/// Errors of which one comes to light by mending another: cleaned twice, it
/// changes twice.
pub const TWICE: &str = "They asked for indepEn-\ndence and got it. The town was glad of it, and all went home.\n";

/// A folder with files, removed at the end of the test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    /// Every file below `name`, sorted, hidden ones too.
    pub fn files(&self, name: &str) -> Vec<String> {
        fn walk(root: &Path, folder: &Path, into: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(root, &path, into);
                } else {
                    into.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
                }
            }
        }
        let mut files = Vec::new();
        walk(&self.path(name), &self.path(name), &mut files);
        files.sort();
        files
    }

    /// `scanno` with arguments separated by blanks, in this folder.
    pub fn scanno(&self, arguments: &str) -> Command {
        let mut command = Command::cargo_bin("scanno").unwrap();
        command.current_dir(self.0.path()).env_remove("NO_COLOR").args(arguments.split_whitespace());
        // The settings of whoever runs the tests are not theirs.
        command.env("XDG_CONFIG_HOME", self.path("config")).env("APPDATA", self.path("config"));
        command
    }

    /// The same, begun and not waited for.
    pub fn start(&self, arguments: &str) -> Child {
        std::process::Command::new(assert_cmd::cargo::cargo_bin!("scanno"))
            .args(arguments.split_whitespace())
            .current_dir(self.path("."))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    pub fn run(&self, arguments: &str) -> Run {
        Run::of(self.scanno(arguments).output().unwrap())
    }

    pub fn run_with_input(&self, arguments: &str, input: impl Into<Vec<u8>>) -> Run {
        Run::of(self.scanno(arguments).write_stdin(input).output().unwrap())
    }
}

/// What a call gave.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Run {
    fn of(output: Output) -> Self {
        let stderr = String::from_utf8(output.stderr).expect("stderr is UTF-8");
        assert!(!stderr.contains("panicked"), "{stderr}");
        Self { code: output.status.code().expect("not ended by a signal"), stdout: output.stdout, stderr }
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// The lines of stderr that begin with `error:`.
    pub fn errors(&self) -> Vec<&str> {
        self.stderr.lines().filter(|line| line.starts_with("error:")).collect()
    }

    /// Ended with 2, with exactly one line on stderr that holds all of `parts`.
    #[track_caller]
    pub fn is_trouble(&self, parts: &[&str]) {
        assert_eq!(self.code, 2, "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        self.has_error(parts);
    }

    /// Ended with 2; one of the error lines holds all of `parts`.
    #[track_caller]
    pub fn has_error(&self, parts: &[&str]) {
        assert_eq!(self.code, 2, "{self:?}");
        let found = self.errors().iter().any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(found, "no error line with {parts:?} in {self:?}");
    }

    #[track_caller]
    pub fn is_done(&self) -> &Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }
}

/// True if SIGINT does nothing here, as under `nohup`: then it must do nothing
/// to the program either, and there is nothing to test.
pub fn is_interrupt_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 2 != 0);
    if ignored {
        println!("skipped: SIGINT is ignored here");
    }
    ignored
}

/// The cleaned text and the log that replaces each `before` by its `after`.
pub fn log_of(path: &str, original: &[u8], changes: &[(&str, &str)]) -> (Vec<u8>, Vec<u8>) {
    let document = Document::from_bytes(original).unwrap();
    let corrections = changes.iter().map(|&(before, after)| {
        let start = document.text().find(before).unwrap();
        Correction {
            span: Span::new(start, start + before.len()),
            before: before.into(),
            after: after.into(),
            class: Class::Substitution,
            rule: "test".into(),
            confidence: 0.97,
            decision: Decision::Applied,
            decided: None,
            alternatives: Vec::new(),
            evidence: Vec::new(),
        }
    });
    let log = ChangeLog::new(corrections.collect(), Vec::new(), None);
    let header = Header { path: path.into(), data: "test".into(), config: serde_json::json!({}) };
    let (log, cleaned) = Log::with_cleaned(&document, &log, header, Target::AsRead).unwrap();
    (cleaned, log.to_bytes())
}
