//! `scanno batch` on the real binary.

mod common;

use std::io::Read;

use common::{CLEAN, DIRTY, Folder, TWICE};
use scanno::corpus::Compression;

#[test]
fn a_folder_lies_directly_under_the_output_with_its_names() {
    let folder = Folder::new();
    folder.write("in/a.txt", CLEAN);
    folder.write("in/deep/er/b.txt", CLEAN);
    folder.write("in/no-extension", "");
    folder.write("single.txt", CLEAN);
    let run = folder.run("batch in single.txt -o out");
    assert!(run.is_done().stderr.starts_with("4 files cleaned into out: 0 changes"), "{}", run.stderr);
    let written = [".scanno-batch.jsonl", "a.txt", "deep/er/b.txt", "no-extension", "single.txt"];
    assert_eq!(folder.files("out"), written);
    assert_eq!(folder.text("out/deep/er/b.txt"), CLEAN);
    assert_eq!(folder.run("batch in -o out -q").is_done().stderr, "");
}

#[test]
fn the_estimate_is_that_of_all_files_together() {
    let folder = Folder::new();
    folder.write("one/dirty.txt", DIRTY.repeat(20));
    let part = |stderr: &str| -> Vec<f64> {
        let line = stderr.split("; ").find(|part| part.starts_with("estimated errors: ")).unwrap_or_default();
        line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
    };
    let one = part(&folder.run("batch one -o out-one").is_done().stderr);
    folder.write("two/dirty.txt", DIRTY.repeat(20));
    folder.write("two/clean.txt", CLEAN.repeat(200));
    folder.write("two/empty.txt", "");
    let two = part(&folder.run("batch two -o out-two").is_done().stderr);
    assert!(one.len() == 2 && one[0] > one[1] && one[1] > 0.0, "{one:?}");
    assert!(two[0] > two[1] && two[0] < 0.4 * one[0], "{one:?} {two:?}");
}

#[test]
fn bytes_that_are_not_changed_stay() {
    let folder = Folder::new();
    let latin = b"The caf\xe9 was na\xefve, and the fa\xe7ade cost \xa35.\r\n".repeat(20);
    folder.write("in/latin.txt", &latin);
    folder.write("in/crlf.txt", "\u{feff}The house.\r\n\u{c}No line end");
    let run = folder.run("batch in -o out");
    assert!(run.is_done().stderr.contains("1 read as windows-1252"), "{}", run.stderr);
    assert_eq!(folder.read("out/latin.txt"), latin);
    assert_eq!(folder.text("out/crlf.txt"), "\u{feff}The house.\r\n\u{c}No line end");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = Folder::new();
    for i in 0..60 {
        folder.write(&format!("in/{}/{i}.txt", i % 7), DIRTY.repeat(i % 5));
    }
    folder.run("batch in -o one --log one-log -j 1").is_done();
    folder.run("batch in -o many --log many-log -j 8").is_done();
    assert_eq!(folder.files("one"), folder.files("many"));
    assert_eq!(folder.files("one-log"), folder.files("many-log"));
    assert_eq!(folder.files("one-log").len(), 60);
    for (a, b) in [("one", "many"), ("one-log", "many-log")] {
        for file in folder.files(a) {
            assert_eq!(folder.read(&format!("{a}/{file}")), folder.read(&format!("{b}/{file}")), "{file}");
        }
    }
}

#[test]
fn what_cannot_be_done_is_one_line_each_and_the_rest_is_done() {
    let folder = Folder::new();
    folder.write("in/a.txt", CLEAN);
    folder.write("in/image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0");
    folder.write("in/nul.bin", [0_u8; 64]);
    folder.write("in/z.txt", CLEAN);
    let run = folder.run("batch in missing.txt -o out");
    run.has_error(&["in/image.png", "PNG"]);
    run.has_error(&["in/nul.bin", "not text"]);
    run.has_error(&["missing.txt", "no such file"]);
    assert_eq!(run.errors().len(), 3);
    assert!(run.stderr.contains("2 files cleaned") && run.stderr.contains("3 not done"), "{}", run.stderr);
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "a.txt", "failed.jsonl", "z.txt"]);
    let failed: Vec<serde_json::Value> =
        folder.text("out/failed.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let paths: Vec<_> = failed.iter().map(|failure| failure["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["missing.txt", "in/image.png", "in/nul.bin"]);
    assert!(failed.iter().all(|failure| !failure["reason"].as_str().unwrap().is_empty()));
    std::fs::remove_file(folder.path("in/image.png")).unwrap();
    std::fs::remove_file(folder.path("in/nul.bin")).unwrap();
    folder.run("batch in -o out --resume").is_done();
    assert!(!folder.path("out/failed.jsonl").exists());
}

