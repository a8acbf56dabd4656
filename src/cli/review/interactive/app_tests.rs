use super::*;
use crate::cli::review::interactive::samples::session;

const TEXT: &str = "Saw tbe cat and tbe dog, then arid soil. Men of tbe com-\nmittee went home; Gaelach was it.\n";

/// tbe, tbe, arid, tbe, com-mittee, Gaelach
fn app() -> (tempfile::TempDir, App) {
    let changes = [
        ("tbe", "the"),
        ("tbe", "the"),
        ("arid", "and"),
        ("tbe", "the"),
        ("com-\nmittee ", "committee\n"),
        ("Gaelach", "Gallic"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = Journal::open(&folder.path().join("journal"), "00", scanno::files::Access::ANY).unwrap();
    let session = session(TEXT, &changes);
    (folder, App::new("page.txt".into(), (1, 1), session, journal))
}

/// Presses what is typed in `keys`; `\n` is Enter, `\x1b` Esc, `\x08` Backspace.
fn press(app: &mut App, keys: &str) -> Command {
    let code = |c| match c {
        '\n' => KeyCode::Enter,
        '\x1b' => KeyCode::Esc,
        '\x08' => KeyCode::Backspace,
        '\t' => KeyCode::Tab,
        c => KeyCode::Char(c),
    };
    keys.chars().map(|c| app.press(KeyEvent::new(code(c), KeyModifiers::NONE))).last().unwrap()
}

#[test]
fn a_key_decides_and_the_next_change_comes_by_itself() {
    let (_folder, mut app) = app();
    for (key, place) in [("a", 2), ("r", 3), ("\n", 4), (" ", 5), ("x", 6)] {
        press(&mut app, key);
        assert_eq!(app.place(), Some(place));
    }
    press(&mut app, "1");
    assert_eq!(app.mode, Mode::Finished);
    assert_eq!(
        app.session.cleaned(),
        "Saw the cat and tbe dog, then and soil. Men of the com-\nmittee went home; tube was it.\n"
    );
    assert_eq!(press(&mut app, "\n"), Command::Next);
}

#[test]
fn all_of_a_pair_is_two_keys() {
    let (_folder, mut app) = app();
    press(&mut app, "A\x1b");
    assert_eq!(app.session.progress().decided(), 0);
    press(&mut app, "Rf");
    assert_eq!((app.session.progress().rejected, app.place()), (3, Some(3)));
    assert_eq!(app.message, "tbe stays: 3 in this file");
    press(&mut app, "uAe");
    assert_eq!(app.session.progress().accepted, 3);
    assert!(app.session.decisions().all(|decision| decision.is_everywhere()));
    // The text that was chosen for one is taken for all of them.
    press(&mut app, "ug2");
    assert!(app.is_error, "there is no second reading");
    press(&mut app, "1pAf");
    assert_eq!(app.session.cleaned().matches("tube").count(), 3);
}

#[test]
fn own_text_is_typed_with_its_line_end() {
    let (_folder, mut app) = app();
    press(&mut app, "e\x08\x08\x08ye\n");
    press(&mut app, "Gpe");
    let Mode::Own(prompt) = &app.mode else { panic!("{:?}", app.mode) };
    assert_eq!(prompt.text(), "committee⏎");
    press(&mut app, "\x08s⏎\n");
    press(&mut app, "e\x1b");
    assert!(app.session.cleaned().starts_with("Saw ye cat and the dog"));
    assert!(app.session.cleaned().contains("committees\nwent"));
    assert_eq!(app.session.progress().replaced, 2);
}

#[test]
fn filters_narrow_what_is_gone_through() {
    let (_folder, mut app) = app();
    press(&mut app, "/gael\n");
    assert_eq!((app.view.len(), app.current), (1, Some(5)));
    press(&mut app, "a");
    assert!(app.message.ends_with("5 others are left: Esc"), "{}", app.message);
    press(&mut app, "/nowhere\n");
    assert!(app.is_error);
    assert_eq!(app.search, "gael");
    press(&mut app, "\x1b");
    assert_eq!(app.view.len(), 6);
    press(&mut app, "f1");
    assert_eq!((app.class, app.view.len()), (Some(Class::Substitution), 6));
    press(&mut app, "f0");
    assert_eq!(app.class, None);
}

#[test]
fn what_the_command_line_left_out_is_not_asked_for() {
    let (_folder, app) = app();
    let filter = Filter { text: "arid".into(), ..Filter::default() };
    let mut app = app.with_view(filter, Order::Place, 0.7);
    assert_eq!(app.view, [2]);
    press(&mut app, "a");
    assert_eq!((&app.mode, app.session.progress().left()), (&Mode::Finished, 5));
}

#[test]
fn own_words_are_left_alone() {
    let (_folder, mut app) = app();
    press(&mut app, "Gw");
    assert_eq!(app.session.own_words(), ["Gaelach"]);
    assert!(app.session.cleaned().contains("Gaelach was it"));
    press(&mut app, "Gpw");
    assert!(app.is_error, "two words");
    press(&mut app, "u");
    assert!(app.session.own_words().is_empty());
}

#[test]
fn leaving_saving_and_moving_are_told_apart() {
    let (_folder, mut app) = app();
    assert_eq!([press(&mut app, "q"), press(&mut app, "s")], [Command::Quit, Command::Save]);
    assert_eq!([press(&mut app, "Q"), press(&mut app, ">")], [Command::Leave, Command::Next]);
    let interrupt = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(app.press(interrupt), Command::Leave);
    press(&mut app, "e");
    assert_eq!((app.press(interrupt), app.mode.clone()), (Command::Stay, Mode::Changes));
    press(&mut app, "nnp");
    assert_eq!(app.place(), Some(2));
    press(&mut app, "gp");
    assert_eq!((app.place(), &*app.message), (Some(1), "This is the first."));
    press(&mut app, "a\t");
    assert_eq!(app.place(), Some(3));
    press(&mut app, "?a");
    assert_eq!((&app.mode, app.session.progress().decided()), (&Mode::Changes, 1));
}

#[test]
fn pasted_text_is_no_keys() {
    let (_folder, mut app) = app();
    app.paste("aaaa");
    assert_eq!(app.session.progress().decided(), 0);
    press(&mut app, "e\x08\x08\x08");
    app.paste("those\nmen\n");
    press(&mut app, "\n");
    assert!(app.session.cleaned().starts_with("Saw those men cat"));
}

#[test]
fn what_cannot_be_noted_down_is_told() {
    let (folder, mut app) = app();
    drop(folder);
    press(&mut app, "a");
    assert!(app.is_error && app.message.contains("save soon"), "{}", app.message);
    assert_eq!(app.session.progress().accepted, 1);
}
