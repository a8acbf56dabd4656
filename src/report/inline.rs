//! Changes within their lines, for terminals.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};

use super::visible;
use crate::{ChangeLog, Correction, Document, change::Decision};

/// Code points of unchanged text shown on each side of a change: two changes
/// fit on a wide terminal, and a line of 100 MB does no harm.
const CONTEXT_CHARS: usize = 60;

const PLACE: Style = AnsiColor::Cyan.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const SUGGESTED: Style = AnsiColor::Yellow.on_default();

/// Writes each line that has changes or suggestions once, with what is replaced
/// and what takes its place in the notation of `git diff --word-diff`;
/// suggestions have question marks in place of plus signs, and what a person
/// rejected is not shown:
///
/// ```text
/// letter.txt:3: [-BEITUT-]{+BEIRUT+} — After [-tho-]{?the?} siege
/// ```
///
/// Control characters are [made harmless](visible). Styles are always written:
/// give a stream that strips them where they are not wanted (such as
/// anstream's).
///
/// # Errors
/// What `out` reports.
pub fn write(mut out: impl Write, path: &str, document: &Document, log: &ChangeLog) -> io::Result<()> {
    let text = document.text();
    let positions = document.positions();
    let path = visible(path);
    let mut shown = log.corrections().iter().filter(|c| c.decision != Decision::Rejected).peekable();
    while let Some(first) = shown.next() {
        let line = positions.at(first.span.start).line;
        write!(out, "{PLACE}{path}:{line}:{PLACE:#} ")?;
        let start = text[..first.span.start].rfind('\n').map_or(0, |feed| feed + 1);
        out.write_all(tail(&text[start..first.span.start]).as_bytes())?;
        let mut last = first;
        write_change(&mut out, first)?;
        // A change that reaches over a line end takes the next line with it.
        while let Some(next) = shown.next_if(|next| !text[last.span.end..next.span.start].contains('\n')) {
            out.write_all(middle(&text[last.span.end..next.span.start]).as_bytes())?;
            write_change(&mut out, next)?;
            last = next;
        }
        let rest = &text[last.span.end..];
        let rest = &rest[..rest.find('\n').unwrap_or(rest.len())];
        out.write_all(head(rest.strip_suffix('\r').unwrap_or(rest)).as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn write_change(out: &mut impl Write, c: &Correction) -> io::Result<()> {
    let (before, after) = (visible(&c.before), visible(&c.after));
    write!(out, "{REMOVED}[-{before}-]{REMOVED:#}")?;
    if c.decision.is_made() {
        write!(out, "{ADDED}{{+{after}+}}{ADDED:#}")
    } else {
        write!(out, "{SUGGESTED}{{?{after}?}}{SUGGESTED:#}")
    }
}

/// The last code points of `text`.
fn tail(text: &str) -> Cow<'_, str> {
    match text.char_indices().rev().nth(CONTEXT_CHARS) {
        Some((at, c)) => format!("…{}", visible(&text[at + c.len_utf8()..])).into(),
        None => visible(text),
    }
}

/// The first code points of `text`.
fn head(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(CONTEXT_CHARS) {
        Some((at, _)) => format!("{}…", visible(&text[..at])).into(),
        None => visible(text),
    }
}

/// Both ends of `text`, or all of it.
fn middle(text: &str) -> Cow<'_, str> {
    if text.chars().nth(2 * CONTEXT_CHARS).is_some() {
        format!("{}{}", head(text), tail(text)).into()
    } else {
        visible(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Span, change::Class};

    fn shown(text: &str, changes: &[(&str, &str, Decision)]) -> String {
        let mut from = 0;
        let corrections = changes
            .iter()
            .map(|&(before, after, decision)| {
                let start = from + text[from..].find(before).unwrap();
                from = start + before.len();
                Correction {
                    span: Span::new(start, from),
                    before: before.into(),
                    after: after.into(),
                    class: Class::Substitution,
                    rule: String::new(),
                    confidence: 1.0,
                    decision,
                    decided: None,
                    alternatives: Vec::new(),
                    evidence: Vec::new(),
                }
            })
            .collect();
        let mut out = Vec::new();
        write(&mut out, "f", &Document::from_text(text), &ChangeLog::new(corrections, Vec::new(), None)).unwrap();
        let text = String::from_utf8(out).unwrap();
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn a_line_is_shown_once_with_all_its_changes() {
        use Decision::*;
        assert_eq!(
            shown(
                "one\r\ntbe \x1b[2Jcat\tarid dog\r\nx bis\n",
                &[("tbe", "the", Applied), ("arid", "and", Suggested), ("bis", "his", Rejected)]
            ),
            "f:2: [-tbe-]{+the+} ␛[2Jcat\t[-arid-]{?and?} dog\n"
        );
        assert_eq!(
            shown("a com-\nmittee of\nmen", &[("com-\nmittee", "committee\n", Accepted)]),
            "f:1: a [-com-⏎mittee-]{+committee⏎+} of\n"
        );
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let text = format!("{}tbe{}", "a".repeat(1000), "b".repeat(1000));
        let line = shown(&text, &[("tbe", "the", Decision::Applied)]);
        assert_eq!(line.chars().filter(|&c| c == '…').count(), 2);
        assert!(line.chars().count() < 150, "{line}");
    }
}
