//! Files of records, of any length: read block by block, cleaned on all
//! threads, written in order, in parts that a later run can go on from.

use std::fs::File;
use std::io::{self, Read, Write};

use super::block::{self, RecordOptions, clean_block};
use super::crew::Crew;
use super::lines::Blocks;
use super::manifest::{Checkpoint, Entry};
use super::part::Part;
use super::run::{JobError, Observer, Outcome, Problem, Run, Task};
use super::text::make_folder_of;
use super::{Compression, Job, Sharing, Tally, hash_file};
use crate::Corrector;
use crate::files::Access;

type Input<'a> = Blocks<'a, Box<dyn Read + Send + 'a>>;

/// A file in the middle of its work.
struct State<'a> {
    blocks: Input<'a>,
    part: Part,
    /// What was done up to here.
    tally: Tally,
}

/// Cleans the records of `job`, going on where an earlier run has stopped.
pub(super) fn clean_file(job: &Job, run: &Run<'_>, crew: Crew) -> Result<Outcome, JobError> {
    let unwritable = |error| JobError::write(&job.output, error);
    if let Some(entry) = run.manifest.done(&job.name)
        && hash_file(&job.output).is_ok_and(|output| output == entry.output)
        && hash_all(open(job, Sharing::Each, None)?).is_ok_and(|input| input == entry.input)
    {
        run.observer.read(job.size());
        return Ok(Outcome::AlreadyDone(entry.tally));
    }
    make_folder_of(&job.output).map_err(unwritable)?;
    let access = Access::of(&job.input);
    let begun = run.manifest.begun(&job.name);
    let mut state = match begun.map_or(Ok(None), |checkpoint| take_up(job, run, checkpoint))? {
        Some(state) => state,
        None => {
            run.manifest.forget(&job.name).map_err(unwritable)?;
            let part = Part::begin(&job.output, access).map_err(unwritable)?;
            State { blocks: open(job, run.options.records.work, Some(run.observer))?, part, tally: Tally::default() }
        }
    };
    match write_parts(job, run, crew, &mut state) {
        Ok(true) => {}
        Ok(false) => return Ok(Outcome::Interrupted),
        Err(error) => {
            // Where the output has no room, what there is may still be gone on from.
            if !error.is_for_all() {
                state.part.discard();
                run.manifest.forget(&job.name).map_err(unwritable)?;
            }
            return Err(error);
        }
    }
    let State { blocks, mut part, tally } = state;
    if part.written() == 0 {
        part.write(&Compression::of(&job.input).compress(Vec::new()).map_err(unwritable)?).map_err(unwritable)?;
    }
    let output = part.hash();
    part.finish(&job.output, access).map_err(unwritable)?;
    let entry = Entry { input: blocks.hash(), output, log: None, tally: Box::new(tally) };
    run.manifest.add(&job.name, &entry).map_err(unwritable)?;
    Ok(Outcome::Cleaned(entry.tally))
}

fn open<'a>(job: &Job, work: Sharing<'a>, observer: Option<&'a dyn Observer>) -> Result<Input<'a>, JobError> {
    File::open(&job.input)
        .and_then(|file| Compression::of(&job.input).reader(Observed { file, observer }))
        .map(|input| Blocks::new(input, work))
        .map_err(|error| JobError::new(&job.input, Problem::Read(error)))
}

/// The state that `checkpoint` speaks of, if input and output are still those
/// of the earlier run.
fn take_up<'a>(job: &Job, run: &Run<'a>, checkpoint: Checkpoint) -> Result<Option<State<'a>>, JobError> {
    let mut blocks = open(job, run.options.records.work, Some(run.observer))?;
    blocks.skip(checkpoint.read, checkpoint.lines).map_err(|error| JobError::new(&job.input, Problem::Read(error)))?;
    if (blocks.bytes(), blocks.hash()) != (checkpoint.read, checkpoint.input) {
        return Ok(None);
    }
    let part = Part::reopen(&job.output, checkpoint.written, &checkpoint.output)
        .map_err(|error| JobError::write(&job.output, error))?;
    Ok(part.map(|part| State { blocks, part, tally: checkpoint.tally }))
}

/// Looks at the records of `job` and writes nothing; `None` if it was stopped.
pub(super) fn survey_file(job: &Job, crew: Crew, task: Task<'_>) -> Result<Option<Tally>, JobError> {
    let Task { corrector, options, .. } = task;
    let mut blocks = open(job, options.work, Some(task.observer))?;
    let mut tally = Tally::default();
    loop {
        if (task.is_stopped)() {
            return Ok(None);
        }
        let first = blocks.lines() + 1;
        let next = blocks.next().map_err(|error| JobError::new(&job.input, Problem::Read(error)))?;
        let Some(block) = next else { return Ok(Some(tally)) };
        let cut = !blocks.is_between_lines();
        tally.add(&clean_block(corrector, options, crew, block, first, cut).1);
        if first == 1 && !cut {
            check_records(job, &mut tally)?;
        }
    }
}

/// Shows the text of each record of `job`, with the bytes of its line, as far
/// as the file can be read.
pub(super) fn each_text(job: &Job, field: &str, observer: &dyn Observer, see: &mut dyn FnMut(&str, u64)) {
    let Ok(mut blocks) = open(job, Sharing::Each, Some(observer)) else { return };
    while let Ok(Some(block)) = blocks.next() {
        block::each_text(&block, field, see);
    }
}

/// Refuses a file whose first lines are none of them records.
fn check_records(job: &Job, tally: &mut Tally) -> Result<(), JobError> {
    if tally.records == 0 || tally.records > tally.broken.len() as u64 {
        return Ok(());
    }
    Err(JobError::new(&job.input, Problem::NoRecords(tally.broken.swap_remove(0).reason)))
}

/// Cleans block after block, until the end (true) or until the run is to stop (false).
fn write_parts(job: &Job, run: &Run<'_>, crew: Crew, state: &mut State<'_>) -> Result<bool, JobError> {
    let State { blocks, part, tally } = state;
    let compression = Compression::of(&job.input);
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
        if first == 1 && !cut {
            check_records(job, &mut since)?;
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
                written: part.written(),
                output: part.hash(),
                tally: std::mem::take(&mut since),
            };
            part.sync().map_err(unwritable)?;
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
    let mut blocks = match options.work {
        Sharing::Each => Blocks::prompt(input),
        work => Blocks::new(input, work),
    };
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
    #[error("standard input: {}", crate::files::describe(.0))]
    Read(io::Error),
    /// The output cannot be written.
    #[error("standard output: cannot be written: {}", crate::files::describe(.0))]
    Write(io::Error),
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
fn hash_all(mut blocks: Input<'_>) -> io::Result<String> {
    blocks.skip(u64::MAX, 0)?;
    Ok(blocks.hash())
}
