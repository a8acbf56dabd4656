//! The laws of the change log (see `docs/change-log.md`), each a property that
//! is tried on random texts in every encoding.
//!
//! Laws 1 to 5 hold for whatever corrections there are, so they are tried on
//! random ones. Laws 6 to 8 are promises of the corrector, and are tried on
//! what it makes of random damaged sentences.

use std::{
    path::Path,
    process::{Command, Stdio},
    sync::LazyLock,
};

use proptest::{collection::vec, prelude::*, sample::select};
use scanno::{
    ChangeLog, Config, Correction, Corrector, Document, Level, Span,
    change::{Alternative, Class, Decided, Decision, Evidence, Finding, FindingClass, Target},
    document::{Encoding, TokenKind, tokens},
    format::jsonl::{Header, Log, ReplayError},
    report,
};
use serde_json::{Value, json};

/// Random cases for each law.
const CASES: u32 = 10_000;

/// What texts are made of: words and marks, every kind of line end and blank,
/// and characters of one to four bytes, some beyond Windows-1252.
const PIECES: [&str; 34] = [
    "a", "the", "BEITUT", "tbe", "com-", "mittee", "1843", "l9th", " ", " ", "  ", "\t", "\n", "\n", "\r\n", "\r",
    "\u{c}", "\u{b}", ".", ",", "-", "¬", "\u{ad}", "£", "é", "“", "\u{85}", "\u{a0}", "ﬁ", "ſ", "e\u{301}", "𝔸",
    "\u{feff}", "\u{2028}",
];

/// A file and what is to be done to it.
#[derive(Clone, Debug)]
struct Case {
    original: Vec<u8>,
    document: Document,
    changes: ChangeLog,
    target: Target,
}

impl Case {
    /// The case in which the file `original`, read as `document`, is changed as
    /// `plan` says.
    fn new(original: Vec<u8>, document: Document, plan: &[Plan], target: Target) -> Self {
        let mut changes = changes(&document, plan);
        if target == Target::AsRead {
            changes.hold_back_unencodable(&document);
            // What a person accepts is not held back: it is an error, later.
            let unencodable = |c: &Correction| document.encode(&c.after).is_none();
            for index in 0..changes.corrections().len() {
                if unencodable(&changes.corrections()[index]) {
                    changes.decide(index, false, decided());
                }
            }
        }
        Self { original, document, changes, target }
    }

    fn log(&self) -> (Log, Vec<u8>) {
        Log::with_cleaned(&self.document, &self.changes, header(), self.target).unwrap()
    }

    fn cleaned_encoding(&self) -> Encoding {
        self.target.encoding(self.document.encoding())
    }
}

/// One correction, with its place counted from the end of the one before.
#[derive(Clone, Debug)]
struct Plan {
    /// Code points between the two.
    gap: usize,
    /// Code points it covers.
    length: usize,
    after: String,
    decision: Decision,
    class: Class,
    /// Ten-thousandths.
    confidence: u32,
    /// Is a finding instead.
    is_finding: bool,
}

fn header() -> Header {
    Header { path: "a file.txt".into(), data: "none".into(), config: json!({"level": "balanced"}) }
}

fn decided() -> Decided {
    Decided { by: "A Reader".into(), at: "2026-11-22T13:05:00Z".into() }
}

fn text() -> impl Strategy<Value = String> {
    vec(select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat())
}

fn plan() -> impl Strategy<Value = Vec<Plan>> {
    let decision =
        select(vec![Decision::Applied, Decision::Applied, Decision::Suggested, Decision::Accepted, Decision::Rejected]);
    let one = (
        (0usize..8, 1usize..7),
        vec(select(&PIECES[..]), 0..4),
        decision,
        select(&Class::ALL[..]),
        0u32..=10_000,
        prop::bool::weighted(0.1),
    );
    let one = one.prop_map(|((gap, length), after, decision, class, confidence, is_finding)| Plan {
        gap,
        length,
        after: after.concat(),
        decision,
        class,
        confidence,
        is_finding,
    });
    vec(one, 0..12)
}

