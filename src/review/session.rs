//! [`Session`]: a document, its changes, and what was decided about them.

use std::collections::BTreeMap;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::action::{Action, Mark, Refused, Scope, Verdict};
use super::decision::Decision;
use crate::change::{Decided, Decision as Outcome, Target, check_replacement};
use crate::{ChangeLog, Correction, Document};

/// What a person decided about one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What becomes of it.
    pub verdict: Verdict,
    /// How far the decision went.
    pub scope: Scope,
    /// Who decided, and when.
    pub decided: Decided,
    /// It stands when all changes of the pair are decided: it was made about
    /// this change alone, or has been saved since.
    pub stands: bool,
}

/// How far a review has come. All are numbers of changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// In the document.
    pub total: usize,
    /// Accepted as proposed.
    pub accepted: usize,
    /// Rejected.
    pub rejected: usize,
    /// Accepted with another text than the one proposed.
    pub replaced: usize,
}

impl Progress {
    /// Changes that a person has decided about.
    #[must_use]
    pub fn decided(&self) -> usize {
        self.accepted + self.rejected + self.replaced
    }

    /// Changes that nobody has decided about.
    #[must_use]
    pub fn left(&self) -> usize {
        self.total - self.decided()
    }
}

/// In place of a number of steps: what was saved has been undone, and no
/// number of steps leads back to it.
const BEYOND: usize = usize::MAX;

/// What an action did, so that it can be undone.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    /// The change that the person was looking at.
    at: Option<usize>,
    /// What was decided before, for every change that the action touched.
    before: Vec<(usize, Option<Ruling>)>,
    /// The own words before.
    own_words: Vec<String>,
}

/// A document, its changes, and what a person has decided about them.
///
/// A change that nobody decided about stays as the program had it.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    document: Document,
    changes: ChangeLog,
    target: Target,
    rulings: Vec<Option<Ruling>>,
    own_words: Vec<String>,
    steps: Vec<Step>,
    /// How many steps were done when the session was last saved, or [`BEYOND`].
    saved: usize,
    /// The numbers of the changes of one text into one other.
    twins: BTreeMap<(CompactString, CompactString), Vec<usize>>,
}

impl Session {
    /// A review of `changes`, which were found in `document`; its cleaned file
    /// will be in the encoding that `target` says. What `changes` say of
    /// earlier decisions by a person is where the review starts from.
    #[must_use]
    pub fn new(document: Document, changes: ChangeLog, target: Target) -> Self {
        let mut corrections = changes.corrections().to_vec();
        let rulings = corrections.iter_mut().map(earlier_ruling).collect();
        let mut twins: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (index, c) in corrections.iter().enumerate() {
            twins.entry((c.before.clone(), c.after.clone())).or_default().push(index);
        }
        let changes = ChangeLog::new(corrections, changes.findings().to_vec(), changes.estimate());
        Self { document, changes, target, rulings, own_words: Vec::new(), steps: Vec::new(), saved: 0, twins }
    }

    /// The original.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The encoding of the cleaned file.
    #[must_use]
    pub fn target(&self) -> Target {
        self.target
    }

    /// The changes as the program proposes them, in the order of the text.
    #[must_use]
    pub fn changes(&self) -> &[Correction] {
        self.changes.corrections()
    }

    /// What was decided about the change `index`; `None` if nothing was.
    ///
    /// # Panics
    /// If there is no such change.
    #[must_use]
    pub fn ruling(&self, index: usize) -> Option<&Ruling> {
        self.rulings[index].as_ref()
    }

    /// The words that are never to be changed, in the order in which they were named.
    #[must_use]
    pub fn own_words(&self) -> &[String] {
        &self.own_words
    }

    /// How an [`Action`] names the change `index`.
    ///
    /// # Panics
    /// If there is no such change.
    #[must_use]
    pub fn mark(&self, index: usize) -> Mark {
        let c = &self.changes()[index];
        Mark { start: c.span.start, before: c.before.to_string(), after: c.after.to_string() }
    }

    /// The change that `mark` names.
    #[must_use]
    pub fn find(&self, mark: &Mark) -> Option<usize> {
        let index = self.changes().binary_search_by_key(&mark.start, |c| c.span.start).ok()?;
        let c = &self.changes()[index];
        (c.before == mark.before && c.after == mark.after).then_some(index)
    }

    /// The changes of the same text into the same text as the change `index`,
    /// which is among them.
    ///
    /// # Panics
    /// If there is no such change.
    #[must_use]
    pub fn twins(&self, index: usize) -> &[usize] {
        let c = &self.changes()[index];
        // Every change was entered when the session was made.
        &self.twins[&(c.before.clone(), c.after.clone())]
    }