#[test]
fn with_fail_fast_nothing_is_begun_after_a_failure() {
    let folder = Folder::new();
    folder.write("in/0.bin", [0_u8; 64]);
    for i in 1..200 {
        folder.write(&format!("in/{i}.txt"), DIRTY);
    }
    let run = folder.run("batch in -o out --fail-fast -j 1");
    run.has_error(&["in/0.bin"]);
    assert!(run.stderr.contains("--resume"), "{}", run.stderr);
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "failed.jsonl"]);
}

#[test]
fn paths_from_a_list_keep_their_folders() {
    let folder = Folder::new();
    folder.write("a/1.txt", CLEAN);
    folder.write("b/1.txt", DIRTY);
    folder.write("b/deep/2.txt", CLEAN);
    let all = [".scanno-batch.jsonl", "a/1.txt", "b/1.txt", "b/deep/2.txt"];
    folder.write("list", "a/1.txt\r\n\n./b\n");
    folder.run("batch --files-from list -o lines").is_done();
    assert_eq!(folder.files("lines"), all);
    folder.run_with_input("batch --files-from - -o nul", "a/1.txt\0b/1.txt\0b/deep/2.txt\0").is_done();
    assert_eq!(folder.files("nul"), all);
    folder.run("batch a --files-from list -o both").is_done();
    folder.run("batch --files-from missing -o out").is_trouble(&["missing", "no such file"]);
}

#[test]
fn patterns_are_expanded_and_others_leave_out() {
    let folder = Folder::new();
    for name in ["in/a/1.txt", "in/a/1.png", "in/b/1.txt", "in/old/1.txt"] {
        folder.write(name, CLEAN);
    }
    let run = folder.run("batch in/*/*.txt -o out --exclude old");
    assert!(run.is_done().stderr.contains("1 excluded entry left out"), "{}", run.stderr);
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "a/1.txt", "b/1.txt"]);
    folder.run("batch in -o out2 --exclude *.png --exclude /a --exclude !1.txt").is_done();
    assert_eq!(folder.files("out2"), [".scanno-batch.jsonl", "b/1.txt", "old/1.txt"]);
    folder.run("batch in/*.pdf -o out3").has_error(&["in/*.pdf", "no file has such a name"]);
    folder.run("batch in -o out3 --exclude [z-a]").is_trouble(&["[z-a]"]);
}

#[test]
fn compressed_texts_stay_compressed() {
    let folder = Folder::new();
    let mut expected = Vec::new();
    for (name, compression) in
        [("a.txt", Compression::None), ("b.txt.gz", Compression::Gzip), ("c.zst", Compression::Zstd)]
    {
        folder.write(&format!("in/{name}"), compression.compress(DIRTY.into()).unwrap());
        folder.run("batch in -o out --log log").is_done();
        expected.push(unpacked(&folder, &format!("out/{name}")));
    }
    assert_ne!(expected[0], DIRTY);
    assert!(expected.iter().all(|text| *text == expected[0]));
    assert!(folder.run("batch in -o out --log log --resume").is_done().stderr.contains("3 done before"));
    folder.write("in/b.txt.gz", &folder.read("in/b.txt.gz")[..60]);
    folder.run("batch in -o out2").has_error(&["in/b.txt.gz", "cut off or damaged"]);
    assert_eq!(folder.files("out2"), [".scanno-batch.jsonl", "a.txt", "c.zst", "failed.jsonl"]);
}

