//! Quality floors: what a change to the models must not undo. The floors lie a
//! little below what was measured when they were set.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use scanno::evaluate::{Counts, Hyphens, Texts, evaluate};
use scanno::{Config, Corrector, Document, Level};

fn corrector(level: Level) -> Corrector {
    Corrector::new(Config { level, ..Config::default() })
}

fn judge(corrector: &Corrector, ocr: &Path, truth: &Path) -> Option<Counts> {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let (ocr, truth) = (read(ocr), read(truth));
    let cleaned = corrector.correct(&Document::from_text(ocr.as_str())).apply(&ocr);
    evaluate(&Texts { truth: &truth, ocr: &ocr, cleaned: Some(&cleaned) }, Hyphens::Joined)
}

/// The shipped examples, at the default level: most words mended, none broken.
#[test]
fn the_shipped_examples_are_mended_and_nothing_is_broken() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let corrector = corrector(Level::Balanced);
    for (name, floor) in [("dispatch", 0.7), ("gazette", 0.7)] {
        let path = |kind: &str| folder.join(format!("{name}.{kind}.txt"));
        let counts = judge(&corrector, &path("ocr"), &path("gt")).expect("the truth has words");
        let cleaned = counts.cleaned.as_ref().expect("it was cleaned");
        let changes = counts.figures().changes.expect("it was cleaned");
        assert_eq!(cleaned.broken_words, 0, "{name}");
        assert!(changes.fixed.is_some_and(|f| f >= floor), "{name}: fixed {:?}", changes.fixed);
    }
}

/// Sets that taught the models; all others judge them.
const TEACHING: [&str; 2] = ["hipe-overproof", "real-"];

/// Every set gets better at every level, and the judging sets as a whole by so much.
#[test]
#[ignore = "needs SCANNO_EVAL_DATA, a folder of sets of NAME.ocr.txt and NAME.gt.txt"]
fn eval_data_every_set_gets_better_at_every_level() {
    let data = PathBuf::from(std::env::var_os("SCANNO_EVAL_DATA").expect("SCANNO_EVAL_DATA is not set"));
    for level in Level::ALL {
        let corrector = corrector(level);
        let mut judging = Counts::default();
        for (set, pairs) in sets(&data) {
            let counts: Vec<Counts> =
                pairs.par_iter().filter_map(|(ocr, truth)| judge(&corrector, ocr, truth)).collect();
            let mut total = Counts::default();
            counts.into_iter().for_each(|c| total += c);
            let figures = total.figures();
            let (before, after) = (figures.ocr, figures.cleaned.expect("it was cleaned"));
            for (name, b, a) in
                [("CER", before.cer, after.cer), ("WER", before.wer, after.wer), ("cMER", before.cmer, after.cmer)]
            {
                assert!(a < b, "{set} at {level}: {name} {b:?} -> {a:?}");
            }
            if !TEACHING.iter().any(|t| set.starts_with(t)) {
                judging += total;
            }
        }
        let figures = judging.figures();
        let (before, after) = (figures.ocr.cmer.unwrap(), figures.cleaned.unwrap().cmer.unwrap());
        let changes = figures.changes.unwrap();
        // Least reduction of cMER, least precision, most broken words in 10,000.
        let (reduction, precision, broken) = match level {
            Level::Cautious => (0.05, 0.965, 2.0),
            Level::Balanced => (0.185, 0.91, 9.5),
            Level::Eager => (0.245, 0.83, 19.5),
        };
        assert!(1.0 - after / before >= reduction, "{level}: cMER {before} -> {after}");
        assert!(changes.precision.unwrap() >= precision, "{level}: precision {:?}", changes.precision);
        assert!(changes.broken_per_10000.unwrap() <= broken, "{level}: broken {:?}", changes.broken_per_10000);
    }
}

/// The estimate, which knows no truth, ranks the pages of every set of some size as the truth does.
#[test]
#[ignore = "needs SCANNO_EVAL_DATA, a folder of sets of NAME.ocr.txt and NAME.gt.txt"]
fn eval_data_the_estimate_ranks_pages_as_the_truth_does() {
    /// Pages from which a rank correlation says something.
    const LEAST: usize = 50;
    let data = PathBuf::from(std::env::var_os("SCANNO_EVAL_DATA").expect("SCANNO_EVAL_DATA is not set"));
    let corrector = corrector(Level::Balanced);
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let rates = |(ocr, truth): &(PathBuf, PathBuf)| {
        let (ocr, truth) = (read(ocr), read(truth));
        let counts = evaluate(&Texts { truth: &truth, ocr: &ocr, cleaned: None }, Hyphens::Joined)?;
        let estimate = corrector.correct(&Document::from_text(ocr)).estimate()?;
        Some((counts.ocr.wrong_words as f64 / counts.words as f64, estimate.before))
    };
    let (mut pages, mut weighted) = (0.0, 0.0);
    for (set, pairs) in sets(&data).into_iter().filter(|(_, pairs)| pairs.len() >= LEAST) {
        let rates: Vec<(f64, f64)> = pairs.par_iter().filter_map(rates).collect();
        let found = spearman(&rates);
        // Sets of good pages have few errors to be ranked by, and half of these in marks.
        assert!(found >= 0.6, "{set}: Spearman {found:.3}");
        pages += rates.len() as f64;
        weighted += found * rates.len() as f64;
    }
    assert!(weighted / pages >= 0.84, "mean over pages: Spearman {:.3}", weighted / pages);
}

/// Spearman's rank correlation, equal values sharing the mean of their ranks.
fn spearman(pairs: &[(f64, f64)]) -> f64 {
    let ranks = |of: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        let rank = |a: f64| pairs.iter().map(|b| f64::from(u8::from(of(b) < a) + u8::from(of(b) <= a))).sum::<f64>();
        let mean = pairs.len() as f64;
        pairs.iter().map(|a| rank(of(a)) - mean).collect()
    };
    let (x, y) = (ranks(|p| p.0), ranks(|p| p.1));
    let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    sum(&x, &y) / (sum(&x, &x) * sum(&y, &y)).sqrt()
}

/// The pairs of every set, by its name.
fn sets(data: &Path) -> BTreeMap<String, Vec<(PathBuf, PathBuf)>> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        entries.map(|e| e.expect("a folder can be listed").path()).collect()
    };
    let mut out = BTreeMap::new();
    for set in list(data).into_iter().filter(|p| p.is_dir()) {
        let mut pairs: Vec<_> = list(&set)
            .into_iter()
            .filter_map(|ocr| {
                let stem = ocr.file_name()?.to_str()?.strip_suffix(".ocr.txt")?.to_owned();
                Some((ocr.clone(), ocr.with_file_name(format!("{stem}.gt.txt"))))
            })
            .collect();
        pairs.sort();
        out.insert(set.file_name().expect("it was listed").to_string_lossy().into_owned(), pairs);
    }
    out
}
