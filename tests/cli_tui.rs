//! `scanno review -i` on the real binary, in a real terminal (tmux) with real
//! key presses. Where there is no tmux, these tests say so and do nothing.
#![cfg(all(unix, feature = "tui"))]

mod common;

use common::Folder;
use common::terminal::Terminal;
use scanno::change::{Alternative, Class, Correction, Decision, Target};
use scanno::format::jsonl::{Header, Log};
use scanno::{ChangeLog, Document, Span};

const TEXT: &str = "Saw tbe cat.\nThen arid soil.\nOf tbe men, a com-\nmittee is modem.\n\
                    Gaelach was it, and tbe end.\nA Gaelach man.\n";

const CHANGES: [(&str, &str); 8] = [
    ("tbe", "the"),
    ("arid", "and"),
    ("tbe", "the"),
    ("com-\nmittee ", "committee\n"),
    ("modem", "modern"),
    ("Gaelach", "Gallic"),
    ("tbe", "the"),
    ("Gaelach", "Gallic"),
];

/// Puts `text` and a log of `changes`, found in their order, into the folder.
fn prepare(folder: &Folder, name: &str, text: &str, changes: &[(&str, &str)]) {
    let mut from = 0;
    let corrections = changes.iter().map(|&(before, after)| {
        let start = from + text[from..].find(before).unwrap();
        from = start + before.len();
        Correction {
            span: Span::new(start, from),
            before: before.into(),
            after: after.into(),
            class: if before == "arid" { Class::RealWord } else { Class::Substitution },
            rule: "confusion".into(),
            confidence: 0.97,
            decision: Decision::Applied,
            decided: None,
            alternatives: vec![Alternative { text: "acrid".into(), confidence: 0.02 }],
            evidence: Vec::new(),
        }
    });
    let document = Document::from_text(text);
    let changes = ChangeLog::new(corrections.collect(), Vec::new(), None);
    let header = Header { path: name.into(), data: "test".into(), config: serde_json::json!({}) };
    let log = Log::new(&document, &changes, header, Target::AsRead).unwrap();
    folder.write(name, text);
    folder.write(&format!("{name}.scanno.jsonl"), log.to_bytes());
}

fn applied(folder: &Folder, name: &str) -> String {
    let run = folder.run(&format!("apply {name}.scanno.jsonl {name}"));
    run.is_done().text().to_owned()
}

#[test]
fn what_is_decided_with_keys_is_the_text() {
    let folder = Folder::new();
    prepare(&folder, "page.txt", TEXT, &CHANGES);
    let Some(terminal) = Terminal::run(&folder, "review -i page.txt", "") else { return };
    terminal.shows("1 of 8 · 8 left");
    // Rejected by mistake, undone, and all of the pair accepted.
    terminal.types("r");
    terminal.shows("2 of 8 · 7 left");
    terminal.types("u");
    terminal.shows("Undone.");
    terminal.types("A");
    terminal.shows("Accept all 3 tbe → the");
    terminal.types("f");
    terminal.shows("2 of 8 · 5 left");
    // Another reading, a rejection, an own text, an own word.
    terminal.types("1");
    terminal.shows("4 of 8 · 4 left");
    terminal.types("x");
    terminal.shows("5 of 8 · 3 left");
    terminal.types("e");
    terminal.shows("your text: modern");
    terminal.key("BSpace");
    terminal.key("C-u");
    terminal.types("modish — é");
    terminal.key("Enter");
    terminal.shows("6 of 8 · 2 left");
    terminal.types("w");
    terminal.shows("All 8 are decided.");
    terminal.key("Enter");
    let screen = terminal.ended("0");
    assert!(screen.contains("page.txt: 8 of 8 decided (3 accepted, 3 rejected, 2 with another text)"), "{screen}");
    let expected = "Saw the cat.\nThen acrid soil.\nOf the men, a com-\nmittee is modish — é.\n\
                    Gaelach was it, and the end.\nA Gaelach man.\n";
    assert_eq!(applied(&folder, "page.txt"), expected);
    assert_eq!(folder.text("page.txt"), TEXT);
    assert_eq!(folder.files("."), ["page.txt", "page.txt.scanno.jsonl"], "the journal is gone");
    assert!(folder.text("page.txt.scanno.jsonl").contains("\"by\":\"Ann\""));
}

