//! The screen: where one is, the text with the change in it, what is known of
//! the change, and the keys.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};
use scanno::change::Decision;
use scanno::report::{explain, fit, inline::percent, visible};
use scanno::review::{Scope, Verdict};

use super::app::{App, Mode};
use super::passage::{self, Kind};
use super::theme::Theme;

/// Columns and rows below which nothing useful can be shown.
const LEAST: (u16, u16) = (40, 12);

/// Rows of the part that tells of the change.
const DETAILS: u16 = 7;

/// From here on there is room for two rows of keys.
const ROOMY: u16 = 20;

const KEYS: [&[(&str, &str)]; 2] = [
    &[
        ("a", "accept"),
        ("r", "reject"),
        ("1-9", "other"),
        ("e", "own text"),
        ("A R", "all of the pair"),
        ("w", "own word"),
    ],
    &[
        ("n p", "next, previous"),
        ("d", "doubtful"),
        ("/", "search"),
        ("f", "filter"),
        ("u", "undo"),
        ("q", "quit"),
        ("?", "help"),
    ],
];

pub(super) const HELP: [(&str, &str); 19] = [
    ("a Enter Space", "accept the change"),
    ("r x", "reject it: the text stays as it is"),
    ("1 … 9", "take another reading in its place"),
    ("e", "type your own text (Enter takes it, Esc does not)"),
    ("A", "accept all of the same pair, in this file or everywhere"),
    ("R X", "reject all of the same pair"),
    ("w", "this is a word of mine: never change it"),
    ("u", "undo, as often as you like"),
    ("n ↓ →, p ↑ ←", "next, previous; PageDown, PageUp: by ten; g, G: first, last"),
    ("Tab", "next undecided"),
    ("d", "next undecided in doubt, the most doubtful first"),
    ("/", "only changes with this text; Esc: all again"),
    ("f", "only changes of one class; Esc: all again"),
    ("s", "save, and go on"),
    (">", "save, and go to the next file"),
    ("q", "save and quit"),
    ("Q Ctrl-C", "leave without saving; decisions are kept for next time"),
    ("", "A change that you do not decide stays as scanno has it."),
    ("", "Every decision is on the disk as soon as it is made."),
];

pub(super) fn draw(frame: &mut Frame<'_>, app: &App, theme: &Theme) {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let text = format!("The window is too small: {} × {} are needed. q saves and quits.", LEAST.0, LEAST.1);
        frame.render_widget(Paragraph::new(text).wrap(ratatui::widgets::Wrap { trim: true }), area);
        return;
    }
    let keys = if area.height >= ROOMY { 2 } else { 1 };
    let details = DETAILS.min(area.height - keys - 6);
    let [title, bar, text, rule, about, message, footer] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(3),
        Constraint::Length(1),
        Constraint::Length(details),
        Constraint::Length(1),
        Constraint::Length(keys),
    ])
    .areas(area);
    draw_title(frame, app, theme, title);
    draw_progress(frame, app, theme, bar);
    draw_text(frame, app, theme, text);
    frame.render_widget(Line::styled("─".repeat(usize::from(rule.width)), theme.quiet), rule);
    draw_change(frame, app, theme, about);
    draw_message(frame, app, theme, message);
    let lines: Vec<Line<'_>> =
        KEYS.iter().rev().take(usize::from(keys)).rev().map(|keys| key_line(keys, theme)).collect();
    frame.render_widget(Paragraph::new(lines), footer);
    match &app.mode {
        Mode::Help => draw_help(frame, theme, area),
        Mode::Classes => draw_classes(frame, app, theme, area),
        Mode::Finished => draw_finished(frame, app, theme, area),
        _ => {}
    }
}