/// The text in a file that may be compressed.
fn unpacked(folder: &Folder, name: &str) -> String {
    let bytes = folder.read(name);
    let mut text = String::new();
    Compression::of(name.as_ref()).reader(&*bytes).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn two_inputs_for_one_output_are_refused_before_anything_is_written() {
    let folder = Folder::new();
    folder.write("a/x.txt", CLEAN);
    folder.write("b/x.txt", CLEAN);
    folder.run("batch a b -o out").is_trouble(&["a/x.txt", "b/x.txt", "out/x.txt"]);
    folder.run("batch a/x.txt b/x.txt -o out").is_trouble(&["a/x.txt", "b/x.txt"]);
    assert!(!folder.path("out").exists());
}

#[test]
fn inputs_are_never_written_over() {
    let folder = Folder::new();
    folder.write("in/x.txt", DIRTY);
    folder.run("batch in -o in").is_trouble(&["in/x.txt", "one of the inputs"]);
    folder.run("batch in/x.txt -o ./in").is_trouble(&["one of the inputs"]);
    folder.run("batch in -o in/../in").is_trouble(&["one of the inputs"]);
    assert_eq!(folder.text("in/x.txt"), DIRTY);
    assert_eq!(folder.files("."), ["in/x.txt"]);
}

#[cfg(unix)]
#[test]
fn not_even_through_links() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    folder.write("in/x.txt", DIRTY);
    folder.write("out/y", "");
    symlink("../in/x.txt", folder.path("out/x.txt")).unwrap();
    symlink("in", folder.path("alias")).unwrap();
    folder.run("batch in -o out").is_trouble(&["one of the inputs"]);
    // What a link hides that leads to something else is not touched either.
    folder.write("mine.txt", "mine");
    std::fs::remove_file(folder.path("out/x.txt")).unwrap();
    symlink("../mine.txt", folder.path("out/x.txt")).unwrap();
    folder.run("batch in -o out").is_done();
    assert!(!folder.path("out/x.txt").is_symlink());
    assert_eq!(folder.text("mine.txt"), "mine");
    folder.run("batch in -o alias").is_trouble(&["one of the inputs"]);
    assert_eq!(folder.text("in/x.txt"), DIRTY);
}

#[cfg(unix)]
#[test]
fn linked_texts_are_cleaned_and_broken_or_circular_links_named() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    folder.write("in/a.txt", CLEAN);
    folder.write("elsewhere/b.txt", CLEAN);
    symlink("../elsewhere", folder.path("in/linked")).unwrap();
    symlink("a.txt", folder.path("in/c.txt")).unwrap();
    folder.run("batch in -o out").is_done();
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "a.txt", "c.txt", "linked/b.txt"]);
    assert!(!folder.path("out/c.txt").is_symlink());
    symlink("nowhere", folder.path("in/broken")).unwrap();
    symlink("..", folder.path("in/linked/up")).unwrap();
    symlink(".", folder.path("in/circle")).unwrap();
    let run = folder.run("batch in/a.txt in/broken -o out2");
    run.has_error(&["in/broken"]);
    let run = folder.run("batch in -o out3");
    run.has_error(&["in/broken"]);
    run.has_error(&["error: in/circle: a link that leads back"]);
    assert_eq!(folder.text("out3/a.txt"), CLEAN);
}

#[test]
fn an_output_folder_inside_the_input_is_not_cleaned_again() {
    let folder = Folder::new();
    folder.write("a.txt", CLEAN);
    folder.run("batch . -o out --log log").is_done();
    folder.run("batch . -o out --log log").is_done();
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "a.txt"]);
    assert_eq!(folder.files("log"), ["a.txt.scanno.jsonl"]);
}

#[test]
fn hidden_files_logs_and_settings_are_left_out_and_counted_and_ignored_files_are_not() {
    let folder = Folder::new();
    folder.write("in/.gitignore", "*.txt\n");
    folder.write("in/.git/config", "");
    folder.write("in/a.txt", CLEAN);
    folder.write("in/a.txt.scanno.jsonl", "");
    folder.write("in/scanno.toml", "");
    folder.write(".named.txt", CLEAN);
    let run = folder.run("batch in .named.txt -o out --config in/scanno.toml");
    assert!(run.is_done().stderr.contains("2 hidden entries left out"), "{}", run.stderr);
    assert!(run.stderr.contains("2 files of scanno's own left out"), "{}", run.stderr);
    assert_eq!(folder.files("out"), [".named.txt", ".scanno-batch.jsonl", "a.txt"]);
}

