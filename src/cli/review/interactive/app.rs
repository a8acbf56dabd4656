//! What the keys do. Knows keys and no screen.

use std::collections::BTreeMap;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use scanno::change::{Class, Decided, line_ends};
use scanno::report::visible;
use scanno::review::{Action, Filter, Journal, Order, Scope, Session, Verdict};

use super::prompt::{Prompt, Typed};
use crate::cli::reviewer::decided_now;

/// How a line end is typed in one's own text.
const LINE_END: &str = "⏎";

/// What the keys mean now.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mode {
    /// Going through the changes.
    Changes,
    /// All of a pair: in this file or everywhere?
    All(Verdict),
    /// One's own text.
    Own(Prompt),
    /// What to look for.
    Search(Prompt),
    /// Which class to look at.
    Classes,
    /// The keys are shown.
    Help,
    /// Nothing is left to decide.
    Finished,
}

/// What is to be done beyond the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Wait for the next key.
    Stay,
    /// Save, and stay.
    Save,
    /// Save, and go to the next file; after the last end.
    Next,
    /// Save, and end.
    Quit,
    /// End, and leave the decisions in the journal.
    Leave,
}

/// How things stand with one file.
#[derive(Debug)]
pub(super) struct App {
    /// What the file is called.
    pub(super) name: String,
    /// Which of how many files, from 1.
    pub(super) number: (usize, usize),
    pub(super) session: Session,
    journal: Journal,
    threshold: f64,
    order: Order,
    /// What the command line chose.
    base: Filter,
    pub(super) class: Option<Class>,
    pub(super) search: String,
    /// The changes that are gone through, in their order.
    pub(super) view: Vec<usize>,
    /// The change at hand; none if there is none in the view.
    pub(super) current: Option<usize>,
    /// The line in which each change begins, from 1.
    lines: Vec<usize>,
    pub(super) mode: Mode,
    pub(super) message: String,
    pub(super) is_error: bool,
}

impl App {
    pub(super) fn new(name: String, number: (usize, usize), session: Session, journal: Journal) -> Self {
        let positions = session.document().positions();
        let lines = session.changes().iter().map(|c| positions.at(c.span.start).line).collect();
        drop(positions);
        let mut app = Self {
            name,
            number,
            session,
            journal,
            threshold: 0.0,
            order: Order::default(),
            base: Filter::default(),
            class: None,
            search: String::new(),
            view: Vec::new(),
            current: None,
            lines,
            mode: Mode::Changes,
            message: String::new(),
            is_error: false,
        };
        app.begin();
        app
    }

    /// Goes through the changes that `filter` takes, in this `order`;
    /// `threshold` is the confidence from which the program makes changes.
    pub(super) fn with_view(mut self, filter: Filter, order: Order, threshold: f64) -> Self {
        (self.base, self.order, self.threshold) = (filter, order, threshold);
        self.begin();
        self
    }

    /// At the first change that is not decided.
    pub(super) fn begin(&mut self) {
        self.look();
        self.current = self.open_after(None).or(self.view.first().copied());
        if !self.view.is_empty() && self.left_to_look_at() == 0 {
            self.mode = Mode::Finished;
        }
    }

    pub(super) fn line(&self, index: usize) -> usize {
        self.lines[index]
    }

    /// The number of the change at hand in the view, from 1.
    pub(super) fn place(&self) -> Option<usize> {
        self.view.iter().position(|&i| Some(i) == self.current).map(|place| place + 1)
    }

    pub(super) fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// Classes that occur, with the numbers of their changes and of those left to decide.
    pub(super) fn classes(&self) -> Vec<(Class, usize, usize)> {
        let mut classes: BTreeMap<Class, (usize, usize)> = BTreeMap::new();
        for (index, c) in self.session.changes().iter().enumerate().filter(|(_, c)| self.base.takes(c)) {
            let (all, left) = classes.entry(c.class).or_default();
            *all += 1;
            *left += usize::from(self.session.ruling(index).is_none());
        }
        classes.into_iter().map(|(class, (all, left))| (class, all, left)).collect()
    }