#[test]
fn a_killed_review_goes_on_where_it_was() {
    let folder = Folder::new();
    prepare(&folder, "page.txt", TEXT, &CHANGES);
    let Some(terminal) = Terminal::run(&folder, "review -i page.txt", "") else { return };
    terminal.shows("8 left");
    terminal.types("ar");
    terminal.shows("3 of 8 · 6 left");
    terminal.kill();
    assert_eq!(folder.text("page.txt.scanno.review.jsonl").lines().count(), 3);

    let Some(terminal) = Terminal::run(&folder, "review -i page.txt", "") else { return };
    terminal.shows("3 of 8 · 6 left");
    terminal.shows("Going on where you were.");
    terminal.types("uur");
    terminal.shows("2 of 8 · 7 left");
    // Leaving without saving keeps everything too.
    terminal.key("C-c");
    let screen = terminal.ended("0");
    assert!(screen.contains("not saved") && screen.contains("page.txt.scanno.review.jsonl"), "{screen}");

    let Some(terminal) = Terminal::run(&folder, "review -i page.txt", "") else { return };
    terminal.shows("2 of 8 · 7 left");
    terminal.types("s");
    terminal.shows("Saved.");
    terminal.types("u");
    terminal.shows("8 left");
    terminal.types("nnr");
    terminal.shows("4 of 8 · 7 left");
    terminal.types("q");
    terminal.ended("0");
    let expected = TEXT.replacen("tbe", "the", 1).replace("arid", "and").replace("Gaelach", "Gallic");
    let expected = expected.replace("com-\nmittee ", "committee\n").replace("modem", "modern");
    assert_eq!(applied(&folder, "page.txt"), expected.replace("and tbe", "and the"));

    // The decided log is where the next review begins.
    let Some(terminal) = Terminal::run(&folder, "review -i page.txt", "") else { return };
    terminal.shows("7 left");
    terminal.types("q");
    terminal.ended("0");
}

#[test]
fn asked_to_end_it_leaves_the_terminal_in_order_and_keeps_what_was_decided() {
    let folder = Folder::new();
    prepare(&folder, "page.txt", TEXT, &CHANGES);
    let Some(terminal) = Terminal::run(&folder, "review -i page.txt", "") else { return };
    terminal.shows("8 left");
    terminal.types("ar");
    terminal.shows("3 of 8 · 6 left");
    terminal.signal("-TERM");
    terminal.ended("130");

    let Some(terminal) = Terminal::run(&folder, "review -i page.txt", "") else { return };
    terminal.shows("3 of 8 · 6 left");
    terminal.types("q");
    terminal.ended("0");
}

#[test]
fn in_place_the_text_and_its_log_stay_in_step() {
    let folder = Folder::new();
    prepare(&folder, "page.txt", TEXT, &CHANGES);
    let Some(terminal) = Terminal::run(&folder, "review -i -w page.txt", "") else { return };
    terminal.shows("8 left");
    terminal.types("Rf");
    terminal.shows("5 left");
    terminal.types("q");
    terminal.ended("0");
    let first = folder.text("page.txt");
    assert!(first.contains("Saw tbe cat") && first.contains("modern"), "{first}");
    // The file is now what its log made: a review of it starts from the
    // original, and changes both.
    let Some(terminal) = Terminal::run(&folder, "review -i page.txt", "") else { return };
    terminal.shows("2 of 8 · 5 left");
    terminal.types("r");
    terminal.shows("4 left");
    terminal.types("q");
    terminal.ended("0");
    assert_eq!(folder.text("page.txt"), first.replace("and soil", "arid soil"));
    let reverted = folder.run("revert page.txt.scanno.jsonl page.txt");
    assert_eq!(reverted.is_done().text(), TEXT);
}

