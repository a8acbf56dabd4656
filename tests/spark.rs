//! The example for Spark gives every record back.

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::Folder;

/// Records, each with its number, a tab, a line end and an error.
const RECORDS: usize = 10_000;

#[test]
fn every_record_comes_back_from_spark() {
    let Some(spark) = spark_sql() else {
        eprintln!("skipped: spark-sql is neither in PATH nor in SPARK_HOME/bin");
        return;
    };
    let folder = Folder::new();
    let text = |n: usize| format!("Page {n}.\\tHe opened tbe door\\nof \\\"the\\\" old house and went in.");
    let records: String = (0..RECORDS).map(|n| format!("{{\"id\":{n},\"text\":\"{}\"}}\n", text(n))).collect();
    folder.write("pages.jsonl", &records);
    let sql = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/spark/clean.sql");
    let run = Command::new(spark)
        .current_dir(folder.path("."))
        .args(["--master", "local[2]", "--hivevar", "input=pages.jsonl", "--hivevar", "output=cleaned"])
        .args(["--hivevar", concat!("scanno=", env!("CARGO_BIN_EXE_scanno"))])
        .arg("-f")
        .arg(sql)
        .output()
        .expect("spark-sql starts");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));

    let mut seen = BTreeSet::new();
    for part in std::fs::read_dir(folder.path("cleaned")).expect("Spark wrote a folder") {
        let part = part.expect("it can be listed").path();
        if part.extension().is_none_or(|e| e != "txt") {
            continue;
        }
        for line in std::fs::read_to_string(part).expect("Spark wrote text").lines() {
            let record: serde_json::Value = serde_json::from_str(line).expect("a record is JSON");
            assert_eq!(
                record["text"].as_str().map(|t| t.contains("\tHe opened the door\nof \"the\"")),
                Some(true),
                "{line}"
            );
            seen.insert(record["id"].as_u64().expect("the number is kept"));
        }
    }
    assert_eq!(seen.len(), RECORDS);
}

fn spark_sql() -> Option<PathBuf> {
    let home = std::env::var_os("SPARK_HOME").map(|home| PathBuf::from(home).join("bin"));
    let path = std::env::var_os("PATH")?;
    home.into_iter().chain(std::env::split_paths(&path)).map(|folder| folder.join("spark-sql")).find(|p| p.is_file())
}
