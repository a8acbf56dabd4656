//! The memory of a project, `scanno log` and decided logs, on the real binary.

mod common;

use common::Folder;
use serde_json::{Value, json};

const PAGE: &str = "He opened tbe door of the old house and went in. The gov ernment had stopped.\n";

/// `path` in `folder`, a log, with the change of `before` decided by ann.
fn decide(folder: &Folder, path: &str, before: &str, decision: &str, after: Option<&str>) {
    let mut found = 0;
    let log = folder.text(path);
    let lines = log.lines().map(|line| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        if record["type"] == "change" && record["before"] == before {
            found += 1;
            record["decision"] = json!(decision);
            record["decided"] = json!({"by": "ann", "at": "2026-11-22T13:05:00Z"});
            if let Some(after) = after {
                let program = json!({"text": record["after"], "confidence": record["confidence"]});
                record["alternatives"] = json!([program]);
                record["after"] = json!(after);
            }
        }
        format!("{record}\n")
    });
    let edited: String = lines.collect();
    folder.write(path, edited);
    assert_eq!(found, 1, "{before}");
}

/// A project with a page that was cleaned and decided about.
fn project() -> Folder {
    let folder = Folder::new();
    folder.write("scanno.toml", "memory = \"decisions.jsonl\"\n");
    folder.write("page.txt", PAGE);
    folder.run("clean page.txt -o cleaned.txt --log log.jsonl").is_done();
    decide(&folder, "log.jsonl", "tbe", "rejected", None);
    decide(&folder, "log.jsonl", "gov ernment", "accepted", Some("Government"));
    folder
}

fn changes(log: &str) -> Vec<Value> {
    let records = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.filter(|record| record["type"] == "change").collect()
}

#[test]
fn what_was_decided_once_is_not_asked_again() {
    let folder = project();
    let run = folder.run("apply log.jsonl page.txt");
    assert_eq!(run.is_done().text(), PAGE.replace("gov ernment", "Government"));
    assert!(run.stderr.contains("2 new decisions remembered"), "{run:?}");
    assert_eq!(folder.text("decisions.jsonl").lines().count(), 2);
    folder.run("apply log.jsonl page.txt").is_done();
    assert_eq!(folder.text("decisions.jsonl").lines().count(), 2, "no decision stands twice");

    folder.write("next.txt", format!("Another page.\n{PAGE}Then tbe end."));
    let next = folder.run("clean next.txt --log next.jsonl -o out.txt");
    next.is_done();
    let text = folder.text("out.txt");
    assert!(text.contains("He opened tbe door") && text.contains("The Government had"), "{text}");
    assert!(text.ends_with("Then the end."), "{text}");
    let records = changes(&folder.text("next.jsonl"));
    let decided = |before: &str| records.iter().find(|r| r["before"] == before).unwrap();
    assert_eq!((&decided("tbe")["decision"], &decided("tbe")["decided"]["by"]), (&json!("rejected"), &json!("ann")));
    assert_eq!(decided("gov ernment")["decision"], "accepted");
    assert_eq!(decided("gov ernment")["decided"]["at"], "2026-11-22T13:05:00Z");
    assert_eq!(decided("gov ernment")["alternatives"][0]["text"], "government");
    // There and back, and nothing that was remembered is learned anew.
    assert_eq!(folder.run("revert next.jsonl out.txt").is_done().stdout, folder.read("next.txt"));
    folder.run("apply next.jsonl next.txt").is_done();
    assert_eq!(folder.text("decisions.jsonl").lines().count(), 2);
}

#[test]
fn a_folder_is_cleaned_by_its_memory_and_the_memory_left_alone() {
    let folder = project();
    folder.run("apply log.jsonl page.txt -o first.txt").is_done();
    folder.run("batch . -o out --exclude cleaned.txt --exclude first.txt --exclude log.jsonl").is_done();
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "page.txt"]);
    assert_eq!(folder.text("out/page.txt"), PAGE.replace("gov ernment", "Government"));
    let again = |folder: &Folder| {
        folder.run("batch . -o out --resume --exclude cleaned.txt --exclude first.txt --exclude log.jsonl")
    };
    assert!(again(&folder).stderr.contains("1 done before"));
    // The memory is part of the settings.
    decide(&folder, "log.jsonl", "tbe", "accepted", None);
    let log = folder.text("log.jsonl").replace("T13:05", "T14:05");
    folder.write("log.jsonl", log);
    folder.run("apply log.jsonl page.txt -o first.txt").is_done();
    assert!(!again(&folder).stderr.contains("done before"));
    assert_eq!(folder.text("out/page.txt"), PAGE.replace("gov ernment", "Government").replace("tbe", "the"));
}

#[test]
fn a_memory_that_is_none_is_one_line() {
    let folder = project();
    folder.write("decisions.jsonl", "{\"type\":\"word\"}\n");
    folder.run("clean page.txt").is_trouble(&["decisions.jsonl", "line 1"]);
    folder.write("decisions.jsonl", "");
    assert!(folder.run("clean page.txt").is_done().text().contains("the door"));
    let word = r#"{"type":"word","word":"tbe","decided":{"by":"ann","at":"2026-11-22T13:05:00Z"}}"#;
    folder.write("other.jsonl", word);
    assert!(folder.run("clean --memory other.jsonl page.txt").is_done().text().contains("tbe door"));
}

