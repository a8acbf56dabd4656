//! `scanno clean` on the real binary.

mod common;

use common::{CLEAN, DIRTY, Folder, TWICE};

#[test]
fn a_file_goes_to_stdout_byte_for_byte_where_nothing_is_wrong() {
    let folder = Folder::new();
    let text = "\u{feff}The house stood on the hill.  \r\n\u{c}It was\u{ad} old.\r\nNo line end here";
    folder.write("page.txt", text);
    let run = folder.run("clean page.txt");
    assert_eq!(run.is_done().text(), text);
    assert_eq!(run.stderr, "", "nothing to say where nothing was found");
}

#[test]
fn how_bad_it_was_and_is_stands_on_stderr_and_in_the_log() {
    let folder = Folder::new();
    folder.write("page.txt", DIRTY);
    let run = folder.run("clean page.txt -o out.txt --log log.jsonl");
    let line = run.is_done().stderr.lines().nth(1).unwrap_or_default();
    let shares: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let &[before, after] = &shares[..] else { panic!("{line}") };
    let expected = format!("page.txt: estimated errors: {before:.1} % of the words before, {after:.1} % after");
    assert_eq!(line, expected);
    assert!(0.0 < after && after < before && before < 50.0, "{line}");

    let log = folder.text("log.jsonl");
    let summary: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    let estimate = &summary["estimate"];
    assert_eq!(estimate["words"], 28);
    for (name, percent) in [("before", before), ("after", after)] {
        let share = estimate[name].as_f64().unwrap();
        assert!((100.0 * share - percent).abs() < 0.051, "{name}: {share} and {percent}");
    }

    folder.write("noise.txt", "x|q tz~ rnqv ^^ kxx\n".repeat(20));
    let run = folder.run("clean noise.txt -o out.txt");
    assert!(run.is_done().stderr.contains("noise.txt: estimated errors: "), "nothing may be mended: {}", run.stderr);
}

#[test]
fn standard_input_is_read_where_it_is_named_and_where_nothing_is() {
    let folder = Folder::new();
    for arguments in ["clean -", "clean"] {
        assert_eq!(folder.run_with_input(arguments, CLEAN).is_done().text(), CLEAN);
    }
}

#[test]
fn an_empty_file_gives_an_empty_file() {
    let folder = Folder::new();
    folder.write("empty.txt", "");
    assert_eq!(folder.run("clean empty.txt -o out.txt").is_done().stderr, "");
    assert_eq!(folder.read("out.txt"), b"");
    assert_eq!(folder.run_with_input("clean", "").is_done().text(), "");
}

#[test]
fn the_output_file_is_whole_and_nothing_else_is_left() {
    let folder = Folder::new();
    folder.write("page.txt", CLEAN);
    folder.write("out.txt", "what was there before, and longer than the text that comes now".repeat(9));
    assert_eq!(folder.run("clean page.txt -o out.txt --log log.jsonl").is_done().text(), "");
    assert_eq!(folder.text("out.txt"), CLEAN);
    assert_eq!(folder.files("."), ["log.jsonl", "out.txt", "page.txt"]);
}

#[test]
fn in_place_a_text_without_errors_is_left_alone_and_gets_no_log() {
    let folder = Folder::new();
    let path = folder.write("page.txt", CLEAN);
    let before = path.metadata().unwrap().modified().unwrap();
    folder.run("clean -w page.txt").is_done();
    assert_eq!(path.metadata().unwrap().modified().unwrap(), before);
    assert_eq!(folder.files("."), ["page.txt"]);
}

#[test]
fn another_encoding_is_said_and_written_back() {
    let folder = Folder::new();
    let latin = b"The caf\xe9 was na\xefve, and the fa\xe7ade cost \xa35.\r\n".repeat(20);
    folder.write("page.txt", &latin);
    let run = folder.run("clean page.txt");
    assert_eq!(run.is_done().stdout, latin);
    assert!(run.stderr.contains("page.txt") && run.stderr.contains("Windows-1252"), "{}", run.stderr);
    assert_eq!(folder.run("clean -q page.txt").is_done().stderr, "");
    let utf8 = folder.run("clean --to-utf8 page.txt");
    assert!(utf8.is_done().text().starts_with("The café was naïve, and the façade cost £5.\r\n"));
}

