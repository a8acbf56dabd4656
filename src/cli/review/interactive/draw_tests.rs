use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::Color;
use scanno::review::Journal;

use super::*;
use crate::cli::review::interactive::samples::session;

const TEXT: &str = "The first line.\nHe opened tbe door of the old house,\nand tbe men went in.\n";

fn app(text: &str, changes: &[(&str, &str)]) -> (tempfile::TempDir, App) {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = Journal::open(&folder.path().join("journal"), "00", scanno::files::Access::ANY).unwrap();
    (folder, App::new("page.txt".into(), (1, 2), session(text, changes), journal))
}

fn buffer(app: &App, has_color: bool, columns: u16, rows: u16) -> ratatui::buffer::Buffer {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| draw(frame, app, &Theme::new(has_color))).unwrap();
    terminal.backend().buffer().clone()
}

fn screen(app: &App, has_color: bool, columns: u16, rows: u16) -> Vec<String> {
    let buffer = buffer(app, has_color, columns, rows);
    (0..rows).map(|y| (0..columns).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned()).collect()
}

fn press(app: &mut App, keys: &str) {
    for c in keys.chars() {
        app.press(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    }
}

#[test]
fn everything_is_on_80_by_24() {
    let (_folder, mut app) = app(TEXT, &[("tbe", "the"), ("tbe", "the")]);
    let shown = screen(&app, false, 80, 24);
    let has = |text: &str| assert!(shown.iter().any(|row| row.contains(text)), "{text}: {shown:#?}");
    assert!(shown[0].starts_with(" page.txt · file 1 of 2"), "{shown:#?}");
    assert!(shown[0].ends_with("1 of 2 · 2 left"), "{shown:#?}");
    has("   2  He opened [-tbe-]{+the+} door of the old house,");
    has("   3  and the men went in.");
    has("  tbe → the");
    has("  undecided: made   substitution, 98 % sure");
    has("  why: a known word, if letters were misread: read b for h");
    has("  2 times in this file");
    has("  or 1 tube 1 %");
    has("a accept");
    has("? help");
    press(&mut app, "A");
    assert!(screen(&app, false, 80, 24).concat().contains("Accept all 2 tbe → the:  f in this file   e everywhere"));
    press(&mut app, "f");
    assert!(screen(&app, false, 80, 24).concat().contains("All 2 are decided."));
}

#[test]
fn without_color_there_is_none_and_with_it_no_brackets() {
    let (_folder, app) = app(TEXT, &[("tbe", "the")]);
    let plain = buffer(&app, false, 80, 24);
    assert!(plain.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    let colored = buffer(&app, true, 80, 24);
    assert!(colored.content().iter().any(|cell| cell.fg == Color::Green));
    assert!(screen(&app, true, 80, 24).concat().contains("opened tbe → the door"));
}

#[test]
fn every_overlay_fits_and_every_key_is_told() {
    let (_folder, mut app) = app(TEXT, &[("tbe", "the")]);
    press(&mut app, "?");
    let shown = screen(&app, false, 80, 24).join("\n");
    for (keys, what) in HELP {
        assert!(shown.contains(keys) && shown.contains(what), "{what}\n{shown}");
    }
    press(&mut app, "?f");
    assert!(screen(&app, false, 80, 24).join("\n").contains("1  substitution       1  1 left"));
}

#[test]
fn any_size_of_window_and_any_text_can_be_drawn() {
    let odd = "a\t\x1b[2Jtbe\u{202e}x\r e\u{301} 👩‍👩‍👧 日本語 \u{5d0}\u{5d1}\u{7}\u{9b}\n".repeat(3);
    let (_folder, mut app) = app(&odd, &[("\x1b[2Jtbe\u{202e}", "日本\u{1b}]0;x\u{7}"), ("日本語", "")]);
    for mode in ["", "?", "??f", "0e", "\u{7f}"] {
        press(&mut app, mode);
        for (columns, rows) in [(1, 1), (39, 11), (40, 12), (41, 13), (80, 24), (200, 60), (80, 12), (40, 40)] {
            for row in screen(&app, true, columns, rows) {
                assert!(!row.contains(|c: char| c.is_control() || c == '\u{202e}'), "{row:?}");
            }
        }
    }
    app.press(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
    assert!(screen(&app, true, 30, 10).concat().contains("too small"));
}
