//! A disk that is full at each of the writes of a command: what was there is
//! there still, what is new is whole, and it is said.
#![cfg(target_os = "linux")]

mod common;

use std::fs;

use common::disk::Small;
use common::{DIRTY, Folder};
use scanno::change::Decided;
use scanno::files::Access;
use scanno::review::{Action, Journal};

/// Blocks of four kilobytes that are free: the most have room for everything.
const SIZES: [usize; 10] = [0, 1, 2, 3, 4, 6, 8, 12, 20, 40];

#[test]
fn no_command_leaves_half_of_anything() {
    for (command, read, made) in [
        (
            "clean page.txt -o small/cleaned.txt --log small/log.jsonl",
            &["page.txt"][..],
            &["small/cleaned.txt", "small/log.jsonl"][..],
        ),
        ("clean -w small/page.txt", &["small/page.txt"], &["small/page.txt", "small/page.txt.scanno.jsonl"]),
        (
            "apply log.jsonl page.txt -o small/out.txt --log small/log.jsonl",
            &["page.txt"],
            &["small/out.txt", "small/log.jsonl"],
        ),
        ("revert -w log.jsonl small/cleaned.txt", &["small/cleaned.txt"], &["small/cleaned.txt"]),
        ("learn --ocr page.txt --truth truth.txt -o small/my.model", &["page.txt"], &["small/my.model"]),
        ("review --html small/page.html page.txt", &["page.txt"], &["small/page.html"]),
        ("lexicon add --lexicon small/words.txt Wexmoore", &["small/words.txt"], &["small/words.txt"]),
        (
            "batch page.txt -q -o small/out --log small/log --report small/report",
            &["page.txt"],
            &["small/out/page.txt"],
        ),
    ] {
        let text = DIRTY.repeat(40);
        let prepare = |folder: &Folder| {
            folder.write("page.txt", &text);
            folder.write("truth.txt", &text);
            folder.run("clean page.txt -o cleaned.txt --log log.jsonl").is_done();
            folder.write("words.txt", "# my words\n");
            for name in ["page.txt", "cleaned.txt", "words.txt"] {
                if read.contains(&&*format!("small/{name}")) {
                    folder.write(&format!("small/{name}"), folder.read(name));
                }
            }
        };
        let whole = Folder::new();
        prepare(&whole);
        fs::create_dir_all(whole.path("small")).unwrap();
        whole.run(command).is_done();
        let mut outcomes = [0, 0];
        for size in SIZES {
            let folder = Folder::new();
            let Some(small) = Small::mount(folder.path("small"), "1m") else {
                println!("skipped: this user may not mount a file system");
                return;
            };
            prepare(&folder);
            // A disk of no blocks at all would be one without limits.
            folder.write("small/other", "x");
            let before: Vec<_> = read.iter().map(|name| folder.read(name)).collect();
            // What is there takes its room, and the rest is what is tried.
            let taken: usize = read
                .iter()
                .filter(|name| name.starts_with("small/"))
                .map(|name| folder.read(name).len().div_ceil(4096))
                .sum();
            small.grow(&format!("{}k", (1 + taken + size) * 4));
            let run = folder.run(command);
            let is_done = run.code == 0;
            outcomes[usize::from(is_done)] += 1;
            if !is_done {
                run.has_error(&["no space left"]);
                for (name, before) in read.iter().zip(&before) {
                    assert!(folder.read(name) == *before, "{command}: {name} at {size}");
                }
            }
            for name in made.iter().filter(|name| folder.path(name).exists() && (is_done || !read.contains(*name))) {
                // A page names who reviews and when it was made; a log names its files.
                assert!(folder.read(name).len() == whole.read(name).len(), "{command}: {name} at {size}");
            }
            let left = folder.files("small");
            assert!(!left.iter().any(|name| name.ends_with(".tmp")), "{command}: {left:?} at {size}");
        }
        assert!(outcomes.iter().all(|&number| number > 0), "{command}: {outcomes:?}");
    }
}

#[test]
fn a_journal_goes_on_after_a_decision_that_found_no_room() {
    let folder = Folder::new();
    let Some(small) = Small::mount(folder.path("small"), "64k") else {
        println!("skipped: this user may not mount a file system");
        return;
    };
    let path = folder.path("small/page.txt.scanno.review.jsonl");
    let decided = Decided { by: "ann".into(), at: "2026-11-22T13:06:00Z".into() };
    let word = |number: usize| Action::OwnWord { word: format!("{number}{}", "x".repeat(700)) };
    for is_begun in [false, true] {
        let (mut journal, lines) = Journal::open(&path, "0", Access::ANY).unwrap();
        let mut kept = lines.len();
        if is_begun {
            journal.add(&word(0), &decided).unwrap();
            kept += 1;
        }
        let filler = folder.path("small/filler");
        let size = (0..).find(|&size| fs::write(&filler, vec![0_u8; size * 4096]).is_err()).unwrap();
        assert!(size > 1);
        let added = (1..20).take_while(|&number| journal.add(&word(number), &decided).is_ok()).count();
        assert!(added < 19, "else this proves nothing");
        fs::remove_file(&filler).unwrap();
        journal.add(&word(99), &decided).unwrap();
        assert_eq!(Journal::open(&path, "0", Access::ANY).unwrap().1.len(), kept + added + 1);
    }
    drop(small);
}
