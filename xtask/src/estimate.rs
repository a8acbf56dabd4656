//! Fitting the estimate of a document's errors, and how well it ranks pages.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;
use scanno::change::{Correction, Decision};
use scanno::decode::{Signs, changed_words};
use scanno::evaluate::{Hyphens, Texts, evaluate};
use scanno::model::estimate::{EstimateModel, SIGNS};
use scanno::model::{ESTIMATE_FILE, Models};
use scanno::{ChangeLog, Config, Corrector, Document, Level};

use crate::compile;
use crate::pairs;
use crate::train::FOLDS;

/// A page as it was read, or its truth as if it had been.
struct Page {
    fold: u32,
    /// What it counts, beside other pages of one print.
    weight: f64,
    is_clean: bool,
    signs: Signs,
    /// What would be changed, and was suggested.
    corrections: Vec<Correction>,
    /// Words of the truth.
    words: f64,
    /// Share of them that the page has otherwise.
    before: f64,
    /// The same after the changes of each level.
    after: [f64; Level::ALL.len()],
}

/// The level that is reported: the default one.
const REPORTED: usize = 1;

/// Fits `estimate.tsv` in `folder` to the pages of `teach` and their truths;
/// prints how it does on these, each page by weights that have not seen its
/// source, and on the pages of `judge`.
pub fn fit(folder: &Path, teach: &[PathBuf], judge: &[PathBuf]) -> Result<()> {
    let corrector = Corrector::with_models(Models::load(folder).context("compile the data first")?, Config::default());
    let teaching = sets(&corrector, teach)?;
    let all: Vec<&Page> = teaching.iter().flat_map(|(_, pages)| pages).collect();
    let folds: Vec<EstimateModel> =
        (0..FOLDS).map(|fold| model(all.iter().copied().filter(|p| p.fold != fold))).collect();
    let model = model(all.iter().copied());
    std::fs::write(folder.join(ESTIMATE_FILE), model.to_text())?;
    compile::stamp(folder)?;

    println!(
        "| set | pages | wrong before | estimated | mean error | Spearman | Pearson | wrong after | estimated | mean error | \
         Spearman | its truths estimated |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (name, pages) in &teaching {
        row(name, pages.iter().map(|p| (p, &folds[p.fold as usize])));
    }
    row("those together", all.iter().map(|&p| (p, &folds[p.fold as usize])));
    for (name, pages) in sets(&corrector, judge)? {
        row(&name, pages.iter().map(|p| (p, &model)));
    }
    Ok(())
}

/// The pages of each of `folders`, and their truths, each once.
fn sets(corrector: &Corrector, folders: &[PathBuf]) -> Result<Vec<(String, Vec<Page>)>> {
    let mut seen = std::collections::BTreeSet::new();
    let mut out = Vec::new();
    for folder in folders {
        let mut texts = Vec::new();
        for pair in pairs::read(std::slice::from_ref(folder))? {
            // A truth that writes a long s writes what is counted as an error.
            let is_new = !pair.truth.contains('ſ') && seen.insert(pair.truth.clone());
            let clean = is_new.then(|| (pair.printed.clone(), pair.printed.clone(), pair.fold(FOLDS), 1.0, true));
            texts.push((pair.fold(FOLDS), pair.weight, pair, clean));
        }
        let pages = texts
            .into_par_iter()
            .flat_map_iter(|(fold, weight, pair, clean)| {
                let read = (pair.ocr, pair.printed, fold, weight, false);
                [Some(read), clean].into_iter().flatten().filter_map(|text| page(corrector, text)).collect::<Vec<_>>()
            })
            .collect();
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        out.push((name, pages));
    }
    Ok(out)
}

