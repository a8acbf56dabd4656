//! Pages as they were recognized, with their truth.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use scanno::learn::whole_words;

/// One page.
pub struct Pair {
    /// File name without endings.
    pub name: String,
    /// What was recognized.
    pub ocr: String,
    /// What was printed, words whole.
    pub truth: String,
    /// What was printed, as it is transcribed.
    pub printed: String,
    /// What it counts: pages of one print, read by several engines or once with
    /// and once without its line ends, count as one page together.
    pub weight: f64,
}

impl Pair {
    /// Pages of one source, by whatever engine, go into one fold: the number of
    /// a newspaper article, or the title of a book.
    pub fn source(&self) -> &str {
        let end = self.name.find(['_', '-']).unwrap_or(self.name.len());
        &self.name[..end]
    }

    /// Which of `folds` its source belongs to (FNV-1a, so that it never changes).
    pub fn fold(&self, folds: u32) -> u32 {
        let hash = self.source().bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
        (hash >> 8) % folds
    }
}

/// The pairs `NAME.ocr.txt` and `NAME.gt.txt` of `folders`, sorted by name.
pub fn read(folders: &[PathBuf]) -> Result<Vec<Pair>> {
    let mut out = Vec::new();
    for folder in folders {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .with_context(|| format!("cannot read {}", folder.display()))?
            .filter_map(|e| Some(e.ok()?.file_name().to_str()?.strip_suffix(".ocr.txt")?.to_owned()))
            .collect();
        if names.is_empty() {
            bail!("{} holds no pairs NAME.ocr.txt and NAME.gt.txt", folder.display());
        }
        names.sort();
        for name in names {
            let ocr = text(&folder.join(format!("{name}.ocr.txt")))?;
            let printed = text(&folder.join(format!("{name}.gt.txt")))?;
            out.push(Pair { name, ocr, truth: whole_words(&printed), printed, weight: 1.0 });
        }
    }
    let print = |truth: &str| truth.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let mut copies: BTreeMap<String, u32> = BTreeMap::new();
    out.iter().for_each(|p| *copies.entry(print(&p.truth)).or_default() += 1);
    out.iter_mut().for_each(|p| p.weight = 1.0 / f64::from(copies[&print(&p.truth)]));
    Ok(out)
}

fn text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).replace('\u{feff}', ""))
}
