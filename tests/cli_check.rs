//! `scanno check` and the report, on the real binary.

mod common;

use common::{CLEAN, DIRTY, Folder};
use serde_json::{Value, json};

fn archive() -> Folder {
    let folder = Folder::new();
    folder.write("in/bad.txt", DIRTY);
    folder.write("in/good.txt", CLEAN.repeat(20));
    let records = [
        json!({"text": DIRTY}),
        json!({"id": 2}),
        json!({"text": format!("{CLEAN}He opened tbe <b>door</b> of the old house.")}),
    ];
    folder.write("in/records.jsonl", records.map(|record| format!("{record}\n")).concat());
    folder
}

#[test]
fn each_file_gets_a_line_and_nothing_is_written() {
    let folder = archive();
    let run = folder.run("check in");
    assert_eq!(run.code, 1, "{run:?}");
    let lines: Vec<&str> = run.text().lines().collect();
    assert_eq!(lines.len(), 3);
    for (line, name) in lines.iter().zip(["in/bad.txt", "in/good.txt", "in/records.jsonl"]) {
        assert!(line.ends_with(name), "{line}");
    }
    assert!(!lines[0].contains(" 0 changes") && lines[1].contains(" 0 changes"), "{lines:?}");
    assert!(run.stderr.contains("4 documents"), "{}", run.stderr);
    assert_eq!(folder.files("."), ["in/bad.txt", "in/good.txt", "in/records.jsonl"]);
}

#[test]
fn the_exit_code_says_what_was_found() {
    let folder = archive();
    assert_eq!(folder.run("check in/good.txt -q").code, 0);
    assert_eq!(folder.run("check in --exclude good.txt -q").code, 1);
    folder.run("check in missing.txt -q").has_error(&["missing.txt"]);
    folder.write("cut.jsonl", "{\"text\": \"The house.\"}\n{\"text\": \"The");
    folder.run("check cut.jsonl").has_error(&["cut.jsonl: line 2 "]);
    folder.run("check -").is_trouble(&["standard input"]);
}

/// `report.json` without what differs from run to run.
fn report(folder: &Folder, name: &str) -> Value {
    let mut report: Value = serde_json::from_str(&folder.text(name)).unwrap();
    assert!(report["time"]["seconds"].as_f64().unwrap() > 0.0);
    report["time"] = Value::Null;
    report
}

#[test]
fn check_and_batch_report_the_same_on_any_number_of_threads() {
    let folder = archive();
    let json = folder.run("check in --json -q --report check -j 1").text().to_owned();
    folder.run("batch in -o out -q --report out -j 4").is_done();
    let checked = report(&folder, "check/report.json");
    assert_eq!(checked, report(&folder, "out/report.json"));
    assert_eq!(checked["pairs"], serde_json::from_str::<Value>(&json).unwrap()["pairs"]);
    assert_eq!((&checked["documents"], &checked["skipped"]["no-field"]), (&json!(4), &json!(1)));
    let example = json!(["He opened ", " door of the old house and wen"]);
    assert_eq!(checked["pairs"]["tbe → the"], json!({ "number": 3, "example": example }));
    assert_eq!(checked["worst"][0]["path"], "in/bad.txt");
    folder.run("batch in -o out -q --report out --resume").is_done();
    assert_eq!(checked, report(&folder, "out/report.json"), "what was done before counts");
}

#[test]
fn the_page_stands_alone_and_nothing_in_a_text_is_markup() {
    let folder = archive();
    folder.write("in/no-text.bin", [0_u8; 20]);
    folder.run("check in --report report -q --min-confidence 1");
    let page = folder.text("report/report.html");
    for part in ["How bad the documents are", "Kinds of error", "To look at first", "Worst documents", "no-text.bin"] {
        assert!(page.contains(part), "{part}");
    }
    for foreign in ["http", "<script", "src=", "<b>door"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn a_report_overwrites_no_output() {
    let folder = archive();
    folder.write("in/report.html", "<p>a page</p>");
    folder.run("batch in -o out --report out").is_trouble(&["out/report.html", "would overwrite an output"]);
    folder.run("check in --report in").is_trouble(&["in/report.html"]);
    assert_eq!(folder.text("in/report.html"), "<p>a page</p>");
}