/// The corrections and findings that `plan` makes in `document`.
fn changes(document: &Document, plan: &[Plan]) -> ChangeLog {
    let text = document.text();
    let mut boundaries = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let (mut corrections, mut findings) = (Vec::new(), Vec::new());
    let mut end = boundaries.next();
    for p in plan {
        let start = if p.gap == 0 { end } else { boundaries.nth(p.gap - 1) };
        end = boundaries.nth(p.length - 1);
        let (Some(start), Some(end)) = (start, end) else { break };
        let span = Span::new(start, end);
        let before = document.slice(span).to_owned();
        if p.is_finding {
            let reason = "nothing is likely".to_owned();
            findings.push(Finding { span, text: before, class: FindingClass::Unreadable, reason });
            continue;
        }
        let by_person = matches!(p.decision, Decision::Accepted | Decision::Rejected);
        corrections.push(Correction {
            span,
            evidence: vec![Evidence { observed: before.clone(), intended: p.after.clone(), cost: 4.125 }],
            before,
            after: p.after.clone(),
            class: p.class,
            rule: "random".into(),
            confidence: f64::from(p.confidence) / 10_000.0,
            decision: p.decision,
            decided: by_person.then(decided),
            alternatives: vec![Alternative { text: "x\"\n".into(), confidence: 0.25 }],
        });
    }
    ChangeLog::new(corrections, findings, None)
}

/// Random text in a random encoding.
fn case() -> impl Strategy<Value = Case> {
    let encoding = select(vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252]);
    (text(), encoding, any::<bool>(), plan(), select(vec![Target::AsRead, Target::AsRead, Target::Utf8])).prop_map(
        |(text, encoding, mark, plan, target)| {
            let text: String = text.chars().filter(|c| encoding.encode(c.encode_utf8(&mut [0; 4])).is_some()).collect();
            let mut original = if mark { encoding.byte_order_mark().to_vec() } else { Vec::new() };
            original.extend_from_slice(&encoding.encode(&text).unwrap());
            let document = Document::from_bytes_as(&original, encoding).unwrap();
            Case::new(original, document, &plan, target)
        },
    )
}

