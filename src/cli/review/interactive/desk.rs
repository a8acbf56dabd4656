//! [`Desk`]: the files of one review, and how they are saved.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use scanno::files::{Access, Destination, describe};
use scanno::format::jsonl::{Header, Log};
use scanno::memory::Remembered;
use scanno::review::{Journal, JournalLine, Session, journal_path};

use crate::cli::input::{Input, read_file};
use crate::cli::output::{self, Target, prepare, prepare_log};
use crate::cli::review::opened::{self, Opened};
use crate::cli::source::Source;
use crate::cli::{memory, reviewer};

/// Where the files of one review lie, and what they hold.
#[derive(Debug)]
pub(super) struct Desk {
    path: PathBuf,
    log_path: PathBuf,
    /// What the text's file held when it was last read or written.
    bytes: Vec<u8>,
    /// The same of the log; none if there is none.
    log: Option<Vec<u8>>,
    header: Header,
    /// The decided text is to be written here.
    output: Option<PathBuf>,
    /// And in place of the text.
    write: bool,
    /// The project's memory, which takes the decisions too.
    memory: Option<Source>,
}

/// A review as it begins.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) desk: Desk,
    pub(super) session: Session,
    pub(super) journal: Journal,
    /// What an interrupted review had done already.
    pub(super) lines: Vec<JournalLine>,
    /// What the user should know.
    pub(super) notes: Vec<String>,
}

/// Which files are written, as the command line says.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub(super) log: Option<PathBuf>,
    pub(super) output: Option<PathBuf>,
    pub(super) write: bool,
    pub(super) memory: Option<Source>,
}

impl Places {
    /// Opens the text at `path` with its log and its journal. `open` is
    /// [`opened::open`] with the settings.
    pub(super) fn begin(
        &self,
        path: &Path,
        open: impl FnOnce(&Input, Option<&Path>) -> Result<Opened>,
    ) -> Result<Begun> {
        let input = Input::File(path.to_path_buf());
        let beside = opened::log_beside(&input);
        let log_path = self.log.clone().or_else(|| beside.clone()).unwrap_or_default();
        // A log that is yet to be made elsewhere takes over from the one beside the text.
        let from = if log_path.exists() { Some(&log_path) } else { beside.as_ref() };
        let opened = open(&input, from.map(PathBuf::as_path))?;
        if opened.log.is_none() && log_path.exists() {
            bail!(
                "{}: {} is no log of this text, and may be the only way back from an earlier cleaning; \
                 move it away, or name another with --log",
                path.display(),
                log_path.display()
            );
        }
        let log = opened.log.map(|kept| kept.bytes).filter(|_| log_path.exists());
        let (journal, lines) = {
            let access = Access::of(path);
            let path = journal_path(path);
            Journal::open(&path, &opened.document.sha256(), access)
                .map_err(|error| anyhow!("{}: {error}", path.display()))?
        };
        let session = Session::new(opened.document, opened.changes, opened.target);
        let desk = Desk {
            path: path.to_path_buf(),
            log_path,
            bytes: opened.bytes,
            log,
            header: opened.header,
            output: self.output.clone(),
            write: self.write,
            memory: self.memory.clone(),
        };
        Ok(Begun { desk, session, journal, lines, notes: opened.notes })
    }
}

impl Desk {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// True if saving writes more than the log: it is of use even if nothing
    /// was decided.
    pub(super) fn makes_text(&self) -> bool {
        self.write || self.output.is_some()
    }

