//! What a batch does when things go wrong: it is killed, files are damaged,
//! vanish or may not be read. Nothing is lost, and everything is told.

mod common;

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{CLEAN, DIRTY, Folder};
use scanno::corpus::Compression;
use serde_json::json;

/// Texts, and records in several blocks, some of them broken.
fn corpus() -> Folder {
    let folder = Folder::new();
    for i in 0..40 {
        folder.write(&format!("in/{}/{i}.txt", i % 3), DIRTY.repeat(i % 4));
    }
    folder.write("in/nul.txt", [0_u8; 9]);
    let pad = "x".repeat(100_000);
    let mut records = String::new();
    for i in 0..200 {
        records += &match i % 50 {
            7 => format!("{{\"id\": {i}, \"text\": \"cut\n"),
            _ => format!("{}\n", json!({"id": i, "pad": pad, "text": DIRTY})),
        };
    }
    folder.write("in/records.jsonl.zst", Compression::Zstd.compress(records.clone().into()).unwrap());
    folder.write("in/records.jsonl", records);
    folder
}

const RUN: &str = "batch in --log log --report report -q -o";

/// The report, but for its times.
fn report(folder: &Folder, name: &str) -> serde_json::Value {
    let mut report: serde_json::Value = serde_json::from_slice(&folder.read(name)).unwrap();
    report["time"].take();
    report
}

/// Everything that a run has written, but for temporary files of one that was killed.
fn written(folder: &Folder, names: [&str; 2]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (kind, name) in ["out", "log"].iter().zip(names) {
        for file in folder.files(name) {
            if !file.ends_with(".tmp") {
                files.insert(format!("{kind}/{file}"), folder.read(&format!("{name}/{file}")));
            }
        }
    }
    files
}

/// Kills runs after a random while, goes on, and compares with one run.
#[cfg(unix)]
fn killed_runs_give_the_same(times: usize) {
    let folder = corpus();
    let begun = Instant::now();
    assert_eq!(folder.run("batch in -q --log one-log --report one-report -o one").code, 2);
    let whole = begun.elapsed();
    let one = written(&folder, ["one", "one-log"]);
    assert!(one.contains_key("out/records.jsonl") && one.contains_key("out/failed.jsonl"));
    let random = RandomState::new();
    let mut killed = 0;
    for time in 0..times {
        let _ = std::fs::remove_dir_all(folder.path("out"));
        let _ = std::fs::remove_dir_all(folder.path("log"));
        let mut waits = Vec::new();
        // Killed twice: a run that went on is interrupted, too.
        for round in 0..2 {
            let mut child = folder.start(&format!("{RUN} out --resume"));
            let wait = whole.mul_f64((random.hash_one((time, round)) % 1000) as f64 / 1000.0);
            waits.push(wait);
            sleep(wait);
            child.kill().unwrap();
            killed += usize::from(child.wait().unwrap().code().is_none());
        }
        assert_eq!(folder.run(&format!("{RUN} out --resume")).code, 2);
        assert_eq!(report(&folder, "report/report.json"), report(&folder, "one-report/report.json"));
        let many = written(&folder, ["out", "log"]);
        assert_eq!(one.keys().collect::<Vec<_>>(), many.keys().collect::<Vec<_>>(), "killed after {waits:?}");
        for (name, bytes) in &many {
            assert!(one[name] == *bytes, "{name} differs, killed after {waits:?}");
        }
    }
    assert!(killed > 0, "every run was faster than its killer");
}

#[cfg(unix)]
#[test]
fn a_killed_run_goes_on_as_if_nothing_had_been() {
    killed_runs_give_the_same(3);
}

#[cfg(unix)]
#[test]
#[ignore = "twenty runs; run with --ignored"]
fn twenty_killed_runs_go_on_as_if_nothing_had_been() {
    killed_runs_give_the_same(20);
}

/// A run of `folder` that has noted its first checkpoint in `in/records.jsonl`.
#[cfg(unix)]
fn begun(folder: &Folder) -> Child {
    let child = folder.start(&format!("{RUN} out -j 1"));
    let since = Instant::now();
    let manifest = folder.path("out/.scanno-batch.jsonl");
    while !std::fs::read_to_string(&manifest).is_ok_and(|text| text.contains("\"part\"")) {
        assert!(since.elapsed() < Duration::from_secs(60), "no checkpoint");
        sleep(Duration::from_millis(1));
    }
    child
}

