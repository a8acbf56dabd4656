//! What others have written: logs and memories that someone has edited, or
//! made up. Nothing in them breaks the program or laws 7 and 8.

use std::sync::LazyLock;

use proptest::{collection::vec, prelude::*, sample::select};
use scanno::{
    ChangeLog, Config, Corrector, Document,
    change::{Class, Decided, Decision, Maker, Target},
    document::is_line_end,
    format::jsonl::Log,
    learn::Lessons,
    memory::{self, Neighbors, Remembered, Ruled},
    model::Models,
    report,
    review::{Action, Scope, Session, Verdict},
};
use serde_json::{Value, json};

use crate::random::{case, config, decided, header};

/// Replacements, lawful and not.
const AFTERS: [&str; 22] = [
    "the",
    "",
    " ",
    "\u{200b}",
    "the\n",
    "\nthe",
    "the\r\n",
    "the\u{2028}",
    "the\u{c}",
    "committee\n",
    "committee\r\n",
    "th\0e",
    "\u{1b}[31mthe",
    "\u{9b}31mthe",
    "the\u{7}",
    "\t",
    "a b c",
    "…",
    "é",
    "tbe",
    "com-\nmittee",
    "committee",
];

/// What stands in texts.
const BEFORES: [&str; 14] = [
    "tbe",
    "com-\nmittee",
    "com-\r\nmittee ",
    "com mittee",
    "com-\u{c}mittee",
    "|",
    "* *",
    "^^^",
    "4",
    "A",
    "th\u{1}e",
    "BEITUT",
    "the",
    "\u{2028}x",
];

fn after() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => select(&AFTERS[..]).prop_map(str::to_owned),
        1 => vec(select(&AFTERS[..]), 0..3).prop_map(|parts| parts.concat()),
        1 => any::<String>(),
    ]
}

/// True of what nobody sees on a page.
fn is_unseen(c: char) -> bool {
    let is_format = "\u{ad}\u{61c}\u{180e}\u{feff}".contains(c)
        || ["\u{200b}\u{200f}", "\u{202a}\u{202e}", "\u{2060}\u{206f}"]
            .iter()
            .any(|range| range.chars().next() <= Some(c) && Some(c) <= range.chars().last());
    c.is_whitespace() || c.is_control() || is_format
}

/// Laws 7 and 8, as `docs/change-log.md` states them, and that nothing comes in that is not to be read.
fn is_lawful(before: &str, after: &str) -> bool {
    let ends = |text: &str| text.chars().filter(|&c| is_line_end(c)).collect::<String>();
    let is_control = |c: &char| c.is_control() && !is_line_end(*c);
    let is_new = |c: char| after.matches(c).count() > before.matches(c).count();
    let symbols: Vec<char> = before.chars().filter(|&c| !is_unseen(c)).collect();
    let is_speck = symbols.len() <= 2 && !symbols.iter().any(|c| c.is_alphanumeric());
    ends(before) == ends(after)
        && !after.chars().filter(is_control).any(is_new)
        && (!after.chars().all(is_unseen) || is_speck)
}

/// `changes` of `document`, whatever is decided, keep laws 7 and 8.
fn keep_the_laws(document: &Document, changes: &ChangeLog) -> Result<(), TestCaseError> {
    let mut all = changes.clone();
    for (index, c) in changes.corrections().iter().enumerate() {
        prop_assert!(is_lawful(&c.before, &c.after), "{:?}", c);
        all.decide(index, true, decided());
    }
    let ends = |text: &str| text.chars().filter(|&c| is_line_end(c)).collect::<String>();
    prop_assert_eq!(ends(document.text()), ends(&all.apply(document.text())));
    Ok(())
}

/// A number that a log may state, or a program stumble over.
fn number() -> impl Strategy<Value = Value> {
    let large = [0, 1, 1 << 31, 1 << 40, (1 << 53) + 1, i64::MAX as u64, u64::MAX - 1, u64::MAX];
    prop_oneof![
        4 => select(large.map(|n| json!(n)).to_vec()),
        2 => any::<u64>().prop_map(|n| json!(n)),
        1 => any::<i64>().prop_map(|n| json!(n)),
        1 => (-2.0..2.0f64).prop_map(|n| json!(n)),
        1 => select(vec![json!(1e308), json!(-1e308), json!(null), json!("7"), json!([]), json!({})]),
    ]
}

/// Something else in the place of a value of a log.
fn mutation() -> impl Strategy<Value = (prop::sample::Index, Value, String)> {
    (any::<prop::sample::Index>(), number(), after())
}