    pub(super) fn say(&mut self, message: impl Into<String>) {
        (self.message, self.is_error) = (message.into(), false);
    }

    pub(super) fn complain(&mut self, message: impl Into<String>) {
        (self.message, self.is_error) = (message.into(), true);
    }

    /// Text was pasted: only where one is typed it means anything.
    pub(super) fn paste(&mut self, text: &str) {
        if let Mode::Own(prompt) | Mode::Search(prompt) = &mut self.mode {
            prompt.paste(text);
        }
    }

    pub(super) fn press(&mut self, key: KeyEvent) -> Command {
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        if !matches!(self.mode, Mode::Own(_) | Mode::Search(_)) {
            self.say("");
        }
        match std::mem::replace(&mut self.mode, Mode::Changes) {
            Mode::Own(prompt) => self.type_own(prompt, key),
            Mode::Search(prompt) => self.type_search(prompt, key),
            _ if is_control => match key.code {
                KeyCode::Char('c') => return Command::Leave,
                KeyCode::Char('d' | 'f') => self.step(10),
                KeyCode::Char('u' | 'b') => self.step(-10),
                _ => {}
            },
            Mode::Help => {}
            Mode::All(verdict) => match key.code {
                KeyCode::Char('f' | 'A' | 'R') | KeyCode::Enter => self.decide(verdict, Scope::File),
                KeyCode::Char('e') => self.decide(verdict, Scope::Everywhere),
                _ => self.say("Nothing was decided."),
            },
            Mode::Classes => self.choose_class(key.code),
            Mode::Finished => match key.code {
                KeyCode::Enter => return Command::Next,
                KeyCode::Char('u' | 'q' | 'Q' | 's' | '?') => return self.press_key(key.code),
                _ => {}
            },
            Mode::Changes => return self.press_key(key.code),
        }
        Command::Stay
    }

    fn press_key(&mut self, code: KeyCode) -> Command {
        match code {
            KeyCode::Char('q') => return Command::Quit,
            KeyCode::Char('Q') => return Command::Leave,
            KeyCode::Char('s') => return Command::Save,
            KeyCode::Char('>') => return Command::Next,
            KeyCode::Char('?' | 'h') | KeyCode::F(1) => self.mode = Mode::Help,
            KeyCode::Char('f') => self.mode = Mode::Classes,
            KeyCode::Char('/') => self.mode = Mode::Search(Prompt::default()),
            KeyCode::Char('u') => self.undo(),
            KeyCode::Esc => self.clear_filters(),
            _ => {
                let Some(current) = self.current else { return Command::Stay };
                self.press_on(current, code);
            }
        }
        Command::Stay
    }

    /// Keys that need a change.
    fn press_on(&mut self, current: usize, code: KeyCode) {
        match code {
            KeyCode::Char('a' | ' ') | KeyCode::Enter => self.decide(self.acceptance(current), Scope::Here),
            KeyCode::Char('r' | 'x') => self.decide(Verdict::Reject, Scope::Here),
            KeyCode::Char(digit @ '1'..='9') => {
                let number = digit as usize - '1' as usize;
                match self.session.changes()[current].alternatives.get(number) {
                    Some(alternative) => self.decide(Verdict::Text(alternative.text.to_string()), Scope::Here),
                    None => self.complain(format!("There is no reading {digit}.")),
                }
            }
            KeyCode::Char('e') => {
                let after = self.session.after(current);
                let text = line_ends(after).fold(after.to_owned(), |text, end| text.replacen(end, LINE_END, 1));
                self.mode = Mode::Own(Prompt::new(text));
            }
            KeyCode::Char('A') => self.mode = Mode::All(self.acceptance(current)),
            KeyCode::Char('R' | 'X') => self.mode = Mode::All(Verdict::Reject),
            KeyCode::Char('w') => self.add_word(current),
            KeyCode::Char('n' | 'j') | KeyCode::Right | KeyCode::Down => self.step(1),
            KeyCode::Char('p' | 'k') | KeyCode::Left | KeyCode::Up => self.step(-1),
            KeyCode::PageDown => self.step(10),
            KeyCode::PageUp => self.step(-10),
            KeyCode::Home | KeyCode::Char('g') => self.current = self.view.first().copied(),
            KeyCode::End | KeyCode::Char('G') => self.current = self.view.last().copied(),
            KeyCode::Tab => match self.open_after(Some(current)) {
                Some(next) => self.current = Some(next),
                None => self.say("None is undecided here."),
            },
            KeyCode::Char('d') => match self.session.next_doubtful(&self.view, Some(current), self.threshold) {
                Some(next) => self.current = Some(next),
                None => self.say("None is undecided here."),
            },
            _ => self.say("? shows the keys."),
        }
    }

