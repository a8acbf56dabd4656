//! `scanno review -i`: going through the changes in the terminal.
//!
//! [`app`] is what the keys do, [`draw`] what is seen, [`desk`] what is read
//! and written; here they are brought together.

mod app;
mod desk;
mod draw;
mod passage;
mod prompt;
#[cfg(test)]
mod samples;
mod screen;
mod theme;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use scanno::Corrector;
use scanno::corpus::SETTINGS_NAME;
use scanno::review::{Action, Filter, Scope, Session, Verdict, journal_path};

use app::{App, Command};
use desk::{Begun, Desk, Places};
use screen::Screen;
use theme::Theme;

use super::{ReviewArgs, opened};
use crate::cli::exit_code::ExitCode;
use crate::cli::input::Input;
use crate::cli::lexicon_file;
use crate::cli::options::Settings;
use crate::cli::overlap::{Files, Output, is_same_file};
use crate::cli::terminal::{Terminal, stdout_has_color};

/// How often is looked whether a text has been read, and the screen told so.
const TICK: Duration = Duration::from_millis(80);

pub(super) fn run(args: &ReviewArgs, inputs: &[Input], settings: Settings, terminal: &Terminal) -> Result<ExitCode> {
    let paths = check(args, inputs)?;
    check_files(args, inputs, &settings)?;
    let filter = super::filter(args, &settings);
    let memory = settings.memory.clone();
    let places = Places { log: args.log.clone(), output: args.output.clone(), write: args.write, memory };
    let threshold = settings.config.min_confidence.unwrap_or(settings.config.level.confidence());
    let reader = Reader { corrector: settings.corrector()?, settings, places };
    let screen = Screen::enter()?;
    let mut review = Review {
        screen: Some(screen),
        theme: Theme::new(stdout_has_color()),
        reader: Arc::new(reader),
        filter,
        order: args.sort.unwrap_or_default(),
        threshold,
        everywhere: Vec::new(),
        own_words: Vec::new(),
        said: Vec::new(),
        has_failed: false,
    };
    let ended = review.go_through(&paths);
    // Back to the terminal as it was, before anything is said.
    review.screen = None;
    review.said.iter().for_each(|said| match said {
        Ok(line) => terminal.say(line),
        Err(error) => terminal.error(error),
    });
    ended?;
    review.keep_own_words(terminal)?;
    Ok(if review.has_failed { ExitCode::Trouble } else { ExitCode::Done })
}

/// Refuses what cannot be meant, before anything is read or written.
fn check(args: &ReviewArgs, inputs: &[Input]) -> Result<Vec<PathBuf>> {
    let Some(paths) = inputs.iter().map(|input| input.path().map(PathBuf::from)).collect::<Option<Vec<_>>>() else {
        bail!("-i takes its keys from standard input; save the text to a file first");
    };
    let written = [(&args.output, "-o"), (&args.log, "--log")];
    for (flag, name) in written.iter().filter_map(|(path, name)| path.as_ref().map(|path| (path, name))) {
        if paths.len() > 1 {
            bail!("{name} names one file; leave it out, or review one text");
        }
        if flag.as_os_str() == "-" {
            bail!("standard output is the terminal here; name a file with {name}");
        }
    }
    for (place, path) in paths.iter().enumerate() {
        if paths[..place].iter().any(|other| is_same_file(other, path)) {
            bail!("{}: is named twice", path.display());
        }
    }
    Ok(paths)
}

/// Refuses outputs that would go over what is read, or over one another.
fn check_files(args: &ReviewArgs, inputs: &[Input], settings: &Settings) -> Result<()> {
    let journals = inputs.iter().filter_map(Input::path).map(journal_path);
    let mut files = Files::default()
        .reading_texts(inputs)
        .reading_settings(settings)
        .reading("the journal of the review", journals);
    match &args.log {
        Some(log) => files.write(Output::LOG, log)?,
        None => {
            inputs.iter().filter_map(opened::log_beside).try_for_each(|log| files.write(Output::LOG_BESIDE, &log))?
        }
    }
    args.output.as_deref().map_or(Ok(()), |output| files.write(Output::TEXT, output))
}

