//! Labelled cases: what must be corrected, and how; what must stay as it is.
//!
//! The cases are data, `tests/cases/*.toml`, each with a label that says the
//! behavior, an input, the text expected (the input itself where none is given)
//! and a comment that says why. They hold at [`Level::Balanced`], those of
//! `untouched.toml` at [`Level::Eager`] too, but where `touched_by_eager` says so. A case that
//! does not hold yet is moved to `known-failures.toml`, and back once it does.

use std::{collections::BTreeSet, fmt::Write, sync::LazyLock};

use scanno::{ChangeLog, Config, Corrector, Document, Level, change::Decision};
use serde::Deserialize;

const LINE_ENDS: &str = include_str!("cases/line-ends.toml");
const UNTOUCHED: &str = include_str!("cases/untouched.toml");
const CORRECTIONS: &str = include_str!("cases/corrections.toml");
const KNOWN_FAILURES: &str = include_str!("cases/known-failures.toml");

#[test]
fn words_divided_at_line_ends_are_joined_kept_or_left() {
    assert_all_hold(LINE_ENDS);
}

#[test]
fn what_looks_odd_but_is_right_stays_untouched() {
    let cases = cases_of(UNTOUCHED);
    assert!(cases.iter().all(|c| c.expected.is_none()), "a case of untouched.toml expects a change");
    assert_all_hold(UNTOUCHED);
}

/// The boldest level, too, leaves alone what is right, but for the cases that
/// say otherwise; strict, so that a case that it has learned to leave is marked so.
#[test]
fn what_looks_odd_but_is_right_is_left_by_the_eager_but_where_known() {
    let eager = corrector(Level::Eager);
    let wrong: Vec<_> = cases_of(UNTOUCHED)
        .into_iter()
        .filter(|c| failure_with(&eager, c).is_some() != c.touched_by_eager)
        .map(|c| c.label)
        .collect();
    assert!(wrong.is_empty(), "`touched_by_eager` is not true of: {}", wrong.join(", "));
}

#[test]
fn errors_are_corrected() {
    assert_all_hold(CORRECTIONS);
}

/// Strict, so that the file cannot rot: what has been mended must be moved.
#[test]
fn known_failures_still_fail() {
    let mended: Vec<_> =
        cases_of(KNOWN_FAILURES).into_iter().filter(|c| failure_of(c).is_none()).map(|c| c.label).collect();
    assert!(mended.is_empty(), "these hold now, move them out of known-failures.toml: {}", mended.join(", "));
}

/// The article that is the yardstick for modern pages with few errors: corrected
/// to the byte. Reads it beside the development data, where they are at hand.
#[test]
#[ignore = "a known failure: one word of it is only suggested"]
fn a_modern_article_with_few_errors_comes_out_exactly() {
    let Some(data) = std::env::var_os("SCANNO_EVAL_DATA") else { return };
    let folder = std::path::Path::new(&data).join("../../examples");
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let (Ok(ocr), Ok(truth)) = (read("beirut.ocr.txt"), read("beirut.gt.txt")) else { return };
    assert_eq!(CORRECTOR.correct(&Document::from_text(ocr.as_str())).apply(&ocr), truth);
}

/// The log's laws, on every case whether it holds or not.
#[test]
fn every_log_can_be_refused_and_taken_back() {
    for case in all_cases() {
        let document = Document::from_text(case.input.as_str());
        let log = CORRECTOR.correct(&document);
        for c in log.corrections() {
            assert_eq!(c.before, document.slice(c.span), "{}: `before` is not the text of the span", case.label);
        }
        assert_eq!(refused(&log).apply(&case.input), case.input, "{}: all refused, yet changed", case.label);
        assert_eq!(taken_back(&log, &log.apply(&case.input)), case.input, "{}: not restored", case.label);
    }
}

#[test]
fn labels_are_unique_and_every_case_says_why() {
    let mut seen = BTreeSet::new();
    for case in all_cases() {
        assert!(!case.input.is_empty() && !case.comment.is_empty(), "{}: input or comment is empty", case.label);
        assert_ne!(case.expected.as_ref(), Some(&case.input), "{}: leave `expected` out", case.label);
        let lines = |text: &str| text.matches('\n').count();
        let expected = case.expected.as_ref().unwrap_or(&case.input);
        assert_eq!(
            lines(expected),
            lines(&case.input),
            "{}: a correction never changes the number of lines",
            case.label
        );
        assert!(seen.insert(case.label.clone()), "two cases are labeled {}", case.label);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    label: String,
    input: String,
    /// Absent where the input must stay as it is.
    expected: Option<String>,
    comment: String,
    /// Set where the eager level changes what it should not.
    #[serde(default)]
    touched_by_eager: bool,
}

static CORRECTOR: LazyLock<Corrector> = LazyLock::new(|| corrector(Level::Balanced));

fn corrector(level: Level) -> Corrector {
    Corrector::new(Config { level, ..Config::default() })
}

fn cases_of(file: &str) -> Vec<Case> {
    toml::from_str::<File>(file).unwrap_or_else(|error| panic!("{error}")).case
}

fn all_cases() -> impl Iterator<Item = Case> {
    [LINE_ENDS, UNTOUCHED, CORRECTIONS, KNOWN_FAILURES].into_iter().flat_map(cases_of)
}

/// Panics with every case that does not hold, not only with the first.
fn assert_all_hold(file: &str) {
    let cases = cases_of(file);
    let failures: Vec<_> = cases.iter().filter_map(failure_of).collect();
    assert!(failures.is_empty(), "{} of {} cases fail\n\n{}", failures.len(), cases.len(), failures.join("\n"));
}

fn failure_of(case: &Case) -> Option<String> {
    failure_with(&CORRECTOR, case)
}

/// What differs, or `None` if the case holds. Texts are shown escaped, so that
/// line ends and soft hyphens can be seen.
fn failure_with(corrector: &Corrector, case: &Case) -> Option<String> {
    let log = corrector.correct(&Document::from_text(case.input.as_str()));
    let actual = log.apply(&case.input);
    let expected = case.expected.as_ref().unwrap_or(&case.input);
    if actual == *expected {
        return None;
    }
    let mut report = format!("{}: {}\n", case.label, case.comment);
    for (name, text) in [("input", &case.input), ("expected", expected), ("actual", &actual)] {
        writeln!(report, "  {name:<9}{text:?}").expect("a String can be written to");
    }
    for c in log.corrections() {
        writeln!(report, "  {:?} {:?} -> {:?} {:.2} ({})", c.decision, c.before, c.after, c.confidence, c.rule)
            .expect("a String can be written to");
    }
    Some(report)
}

/// `log` as if a person had rejected every correction.
fn refused(log: &ChangeLog) -> ChangeLog {
    let mut corrections = log.corrections().to_vec();
    corrections.iter_mut().for_each(|c| c.decision = Decision::Rejected);
    ChangeLog::new(corrections, log.findings().to_vec(), log.estimate())
}

/// `cleaned` with every correction that was made replaced by what stood there:
/// written here a second time, so that it can find fault with the library's.
fn taken_back(log: &ChangeLog, cleaned: &str) -> String {
    let (mut original, mut rest) = (String::new(), cleaned);
    for c in log.corrections().iter().filter(|c| c.decision.is_made()) {
        let (kept, behind) = rest.split_at(c.span.start - original.len());
        original += kept;
        original += &c.before;
        rest = behind.strip_prefix(c.after.as_str()).expect("the replacement stands in the cleaned text");
    }
    original + rest
}