#[test]
fn what_cannot_be_read_is_one_line_that_says_what_and_where() {
    let folder = Folder::new();
    folder.write("folder/page.txt", CLEAN);
    folder.write("image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0");
    folder.write("broken.txt", [CLEAN.repeat(20).as_bytes(), "café naïve Zoë\n".as_bytes(), b"a\xffb\n"].concat());
    folder.run("clean missing.txt").is_trouble(&["missing.txt", "no such file"]);
    folder.run("clean folder").is_trouble(&["folder", "is a folder", "scanno batch"]);
    folder.run("clean image.png").is_trouble(&["image.png", "PNG"]);
    folder.run("clean broken.txt").is_trouble(&["broken.txt", "UTF-8", "line 42"]);
    folder.run_with_input("clean", "a\0b".repeat(9)).is_trouble(&["standard input", "not text"]);
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_one_line() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = folder.write("secret.txt", CLEAN);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        return; // Root reads everything.
    }
    folder.run("clean secret.txt").is_trouble(&["secret.txt", "permission denied"]);
}

#[test]
fn the_other_files_of_a_call_are_done() {
    let folder = Folder::new();
    folder.write("a.txt", CLEAN);
    folder.write("c.txt", CLEAN);
    let run = folder.run("clean -w --log=- a.txt missing.txt c.txt");
    run.is_trouble(&["--log"]);
    let run = folder.run("clean --diff a.txt missing.txt image.png c.txt");
    assert_eq!(run.errors().len(), 2);
    run.has_error(&["missing.txt"]);
}

#[test]
fn several_files_need_a_place_of_their_own() {
    let folder = Folder::new();
    folder.write("a.txt", CLEAN);
    folder.write("b.txt", CLEAN);
    let run = folder.run("clean a.txt b.txt");
    run.is_trouble(&["-w", "scanno batch"]);
    assert_eq!(run.text(), "");
    folder.run("clean -w a.txt b.txt --log log.jsonl").is_trouble(&["--log"]);
    folder.run_with_input("clean -w -", CLEAN).is_trouble(&["standard input", "-w"]);
}

#[test]
fn nothing_is_written_over_what_is_read_or_written_otherwise() {
    let folder = Folder::new();
    folder.write("page.txt", CLEAN);
    folder.write("sub/x", "");
    folder.run("clean page.txt --log ./sub/../page.txt").is_trouble(&["page.txt", "log would overwrite"]);
    folder.run("clean page.txt -o page.txt").is_trouble(&["page.txt", "-w"]);
    folder.run("clean page.txt -o new.txt --log ./new.txt").is_trouble(&["new.txt", "would overwrite the result"]);
    folder.run("clean page.txt --log -").is_trouble(&["standard output"]);
    assert_eq!(folder.text("page.txt"), CLEAN);
    assert_eq!(folder.files("."), ["page.txt", "sub/x"]);
}