/// What is needed to read a text.
struct Reader {
    corrector: Corrector,
    settings: Settings,
    places: Places,
}

impl Reader {
    /// Reads the text at `path` in a thread of its own: cleaning it may take seconds.
    fn read(self: &Arc<Self>, path: PathBuf) -> Receiver<Result<Begun>> {
        let (sender, receiver) = mpsc::channel();
        let this = Arc::clone(self);
        thread::spawn(move || {
            let open = |input: &Input, log: Option<&std::path::Path>| {
                opened::open(input, log, &this.settings, &this.corrector)
            };
            // Who has left does not want to hear.
            let _ = sender.send(this.places.begin(&path, open));
        });
        receiver
    }
}

/// How the review of a file ended.
#[derive(PartialEq, Eq)]
enum End {
    Next,
    All,
}

/// What holds for all files of a call.
struct Review {
    screen: Option<Screen>,
    theme: Theme,
    reader: Arc<Reader>,
    filter: Filter,
    order: scanno::review::Order,
    threshold: f64,
    /// What was decided for every file: before, after and what becomes of it.
    everywhere: Vec<(String, String, Verdict)>,
    own_words: Vec<String>,
    /// What is said when the screen is as it was.
    said: Vec<Result<String>>,
    has_failed: bool,
}

impl Review {
    fn go_through(&mut self, paths: &[PathBuf]) -> Result<()> {
        let mut coming = paths.first().map(|path| self.reader.read(path.clone()));
        for (place, path) in paths.iter().enumerate() {
            let Some(begun) = coming.take() else { break };
            let Some(begun) = self.wait(&begun, &path.display().to_string())? else { break };
            // While this one is gone through, the next is read.
            coming = paths.get(place + 1).map(|next| self.reader.read(next.clone()));
            match begun {
                Ok(begun) => {
                    if self.review(begun, (place + 1, paths.len()))? == End::All {
                        break;
                    }
                }
                Err(error) => {
                    self.said.push(Err(error));
                    self.has_failed = true;
                }
            }
        }
        Ok(())
    }

