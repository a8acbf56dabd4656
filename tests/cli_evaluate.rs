//! `scanno evaluate` on the real binary: hand-made documents whose figures can
//! be counted on fingers, and the development sets where they are at hand.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::Folder;
use serde_json::Value;

const TRUTH: &str = "The quick brown fox jumps over the lazy dog.";
const OCR: &str = "Tbe quick brovvn fox jumps ouer the lazy dog.";
/// One word mended, one made nearer, one broken, one deleted.
const CLEANED: &str = "The quick browvn fox jumbs ouer the dog.";

fn with_document() -> Folder {
    let folder = Folder::new();
    folder.write("pairs/fox.gt.txt", TRUTH);
    folder.write("pairs/fox.ocr.txt", OCR);
    folder.write("cleaned/fox.txt", CLEANED);
    folder
}

fn json(folder: &Folder, arguments: &str) -> Value {
    serde_json::from_str(folder.run(&format!("evaluate --json {arguments}")).is_done().text()).unwrap()
}

#[track_caller]
fn assert_is(figure: &Value, expected: f64) {
    let found = figure.as_f64().unwrap();
    assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
}

#[test]
fn every_figure_of_a_document_counted_by_hand() {
    let report = json(&with_document(), "--ocr pairs --truth pairs --cleaned cleaned");
    let counts = &report["counts"];
    assert_eq!((&counts["documents"], &counts["words"], &counts["characters"]), (&1.into(), &9.into(), &44.into()));
    // Tbe: 1, brovvn: 2, ouer: 1.
    assert_eq!(counts["ocr"]["character_edits"], 4);
    assert_eq!(counts["ocr"]["wrong_words"], 3);
    assert_eq!(counts["ocr"]["match_total"], 43 + 1); // 43 without the full stop, and an insertion
    let cleaned = &counts["cleaned"];
    // browvn: 1, jumbs: 1, ouer: 1, "lazy " is missing: 5.
    assert_eq!(cleaned["errors"]["character_edits"], 8);
    assert_eq!((&cleaned["fixed_words"], &cleaned["broken_words"]), (&1.into(), &2.into()));
    let places = &cleaned["places"];
    assert_eq!((&places["nearer"], &places["as_far"], &places["farther"]), (&2.into(), &0.into(), &2.into()));
    assert_eq!((&places["exact"], &places["dropped_words"]), (&1.into(), &1.into()));
    let changes = &report["figures"]["changes"];
    assert_eq!((&changes["precision"], &changes["exact"], &changes["places"]), (&0.5.into(), &0.25.into(), &4.into()));
    assert_is(&changes["broken_per_10000"], 20_000.0 / 6.0);
    assert_is(&report["figures"]["ocr"]["cer"], 4.0 / 44.0);
}

#[test]
fn without_cleaned_text_only_the_state_of_the_recognized_text_is_given() {
    let folder = with_document();
    let report = json(&folder, "--ocr pairs --truth pairs");
    assert!(report["figures"]["cleaned"].is_null() && report["figures"]["changes"].is_null());
    let run = folder.run("evaluate --ocr pairs/fox.ocr.txt --truth pairs/fox.gt.txt");
    let text = run.is_done().text();
    assert!(text.contains("CER         9.09 %\n") && !text.contains("fixed"), "{text}");
}

#[test]
fn the_table_holds_what_people_ask_for() {
    let run = with_document().run("evaluate --ocr pairs --truth pairs --cleaned cleaned --per-document");
    let text = run.is_done().text();
    for part in [
        "1 document, 9 words",
        "CER         9.09 %   18.18 %  +100.0 %",
        "33.3 %  of 3 wrong words",
        "3333.3",
        "\nfox ",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn documents_are_pooled_by_their_size_and_given_one_by_one() {
    let folder = with_document();
    folder.write("pairs/deep/er.ocr.txt", "abc def\r\n");
    folder.write("pairs/deep/er.gt.txt", "abc def\n");
    let report = json(&folder, "--ocr pairs --truth pairs --per-document");
    assert_is(&report["figures"]["ocr"]["cer"], 4.0 / 51.0);
    let rows = &report["by_document"];
    assert_eq!((&rows[0]["name"], &rows[1]["name"]), (&"deep/er".into(), &"fox".into()));
    assert_is(&rows[0]["figures"]["ocr"]["cer"], 0.0);
    assert_is(&rows[1]["figures"]["ocr"]["cer"], 4.0 / 44.0);
}

#[test]
fn joining_line_end_hyphens_counts_neither_way_if_asked() {
    let folder = Folder::new();
    folder.write("ocr.txt", "the com-\nmittee met");
    folder.write("truth.txt", "the com-\nmittee met");
    folder.write("cleaned.txt", "the committee\nmet");
    let paths = "--ocr ocr.txt --truth truth.txt --cleaned cleaned.txt";
    assert_eq!(json(&folder, paths)["counts"]["cleaned"]["errors"]["character_edits"], 2);
    let joined = json(&folder, &format!("{paths} --join-hyphens"));
    assert_eq!(joined["counts"]["cleaned"]["errors"]["character_edits"], 0);
    assert_eq!(joined["counts"]["cleaned"]["places"]["nearer"], 0);
    assert_eq!(joined["counts"]["words"], 3);
}

#[test]
fn what_cannot_be_measured_is_named_and_the_rest_is_done() {
    let folder = with_document();
    folder.write("pairs/lonely.ocr.txt", "x");
    folder.write("pairs/broken.ocr.txt", b"\x00\x01\x02\x7fELF\x00\x00\x00");
    folder.write("pairs/broken.gt.txt", "x");
    folder.write("pairs/blank.ocr.txt", "x");
    folder.write("pairs/blank.gt.txt", " \n");
    let output = folder.scanno("evaluate --ocr pairs --truth pairs --json").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().count(), 3, "{said}");
    for name in ["lonely.ocr.txt: there is no truth", "broken.ocr.txt", "blank.gt.txt: the truth has no words"] {
        assert!(said.contains(name), "{name} in {said}");
    }
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["counts"]["documents"], 1);
    assert_eq!((&report["left_out"], &report["documents_without_truth"]), (&2.into(), &1.into()));
}