    /// Writes the log of `session`, and what else is to be written.
    ///
    /// If the file is the text that its log was made with, it is written anew
    /// too: no other log would lead back from it. Between any two steps the
    /// file and its log belong together, so that a crash loses nothing.
    pub(super) fn save(&mut self, session: &Session) -> Result<()> {
        let shown = self.path.display().to_string();
        if fs::read(&self.log_path).ok() != self.log {
            bail!("{}: was changed by someone else meanwhile; nothing was saved", self.log_path.display());
        }
        let document = session.document();
        let (log, cleaned) = Log::with_cleaned(document, &session.decided(), self.header.clone(), session.target())
            .map_err(|error| anyhow!("{shown}: {error}"))?;
        let original = document.to_bytes();
        let is_in_step = self.log.is_some() && *original != *self.bytes;
        let rewrites = (self.write || is_in_step) && cleaned != self.bytes;
        if rewrites && read_file(&self.path)? != self.bytes {
            bail!("{shown}: was changed by someone else meanwhile; nothing was saved");
        }
        let access = Access::of(&self.path);
        let prepared_log = prepare_log(Destination::named(&self.log_path).limited_to(access), &log)?;
        let prepared_text = if rewrites { Some(prepare(Destination::named(&self.path), &cleaned)?) } else { None };
        if rewrites && *original != *self.bytes {
            Target::File(self.path.clone()).write(&original, Access::ANY)?;
            self.bytes = original.into_owned();
        }
        prepared_log.commit().map_err(|error| output::fault(&self.log_path, &error))?;
        self.log = Some(log.to_bytes());
        if let Some(prepared) = prepared_text {
            prepared.commit().map_err(|error| output::fault(&self.path, &error))?;
            self.bytes.clone_from(&cleaned);
        }
        self.remember(session)?;
        match &self.output {
            Some(output) => Target::from_argument(Some(output)).write(&cleaned, access),
            None => Ok(()),
        }
    }

    /// Adds the decisions to the project's memory, those that it does not hold yet.
    fn remember(&self, session: &Session) -> Result<()> {
        let Some(source) = &self.memory else { return Ok(()) };
        let access = Access::of(&self.path);
        memory::add_decisions(source, session.document(), &session.decided(), access)?;
        let known = memory::read(source)?;
        let everywhere = session.decisions().filter_map(|decision| decision.everywhere());
        let decided = reviewer::decided_now();
        let words =
            session.own_words().iter().map(|word| Remembered::Word { word: word.clone(), decided: decided.clone() });
        let mut new: Vec<Remembered> = Vec::new();
        for line in everywhere.chain(words) {
            let is_word = |other: &Remembered| matches!((other, &line), (Remembered::Word { word: a, .. }, Remembered::Word { word: b, .. }) if a == b);
            if !known.iter().chain(&new).any(|other| *other == line || is_word(other)) {
                new.push(line);
            }
        }
        memory::add(source, &new, access)
    }

    /// Where the decisions are now, and how the text is made of them.
    pub(super) fn epilogue(&self, session: &Session) -> String {
        let progress = session.progress();
        let mut text = format!("{}: {} of {} decided", self.path.display(), progress.decided(), progress.total);
        let counts = [
            (progress.accepted, "accepted"),
            (progress.rejected, "rejected"),
            (progress.replaced, "with another text"),
        ];
        let counts: Vec<String> =
            counts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
        if !counts.is_empty() {
            text.push_str(&format!(" ({})", counts.join(", ")));
        }
        let log = self.log_path.display();
        if self.log.is_none() {
            text.push_str("; nothing was written");
        } else if let Some(output) = &self.output {
            text.push_str(&format!("; text in {}, log in {log}", output.display()));
        } else if self.bytes == session.document().to_bytes().as_ref() {
            text.push_str(&format!("; make the text with: scanno apply {log} {}", self.path.display()));
        } else {
            text.push_str(&format!("; the text is written, log in {log}"));
        }
        text
    }

    /// What to say where decisions wait in the journal.
    pub(super) fn interrupted(&self, journal: &Journal) -> String {
        format!(
            "{}: not saved; the decisions are kept in {}, and scanno review -i goes on from there",
            self.path.display(),
            journal.path().display()
        )
    }
}

/// An error of the system, for people.
pub(super) fn io_fault(path: &Path, error: &std::io::Error) -> anyhow::Error {
    anyhow!("{}: {}", path.display(), describe(error))
}
