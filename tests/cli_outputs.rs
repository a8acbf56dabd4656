//! What is written, and over what it is not: outputs of a call over its
//! inputs, of two runs over one another, over what is not scanno's, through
//! links, and for more eyes than before.
#![cfg(unix)]

mod common;

use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{CLEAN, DIRTY, Folder};
use serde_json::json;

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(60), "{what}: waited for a minute");
        sleep(Duration::from_millis(1));
    }
}

fn mode(folder: &Folder, name: &str) -> u32 {
    std::fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777
}

fn set_mode(folder: &Folder, name: &str, mode: u32) {
    std::fs::set_permissions(folder.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Records in `blocks` blocks.
fn records(folder: &Folder, blocks: usize) {
    let record = format!("{}\n", json!({"pad": "x".repeat(500_000), "text": DIRTY}));
    folder.write("in/records.jsonl", record.repeat(5 * blocks));
}

mod two_runs_at_once {
    use super::*;

    #[test]
    fn the_second_is_refused_and_the_first_is_whole() {
        let folder = Folder::new();
        records(&folder, 12);
        folder.run("batch in -q -o one").is_done();
        let mut first = folder.start("batch in -q -j 1 -o out");
        wait_until("a part", || folder.path("out/.records.jsonl.scanno-part").exists());
        let second = folder.run("batch in -o out");
        let is_over = first.try_wait().unwrap().is_some();
        assert!(first.wait().unwrap().success());
        if !is_over {
            second.is_trouble(&["out", "another scanno (process", "is at work there"]);
        }
        assert!(folder.read("out/records.jsonl") == folder.read("one/records.jsonl"));
        assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "records.jsonl"]);
    }

    #[test]
    fn nor_do_two_share_the_file_or_folder_of_their_logs() {
        let folder = Folder::new();
        for i in 0..300 {
            folder.write(&format!("in/{i:04}.txt"), DIRTY);
        }
        for (log, lock) in [("all.jsonl", ".all.jsonl.scanno-lock"), ("logs", "logs/.scanno-lock")] {
            let mut first = folder.start(&format!("batch in -q -j 1 --log {log} -o first"));
            wait_until("a lock", || folder.path(lock).exists());
            let second = folder.run(&format!("batch in -q --log {log} -o second"));
            let is_over = first.try_wait().unwrap().is_some();
            assert!(first.wait().unwrap().success());
            if !is_over {
                second.is_trouble(&[log, "another scanno"]);
            }
            assert!(!folder.path(lock).exists());
        }
        // Logs may lie where the texts lie.
        folder.run("batch in -q --log third -o third").is_done();
    }

    /// Kills one of two runs, begins again, and compares with one run.
    fn killed_runs_give_the_same(times: u64) {
        use std::hash::{BuildHasher, RandomState};
        let folder = Folder::new();
        records(&folder, 6);
        for i in 0..60 {
            folder.write(&format!("in/{i}.txt"), DIRTY.repeat(i % 4));
        }
        let begun = Instant::now();
        folder.run("batch in -q --log one-log -o one").is_done();
        let whole = begun.elapsed();
        let random = RandomState::new();
        for time in 0..times {
            let _ = std::fs::remove_dir_all(folder.path("out"));
            let _ = std::fs::remove_dir_all(folder.path("log"));
            let part = |round: u32| whole.mul_f64((random.hash_one((time, round)) % 1000) as f64 / 1000.0);
            let mut runs = [0, 1].map(|round| {
                let run = folder.start("batch in -q --log log -o out --resume");
                sleep(part(round) / 3);
                run
            });
            sleep(part(2));
            runs.iter_mut().for_each(|run| run.kill().unwrap());
            for mut run in runs {
                run.wait().unwrap();
            }
            folder.run("batch in -q --log log -o out --resume").is_done();
            for (one, many) in [("one", "out"), ("one-log", "log")] {
                assert_eq!(folder.files(one), folder.files(many), "round {time}");
                for file in folder.files(one).iter().filter(|file| !file.starts_with('.')) {
                    assert!(folder.read(&format!("{one}/{file}")) == folder.read(&format!("{many}/{file}")), "{file}");
                }
            }
        }
    }

    #[test]
    fn whichever_is_killed_nothing_is_lost() {
        killed_runs_give_the_same(2);
    }

    #[test]
    #[ignore = "two hundred rounds; run with --ignored"]
    fn in_two_hundred_rounds() {
        killed_runs_give_the_same(200);
    }
}

/// What `--resume` goes on with is what was written, to the byte.
mod resume {
    use super::*;