/// Every number and string in `value`.
fn leaves<'v>(value: &'v mut Value, into: &mut Vec<&'v mut Value>) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| leaves(value, into)),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, value)| leaves(value, into)),
        Value::Number(_) | Value::String(_) => into.push(value),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The file of `lines`, in which `mutations` are made.
fn mutated(lines: &[u8], mutations: &[(prop::sample::Index, Value, String)]) -> Vec<u8> {
    let mut records: Vec<Value> =
        lines.split(|&b| b == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    for (index, number, text) in mutations {
        let mut all = Vec::new();
        records.iter_mut().for_each(|record| leaves(record, &mut all));
        let leaf = index.get_mut(&mut all);
        **leaf = if leaf.is_number() { number.clone() } else { json!(text) };
    }
    records.iter().flat_map(|record| format!("{record}\n").into_bytes()).collect()
}

/// A good page as an engine has read it.
const PAGE: &str = "The com-\nmittee met on Monday and beard tbe report of the engineer of tbe new railway.\n\
                    He opened tbe door of the honse, and ofthe other | which BEITUT saw.\n";

static PAGE_LOG: LazyLock<Log> = LazyLock::new(|| {
    let document = Document::from_text(PAGE);
    let mut changes = Corrector::new(Config::default()).correct(&document);
    changes.decide(0, true, decided());
    changes.replace(1, "heard", decided());
    changes.decide(2, false, decided());
    Log::new(&document, &changes, header(), Target::AsRead).unwrap()
});

fn remembered() -> impl Strategy<Value = Remembered> {
    let sides = select(vec![("", ""), ("the", "of"), ("heard", "report"), ("opened", "door")]);
    let context =
        prop::option::of(sides.prop_map(|(left, right)| Neighbors { left: left.into(), right: right.into() }));
    let decision = select(vec![Decision::Accepted, Decision::Accepted, Decision::Rejected]);
    (select(&BEFORES[..]), after(), select(&Class::ALL[..]), decision, context, 0..60u32).prop_map(
        |(before, after, class, decision, context, second)| {
            let decided = Decided { by: "ann".into(), at: format!("2026-11-22T13:05:{second:02}Z") };
            Remembered::Change(Ruled { before: before.into(), after, class, decision, context, decided })
        },
    )
}

fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(&BEFORES[..]),
        select(vec!["He heard", "the report of", "opened", "the door of the house", "\n", "\r\n", "Tbe", "COM MITTEE"]),
    ];
    vec((piece, select(vec![" ", " ", ". ", "\n", "  "])), 0..16)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, gap)| format!("{piece}{gap}")).collect())
}

