//! Training the accept model, and measuring by cross-validation.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;
use scanno::decode::FEATURES;
use scanno::model::{AcceptModel, ConfusionModel, Models};
use scanno::{Config, Corrector};

use crate::accept;
use crate::align::align;
use crate::boost::{self, Row};
use crate::channel::Tally;
use crate::noise::{self, Random};
use crate::pairs::{self, Pair};

/// Folds of sources.
pub const FOLDS: u32 = 5;
/// A change that leaves a wrong word wrong does less harm than one that breaks a right word.
const STILL_WRONG: f64 = 0.6;
/// Seed of the noise, any number.
const SEED: u64 = 1843;

/// A page as it is read, with its truth.
pub struct Sample {
    ocr: String,
    truth: String,
    fold: u32,
}

/// The pages of `pairs`, and from each truth (once a source) a clean page and a
/// page with few errors.
fn samples(pairs: &[Pair], tally: &Tally) -> Vec<Sample> {
    let counts = tally.counts();
    let mut random = Random(SEED);
    let mut seen = std::collections::BTreeSet::new();
    let mut out = Vec::new();
    for p in pairs {
        let fold = p.fold(FOLDS);
        out.push(Sample { ocr: p.ocr.clone(), truth: p.truth.clone(), fold });
        if p.truth.contains('ſ') || !seen.insert(&p.truth) {
            continue;
        }
        out.push(Sample { ocr: p.truth.clone(), truth: p.truth.clone(), fold });
        let noised = noise::add(&p.truth, &counts, &mut random);
        out.push(Sample { ocr: noised, truth: p.truth.clone(), fold });
    }
    out
}

/// What the pages of each fold show of the channel.
fn tallies(pairs: &[Pair]) -> Vec<Tally> {
    let mut out: Vec<Tally> = (0..FOLDS).map(|_| Tally::default()).collect();
    pairs.iter().for_each(|p| out[p.fold(FOLDS) as usize].add(p));
    out
}

/// `base` with the channel of all folds but one.
fn models_without(base: &Models, tallies: &[Tally], fold: Option<u32>) -> Result<Models> {
    let mut tally = Tally::default();
    tallies.iter().enumerate().filter(|(f, _)| Some(*f as u32) != fold).for_each(|(_, t)| tally.merge(t));
    let confusion = ConfusionModel::new(&ConfusionModel::compile(&tally.counts()).into())?;
    Ok(Models { confusion, ..base.clone() })
}

/// Every change proposed on `sample`, judged by its truth.
fn judge(corrector: &Corrector, sample: &Sample) -> Vec<Row> {
    let proposals = corrector.propose(&sample.ocr);
    if proposals.is_empty() {
        return Vec::new();
    }
    let a: Vec<char> = sample.ocr.chars().collect();
    let b: Vec<char> = sample.truth.chars().collect();
    let path = align(&a, &b);
    let offsets: Vec<usize> = sample.ocr.char_indices().map(|(i, _)| i).chain([sample.ocr.len()]).collect();
    let squeeze = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
    proposals
        .into_iter()
        .filter_map(|p| {
            let c = &p.correction;
            let at = |byte: usize| offsets.partition_point(|&o| o < byte);
            let (start, end) = (at(c.span.start), at(c.span.end));
            // The widest stretch of truth that the span may stand for.
            let from = path.iter().find(|p| p.0 >= start)?.1;
            let to = path.iter().rev().find(|p| p.0 <= end)?.1;
            let truth = squeeze(&plain(&b.get(from..to.max(from))?.iter().collect::<String>()));
            let (before, after) = (squeeze(&plain(&c.before)), squeeze(&plain(&c.after)));
            let right = after == truth;
            let was_right = before == truth;
            let weight = if right || was_right { 1.0 } else { STILL_WRONG };
            Some(Row { features: p.features.values().to_vec(), right, weight })
        })
        .collect()
}