#[test]
fn wrong_paths_give_one_line() {
    let folder = with_document();
    folder.write("empty/notes.md", "x");
    for (arguments, part) in [
        ("--ocr pairs --truth nowhere", "nowhere"),
        ("--ocr pairs --truth pairs/fox.gt.txt", "give files only, or folders only"),
        ("--ocr empty --truth empty", "no documents in common"),
        ("--ocr pairs/fox.ocr.txt --truth empty/notes.md --cleaned nowhere", "nowhere"),
    ] {
        let run = folder.run(&format!("evaluate {arguments}"));
        run.is_trouble(&[part]);
        assert!(run.stdout.is_empty());
    }
}

/// What an independent program counts in public sets, hyphens joined (with
/// rapidfuzz 3.14): documents, words, characters, character edits, word edits,
/// wrong words, edits without case and punctuation, and their total.
const COUNTED_ELSEWHERE: [(&str, [u64; 8]); 5] = [
    ("bln600", [480, 233_431, 1_343_300, 84_530, 48_703, 39_771, 65_635, 1_329_931]),
    ("hipe-icdar2017", [1_108, 226_733, 1_336_776, 52_042, 36_544, 30_073, 42_355, 1_304_645]),
    ("hipe-impresso-snippets", [60, 5_483, 32_437, 974, 595, 478, 688, 31_596]),
    ("hipe-overproof-combined", [287, 58_628, 345_013, 29_088, 16_461, 14_574, 23_168, 336_024]),
    ("oldbooks", [214, 58_124, 332_049, 6_487, 3_483, 2_845, 4_275, 325_199]),
];

fn development_sets() -> Vec<PathBuf> {
    let folder = std::env::var_os("SCANNO_EVAL_DATA").expect("SCANNO_EVAL_DATA names the folder of development sets");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut sets: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    sets.sort();
    assert!(!sets.is_empty(), "{} holds no sets", folder.display());
    sets
}

fn counts_of(set: &Path, cleaned: Option<&str>, options: &str) -> Value {
    let folder = Folder::new();
    let mut command = folder.scanno(&format!("evaluate --json {options}"));
    command.arg("--ocr").arg(set).arg("--truth").arg(set);
    if let Some(end) = cleaned {
        for entry in fs::read_dir(set).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if let Some(stem) = name.strip_suffix(end) {
                folder.write(&format!("cleaned/{stem}.txt"), fs::read(&path).unwrap());
            }
        }
        command.arg("--cleaned").arg(folder.path("cleaned"));
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}: {}", set.display(), String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["counts"].take()
}

#[test]
#[ignore = "needs SCANNO_EVAL_DATA, a folder of <set>/<document>.ocr.txt and .gt.txt"]
fn development_sets_are_counted_as_elsewhere() {
    let mut known = 0;
    for set in development_sets() {
        let name = set.file_name().unwrap().to_str().unwrap();
        let Some((_, expected)) = COUNTED_ELSEWHERE.iter().find(|(known, _)| *known == name) else { continue };
        let counts = counts_of(&set, None, "--join-hyphens");
        let document = ["documents", "words", "characters"].map(|key| counts[key].as_u64().unwrap());
        let errors = ["character_edits", "word_edits", "wrong_words", "match_edits", "match_total"];
        let errors = errors.map(|key| counts["ocr"][key].as_u64().unwrap());
        assert_eq!([&document[..], &errors[..]].concat(), expected, "{name}");
        known += 1;
    }
    assert!(known > 0, "none of the sets is known");
}

#[test]
#[ignore = "needs SCANNO_EVAL_DATA, a folder of <set>/<document>.ocr.txt and .gt.txt"]
fn doing_nothing_and_doing_all_are_measured_as_such() {
    for set in development_sets() {
        let nothing = counts_of(&set, Some(".ocr.txt"), "--join-hyphens");
        assert_eq!(nothing["cleaned"]["errors"], nothing["ocr"], "{}", set.display());
        assert!(nothing["cleaned"]["places"].as_object().unwrap().values().all(|count| count == 0));

        let all = counts_of(&set, Some(".gt.txt"), "");
        let cleaned = &all["cleaned"];
        assert_eq!((&cleaned["errors"]["character_edits"], &cleaned["errors"]["word_edits"]), (&0.into(), &0.into()));
        assert_eq!((&cleaned["fixed_words"], &cleaned["broken_words"]), (&all["ocr"]["wrong_words"], &0.into()));
        let exact = cleaned["places"]["exact"].as_f64().unwrap();
        let nearer = cleaned["places"]["nearer"].as_f64().unwrap();
        // Places where words are missing on one side lie where alignment puts them.
        assert!(exact > 0.9 * nearer, "{}: {exact} of {nearer}", set.display());
    }
}
