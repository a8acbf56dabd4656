//! Texts that this program has made itself, with the same data and options:
//! they are left as they are.
//!
//! What was mended is evidence for what was not, so that a text once cleaned
//! would change again in a place or two. The text alone does not show that it
//! was cleaned; a log beside it or the manifest in its folder does, by hash.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::manifest::Manifest;
use super::{hash_file, log_path};
use crate::Document;
use crate::document::sha256;
use crate::format::jsonl::Log;

/// Options of which a log knows the file alone, and not what stood in it.
const KNOWN_BY_FILE: [&str; 3] = ["lexicon", "pairs", "memory"];

/// The log beside the text at `path`, if by that log this version made just
/// this text, with the same `data` and options; decisions of people may
/// have gone into it since. With own words, own corrections or a memory among
/// the options there is none: a log does not say what they held.
#[must_use]
pub fn log_of_own(path: &Path, document: &Document, data: &str, config: &Value) -> Option<PathBuf> {
    if KNOWN_BY_FILE.iter().any(|key| config.get(key).is_some()) {
        return None;
    }
    let log_path = log_path(path);
    // What lies beside a text may be anyone's; a device has no end.
    let log = Log::read(&fs::read(Some(&log_path).filter(|path| path.is_file())?).ok()?).ok()?;
    let made = log.document();
    let is_own = made.scanno == env!("CARGO_PKG_VERSION")
        && made.data == data
        && made.config == *config
        && log.summary().cleaned_sha256 == sha256(&document.to_bytes());
    is_own.then_some(log_path)
}

/// The outputs of earlier batches, by the manifests in their folders.
pub(super) struct Outputs<'a> {
    /// What a manifest's settings have to begin with.
    texts: &'a str,
    /// The nearest manifest of each folder that was asked about, from there upwards.
    nearest: Mutex<HashMap<PathBuf, Option<Arc<Batch>>>>,
}

struct Batch {
    folder: PathBuf,
    manifest: Manifest,
}

impl<'a> Outputs<'a> {
    /// Those that were made with settings that begin with `texts`.
    pub(super) fn of(texts: &'a str) -> Self {
        Self { texts, nearest: Mutex::default() }
    }

    /// True if the file at `path` is one of them, and as it was written.
    pub(super) fn has(&self, path: &Path) -> bool {
        let Ok(path) = absolute(path) else { return false };
        let Some(batch) = path.parent().and_then(|folder| self.nearest(folder)) else { return false };
        let entry = path.strip_prefix(&batch.folder).ok().and_then(|name| batch.manifest.done(name));
        entry.is_some_and(|entry| hash_file(&path).is_ok_and(|hash| hash == entry.output))
    }

    fn nearest(&self, folder: &Path) -> Option<Arc<Batch>> {
        let mut known = self.nearest.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = None;
        let mut asked = Vec::new();
        for folder in folder.ancestors() {
            if let Some(batch) = known.get(folder) {
                found.clone_from(batch);
                break;
            }
            asked.push(folder);
            if let Some(manifest) = Manifest::of(folder, self.texts) {
                found = Some(Arc::new(Batch { folder: folder.to_path_buf(), manifest }));
                break;
            }
        }
        known.extend(asked.into_iter().map(|folder| (folder.to_path_buf(), found.clone())));
        found
    }
}
