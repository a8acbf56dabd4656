//! [`Lessons`]: pages with their truth and decided logs, and what they teach.

use std::collections::BTreeMap;

use compact_str::CompactString;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::calibrate::{Answer, fit};
use super::collection::{Collection, PRIOR};
use super::{Page, STILL_WRONG, Tally, Verdict, whole_words};
use crate::candidate::is_left_to_accept_model;
use crate::change::Decision;
use crate::document::{TokenKind, tokens};
use crate::format::jsonl::{ChangeRecord, Log};
use crate::model::confusion::Counted;
use crate::model::cost::probability_of;
use crate::model::{Models, Seen, key};
use crate::{ChangeLog, Config, Correction, Corrector};

/// Parts into which pages are divided, to judge changes on each by what the
/// others teach.
const FOLDS: usize = 5;
/// Confidence from which a change counts that nobody has decided about, as in a
/// document's own adaptation.
const SURE: f64 = 0.85;
/// Confidence from which an answer counts: that of what is shown at all.
const SHOWN: f64 = 0.2;
/// Errors of a kind that were to be expected from which it counts that there was none.
const EXPECTED: f64 = 0.5;
/// Bytes of a text that what surrounds its changes stands for, at most: more
/// than `batch` reads of one, and no more counts than the model can hold.
const LARGEST: usize = 1_000_000_000;

/// What people have corrected or decided.
#[derive(Clone, Debug, Default)]
pub struct Lessons {
    /// Each page as it was read, and its truth with whole words.
    pages: Vec<(String, String)>,
    decisions: Vec<Decided>,
    /// Texts around the decided changes, and how many times each counts.
    around: Vec<(String, f64)>,
}

/// A change that a person has decided about.
#[derive(Clone, Debug)]
struct Decided {
    /// What was read, and what the person says is printed.
    before: String,
    printed: String,
    /// What the program had proposed; none where nobody was asked.
    proposed: Option<Proposed>,
}

/// What a person was asked about.
#[derive(Clone, Debug)]
struct Proposed {
    rule: CompactString,
    after: CompactString,
    confidence: f64,
    is_right: bool,
}

impl Decided {
    /// What the decision says of the accept model's confidence; nothing if another judged.
    fn answer(&self, models: &Models) -> Option<Answer> {
        let Proposed { rule, after, confidence, is_right } = self.proposed.as_ref()?;
        is_left_to_accept_model(models, rule, &self.before, after).then_some(Answer {
            confidence: *confidence,
            is_right: *is_right,
            weight: 1.0,
        })
    }
}

impl Lessons {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a page that was read as `ocr` where `truth` is printed.
    pub fn add_page(&mut self, ocr: &str, truth: &str) {
        self.pages.push((ocr.to_owned(), whole_words(truth)));
    }

    /// Adds the decisions of people in `log`: what is accepted is right, what
    /// is rejected was right before. Gives their number.
    pub fn add_log(&mut self, log: &Log) -> usize {
        let decided: Vec<&ChangeRecord> =
            log.changes().filter(|c| matches!(c.decision, Decision::Accepted | Decision::Rejected)).collect();
        // What surrounds the changes stands for the rest of the text.
        let around: Vec<&str> =
            log.changes().flat_map(|c| [&*c.context.left, &*c.context.right]).map(inner_words).collect();
        let length: usize = around.iter().map(|text| text.len()).sum();
        let weight = (log.document().bytes.min(LARGEST) as f64 / length.max(1) as f64).max(1.0);
        if !decided.is_empty() {
            self.around.push((around.join("\n"), weight));
        }
        self.decisions.extend(decided.iter().map(|change| decision(change)));
        decided.len()
    }

    /// Adds the changes of a text that nobody has decided about but that are as
    /// good as sure, by the accept model of `models`; the rest of `text` counts as right.
    pub(super) fn add_sure(&mut self, text: &str, changes: &ChangeLog, models: &Models) {
        let sure =
            |c: &&Correction| c.confidence >= SURE && is_left_to_accept_model(models, &c.rule, &c.before, &c.after);
        self.decisions.extend(changes.corrections().iter().filter(sure).map(|c| Decided {
            before: c.before.to_string(),
            printed: c.after.to_string(),
            proposed: None,
        }));
        self.around.push((text.to_owned(), 1.0));
    }

    /// Adds what comes after.
    pub(super) fn add(&mut self, other: Self) {
        self.pages.extend(other.pages);
        self.decisions.extend(other.decisions);
        self.around.extend(other.around);
    }

    /// What all of this teaches of channel and words, and nothing of confidence.
    pub(super) fn learn_uncalibrated(&self, general: &Models) -> Collection {
        self.without_calibration(general, &[], &[])
    }