/// Quotation marks and dashes in one style: their style is no matter of words.
fn plain(text: &str) -> String {
    text.replace(['’', '‘'], "'").replace(['“', '”'], "\"").replace(['—', '–', '‐'], "-")
}

fn corrector(models: &Models) -> Corrector {
    Corrector::with_models(models.clone(), Config::default())
}

/// Trains on `pairs` and writes `accept.bin` to `folder`; prints how often
/// changes are right, by confidence, on pages not trained on.
pub fn train(folder: &Path, pair_folders: &[PathBuf]) -> Result<()> {
    let pairs = pairs::read(pair_folders)?;
    let base = Models::load(folder).context("compile the data first")?;
    let tallies = tallies(&pairs);
    let mut all = Tally::default();
    tallies.iter().for_each(|t| all.merge(t));
    let samples = samples(&pairs, &all);
    // The channel that judges a fold has not seen it.
    let mut rows: Vec<Vec<Row>> = Vec::new();
    for fold in 0..FOLDS {
        let corrector = corrector(&models_without(&base, &tallies, Some(fold))?);
        let pages: Vec<&Sample> = samples.iter().filter(|s| s.fold == fold).collect();
        rows.push(pages.par_iter().flat_map_iter(|s| judge(&corrector, s)).collect());
        eprintln!("fold {fold}: {} changes proposed", rows[fold as usize].len());
    }
    let mut answers = Vec::new();
    for fold in 0..FOLDS as usize {
        let others: Vec<Row> = rows
            .iter()
            .enumerate()
            .filter(|(f, _)| *f != fold)
            .flat_map(|(_, r)| r.iter().map(|r| Row { features: r.features.clone(), ..*r }))
            .collect();
        let model = AcceptModel::from_parts(boost::train(&others), vec![]);
        answers.extend(rows[fold].iter().map(|r| (model.score(&r.features), r.right, r.weight)));
    }
    let calibration = boost::isotonic(answers.clone());
    report(&calibration, &answers);
    let rows: Vec<Row> = rows.into_iter().flatten().collect();
    let trees = boost::train(&rows);
    importance(&trees);
    std::fs::write(folder.join("accept.tsv"), accept::to_text(&trees, &calibration))?;
    std::fs::write(folder.join("accept.bin"), AcceptModel::from_parts(trees, calibration).compile())?;
    Ok(())
}

/// Confidence against truth, in tenths.
fn report(calibration: &[(i32, u16)], answers: &[(i32, bool, f64)]) {
    let probability = |score: i32| {
        let at = calibration.partition_point(|c| c.0 <= score);
        f64::from(calibration[at.clamp(1, calibration.len()) - 1].1) / 10_000.0
    };
    eprintln!("confidence   changes   right %");
    for tenth in 0..20 {
        let (low, high) = (f64::from(tenth) / 20.0, f64::from(tenth + 1) / 20.0);
        let inside: Vec<_> = answers.iter().filter(|a| (low..high).contains(&probability(a.0))).collect();
        let right = inside.iter().filter(|a| a.1).count();
        if !inside.is_empty() {
            eprintln!("{low:.2}–{high:.2} {:12} {:9.1}", inside.len(), 100.0 * right as f64 / inside.len() as f64);
        }
    }
}

/// How often each feature is asked for.
fn importance(trees: &[Vec<scanno::model::accept::Node>]) {
    let mut counts = vec![0; FEATURES.len()];
    for node in trees.iter().flatten() {
        if let scanno::model::accept::Node::Split { feature, .. } = node {
            counts[usize::from(*feature)] += 1;
        }
    }
    let mut named: Vec<_> = counts.into_iter().zip(FEATURES).collect();
    named.sort_unstable_by(|a, b| b.cmp(a));
    let list: Vec<String> = named.iter().map(|(c, n)| format!("{n} {c}")).collect();
    eprintln!("{}", list.join(", "));
}