#[test]
fn logs_lie_like_the_texts_and_lead_back() {
    let folder = Folder::new();
    folder.write("in/deep/a.txt", DIRTY);
    folder.run("batch in -o out --log out").is_done();
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "deep/a.txt", "deep/a.txt.scanno.jsonl"]);
    let back = folder.run("revert out/deep/a.txt.scanno.jsonl out/deep/a.txt");
    assert_eq!(back.is_done().text(), DIRTY);
}

#[test]
fn logs_are_compressed_on_request_and_lead_back() {
    let folder = Folder::new();
    folder.write("in/a.txt", DIRTY);
    for (how, name) in [("gz", "a.txt.scanno.jsonl.gz"), ("zst", "a.txt.scanno.jsonl.zst")] {
        folder.run(&format!("batch in -o out --log log --log-compress {how}")).is_done();
        assert!(unpacked(&folder, &format!("log/{name}")).starts_with("{\"type\":\"document\""));
        assert_eq!(folder.run(&format!("revert log/{name} out/a.txt")).is_done().text(), DIRTY);
        assert_eq!(folder.run(&format!("apply log/{name} in/a.txt")).is_done().text(), folder.text("out/a.txt"));
        let again = folder.run(&format!("batch in log -o out --log log --log-compress {how} --resume"));
        assert!(again.is_done().stderr.starts_with("0 files cleaned"), "{}", again.stderr);
        let cut = &folder.read(&format!("log/{name}"))[..40];
        folder.write("cut", cut);
        folder.run("revert cut out/a.txt").is_trouble(&["cut", "the compressed log is cut off or damaged"]);
    }
    assert_eq!(folder.files("log"), ["a.txt.scanno.jsonl.gz", "a.txt.scanno.jsonl.zst"]);
}

#[test]
fn compressed_files_that_would_fill_the_memory_are_refused() {
    let folder = Folder::new();
    folder.write("in/a.txt", DIRTY);
    folder.run("clean in/a.txt -o a.txt --log a.jsonl").is_done();
    // More than 64 MiB of blanks: as long as a line may be, so that nothing else is wrong with it.
    let log = folder.text("a.jsonl") + &" ".repeat(70 << 20);
    for (name, compression) in [("x.txt.gz", Compression::Gzip), ("x.txt.zst", Compression::Zstd)] {
        let dense = compression.compress(log.clone().into_bytes()).unwrap();
        folder.write("dense", &dense);
        for command in ["revert dense a.txt", "apply dense in/a.txt", "log dense", "learn --log dense -o model"] {
            let run = folder.run(command);
            run.is_trouble(&["dense: ", "the compressed log holds more than 200 times its size", "decompress it"]);
        }
        folder.write(&format!("many/{name}"), dense);
    }
    folder.write("many/a.txt", CLEAN);
    let run = folder.run("batch many -o out");
    for name in ["many/x.txt.gz", "many/x.txt.zst"] {
        run.has_error(&[name, "holds more than 200 times its size", "decompress it"]);
    }
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "a.txt", "failed.jsonl"]);
    // Decompressed, the same is good.
    folder.write("whole.jsonl", log);
    assert_eq!(folder.run("revert whole.jsonl a.txt").is_done().text(), DIRTY);
}