#[test]
fn an_unwritable_target_is_one_line_and_leaves_nothing() {
    let folder = Folder::new();
    folder.write("page.txt", CLEAN);
    folder.write("folder/x", "");
    folder.run("clean page.txt -o nowhere/out.txt").is_trouble(&["nowhere/out.txt", "no folder nowhere"]);
    folder.run("clean page.txt -o folder").is_trouble(&["folder", "is a folder"]);
    folder.run("clean page.txt --log nowhere/log").is_trouble(&["nowhere/log", "cannot be written"]);
    assert_eq!(folder.files("."), ["folder/x", "page.txt"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_line() {
    let folder = Folder::new();
    folder.write("page.txt", CLEAN);
    folder.run("clean page.txt -o /dev/full").is_trouble(&["/dev/full", "no space left"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = std::process::Command::new(assert_cmd::cargo::cargo_bin!("scanno"))
        .args(["clean", "page.txt"])
        .current_dir(folder.path("."))
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.lines().count() == 1 && stderr.contains("standard output: cannot be written: no space"), "{stderr}");
}

#[test]
fn a_reader_that_has_enough_is_no_trouble() {
    use std::process::Stdio;
    let folder = Folder::new();
    // More than any pipe holds.
    folder.write("page.txt", CLEAN.repeat(20_000));
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("scanno"))
        .args(["clean", "page.txt"])
        .current_dir(folder.path("."))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_at_once_and_leaves_nothing() {
    if common::is_interrupt_ignored() {
        return;
    }
    use std::process::Stdio;
    let folder = Folder::new();
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("scanno"))
        .args(["clean", "-", "-o", "out.txt"])
        .current_dir(folder.path("."))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // Standard input stays open: the program waits for it.
    std::thread::sleep(std::time::Duration::from_millis(500));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(folder.files(".").is_empty());
}

#[test]
fn without_changes_the_diff_is_empty_and_the_exit_code_0() {
    let folder = Folder::new();
    folder.write("page.txt", CLEAN);
    assert_eq!(folder.run("clean --diff page.txt").is_done().text(), "");
}

#[test]
fn the_log_of_a_text_without_errors_has_its_hash_twice() {
    let folder = Folder::new();
    folder.write("page.txt", CLEAN);
    folder.run("clean page.txt -o out.txt --log log.jsonl").is_done();
    let log = folder.text("log.jsonl");
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["type"], "document");
    assert_eq!(lines[0]["path"], "page.txt");
    assert_eq!(lines[0]["config"]["level"], "balanced");
    let summary = lines.last().unwrap();
    assert_eq!(summary["type"], "summary");
    assert_eq!(summary["cleaned_sha256"], lines[0]["sha256"]);
}

#[test]
fn no_bytes_make_it_panic() {
    let folder = Folder::new();
    for bytes in
        [&b"\xff\xfe"[..], b"\xff\xfea", b"\xfe\xff\xd8\x00", b"\xef\xbb\xbf", b"\0", b"\x80\x81", b"\r", b"\x0c\x0b"]
    {
        let code = folder.run_with_input("clean --explain", bytes).code;
        assert!(code == 0 || code == 2, "{bytes:?}: {code}");
    }
}

mod with_errors {
    use super::*;

    #[test]
    fn errors_are_mended_and_summed_up() {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        let run = folder.run("clean page.txt");
        let text = run.is_done().text();
        assert!(text.contains("the door") && text.contains("government") && text.contains("committee\n"), "{text}");
        assert!(run.stderr.contains("page.txt"), "{}", run.stderr);
        assert_eq!(folder.run("clean -q page.txt").is_done().stderr, "");
        assert_eq!(folder.text("page.txt"), DIRTY);
    }

    #[test]
    fn in_place_and_back() {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        folder.run("clean -w page.txt").is_done();
        assert_ne!(folder.text("page.txt"), DIRTY);
        assert_eq!(folder.files("."), ["page.txt", "page.txt.scanno.jsonl"]);
        folder.run("revert -w page.txt.scanno.jsonl page.txt").is_done();
        assert_eq!(folder.text("page.txt"), DIRTY);
        // The log leads back to what stands there already: it may go.
        folder.run("clean -w page.txt").is_done();
        assert_ne!(folder.text("page.txt"), DIRTY);
    }

    #[test]
    fn a_log_that_is_the_only_way_back_is_not_overwritten() {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        folder.run("clean -w page.txt").is_done();
        let log = folder.text("page.txt.scanno.jsonl");
        let edited = folder.text("page.txt") + DIRTY;
        folder.write("page.txt", &edited);
        folder.run("clean -w page.txt").has_error(&["page.txt.scanno.jsonl", "only way back"]);
        assert_eq!(folder.text("page.txt"), edited);
        assert_eq!(folder.text("page.txt.scanno.jsonl"), log);
        folder.run("clean -w page.txt --log second.jsonl").is_done();
        assert_ne!(folder.text("page.txt"), edited);
        folder.run("revert -w second.jsonl page.txt").is_done();
        assert_eq!(folder.text("page.txt"), edited);
    }

    #[test]
    fn what_the_log_beside_it_has_made_is_left_alone() {
        let folder = Folder::new();
        folder.write("page.txt", TWICE);
        folder.run("clean -w page.txt").is_done();
        let once = folder.text("page.txt");
        let log = folder.text("page.txt.scanno.jsonl");
        assert_ne!(folder.run_with_input("clean", &*once).is_done().text(), once, "by the text alone it is not known");

        for arguments in ["clean -w page.txt", "clean -w --log page.txt.scanno.jsonl page.txt"] {
            let run = folder.run(arguments);
            assert!(run.is_done().stderr.starts_with("note: page.txt: was cleaned before"), "{}", run.stderr);
            assert_eq!((folder.text("page.txt"), folder.text("page.txt.scanno.jsonl")), (once.clone(), log.clone()));
        }
        assert_eq!(folder.run("clean page.txt").is_done().text(), once);
        assert_eq!(folder.run("clean --diff page.txt").is_done().text(), "");
        folder.run("batch page.txt -o out").is_done();
        assert_eq!(folder.text("out/page.txt"), once);
        folder.run("revert -w page.txt.scanno.jsonl page.txt").is_done();
        assert_eq!(folder.text("page.txt"), TWICE);
        assert_eq!(folder.run("clean page.txt").is_done().text(), once, "it leads to the text, and was not made of it");
    }

    #[test]
    fn with_other_settings_or_edited_it_is_cleaned_anew() {
        let folder = Folder::new();
        folder.write("page.txt", TWICE);
        folder.write("words.txt", "glad\n");
        folder.run("clean -w page.txt").is_done();
        let once = folder.text("page.txt");
        for arguments in ["clean --level eager page.txt", "clean --lexicon words.txt page.txt"] {
            assert_ne!(folder.run(arguments).is_done().text(), once, "{arguments}");
        }
        folder.write("page.txt", once.clone() + CLEAN);
        assert_ne!(folder.run("clean page.txt").is_done().text(), once + CLEAN);

        // A log names the list, and not what it held.
        folder.write("other.txt", TWICE);
        folder.run("clean -w --lexicon words.txt other.txt").is_done();
        let once = folder.text("other.txt");
        assert_ne!(folder.run("clean --lexicon words.txt other.txt").is_done().text(), once);
    }

    #[test]
    fn without_a_log_where_none_is_wanted() {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        folder.run("clean -w --no-log page.txt").is_done();
        assert_ne!(folder.text("page.txt"), DIRTY);
        assert_eq!(folder.files("."), ["page.txt"]);
    }

    #[test]
    fn if_the_log_cannot_be_written_the_text_stays() {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        folder.write("page.txt.scanno.jsonl/x", "");
        folder.run("clean -w page.txt").has_error(&["page.txt.scanno.jsonl"]);
        assert_eq!(folder.text("page.txt"), DIRTY);
    }

    #[test]
    fn the_other_files_of_a_call_are_changed_in_place() {
        let folder = Folder::new();
        folder.write("a.txt", DIRTY);
        folder.write("c.txt", DIRTY);
        let run = folder.run("clean -w a.txt missing.txt c.txt");
        run.has_error(&["missing.txt"]);
        assert_eq!(run.errors().len(), 1);
        assert!(folder.text("a.txt") != DIRTY && folder.text("a.txt") == folder.text("c.txt"));
        assert_eq!(folder.files("."), ["a.txt", "a.txt.scanno.jsonl", "c.txt", "c.txt.scanno.jsonl"]);
    }

    #[test]
    fn the_diff_shows_what_clean_would_change() {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        let run = folder.run("clean --diff page.txt");
        assert_eq!(run.code, 1);
        assert!(run.text().contains("\n-He opened tbe") && run.text().contains("\n+He opened the"), "{}", run.text());
    }

    #[test]
    fn the_reasons_go_to_stderr() {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        let run = folder.run("clean --explain -q page.txt");
        assert!(!run.is_done().text().contains("tbe"));
        assert!(run.stderr.contains("tbe") && run.stderr.contains("the"), "{}", run.stderr);
    }

    #[test]
    fn the_chosen_classes_hold() {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        let text = folder.run("clean --skip substitution,join page.txt");
        assert!(text.is_done().text().contains("tbe") && text.text().contains("gov ernment"));
        assert!(text.text().contains("committee"));
        let text = folder.run("clean --only join page.txt");
        assert!(text.is_done().text().contains("tbe") && text.text().contains("government"));
    }

    #[test]
    fn own_words_are_left_alone() {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        folder.write("names.txt", "# names\ntbe\n");
        assert!(folder.run("clean --lexicon names.txt page.txt").is_done().text().contains("tbe"));
    }
}