/// Random bytes, most of which can be read as text somehow.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![12 => 0x20u8..0x7f, 2 => select(&b"\r\n\t\x0c"[..]), 3 => 0x80u8.., 1 => any::<u8>()];
    (select(vec![&b""[..], b"", b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"]), vec(byte, 0..60))
        .prop_map(|(mark, bytes)| [mark, &bytes].concat())
}

/// Applies `edit` to the fields of the change number `index` (modulo how many
/// there are) of a log's file.
fn edited(log: &Log, index: usize, edit: impl Fn(&mut Value)) -> Option<Vec<u8>> {
    let mut lines: Vec<Value> =
        log.to_bytes().split(|&b| b == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let mut changes: Vec<_> = lines.iter_mut().filter(|line| line["type"] == "change").collect();
    if changes.is_empty() {
        return None;
    }
    let index = index % changes.len();
    edit(changes[index]);
    Some(lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect())
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: CASES, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// Without an accepted change, the output is the input, byte for byte.
    #[test]
    fn law_1_what_nobody_accepted_is_not_changed(case in case()) {
        let mut changes = case.changes.clone();
        for index in 0..changes.corrections().len() {
            changes.decide(index, false, decided());
        }
        prop_assert_eq!(changes.clean(&case.document, Target::AsRead).unwrap(), &*case.original);
        let log = Log::new(&case.document, &changes, header(), Target::AsRead).unwrap();
        prop_assert_eq!(log.apply(&case.original).unwrap(), &*case.original);
        prop_assert_eq!(log.revert(&case.original).unwrap(), &*case.original);
    }

    /// The same for any bytes that are taken for text at all.
    #[test]
    fn law_1_whatever_is_read_is_written_back(bytes in bytes()) {
        if let Ok(document) = Document::from_bytes(&bytes) {
            prop_assert_eq!(&*document.to_bytes(), &*bytes);
            prop_assert_eq!(ChangeLog::default().clean(&document, Target::AsRead).unwrap(), bytes);
        }
    }

    /// Places are sorted, disjoint and not empty; the file's bytes there are
    /// `before` in the file's encoding, and so are the text's code points.
    #[test]
    fn law_2_places_are_exact_in_every_unit(case in case()) {
        let (log, _) = case.log();
        let characters: Vec<char> = case.document.text().chars().collect();
        let mut end = 0;
        for change in log.changes() {
            let place = change.place;
            prop_assert!(end <= place.byte_start && place.byte_start < place.byte_end);
            end = place.byte_end;
            let encoded = case.document.encode(&change.before).unwrap();
            prop_assert_eq!(&case.original[place.byte_start..place.byte_end], &*encoded);
            let before: String = characters[place.char_start..place.char_end].iter().collect();
            prop_assert_eq!(&before, &change.before);
            let above: Vec<_> = characters[..place.char_start].split(|&c| c == '\n').collect();
            prop_assert_eq!((place.line, place.column), (above.len(), above[above.len() - 1].len() + 1));
        }
    }

    /// What the encoding cannot hold is suggested and not applied.
    #[test]
    fn law_2_what_the_file_cannot_hold_is_suggested(text in text(), plan in plan()) {
        let original = Encoding::Windows1252.encode(&text).map_or_else(|| b"caf\xe9 tbe".to_vec(), |b| b.to_vec());
        let document = Document::from_bytes_as(&original, Encoding::Windows1252).unwrap();
        let plan: Vec<_> = plan.into_iter().map(|p| Plan { decision: Decision::Applied, ..p }).collect();
        let mut changes = changes(&document, &plan);
        changes.hold_back_unencodable(&document);
        for c in changes.corrections() {
            prop_assert_eq!(c.decision == Decision::Applied, document.encode(&c.after).is_some());
        }
        let cleaned = changes.clean(&document, Target::AsRead).unwrap();
        let cleaned = Document::from_bytes_as(&cleaned, Encoding::Windows1252).unwrap();
        prop_assert_eq!(cleaned.text(), changes.apply(document.text()));
    }

    /// A log is only used on the file it was made for.
    #[test]
    fn law_3_a_stale_log_is_refused(case in case(), at in any::<prop::sample::Index>(), byte in any::<u8>(), how in 0..3) {
        let damaged = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let at = at.index(bytes.len() + 1);
            match how {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ if at < bytes.len() => bytes[at] ^= byte | 1,
                _ => bytes.push(byte),
            }
            bytes
        };
        let (log, cleaned) = case.log();
        let other = damaged(&case.original);
        let expected = if other == cleaned { "already" } else { "stale" };
        prop_assert!(log.apply(&other).unwrap_err().to_string().contains(expected));
        let other = damaged(&cleaned);
        let expected = if other == case.original { "already" } else { "stale" };
        prop_assert!(log.revert(&other).unwrap_err().to_string().contains(expected));
        if cleaned != case.original {
            prop_assert_eq!(log.apply(&cleaned), Err(ReplayError::AlreadyCleaned));
            prop_assert_eq!(log.revert(&case.original), Err(ReplayError::AlreadyOriginal));
        }
    }

    /// Nor is one whose places or texts do not fit.
    #[test]
    fn law_3_a_log_that_does_not_fit_is_refused(case in case(), index in 0usize..20, field in 0..6) {
        let (log, cleaned) = case.log();
        let shift = |value: &mut Value, name: &str| value[name] = json!(value[name].as_u64().unwrap() + 1);
        let wrong = edited(&log, index, |change| match field {
            0 => shift(change, "byte_start"),
            1 => shift(change, "byte_end"),
            2 => shift(change, "char_start"),
            3 => shift(change, "char_end"),
            4 => change["before"] = json!(format!("{}x", change["before"].as_str().unwrap())),
            _ => change["before"] = json!(""),
        });
        if let Some(Ok(wrong)) = wrong.map(|wrong| Log::read(&wrong)) {
            prop_assert!(wrong.apply(&case.original).is_err());
            // Backwards, what the edit does not touch may still be proved right.
            if let Ok(original) = wrong.revert(&cleaned) {
                prop_assert_eq!(original, case.original);
            }
        }
    }

    /// Nor is one that was cut off.
    #[test]
    fn law_3_a_truncated_log_is_refused(case in case(), at in any::<prop::sample::Index>()) {
        let bytes = case.log().0.to_bytes();
        let whole = bytes.len() - 1;
        prop_assert!(Log::read(&bytes[..whole]).is_ok(), "a last line feed is not missed");
        prop_assert!(Log::read(&bytes[..at.index(whole)]).is_err());
    }

    /// Original and log make the cleaned file, the cleaned file and the same log
    /// the original; and the log's own file loses nothing.
    #[test]
    fn law_4_there_and_back_again(case in case()) {
        let (log, cleaned) = case.log();
        let read = Log::read(&log.to_bytes()).unwrap();
        prop_assert_eq!(&read, &log);
        prop_assert_eq!(&read.to_bytes(), &log.to_bytes());
        prop_assert_eq!(&read.apply(&case.original).unwrap(), &cleaned);
        prop_assert_eq!(&read.revert(&cleaned).unwrap(), &case.original);
        let (document, changes) = read.open(&case.original).unwrap();
        prop_assert_eq!((document.text(), &changes), (case.document.text(), &case.changes));
        let cleaned = Document::from_bytes_as(&cleaned, case.cleaned_encoding()).unwrap();
        // A text may itself begin with the character that is the byte order mark.
        let expected = changes.apply(document.text());
        let without_mark = expected.strip_prefix('\u{feff}').unwrap_or(&expected);
        prop_assert!([&expected, without_mark].contains(&cleaned.text()));
    }

    /// The same for any bytes that are taken for text at all.
    #[test]
    fn law_4_holds_for_random_bytes(bytes in bytes(), plan in plan(), to_utf8 in any::<bool>()) {
        if let Ok(document) = Document::from_bytes(&bytes) {
            let target = if to_utf8 { Target::Utf8 } else { Target::AsRead };
            let case = Case::new(bytes, document, &plan, target);
            let (log, cleaned) = case.log();
            prop_assert_eq!(log.apply(&case.original).unwrap(), &*cleaned);
            prop_assert_eq!(log.revert(&cleaned).unwrap(), case.original);
        }
    }

    /// After decisions were edited in the log, the updated log leads back.
    #[test]
    fn law_4_holds_after_a_review(case in case(), index in 0usize..20) {
        let (log, cleaned) = case.log();
        let flipped = edited(&log, index, |change| {
            let is_made = change["decision"] == "applied" || change["decision"] == "accepted";
            change["decision"] = json!(if is_made { "rejected" } else { "accepted" });
            change["decided"] = json!({"by": "A Reader", "at": "2026-11-22T13:05:00Z"});
        });
        let Some(flipped) = flipped else { return Ok(()) };
        let flipped = Log::read(&flipped).unwrap();
        match flipped.apply_updated(&case.original) {
            Ok((other, updated)) => {
                prop_assert_eq!(&flipped.apply(&case.original).unwrap(), &other);
                prop_assert_eq!(&updated.revert(&other).unwrap(), &case.original);
                prop_assert_eq!(&updated.apply(&case.original).unwrap(), &other);
                if other != cleaned {
                    prop_assert!(flipped.revert(&other).is_err());
                    prop_assert!(flipped.revert(&cleaned).is_err());
                }
            }
            Err(error) => prop_assert!(matches!(error, ReplayError::Unencodable(_)), "{}", error),
        }
    }

    /// Whatever part of the changes is accepted, every other byte stays.
    #[test]
    fn law_5_any_subset_leaves_the_rest_alone(case in case(), chosen in vec(any::<bool>(), 12)) {
        let mut changes = case.changes.clone();
        let mut expected = Vec::new();
        let mut from = 0;
        let (log, _) = case.log();
        for (index, change) in log.changes().enumerate() {
            let after = case.document.encode(&change.after);
            let accept = chosen[index] && after.is_some();
            changes.decide(index, accept, decided());
            if accept {
                expected.extend_from_slice(&case.original[from..change.place.byte_start]);
                expected.extend_from_slice(&after.unwrap());
                from = change.place.byte_end;
            }
        }
        expected.extend_from_slice(&case.original[from..]);
        prop_assert_eq!(changes.clean(&case.document, Target::AsRead).unwrap(), expected);
    }
}

/// Words and marks for damaged sentences.
const WORDS: [&str; 44] = [
    "the",
    "The",
    "tbe",
    "and",
    "aud",
    "house",
    "honse",
    "committee",
    "com-\nmittee",
    "com- mittee",
    "com-\r\nmittee,",
    "ac¬\nknowledged",
    "well-\nknown",
    "BEITUT",
    "A irstrikes",
    "LOCOMO TIVE",
    "ofthe",
    "Statecontrolled",
    "l9th",
    "1843",
    "6d",
    "4½",
    "wa3",
    "tHE",
    "ﬁre",
    "ſaid",
    "U.S-led",
    "N.S.W",
    "modem",
    "his",
    "bis",
    "|",
    "*",
    "^~",
    "•",
    "nrrFF[iriN]",
    "don't",
    "“quoted”",
    "\n",
    "\n\n",
    "\u{c}",
    "com\u{ad}mittee",
    "http://example.org",
    "_",
];

/// A few sentences as a recognition engine may leave them.
fn damaged() -> impl Strategy<Value = String> {
    let mark = select(vec![" ", " ", " ", " ", ". ", ", ", "\n", "\r\n", " \n"]);
    vec((select(&WORDS[..]), mark), 0..30)
        .prop_map(|words| words.into_iter().map(|(word, mark)| format!("{word}{mark}")).collect())
}

/// The corrector that tries the most: it is eager, and takes what it only
/// suggests for made.
static CORRECTOR: LazyLock<Corrector> =
    LazyLock::new(|| Corrector::new(Config { level: Level::Eager, min_confidence: Some(0.2), ..Config::default() }));

/// Line ends of every kind in a text.
fn line_breaks(text: &str) -> Vec<&str> {
    tokens(text).filter(|t| t.kind == TokenKind::LineBreak).map(|t| &text[t.span.range()]).collect()
}

proptest! {
    #![proptest_config(config())]

    /// The same input gives the same output and the same log on any thread.
    #[test]
    fn law_6_the_same_again_on_any_thread(text in damaged()) {
        let document = Document::from_text(text);
        let log = |corrector: &Corrector| {
            Log::with_cleaned(&document, &corrector.correct(&document), header(), Target::AsRead).unwrap()
        };
        let (first, first_text) = log(&CORRECTOR);
        let (second, second_text) = rayon::join(|| log(&CORRECTOR), || log(&CORRECTOR)).1;
        prop_assert_eq!(first.to_bytes(), second.to_bytes());
        prop_assert_eq!(&first_text, &second_text);
        // And the corrector's logs obey law 4 as any.
        prop_assert_eq!(&*first.revert(&first_text).unwrap(), document.text().as_bytes());
        prop_assert_eq!(first.apply(document.text().as_bytes()).unwrap(), first_text);
    }

    /// No line is won or lost.
    #[test]
    fn law_7_lines_stay_lines(text in damaged()) {
        let document = Document::from_text(text);
        let mut changes = CORRECTOR.correct(&document);
        for index in 0..changes.corrections().len() {
            changes.decide(index, true, decided());
        }
        let cleaned = changes.apply(document.text());
        prop_assert_eq!(line_breaks(document.text()), line_breaks(&cleaned), "{:?}", cleaned);
    }

    /// Nothing is deleted but specks.
    #[test]
    fn law_8_only_specks_are_deleted(text in damaged()) {
        let document = Document::from_text(text);
        for c in CORRECTOR.correct(&document).corrections() {
            prop_assert_eq!(document.slice(c.span), &c.before);
            prop_assert!(c.before != c.after, "a change that changes nothing");
            if c.after.trim().is_empty() {
                let symbols = c.before.trim();
                prop_assert_eq!(c.class, Class::Speck);
                prop_assert!(symbols.chars().count() <= 2 && !symbols.contains(char::is_alphanumeric), "{:?}", c);
            }
        }
    }
}

/// True if `tool` can be run.
fn is_installed(tool: &str) -> bool {
    Command::new(tool).arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Applies `diff` to the file `name` that holds `original`, with `tool`.
fn patched(tool: &[&str], folder: &Path, name: &str, original: &[u8], diff: &[u8]) -> Vec<u8> {
    let (file, patch) = (folder.join(name), folder.join("the.diff"));
    std::fs::write(&file, original).unwrap();
    std::fs::write(&patch, diff).unwrap();
    let output = Command::new(tool[0]).args(&tool[1..]).arg(&patch).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}\n{}", tool.join(" "), String::from_utf8_lossy(&output.stderr));
    // Both tools delete a file that becomes empty.
    std::fs::read(&file).unwrap_or_default()
}

/// The unified diff makes the cleaned file, to the byte, in the hands of the
/// programs that users have.
#[test]
fn the_diff_is_taken_by_patch_and_git() {
    let tools: [&[&str]; 2] = [&["patch", "-p1", "--quiet", "-i"], &["git", "apply", "--whitespace=nowarn"]];
    for tool in tools {
        if !is_installed(tool[0]) {
            println!("skipped: {} is not installed", tool[0]);
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
        let lines = vec((select(&PIECES[..]), select(vec!["\n", "\n", "\r\n", ""])), 0..60);
        let name = select(vec!["plain.txt", "with blanks.txt", "é.txt"]);
        proptest!(config, |(lines in lines, case in case(), plan in plan(), name in name, wide in any::<bool>())| {
            // Either the usual short case, or one of many lines with few changes.
            let case = if wide { case } else {
                let text: String = lines.iter().map(|(piece, end)| format!("{piece}{end}")).collect();
                let document = Document::from_text(text);
                let plan: Vec<_> = plan.into_iter().map(|p| Plan { gap: 5 * p.gap, ..p }).collect();
                Case::new(document.to_bytes().into_owned(), document, &plan, Target::AsRead)
            };
            let edits = case.changes.edits(&case.document, case.target).unwrap();
            let cleaned = case.changes.clean(&case.document, case.target).unwrap();
            let mut diff = Vec::new();
            report::diff::write(&mut diff, name, &case.original, &edits).unwrap();
            prop_assert_eq!(diff.is_empty(), cleaned == case.original);
            if !diff.is_empty() {
                let found = patched(tool, folder.path(), name, &case.original, &diff);
                prop_assert_eq!(found, cleaned, "{}\n{}", tool[0], String::from_utf8_lossy(&diff));
            }
        });
    }
}