#[test]
fn all_logs_are_one_stream_if_the_name_says_so() {
    let folder = Folder::new();
    for name in ["in/b/2.txt", "in/a.txt", "in/b/1.txt", "in/c.txt"] {
        folder.write(name, DIRTY);
    }
    folder.write("in/nul.bin", [0_u8; 64]);
    assert_eq!(folder.run("batch in -o out --log in/logs.jsonl -j 1").code, 2);
    let stream = folder.text("in/logs.jsonl");
    let paths: Vec<serde_json::Value> = stream
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|record| record["type"] == "document")
        .map(|record| record["path"].clone())
        .collect();
    assert_eq!(paths, ["in/a.txt", "in/b/1.txt", "in/b/2.txt", "in/c.txt"]);
    assert_eq!(stream.matches("{\"type\":\"summary\"").count(), 4);
    for name in ["x/logs.jsonl.gz", "x/logs.jsonl.zst"] {
        // The stream that lies among the texts is no input.
        folder
            .run(&format!("batch in --exclude nul.bin --exclude logs.jsonl -o {name}-out --log {name} -j 8"))
            .is_done();
        assert_eq!(unpacked(&folder, name), stream);
        folder.write("in/c.txt", CLEAN);
        let run =
            folder.run(&format!("batch in --exclude nul.bin --exclude logs.jsonl -o {name}-out --log {name} --resume"));
        assert!(run.is_done().stderr.contains("3 done before"), "{}", run.stderr);
        let changed = unpacked(&folder, name);
        assert!(changed != stream && changed.starts_with(&stream[..stream.rfind("{\"type\":\"document\"").unwrap()]));
        folder.write("in/c.txt", DIRTY);
    }
    assert_eq!(folder.run("batch in -o out --log in/logs.jsonl --resume").code, 2);
    assert_eq!(folder.text("in/logs.jsonl"), stream);
    folder.run("batch in -o out --log in/a.txt.jsonl --log-compress gz").is_trouble(&["a.txt.jsonl", "--log-compress"]);
    folder.write("in/other.jsonl", "{\"text\": \"x\"}\n");
    folder.run("batch in -o out --log in/other.jsonl").is_trouble(&["in/other.jsonl", "is no change log"]);
    folder.run("batch in/other.jsonl -o out --log in/other.jsonl").is_trouble(&["in/other.jsonl", "one of the inputs"]);
    folder.run("batch in -o out --log out/failed.jsonl").is_trouble(&["out/failed.jsonl", "meaning of its own"]);
}

#[test]
fn a_log_beside_an_input_is_not_written_over() {
    let folder = Folder::new();
    folder.write("in/a.txt", DIRTY);
    folder.write("in/a.txt.scanno.jsonl", "the way back");
    folder.run("batch in -o out --log in").is_trouble(&["in/a.txt.scanno.jsonl", "log of one"]);
    assert_eq!(folder.text("in/a.txt.scanno.jsonl"), "the way back");
}

#[test]
fn a_target_that_is_no_folder_is_one_line() {
    let folder = Folder::new();
    folder.write("in/a.txt", CLEAN);
    folder.write("file", "");
    folder.run("batch in -o file").is_trouble(&["file", "a folder is needed"]);
    folder.run("batch in -o out --log file").is_trouble(&["file", "a folder is needed"]);
    folder.run("batch in -o file/out").is_trouble(&["file/out", "cannot be written"]);
    assert_eq!(folder.files("."), ["file", "in/a.txt"]);
}

#[test]
fn the_same_input_named_twice_is_done_once() {
    let folder = Folder::new();
    folder.write("in/a.txt", CLEAN);
    assert!(folder.run("batch in in/a.txt ./in -o out").is_done().stderr.starts_with("1 file cleaned"));
}

#[test]
fn an_empty_folder_is_no_trouble() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("in")).unwrap();
    assert!(folder.run("batch in -o out").is_done().stderr.starts_with("0 files cleaned"));
}

mod resume {
    use super::*;

    /// Three texts, cleaned.
    fn cleaned() -> Folder {
        let folder = Folder::new();
        for name in ["a", "b", "c"] {
            folder.write(&format!("in/{name}.txt"), CLEAN);
        }
        folder.run("batch in -o out").is_done();
        folder
    }

    #[track_caller]
    fn goes_on(folder: &Folder, arguments: &str, cleaned: &str, before: &str) {
        let run = folder.run(&format!("batch in -o out --resume {arguments}"));
        let stderr = &run.is_done().stderr;
        assert!(stderr.starts_with(cleaned) && stderr.contains(before), "{stderr}");
    }

