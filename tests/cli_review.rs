//! `scanno review` on the real binary.

mod common;

use common::{CLEAN, DIRTY, Folder, Run};

#[test]
fn nothing_to_review_is_nothing_and_0() {
    let folder = Folder::new();
    folder.write("page.txt", CLEAN);
    for color in ["auto", "always", "never"] {
        let run = folder.run(&format!("review page.txt --color {color}"));
        assert_eq!(run.is_done().text(), "");
    }
    assert_eq!(folder.run_with_input("review", CLEAN).is_done().text(), "");
    assert_eq!(folder.files("."), ["page.txt"]);
}

#[test]
fn bad_files_are_named_and_the_others_reviewed() {
    let folder = Folder::new();
    folder.write("page.txt", CLEAN);
    folder.write("nul.bin", [0_u8; 64]);
    let run = folder.run("review missing.txt nul.bin page.txt");
    assert_eq!(run.errors().len(), 2);
    run.has_error(&["missing.txt", "no such file"]);
    run.has_error(&["nul.bin", "not text"]);
}

#[test]
fn the_diff_is_one_that_patch_and_git_take() {
    let folder = Folder::new();
    folder.write("sub/page.txt", DIRTY.replace('\n', "\r\n").trim_end());
    let run = folder.run("review sub/page.txt");
    assert_eq!(run.code, 1);
    assert!(!run.text().contains('\u{1b}'));
    folder.write("changes.diff", &run.stdout);
    folder.write("for-git/sub/page.txt", folder.read("sub/page.txt"));
    let shell = |script: &str| {
        let output = std::process::Command::new("sh").args(["-c", script]).current_dir(folder.path(".")).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    };
    shell("cd for-git && git apply ../changes.diff");
    let by_git = folder.text("for-git/sub/page.txt");
    assert!(by_git.contains("opened the door") && by_git.contains("committee\r\n"), "{by_git}");
    if std::process::Command::new("patch").arg("--version").output().is_ok() {
        let dirty = folder.text("sub/page.txt");
        for patch in ["patch --binary -p0", "patch --binary -p1", "cd sub; patch --binary page.txt"] {
            folder.write("sub/page.txt", &dirty);
            shell(&format!("{patch} < {}", folder.path("changes.diff").display()));
            assert_eq!(folder.text("sub/page.txt"), by_git, "{patch}");
        }
    }
    // A file below the current folder is named from there, however it was named.
    folder.write("sub/page.txt", DIRTY);
    let by_full_name = folder.run(&format!("review {}", folder.path("sub/page.txt").display()));
    assert_eq!(by_full_name.text(), folder.run("review sub/page.txt").text());
}

#[test]
fn in_color_words_are_marked_within_their_lines() {
    let folder = Folder::new();
    folder.write("page.txt", DIRTY);
    let run = folder.run("review page.txt --color always");
    assert_eq!(run.code, 1);
    assert!(run.text().contains('\u{1b}') && run.text().contains("tbe"), "{}", run.text());
    assert!(!folder.run("review page.txt --color never").text().contains('\u{1b}'));
    assert_eq!(folder.text("page.txt"), DIRTY);
}

#[test]
fn suggestions_are_in_the_diff_too() {
    let folder = Folder::new();
    folder.write("page.txt", DIRTY);
    folder.write("scanno.toml", "min-confidence = 1.0\n");
    let run = folder.run("review page.txt");
    assert_eq!(run.code, 1);
    assert!(run.text().contains("+He opened the door"), "{}", run.text());
}

#[test]
fn the_page_holds_the_texts_of_a_folder_that_have_changes() {
    let folder = Folder::new();
    folder.write("in/dirty.txt", DIRTY);
    folder.write("in/clean.txt", CLEAN);
    folder.write("in/latin.txt", b"The caf\xe9 of tbe town was na\xefve, and the fa\xe7ade cost \xa35.\n");
    let run = folder.run("review --html out/review.html in");
    run.is_trouble(&["review.html", "no folder"]);
    let run = folder.run("review --html review.html in");
    assert!(run.is_done().stderr.contains("in 2 texts; 1 other has none"), "{}", run.stderr);
    let page = folder.text("review.html");
    assert!(page.contains("com-\\nmittee") && page.contains("café of tbe") && !page.contains("stood on the hill"));
    assert_eq!(folder.run("review --html - in").is_done().text(), page, "the same input, the same page");
    let run = folder.run_with_input("review --html -", DIRTY);
    assert!(run.is_done().text().contains("text.scanno.jsonl"));
}

