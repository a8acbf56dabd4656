//! `scanno batch` on records: JSON Lines, in files and through a pipe.

mod common;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use common::{DIRTY, Folder};
use scanno::corpus::Compression;
use serde_json::{Value, json};

/// Records of every kind, with what is to be kept of their form.
fn mixed() -> Vec<String> {
    let french = "La vieille dame ferma la fenêtre et se remit à coudre, car il ne lui restait plus que deux heures.";
    vec![
        json!({"text": DIRTY, "id": 1}).to_string(),
        format!("{{ \"z\" : 1.50, \"text\":{}, \"a\":{{\"text\":\"tbe\"}} }}\r", json!(DIRTY)),
        String::new(),
        "{\"id\": 3}".into(),
        "{\"text\": null}".into(),
        "{\"text\": 7}".into(),
        json!({ "text": french }).to_string(),
        "{}".into(),
    ]
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn one_record_comes_out_for_each_that_goes_in() {
    let folder = Folder::new();
    folder.write("in/mixed.jsonl", mixed().join("\n"));
    let run = folder.run("batch in -o out");
    for part in ["1 file cleaned into out", "7 records: ", "1 with null", "1 not English", "2 without the field"] {
        assert!(run.is_done().stderr.contains(part), "{}", run.stderr);
    }
    let out = folder.text("out/mixed.jsonl");
    assert_eq!(out.split('\n').count(), 8);
    assert!(out.split('\n').nth(1).unwrap().starts_with("{ \"z\" : 1.50, \"text\":\"He opened the door"), "{out}");
    assert!(out.split('\n').nth(1).unwrap().contains("\"a\":{\"text\":\"tbe\"} ,\"scanno\":{"), "{out}");
    assert!(out.split('\n').nth(1).unwrap().ends_with("}\r") && !out.ends_with('\n'));
    let records = lines(&out);
    assert_eq!(records[0]["scanno"]["original"], DIRTY);
    assert_eq!(records[0]["scanno"]["changes"]["substitution"]["applied"], 1);
    assert_eq!(records[0]["scanno"].get("log"), None);
    let skipped: Vec<_> = records[2..].iter().map(|record| record["scanno"]["skipped"].as_str().unwrap()).collect();
    assert_eq!(skipped, ["no-field", "null", "not-text", "not-english", "no-field"]);
}

#[test]
fn originals_may_be_left_out_and_logs_lead_back() {
    let folder = Folder::new();
    folder.write("in.jsonl", mixed().join("\n"));
    folder.run("batch in.jsonl -o out --log log --no-original").is_done();
    let record = &lines(&folder.text("out/in.jsonl"))[0];
    assert_eq!(record["scanno"].get("original"), None);
    let mut text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
    // Undone from left to right, so that all that lies before is the original.
    for change in record["scanno"]["log"].as_array().unwrap() {
        let [before, after] = ["before", "after"].map(|key| change[key].as_str().unwrap());
        if change["decision"] == "applied" {
            let start = change["char_start"].as_u64().unwrap() as usize;
            text.splice(start..start + after.chars().count(), before.chars());
        }
    }
    assert_eq!(text.into_iter().collect::<String>(), DIRTY);
    assert!(!folder.path("log").exists(), "records hold their own logs");
}

#[test]
fn another_field_and_another_name() {
    let folder = Folder::new();
    folder.write("part-0001", format!("{}\n", json!({"text": "tbe", "body": DIRTY})));
    folder.run("batch part-0001 -o out --format jsonl --field body").is_done();
    let record = &lines(&folder.text("out/part-0001"))[0];
    assert_eq!((&record["text"], &record["scanno"]["original"]), (&json!("tbe"), &json!(DIRTY)));
    folder.run("batch part-0001 -o out2").is_done();
    assert!(folder.text("out2/part-0001").starts_with("{\"body\":\"He opened the door"), "as one text");
}

#[test]
fn compressed_records_stay_compressed() {
    let folder = Folder::new();
    folder.write("in/a.jsonl", mixed().join("\n"));
    folder.write("in/b.ndjson.gz", Compression::Gzip.compress(mixed().join("\n").into()).unwrap());
    folder.write("in/c.jsonl.zst", Compression::Zstd.compress(mixed().join("\n").into()).unwrap());
    folder.write("in/empty.jsonl.gz", Compression::Gzip.compress(Vec::new()).unwrap());
    folder.write("in/empty.jsonl", "");
    folder.run("batch in -o out").is_done();
    let unpacked = |name: &str| {
        let bytes = folder.read(&format!("out/{name}"));
        std::io::read_to_string(Compression::of(name.as_ref()).reader(&*bytes).unwrap()).unwrap()
    };
    for name in ["b.ndjson.gz", "c.jsonl.zst"] {
        assert_eq!(unpacked(name), folder.text("out/a.jsonl"), "{name}");
    }
    assert_eq!(unpacked("empty.jsonl.gz") + &unpacked("empty.jsonl"), "");
    assert!(folder.run("batch in -o out --resume").is_done().stderr.contains("5 done before"));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = Folder::new();
    // Several blocks: records are long, their texts short.
    let pad = "x".repeat(20_000);
    let long: String =
        (0..300).map(|i| format!("{}\n", json!({"id": i, "pad": pad, "text": &DIRTY[..i % DIRTY.len()]}))).collect();
    folder.write("in/long.jsonl.gz", Compression::Gzip.compress(long.clone().into()).unwrap());
    folder.write("in/long.jsonl", long);
    for i in 0..9 {
        folder.write(&format!("in/{i}.jsonl"), mixed().join("\n"));
    }
    for (jobs, out) in [(1, "one"), (7, "many")] {
        folder.run(&format!("batch in -o {out} -j {jobs}")).is_done();
    }
    assert_eq!(folder.files("one"), folder.files("many"));
    for name in folder.files("one") {
        assert!(folder.read(&format!("one/{name}")) == folder.read(&format!("many/{name}")), "{name}");
    }
}

#[test]
fn what_is_no_record_is_passed_through_and_named() {
    let folder = Folder::new();
    let good = json!({"text": DIRTY}).to_string();
    let bad: [&[u8]; 4] = [b"{\"text\": \"cut o", b"[1, 2]", b"not json", b"{\"text\":\"\xff\"}"];
    let mut file = Vec::new();
    for line in bad {
        file.extend([good.as_bytes(), b"\n", line, b"\n"].concat());
    }
    folder.write("in/a.jsonl", &file);
    folder.write("in/b.jsonl", format!("{good}\n"));
    folder.write("in/none.jsonl", "This is no JSON.\n{\"text\": \"cut");
    let run = folder.run("batch in -o out");
    for (line, what) in [(2, "valid JSON"), (4, "no JSON object"), (6, "valid JSON"), (8, "not UTF-8")] {
        run.has_error(&["in/a.jsonl", &format!("line {line} "), what]);
    }
    run.has_error(&["in/none.jsonl", "no records"]);
    assert_eq!(folder.files("out"), [".scanno-batch.jsonl", "a.jsonl", "b.jsonl", "failed.jsonl"]);
    let out = folder.read("out/a.jsonl");
    let out: Vec<_> = out.split(|&b| b == b'\n').collect();
    for (i, line) in bad.iter().enumerate() {
        assert_eq!(out[2 * i + 1], *line);
    }
    let failed = lines(&folder.text("out/failed.jsonl"));
    assert_eq!(failed.len(), 5);
    assert_eq!((&failed[1]["path"], &failed[1]["line"]), (&json!("in/a.jsonl"), &json!(4)));
    let again = folder.run("batch in -o out --resume");
    assert_eq!((again.code, lines(&folder.text("out/failed.jsonl"))), (2, failed));
}

#[test]
fn records_that_were_cleaned_are_left_alone() {
    let folder = Folder::new();
    folder.write("in.jsonl", mixed().join("\n"));
    folder.run("batch in.jsonl -o out").is_done();
    let run = folder.run("batch out/in.jsonl -o out2");
    assert!(run.is_done().stderr.contains("7 cleaned before, passed through"), "{}", run.stderr);
    assert_eq!(folder.text("out2/in.jsonl"), folder.text("out/in.jsonl"));
}

#[test]
fn a_pipe_is_a_filter() {
    let folder = Folder::new();
    folder.write("in.jsonl", mixed().join("\n"));
    folder.run("batch in.jsonl -o out --log log").is_done();
    let run = folder.run_with_input("batch - --log -", mixed().join("\n"));
    assert_eq!(run.is_done().text(), folder.text("out/in.jsonl"));
    assert_eq!(folder.run_with_input("batch -", "").is_done().text(), "");
    let broken = folder.run_with_input("batch - -q", "{\"text\": \"x\"}\n{\"text\"");
    broken.has_error(&["standard input: line 2 "]);
    assert!(broken.text().ends_with("\n{\"text\""), "{broken:?}");
    folder.run("batch - in.jsonl").is_trouble(&["stands alone"]);
    folder.run("batch - -o out").is_trouble(&["standard output"]);
    folder.run("batch in.jsonl").is_trouble(&["-o DIR"]);
}

#[test]
fn a_partner_who_waits_for_each_answer_gets_it() {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("scanno"))
        .args(["batch", "-", "-q"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut questions = child.stdin.take().unwrap();
    for id in 0..3 {
        writeln!(questions, "{}", json!({"id": id, "text": DIRTY})).unwrap();
        let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert_eq!((&answer["id"], &answer["scanno"]["original"]), (&json!(id), &json!(DIRTY)));
    }
    drop(questions);
    assert!(answers.next().is_none());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_text_that_is_too_long_is_passed_through() {
    let folder = Folder::new();
    let long = json!({"text": "a ".repeat(9 << 20)}).to_string();
    let file = format!("{}\n{long}\n{}\n", json!({"text": DIRTY}), json!({"text": DIRTY}));
    folder.write("in.jsonl", &file);
    let run = folder.run("batch in.jsonl -o out");
    assert!(run.is_done().stderr.contains("1 too long, passed through"), "{}", run.stderr);
    let out = folder.text("out/in.jsonl");
    let line = out.lines().nth(1).unwrap();
    assert!(line.starts_with(&long[..long.len() - 1]) && line.ends_with("\"skipped\":\"too-long\"}}"));
}

/// Every key that is written is in the schema, and every reason for passing through.
#[test]
fn the_schema_says_what_is_written() {
    let folder = Folder::new();
    let schema: Value = serde_json::from_str(include_str!("../docs/record.schema.json")).unwrap();
    let run = folder.run_with_input("batch - --log -", mixed().join("\n"));
    let properties = &schema["properties"];
    for record in lines(run.is_done().text()) {
        let note = record["scanno"].as_object().unwrap();
        assert_eq!(note["schema"], properties["schema"]["const"]);
        assert!(note.keys().all(|key| !properties[key].is_null()), "{note:?}");
        if let Some(skipped) = note.get("skipped") {
            assert!(properties["skipped"]["enum"].as_array().unwrap().contains(skipped), "{skipped}");
        }
    }
}