    /// What accepting means: the text that was chosen before, if one was.
    fn acceptance(&self, index: usize) -> Verdict {
        match self.session.ruling(index).map(|ruling| &ruling.verdict) {
            Some(verdict @ Verdict::Text(_)) => verdict.clone(),
            _ => Verdict::Accept,
        }
    }

    fn decide(&mut self, verdict: Verdict, scope: Scope) {
        let Some(current) = self.current else { return };
        let action = Action::Decide { mark: self.session.mark(current), verdict, scope };
        if !self.act(&action) {
            return;
        }
        let before = visible(&self.session.changes()[current].before).into_owned();
        let what = match self.session.ruling(current).map(|ruling| &ruling.verdict) {
            Some(Verdict::Reject) => format!("{before} stays"),
            _ => format!("{before} → {}", visible(self.session.after(current))),
        };
        let of_scope = |&&i: &&usize| self.session.ruling(i).is_some_and(|ruling| ruling.scope == scope);
        let number = self.session.twins(current).iter().filter(of_scope).count();
        let what = match scope {
            Scope::Here => what,
            Scope::File => format!("{what}: {number} in this file"),
            Scope::Everywhere => format!("{what}: {number} in this file, and everywhere"),
        };
        self.report(what);
        self.advance();
    }

    fn add_word(&mut self, current: usize) {
        let Some(word) = self.session.word(current).map(str::to_owned) else {
            return self.complain("An own word is one word; this is more, or none.");
        };
        let rejected = self.session.progress().rejected;
        if self.act(&Action::OwnWord { word: word.clone() }) {
            let number = self.session.progress().rejected.saturating_sub(rejected);
            self.report(format!("{} is a word of yours: {number} changes of it rejected", visible(&word)));
            self.advance();
        }
    }

    fn undo(&mut self) {
        // What was saved is in no journal any more: the new one tells it from there.
        let line = self.session.undoing();
        let decided = decided_now();
        match self.session.act(&Action::Undo, &decided) {
            Ok(index) => {
                self.note(&line, &decided);
                self.current = index.or(self.current);
                self.report("Undone.".into());
            }
            Err(refused) => self.complain(sentence(&refused)),
        }
    }

    /// Says what was done, unless there is worse to say.
    fn report(&mut self, message: String) {
        if !self.is_error {
            self.say(message);
        }
    }

    /// Does `action` and notes it down; false if it is refused.
    pub(super) fn act(&mut self, action: &Action) -> bool {
        let decided = decided_now();
        match self.session.act(action, &decided) {
            Ok(_) => {
                self.note(action, &decided);
                true
            }
            Err(refused) => {
                self.complain(sentence(&refused));
                false
            }
        }
    }

    fn note(&mut self, action: &Action, decided: &Decided) {
        if let Err(error) = self.journal.add(action, decided) {
            let name = self.journal.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.complain(format!("{name} cannot be written: {}; save soon", scanno::files::describe(&error)));
        }
    }

    /// To the next change that is not decided.
    fn advance(&mut self) {
        if let Some(next) = self.open_after(self.current) {
            self.current = Some(next);
        } else {
            match self.left_to_look_at() {
                0 => self.mode = Mode::Finished,
                left => {
                    let done = self.message.clone();
                    self.report(format!("{done}. {left} others are left: Esc"));
                }
            }
        }
    }

    /// Undecided changes of those that the command line chose.
    fn left_to_look_at(&self) -> usize {
        let changes = self.session.changes();
        (0..changes.len()).filter(|&i| self.session.ruling(i).is_none() && self.base.takes(&changes[i])).count()
    }