#[test]
fn what_cannot_be_on_the_page_is_named() {
    let folder = Folder::new();
    folder.write("in/page.txt", DIRTY);
    folder.write("in/records.jsonl", "{\"text\":\"tbe\"}\n");
    folder.write("in/page.txt.gz", "tbe");
    folder.write("in/nul.bin", [0_u8; 64]);
    folder.write("in/page.txt.scanno.jsonl", "{\"type\":\"document\"}\n");
    let run = folder.run("review --html review.html in missing.txt");
    assert_eq!((run.code, run.errors().len()), (2, 4), "{}", run.stderr);
    run.has_error(&["records.jsonl", "holds records"]);
    run.has_error(&["page.txt.gz", "compressed"]);
    run.has_error(&["nul.bin", "not text"]);
    run.has_error(&["missing.txt", "no such file"]);
    assert!(run.stderr.contains("page.txt.scanno.jsonl: is left aside"), "{}", run.stderr);
    assert!(folder.text("review.html").contains("com-\\nmittee"));
    folder.run("review --html in/page.txt in/page.txt").is_trouble(&["in/page.txt", "overwrite"]);
    folder.run("review --html in/page.txt.scanno.jsonl in/page.txt").is_trouble(&["overwrite"]);
    assert_eq!(folder.text("in/page.txt"), DIRTY);
}

#[test]
fn flags_choose_what_is_shown() {
    let folder = Folder::new();
    folder.write("page.txt", DIRTY);
    assert_eq!(folder.run("review --min-confidence 1 page.txt").is_done().text(), "");
    let joined = folder.run("review --only join page.txt --color always");
    assert!(joined.text().contains("government") && !joined.text().contains("the+}"), "{}", joined.text());
    // The same of a log that lies beside the text, whatever it was made with.
    folder.run("clean -w page.txt").is_done();
    let of_log = folder.run("review --only join page.txt --color always");
    let change = |run: &Run| run.text().lines().find(|line| line.contains("[-")).map(str::to_owned);
    assert_eq!(change(&of_log), change(&joined));
    let skipped = folder.run("review --skip join,line-end page.txt");
    assert!(skipped.text().contains("+He opened the door") && skipped.text().contains("gov ernment"), "{skipped:?}");
}

#[test]
fn sorted_it_is_a_list_with_place_class_and_confidence() {
    let folder = Folder::new();
    folder.write("page.txt", DIRTY);
    let run = folder.run("review --sort confidence page.txt");
    assert_eq!(run.code, 1);
    assert!(run.text().starts_with("page.txt: ") && !run.text().contains('\u{1b}'), "{}", run.text());
    let confidence = |line: &str| -> Option<u32> { line.split(" %").next()?.split_whitespace().last()?.parse().ok() };
    let sure: Vec<u32> = run.text().lines().filter(|line| line.contains("[-")).filter_map(confidence).collect();
    assert!(sure.len() >= 3 && sure.is_sorted(), "{sure:?}");
    assert!(run.text().contains("   1  substitution"), "{}", run.text());
    let refused = folder.run("review --sort beauty page.txt");
    assert!(refused.code == 2 && refused.stderr.contains("place, confidence, frequency"), "{refused:?}");
}

#[test]
fn numbers_of_classes_and_pairs() {
    let folder = Folder::new();
    folder.write("one.txt", DIRTY);
    folder.write("two.txt", DIRTY);
    let run = folder.run("review --stat one.txt two.txt");
    assert_eq!(run.code, 1);
    assert!(run.text().contains("\n    2  tbe → the\n"), "{}", run.text());
    assert!(run.text().lines().any(|line| line.starts_with("join ") && line.contains(" 2 ")), "{}", run.text());
}

#[test]
fn a_log_of_another_text_is_left_aside() {
    let folder = Folder::new();
    folder.write("page.txt", DIRTY);
    folder.run("clean -w page.txt").is_done();
    folder.write("page.txt", DIRTY.replace("house", "houses"));
    let run = folder.run("review page.txt");
    assert!(run.stderr.contains("left aside") && run.text().contains("+He opened the door"), "{run:?}");
}
