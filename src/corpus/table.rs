//! Tables of Parquet: read block by block, cleaned on all threads, and written
//! beside their new column, row group by row group.
//!
//! A table without its end is none, so that there are no checkpoints: one that
//! was not finished begins anew.

use std::fs::File;
use std::io;
use std::path::Path;

use super::block::RecordOptions;
use super::crew::{Crew, Done, LONGEST_TEXT};
use super::lines::BLOCK;
use super::manifest::Entry;
use super::run::{JobError, Observer, Outcome, Problem, Run, Task};
use super::sharing::LONGEST_WORK;
use super::text::make_folder_of;
use super::{Job, Sharing, Tally, hash_file};
use crate::Document;
use crate::files::{Access, Destination, Replacement};
use crate::format::parquet::{Copy, Row, Table, TableError, Texts};
use crate::format::record::{self, Skip};

/// Cleans the texts of `job`, unless an earlier run has.
pub(super) fn clean_file(job: &Job, run: &Run<'_>, crew: Crew) -> Result<Outcome, JobError> {
    let unwritable = |error| JobError::write(&job.output, error);
    let input = hash_file(&job.input).map_err(|error| JobError::new(&job.input, Problem::Read(error)))?;
    if let Some(entry) = run.manifest.done(&job.name)
        && entry.input == input
        && hash_file(&job.output).is_ok_and(|output| output == entry.output)
    {
        run.observer.read(job.size());
        return Ok(Outcome::AlreadyDone(entry.tally));
    }
    let table = open(job, run.options.records)?;
    make_folder_of(&job.output).map_err(unwritable)?;
    let Run { corrector, observer, .. } = *run;
    let task = Task { corrector, options: run.options.records, observer, is_stopped: &|| run.is_stopped() };
    let mut work = Cleaning::new(&table, job, crew, task);
    let to = Destination::below(&job.output).limited_to(Access::of(&job.input));
    let written = Replacement::prepare_with(to, |out| match table.is_done() {
        // What stands in that column may be the only way back.
        true => {
            work.pass_over();
            io::copy(&mut File::open(&job.input)?, out).map(drop).map_err(Stopped::Write)
        }
        false => work.write(out),
    });
    let written = match written {
        Ok(written) => written,
        Err(Stopped::Interrupted) => return Ok(Outcome::Interrupted),
        Err(Stopped::Write(error)) => return Err(unwritable(error)),
        Err(Stopped::Table(error)) => return Err(fault(job, error)),
    };
    let tally = work.tally;
    written.commit().map_err(unwritable)?;
    if !tally.broken.is_empty() {
        run.note_failure();
    }
    let output = hash_file(&job.output).map_err(unwritable)?;
    let entry = Entry { input, output, log: None, tally: Box::new(tally) };
    run.manifest.add(&job.name, &entry).map_err(unwritable)?;
    Ok(Outcome::Cleaned(entry.tally))
}

/// Looks at the texts of `job` and writes nothing; `None` if it was stopped.
pub(super) fn survey_file(job: &Job, crew: Crew, task: Task<'_>) -> Result<Option<Tally>, JobError> {
    let table = open(job, task.options)?;
    let mut work = Cleaning::new(&table, job, crew, task);
    if table.is_done() {
        work.pass_over();
        return Ok(Some(work.tally));
    }
    for group in 0..table.row_groups() {
        let read = table.read(group, work.work_column(), |texts| {
            let mut held = None;
            while let Some(block) = next_block(texts, &mut held, task.options.work)? {
                if (task.is_stopped)() {
                    return Ok(false);
                }
                work.clean(&block, |_, _| ());
            }
            Ok(true)
        });
        if !read.map_err(|error| fault(job, error))? {
            return Ok(None);
        }
    }
    Ok(Some(work.tally))
}

/// Shows each text of `job`, as far as it can be read, with the bytes of the
/// file that its row stands for.
pub(super) fn each_text(
    job: &Job,
    options: RecordOptions<'_>,
    observer: &dyn Observer,
    see: &mut dyn FnMut(&str, u64),
) {
    let Ok(table) = open(job, options) else { return };
    let (mut number, mut told) = (0, 0);
    for group in 0..table.row_groups() {
        let read = table.read(group, None, |texts| {
            let mut rows = Vec::new();
            while texts.next(&mut rows)? {
                for row in rows.drain(..) {
                    number += 1;
                    let size = share(job, &table, number).saturating_sub(told);
                    told += size;
                    observer.read(size);
                    match document(&row) {
                        Ok(document) => see(document.text(), size),
                        Err(_) => see("", size),
                    }
                }
            }
            Ok(())
        });
        if read.is_err() {
            return;
        }
    }
}

/// Bytes of the file that the first `rows` rows stand for.
fn share(job: &Job, table: &Table, rows: u64) -> u64 {
    (job.size() as f64 * (rows as f64 / table.rows().max(rows).max(1) as f64)) as u64
}

fn open(job: &Job, options: RecordOptions<'_>) -> Result<Table, JobError> {
    let file = File::open(&job.input).map_err(|error| JobError::new(&job.input, Problem::Read(error)))?;
    Table::open(file, options.field).map_err(|error| fault(job, error))
}

fn fault(job: &Job, error: TableError) -> JobError {
    let problem = match error {
        TableError::Read(error) => Problem::Read(error),
        error => Problem::Table(error.to_string()),
    };
    JobError::new(&job.input, problem)
}

/// Why a table was not written to its end.
enum Stopped {
    Interrupted,
    Write(io::Error),
    Table(TableError),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl From<TableError> for Stopped {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Write(error) => Self::Write(error),
            error => Self::Table(error),
        }
    }
}

