//! Files of records, of any length: read block by block, cleaned on all
//! threads, written in order, in parts that a later run can go on from.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::lines::{Block, Blocks};
use super::manifest::{Checkpoint, Entry};
use super::run::{JobError, Observer, Outcome, Problem, Run};
use super::tally::Broken;
use super::text::make_folder_of;
use super::{Compression, Job, Tally, hash_file};
use crate::change::FindingClass;
use crate::format::record::{Note, Record, Skip};
use crate::{ChangeLog, Corrector, Document};

/// The longest text of a record that is cleaned, in bytes: 16 MiB, some eight
/// thousand pages. Several may be in memory at once.
const LONGEST_TEXT: usize = 16 << 20;

/// What is to be done with records.
#[derive(Clone, Copy, Debug)]
pub struct RecordOptions<'a> {
    /// The key of the text.
    pub field: &'a str,
    /// What is written down beside it.
    pub note: Note,
}

/// On how many threads a file is cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crew {
    /// On this one.
    One,
    /// On all of the pool.
    All,
}

/// Cleans the records of `job`, going on where an earlier run has stopped.
pub(super) fn clean_file(job: &Job, run: &Run<'_>, crew: Crew) -> Result<Outcome, JobError> {
    let compression = Compression::of(&job.input);
    let unreadable = |error| JobError::new(&job.input, Problem::Read(error));
    let unwritable = |error| JobError::write(&job.output, error);
    let open_as = |observer| {
        let file = Observed { file: File::open(&job.input)?, observer };
        compression.reader(file).map(Blocks::new)
    };
    let open = || open_as(Some(run.observer));
    let mut blocks = open().map_err(unreadable)?;
    if let Some(entry) = run.manifest.done(&job.name)
        && hash_file(&job.output).is_ok_and(|output| output == entry.output)
        && hash_all(&mut open_as(None).map_err(unreadable)?).map_err(unreadable)? == entry.input
    {
        run.read_whole(job);
        return Ok(Outcome::AlreadyDone(entry.tally));
    }
    make_folder_of(&job.output).map_err(unwritable)?;
    let (mut part, mut tally) = match run.manifest.begun(&job.name) {
        Some(checkpoint) => {
            blocks.skip(checkpoint.read, checkpoint.lines).map_err(unreadable)?;
            let part = Part::reopen(&job.output, checkpoint.written).map_err(unwritable)?;
            match part.filter(|_| blocks.hash() == checkpoint.input && blocks.bytes() == checkpoint.read) {
                Some(part) => (part, checkpoint.tally),
                None => {
                    blocks = open().map_err(unreadable)?;
                    run.manifest.forget(&job.name).map_err(unwritable)?;
                    (Part::begin(&job.output).map_err(unwritable)?, Tally::default())
                }
            }
        }
        None => (Part::begin(&job.output).map_err(unwritable)?, Tally::default()),
    };
    let result = write_parts(job, run, crew, compression, &mut blocks, &mut part, &mut tally);
    match result {
        Ok(true) => {}
        Ok(false) => return Ok(Outcome::Interrupted),
        Err(error) => {
            // Where the output has no room, what there is may still be gone on from.
            if !error.is_for_all() {
                part.discard();
                run.manifest.forget(&job.name).map_err(unwritable)?;
            }
            return Err(error);
        }
    }
    if part.written == 0 {
        part.write(&compression.compress(Vec::new()).map_err(unwritable)?).map_err(unwritable)?;
    }
    let output = hash_file(&part.path).map_err(unwritable)?;
    part.finish(&job.output).map_err(unwritable)?;
    let entry = Entry { input: blocks.hash(), output, tally };
    run.manifest.add(&job.name, &entry).map_err(unwritable)?;
    Ok(Outcome::Cleaned(entry.tally))
}