    /// Waits for a text; `None` if the user does not want to.
    fn wait(&mut self, coming: &Receiver<Result<Begun>>, name: &str) -> Result<Option<Result<Begun>>> {
        for tick in 0.. {
            match coming.recv_timeout(if tick == 0 { Duration::from_millis(20) } else { TICK }) {
                Ok(begun) => return Ok(Some(begun)),
                Err(RecvTimeoutError::Disconnected) => return Ok(Some(Err(anyhow!("{name}: could not be read")))),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let theme = self.theme;
            self.terminal().draw(|frame| draw::draw_reading(frame, name, tick, &theme))?;
            while event::poll(Duration::ZERO)? {
                if let Event::Key(key) = event::read()?
                    && key.kind == KeyEventKind::Press
                    && is_leaving(key)
                {
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }

    fn terminal(&mut self) -> &mut ratatui::DefaultTerminal {
        &mut self.screen.as_mut().expect("the screen is there until everything is reviewed").0
    }

    fn review(&mut self, begun: Begun, number: (usize, usize)) -> Result<End> {
        let Begun { mut desk, mut session, journal, lines, mut notes } = begun;
        let lost = session.replay(&lines);
        if !lines.is_empty() {
            notes.push("Going on where you were.".into());
        }
        if lost > 0 {
            notes.push(format!("{lost} earlier decisions are about changes that are not proposed any more."));
        }
        let name = desk.path().display().to_string();
        let mut app =
            App::new(name, number, session, journal).with_view(self.filter.clone(), self.order, self.threshold);
        self.bring_along(&mut app);
        app.say(notes.join(" "));
        loop {
            let theme = self.theme;
            self.terminal().draw(|frame| draw::draw(frame, &app, &theme))?;
            let command = match event::read()? {
                Event::Key(key) if key.kind == KeyEventKind::Press => app.press(key),
                Event::Paste(text) => {
                    app.paste(&text);
                    Command::Stay
                }
                _ => Command::Stay,
            };
            match command {
                Command::Stay => {}
                Command::Save => {
                    if save(&mut desk, &mut app, false) {
                        app.say("Saved.");
                    }
                }
                Command::Leave => {
                    self.said.push(Ok(if app.session.is_changed() {
                        desk.interrupted(app.journal())
                    } else {
                        desk.epilogue(&app.session)
                    }));
                    return Ok(End::All);
                }
                Command::Next | Command::Quit => {
                    if save(&mut desk, &mut app, true) {
                        self.said.push(Ok(desk.epilogue(&app.session)));
                        self.take_along(&app.session);
                        return Ok(if command == Command::Next { End::Next } else { End::All });
                    }
                }
            }
        }
    }

    /// Decides what was decided for every file, where it is not decided yet.
    fn bring_along(&self, app: &mut App) {
        for word in &self.own_words {
            app.act(&Action::OwnWord { word: word.clone() });
        }
        for (before, after, verdict) in &self.everywhere {
            let is_same = |&i: &usize| {
                let c = &app.session.changes()[i];
                c.before == *before && c.after == *after && app.session.ruling(i).is_none()
            };
            if let Some(index) = (0..app.session.changes().len()).find(is_same) {
                let (mark, verdict) = (app.session.mark(index), verdict.clone());
                app.act(&Action::Decide { mark, verdict, scope: Scope::Everywhere });
            }
        }
        app.begin();
    }

    fn take_along(&mut self, session: &Session) {
        for decision in session.decisions().filter(|decision| decision.is_everywhere()) {
            let pair = (
                decision.change.before.to_string(),
                decision.change.after.to_string(),
                decision.ruling.verdict.clone(),
            );
            if !self.everywhere.contains(&pair) {
                self.everywhere.retain(|(before, after, _)| (before, after) != (&pair.0, &pair.1));
                self.everywhere.push(pair);
            }
        }
        for word in session.own_words() {
            if !self.own_words.contains(word) {
                self.own_words.push(word.clone());
            }
        }
    }

    /// Adds own words to the list of the project, if it has one.
    fn keep_own_words(&self, terminal: &Terminal) -> Result<()> {
        if self.own_words.is_empty() {
            return Ok(());
        }
        let words = self.own_words.join(", ");
        match self.reader.settings.lists() {
            [list] => {
                let added = lexicon_file::add(list, &self.own_words)?;
                if !added.is_empty() {
                    terminal.say(format_args!("{}: {} added", list.display(), added.join(", ")));
                }
            }
            _ if self.reader.settings.memory.is_some() => {}
            _ => terminal.warn(format_args!(
                "own words hold for what was reviewed only: {words}; with one list named as lexicon = [\"FILE\"] in \
                 {SETTINGS_NAME} they are kept"
            )),
        }
        Ok(())
    }
}

/// Saves what was decided; false, with a message, if that fails. A review that
/// is not `ending` is saved even if nothing was done.
fn save(desk: &mut Desk, app: &mut App, is_ending: bool) -> bool {
    if is_ending && !app.session.is_changed() && !desk.makes_text() {
        return true;
    }
    let saved = desk.save(&app.session).and_then(|()| {
        app.session.set_saved();
        let path = app.journal().path().to_path_buf();
        app.journal().clear().map_err(|error| desk::io_fault(&path, &error))
    });
    if let Err(error) = &saved {
        app.complain(format!("Not saved: {}", scanno::report::visible(&error.to_string())));
    }
    saved.is_ok()
}

fn is_leaving(key: KeyEvent) -> bool {
    let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
    matches!(key.code, KeyCode::Char('q' | 'Q') | KeyCode::Esc) || (key.code == KeyCode::Char('c') && is_control)
}