    #[test]
    fn what_is_complete_is_passed_over() {
        let folder = cleaned();
        let written = folder.path("out/a.txt").metadata().unwrap().modified().unwrap();
        goes_on(&folder, "", "0 files cleaned", "3 done before");
        assert_eq!(folder.path("out/a.txt").metadata().unwrap().modified().unwrap(), written);
        goes_on(&folder, "", "0 files cleaned", "3 done before");
    }

    #[test]
    fn what_is_missing_changed_or_new_is_done() {
        let folder = cleaned();
        std::fs::remove_file(folder.path("out/a.txt")).unwrap();
        folder.write("in/b.txt", CLEAN.repeat(2));
        folder.write("in/d.txt", CLEAN);
        goes_on(&folder, "", "3 files cleaned", "1 done before");
        assert_eq!(folder.text("out/a.txt"), CLEAN);
        assert_eq!(folder.text("out/b.txt"), CLEAN.repeat(2));
        assert_eq!(folder.text("out/d.txt"), CLEAN);
    }

    #[test]
    fn an_output_that_was_touched_since_is_done_anew() {
        let folder = cleaned();
        folder.write("out/a.txt", "half");
        goes_on(&folder, "", "1 file cleaned", "2 done before");
        assert_eq!(folder.text("out/a.txt"), CLEAN);
    }

    #[test]
    fn other_settings_start_anew() {
        let folder = cleaned();
        goes_on(&folder, "--level eager", "3 files cleaned", "");
        goes_on(&folder, "--level eager", "0 files cleaned", "3 done before");
        goes_on(&folder, "", "3 files cleaned", "");
        folder.write("names.txt", "Shadadi");
        goes_on(&folder, "--lexicon names.txt", "3 files cleaned", "");
        folder.write("names.txt", "Hassakeh");
        goes_on(&folder, "--lexicon names.txt", "3 files cleaned", "");
    }

    #[test]
    fn logs_that_are_asked_for_now_are_written() {
        let folder = cleaned();
        goes_on(&folder, "--log log", "3 files cleaned", "");
        assert_eq!(folder.files("log").len(), 3);
        std::fs::remove_file(folder.path("log/b.txt.scanno.jsonl")).unwrap();
        goes_on(&folder, "--log log", "1 file cleaned", "2 done before");
        assert_eq!(folder.files("log").len(), 3);
    }

    #[test]
    fn an_interrupted_run_goes_on() {
        let folder = cleaned();
        let record = folder.text("out/.scanno-batch.jsonl");
        let half: String = record.lines().take(2).map(|line| format!("{line}\n")).collect();
        folder.write("out/.scanno-batch.jsonl", half + "{\"type\":\"done\",\"name\":\"b.t");
        std::fs::remove_file(folder.path("out/c.txt")).unwrap();
        goes_on(&folder, "", "2 files cleaned", "1 done before");
        assert_eq!(folder.text("out/.scanno-batch.jsonl"), record);
    }

    #[cfg(unix)]
    #[test]
    fn after_ctrl_c_nothing_half_written_lies_there_and_the_rest_is_done() {
        let folder = Folder::new();
        for i in 0..3000 {
            folder.write(&format!("in/{i}.txt"), CLEAN);
        }
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("scanno"))
            .args(["batch", "in", "-o", "out", "-q"])
            .current_dir(folder.path("."))
            .spawn()
            .unwrap();
        let begun = std::time::Instant::now();
        while !folder.path("out/.scanno-batch.jsonl").exists() && begun.elapsed().as_secs() < 20 {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let code = child.wait().unwrap().code();
        assert!(matches!(code, Some(130 | 0)), "{code:?}");
        let files = folder.files("out");
        assert!(files.iter().all(|name| name == ".scanno-batch.jsonl" || folder.text(&format!("out/{name}")) == CLEAN));
        folder.run("batch in -o out --resume").is_done();
        assert_eq!(folder.files("out").len(), 3001);
    }

    #[test]
    fn without_it_all_is_done_anew() {
        let folder = cleaned();
        assert!(folder.run("batch in -o out").is_done().stderr.starts_with("3 files cleaned"));
    }
}

mod own_output {
    use super::*;