/// A screen that says that `name` is being read; `tick` counts the times.
pub(super) fn draw_reading(frame: &mut Frame<'_>, name: &str, tick: usize, theme: &Theme) {
    const SPINNER: [&str; 4] = ["·  ", "·· ", "···", " ··"];
    let area = frame.area();
    let columns = usize::from(area.width);
    let lines = vec![
        Line::default(),
        Line::from(format!(" reading {} {}", fit::end(name, columns.saturating_sub(14)), SPINNER[tick % 4])),
        Line::default(),
        Line::styled(" q quits", theme.quiet),
    ];
    frame.render_widget(Paragraph::new(lines), area);
}

fn draw_title(frame: &mut Frame<'_>, app: &App, theme: &Theme, area: Rect) {
    let progress = app.session.progress();
    let columns = usize::from(area.width);
    let mut right = match app.place() {
        Some(place) => format!("{place} of {}", app.view.len()),
        None => format!("{} changes", app.view.len()),
    };
    right.push_str(&format!(" · {} left ", progress.left()));
    let mut left = String::new();
    if app.number.1 > 1 {
        left.push_str(&format!(" · file {} of {}", app.number.0, app.number.1));
    }
    if let Some(class) = app.class {
        left.push_str(&format!(" · only {class}"));
    }
    if !app.search.is_empty() {
        left.push_str(&format!(" · only with “{}”", fit::start(&app.search, 16)));
    }
    let room = columns.saturating_sub(fit::columns(&right) + fit::columns(&left) + 2);
    let left = fit::start(
        &format!(" {}{left}", fit::end(&app.name, room.max(8))),
        columns.saturating_sub(fit::columns(&right)),
    );
    let gap = columns.saturating_sub(fit::columns(&left) + fit::columns(&right));
    frame.render_widget(Line::styled(format!("{left}{}{right}", " ".repeat(gap)), theme.title), area);
}

fn draw_progress(frame: &mut Frame<'_>, app: &App, theme: &Theme, area: Rect) {
    let progress = app.session.progress();
    let width = usize::from(area.width);
    let done = (width * progress.decided()).checked_div(progress.total).unwrap_or(0);
    let line = Line::from(vec![
        Span::styled("━".repeat(done), theme.progress),
        Span::styled("─".repeat(width - done), theme.quiet),
    ]);
    frame.render_widget(line, area);
}

