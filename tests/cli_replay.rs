//! `scanno apply` and `scanno revert` on the real binary.

mod common;

use common::{Folder, log_of};

const ORIGINAL: &[u8] = b"He went to tbe house.\r\nIt was oId.";

/// `page.txt`, `cleaned.txt` and `log.jsonl`, which leads from one to the other.
fn folder() -> Folder {
    let folder = Folder::new();
    let (cleaned, log) = log_of("page.txt", ORIGINAL, &[("tbe", "the"), ("oId", "old")]);
    folder.write("page.txt", ORIGINAL);
    folder.write("cleaned.txt", cleaned);
    folder.write("log.jsonl", log);
    folder
}

#[test]
fn the_log_leads_there_and_back() {
    let folder = folder();
    let there = folder.run("apply log.jsonl page.txt");
    assert_eq!(there.is_done().stdout, b"He went to the house.\r\nIt was old.");
    assert_eq!(there.stderr, "");
    assert_eq!(folder.run("revert log.jsonl cleaned.txt").is_done().stdout, ORIGINAL);
    assert_eq!(folder.run_with_input("revert log.jsonl -", there.stdout).is_done().stdout, ORIGINAL);
}

#[test]
fn the_result_goes_to_a_file_or_in_place() {
    let folder = folder();
    assert_eq!(folder.run("apply log.jsonl page.txt -o out.txt").is_done().stdout, b"");
    assert_eq!(folder.read("out.txt"), folder.read("cleaned.txt"));
    folder.run("revert -w log.jsonl out.txt").is_done();
    assert_eq!(folder.read("out.txt"), ORIGINAL);
    folder.run("apply -w log.jsonl out.txt").is_done();
    assert_eq!(folder.read("out.txt"), folder.read("cleaned.txt"));
    assert_eq!(folder.files("."), ["cleaned.txt", "log.jsonl", "out.txt", "page.txt"]);
}

#[test]
fn an_edited_decision_holds() {
    let folder = folder();
    let log = folder.text("log.jsonl").replacen("\"applied\"", "\"rejected\"", 1);
    folder.write("edited.jsonl", log);
    let run = folder.run("apply edited.jsonl page.txt");
    assert_eq!(run.is_done().stdout, b"He went to tbe house.\r\nIt was old.");
}

#[test]
fn a_stale_log_is_one_line_and_nothing_is_written() {
    let folder = folder();
    folder.write("page.txt", [ORIGINAL, b" "].concat());
    folder.run("apply log.jsonl page.txt -o out.txt").is_trouble(&["page.txt"]);
    folder.run("apply -w log.jsonl page.txt").is_trouble(&["page.txt"]);
    folder.run("revert -w log.jsonl page.txt").is_trouble(&["page.txt"]);
    assert_eq!(folder.read("page.txt"), [ORIGINAL, b" "].concat());
    assert!(!folder.path("out.txt").exists());
}

#[test]
fn the_wrong_way_round_is_said() {
    let folder = folder();
    folder.run("apply log.jsonl cleaned.txt").is_trouble(&["cleaned.txt"]);
    folder.run("revert log.jsonl page.txt").is_trouble(&["page.txt"]);
    folder.run("apply page.txt log.jsonl").is_trouble(&["page.txt"]);
    folder.run("apply log.jsonl log.jsonl").is_trouble(&["log.jsonl", "LOG FILE"]);
}

#[test]
fn a_truncated_log_is_one_line() {
    let folder = folder();
    let log = folder.text("log.jsonl");
    let lines: Vec<&str> = log.lines().collect();
    folder.write("log.jsonl", lines[..lines.len() - 1].join("\n") + "\n");
    folder.run("apply log.jsonl page.txt").is_trouble(&["log.jsonl"]);
    folder.write("log.jsonl", &log[..log.len() / 2]);
    folder.run("apply log.jsonl page.txt").is_trouble(&["log.jsonl"]);
    folder.write("log.jsonl", "");
    folder.run("apply log.jsonl page.txt").is_trouble(&["log.jsonl"]);
}

#[test]
fn a_foreign_log_is_one_line() {
    let folder = folder();
    for foreign in
        [&b"{\"a\":1}\n"[..], b"[]", b"hello\nworld\n", b"\xff\xfe\0\0", b"{\"type\":\"document\",\"schema\":9}\n"]
    {
        folder.write("foreign.jsonl", foreign);
        folder.run("apply foreign.jsonl page.txt").is_trouble(&["foreign.jsonl"]);
        folder.run("revert foreign.jsonl cleaned.txt").is_trouble(&["foreign.jsonl"]);
    }
    let (_, other) = log_of("other.txt", b"Quite another tbxt", &[("tbxt", "text")]);
    folder.write("other.jsonl", other);
    folder.run("apply other.jsonl page.txt").is_trouble(&["page.txt"]);
}

#[test]
fn what_is_missing_or_cannot_be_written_is_one_line() {
    let folder = folder();
    folder.run("apply missing.jsonl page.txt").is_trouble(&["missing.jsonl", "no such file"]);
    folder.run("apply log.jsonl missing.txt").is_trouble(&["missing.txt", "no such file"]);
    folder.run("apply . page.txt").is_trouble(&["is a folder"]);
    folder.run("apply log.jsonl .").is_trouble(&["is a folder"]);
    folder.run("apply log.jsonl page.txt -o no/where").is_trouble(&["no/where", "no folder"]);
    folder.run("apply log.jsonl page.txt -o ./log.jsonl").is_trouble(&["overwrite the log"]);
    folder.run("apply - page.txt").is_trouble(&["standard input"]);
    folder.run("apply -w log.jsonl -").is_trouble(&["standard input"]);
}

#[test]
fn other_encodings_come_back_byte_for_byte() {
    let folder = Folder::new();
    let latin = [&b"Tbe caf\xe9 was na\xefve, and the fa\xe7ade cost \xa35.\r\n"[..]; 20].concat();
    let utf16: Vec<u8> = "\u{feff}Tbe house 😀\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for original in [latin, utf16] {
        let (cleaned, log) = log_of("page.txt", &original, &[("Tbe", "The")]);
        assert_ne!(cleaned, original);
        folder.write("page.txt", &original);
        folder.write("log.jsonl", log);
        folder.run("apply -w log.jsonl page.txt").is_done();
        assert_eq!(folder.read("page.txt"), cleaned);
        folder.run("revert -w log.jsonl page.txt").is_done();
        assert_eq!(folder.read("page.txt"), original);
    }
}