    /// Pages and decisions there are.
    #[must_use]
    pub fn len(&self) -> (usize, usize) {
        (self.pages.len(), self.decisions.len())
    }

    /// True if there is nothing to learn from.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == (0, 0)
    }

    /// What all of this teaches beside the `general` models.
    #[must_use]
    pub fn learn(&self, general: &Models) -> Collection {
        let pages: Vec<usize> = (0..self.pages.len()).collect();
        let shown: Vec<Shown> = pages.par_iter().map(|&page| self.shown(page, general)).collect();
        let mut collection = self.without_calibration(general, &shown, &pages);
        let mut answers: Vec<Answer> = self.decisions.iter().filter_map(|d| d.answer(general)).collect();
        let folds = FOLDS.min(pages.len());
        if folds >= 2 {
            let correctors: Vec<Corrector> = (0..folds)
                .into_par_iter()
                .map(|fold| {
                    let others: Vec<usize> = pages.iter().copied().filter(|page| page % folds != fold).collect();
                    let own = self.without_calibration(general, &shown, &others);
                    Corrector::with_models(own.models(general), Config::default())
                })
                .collect();
            let judged: Vec<Vec<Answer>> =
                pages.par_iter().map(|&page| self.judged(page, &correctors[page % folds])).collect();
            answers.extend(judged.into_iter().flatten());
        }
        answers.retain(|answer| answer.confidence >= SHOWN);
        collection.calibration = fit(&answers);
        collection
    }

    /// What one page shows by itself.
    fn shown(&self, page: usize, general: &Models) -> Shown {
        let (ocr, truth) = &self.pages[page];
        let mut shown = Shown::default();
        shown.tally.add(ocr, truth, 1.0);
        shown.words.add(truth, general);
        shown
    }

    /// What the pages numbered `taken` and all decisions teach of channel and words.
    fn without_calibration(&self, general: &Models, shown: &[Shown], taken: &[usize]) -> Collection {
        let mut collection = Collection::new(general);
        (collection.pages, collection.decisions) = (taken.len(), self.decisions.len());
        let (mut tally, mut words) = (Tally::default(), Words::default());
        for &page in taken {
            tally.merge(&shown[page].tally);
            words.merge(&shown[page].words);
        }
        // Separators are seen on pages alone: a log says nothing of those between words.
        let of_pages = tally.counts();
        (collection.separators, collection.blanks) = (of_pages.separators, of_pages.blanks);
        for (text, weight) in &self.around {
            tally.add_right(text, *weight);
        }
        for decided in &self.decisions {
            tally.add(&decided.before, &decided.printed, 1.0);
            words.add(&decided.printed, general);
        }
        let counts = tally.counts();
        collection.letters = counts.letters;
        collection.rewrites = rewrites(&tally, counts.rewrites, general, self.decisions.is_empty());
        (collection.vocabulary, collection.words) = (words.own, words.total);
        collection
    }

    /// The changes that `corrector` would show on `page`, judged by its truth.
    fn judged(&self, page: usize, corrector: &Corrector) -> Vec<Answer> {
        let (ocr, truth) = &self.pages[page];
        let mut proposals = corrector.propose(ocr);
        proposals.retain(|p| !p.is_own_judgment && p.correction.confidence >= SHOWN);
        if proposals.is_empty() {
            return Vec::new();
        }
        let aligned = Page::new(ocr, truth);
        let answer = |p: &crate::Proposal| {
            let Verdict { right, was_right } = aligned.judge(&p.correction)?;
            let weight = if right || was_right { 1.0 } else { STILL_WRONG };
            Some(Answer { confidence: p.correction.confidence, is_right: right, weight })
        };
        proposals.iter().filter_map(answer).collect()
    }
}

/// What one page shows.
#[derive(Default)]
struct Shown {
    tally: Tally,
    words: Words,
}

/// Words of texts that someone has read.
#[derive(Default)]
struct Words {
    /// Those that the lexicon lacks.
    own: BTreeMap<Box<str>, Seen>,
    total: u32,
}

impl Words {
    fn add(&mut self, text: &str, general: &Models) {
        for token in tokens(text).filter(|token| token.kind == TokenKind::Word) {
            self.total += 1;
            let word = &text[token.span.range()];
            let Some(key) = key(word).filter(|key| general.lexicon.find_key(key).is_none()) else { continue };
            let seen = self.own.entry(key.into()).or_default();
            *seen = (seen.0 + 1, seen.1 + u32::from(word.starts_with(char::is_uppercase)));
        }
    }

    fn merge(&mut self, other: &Self) {
        for (key, (count, capitalized)) in &other.own {
            let seen = self.own.entry(key.clone()).or_default();
            *seen = (seen.0 + count, seen.1 + capitalized);
        }
        self.total += other.total;
    }
}