proptest! {
    #![proptest_config(config())]

    /// Whatever a log holds whose changes may be made, they keep the laws; and
    /// what keeps them is not refused for them.
    #[test]
    fn laws_7_and_8_hold_for_logs_that_are_read(case in case()) {
        let (log, cleaned) = case.log();
        let bytes = log.to_bytes();
        let lawful = log.changes().all(|change| is_lawful(&change.before, &change.after));
        match Log::read(&bytes) {
            Ok(read) => {
                let (document, changes) = read.open(&case.original).unwrap();
                keep_the_laws(&document, &changes)?;
            }
            Err(error) => prop_assert!(!lawful, "{}", error),
        }
        // Nothing is lost: what was made is taken back.
        prop_assert_eq!(Log::read_made(&bytes).unwrap().revert(&cleaned).unwrap(), case.original);
    }

    /// A genuine log in which numbers and texts were changed is used or
    /// refused, and never breaks anything.
    #[test]
    fn a_mutated_log_does_no_harm(mutations in vec(mutation(), 1..4)) {
        let bytes = mutated(&PAGE_LOG.to_bytes(), &mutations);
        let cleaned = PAGE_LOG.apply(PAGE.as_bytes()).unwrap();
        if let Err(error) = Log::read(&bytes) {
            let line = error.to_string();
            prop_assert!(line.len() < 1000, "{}", line);
        }
        for log in [Log::read(&bytes), Log::read_made(&bytes)].into_iter().flatten() {
            if let Ok(original) = log.revert(&cleaned) {
                prop_assert_eq!(&*original, PAGE.as_bytes());
            }
            for text in [PAGE.as_bytes(), &cleaned] {
                if let Some(original) = log.recover(text) {
                    prop_assert_eq!(&*original, PAGE.as_bytes());
                }
            }
            let _ = log.without(Maker::Person, &decided()).apply(PAGE.as_bytes());
            let _ = log.apply_updated(PAGE.as_bytes());
            if let Ok((document, changes)) = log.open(PAGE.as_bytes()) {
                report::explain::write(&mut Vec::new(), "page", &document, &changes).unwrap();
                report::inline::write(&mut Vec::new(), &document, changes.corrections(), 80).unwrap();
            }
            let mut audit = report::audit::Audit::new(None);
            audit.add(&log);
            audit.add(&log);
            audit.write(&mut Vec::new(), true).unwrap();
            audit.write_json(&mut Vec::new(), true).unwrap();
        }
        if let Ok(log) = Log::read(&bytes)
            && let Ok((document, changes)) = log.open(PAGE.as_bytes())
        {
            keep_the_laws(&document, &changes)?;
            let session = Session::new(document, changes, Target::AsRead);
            prop_assert!((0..session.changes().len()).all(|i| is_lawful(&session.changes()[i].before, session.after(i))));
        }
    }

    /// Whatever a memory holds, the laws are kept with it; and what its file
    /// is refused for counts for nothing.
    #[test]
    fn laws_7_and_8_hold_with_any_memory(text in page(), lines in vec(remembered(), 0..6)) {
        let document = Document::from_text(text);
        let unlawful = |line: &&Remembered| {
            matches!(line, Remembered::Change(ruled) if !is_lawful(&ruled.before, &ruled.after))
        };
        let read = memory::read(memory::to_lines(&lines).as_bytes());
        prop_assert_eq!(read.is_err(), lines.iter().any(|line| unlawful(&line)), "{:?}", read);
        let corrected = |lines: &[Remembered]| {
            let config = Config { memory: lines.to_vec(), ..Config::default() };
            Corrector::with_models(MODELS.clone(), config).correct(&document)
        };
        let changes = corrected(&lines);
        keep_the_laws(&document, &changes)?;
        let heeded: Vec<Remembered> = lines.iter().filter(|line| !unlawful(line)).cloned().collect();
        prop_assert_eq!(&changes, &corrected(&heeded));
        // What is remembered of it can be read again.
        let more = memory::of_changes(document.text(), &changes, &memory::Memory::default(), &decided());
        prop_assert!(memory::read(memory::to_lines(&more).as_bytes()).is_ok());
    }

    /// Nor does a person's own text in a review break them.
    #[test]
    fn laws_7_and_8_hold_for_own_texts(texts in vec((any::<prop::sample::Index>(), after()), 0..5)) {
        let (document, changes) = PAGE_LOG.open(PAGE.as_bytes()).unwrap();
        let mut session = Session::new(document, changes, Target::AsRead);
        for (index, text) in texts {
            let index = index.index(session.changes().len());
            let lawful = is_lawful(&session.changes()[index].before, &text) || session.changes()[index].before == text;
            let action = Action::Decide { mark: session.mark(index), verdict: Verdict::Text(text), scope: Scope::File };
            prop_assert_eq!(session.act(&action, &decided()).is_ok(), lawful);
        }
        keep_the_laws(session.document(), &session.decided())?;
    }
}

static MODELS: LazyLock<Models> = LazyLock::new(Models::embedded);

/// The random logs are not all refused, nor all taken: else the laws would
/// hold for nothing.
#[test]
fn numbers_of_a_mutated_log_are_looked_at() {
    let lines = String::from_utf8(PAGE_LOG.to_bytes()).unwrap();
    let with = |from: &str, to: &str| {
        assert!(lines.contains(from), "{from}: {lines}");
        lines.replacen(from, to, 1)
    };
    let bytes = format!("\"bytes\":{}", PAGE.len());
    for huge in [i64::MAX.to_string(), u64::MAX.to_string(), (1_u64 << 45).to_string()] {
        let log = Log::read(with(&bytes, &format!("\"bytes\":{huge}")).as_bytes()).unwrap();
        let cleaned = log.apply(PAGE.as_bytes()).unwrap();
        assert_eq!(PAGE_LOG.apply(PAGE.as_bytes()).unwrap(), cleaned);
        assert_eq!(log.revert(&cleaned).unwrap(), PAGE.as_bytes());
        assert_eq!(log.recover(&cleaned).unwrap(), PAGE.as_bytes());
        let mut lessons = Lessons::new();
        assert!(lessons.add_log(&log) > 0);
        let learned = lessons.learn(&MODELS);
        assert!(learned.letters.iter().all(|&(right, printed)| right <= printed && printed < u32::MAX));
    }
    let wrong = with("\"line\":1,", &format!("\"line\":{},", u64::MAX));
    let error = Log::read(wrong.as_bytes()).unwrap().apply(PAGE.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("that is line 1, column"), "{error}");
    assert!(Log::read(with("\"before\":0.", "\"before\":7.").as_bytes()).is_err(), "no share");
}
