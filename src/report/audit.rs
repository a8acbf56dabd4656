//! [`Audit`]: what change logs say about who changed what, when, at which settings.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::summary::counted;
use super::visible;
use crate::change::{Class, Decided, Decision};
use crate::format::jsonl::{ChangeRecord, Log};

/// Whose changes are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The program's.
    Program,
    /// Those of any person.
    AnyPerson,
    /// Those of the person of this name.
    Person(String),
}

/// A person who decided without saying who.
const UNNAMED: &str = "(unnamed)";

/// What logs say, added up.
#[derive(Clone, Debug, Serialize)]
pub struct Audit {
    #[serde(skip)]
    by: Option<By>,
    /// Texts that there are logs of.
    texts: usize,
    /// Changes that the program made, by class.
    program: BTreeMap<Class, usize>,
    /// Changes that are only suggested.
    suggested: usize,
    /// What people decided, by name.
    people: BTreeMap<String, Person>,
    /// At which settings, and for how many texts.
    settings: Vec<Settings>,
    #[serde(skip)]
    changes: Vec<Change>,
}

/// What one person decided.
#[derive(Clone, Debug, Default, Serialize)]
struct Person {
    accepted: usize,
    /// Of those accepted: with a text of the person's own, or another reading than the program's.
    rewritten: usize,
    rejected: usize,
    /// When the first and the last decision was taken, as far as it is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Settings {
    scanno: String,
    data: String,
    config: serde_json::Value,
    texts: usize,
}

/// A change that was made, or about which a person has decided.
#[derive(Clone, Debug, Serialize)]
struct Change {
    path: String,
    line: usize,
    column: usize,
    before: String,
    after: String,
    class: Class,
    rule: String,
    confidence: f64,
    decision: Decision,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<Decided>,
}

impl Audit {
    /// Nothing yet; if `by` is given, only its changes will count.
    #[must_use]
    pub fn new(by: Option<By>) -> Self {
        Self {
            by,
            texts: 0,
            program: BTreeMap::new(),
            suggested: 0,
            people: BTreeMap::new(),
            settings: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Adds what `log` says.
    pub fn add(&mut self, log: &Log) {
        let document = log.document();
        self.texts += 1;
        let same = self
            .settings
            .iter_mut()
            .find(|s| (&s.scanno, &s.data, &s.config) == (&document.scanno, &document.data, &document.config));
        match same {
            Some(same) => same.texts += 1,
            None => self.settings.push(Settings {
                scanno: document.scanno.clone(),
                data: document.data.clone(),
                config: document.config.clone(),
                texts: 1,
            }),
        }
        for change in log.changes() {
            if self.counts(change) {
                self.add_change(&document.path, change);
            }
        }
    }

    fn counts(&self, change: &ChangeRecord) -> bool {
        let is_person = matches!(change.decision, Decision::Accepted | Decision::Rejected);
        match &self.by {
            None => true,
            Some(By::Program) => change.decision == Decision::Applied,
            Some(By::AnyPerson) => is_person,
            Some(By::Person(name)) => is_person && name_of(change) == name,
        }
    }

    fn add_change(&mut self, path: &str, change: &ChangeRecord) {
        match change.decision {
            Decision::Suggested => {
                self.suggested += 1;
                return;
            }
            Decision::Applied => *self.program.entry(change.class).or_default() += 1,
            Decision::Accepted | Decision::Rejected => {
                let person = self.people.entry(name_of(change).to_owned()).or_default();
                if change.decision == Decision::Rejected {
                    person.rejected += 1;
                } else {
                    person.accepted += 1;
                    // The program's reading is kept as the first alternative, with its confidence.
                    let first = change.alternatives.first();
                    person.rewritten += usize::from(first.is_some_and(|a| a.confidence == change.confidence));
                }
                if let Some(Decided { at, .. }) = &change.decided {
                    // RFC 3339 in UTC sorts as text.
                    person.first = Some(person.first.take().map_or(at.clone(), |first| first.min(at.clone())));
                    person.last = person.last.take().max(Some(at.clone()));
                }
            }
        }
        self.changes.push(Change {
            path: path.to_owned(),
            line: change.place.line,
            column: change.place.column,
            before: change.before.to_string(),
            after: change.after.to_string(),
            class: change.class,
            rule: change.rule.to_string(),
            confidence: change.confidence,
            decision: change.decision,
            decided: change.decided.clone(),
        });
    }

    /// Writes it for people; each change on a line of its own if `with_changes`.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write(&self, mut out: impl Write, with_changes: bool) -> io::Result<()> {
        if with_changes {
            self.changes.iter().try_for_each(|change| write_change(&mut out, change))?;
            if !self.changes.is_empty() {
                writeln!(out)?;
            }
        }
        writeln!(out, "{}", counted(self.texts, "text"))?;
        let made: usize = self.program.values().sum();
        let mut classes: Vec<_> = self.program.iter().map(|(class, number)| (*number, *class)).collect();
        classes.sort_by_key(|&(number, class)| (std::cmp::Reverse(number), class));
        let classes: Vec<String> = classes.iter().map(|(number, class)| format!("{number} {class}")).collect();
        let classes = if classes.is_empty() { String::new() } else { format!(" ({})", classes.join(", ")) };
        writeln!(
            out,
            "program: {}{classes}, {} not decided",
            counted(made, "change"),
            counted(self.suggested, "suggestion")
        )?;
        for (name, person) in &self.people {
            let own = if person.rewritten > 0 { format!(" ({} rewritten)", person.rewritten) } else { String::new() };
            let when = match (&person.first, &person.last) {
                (Some(first), Some(last)) if first != last => format!(", {} to {}", visible(first), visible(last)),
                (Some(first), _) => format!(", {}", visible(first)),
                _ => String::new(),
            };
            writeln!(
                out,
                "person {}: {} accepted{own}, {} rejected{when}",
                visible(name),
                person.accepted,
                person.rejected
            )?;
        }
        for Settings { scanno, data, config, texts } in &self.settings {
            let (scanno, data, config) = (visible(scanno), visible(data), config.to_string());
            writeln!(
                out,
                "settings: scanno {scanno}, data {data}, {} ({})",
                visible(&config),
                counted(*texts, "text")
            )?;
        }
        Ok(())
    }

    /// Writes it as one JSON object, with all changes under `changes` if `with_changes`.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write_json(&self, mut out: impl Write, with_changes: bool) -> io::Result<()> {
        let mut json = serde_json::to_value(self)?;
        if with_changes {
            json["changes"] = serde_json::to_value(&self.changes)?;
        }
        serde_json::to_writer_pretty(&mut out, &json)?;
        writeln!(out)
    }
}

/// Who decided about a change.
fn name_of(change: &ChangeRecord) -> &str {
    change.decided.as_ref().map_or(UNNAMED, |decided| &decided.by)
}

fn write_change(out: &mut impl Write, change: &Change) -> io::Result<()> {
    let Change { path, line, column, before, after, class, confidence, decision, decided, .. } = change;
    let who = match decided {
        Some(Decided { by, at }) => format!("{}, {}", visible(by), visible(at)),
        None if *decision == Decision::Applied => "program".to_owned(),
        None => UNNAMED.to_owned(),
    };
    writeln!(
        out,
        "{}:{line}:{column}: {} → {}  {decision} by {who}  ({class}, {confidence})",
        visible(path),
        visible(before),
        visible(after),
        decision = decision.name(),
    )
}