fn draw_text(frame: &mut Frame<'_>, app: &App, theme: &Theme, area: Rect) {
    let Some(current) = app.current else {
        let text = if app.session.changes().is_empty() { "Nothing to review here." } else { "No change is shown." };
        return frame.render_widget(Paragraph::new(vec![Line::default(), Line::from(format!("  {text}"))]), area);
    };
    let line = app.line(current);
    let digits = (line + usize::from(area.height)).to_string().len().max(4);
    let width = usize::from(area.width).saturating_sub(digits + 3);
    let rows = passage::rows(&app.session, current, line, theme, width, usize::from(area.height));
    let lines: Vec<Line<'_>> = rows
        .into_iter()
        .map(|row| {
            let number = row.line.map_or_else(String::new, |line| line.to_string());
            let mut spans = vec![Span::styled(format!("{number:>digits$}  "), theme.quiet)];
            spans.extend(row.pieces.into_iter().map(|(piece, kind)| Span::styled(piece, style(kind, theme))));
            Line::from(spans)
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn style(kind: Kind, theme: &Theme) -> Style {
    match kind {
        Kind::Text => Style::new(),
        Kind::Made => theme.made,
        Kind::Removed => theme.removed,
        Kind::Added => theme.added,
        Kind::Mark => theme.quiet,
    }
}

fn draw_change(frame: &mut Frame<'_>, app: &App, theme: &Theme, area: Rect) {
    let Some(current) = app.current else { return };
    let c = &app.session.changes()[current];
    let columns = usize::from(area.width);
    let side = columns / 2 - 4;
    let mut lines = vec![
        Line::from(vec![
            Span::raw("  "),
            Span::styled(fit::start(&c.before, side), theme.removed),
            Span::styled(" → ", theme.quiet),
            Span::styled(if c.after.is_empty() { "(nothing)".into() } else { fit::start(&c.after, side) }, theme.added),
        ]),
        Line::from(vec![
            Span::raw("  "),
            Span::styled(state(app, current), theme.strong),
            Span::styled(format!("   {}, {} % sure", c.class, percent(c.confidence)), theme.quiet),
        ]),
    ];
    lines.push(Line::from(format!("  {}", fit::start(&why(app, current), columns - 3))));
    let twins = app.session.twins(current);
    if twins.len() > 1 {
        let left = twins.iter().filter(|&&i| app.session.ruling(i).is_none()).count();
        let of_them = if left == twins.len() { String::new() } else { format!(", {left} undecided") };
        lines.push(Line::from(format!("  {} times in this file{of_them}", twins.len())));
    }
    let mut others = vec![Span::raw("  or ")];
    let mut used = 5;
    for (number, alternative) in (1..=9).zip(&c.alternatives) {
        let shown = fit::start(&alternative.text, 24);
        let sure = match percent(alternative.confidence) {
            0 => "   ".to_owned(),
            percent => format!(" {percent} %   "),
        };
        let width = 2 + fit::columns(&shown) + sure.len();
        if used + width > columns {
            lines.push(Line::from(std::mem::replace(&mut others, vec![Span::raw("     ")])));
            used = 5;
        }
        used += width;
        others.extend([
            Span::styled(format!("{number} "), theme.strong),
            Span::raw(shown),
            Span::styled(sure, theme.quiet),
        ]);
    }
    if !c.alternatives.is_empty() {
        lines.push(Line::from(others));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// What becomes of the change as things stand.
fn state(app: &App, index: usize) -> String {
    let decision = app.session.changes()[index].decision;
    match app.session.ruling(index) {
        Some(ruling) => {
            let what = match &ruling.verdict {
                Verdict::Accept => "accepted".to_owned(),
                Verdict::Reject => "rejected".to_owned(),
                Verdict::Text(text) if text.is_empty() => "your own: nothing".to_owned(),
                Verdict::Text(text) => format!("your own: {}", fit::start(text, 30)),
            };
            let scope = match ruling.scope {
                Scope::Here => "",
                Scope::File => ", all of them",
                Scope::Everywhere => ", everywhere",
            };
            format!("{what}{scope}")
        }
        None if decision == Decision::Suggested => "undecided: only suggested".to_owned(),
        None if decision.is_made() => "undecided: made".to_owned(),
        None => "undecided: not made".to_owned(),
    }
}

/// Why the change is proposed, in plain words.
fn why(app: &App, index: usize) -> String {
    let c = &app.session.changes()[index];
    let mut text = match explain::reason(&c.rule) {
        Some(reason) => format!("why: {reason}"),
        None => format!("why: rule {}", visible(&c.rule)),
    };
    for (number, evidence) in c.evidence.iter().enumerate() {
        text.push_str(if number == 0 { ": " } else { ", " });
        text.push_str(&explain::misreading(evidence));
    }
    text
}

fn draw_message(frame: &mut Frame<'_>, app: &App, theme: &Theme, area: Rect) {
    let columns = usize::from(area.width);
    let (label, prompt) = match &app.mode {
        Mode::Own(prompt) => ("your text: ", prompt),
        Mode::Search(prompt) => ("search: ", prompt),
        Mode::All(verdict) => {
            let Some(current) = app.current else { return };
            let number = app.session.twins(current).len();
            let what = if *verdict == Verdict::Reject { "Reject" } else { "Accept" };
            let pair = format!(
                "{} → {}",
                fit::start(&app.session.changes()[current].before, 12),
                fit::start(app.session.after(current), 12)
            );
            let ask = format!(" {what} all {number} {pair}:  f in this file   e everywhere   Esc no ");
            return frame.render_widget(Line::styled(fit::start(&ask, columns), theme.title), area);
        }
        _ => {
            let style = if app.is_error { theme.error } else { Style::new() };
            return frame
                .render_widget(Line::styled(format!("  {}", fit::start(&app.message, columns - 2)), style), area);
        }
    };
    let (before, after) = prompt.sides();
    let room = columns.saturating_sub(label.len() + 3);
    let before = fit::end(before, room);
    let after = fit::start(after, room - fit::columns(&before).min(room));
    let cursor = 2 + label.len() + fit::columns(&before);
    let line = Line::from(vec![
        Span::raw("  "),
        Span::styled(label, theme.quiet),
        Span::styled(before, theme.strong),
        Span::styled(after, theme.strong),
    ]);
    frame.render_widget(line, area);
    frame.set_cursor_position(Position::new(area.x + (cursor as u16).min(area.width - 1), area.y));
}

fn key_line<'a>(keys: &[(&'a str, &'a str)], theme: &Theme) -> Line<'a> {
    let mut spans = vec![Span::raw(" ")];
    for (key, what) in keys {
        spans.extend([
            Span::raw(" "),
            Span::styled(*key, theme.strong),
            Span::raw(" "),
            Span::styled(*what, theme.quiet),
            Span::raw(" "),
        ]);
    }
    Line::from(spans)
}

/// An empty box in the middle of `area`, for `rows` rows of `columns`.
fn open_box(frame: &mut Frame<'_>, title: &str, columns: u16, rows: usize, area: Rect) -> Rect {
    let width = (columns + 4).min(area.width);
    let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(area.height);
    let place = Rect::new(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height);
    frame.render_widget(Clear, place);
    let block = Block::bordered().title(format!(" {title} "));
    let inside = block.inner(place);
    frame.render_widget(block, place);
    Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside }
}

fn draw_help(frame: &mut Frame<'_>, theme: &Theme, area: Rect) {
    let inside = open_box(frame, "Keys", 76, HELP.len(), area);
    let lines: Vec<Line<'_>> = HELP
        .iter()
        .map(|(keys, what)| Line::from(vec![Span::styled(format!("{keys:<14}"), theme.strong), Span::raw(*what)]))
        .collect();
    frame.render_widget(Paragraph::new(lines), inside);
}

fn draw_classes(frame: &mut Frame<'_>, app: &App, theme: &Theme, area: Rect) {
    let classes = app.classes();
    let inside = open_box(frame, "Show only", 36, classes.len() + 1, area);
    let mut lines = vec![Line::from(vec![Span::styled("0  ", theme.strong), Span::raw("all classes")])];
    for (place, (class, all, left)) in classes.iter().enumerate() {
        lines.push(Line::from(vec![
            Span::styled(format!("{}  ", App::class_key(place)), theme.strong),
            Span::raw(format!("{class:<13} {all:>6}")),
            Span::styled(format!("  {left} left"), theme.quiet),
        ]));
    }
    frame.render_widget(Paragraph::new(lines), inside);
}

fn draw_finished(frame: &mut Frame<'_>, app: &App, theme: &Theme, area: Rect) {
    let progress = app.session.progress();
    let next = if app.number.0 < app.number.1 { "save, and go to the next file" } else { "save and quit" };
    let lines = vec![
        Line::from(match progress.left() {
            0 => format!("All {} are decided.", progress.total),
            left => format!("All are decided but {left} not shown."),
        }),
        Line::default(),
        Line::from(format!("{:>6} accepted", progress.accepted)),
        Line::from(format!("{:>6} rejected", progress.rejected)),
        Line::from(format!("{:>6} with another text", progress.replaced)),
        Line::default(),
        Line::from(vec![Span::styled("Enter  ", theme.strong), Span::raw(next)]),
        Line::from(vec![Span::styled("Esc    ", theme.strong), Span::raw("look at them again")]),
    ];
    let inside = open_box(frame, "Done", 40, lines.len(), area);
    frame.render_widget(Paragraph::new(lines), inside);
}

#[cfg(test)]
#[path = "draw_tests.rs"]
mod tests;
