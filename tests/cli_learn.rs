//! `scanno learn` and `--model` on the real binary.

mod common;

use common::Folder;

const TRUTH: &str = "The house of Quorvaxen stood there behind the church, and he thought of it.\n";

/// Pages of an engine that reads `h` as `b` now and then, with their truths.
fn folder() -> Folder {
    let folder = Folder::new();
    for page in 0..6 {
        let mut seen = page;
        let read = |c: char| {
            seen += usize::from(c == 'h');
            if c == 'h' && seen % 3 == 0 { 'b' } else { c }
        };
        let truth = TRUTH.repeat(3);
        folder.write(&format!("pages/{page}.txt"), truth.chars().map(read).collect::<String>());
        folder.write(&format!("truths/{page}.txt"), truth);
    }
    folder
}

#[test]
fn what_pages_teach_mends_other_pages() {
    let folder = folder();
    let run = folder.run("learn --ocr pages --truth truths -o my.model");
    run.is_done();
    assert!(run.stderr.contains("learned from 6 pages of 252 words"), "{run:?}");
    folder.write("page.txt", "They say that Quorvaxcn went with them to the town.\n");
    assert!(folder.run("clean page.txt").text().contains("Quorvaxcn"));
    let mended = folder.run("clean --model my.model page.txt --log log.jsonl -o out.txt");
    mended.is_done();
    assert!(folder.text("out.txt").contains("Quorvaxen"));
    assert!(folder.text("log.jsonl").contains(r#""model":"my.model""#));
    folder.write("scanno.toml", "model = \"my.model\"\n");
    assert!(folder.run("clean page.txt").text().contains("Quorvaxen"));
    // The same pages teach the same.
    let first = folder.read("my.model");
    folder.run("learn --ocr pages --truth truths -o my.model").is_done();
    assert_eq!(folder.read("my.model"), first);
}

#[test]
fn decisions_teach_too() {
    let folder = folder();
    folder.run("batch pages -o cleaned --log logs").is_done();
    folder.run("learn --log logs -o my.model").is_trouble(&["nothing to learn from"]);
    for name in folder.files("logs") {
        let log = folder.text(&format!("logs/{name}")).replace("\"applied\"", "\"accepted\"");
        folder.write(&format!("logs/{name}"), log);
    }
    let run = folder.run("learn --log logs -o my.model");
    assert!(run.is_done().stderr.contains("learned from 0 pages"), "{run:?}");
    folder.run("clean --model my.model pages/0.txt -o out.txt").is_done();
}

#[test]
fn what_cannot_teach_or_is_no_model_is_one_line() {
    let folder = folder();
    folder.write("page.txt", TRUTH);
    folder.run("learn --ocr pages --truth pages/0.txt -o my.model").is_trouble(&["pages"]);
    folder.run("clean --model page.txt page.txt").is_trouble(&["page.txt", "no collection's model"]);
    folder.run("clean --model no.model page.txt").is_trouble(&["no.model", "no such file"]);
    assert!(!folder.path("my.model").exists());
}
