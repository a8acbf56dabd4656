//! The learning curve: what `scanno learn` brings, by the number of pages.

use std::path::PathBuf;

use anyhow::Result;
use rayon::prelude::*;
use scanno::evaluate::Counts;
use scanno::learn::Lessons;
use scanno::model::Models;
use scanno::{Config, Corrector, Level};

use crate::measure::{Point, cleaned, name, sum};
use crate::noise::Random;
use crate::pairs::{self, Pair};

/// The levels that are measured.
const LEVELS: [Level; 2] = [Level::Balanced, Level::Eager];

/// For each of `pair_folders`: learns from `sizes` pages chosen by `seeds` seeds,
/// measures on at most `most` of the others, and prints a row each, with what the
/// same pages come to without learning.
pub fn learning_curve(pair_folders: &[PathBuf], sizes: &[usize], seeds: u64, most: usize) -> Result<()> {
    let general = Models::embedded();
    let plain = Corrector::with_models(general.clone(), Config::default());
    let points: Vec<Point> = LEVELS.map(Point::of).into();
    println!(
        "| set | learned from | level | cMER before | not learned | learned | mended | broken of 10,000 | precision |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for folder in pair_folders {
        let pairs = pairs::read(std::slice::from_ref(folder))?;
        let mut sums =
            vec![[vec![Counts::default(); LEVELS.len()], vec![Counts::default(); LEVELS.len()]]; sizes.len()];
        for seed in 0..seeds {
            let order = shuffled(&pairs, seed);
            // All sizes are measured on the same pages.
            let largest = sizes.iter().copied().filter(|&size| size < pairs.len()).max().unwrap_or(0);
            let judged: Vec<&Pair> = order[largest..].iter().copied().take(most).collect();
            let measured = |corrector: &Corrector| {
                sum(judged.par_iter().map(|p| cleaned(corrector, p, &points)).collect(), points.len())
            };
            let before = measured(&plain);
            for (&size, sums) in sizes.iter().zip(&mut sums).filter(|(size, _)| **size < pairs.len()) {
                let mut lessons = Lessons::new();
                order[..size].iter().for_each(|p| lessons.add_page(&p.ocr, &p.printed));
                let collection = lessons.learn(&general);
                let after = measured(&Corrector::with_models(collection.models(&general), Config::default()));
                eprintln!(
                    "{} seed {seed} {size} pages: {:?}, {} rewrites, {} words; cMER {}",
                    name(folder),
                    collection.calibration,
                    collection.rewrites.len(),
                    collection.vocabulary.len(),
                    before
                        .iter()
                        .zip(&after)
                        .map(|(b, a)| format!("{:.5} -> {:.5} ", cmer(b), cmer(a)))
                        .collect::<String>()
                );
                for (sum, counts) in sums.iter_mut().zip([&before, &after]) {
                    sum.iter_mut().zip(counts.iter()).for_each(|(all, one)| *all += *one);
                }
            }
        }
        for (&size, [before, after]) in sizes.iter().zip(&sums) {
            for (level, (before, after)) in LEVELS.iter().zip(before.iter().zip(after)) {
                row(&name(folder), size, *level, before, after);
            }
        }
    }
    Ok(())
}

fn cmer(counts: &Counts) -> f64 {
    counts.figures().cleaned.and_then(|rates| rates.cmer).unwrap_or(0.0)
}

fn row(set: &str, size: usize, level: Level, before: &Counts, after: &Counts) {
    let (old, new) = (before.figures(), after.figures());
    let (Some(old_changes), Some(new_changes), Some(cmer_before)) = (old.changes, new.changes, old.ocr.cmer) else {
        return;
    };
    let fall = |counts: &Counts| 100.0 * (cmer_before - cmer(counts)) / cmer_before;
    let percent = |share: Option<f64>| 100.0 * share.unwrap_or(0.0);
    println!(
        "| {set} | {size} | {level} | {cmer_before:.4} | −{:.1} % | −{:.1} % | {:.1} → {:.1} % | {:.1} → {:.1} | {:.1} → {:.1} % |",
        fall(before),
        fall(after),
        percent(old_changes.fixed),
        percent(new_changes.fixed),
        old_changes.broken_per_10000.unwrap_or(0.0),
        new_changes.broken_per_10000.unwrap_or(0.0),
        percent(old_changes.precision),
        percent(new_changes.precision),
    );
}

/// The pages in an order that depends on `seed` alone.
fn shuffled(pairs: &[Pair], seed: u64) -> Vec<&Pair> {
    let mut random = Random(seed + 1);
    let mut order: Vec<&Pair> = pairs.iter().collect();
    for last in (1..order.len()).rev() {
        order.swap(last, (random.unit() * (last + 1) as f64) as usize);
    }
    order
}