    /// How far the review has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let mut progress = Progress { total: self.rulings.len(), ..Progress::default() };
        for ruling in self.rulings.iter().flatten() {
            *match ruling.verdict {
                Verdict::Accept => &mut progress.accepted,
                Verdict::Reject => &mut progress.rejected,
                Verdict::Text(_) => &mut progress.replaced,
            } += 1;
        }
        progress
    }

    /// Does `action`, decided as `decided` says. Gives the change that it is
    /// about, if it is about one: of [`Action::Undo`] that of the action taken back.
    ///
    /// With a [`Scope`] beyond [`Scope::Here`], decisions that were made about
    /// one change alone [stand](Ruling::stands): what its context called for is
    /// not swept away. An own word rejects every change of the word.
    ///
    /// # Errors
    /// The action cannot be done. The session is as it was.
    pub fn act(&mut self, action: &Action, decided: &Decided) -> Result<Option<usize>, Refused> {
        match action {
            Action::Decide { mark, verdict, scope } => {
                let index = self.find(mark).ok_or_else(|| Refused::NoSuchChange(mark.clone()))?;
                let verdict = self.checked(index, verdict)?;
                let stands = *scope == Scope::Here;
                let ruling = Ruling { verdict, scope: *scope, decided: decided.clone(), stands };
                let touched = match scope {
                    Scope::Here => vec![index],
                    Scope::File | Scope::Everywhere => {
                        let stands = |i: usize| self.rulings[i].as_ref().is_some_and(|ruling| ruling.stands);
                        self.twins(index).iter().copied().filter(|&i| i == index || !stands(i)).collect()
                    }
                };
                self.rule(Some(index), touched.into_iter().map(|i| (i, Some(ruling.clone()))));
                Ok(Some(index))
            }
            Action::OwnWord { word } => {
                let word = own_word(word).ok_or_else(|| Refused::NoWord(word.clone()))?.to_owned();
                let lower = word.to_lowercase();
                let of_word = |c: &Correction| words(&c.before).any(|part| part.to_lowercase() == lower);
                let touched: Vec<usize> = (0..self.changes().len()).filter(|&i| of_word(&self.changes()[i])).collect();
                let ruling =
                    Ruling { verdict: Verdict::Reject, scope: Scope::File, decided: decided.clone(), stands: false };
                let first = touched.first().copied();
                self.rule(first, touched.into_iter().map(|i| (i, Some(ruling.clone()))));
                self.own_words.push(word);
                Ok(first)
            }
            Action::Undo => {
                let step = self.steps.pop().ok_or(Refused::NothingToUndo)?;
                for (index, ruling) in step.before {
                    self.rulings[index] = ruling;
                }
                self.own_words = step.own_words;
                if self.steps.len() < self.saved {
                    self.saved = BEYOND;
                }
                Ok(step.at)
            }
            Action::Restore { rulings, own_words } => {
                let mut corrections = self.changes().to_vec();
                let mut found = Vec::new();
                for (mark, ruling, decision) in rulings {
                    let Some(index) = self.find(mark) else { continue };
                    let ruling = match ruling {
                        Some(ruling) => {
                            Some(Ruling { verdict: self.checked(index, &ruling.verdict)?, ..ruling.clone() })
                        }
                        None => {
                            (corrections[index].decision, corrections[index].decided) = (*decision, None);
                            None
                        }
                    };
                    found.push((index, ruling));
                }
                self.changes = ChangeLog::new(corrections, self.changes.findings().to_vec(), self.changes.estimate());
                let rulings = found;
                let first = rulings.first().map(|(index, _)| *index);
                self.rule(first, rulings.into_iter());
                self.own_words.clone_from(own_words);
                Ok(first)
            }
        }
    }

    /// Notes that everything done so far is saved: a journal begins anew. The
    /// log knows no scope, so that from now on each decision is one of its own.
    pub fn set_saved(&mut self) {
        self.rulings.iter_mut().flatten().for_each(|ruling| ruling.stands = true);
        self.saved = self.steps.len();
    }

    /// True if something was done since the session began or was last saved.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.saved != self.steps.len()
    }

    /// What a journal must hold if now [`Action::Undo`] is done: mostly just this.
    #[must_use]
    pub fn undoing(&self) -> Action {
        match self.steps.last() {
            Some(step) if self.steps.len() <= self.saved => Action::Restore {
                rulings: step
                    .before
                    .iter()
                    .map(|(i, ruling)| (self.mark(*i), ruling.clone(), self.changes()[*i].decision))
                    .collect(),
                own_words: step.own_words.clone(),
            },
            _ => Action::Undo,
        }
    }

    /// The word of the change `index`, if what stands there is one word that
    /// could be an own word.
    ///
    /// # Panics
    /// If there is no such change.
    #[must_use]
    pub fn word(&self, index: usize) -> Option<&str> {
        own_word(&self.changes()[index].before)
    }

    /// The changes with what was decided written into them, as a log holds it.
    #[must_use]
    pub fn decided(&self) -> ChangeLog {
        let mut changes = self.changes.clone();
        for (index, ruling) in self.rulings.iter().enumerate() {
            let Some(Ruling { verdict, decided, .. }) = ruling else { continue };
            match verdict {
                Verdict::Accept => changes.decide(index, true, decided.clone()),
                Verdict::Reject => changes.decide(index, false, decided.clone()),
                Verdict::Text(text) => changes.replace(index, text.clone(), decided.clone()),
            }
        }
        changes
    }

    /// The text with every change made that was decided so, or that the
    /// program had made and nobody decided about.
    #[must_use]
    pub fn cleaned(&self) -> String {
        self.decided().apply(self.document.text())
    }

    /// True if the change `index` is made as things stand.
    ///
    /// # Panics
    /// If there is no such change.
    #[must_use]
    pub fn is_made(&self, index: usize) -> bool {
        match &self.rulings[index] {
            Some(ruling) => ruling.verdict != Verdict::Reject,
            None => self.changes()[index].decision.is_made(),
        }
    }

    /// What the change `index` makes of its place, if it is made.
    ///
    /// # Panics
    /// If there is no such change.
    #[must_use]
    pub fn after(&self, index: usize) -> &str {
        match &self.rulings[index] {
            Some(Ruling { verdict: Verdict::Text(text), .. }) => text,
            _ => &self.changes()[index].after,
        }
    }

    /// Every decision, in the order of the text. See [`Session::own_words`] for the rest.
    pub fn decisions(&self) -> impl Iterator<Item = Decision<'_>> {
        self.rulings.iter().enumerate().filter_map(|(index, ruling)| {
            let ruling = ruling.as_ref()?;
            let change = &self.changes()[index];
            Some(Decision { change, ruling })
        })
    }

    fn rule(&mut self, at: Option<usize>, rulings: impl Iterator<Item = (usize, Option<Ruling>)>) {
        let before = rulings.map(|(i, ruling)| (i, std::mem::replace(&mut self.rulings[i], ruling))).collect();
        self.steps.push(Step { at, before, own_words: self.own_words.clone() });
    }

    /// `verdict` in its simplest form, if a text may get what comes of it and the file can hold it.
    fn checked(&self, index: usize, verdict: &Verdict) -> Result<Verdict, Refused> {
        let c = &self.changes()[index];
        let (verdict, text) = match verdict {
            Verdict::Text(text) if *text == c.before => (Verdict::Reject, None),
            Verdict::Text(text) if *text == c.after => (Verdict::Accept, Some(&**text)),
            Verdict::Text(text) => (verdict.clone(), Some(&**text)),
            Verdict::Accept => (Verdict::Accept, Some(&*c.after)),
            Verdict::Reject => (Verdict::Reject, None),
        };
        if let Some(text) = text {
            check_replacement(&c.before, text).map_err(|unfit| Refused::Unfit { text: text.into(), unfit })?;
        }
        let encoding = self.target.encoding(self.document.encoding());
        match text {
            Some(text) if encoding.encode(text).is_none() => Err(Refused::Unencodable { text: text.into(), encoding }),
            _ => Ok(verdict),
        }
    }
}