    /// A run of records that was killed after its first checkpoint.
    fn killed() -> Folder {
        let folder = Folder::new();
        records(&folder, 10);
        folder.run("batch in -q -o one").is_done();
        let mut run = folder.start("batch in -q -j 1 -o out");
        let manifest = folder.path("out/.scanno-batch.jsonl");
        wait_until("a checkpoint", || std::fs::read_to_string(&manifest).is_ok_and(|text| text.contains("\"part\"")));
        run.kill().unwrap();
        run.wait().unwrap();
        folder
    }

    #[test]
    fn changed_bytes_of_a_part_are_not_gone_on_with() {
        let folder = killed();
        let part = "out/.records.jsonl.scanno-part";
        let mut bytes = folder.read(part);
        bytes[10] = 0;
        folder.write(part, bytes);
        folder.run("batch in -q -o out --resume").is_done();
        assert!(folder.read("out/records.jsonl") == folder.read("one/records.jsonl"));
    }

    #[test]
    fn an_emptied_or_changed_log_does_not_count_as_done() {
        let folder = Folder::new();
        folder.write("in/a.txt", DIRTY);
        folder.write("in/b.txt", DIRTY);
        for log in ["log", "log.jsonl"] {
            let run = || folder.run(&format!("batch in -o out --log {log} --resume"));
            run().is_done();
            assert!(run().is_done().stderr.contains("2 done before"));
            let file = if log == "log" { "log/a.txt.scanno.jsonl" } else { log };
            let whole = folder.text(file);
            for damaged in [String::new(), whole.replacen("tbe", "tbc", 1)] {
                folder.write(file, damaged);
                assert!(!run().is_done().stderr.contains("2 done before"));
                assert_eq!(folder.text(file), whole);
            }
        }
    }
}

/// By whatever name a file is called.
mod over_inputs {
    use super::*;

    fn folder() -> Folder {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        folder.write("truth.txt", DIRTY);
        folder.write("words.txt", "Wexmoore\n");
        folder.write("pairs.tsv", "tbe\tthe\n");
        folder.write("scanno.toml", "lexicon = [\"words.txt\"]\npairs = [\"pairs.tsv\"]\n");
        folder.run("clean page.txt -o cleaned.txt --log log.jsonl").is_done();
        std::fs::hard_link(folder.path("words.txt"), folder.path("hard.txt")).unwrap();
        symlink("words.txt", folder.path("soft.txt")).unwrap();
        folder
    }

    #[test]
    fn no_output_of_any_command_goes() {
        let folder = folder();
        let files = folder.files(".");
        let before: Vec<_> = files.iter().map(|file| folder.read(file)).collect();
        for (arguments, parts) in [
            ("learn --ocr page.txt --truth truth.txt -o page.txt", ["page.txt", "what is learned from"]),
            ("learn --ocr page.txt --truth truth.txt -o truth.txt", ["truth.txt", "what is learned from"]),
            ("learn --log log.jsonl -o log.jsonl", ["log.jsonl", "what is learned from"]),
            ("apply log.jsonl page.txt -o page.txt", ["page.txt", "the text"]),
            ("apply log.jsonl page.txt -o log.jsonl", ["log.jsonl", "the log"]),
            ("apply log.jsonl page.txt -o out.txt --log words.txt --memory words.txt", ["words.txt", "the memory"]),
            ("apply log.jsonl page.txt -o scanno.toml", ["scanno.toml", "the settings"]),
            ("revert log.jsonl cleaned.txt -o cleaned.txt", ["cleaned.txt", "the text"]),
            ("clean page.txt -o words.txt", ["words.txt", "the list of own words"]),
            ("clean page.txt -o hard.txt", ["hard.txt", "the list of own words"]),
            ("clean page.txt -o soft.txt", ["soft.txt", "the list of own words"]),
            ("clean page.txt -o new.txt --log pairs.tsv", ["pairs.tsv", "the list of own corrections"]),
            ("clean page.txt -o new.txt --log scanno.toml", ["scanno.toml", "the settings"]),
            ("clean page.txt -o new.txt --log ./new.txt", ["new.txt", "the result"]),
            ("review --html cleaned.txt cleaned.txt", ["cleaned.txt", "the text"]),
            ("review --html words.txt page.txt", ["words.txt", "the list of own words"]),
        ] {
            folder.run(arguments).is_trouble(&parts);
            let after: Vec<_> = files.iter().map(|file| folder.read(file)).collect();
            assert!(before == after && folder.files(".") == files, "{arguments}");
        }
    }

    #[test]
    fn nor_over_the_log_that_is_reviewed() {
        let folder = folder();
        folder.run("clean -w page.txt").is_done();
        let log = folder.text("page.txt.scanno.jsonl");
        folder.run("review --html page.txt.scanno.jsonl page.txt").is_trouble(&["the log of a text"]);
        folder.run("clean -w truth.txt truth.txt.scanno.jsonl").has_error(&["truth.txt.scanno.jsonl", "the text"]);
        assert_eq!(folder.text("page.txt.scanno.jsonl"), log);
    }