/// What is kept of the counted rewrites: what the general channel knows or
/// what was seen twice, and, where whole pages were read, what it knows and was not
/// seen though it was to be expected. Decided changes are not all the errors
/// of a text: they make no error less likely than it is in general.
fn rewrites(tally: &Tally, seen: Vec<Counted>, general: &Models, is_whole: bool) -> Vec<(String, String, u32, u32)> {
    let known: BTreeMap<(String, String), f64> =
        general.confusion.rewrites().map(|(o, i, cost)| ((o, i), probability_of(cost))).collect();
    let names: FxHashSet<(String, String)> = seen.iter().map(|r| (r.observed.clone(), r.intended.clone())).collect();
    let mut out: Vec<_> = seen
        .into_iter()
        .filter(|r| {
            let general = known.get(&(r.observed.clone(), r.intended.clone()));
            let own = (PRIOR * general.copied().unwrap_or(0.0) + f64::from(r.count)) / (PRIOR + f64::from(r.total));
            (general.is_some() || r.count >= 2) && (is_whole || general.is_none_or(|&general| own > general))
        })
        .map(|r| (r.observed, r.intended, r.count, r.total))
        .collect();
    if is_whole {
        for ((observed, intended), p) in known {
            let printed = tally.printed(&intended);
            if p * printed >= EXPECTED && !names.contains(&(observed.clone(), intended.clone())) {
                out.push((observed, intended, 0, printed.round() as u32));
            }
        }
    }
    out.sort();
    out
}

/// `text` without what may be half a word at either end.
fn inner_words(text: &str) -> &str {
    let blank = |c: char| c.is_whitespace();
    match (text.find(blank), text.rfind(blank)) {
        (Some(from), Some(to)) if from < to => text[from..to].trim(),
        _ => "",
    }
}