/// Cleans block after block, until the end (true) or until the run is to stop (false).
fn write_parts<R: Read>(
    job: &Job,
    run: &Run<'_>,
    crew: Crew,
    compression: Compression,
    blocks: &mut Blocks<R>,
    part: &mut Part,
    tally: &mut Tally,
) -> Result<bool, JobError> {
    let unwritable = |error| JobError::write(&job.output, error);
    let mut since = Tally::default();
    loop {
        // Between two lines, whatever is done is noted.
        if blocks.is_between_lines() && run.is_stopped() {
            return Ok(false);
        }
        let first = blocks.lines() + 1;
        let next = blocks.next().map_err(|error| JobError::new(&job.input, Problem::Read(error)))?;
        let Some(block) = next else { return Ok(true) };
        let cut = !blocks.is_between_lines();
        let (cleaned, what) = clean_block(run.corrector, run.options.records, crew, block, first, cut);
        since.add(&what);
        if first == 1 && since.records > 0 && since.records == since.broken.len() as u64 && !cut {
            let reason = since.broken.swap_remove(0).reason;
            return Err(JobError::new(&job.input, Problem::NoRecords(reason)));
        }
        part.write(&compression.compress(cleaned).map_err(unwritable)?).map_err(unwritable)?;
        if blocks.is_between_lines() {
            if !since.broken.is_empty() {
                run.note_failure();
            }
            let checkpoint = Checkpoint {
                read: blocks.bytes(),
                input: blocks.hash(),
                lines: blocks.lines(),
                written: part.written,
                tally: std::mem::take(&mut since),
            };
            part.file.sync_data().map_err(unwritable)?;
            run.manifest.add_part(&job.name, &checkpoint).map_err(unwritable)?;
            tally.add(&checkpoint.tally);
        }
    }
}

/// Cleans the records that `input` gives, and writes each to `output` as soon
/// as the input makes a pause: a filter.
///
/// # Errors
/// What input and output report.
pub fn filter(
    corrector: &Corrector,
    options: RecordOptions<'_>,
    input: impl Read,
    mut output: impl Write,
) -> Result<Tally, FilterError> {
    let mut tally = Tally::default();
    let mut blocks = Blocks::prompt(input);
    loop {
        let first = blocks.lines() + 1;
        let Some(block) = blocks.next().map_err(FilterError::Read)? else { return Ok(tally) };
        let cut = !blocks.is_between_lines();
        let (cleaned, what) = clean_block(corrector, options, Crew::All, block, first, cut);
        output.write_all(&cleaned).and_then(|()| output.flush()).map_err(FilterError::Write)?;
        tally.add(&what);
    }
}

/// Why a [`filter`] came to its end too soon.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// The input cannot be read.
    #[error("standard input: {}", super::describe(.0))]
    Read(io::Error),
    /// The output cannot be written.
    #[error("standard output: cannot be written: {}", super::describe(.0))]
    Write(io::Error),
}

/// The lines of `block` cleaned, in order, and what was done. Its first line
/// is the file's line `first`; the last is `cut` if it goes on in the next block.
fn clean_block(
    corrector: &Corrector,
    options: RecordOptions<'_>,
    crew: Crew,
    block: Block,
    first: u64,
    cut: bool,
) -> (Vec<u8>, Tally) {
    let lines = match block {
        Block::Piece(piece) => return (piece, Tally::default()),
        Block::Lines(lines) => lines,
    };
    let whole = lines.len() - usize::from(cut);
    let one = |line: &Vec<u8>| clean_line(corrector, options, line);
    let cleaned: Vec<(Vec<u8>, Done)> = match crew {
        Crew::One => lines[..whole].iter().map(one).collect(),
        Crew::All => lines[..whole].par_iter().with_max_len(1).map(one).collect(),
    };
    let mut out = Vec::with_capacity(lines.iter().map(Vec::len).sum());
    let mut tally = Tally::default();
    for (line, (bytes, done)) in (first..).zip(cleaned) {
        out.extend_from_slice(&bytes);
        tally.records += u64::from(!matches!(done, Done::Blank));
        match done {
            Done::Blank => {}
            Done::Cleaned(changes) => tally.counts.add(&changes.counts()),
            Done::Skipped(skip) => {
                *tally.skipped.entry(skip).or_default() += 1;
                if skip == Skip::Failed {
                    let reason = "scanno failed on this record, which is a bug; please report it with the record";
                    tally.broken.push(Broken { line, reason: reason.into() });
                }
            }
            Done::Broken(reason) => tally.broken.push(Broken { line, reason }),
        }
    }
    for (line, bytes) in (first..).zip(&lines).skip(whole) {
        out.extend_from_slice(bytes);
        tally.records += 1;
        tally.broken.push(Broken { line, reason: "is too long for a record; it was passed through as it is".into() });
    }
    (out, tally)
}