    #[test]
    fn nor_those_of_a_batch() {
        let folder = folder();
        folder.write("words/page.txt", "Wexmoore\n");
        folder.run("batch page.txt -o words --lexicon words/page.txt").is_trouble(&["words/page.txt", "overwritten"]);
        assert_eq!(folder.text("words/page.txt"), "Wexmoore\n");
        folder.write("in/report.html", DIRTY);
        folder.run("batch in -o out --report in").is_trouble(&["in/report.html", "an input"]);
        assert_eq!(folder.text("in/report.html"), DIRTY);
    }
}

/// Under the names that scanno uses.
mod what_is_not_ours {
    use super::*;

    #[test]
    fn stays() {
        for name in ["failed.jsonl", ".scanno-batch.jsonl", ".scanno-adapted.json", "report.html", "report.json"] {
            for content in ["{\"my\":\"data\"}\n", "<!DOCTYPE html>\n<title>mine</title>\n", ""] {
                let folder = Folder::new();
                folder.write("in/a.txt", CLEAN);
                folder.write(&format!("out/{name}"), content);
                folder.run("batch in -o out --report out").is_trouble(&[&format!("out/{name}"), "scanno's"]);
                assert_eq!(folder.text(&format!("out/{name}")), content);
                assert_eq!(folder.files("out"), [name]);
            }
        }
    }

    #[test]
    fn nor_is_a_log_written_over_what_is_none() {
        let folder = Folder::new();
        folder.write("in/a.txt", DIRTY);
        folder.write("log/a.txt.scanno.jsonl", "{\"my\":\"data\"}\n");
        folder.run("batch in -o out --log log").is_trouble(&["log/a.txt.scanno.jsonl", "no change log"]);
        assert!(!folder.path("out").exists());
    }

    #[test]
    fn and_what_is_ours_is_replaced() {
        let folder = Folder::new();
        folder.write("in/a.txt", CLEAN);
        folder.write("in/b.bin", [0_u8; 64]);
        for _ in 0..2 {
            let run = folder.run("batch in -o out --report out --adapt --log out");
            run.has_error(&["in/b.bin"]);
        }
        std::fs::remove_file(folder.path("in/b.bin")).unwrap();
        folder.run("batch in -o out --report out --adapt --log out").is_done();
        assert!(!folder.path("out/failed.jsonl").exists());
    }
}

/// None that lies in a folder of outputs is followed.
mod links {
    use super::*;

    #[test]
    fn lead_to_no_input() {
        for name in [
            ".a.jsonl.scanno-part",
            ".scanno-batch.jsonl",
            ".scanno-lock",
            ".scanno-adapted.json",
            "failed.jsonl",
            "report.html",
            "a.jsonl",
            "b.txt",
        ] {
            for target in ["../in/a.jsonl", "../mine", "../missing"] {
                let folder = Folder::new();
                let record = format!("{}\n", json!({"text": DIRTY}));
                folder.write("in/a.jsonl", &record);
                folder.write("in/b.txt", DIRTY);
                folder.write("in/c.bin", [0_u8; 64]);
                folder.write("mine", "mine");
                folder.write("out/other", "");
                symlink(target, folder.path(&format!("out/{name}"))).unwrap();
                assert_eq!(folder.run("batch in -o out --report out --adapt").code, 2);
                let case = format!("{name} -> {target}");
                assert_eq!(folder.text("in/a.jsonl"), record, "{case}");
                assert_eq!(folder.text("in/b.txt"), DIRTY, "{case}");
                assert_eq!(folder.text("mine"), "mine", "{case}");
                assert!(!folder.path("missing").exists(), "{case}");
            }
        }
    }

    #[test]
    fn to_folders_lead_to_nothing_elsewhere() {
        let folder = Folder::new();
        folder.write("in/sub/a.txt", DIRTY);
        folder.write("mine/a.txt", "mine");
        folder.write("mine/a.txt.scanno.jsonl", "mine");
        folder.write("out/other", "");
        folder.write("log/other", "");
        symlink("../mine", folder.path("out/sub")).unwrap();
        folder.run("batch in -o out").is_trouble(&["out/sub", "a link that leads out of out"]);
        std::fs::remove_file(folder.path("out/sub")).unwrap();
        folder.write("mine/a.txt.scanno.jsonl", "");
        symlink("../mine", folder.path("log/sub")).unwrap();
        folder.run("batch in -o out --log log").is_trouble(&["log/sub", "a link that leads out of log"]);
        assert_eq!(folder.text("mine/a.txt"), "mine");
        // The folder that is named may be a link: it is what the user has named.
        symlink("mine", folder.path("alias")).unwrap();
        folder.run("batch in -o alias").is_done();
        assert!(folder.path("mine/sub/a.txt").exists());
    }
}