fn decision(change: &ChangeRecord) -> Decided {
    let accepted = change.decision == Decision::Accepted;
    // In place of a text of the person's own, the program's reading is the first alternative, with its confidence.
    let replaced = change.alternatives.first().filter(|a| accepted && a.confidence == change.confidence);
    Decided {
        before: change.before.to_string(),
        printed: if accepted { &change.after } else { &change.before }.to_string(),
        proposed: Some(Proposed {
            rule: change.rule.clone(),
            after: replaced.map_or(&change.after, |reading| &reading.text).clone(),
            confidence: change.confidence,
            is_right: accepted && replaced.is_none(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Target;
    use crate::format::jsonl::Header;
    use crate::model::accept::Calibration;

    /// Pages of an engine that reads every other `h` as `b`, with a name that no lexicon has.
    fn lessons(pages: usize) -> Lessons {
        let truth = "The house of Quorvaxen stood there behind the church, and he thought of it. ".repeat(4);
        let mut lessons = Lessons::new();
        for page in 0..pages {
            let mut seen = page;
            let read = |c: char| {
                seen += usize::from(c == 'h');
                if c == 'h' && seen % 2 == 0 { 'b' } else { c }
            };
            lessons.add_page(&truth.chars().map(read).collect::<String>(), &truth);
        }
        lessons
    }

    #[test]
    fn the_engine_and_the_words_of_the_pages_are_learned() {
        let general = Models::embedded();
        let collection = lessons(6).learn(&general);
        assert_eq!((collection.pages, collection.words), (6, 6 * 4 * 14));
        assert_eq!(collection.vocabulary.get("quorvaxen"), Some(&(24, 24)));
        let own = collection.models(&general);
        let cost = |models: &Models| models.confusion.align(&models.confusion.observe("tbe"), "the").0;
        assert!(cost(&own) < cost(&general));
        assert_ne!(own.version, general.version);
        assert_eq!(Collection::read(&collection.to_bytes()).unwrap(), collection);
        let unread = |models: Models| {
            let corrector = Corrector::with_models(models, Config::default());
            corrector
                .correct(&crate::Document::from_text("Then Quorvaxcn came to bis house."))
                .apply("Then Quorvaxcn came to bis house.")
        };
        assert!(unread(own).contains("Quorvaxen"));
        assert!(unread(general).contains("Quorvaxcn"));
    }

    #[test]
    fn nothing_teaches_nothing() {
        let general = Models::embedded();
        let collection = Lessons::new().learn(&general);
        assert!(collection.rewrites.is_empty() && collection.vocabulary.is_empty());
        let own = collection.models(&general);
        let text = "He opened tbe door of tlie old honse and went in with the gov ernment.";
        let correct =
            |models| Corrector::with_models(models, Config::default()).correct(&crate::Document::from_text(text));
        assert_eq!(correct(own), correct(general));
    }

    /// What it teaches that all changes of sixty texts that read `text` were rejected: the calibration, and their rule.
    fn rejected(text: &str) -> (Calibration, CompactString) {
        let general = Models::embedded();
        let document = crate::Document::from_text(text);
        let mut changes = Corrector::new(Config::default()).correct(&document);
        let rule = changes.corrections()[0].rule.clone();
        assert!(changes.corrections()[0].confidence > 0.8, "{changes:?}");
        for index in 0..changes.corrections().len() {
            changes.decide(
                index,
                false,
                crate::change::Decided { by: "ann".into(), at: "2026-11-22T13:05:00Z".into() },
            );
        }
        let header = Header { path: "p.txt".into(), data: general.version.clone(), config: serde_json::Value::Null };
        let log = Log::new(&document, &changes, header, Target::AsRead).unwrap();
        let mut lessons = Lessons::new();
        for _ in 0..60 {
            lessons.add_log(&log);
        }
        (lessons.learn(&general).calibration, rule)
    }

    #[test]
    fn only_the_judge_of_what_was_rejected_is_believed_less() {
        for (text, rule, is_blamed) in [
            ("He opened tbe door of the old house and went in.", "confusion", true),
            ("They met at the door ofthe old house and went in.", "split", true),
            ("The news came from Statecontrolled radio stations.", "compound", false),
            ("He went to the extraordinary com-\nmittee and sat down.", "line-end", false),
            ("It was the deceasedmoreover who had gone in.", "split", false),
        ] {
            let (calibration, proposed_by) = rejected(text);
            assert_eq!(proposed_by, rule, "{text}");
            assert_eq!(calibration != Calibration::default(), is_blamed, "{text}");
        }
    }

    #[test]
    fn what_is_no_collection_is_refused() {
        for bytes in [&b"{}"[..], b"[1]", b"", b"tbe the"] {
            assert!(Collection::read(bytes).is_err());
        }
        let good = String::from_utf8(lessons(1).learn(&Models::embedded()).to_bytes()).unwrap();
        let later = good.replace("\"scanno-collection\":1", "\"scanno-collection\":2");
        assert!(Collection::read(later.as_bytes()).unwrap_err().to_string().contains("version 2"));
        let refused = |change: &dyn Fn(&mut Collection), what: &str| {
            let mut collection = Collection::read(good.as_bytes()).unwrap();
            change(&mut collection);
            let error = Collection::read(&collection.to_bytes()).unwrap_err().to_string();
            assert!(error.contains(what), "{error}");
        };
        refused(&|c| c.calibration.scale = 0.0, "calibration");
        refused(&|c| c.blanks = (2, 1), "greater than its whole");
        refused(&|c| c.rewrites.push(("b".into(), "h".into(), 2, 1)), "greater than its whole");
        refused(&|c| c.vocabulary.extend([("quorvaxen".into(), (c.words + 1, 1))]), "greater than its whole");
        refused(&|c| c.vocabulary.extend([("quorvaxen".into(), (1, 2))]), "greater than its whole");
        refused(&|c| c.vocabulary.extend([("Quor vaxen".into(), (1, 1))]), "small letters");
        refused(&|c| c.rewrites.extend(vec![("^b".into(), "h".into(), 1, 1); 1 << 16]), "too many others");
    }

    /// Whatever stands in place of a number or a letter: the model is refused, or used without a fault.
    #[test]
    fn a_damaged_collection_does_no_harm() {
        let general = Models::embedded();
        let good = lessons(3).learn(&general).to_bytes();
        let text = "He opened tbe door of tlie old honse, and Quorvaxcn went in with the gov ernment.";
        let others = b"0919-e.,\"[]{}z\xff^$";
        let (mut refused, mut used) = (0, 0);
        for number in 0..200_usize {
            let mut bytes = good.clone();
            for place in 0..=number % 4 {
                let at = (number * 7_919 + place * 104_729) % bytes.len();
                let digit = bytes.iter().skip(at).position(u8::is_ascii_digit).map(|digit| at + digit);
                match digit.filter(|_| number % 2 == 0) {
                    Some(digit) => bytes[digit] = b"1809"[(number / 2 + place) % 4],
                    None => bytes[at] = others[(number / 4 + place) % others.len()],
                }
            }
            match Collection::read(&bytes) {
                Err(_) => refused += 1,
                Ok(collection) => {
                    let corrector = Corrector::with_models(collection.models(&general), Config::default());
                    let _ = corrector.correct(&crate::Document::from_text(text));
                    used += 1;
                }
            }
        }
        assert!(refused > 20 && used > 20, "{refused} refused, {used} used");
    }
}
