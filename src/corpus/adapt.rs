//! [`adapt`]: what the corpus itself teaches, before any of it is cleaned.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use super::block::RecordOptions;
use super::{Compression, Job, Kind, Observer, Plan, RunError, records, table, text};
use crate::files::Mark;
use crate::learn::{Collection, Impressions};
use crate::{Corrector, Document};

/// The name of the file in the output folder that has the corpus's model;
/// hidden, so that it is not taken for a text.
pub const ADAPTED_NAME: &str = ".scanno-adapted.json";

/// How it begins.
pub(super) const MARK: Mark = Mark { beginning: b"{\"scanno-collection\":", contains: b"" };

/// Places of the corpus at which changes are looked at, evenly spread over it.
const PLACES: u64 = 128;
/// Bytes that are looked at in each place: with the above 2 MB, some seconds.
const PLACE: usize = 16 << 10;

/// Files that are looked at before what they show is added up.
const TOGETHER: usize = 256;

/// Reads every file of `plan` for its words, and cleans some places of it, to
/// make a model of the corpus that can be laid over the models of `corrector`.
/// It does not depend on the number of threads. What cannot be read is passed
/// over; [`run`](super::run) will tell. `None` if `stop` was set.
///
/// # Errors
/// No threads can be had.
pub fn adapt(
    plan: &Plan,
    corrector: &Corrector,
    threads: Option<NonZeroUsize>,
    options: RecordOptions<'_>,
    stop: &AtomicBool,
    observer: &dyn Observer,
) -> Result<Option<Collection>, RunError> {
    let pool = ThreadPoolBuilder::new().num_threads(threads.map_or(0, NonZeroUsize::get)).build()?;
    let mut before = 0;
    let mut jobs: Vec<(&Job, u64)> = Vec::with_capacity(plan.jobs.len());
    for job in &plan.jobs {
        jobs.push((job, before));
        before += job.size();
    }
    let stride = (before / PLACES).max(1);
    let look = |&(job, begin): &(&Job, u64)| {
        let next = begin.next_multiple_of(stride);
        let mut reader = Reader { corrector, stride, next, seen: Impressions::new() };
        reader.read(job, begin, options, observer);
        reader.seen
    };
    let mut all = Impressions::new();
    for some in jobs.chunks(TOGETHER) {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let seen: Vec<Impressions> = pool.install(|| some.par_iter().with_max_len(1).map(look).collect());
        // In the plan's order, whatever the number of threads.
        seen.into_iter().for_each(|more| all.add(more));
    }
    Ok(Some(all.learn(corrector.models())))
}

/// What is gathered of one file.
struct Reader<'c> {
    corrector: &'c Corrector,
    /// Bytes of files from one place to the next.
    stride: u64,
    /// Where the next place lies, in bytes of all files.
    next: u64,
    seen: Impressions,
}

impl Reader<'_> {
    fn read(&mut self, job: &Job, begin: u64, options: RecordOptions<'_>, observer: &dyn Observer) {
        match job.kind {
            Kind::Text => {
                let bytes = text::read(&job.input, Compression::of(&job.input));
                if let Some(document) = bytes.ok().and_then(|bytes| Document::from_bytes(&bytes).ok()) {
                    self.see(document.text(), begin, job.size());
                }
                observer.read(job.size());
            }
            Kind::JsonLines | Kind::Parquet => {
                let mut at = begin;
                let mut see = |text: &str, size: u64| {
                    self.see(text, at, size);
                    at += size;
                };
                match job.kind {
                    Kind::Parquet => table::each_text(job, options, observer, &mut see),
                    _ => records::each_text(job, options.field, observer, &mut see),
                }
            }
        }
    }

    /// Takes notice of `text`, which lies at byte `begin` of all files and takes `size` bytes there.
    fn see(&mut self, text: &str, begin: u64, size: u64) {
        self.seen.add_words(text);
        while self.next < begin + size {
            let share = (self.next.saturating_sub(begin)) as f64 / size as f64;
            let from = boundary(text, (share * text.len() as f64) as usize);
            let to = boundary(text, from + PLACE);
            let document = Document::from_text(&text[from..to]);
            self.seen.add_changes(&document, &self.corrector.correct(&document), self.corrector.models());
            self.next += self.stride;
        }
    }
}

/// The end of a character of `text`, no further than byte `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
