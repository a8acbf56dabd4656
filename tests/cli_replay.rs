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
    // The log that leads back lies beside the text.
    assert_eq!(folder.files("."), ["cleaned.txt", "log.jsonl", "out.txt", "out.txt.scanno.jsonl", "page.txt"]);
    folder.run("revert -w out.txt.scanno.jsonl out.txt").is_done();
    assert_eq!(folder.read("out.txt"), ORIGINAL);
    folder.run("apply -w --no-log log.jsonl page.txt").is_done();
    assert!(!folder.path("page.txt.scanno.jsonl").exists());
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
    folder.run("apply log.jsonl .").is_trouble(&["-w", "-o DIR"]);
    folder.run("revert log.jsonl .").is_trouble(&["is a folder"]);
    folder.run("apply log.jsonl page.txt -o out.txt --log ./page.txt").is_trouble(&["overwrite the text"]);
    folder.run("apply log.jsonl page.txt --log -").is_trouble(&["standard output"]);
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
        folder.run("apply -w --no-log log.jsonl page.txt").is_done();
        assert_eq!(folder.read("page.txt"), cleaned);
        folder.run("revert -w log.jsonl page.txt").is_done();
        assert_eq!(folder.read("page.txt"), original);
    }
}

#[test]
fn a_log_edited_by_hand_makes_what_it_says() {
    let folder = folder();
    let log = folder.text("log.jsonl");
    let without: String =
        log.lines().filter(|line| !line.contains("\"tbe\"")).map(|line| format!("{line}\n")).collect();
    folder.write("shorter.jsonl", without);
    let run = folder.run("apply shorter.jsonl page.txt -o out.txt --log sealed.jsonl");
    run.is_done();
    assert_eq!(folder.read("out.txt"), b"He went to tbe house.\r\nIt was old.");
    assert_eq!(folder.run("revert sealed.jsonl out.txt").is_done().stdout, ORIGINAL);

    folder.write("other.jsonl", log.replace("\"after\":\"the\"", "\"after\":\"their own\""));
    folder.run("apply other.jsonl page.txt -o out.txt --log sealed.jsonl").is_done();
    assert_eq!(folder.read("out.txt"), b"He went to their own house.\r\nIt was old.");
    assert_eq!(folder.run("revert sealed.jsonl out.txt").is_done().stdout, ORIGINAL);

    // A log that was edited wrongly is refused by place.
    folder.write("wrong.jsonl", log.replace("\"before\":\"tbe\"", "\"before\":\"tho\""));
    folder.run("apply wrong.jsonl page.txt").is_trouble(&["page.txt", "line 1, column 12"]);
}

#[test]
fn a_diff_without_some_hunks_makes_the_others() {
    if std::process::Command::new("patch").arg("--version").output().is_err() {
        println!("skipped: there is no patch");
        return;
    }
    let folder = Folder::new();
    let gap = "The house stood on the hill.\n".repeat(8);
    let page = format!("He opened tbe door of the old house.\n{gap}She closed tbe door of the new house.\n");
    folder.write("page.txt", &page);
    let diff = folder.run("review page.txt").text().to_owned();
    let hunks: Vec<&str> = diff.split("\n@@").collect();
    assert_eq!(hunks.len(), 3, "{diff}");
    folder.write("changes.diff", format!("{}\n@@{}", hunks[0], hunks[2]));
    let patch = std::process::Command::new("patch")
        .args(["-s", "page.txt", "changes.diff"])
        .current_dir(folder.path("."))
        .output()
        .unwrap();
    assert!(patch.status.success(), "{patch:?}");
    assert_eq!(folder.text("page.txt"), page.replace("closed tbe", "closed the"));
}

#[test]
fn each_of_many_logs_finds_its_text() {
    let folder = Folder::new();
    let mut all = Vec::new();
    for name in ["one", "two", "three"] {
        let original = format!("He came to tbe {name}.\n");
        let (_, log) = log_of(&format!("{name}.txt"), original.as_bytes(), &[("tbe", "the")]);
        if name != "three" {
            folder.write(&format!("pages/in/{name}.txt"), &original);
        }
        all.extend(log);
    }
    folder.write("pages/other.txt", "Nothing of this.\n");
    folder.write("all.jsonl", &all);
    let run = folder.run("apply all.jsonl pages -o out --log logs");
    run.has_error(&["all.jsonl", "three.txt", "no text has the hash"]);
    assert!(run.stderr.contains("2 of 3 logs applied"), "{run:?}");
    assert_eq!(folder.files("out"), ["in/one.txt", "in/two.txt"]);
    assert_eq!(folder.text("out/in/one.txt"), "He came to the one.\n");
    assert_eq!(folder.files("logs"), ["in/one.txt.scanno.jsonl", "in/two.txt.scanno.jsonl"]);
    folder.run("apply all.jsonl pages").is_trouble(&["-w", "-o DIR"]);

    let run = folder.run("apply -w all.jsonl pages/in/one.txt pages/in/two.txt");
    run.has_error(&["three.txt"]);
    assert_eq!(folder.text("pages/in/two.txt"), "He came to the two.\n");
    folder.run("revert -w pages/in/two.txt.scanno.jsonl pages/in/two.txt").is_done();
    assert_eq!(folder.text("pages/in/two.txt"), "He came to tbe two.\n");
    // The log of one text among several.
    assert_eq!(folder.run("apply all.jsonl pages/in/two.txt").text(), "He came to the two.\n");
}

/// A log's numbers size nothing: with little memory to be had, it is as useful as without them.
#[cfg(unix)]
#[test]
fn a_huge_number_in_a_log_takes_no_memory() {
    let folder = folder();
    let log = folder.text("log.jsonl");
    let bytes = format!("\"bytes\":{}", ORIGINAL.len());
    let run = |arguments: &str| {
        let scanno = assert_cmd::cargo::cargo_bin("scanno");
        // 4 GB of addresses: threads have stacks that they do not use.
        let command = format!("ulimit -v 4000000; exec '{}' {arguments}", scanno.display());
        std::process::Command::new("sh").args(["-c", &command]).current_dir(folder.path(".")).output().unwrap()
    };
    for huge in ["9223372036854775807", "18446744073709551615", "1099511627776"] {
        assert!(log.contains(&bytes));
        folder.write("huge.jsonl", log.replacen(&bytes, &format!("\"bytes\":{huge}"), 1));
        let output = run("revert huge.jsonl cleaned.txt");
        assert_eq!((output.status.code(), &*output.stdout), (Some(0), ORIGINAL), "{output:?}");
        let output = run("apply huge.jsonl page.txt");
        assert_eq!((output.status.code(), output.stdout), (Some(0), folder.read("cleaned.txt")));
        folder.write("other.txt", "Another text.\n");
        folder.write("other.txt.scanno.jsonl", folder.read("huge.jsonl"));
        for arguments in ["apply huge.jsonl other.txt", "revert huge.jsonl other.txt"] {
            let output = run(arguments);
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1, "{output:?}");
        }
        assert_eq!(run("review -q other.txt").status.code(), Some(0));
    }
}

#[test]
fn a_log_that_blows_up_is_refused() {
    let folder = folder();
    let spaces = vec![b' '; 100 << 20];
    let bomb = zstd::encode_all(&*spaces, 3).unwrap();
    folder.write("bomb.jsonl", bomb);
    folder.run("apply bomb.jsonl page.txt").is_trouble(&["bomb.jsonl", "times its size"]);
}