fn page(corrector: &Corrector, (ocr, truth, fold, weight, is_clean): (String, String, u32, f64, bool)) -> Option<Page> {
    let (log, signs) = corrector.survey(&Document::from_text(ocr.as_str()));
    let corrections = log.corrections().to_vec();
    let judge = |corrections: Vec<Correction>| {
        let cleaned = ChangeLog::new(corrections, vec![], None).apply(&ocr);
        evaluate(&Texts { truth: &truth, ocr: &ocr, cleaned: Some(&cleaned) }, Hyphens::Joined)
    };
    let share = |wrong: usize, words: usize| wrong as f64 / words as f64;
    let counts = judge(corrections.clone())?;
    let after = Level::ALL.map(|level| {
        judge(made(&corrections, level))
            .and_then(|c| Some(share(c.cleaned?.errors.wrong_words, c.words)))
            .unwrap_or_default()
    });
    let before = share(counts.ocr.wrong_words, counts.words);
    (signs.words() > 0).then_some(Page {
        fold,
        weight,
        is_clean,
        signs,
        corrections,
        words: counts.words as f64,
        before,
        after,
    })
}

/// What `level` changes.
fn made(corrections: &[Correction], level: Level) -> Vec<Correction> {
    let sure = corrections.iter().filter(|c| c.confidence >= level.confidence());
    sure.map(|c| Correction { decision: Decision::Applied, ..c.clone() }).collect()
}

/// The weights that fit `pages` best, by least squares of the shares. A page
/// counts by the root of its words: neighboring words share their errors.
fn model<'p>(pages: impl Iterator<Item = &'p Page>) -> EstimateModel {
    let mut signs = Squares::<SIGNS>::default();
    let mut changes = Squares::<2>::default();
    let (mut total, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for page in pages {
        let weight = page.weight * page.words.sqrt();
        let words = page.signs.words() as f64;
        signs.add(weight, page.signs.counts().map(|count| count / words), page.before);
        for (level, after) in Level::ALL.into_iter().zip(page.after) {
            let (right, wrong) = changed_words(made(&page.corrections, level).iter());
            changes.add(weight, [right / words, -wrong / words], page.before - after);
        }
        total += page.weight;
        sum += page.weight * page.before;
        squares += page.weight * page.before * page.before;
    }
    let weights = signs.solve();
    let [mended, spoiled] = changes.solve();
    let typical = sum / total;
    // The beta distribution with the mean and the variance of the pages' shares.
    let variance = squares / total - typical * typical;
    let prior_words = (typical * (1.0 - typical) / variance - 1.0).max(1.0);
    EstimateModel { weights, mended, spoiled, typical, prior_words }
}

/// Sums of a linear least-squares problem.
struct Squares<const N: usize> {
    matrix: [[f64; N]; N],
    right: [f64; N],
}

impl<const N: usize> Default for Squares<N> {
    fn default() -> Self {
        Self { matrix: [[0.0; N]; N], right: [0.0; N] }
    }
}

impl<const N: usize> Squares<N> {
    fn add(&mut self, weight: f64, x: [f64; N], y: f64) {
        for i in 0..N {
            for j in 0..N {
                self.matrix[i][j] += weight * x[i] * x[j];
            }
            self.right[i] += weight * x[i] * y;
        }
    }

    /// The solution without negative values, one coordinate after the other
    /// until none moves (Franc, Hlaváč and Navara 2005). A thousandth is added to
    /// the diagonal, so that of two signs that always go together each gets a half.
    fn solve(&self) -> [f64; N] {
        const RIDGE: f64 = 1e-3;
        let mut x = [0.0; N];
        for _ in 0..100_000 {
            let mut moved = 0.0_f64;
            for i in 0..N {
                let diagonal = self.matrix[i][i] * (1.0 + RIDGE);
                if diagonal > 0.0 {
                    let others: f64 = (0..N).filter(|&j| j != i).map(|j| self.matrix[i][j] * x[j]).sum();
                    let value = ((self.right[i] - others) / diagonal).max(0.0);
                    moved = moved.max((value - x[i]).abs());
                    x[i] = value;
                }
            }
            if moved < 1e-9 {
                break;
            }
        }
        x
    }
}

/// Prints how well the models estimate their pages.
fn row<'p>(name: &str, pages: impl Iterator<Item = (&'p Page, &'p EstimateModel)>) {
    let (mut before, mut after, mut clean) = (Vec::new(), Vec::new(), Vec::new());
    for (page, model) in pages {
        let made = made(&page.corrections, Level::ALL[REPORTED]);
        let Some(estimate) = page.signs.estimate(model, &made) else { continue };
        if page.is_clean {
            clean.push((page.words, 0.0, estimate.before));
        } else {
            before.push((page.words, page.before, estimate.before));
            after.push((page.words, page.after[REPORTED], estimate.after));
        }
    }
    let percent = |pages: &[(f64, f64, f64)], of: fn(&(f64, f64, f64)) -> f64| {
        let words: f64 = pages.iter().map(|p| p.0).sum();
        100.0 * pages.iter().map(|p| p.0 * of(p)).sum::<f64>() / words
    };
    let error =
        |pages: &[(f64, f64, f64)]| 100.0 * pages.iter().map(|p| (p.1 - p.2).abs()).sum::<f64>() / pages.len() as f64;
    let columns = |pages: &[(f64, f64, f64)]| -> (Vec<f64>, Vec<f64>) { pages.iter().map(|p| (p.1, p.2)).unzip() };
    let ((x, y), (u, v)) = (columns(&before), columns(&after));
    println!(
        "| {name} | {} | {:.1} % | {:.1} % | {:.1} | {:.2} | {:.2} | {:.1} % | {:.1} % | {:.1} | {:.2} | {} |",
        before.len(),
        percent(&before, |p| p.1),
        percent(&before, |p| p.2),
        error(&before),
        spearman(&x, &y),
        pearson(&x, &y),
        percent(&after, |p| p.1),
        percent(&after, |p| p.2),
        error(&after),
        spearman(&u, &v),
        if clean.is_empty() { "–".to_owned() } else { format!("{:.1} %", percent(&clean, |p| p.2)) },
    );
}