    /// The first undecided change in the view after `index`, or else from the start.
    fn open_after(&self, index: Option<usize>) -> Option<usize> {
        let is_open = |&&i: &&usize| self.session.ruling(i).is_none();
        let place = index.and_then(|index| self.view.iter().position(|&i| i == index)).map_or(0, |place| place + 1);
        let (before, after) = self.view.split_at(place);
        after.iter().find(is_open).or_else(|| before.iter().find(is_open)).copied()
    }

    fn step(&mut self, by: isize) {
        let Some(last) = self.view.len().checked_sub(1) else { return };
        let place = self.place().map_or(0, |place| (place - 1).saturating_add_signed(by).min(last));
        if self.current == Some(self.view[place]) {
            self.say(if by > 0 { "This is the last." } else { "This is the first." });
        }
        self.current = Some(self.view[place]);
    }

    fn type_own(&mut self, mut prompt: Prompt, key: KeyEvent) {
        match (prompt.press(key), self.current) {
            (Typed::More, _) => self.mode = Mode::Own(prompt),
            (Typed::Done, Some(current)) => {
                let before = &self.session.changes()[current].before;
                let typed = prompt.text().to_owned();
                let text = line_ends(before).fold(typed, |text, end| text.replacen(LINE_END, end, 1));
                // One too many is refused, like any other.
                let text = if before.contains(LINE_END) { text } else { text.replace(LINE_END, "\n") };
                self.say("");
                self.decide(Verdict::Text(text), Scope::Here);
            }
            _ => self.say("Nothing was decided."),
        }
    }

    fn type_search(&mut self, mut prompt: Prompt, key: KeyEvent) {
        match prompt.press(key) {
            Typed::More => self.mode = Mode::Search(prompt),
            Typed::Done => {
                let earlier = std::mem::replace(&mut self.search, prompt.text().to_owned());
                if !self.refresh() {
                    self.complain(format!("No change has {} in it.", visible(&self.search)));
                    self.search = earlier;
                    self.refresh();
                }
            }
            Typed::Dropped => self.say(""),
        }
    }

    /// The key of a class in its list: 1 to 9, then a and b.
    pub(super) fn class_key(place: usize) -> char {
        char::from_digit(place as u32 + 1, 36).unwrap_or(' ')
    }

    fn choose_class(&mut self, code: KeyCode) {
        let classes = self.classes();
        match code {
            KeyCode::Char('0' | 'f') | KeyCode::Enter => self.class = None,
            KeyCode::Char(key) => match (0..classes.len()).find(|&place| Self::class_key(place) == key) {
                Some(place) => self.class = Some(classes[place].0),
                None => return,
            },
            _ => return,
        }
        if !self.refresh() {
            self.search.clear();
            self.refresh();
        }
    }

    fn clear_filters(&mut self) {
        if self.class.take().is_some() | !std::mem::take(&mut self.search).is_empty() {
            self.refresh();
            self.say("All changes again.");
        }
    }

    fn look(&mut self) {
        let mut filter = self.base.clone();
        if !self.search.is_empty() {
            filter.text.clone_from(&self.search);
        }
        if let Some(class) = self.class {
            filter.only = vec![class];
        }
        self.view = self.session.view(&filter, self.order);
    }

    /// Looks at what the filters now take: at the same change if it is among
    /// it, else at the next. False if there is none.
    fn refresh(&mut self) -> bool {
        self.look();
        if !self.current.is_some_and(|current| self.view.contains(&current)) {
            let next = self.view.iter().find(|&&i| Some(i) > self.current && self.session.ruling(i).is_none());
            self.current = next.copied().or_else(|| self.open_after(None)).or(self.view.first().copied());
        }
        !self.view.is_empty()
    }
}

/// A message of the library as a sentence, on one line and harmless.
fn sentence(message: &impl std::fmt::Display) -> String {
    let text = message.to_string();
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", visible(letters.as_str()))
}

#[cfg(test)]
#[path = "app_tests.rs"]
mod tests;