/// What is made from a text is not for more eyes than the text.
mod modes {
    use super::*;

    #[test]
    fn of_a_private_text_hold_for_all_that_is_made_from_it() {
        let folder = Folder::new();
        let record = format!("{}\n", json!({"text": DIRTY}));
        for (name, content) in [("in/a.txt", DIRTY), ("in/b.jsonl", &*record), ("page.txt", DIRTY)] {
            folder.write(name, content);
            set_mode(&folder, name, 0o600);
        }
        folder.run("batch in -o out --log log --report report --adapt").is_done();
        folder.run("batch in -o out2 --log all.jsonl").is_done();
        folder.run("clean page.txt -o cleaned.txt --log log.jsonl").is_done();
        folder.run("clean -w page.txt").is_done();
        folder.run("review --html page.html page.txt").is_done();
        folder.run("learn --ocr cleaned.txt --truth page.txt -o my.model").is_done();
        for name in folder.files(".") {
            assert_eq!(mode(&folder, &name), 0o600, "{name}");
        }
    }

    #[test]
    fn of_a_file_that_is_replaced_stay() {
        let folder = Folder::new();
        folder.write("in/a.jsonl", format!("{}\n", json!({"text": DIRTY})));
        folder.write("in/b.txt", DIRTY);
        for name in ["out/a.jsonl", "out/b.txt"] {
            folder.write(name, "old");
            set_mode(&folder, name, 0o640);
        }
        folder.run("batch in -o out").is_done();
        for name in ["out/a.jsonl", "out/b.txt"] {
            assert_eq!(mode(&folder, name), 0o640, "{name}");
            set_mode(&folder, name, 0o400);
            let before = folder.read(name);
            folder.run("batch in -o out").has_error(&[name, "read-only"]);
            assert!(folder.read(name) == before && mode(&folder, name) == 0o400);
            set_mode(&folder, name, 0o640);
        }
        folder.write("page.txt", DIRTY);
        set_mode(&folder, "page.txt", 0o444);
        folder.run("clean -w page.txt").is_trouble(&["page.txt", "read-only"]);
        assert_eq!(folder.files(".").iter().filter(|name| name.starts_with("page.txt")).count(), 1);
    }
}

/// No temporary file outlives its run for long.
mod temporary_files {
    use super::*;

    /// The names of temporary files in `name`.
    fn temporary(folder: &Folder, name: &str) -> Vec<String> {
        folder.files(name).into_iter().filter(|file| file.ends_with(".tmp")).collect()
    }

    #[test]
    fn of_dead_runs_are_removed_by_the_next() {
        let folder = Folder::new();
        folder.write("page.txt", DIRTY);
        folder.write("in/a.txt", DIRTY);
        folder.write(".scanno-dead00.tmp", "cut o");
        folder.write("out/.scanno-dead00.tmp", "cut o");
        folder.write("out/.scanno-mine.tmp", "a name that scanno does not give");
        folder.run("batch in -o out").is_done();
        assert_eq!(temporary(&folder, "out"), [".scanno-mine.tmp"]);
        folder.run("clean -w page.txt").is_done();
        assert!(!folder.path(".scanno-dead00.tmp").exists());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn go_with_the_run_when_it_is_asked_to_end_though_ctrl_c_is_ignored() {
        for signal in ["TERM", "HUP"] {
            let folder = Folder::new();
            // Long enough to be met while its output is being prepared.
            folder.write("in/page.txt", DIRTY.repeat(20_000));
            let program = assert_cmd::cargo::cargo_bin!("scanno");
            let script = format!("trap '' INT; exec '{}' batch in -q -o out", program.display());
            let mut run = Command::new("sh").args(["-c", &script]).current_dir(folder.path(".")).spawn().unwrap();
            wait_until("a run", || folder.path("out/.scanno-batch.jsonl").exists());
            let kill = |signal: &str| {
                Command::new("kill").args([&format!("-{signal}"), &run.id().to_string()]).status().unwrap();
            };
            // This one is ignored, the next asks politely, the last does not.
            kill("INT");
            kill(signal);
            sleep(Duration::from_millis(50));
            kill(signal);
            let code = run.wait().unwrap().code();
            assert!(matches!(code, Some(130 | 0)), "{signal}: {code:?}");
            assert_eq!(temporary(&folder, "out"), Vec::<String>::new());
            assert!(!folder.path("out/.scanno-lock").exists());
        }
    }
}