/// Pearson's correlation.
fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let sum = |a: &[f64], ma: f64, b: &[f64], mb: f64| a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum::<f64>();
    sum(x, mx, y, my) / (sum(x, mx, x, mx) * sum(y, my, y, my)).sqrt()
}

/// Spearman's rank correlation, equal values sharing the mean of their ranks.
fn spearman(x: &[f64], y: &[f64]) -> f64 {
    let ranks = |v: &[f64]| -> Vec<f64> {
        let below = |a: &f64| v.iter().filter(|b| *b < a).count();
        let equal = |a: &f64| v.iter().filter(|b| *b == a).count();
        v.iter().map(|a| below(a) as f64 + equal(a) as f64 / 2.0).collect()
    };
    pearson(&ranks(x), &ranks(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_found_and_never_negative() {
        let mut squares = Squares::<2>::default();
        for (a, b) in [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (2.0, 1.0)] {
            squares.add(1.0, [a, b], 2.0 * a + 0.5 * b);
        }
        let [a, b] = squares.solve();
        assert!((a - 2.0).abs() < 0.01 && (b - 0.5).abs() < 0.01, "{a} {b}");
        let mut squares = Squares::<2>::default();
        for (a, b) in [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            squares.add(1.0, [a, b], a - b);
        }
        assert_eq!(squares.solve()[1], 0.0);
    }

    #[test]
    fn ranks_matter_and_ties_share_theirs() {
        assert!((spearman(&[1.0, 2.0, 3.0], &[1.0, 10.0, 1000.0]) - 1.0).abs() < 1e-9);
        assert!((spearman(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]) + 1.0).abs() < 1e-9);
        assert!((spearman(&[1.0, 1.0, 2.0, 2.0], &[5.0, 5.0, 7.0, 7.0]) - 1.0).abs() < 1e-9);
        let (x, y) = ([0.0, 0.1, 0.4, 0.5], [0.05, 0.1, 0.3, 0.6]);
        assert!(pearson(&x, &y) > 0.9 && pearson(&x, &y) < 1.0);
    }
}