/// A table in the middle of its work.
struct Cleaning<'a> {
    table: &'a Table,
    job: &'a Job,
    crew: Crew,
    task: Task<'a>,
    /// What was done up to here.
    tally: Tally,
    /// Bytes of the file that these rows stand for.
    told: u64,
}

impl<'a> Cleaning<'a> {
    fn new(table: &'a Table, job: &'a Job, crew: Crew, task: Task<'a>) -> Self {
        Self { table, job, crew, task, tally: Tally::default(), told: 0 }
    }

    /// The column whose values say what is one work.
    fn work_column(&self) -> Option<&'a str> {
        if let Sharing::Field(field) = self.task.options.work { Some(field) } else { None }
    }

    /// All rows were cleaned before.
    fn pass_over(&mut self) {
        self.tally.records = self.table.rows();
        self.tally.skipped.insert(Skip::Done, self.table.rows());
        self.task.observer.read(self.job.size());
    }

    /// Writes the table with its texts cleaned.
    fn write(&mut self, out: &mut (dyn io::Write + Send)) -> Result<(), Stopped> {
        let folder = self.job.output.parent().unwrap_or(Path::new("."));
        let (table, options) = (self.table, self.task.options);
        let mut copy = Copy::begin(table, out)?;
        for group in 0..table.row_groups() {
            let mut is_interrupted = false;
            let written = table.read(group, self.work_column(), |texts| {
                let mut held = None;
                let next = || {
                    let Some(block) = next_block(texts, &mut held, options.work)? else { return Ok(None) };
                    if (self.task.is_stopped)() {
                        is_interrupted = true;
                        return Err(TableError::Write(io::ErrorKind::Interrupted.into()));
                    }
                    Ok(Some(self.clean(&block, |row, cleaned| match cleaned {
                        Ok((text, object)) => (Some(text.into_bytes().into()), object),
                        Err(skip) => (row.text.clone(), record::skipped(skip)),
                    })))
                };
                // On the disk of the output: there is room for the output, too.
                copy.write_group(group, || tempfile::tempfile_in(folder), next)
            });
            if is_interrupted {
                return Err(Stopped::Interrupted);
            }
            written?;
        }
        copy.finish()?;
        Ok(())
    }

    /// What `write` makes of each row of `block`: of its cleaned text and of
    /// what was done to that, or of why it was passed through.
    fn clean<O: Send>(
        &mut self,
        block: &[Row],
        write: impl Fn(&Row, Result<(String, Vec<u8>), Skip>) -> O + Sync + Send,
    ) -> Vec<O> {
        let documents = self.crew.map(block, document);
        let texts: Vec<Result<&Document, Skip>> =
            documents.iter().map(|document| document.as_ref().map_err(|&skip| skip)).collect();
        let works = self.task.options.work.works(block, |row, next| is_shared(row, next, self.task.options.work));
        let note = self.task.options.note;
        let cleaned =
            self.crew.clean(self.task.corrector, &texts, &works, |number, changes| match (texts[number], changes) {
                (Ok(document), Ok(changes)) => {
                    let cleaned = record::cleaned(document, changes, note);
                    (write(&block[number], Ok(cleaned)), Done::cleaned(document, changes))
                }
                (Err(skip), _) | (_, Err(skip)) => (write(&block[number], Err(skip)), Done::Skipped(skip)),
            });
        let written = cleaned.into_iter().map(|(out, done)| {
            self.tally.add_record(self.tally.records + 1, done);
            out
        });
        let written = written.collect();
        let told = share(self.job, self.table, self.tally.records);
        self.task.observer.read(told.saturating_sub(self.told));
        self.told = told;
        written
    }
}

/// The text of a row, or why there is none to clean.
fn document(row: &Row) -> Result<Document, Skip> {
    let bytes = row.text.as_ref().ok_or(Skip::Null)?;
    let text = std::str::from_utf8(bytes.data()).map_err(|_| Skip::NotText)?;
    if text.len() > LONGEST_TEXT { Err(Skip::TooLong) } else { Ok(Document::from_text(text)) }
}

fn is_shared(row: &Row, next: &Row, work: Sharing<'_>) -> bool {
    match work {
        Sharing::Each => false,
        Sharing::File | Sharing::Folder => true,
        Sharing::Field(_) => row.is_shared(next),
    }
}

/// What a row takes in memory beside its text, in bytes: nulls are not for nothing.
const ROW: usize = 64;

/// The next rows, as many as fit into memory; `None` at the end of the row
/// group. The cut depends on nothing but what is in the file. It does not
/// divide a work, unless that is too long.
fn next_block(
    texts: &mut Texts<'_>,
    held: &mut Option<Vec<Row>>,
    work: Sharing<'_>,
) -> Result<Option<Vec<Row>>, TableError> {
    let mut rows = held.take().unwrap_or_default();
    let longest = if work == Sharing::Each { BLOCK } else { LONGEST_WORK };
    let (mut size, mut counted) = (0, 0);
    loop {
        while let Some(row) = rows.get(counted) {
            let is_end = counted > 0 && (size >= longest || size >= BLOCK && !is_shared(&rows[counted - 1], row, work));
            if is_end {
                *held = Some(rows.split_off(counted));
                return Ok(Some(rows));
            }
            size += row.len() + ROW;
            counted += 1;
        }
        if !texts.next(&mut rows)? {
            return Ok((!rows.is_empty()).then_some(rows));
        }
    }
}