    /// Texts that would change once more, cleaned into `once`.
    fn cleaned(arguments: &str) -> Folder {
        let folder = Folder::new();
        folder.write("in/a.txt", TWICE);
        folder.write("in/sub/b.txt", TWICE);
        folder.run(&format!("batch in -o once {arguments}")).is_done();
        let once = folder.text("once/a.txt");
        assert_ne!(folder.run_with_input("clean", &*once).is_done().text(), once, "by the text alone it is not known");
        folder
    }

    /// How many of two texts are left as they are by `batch` with `arguments`, which writes into `twice`.
    #[track_caller]
    fn left_alone(folder: &Folder, arguments: &str) -> usize {
        let run = folder.run(&format!("batch -o twice {arguments}"));
        run.is_done();
        let names = ["a.txt", "sub/b.txt"];
        let same =
            names.iter().filter(|name| folder.read(&format!("twice/{name}")) == folder.read(&format!("once/{name}")));
        let number = same.count();
        let said = format!("{number} cleaned before, passed through");
        assert_eq!(run.stderr.contains(&said), number > 0, "{}", run.stderr);
        number
    }

    #[test]
    fn it_is_left_alone_by_the_same_settings() {
        let folder = cleaned("");
        assert_eq!(left_alone(&folder, "once"), 2);
        folder.run("batch twice -o thrice").is_done();
        assert_eq!(folder.text("thrice/sub/b.txt"), folder.text("once/sub/b.txt"));
        folder.run("batch once/sub -o below").is_done();
        assert_eq!(folder.text("below/b.txt"), folder.text("once/sub/b.txt"));
    }

    #[test]
    fn where_logs_go_and_how_many_threads_there_are_makes_no_difference() {
        let folder = cleaned("--log logs");
        assert_eq!(left_alone(&folder, "once -j 2"), 2);
        assert_eq!(left_alone(&folder, "once --log logs-twice"), 2);
        folder.run("revert logs-twice/a.txt.scanno.jsonl twice/a.txt -o back.txt").is_done();
        assert_eq!(folder.text("back.txt"), folder.text("once/a.txt"));
    }

    #[test]
    fn with_other_settings_or_edited_it_is_cleaned_anew() {
        let folder = cleaned("");
        for arguments in ["once --level eager", "once --adapt", "once --work folder"] {
            assert_eq!(left_alone(&folder, arguments), 0, "{arguments}");
        }
        folder.write("once/a.txt", folder.text("once/a.txt") + CLEAN);
        assert_eq!(left_alone(&folder, "once"), 1);
    }

    #[test]
    fn what_was_learned_from_the_corpus_or_shared_is_no_other_setting() {
        for arguments in ["--adapt", "--work folder"] {
            assert_eq!(left_alone(&cleaned(arguments), &format!("once {arguments}")), 2, "{arguments}");
        }
    }

    #[test]
    fn own_words_count_by_what_they_are() {
        let folder = Folder::new();
        folder.write("in/a.txt", TWICE);
        folder.write("in/sub/b.txt", TWICE);
        folder.write("words.txt", "glad\n");
        folder.run("batch in -o once --lexicon words.txt").is_done();
        assert_eq!(left_alone(&folder, "once --lexicon words.txt"), 2);
        folder.write("words.txt", "glad\nhome\n");
        assert_eq!(left_alone(&folder, "once --lexicon words.txt"), 0);
    }

    #[test]
    fn compressed_texts_are_known_too() {
        let folder = Folder::new();
        let packed = scanno::corpus::Compression::Gzip.compress(TWICE.as_bytes().to_vec()).unwrap();
        folder.write("in/a.txt.gz", packed);
        folder.run("batch in -o once").is_done();
        folder.run("batch once -o twice").is_done();
        assert_eq!(unpacked(&folder, "twice/a.txt.gz"), unpacked(&folder, "once/a.txt.gz"));
    }
}

#[test]
#[ignore = "10,000 files; run with --ignored"]
fn ten_thousand_files_are_done() {
    let folder = Folder::new();
    for i in 0..10_000 {
        folder.write(&format!("in/{}/{i}.txt", i % 100), CLEAN);
    }
    assert!(folder.run("batch in -o out").is_done().stderr.starts_with("10000 files cleaned"));
    assert_eq!(folder.files("out").len(), 10_001);
}