/// What a log says a person has decided about `c`, which is made what the
/// program had proposed: [`ChangeLog::replace`] put that at the head of the
/// alternatives, with the confidence of the change, and took the evidence away.
fn earlier_ruling(c: &mut Correction) -> Option<Ruling> {
    let decided = c.decided.as_deref()?.clone();
    let verdict = match c.decision {
        Outcome::Accepted
            if c.evidence.is_empty()
                && c.alternatives
                    .first()
                    .is_some_and(|a| a.confidence == c.confidence && check_replacement(&c.before, &a.text).is_ok()) =>
        {
            let own = std::mem::replace(&mut c.after, c.alternatives.remove(0).text);
            Verdict::Text(own.into())
        }
        Outcome::Accepted => Verdict::Accept,
        Outcome::Rejected => Verdict::Reject,
        Outcome::Applied | Outcome::Suggested => return None,
    };
    Some(Ruling { verdict, scope: Scope::Here, decided, stands: true })
}

/// `text` without the marks around it, if it is one word: no blanks, a letter.
fn own_word(text: &str) -> Option<&str> {
    let word = trimmed(text);
    let is_one = !word.contains(|c: char| c.is_whitespace() || c.is_control()) && word.contains(char::is_alphabetic);
    is_one.then_some(word)
}

/// The pieces of `text` between blanks, without the marks around them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(trimmed)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
#[path = "session_tests.rs"]
pub(in crate::review) mod tests;