#[cfg(unix)]
fn long_records(blocks: usize) -> Folder {
    let folder = Folder::new();
    let record = format!("{}\n", json!({"pad": "x".repeat(500_000), "text": DIRTY}));
    folder.write("in/records.jsonl", record.repeat(5 * blocks));
    folder
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_at_a_checkpoint_and_says_how_to_go_on() {
    if common::is_interrupt_ignored() {
        return;
    }
    let folder = long_records(40);
    let mut child = begun(&folder);
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let code = child.wait().unwrap().code();
    assert!(matches!(code, Some(130 | 0)), "{code:?}");
    if code == Some(130) {
        assert_eq!(folder.files("out"), [".records.jsonl.scanno-part", ".scanno-batch.jsonl"]);
    }
    folder.run("batch in -q --log log -o out --resume").is_done();
    folder.run("batch in -q --log log -o one").is_done();
    assert_eq!(folder.files("out"), folder.files("one"));
    assert!(folder.read("out/records.jsonl") == folder.read("one/records.jsonl"));
}

#[cfg(unix)]
#[test]
fn an_input_that_was_changed_since_begins_anew() {
    let folder = long_records(40);
    let mut child = begun(&folder);
    child.kill().unwrap();
    child.wait().unwrap();
    let changed = folder.text("in/records.jsonl").replacen('x', "y", 1);
    folder.write("in/records.jsonl", &changed);
    folder.run("batch in -q --log log -o out --resume").is_done();
    assert!(folder.text("out/records.jsonl").starts_with("{\"pad\":\"yx"));
    assert_eq!(folder.text("out/records.jsonl").lines().count(), changed.lines().count());
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "records.jsonl"]);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("in/a.txt", CLEAN);
    let locked = folder.write("in/b.txt", CLEAN);
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o0)).unwrap();
    if std::fs::read(&locked).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    folder.run("batch in -o out").has_error(&["in/b.txt", "permission denied"]);
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "a.txt", "failed.jsonl"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_vanishes_is_named_and_the_rest_is_done() {
    let folder = Folder::new();
    for i in 0..1500 {
        folder.write(&format!("in/{i:04}.txt"), CLEAN);
    }
    let child = Command::new(assert_cmd::cargo::cargo_bin!("scanno"))
        .args(["batch", "in", "-o", "out", "-q", "-j", "1"])
        .current_dir(folder.path("."))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while !folder.path("out/0000.txt").exists() {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing was done");
        sleep(Duration::from_millis(1));
    }
    std::fs::remove_file(folder.path("in/1499.txt")).unwrap();
    let output = child.wait_with_output().unwrap();
    if folder.path("out/1499.txt").exists() {
        println!("skipped: the run was too fast");
        return;
    }
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && stderr.contains("in/1499.txt: no such file"), "{stderr}");
    assert_eq!(folder.files("out").len(), 1499 + 2);
}

