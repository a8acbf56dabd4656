//! Changes in their context, one a line, for terminals.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{fit, visible};
use crate::{Correction, Document};

const MARGIN: Style = AnsiColor::Cyan.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const SUGGESTED: Style = AnsiColor::Yellow.on_default();

/// Columns that are left for a change and its context however narrow the terminal.
const LEAST_COLUMNS: usize = 30;

/// Bytes on each side of a change in which the ends of its line are looked for:
/// more than any terminal shows, and nothing of a line of 100 MB.
const REACH: usize = 8 << 10;

/// Columns of the margin but for the line number.
const MARGIN_COLUMNS: usize = 24;

/// Writes each of `changes`, in their order, on a line: in the margin the line
/// of the text, the class and the confidence, then what is replaced and what
/// takes its place in the notation of `git diff --word-diff`, in as much
/// context as `columns` hold. Suggestions have question marks in place of plus
/// signs:
///
/// ```text
///   3  substitution   97 %   [-BEITUT-]{+BEIRUT+} — After tho siege
///   3  substitution   42 %   BEITUT — After [-tho-]{?the?} siege
/// ```
///
/// Control characters are [made harmless](visible). Styles are always written:
/// give a stream that strips them where they are not wanted (such as
/// anstream's).
///
/// # Errors
/// What `out` reports.
pub fn write<'c>(
    mut out: impl Write,
    document: &Document,
    changes: impl IntoIterator<Item = &'c Correction>,
    columns: usize,
) -> io::Result<()> {
    let text = document.text();
    let positions = document.positions();
    let digits = positions.at(text.len()).line.to_string().len().max(4);
    let columns = columns.saturating_sub(digits + MARGIN_COLUMNS).max(LEAST_COLUMNS);
    for c in changes {
        let line = positions.at(c.span.start).line;
        let percent = percent(c.confidence);
        write!(out, "{MARGIN}{line:>digits$}  {:<12} {percent:>4} %{MARGIN:#}   ", c.class)?;
        let (before, after) = (visible(&c.before), visible(&c.after));
        // The marks take four columns and four.
        let room = columns.saturating_sub(fit::columns(&before) + fit::columns(&after) + 8);
        let left = fit::end(line_before(text, c), room / 2);
        let right = fit::start(line_after(text, c), room - fit::columns(&left));
        write!(out, "{left}{REMOVED}[-{before}-]{REMOVED:#}")?;
        if c.decision.is_made() {
            write!(out, "{ADDED}{{+{after}+}}{ADDED:#}")?;
        } else {
            write!(out, "{SUGGESTED}{{?{after}?}}{SUGGESTED:#}")?;
        }
        writeln!(out, "{right}")?;
    }
    Ok(())
}

/// A confidence as whole percent, that of no change as of a certain one: only
/// what is certain is 100.
#[must_use]
pub fn percent(confidence: f64) -> u32 {
    let percent = (100.0 * confidence).round() as u32;
    if confidence < 1.0 { percent.min(99) } else { percent }
}

fn line_before<'t>(text: &'t str, c: &Correction) -> &'t str {
    let mut start = c.span.start.saturating_sub(REACH);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let before = &text[start..c.span.start];
    &before[before.rfind('\n').map_or(0, |feed| feed + 1)..]
}

fn line_after<'t>(text: &'t str, c: &Correction) -> &'t str {
    let mut end = text.len().min(c.span.end + REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let rest = &text[c.span.end..end];
    let rest = &rest[..rest.find('\n').unwrap_or(rest.len())];
    rest.strip_suffix('\r').unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Span,
        change::{Class, Decision},
    };

    fn shown(text: &str, columns: usize, changes: &[(&str, &str, Decision)]) -> String {
        let mut from = 0;
        let corrections: Vec<_> = changes
            .iter()
            .map(|&(before, after, decision)| {
                let start = from + text[from..].find(before).unwrap();
                from = start + before.len();
                Correction {
                    span: Span::new(start, from),
                    before: before.into(),
                    after: after.into(),
                    class: Class::Substitution,
                    rule: "".into(),
                    confidence: 0.983,
                    decision,
                    decided: None,
                    alternatives: Vec::new(),
                    evidence: Vec::new(),
                }
            })
            .collect();
        let mut out = Vec::new();
        write(&mut out, &Document::from_text(text), &corrections, columns).unwrap();
        let text = String::from_utf8(out).unwrap();
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn a_change_has_its_margin_and_its_context() {
        use Decision::*;
        assert_eq!(
            shown("one\r\ntbe \x1b[2Jcat\tarid dog\r\nx\n", 80, &[("tbe", "the", Applied), ("arid", "and", Suggested)]),
            "   2  substitution   98 %   [-tbe-]{+the+} ␛[2Jcat arid dog\n   \
                2  substitution   98 %   tbe ␛[2Jcat [-arid-]{?and?} dog\n"
        );
        assert_eq!(
            shown("a com-\nmittee of\nmen", 80, &[("com-\nmittee", "committee\n", Accepted)]),
            "   1  substitution   98 %   a [-com-⏎mittee-]{+committee⏎+} of\n"
        );
    }

    #[test]
    fn a_line_without_end_is_cut_to_the_terminal() {
        let text = format!("{}tbe{}", "日".repeat(1_000_000), "b".repeat(1_000_000));
        let line = shown(&text, 80, &[("tbe", "the", Decision::Applied)]);
        assert_eq!(line.chars().filter(|&c| c == '…').count(), 2);
        assert!((78..=80).contains(&fit::columns(line.trim_end())), "{line}");
    }

    #[test]
    fn only_what_is_certain_is_100_percent() {
        assert_eq!([1.0, 0.9999, 0.5, 0.0].map(percent), [100, 99, 50, 0]);
    }
}
