//! How good the corrections are, on pages with their truth: with the models as
//! they are, or by cross-validation for pages that teach.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rayon::prelude::*;
use scanno::change::Decision;
use scanno::evaluate::{Counts, Hyphens, Texts, evaluate};
use scanno::learn::Page;
use scanno::{ChangeLog, Corrector, Document, Level};

use crate::pairs::{self, Pair};
use crate::train::{FOLDS, Lessons};

/// Measures `corrector` on each of `pair_folders`, at the levels or at the
/// given confidences.
pub fn measure(corrector: &Corrector, pair_folders: &[PathBuf], every: usize, confidences: &[f64]) -> Result<()> {
    let points = points(confidences);
    let mut pool = vec![Counts::default(); points.len()];
    for pair_folder in pair_folders {
        let pairs = pairs::read(std::slice::from_ref(pair_folder))?;
        let pages: Vec<&Pair> = pairs.iter().step_by(every.max(1)).collect();
        let counts = sum(pages.par_iter().map(|p| cleaned(corrector, p, &points)).collect(), points.len());
        print(&name(pair_folder), &points, &counts);
        pool.iter_mut().zip(counts).for_each(|(all, one)| *all += one);
    }
    if pair_folders.len() > 1 {
        print("together", &points, &pool);
    }
    Ok(())
}

/// Measures on each of `pair_folders` what is learned from all of them, each
/// page by models that have seen nothing of its source. Dictionaries and
/// language model stay; they come from other texts.
pub fn crossval(folder: &Path, pair_folders: &[PathBuf]) -> Result<()> {
    let lessons = Lessons::of(folder, &pairs::read(pair_folders)?)?;
    let correctors = (0..FOLDS).map(|fold| lessons.corrector_without(fold)).collect::<Result<Vec<_>>>()?;
    let points = points(&[]);
    for pair_folder in pair_folders {
        let pairs = pairs::read(std::slice::from_ref(pair_folder))?;
        let counts = pairs.par_iter().map(|p| cleaned(&correctors[p.fold(FOLDS) as usize], p, &points)).collect();
        print(&name(pair_folder), &points, &sum(counts, points.len()));
    }
    Ok(())
}

/// Shows how often the changes of each generator are right, by confidence.
pub fn by_rule(corrector: &Corrector, pair_folders: &[PathBuf], every: usize) -> Result<()> {
    let pairs = pairs::read(pair_folders)?;
    let pages: Vec<&Pair> = pairs.iter().step_by(every.max(1)).collect();
    let judged = |pair: &&Pair| -> Vec<(String, f64, bool)> {
        let log = corrector.correct(&Document::from_text(&pair.ocr));
        let page = Page::new(&pair.ocr, &pair.truth);
        let verdicts = log.corrections().iter().map(|c| (c, page.judge(c)));
        verdicts.filter_map(|(c, v)| Some((c.rule.to_string(), c.confidence, v?.right))).collect()
    };
    // Changes, summed confidence, right ones: by generator and tenth of confidence.
    let mut table: BTreeMap<(String, u32), (u32, f64, u32)> = BTreeMap::new();
    for (rule, confidence, right) in pages.par_iter().map(judged).flatten_iter().collect::<Vec<_>>() {
        let row = table.entry((rule, (confidence * 10.0).min(9.0) as u32)).or_default();
        *row = (row.0 + 1, row.1 + confidence, row.2 + u32::from(right));
    }
    println!("{:12} {:>10} {:>8} {:>8}", "generator", "confidence", "changes", "right");
    for ((rule, _), (changes, confidence, right)) in table {
        let mean = |sum: f64| sum / f64::from(changes);
        println!("{rule:12} {:10.3} {changes:8} {:8.3}", mean(confidence), mean(f64::from(right)));
    }
    Ok(())
}

/// A point on the precision-recall curve.
pub struct Point {
    name: String,
    confidence: f64,
}

impl Point {
    pub fn of(level: Level) -> Self {
        Self { name: level.name().into(), confidence: level.confidence() }
    }
}

fn points(confidences: &[f64]) -> Vec<Point> {
    if confidences.is_empty() {
        Level::ALL.map(Point::of).into()
    } else {
        confidences.iter().map(|&confidence| Point { name: format!("{confidence}"), confidence }).collect()
    }
}

pub fn name(folder: &Path) -> String {
    folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}

/// The page cleaned at each point, counted.
pub fn cleaned(corrector: &Corrector, pair: &Pair, points: &[Point]) -> Vec<Counts> {
    let log = corrector.correct(&Document::from_text(&pair.ocr));
    let at = |point: &Point| {
        let mut made = log.corrections().to_vec();
        made.retain(|c| c.confidence >= point.confidence);
        made.iter_mut().for_each(|c| c.decision = Decision::Applied);
        let cleaned = ChangeLog::new(made, vec![], None).apply(&pair.ocr);
        evaluate(&Texts { truth: &pair.printed, ocr: &pair.ocr, cleaned: Some(&cleaned) }, Hyphens::Joined)
    };
    points.iter().map(|p| at(p).unwrap_or_default()).collect()
}

pub fn sum(pages: Vec<Vec<Counts>>, points: usize) -> Vec<Counts> {
    let mut out = vec![Counts::default(); points];
    for page in pages {
        out.iter_mut().zip(page).for_each(|(all, one)| *all += one);
    }
    out
}

fn print(set: &str, points: &[Point], counts: &[Counts]) {
    for (point, counts) in points.iter().zip(counts) {
        let figures = counts.figures();
        let (Some(now), Some(changes)) = (figures.cleaned, figures.changes) else { continue };
        let percent = |x: Option<f64>| 100.0 * x.unwrap_or(0.0);
        let fall = |before: Option<f64>, after: Option<f64>| match (before, after) {
            (Some(b), Some(a)) if b > 0.0 => 100.0 * (b - a) / b,
            _ => 0.0,
        };
        println!(
            "{set:32} {:8} | {} docs {:6} words | CER {:5.2} -> {:5.2} ({:+5.1}%) | WER {:5.2} -> {:5.2} ({:+5.1}%) | \
             cMER {:.4} -> {:.4} ({:+5.1}%) | fixed {:4.1}% | broken {:5.1}/10k | precision {:5.1}% exact {:5.1}% of {}",
            point.name,
            counts.documents,
            counts.words,
            percent(figures.ocr.cer),
            percent(now.cer),
            fall(figures.ocr.cer, now.cer),
            percent(figures.ocr.wer),
            percent(now.wer),
            fall(figures.ocr.wer, now.wer),
            figures.ocr.cmer.unwrap_or(0.0),
            now.cmer.unwrap_or(0.0),
            fall(figures.ocr.cmer, now.cmer),
            percent(changes.fixed),
            changes.broken_per_10000.unwrap_or(0.0),
            percent(changes.precision),
            percent(changes.exact),
            changes.places,
        );
    }
}
