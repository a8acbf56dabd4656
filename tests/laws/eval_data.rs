//! Law 4 on real pages: every document of the collections that
//! `SCANNO_EVAL_DATA` names is cleaned, taken back and cleaned from its log.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use scanno::{Config, Corrector, Document, Level, change::Target, corpus, format::jsonl::Log};

use crate::random::header;

/// Every file below `folder`, in order.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

#[test]
#[ignore = "needs SCANNO_EVAL_DATA, a folder of <set>/<document>.ocr.txt and .gt.txt"]
fn law_4_holds_for_every_document() {
    let folder = std::env::var_os("SCANNO_EVAL_DATA").expect("SCANNO_EVAL_DATA names the folder of development sets");
    let mut documents = Vec::new();
    files(Path::new(&folder), &mut documents);
    documents.retain(|path| path.to_string_lossy().ends_with(".ocr.txt"));
    assert!(!documents.is_empty(), "{} holds no documents", Path::new(&folder).display());

    let corrector = Corrector::new(Config { level: Level::Eager, ..Config::default() });
    let changed: usize = documents
        .par_iter()
        .with_max_len(1)
        .map(|path| {
            let original = fs::read(path).unwrap();
            let document =
                Document::from_bytes(&original).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let (changes, _) = corpus::clean(&corrector, &document, Target::AsRead);
            let (log, cleaned) = Log::with_cleaned(&document, &changes, header(), Target::AsRead).unwrap();
            let log = Log::read(&log.to_bytes()).unwrap();
            assert!(log.apply(&original).unwrap() == cleaned, "{}: the log makes another text", path.display());
            assert!(log.revert(&cleaned).unwrap() == original, "{}: not taken back", path.display());
            usize::from(cleaned != original)
        })
        .sum();
    assert!(2 * changed > documents.len(), "only {changed} of {} documents were changed", documents.len());
}
