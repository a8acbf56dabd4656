//! What a terminal gets of texts, names and arguments, on the real binary: in
//! a real terminal nothing of them is obeyed, and elsewhere every byte is kept.
#![cfg(unix)]

mod common;

use common::terminal::Terminal;
use common::{Folder, log_of};

/// Sets the title of the terminal, twice, and rings its bell.
const EVIL: &str = "\u{1b}]0;pwned\u{7} \u{9b}31m \u{202e} ";

/// The screen after `scanno` with `arguments` has ended with `code`.
#[track_caller]
fn screen(folder: &Folder, arguments: &str, code: &str) -> Option<String> {
    let terminal = Terminal::run(folder, arguments, "")?;
    let screen = terminal.ended(code);
    assert_ne!(terminal.asked("#{pane_title}"), "pwned", "{arguments}: {screen}");
    Some(screen)
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("page.txt", format!("He opened tbe door\u{9}{EVIL}of the house.\r\n"));
    folder
}

#[test]
fn a_text_is_shown_and_not_obeyed() {
    let folder = folder();
    for (arguments, code) in [
        ("clean -q page.txt", "0"),
        ("clean -q --color always page.txt", "0"),
        ("clean -q -o - page.txt", "0"),
        ("clean -q --diff page.txt", "1"),
        ("review -q --no-pager page.txt", "1"),
    ] {
        let Some(screen) = screen(&folder, arguments, code) else { return };
        assert!(screen.contains("␛]0;pwned␇ <U+009B>31"), "{arguments}: {screen}");
    }
}

#[test]
fn elsewhere_every_byte_is_kept() {
    let folder = folder();
    let cleaned = folder.text("page.txt").replace("tbe", "the");
    for arguments in ["clean page.txt", "clean --color always page.txt", "clean --color never page.txt"] {
        assert_eq!(folder.run(arguments).is_done().text(), cleaned, "{arguments}");
    }
    assert!(folder.run("clean --diff page.txt").text().contains(EVIL));
}

#[test]
fn records_and_logs_are_shown_too() {
    let folder = Folder::new();
    folder.write("records.jsonl", "{\"text\":\"He opened tbe door. \u{9b}31m\"}\n\u{1b}]0;pwned\u{7} is no record\n");
    let Some(screen) = screen(&folder, "batch -q - < records.jsonl", "2") else { return };
    assert!(screen.contains("the door. <U+009B>31m") && screen.contains("␛]0;pwned␇ is no record"), "{screen}");
    let run = folder.run_with_input("batch -", folder.read("records.jsonl"));
    assert!(run.text().contains("\u{1b}]0;pwned\u{7} is no record") && run.text().contains('\u{9b}'), "{run:?}");

    let (_, log) = log_of("page\u{9b}.txt", b"He saw tbe house.", &[("tbe", "the")]);
    folder.write("log.jsonl", log);
    let shown = self::screen(&folder, "log --json --list log.jsonl", "0").unwrap();
    assert!(shown.contains("page<U+009B>.txt"), "{shown}");
    assert!(folder.run("log --json --list log.jsonl").text().contains("page\u{9b}.txt"));
}

#[test]
fn wrong_usage_quotes_arguments_harmlessly() {
    let folder = folder();
    for (argument, shown) in [
        ("--\\0033]0;pwned\\0007", "'--\\u{1b}]0;pwned\\u{7}'"),
        ("--\\0302\\023331m", "'--\\u{9b}31m'"),
        ("--level=\\0033]0;pwned\\0007", "'\\u{1b}]0;pwned\\u{7}'"),
        ("--only=a\\nb\\0033[2J", "'a\\nb\\u{1b}[2J'"),
    ] {
        let Some(screen) = screen(&folder, &format!("clean \"$(printf %b '{argument}')\" page.txt"), "2") else {
            return;
        };
        assert!(screen.contains("error:") && screen.contains(shown), "{argument}: {screen}");
    }
    // So are names of files, and what is written to no terminal.
    let name = "\u{1b}]0;pwned\u{7}\u{9b}31m";
    for arguments in [vec!["clean".to_owned(), format!("--{name}")], vec!["clean".to_owned(), name.to_owned()]] {
        let run = folder.scanno("").args(&arguments).output().unwrap();
        let stderr = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(2));
        assert!(!stderr.contains(['\u{1b}', '\u{7}', '\u{9b}']), "{stderr:?}");
        assert!(stderr.starts_with("error:") && stderr.contains("\\u{1b}]0;pwned\\u{7}\\u{9b}31m"), "{stderr:?}");
    }
}