#[test]
fn filters_and_several_files() {
    let folder = Folder::new();
    prepare(&folder, "one.txt", TEXT, &CHANGES);
    prepare(&folder, "two.txt", TEXT, &CHANGES);
    folder.write("bad.txt", [0_u8; 64]);
    folder.write("scanno.toml", "lexicon = [\"own.txt\"]\n");
    folder.write("own.txt", "# mine\n");
    let Some(terminal) = Terminal::run(&folder, "review -i one.txt bad.txt two.txt", "") else { return };
    terminal.shows("one.txt · file 1 of 3");
    terminal.types("f");
    terminal.shows("Show only");
    terminal.types("2");
    terminal.shows("only real-word");
    terminal.shows("1 of 1 · 8 left");
    terminal.types("Ae");
    terminal.shows("7 others are left: Esc");
    terminal.key("Escape");
    terminal.shows("All changes again.");
    terminal.types("/gael");
    terminal.key("Enter");
    terminal.shows("1 of 2 · 7 left");
    terminal.types("w");
    terminal.shows("2 changes of it rejected");
    terminal.types(">");
    // What was decided for every file is decided in the next.
    terminal.shows("two.txt · file 3 of 3");
    terminal.shows("1 of 8 · 5 left");
    terminal.types("q");
    let screen = terminal.ended("2");
    assert!(screen.contains("bad.txt") && screen.contains("own.txt: Gaelach added"), "{screen}");
    assert_eq!(folder.text("own.txt"), "# mine\nGaelach\n");
    assert!(applied(&folder, "two.txt").contains("Gaelach was it"));
}

#[test]
fn odd_text_and_no_color_are_harmless_on_80_by_24() {
    let folder = Folder::new();
    let text =
        "one\ttab \x1b[2J\x1b]0;owned\x07 tbe 日本語 e\u{301} \u{202e}evil\u{202c} 👩‍👩‍👧 \u{5d0}\u{5d1}\n".repeat(40);
    let long = format!("{} tbe {}\n", "word ".repeat(50_000), "日本".repeat(100_000));
    prepare(&folder, "odd.txt", &text, &[("tbe", "the"), ("\x1b[2J\x1b]0;owned\x07", "x"), ("tbe", "the")]);
    prepare(&folder, "long.txt", &long, &[("tbe", "the")]);
    let Some(terminal) = Terminal::run(&folder, "review -i odd.txt long.txt", "NO_COLOR=1") else { return };
    let screen = terminal.shows("[-tbe-]{+the+} 日本語");
    assert!(screen.contains("␛[2J␛]0;owned␇") && screen.contains("<U+202E>"), "{screen}");
    let styled = terminal.tmux(&["capture-pane", "-p", "-e"]);
    for part in styled.split("\x1b[").skip(1) {
        let codes = part.split('m').next().unwrap();
        assert!(codes.split(';').all(|code| !matches!(code.len(), 2 | 3) || code == "39" || code == "49"), "{codes}");
    }
    assert_ne!(terminal.asked("#{pane_title}"), "owned");
    terminal.types("a");
    terminal.shows("{+x+}");
    terminal.tmux(&["resize-window", "-x", "30", "-y", "8"]);
    terminal.shows("too small");
    terminal.tmux(&["resize-window", "-x", "60", "-y", "16"]);
    terminal.shows("{+x+}");
    terminal.types(">");
    terminal.shows("[-tbe-]{+the+}");
    terminal.types("q");
    terminal.ended("0");
}

