//! Why each change was made, for people.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use super::visible;
use crate::{
    ChangeLog, Correction, Document,
    change::{Evidence, Finding},
    document::Position,
};

/// Other readings below this confidence would be shown with 0.0 %.
const WORTH_TELLING: f64 = 0.0005;

/// Writes a short paragraph for every correction and finding, in the order of
/// the text:
///
/// ```text
/// letter.txt:3:1: BEITUT → BEIRUT
///     substitution, confidence 97.0 %, applied
///     rule confusion: read T for R (4.2 nats)
///     other readings: BERET 1.2 %
/// letter.txt:9:4: la maison qui est sur la rive
///     not-english: French, by its small words: la, qui, est
/// ```
///
/// # Errors
/// What `out` reports.
pub fn write(mut out: impl Write, path: &str, document: &Document, log: &ChangeLog) -> io::Result<()> {
    let positions = document.positions();
    let path = visible(path);
    let mut findings = log.findings().iter().peekable();
    for correction in log.corrections() {
        while let Some(finding) = findings.next_if(|f| f.span.start < correction.span.start) {
            write_finding(&mut out, &path, positions.at(finding.span.start), finding)?;
        }
        write_correction(&mut out, &path, positions.at(correction.span.start), correction)?;
    }
    for finding in findings {
        write_finding(&mut out, &path, positions.at(finding.span.start), finding)?;
    }
    Ok(())
}

fn write_correction(out: &mut impl Write, path: &str, at: Position, c: &Correction) -> io::Result<()> {
    let Position { line, column, .. } = at;
    writeln!(out, "{path}:{line}:{column}: {} → {}", quoted(&c.before), quoted(&c.after))?;
    write!(out, "    {}, confidence {:.1} %, {}", c.class, 100.0 * c.confidence, c.decision.name())?;
    if let Some(decided) = &c.decided {
        write!(out, " by {} ({})", visible(&decided.by), visible(&decided.at))?;
    }
    write!(out, "\n    rule {}", visible(&c.rule))?;
    for (index, evidence) in c.evidence.iter().enumerate() {
        write!(out, "{} {}", if index == 0 { ":" } else { "," }, operation(evidence))?;
    }
    let others = c.alternatives.iter().filter(|a| a.confidence >= WORTH_TELLING);
    if others.clone().next().is_some() {
        out.write_all(b"\n    other readings:")?;
        for (index, alternative) in others.enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(out, "{comma} {} {:.1} %", quoted(&alternative.text), 100.0 * alternative.confidence)?;
        }
    }
    out.write_all(b"\n")
}

fn write_finding(out: &mut impl Write, path: &str, at: Position, f: &Finding) -> io::Result<()> {
    let Position { line, column, .. } = at;
    writeln!(out, "{path}:{line}:{column}: {}", quoted(&f.text))?;
    writeln!(out, "    {}: {}", f.class, visible(&f.reason))
}

/// Why the rule `rule` proposes something, in plain words; nothing for rules
/// that this version does not know.
#[must_use]
pub fn reason(rule: &str) -> Option<&'static str> {
    Some(match rule {
        "confusion" => "a known word, if letters were misread",
        "variant" => "the text spells it so elsewhere",
        "join" => "the pieces make one word",
        "split" => "the blank between the words was lost",
        "compound" => "the compound lost its hyphen",
        "line-end" => "one word, divided at the line end",
        "abbreviation" => "the initials lost a stop",
        "number" => "digits, read as letters",
        "letters" => "the same letters, in ordinary signs and case",
        "pair" => "in a list of known corrections",
        "memory" => "a person has accepted it before",
        _ => return None,
    })
}

/// What the engine did to one character or a few: `read b for h (4.2 nats)`.
#[must_use]
pub fn operation(e: &Evidence) -> String {
    let mut text = misreading(e);
    let _ = write!(text, " ({:.1} nats)", e.cost);
    text
}

/// The same without its cost: `read b for h`.
#[must_use]
pub fn misreading(e: &Evidence) -> String {
    match (&*e.observed, &*e.intended) {
        ("", lost) => format!("lost {}", quoted(lost)),
        (added, "") => format!("added {}", quoted(added)),
        (read, page) => format!("read {} for {}", quoted(read), quoted(page)),
    }
}

/// `text` made harmless, in quotes where its ends would else be invisible.
fn quoted(text: &str) -> String {
    let text_shown = visible(text);
    if text.is_empty() || text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
        format!("“{text_shown}”")
    } else {
        text_shown.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Span,
        change::{Alternative, Class, Decided, Decision, FindingClass},
    };

    #[test]
    fn every_rule_of_the_documentation_has_a_reason() {
        let page = include_str!("../../docs/design.md");
        let rules = page.split("## Rules").nth(1).unwrap().lines().filter_map(|line| line.strip_prefix("| `"));
        let rules: Vec<&str> = rules.filter_map(|line| line.split('`').next()).collect();
        assert!(rules.len() >= 10, "{rules:?}");
        assert!(rules.iter().all(|rule| reason(rule).is_some()), "{rules:?}");
        assert_eq!(reason("other"), None);
    }

    #[test]
    fn place_class_rule_evidence_and_alternatives_are_told() {
        let document = Document::from_text("x\na tbe??");
        let correction = Correction {
            span: Span::new(4, 7),
            before: "tbe".into(),
            after: "the".into(),
            class: Class::Substitution,
            rule: "confusion".into(),
            confidence: 0.984,
            decision: Decision::Rejected,
            decided: Some(Decided { by: "Ann".into(), at: "2026-01-02T03:04:05Z".into() }.into()),
            alternatives: vec![Alternative { text: "tube".into(), confidence: 0.01 }],
            evidence: vec![
                Evidence { observed: "b".into(), intended: "h".into(), cost: 4.25 },
                Evidence { observed: "".into(), intended: " ".into(), cost: 2.0 },
            ],
        };
        let finding = Finding {
            span: Span::new(7, 9),
            text: "??".into(),
            class: FindingClass::NotEnglish,
            reason: "no small words".into(),
        };
        let mut out = Vec::new();
        write(&mut out, "f.txt", &document, &ChangeLog::new(vec![correction], vec![finding], None)).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "f.txt:2:3: tbe → the\n    substitution, confidence 98.4 %, rejected by Ann (2026-01-02T03:04:05Z)\n    \
             rule confusion: read b for h (4.2 nats), lost “ ” (2.0 nats)\n    other readings: tube 1.0 %\n\
             f.txt:2:6: ??\n    not-english: no small words\n"
        );
    }
}
