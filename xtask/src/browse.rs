//! The error browser: for every misread word, how far it came.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use scanno::detect::Doubt;
use scanno::learn::Page;
use scanno::model::{Models, key};
use scanno::{Config, Corrector};

use crate::pairs;

/// Prints how many misread words were never doubted, had no right reading, lost
/// to another, were proposed; and `samples` of each, with context.
pub fn browse(folder: &Path, pair_folders: &[PathBuf], samples: usize) -> Result<()> {
    let corrector = Corrector::with_models(Models::load(folder)?, Config::default());
    let mut classes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for pair in pairs::read(pair_folders)? {
        let page = Page::new(&pair.ocr, &pair.truth);
        let truth_of =
            |start: usize, end: usize| page.printed(start, end).map_or(String::new(), |t| t.trim().to_owned());
        corrector.inspect(&pair.ocr, |passage, lattices| {
            for (at, word) in passage.words.iter().enumerate() {
                let written = &pair.ocr[word.span.range()];
                let truth = truth_of(word.span.start, word.span.end);
                let Some(right) = key(truth.trim_matches(|c: char| !c.is_alphabetic())) else { continue };
                if key(written).as_deref() == Some(&right) {
                    continue;
                }
                let covering = |e: &scanno::candidate::Edge| e.start <= at && at < e.end;
                let spelled = |e: &scanno::candidate::Edge| -> String {
                    e.targets.iter().filter_map(|t| t.word).map(|w| corrector.models().lexicon.spell(w)).collect()
                };
                let lattice = lattices.iter().find(|lattice| lattice.words().contains(&at));
                let all =
                    lattice.iter().flat_map(|lattice| lattice.edges().iter().enumerate().map(move |e| (lattice, e)));
                let offered: Vec<_> = all
                    .filter(|(_, (_, e))| !e.is_keep() && covering(e) && spelled(e) == right)
                    .map(|(lattice, (i, _))| (lattice, i))
                    .collect();
                let class = if offered.iter().any(|(lattice, i)| lattice.path().contains(i)) {
                    "5 proposed"
                } else if !offered.is_empty() {
                    "4 another path chosen"
                } else if corrector.models().lexicon.find_key(&right).is_none() {
                    "3 truth not in the lexicon"
                } else if 2 * strsim::levenshtein(&right, &written.to_lowercase()) > right.len() {
                    "2 more than half differs"
                } else if word.doubt == Doubt::None || word.doubt == Doubt::Protected {
                    "0 not doubted"
                } else {
                    "1 not among the readings"
                };
                let around = |from: usize, to: usize| {
                    let words = &passage.words[from.min(to)..to.min(passage.words.len())];
                    words.iter().map(|w| &pair.ocr[w.span.range()]).collect::<Vec<_>>().join(" ")
                };
                let mut line =
                    format!("{} [{written} → {right}] {}", around(at.saturating_sub(3), at), around(at + 1, at + 3),);
                if let Some(&(lattice, i)) = offered.first() {
                    line += &format!(
                        "   offered at {} + channel {}, kept or other at {}",
                        lattice.posterior(i),
                        lattice.edges()[i].cost,
                        lattice.posterior(lattice.starting(at).start),
                    );
                }
                classes.entry(class).or_default().push(line);
            }
        });
    }
    for (class, lines) in &classes {
        println!("{class}: {}", lines.len());
        let step = (lines.len() / samples.max(1)).max(1);
        lines.iter().step_by(step).take(samples).for_each(|l| println!("    {l}"));
    }
    Ok(())
}