#[test]
fn damaged_archives_of_records_are_named_and_leave_nothing() {
    let folder = Folder::new();
    let records = format!("{}\n", json!({"pad": "x".repeat(100_000), "text": DIRTY})).repeat(60);
    for (name, compression) in [("a.jsonl.gz", Compression::Gzip), ("b.jsonl.zst", Compression::Zstd)] {
        let whole = compression.compress(records.clone().into()).unwrap();
        folder.write(&format!("in/cut-{name}"), &whole[..whole.len() - 9]);
        folder.write(&format!("in/false-{name}"), &records.as_bytes()[..500]);
        folder.write(&format!("in/good-{name}"), whole);
    }
    let run = folder.run("batch in -o out");
    for name in ["cut-a.jsonl.gz", "false-a.jsonl.gz", "cut-b.jsonl.zst", "false-b.jsonl.zst"] {
        run.has_error(&[name, "damaged"]);
    }
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "failed.jsonl", "good-a.jsonl.gz", "good-b.jsonl.zst"]);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_are_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    folder.write("in/a.txt", CLEAN);
    let names: [&[u8]; 2] = [b"caf\xe9.txt", b"caf\xe9.jsonl"];
    for (name, content) in names.iter().zip([DIRTY.to_owned(), json!({"text": DIRTY}).to_string()]) {
        std::fs::write(folder.path("in").join(OsStr::from_bytes(name)), content).unwrap();
    }
    for done in [0, 3] {
        let run = folder.run("batch in -o out --log log --resume");
        assert!(run.is_done().stderr.starts_with(&format!("{} files cleaned", 3 - done)), "{}", run.stderr);
        for name in names {
            let text = std::fs::read_to_string(folder.path("out").join(OsStr::from_bytes(name))).unwrap();
            assert!(text.contains("He opened the door"), "{text}");
        }
    }
    let listed = [&b"in/"[..], names[0], b"\0"].concat();
    folder.run_with_input("batch --files-from - -o listed", listed).is_done();
    assert!(folder.path("listed/in").join(OsStr::from_bytes(names[0])).exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_once_and_ends_the_run() {
    let folder = Folder::new();
    for i in 0..50 {
        folder.write(&format!("in/{i:02}.txt"), CLEAN.repeat(1000));
    }
    let Some(_small) = common::disk::Small::mount(folder.path("small"), "1m") else {
        println!("skipped: this user may not mount a file system");
        return;
    };
    let run = folder.run("batch in -o small/out -j 1");
    run.has_error(&["small/out/", ".txt", "no space left"]);
    assert_eq!(run.errors().len(), 1);
    assert!(run.stderr.contains("of 50 files done"), "{}", run.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_disk_that_was_full_a_run_goes_on_as_if_nothing_had_been() {
    let folder = corpus();
    let Some(small) = common::disk::Small::mount(folder.path("small"), "9m") else {
        println!("skipped: this user may not mount a file system");
        return;
    };
    assert_eq!(folder.run("batch in -q --log one-log --report one-report -o one").code, 2);
    let run = folder.run("batch in --report small/report --log small/log -o small/out");
    run.has_error(&["no space left on the device"]);
    small.grow("200m");
    let run = folder.run("batch in -q --report small/report --log small/log -o small/out --resume");
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(report(&folder, "small/report/report.json"), report(&folder, "one-report/report.json"));
    assert!(written(&folder, ["small/out", "small/log"]) == written(&folder, ["one", "one-log"]));
}

/// All logs in one file are the same as if each were for itself, however often
/// a run was killed.
#[cfg(unix)]
#[test]
fn a_stream_of_logs_survives_being_killed() {
    let folder = corpus();
    assert_eq!(folder.run("batch in -q --log apart -o one").code, 2);
    let apart: Vec<u8> = {
        let mut names = folder.files("apart");
        // In the order of the plan: by the parts of a path.
        names.sort_by_key(|name| std::path::PathBuf::from(name.strip_suffix(".scanno.jsonl").unwrap()));
        names.iter().flat_map(|name| folder.read(&format!("apart/{name}"))).collect()
    };
    let begun = Instant::now();
    assert_eq!(folder.run("batch in -q --log logs/all.jsonl -o whole").code, 2);
    let whole = begun.elapsed();
    assert!(folder.read("logs/all.jsonl") == apart);
    assert_eq!(folder.files("logs"), ["all.jsonl"]);
    let random = RandomState::new();
    for round in 0..3 {
        let mut child = folder.start("batch in -q --log logs/many.jsonl -o many --resume");
        sleep(whole.mul_f64((random.hash_one(round) % 1000) as f64 / 1000.0));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(folder.run("batch in -q --log logs/many.jsonl -o many --resume").code, 2);
    assert!(folder.read("logs/many.jsonl") == apart);
    // And a run that has nothing to do, and one that has a little.
    for _ in 0..2 {
        assert_eq!(folder.run("batch in -q --log logs/many.jsonl -o many --resume").code, 2);
        assert!(folder.read("logs/many.jsonl") == apart);
        std::fs::remove_file(folder.path("many/1/7.txt")).unwrap();
    }
    assert_eq!(folder.files("logs"), ["all.jsonl", "many.jsonl"]);
}