#[test]
fn an_audit_tells_who_did_what() {
    let folder = project();
    folder.run("apply log.jsonl page.txt -o out.txt --log logs/page.txt.scanno.jsonl").has_error(&["logs"]);
    folder.write("logs/keep", "");
    folder.run("apply log.jsonl page.txt -o out.txt --log logs/page.txt.scanno.jsonl").is_done();
    let run = folder.run("log logs");
    let text = run.is_done().text();
    assert!(text.contains("1 text\n") && text.contains("program: 0 changes"), "{text}");
    assert!(text.contains("person ann: 1 accepted (1 rewritten), 1 rejected, 2026-11-22T13:05:00Z"), "{text}");
    assert!(text.contains("settings: scanno ") && text.contains("\"level\":\"balanced\""), "{text}");
    let list = folder.run("log --list --by person logs").text().to_owned();
    assert!(list.contains("page.txt:1:11: tbe → the  rejected by ann, 2026-11-22T13:05:00Z"), "{list}");
    assert!(!folder.run("log --list --by program logs").text().contains("tbe"));
    let json: Value = serde_json::from_slice(&folder.run("log --json --list --by ann logs").stdout).unwrap();
    assert_eq!((&json["people"]["ann"]["rewritten"], json["changes"].as_array().unwrap().len()), (&json!(1), 2));
    folder.run("log page.txt").has_error(&["page.txt", "no scanno change log"]);
    folder.run("log no/such").has_error(&["no/such"]);
    folder.write("empty/x", "");
    folder.run("log empty").is_trouble(&["empty", "no change logs"]);
}

#[test]
fn either_maker_is_taken_back() {
    let folder = Folder::new();
    folder.write("page.txt", PAGE);
    folder.run("clean -w page.txt").is_done();
    decide(&folder, "page.txt.scanno.jsonl", "gov ernment", "accepted", None);
    let log = folder.read("page.txt.scanno.jsonl");
    let cleaned = PAGE.replace("tbe", "the").replace("gov ernment", "government");
    assert_eq!(folder.text("page.txt"), cleaned);
    for (who, expected) in
        [("program", cleaned.replace("the door", "tbe door")), ("person", PAGE.replace("tbe", "the"))]
    {
        folder.write("page.txt", &cleaned);
        folder.write("page.txt.scanno.jsonl", &log);
        folder.run(&format!("revert -w --made-by {who} page.txt.scanno.jsonl page.txt")).is_done();
        assert_eq!(folder.text("page.txt"), expected);
        assert_eq!(folder.run("revert page.txt.scanno.jsonl page.txt").is_done().text(), PAGE);
    }
}

#[test]
fn decisions_turned_after_cleaning_in_place_are_applied_in_place() {
    let folder = Folder::new();
    folder.write("page.txt", PAGE);
    folder.run("clean -w page.txt").is_done();
    decide(&folder, "page.txt.scanno.jsonl", "tbe", "rejected", None);
    folder.run("apply -w page.txt.scanno.jsonl page.txt").is_done();
    assert_eq!(folder.text("page.txt"), PAGE.replace("gov ernment", "government"));
    assert_eq!(folder.run("revert page.txt.scanno.jsonl page.txt").is_done().text(), PAGE);
}

/// A decision as a memory has it.
fn remembered(before: &str, after: &str) -> String {
    let decided = json!({"by": "ann", "at": "2026-11-22T13:06:00Z"});
    let record = json!({"type": "change", "before": before, "after": after, "class": "substitution",
        "decision": "accepted", "decided": decided});
    format!("{record}\n")
}

#[test]
fn a_memory_that_no_text_may_get_is_refused_with_its_line() {
    let folder = Folder::new();
    folder.write("page.txt", PAGE);
    for (after, part) in [
        ("the\n\n", "line ends"),
        ("the\u{2028}", "line ends"),
        ("the\0", "U+0000"),
        ("\u{1b}[31mthe", "U+001B"),
        ("\u{9b}31mthe", "U+009B"),
        ("", "only specks are deleted"),
        (" ", "only specks are deleted"),
        (&"the ".repeat(300), "more than 1000 characters"),
    ] {
        folder.write("memory.jsonl", remembered("qvx", "Quorvax") + &remembered("tbe", after));
        folder.run("clean --memory memory.jsonl page.txt").is_trouble(&["memory.jsonl: line 2", part]);
    }
    // The same of lists of corrections.
    folder.write("pairs.tsv", "qvx\tQuorvax\ntbe\tth\u{1b}[31me\n");
    folder.run("clean --pairs pairs.tsv page.txt").is_trouble(&["pairs.tsv:2", "U+001B"]);
    // A word that ran over a line end keeps it, and specks go.
    folder.write("memory.jsonl", remembered("com-\nmittee ", "committee\n") + &remembered("|", ""));
    folder.write("page.txt", "The com-\nmittee met | there.\n");
    let run = folder.run("clean --memory memory.jsonl page.txt");
    assert_eq!(run.is_done().text(), "The committee\nmet  there.\n");
}

#[test]
fn an_edited_log_that_no_text_may_get_is_refused_with_its_line() {
    let folder = project();
    for (after, part) in [("the\n", "line ends"), ("\u{1b}]0;x\u{7}", "U+001B"), ("", "only specks")] {
        folder.write("edited.jsonl", folder.read("log.jsonl"));
        decide(&folder, "edited.jsonl", "tbe", "accepted", Some(after));
        for command in ["apply edited.jsonl page.txt -o out.txt", "learn --log edited.jsonl -o out.txt"] {
            folder.run(command).is_trouble(&["edited.jsonl: line 2 of the log", "tbe", part]);
            assert!(!folder.path("out.txt").exists() && !folder.path("decisions.jsonl").exists());
        }
        // Beside the text, it is not what is reviewed.
        folder.write("page.txt.scanno.jsonl", folder.read("edited.jsonl"));
        let run = folder.run("review page.txt");
        assert!(run.stderr.contains("left aside") && run.stderr.contains(part), "{run:?}");
        // It can be looked at.
        folder.run("log edited.jsonl").is_done();
    }
}
