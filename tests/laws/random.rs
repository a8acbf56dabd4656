//! Random files, and random corrections of them.

use proptest::{collection::vec, prelude::*, sample::select};
use scanno::{
    ChangeLog, Correction, Document, Span,
    change::{Alternative, Class, Decided, Decision, Evidence, Finding, FindingClass, Target},
    document::Encoding,
    format::jsonl::{Header, Log},
};
use serde_json::{Value, json};

/// Random cases for each law.
pub(crate) const CASES: u32 = 10_000;

/// What texts are made of: words and marks, every kind of line end and blank,
/// and characters of one to four bytes, some beyond Windows-1252.
pub(crate) const PIECES: [&str; 34] = [
    "a", "the", "BEITUT", "tbe", "com-", "mittee", "1843", "l9th", " ", " ", "  ", "\t", "\n", "\n", "\r\n", "\r",
    "\u{c}", "\u{b}", ".", ",", "-", "¬", "\u{ad}", "£", "é", "“", "\u{85}", "\u{a0}", "ﬁ", "ſ", "e\u{301}", "𝔸",
    "\u{feff}", "\u{2028}",
];

/// A file and what is to be done to it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) original: Vec<u8>,
    pub(crate) document: Document,
    pub(crate) changes: ChangeLog,
    pub(crate) target: Target,
}

impl Case {
    /// The case in which the file `original`, read as `document`, is changed as
    /// `plan` says.
    pub(crate) fn new(original: Vec<u8>, document: Document, plan: &[Plan], target: Target) -> Self {
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

    pub(crate) fn log(&self) -> (Log, Vec<u8>) {
        Log::with_cleaned(&self.document, &self.changes, header(), self.target).unwrap()
    }

    pub(crate) fn cleaned_encoding(&self) -> Encoding {
        self.target.encoding(self.document.encoding())
    }
}

/// One correction, with its place counted from the end of the one before.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Code points between the two.
    pub(crate) gap: usize,
    /// Code points it covers.
    pub(crate) length: usize,
    pub(crate) after: String,
    pub(crate) decision: Decision,
    pub(crate) class: Class,
    /// Ten-thousandths.
    pub(crate) confidence: u32,
    /// Is a finding instead.
    pub(crate) is_finding: bool,
}

pub(crate) fn header() -> Header {
    Header { path: "a file.txt".into(), data: "none".into(), config: json!({"level": "balanced"}) }
}

pub(crate) fn decided() -> Decided {
    Decided { by: "A Reader".into(), at: "2026-11-22T13:05:00Z".into() }
}

pub(crate) fn text() -> impl Strategy<Value = String> {
    vec(select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat())
}

pub(crate) fn plan() -> impl Strategy<Value = Vec<Plan>> {
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
pub(crate) fn changes(document: &Document, plan: &[Plan]) -> ChangeLog {
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
            findings.push(Finding { span, text: before, class: FindingClass::NotEnglish, reason });
            continue;
        }
        let by_person = matches!(p.decision, Decision::Accepted | Decision::Rejected);
        corrections.push(Correction {
            span,
            evidence: vec![Evidence {
                observed: before.as_str().into(),
                intended: p.after.as_str().into(),
                cost: 4.125,
            }],
            before: before.into(),
            after: p.after.as_str().into(),
            class: p.class,
            rule: "random".into(),
            confidence: f64::from(p.confidence) / 10_000.0,
            decision: p.decision,
            decided: by_person.then(|| Box::new(decided())),
            alternatives: vec![Alternative { text: "x\"\n".into(), confidence: 0.25 }],
        });
    }
    ChangeLog::new(corrections, findings, None)
}

/// Random text in a random encoding.
pub(crate) fn case() -> impl Strategy<Value = Case> {
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
pub(crate) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![12 => 0x20u8..0x7f, 2 => select(&b"\r\n\t\x0c"[..]), 3 => 0x80u8.., 1 => any::<u8>()];
    (select(vec![&b""[..], b"", b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"]), vec(byte, 0..60))
        .prop_map(|(mark, bytes)| [mark, &bytes].concat())
}

/// Applies `edit` to the fields of the change number `index` (modulo how many
/// there are) of a log's file.
pub(crate) fn edited(log: &Log, index: usize, edit: impl Fn(&mut Value)) -> Option<Vec<u8>> {
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

pub(crate) fn config() -> ProptestConfig {
    ProptestConfig { cases: CASES, ..ProptestConfig::default() }
}