#[test]
fn a_text_is_cleaned_while_the_screen_is_there_already() {
    let folder = Folder::new();
    folder.write("page.txt", common::DIRTY);
    let Some(terminal) = Terminal::run(&folder, "review -i -o out.txt page.txt", "") else { return };
    terminal.shows("tbe → the");
    terminal.types("Rf");
    terminal.shows("tbe stays");
    terminal.types("q");
    let screen = terminal.ended("0");
    assert!(screen.contains("text in out.txt"), "{screen}");
    assert_eq!(folder.text("out.txt"), applied(&folder, "page.txt"));
    assert!(folder.text("out.txt").contains("opened tbe door") && folder.text("out.txt").contains("government"));
    assert_eq!(folder.text("page.txt"), common::DIRTY);
}

#[test]
fn on_a_terminal_the_list_goes_through_the_pager() {
    let folder = Folder::new();
    prepare(&folder, "page.txt", TEXT, &CHANGES);
    let pager = "SCANNO_PAGER='sed s/^/paged:/'";
    let Some(terminal) = Terminal::run(&folder, "review page.txt", pager) else { return };
    let screen = terminal.ended("1");
    assert!(screen.contains("paged:page.txt: 8 changes"), "{screen}");
    assert!(screen.contains("paged:   2  real-word      97 %   Then [-arid-]{+and+} soil."), "{screen}");
    let plain = Terminal::run(&folder, "review --no-pager --sort frequency page.txt", pager).unwrap().ended("1");
    assert!(
        plain.contains("\n   1  substitution   97 %   Saw [-tbe-]{+the+} cat.") && !plain.contains("paged"),
        "{plain}"
    );
    let none = Terminal::run(&folder, "review page.txt", "SCANNO_PAGER=no-such-pager").unwrap().ended("1");
    assert!(none.contains("page.txt: 8 changes"), "{none}");
}

#[test]
fn what_cannot_be_meant_is_refused_in_a_line() {
    let folder = Folder::new();
    folder.write("page.txt", common::DIRTY);
    folder.run("review -i page.txt").is_trouble(&["-i needs a terminal"]);
    folder.run("review -i -").is_trouble(&["standard input"]);
    folder.run("review -i page.txt ./page.txt").is_trouble(&["named twice"]);
    folder.run("review -i -o page.txt page.txt").is_trouble(&["would overwrite"]);
    assert_eq!(folder.files("."), ["page.txt"]);
}

#[test]
fn what_is_decided_is_remembered_for_other_texts() {
    let folder = Folder::new();
    folder.write("scanno.toml", "memory = \"decisions.jsonl\"\n");
    prepare(&folder, "page.txt", TEXT, &CHANGES);
    let Some(terminal) = Terminal::run(&folder, "review -i page.txt", "") else { return };
    terminal.shows("1 of 8 · 8 left");
    terminal.types("r");
    terminal.shows("2 of 8 · 7 left");
    // This pair is rejected in every text.
    terminal.types("R");
    terminal.shows("arid → and");
    terminal.types("e");
    terminal.shows("3 of 8 · 6 left");
    terminal.types("q");
    terminal.ended("0");
    let lines: Vec<serde_json::Value> =
        folder.text("decisions.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["decided"]["by"] == "Ann"));
    let here = |line: &serde_json::Value| line["before"] == "tbe" && line["context"]["left"] == "saw";
    let everywhere = |line: &serde_json::Value| line["before"] == "arid" && line["context"].is_null();
    for is_there in [here as fn(&serde_json::Value) -> bool, everywhere] {
        assert_eq!(
            lines.iter().filter(|line| is_there(line) && line["decision"] == "rejected").count(),
            1,
            "{lines:?}"
        );
    }
    // Elsewhere the same place is left alone, another is not.
    folder.write("other.txt", "He saw tbe cat of tbe house.\n");
    let run = folder.run("clean -q other.txt");
    assert_eq!(run.is_done().text(), "He saw tbe cat of the house.\n");
}
