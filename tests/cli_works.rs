//! `scanno batch --work`: what the texts of a book say of one another.

mod common;

use common::Folder;
use serde_json::{Value, json};

/// Two pages that know how a name is spelled, and one that has it misread.
const PAGES: [&str; 3] = [
    "Mr. Wexmoore went home, and Wexmoore was right. The name of Wexmoore was known to us. Mrs. Wexmoore had \
     gone with the other Wexmoore, whom they called the old Wexmoore.\n",
    "In the evening Wexmoore came back with his sister. She was a Wexmoore, too.\n",
    "Then he saw that Wexrnoore had gone away.\n",
];

fn is_mended(text: &str) -> bool {
    text.contains("Wexmoore")
}

fn books() -> Folder {
    let folder = Folder::new();
    for (number, page) in PAGES.iter().enumerate() {
        folder.write(&format!("in/book/{number}.txt"), page);
    }
    folder.write("in/letter/0.txt", PAGES[2]);
    folder
}

#[test]
fn the_pages_in_a_folder_help_one_another() {
    let folder = books();
    folder.run("batch in -o alone --min-confidence 0.4").is_done();
    assert!(!is_mended(&folder.text("alone/book/2.txt")), "else this proves nothing");
    for jobs in [1, 5] {
        folder.run(&format!("batch in -o out --work folder -j {jobs} --log log --min-confidence 0.4")).is_done();
        assert!(is_mended(&folder.text("out/book/2.txt")));
        assert!(!is_mended(&folder.text("out/letter/0.txt")));
    }
    let back = folder.run("revert log/book/2.txt.scanno.jsonl out/book/2.txt");
    assert_eq!(back.is_done().text(), PAGES[2]);
}

#[test]
fn where_one_page_is_changed_its_book_is_done_anew() {
    let folder = books();
    folder.run("batch in -o out --work folder").is_done();
    let run = folder.run("batch in -o out --work folder --resume");
    assert!(run.is_done().stderr.contains("4 done before"), "{}", run.stderr);
    folder.write("in/book/1.txt", "They went home.\n");
    folder.write("in/book/0.txt", "They went home.\n");
    let run = folder.run("batch in -o out --work folder --resume");
    assert!(run.is_done().stderr.contains("1 done before"), "{}", run.stderr);
    assert!(!is_mended(&folder.text("out/book/2.txt")));
    let run = folder.run("batch in -o out --resume");
    assert!(run.is_done().stderr.starts_with("4 files cleaned"), "other settings: {}", run.stderr);
}

#[test]
fn records_of_a_book_help_one_another() {
    let folder = Folder::new();
    let mut records: Vec<Value> = PAGES.iter().map(|page| json!({"book": "A", "text": page})).collect();
    records.push(json!({"book": "B", "text": "Then he saw that Wexmoorc had gone away."}));
    let file: String = records.iter().map(|record| format!("{record}\n")).collect();
    folder.write("in.jsonl", &file);
    for (work, expected) in [("", [false, false]), ("--work book", [true, false]), ("--work file", [true, true])] {
        folder.run(&format!("batch in.jsonl -o out {work} --min-confidence 0.4")).is_done();
        let mended = |text: &str| {
            let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            [2, 3].map(|number| is_mended(records[number]["text"].as_str().unwrap()))
        };
        assert_eq!(mended(&folder.text("out/in.jsonl")), expected, "{work}");
        assert_eq!(
            mended(folder.run_with_input(&format!("batch - {work} --min-confidence 0.4"), &*file).is_done().text()),
            expected
        );
    }
}

/// A name that three texts have and the lexicon lacks, and a fourth text where it is misread.
fn archive() -> Folder {
    let folder = Folder::new();
    for name in ["a", "b", "c"] {
        folder.write(&format!("in/{name}.txt"), PAGES[0]);
    }
    folder.write("in/d.txt", PAGES[2]);
    folder
}

#[test]
fn a_corpus_teaches_its_names_before_it_is_cleaned() {
    let folder = archive();
    folder.run("batch in -o alone --min-confidence 0.4").is_done();
    assert!(!is_mended(&folder.text("alone/d.txt")), "else this proves nothing");
    for jobs in [1, 3] {
        let out = format!("out{jobs}");
        folder.run(&format!("batch in -o {out} --adapt -j {jobs} --min-confidence 0.4")).is_done();
        assert!(is_mended(&folder.text(&format!("{out}/d.txt"))));
        assert_eq!(folder.text(&format!("{out}/.scanno-adapted.json")), folder.text("out1/.scanno-adapted.json"));
    }
    // What was learned serves other texts as the model of a collection.
    folder.run("batch in -o again --model out1/.scanno-adapted.json --min-confidence 0.4").is_done();
    assert!(is_mended(&folder.text("again/d.txt")));
}

#[test]
fn an_adapted_run_goes_on_while_the_corpus_teaches_the_same() {
    let folder = archive();
    let adapt = || {
        let run = folder.run("batch in -o out --adapt --resume");
        run.is_done().stderr.clone()
    };
    assert!(adapt().contains("4 files cleaned"));
    assert!(adapt().contains("4 done before"));
    folder.write("in/e.txt", PAGES[0]);
    assert!(adapt().contains("5 files cleaned"));
}