/// What became of a line.
enum Done {
    Blank,
    Cleaned(ChangeLog),
    Skipped(Skip),
    Broken(String),
}

/// One line out for one line in.
fn clean_line(corrector: &Corrector, options: RecordOptions<'_>, line: &[u8]) -> (Vec<u8>, Done) {
    if line.trim_ascii().is_empty() {
        return (line.to_vec(), Done::Blank);
    }
    let record = match Record::parse(line, options.field) {
        Ok(record) => record,
        Err(error) => return (line.to_vec(), Done::Broken(error.to_string())),
    };
    let mut out = Vec::with_capacity(line.len() + line.len() / 4);
    match correct(corrector, &record) {
        Ok((document, changes)) => {
            record.write_cleaned(&document, &changes, options.note, &mut out);
            (out, Done::Cleaned(changes))
        }
        Err(skip) => {
            record.write_skipped(skip, &mut out);
            (out, Done::Skipped(skip))
        }
    }
}

fn correct(corrector: &Corrector, record: &Record<'_>) -> Result<(Document, ChangeLog), Skip> {
    let text = record.text()?;
    if text.len() > LONGEST_TEXT {
        return Err(Skip::TooLong);
    }
    let document = Document::from_text(text);
    let changes = catch_unwind(AssertUnwindSafe(|| corrector.correct(&document))).map_err(|_| Skip::Failed)?;
    if is_foreign(&document, &changes) { Err(Skip::NotEnglish) } else { Ok((document, changes)) }
}

/// True if at least three quarters of the text are in other languages.
fn is_foreign(document: &Document, changes: &ChangeLog) -> bool {
    let foreign = changes.findings().iter().filter(|finding| finding.class == FindingClass::NotEnglish);
    let bytes: usize = foreign.map(|finding| finding.span.len()).sum();
    bytes > 0 && 4 * bytes >= 3 * document.text().trim().len()
}

/// A file that tells of what is read of it.
struct Observed<'o> {
    file: File,
    observer: Option<&'o dyn Observer>,
}

impl Read for Observed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(out)?;
        if let Some(observer) = self.observer {
            observer.read(length as u64);
        }
        Ok(length)
    }
}

/// SHA-256 of all that `blocks` will give.
fn hash_all<R: Read>(blocks: &mut Blocks<R>) -> io::Result<String> {
    blocks.skip(u64::MAX, 0)?;
    Ok(blocks.hash())
}

/// An output that grows from block to block under another name.
struct Part {
    path: PathBuf,
    file: File,
    /// Bytes of it that count.
    written: u64,
}

impl Part {
    fn begin(output: &Path) -> io::Result<Self> {
        let path = part_path(output);
        Ok(Self { file: File::create(&path)?, path, written: 0 })
    }

    /// The part that an earlier run has left, without what it wrote after its
    /// last checkpoint; `None` if it lacks some of what it wrote before.
    fn reopen(output: &Path, written: u64) -> io::Result<Option<Self>> {
        let path = part_path(output);
        let Ok(mut file) = OpenOptions::new().write(true).open(&path) else { return Ok(None) };
        if file.metadata()?.len() < written {
            return Ok(None);
        }
        file.set_len(written)?;
        file.seek(SeekFrom::Start(written))?;
        Ok(Some(Self { path, file, written }))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Gives it the output's name.
    fn finish(self, output: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, output)
    }

    fn discard(self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Hidden, so that no one takes it for the output or for an input.
fn part_path(output: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(output.file_name().unwrap_or_default());
    name.push(".scanno-part");
    output.with_file_name(name)
}
