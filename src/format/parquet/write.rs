//! [`Copy`]: a table written from another.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::bloom_filter::Sbbf;
use parquet::column::writer::{ColumnCloseResult, ColumnWriterImpl, get_column_writer, get_typed_column_writer};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{ColumnDescPtr, Type};

use super::super::record::KEY;
use super::guard::guarded;
use super::{Table, TableError, metadata};

/// Rows after which the size of a page is looked at.
const ROWS: usize = 8;

/// A text, null or not, and what was done to it.
pub(crate) type Cleaned = (Option<ByteArray>, Vec<u8>);

/// The table that is written from a [`Table`], row group by row group.
pub(crate) struct Copy<'t, W: Write + Send> {
    table: &'t Table,
    out: SerializedFileWriter<W>,
}

impl<'t, W: Write + Send> Copy<'t, W> {
    pub(crate) fn begin(table: &'t Table, out: W) -> Result<Self, TableError> {
        guarded(|| Self::new(table, out))
    }

    fn new(table: &'t Table, out: W) -> Result<Self, TableError> {
        let old = table.metadata.file_metadata();
        let column = Type::primitive_type_builder(KEY, Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .with_repetition(Repetition::OPTIONAL)
            .build()?;
        let mut fields = table.schema().get_fields().to_vec();
        fields.push(Arc::new(column));
        let schema = Type::group_type_builder(table.schema().name()).with_fields(fields).build()?;
        let mut properties = WriterProperties::builder()
            .set_key_value_metadata(old.key_value_metadata().map(|pairs| metadata::with_column(pairs)))
            .set_sorting_columns(sorting(table))
            .set_offset_index_disabled(table.metadata.page_index().is_none());
        // By its writer's name readers know the faults of old files. Most columns are that writer's.
        if let Some(writer) = old.created_by() {
            properties = properties.set_created_by(writer.to_owned());
        }
        let out = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties.build()))
            .map_err(TableError::write)?;
        Ok(Self { table, out })
    }

    /// Writes the row group `group`, its texts as `next` gives them. Until all
    /// are there they wait in files that `temporary` makes, since a file holds
    /// one column after the other.
    pub(crate) fn write_group(
        &mut self,
        group: usize,
        temporary: impl Fn() -> io::Result<File>,
        mut next: impl FnMut() -> Result<Option<Vec<Cleaned>>, TableError>,
    ) -> Result<(), TableError> {
        let Self { table, out } = self;
        let old = table.metadata.row_group(group);
        let (texts, notes) = (out.schema_descr().column(table.column), out.schema_descr().columns().last().cloned());
        let notes = notes.expect("there is at least the new column");
        let temporary = || temporary().map(TrackedWrite::new).map_err(TableError::Write);
        let (mut texts_file, mut notes_file) = (temporary()?, temporary()?);
        let mut texts = column(texts, properties(old, table.column, true), &mut texts_file);
        let mut notes = column(notes, properties(old, table.column, false), &mut notes_file);
        while let Some(rows) = next()? {
            let levels: Vec<i16> = rows.iter().map(|(text, _)| i16::from(text.is_some())).collect();
            let (values, objects): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
            let values: Vec<ByteArray> = values.into_iter().flatten().collect();
            let objects: Vec<ByteArray> = objects.into_iter().map(ByteArray::from).collect();
            texts.write_batch(&values, table.is_optional.then_some(&*levels), None).map_err(TableError::write)?;
            notes.write_batch(&objects, Some(&vec![1; objects.len()]), None).map_err(TableError::write)?;
        }
        let (texts, notes) = (texts.close().map_err(TableError::write)?, notes.close().map_err(TableError::write)?);
        let texts = (finished(texts_file)?, texts);
        let notes = (finished(notes_file)?, notes);
        guarded(|| self.join(group, texts, notes))
    }

    /// Writes the row group `group`: all columns as they were, but for `texts`, and `notes` at the end.
    fn join(
        &mut self,
        group: usize,
        (texts_file, texts): (File, ColumnCloseResult),
        (notes_file, notes): (File, ColumnCloseResult),
    ) -> Result<(), TableError> {
        let Self { table, out } = self;
        let old = table.metadata.row_group(group);
        let index = table.metadata.page_index();
        // A file has such indexes for all columns or for none.
        let new_chunk = |mut chunk: ColumnCloseResult| {
            if index.is_none() {
                (chunk.column_index, chunk.offset_index) = (None, None);
            }
            chunk
        };
        let (texts, notes) = (new_chunk(texts), new_chunk(notes));
        let mut new = out.next_row_group().map_err(TableError::write)?;
        let mut texts = Some(texts);
        for (number, chunk) in old.columns().iter().enumerate() {
            if number == table.column
                && let Some(texts) = texts.take()
            {
                new.append_column(&texts_file, texts).map_err(TableError::write)?;
                continue;
            }
            let copied = ColumnCloseResult {
                bytes_written: u64::try_from(chunk.compressed_size()).unwrap_or_default(),
                rows_written: u64::try_from(old.num_rows()).unwrap_or_default(),
                metadata: chunk.clone(),
                bloom_filter: Sbbf::read_from_column_chunk(chunk, &*table.file)?,
                column_index: index.and_then(|index| index.column_index(group, number)).cloned(),
                offset_index: index.and_then(|index| index.offset_index(group, number)).cloned(),
            };
            new.append_column(&*table.file, copied).map_err(TableError::write)?;
        }
        new.append_column(&notes_file, notes).map_err(TableError::write)?;
        new.close().map_err(TableError::write)?;
        Ok(())
    }

    /// Writes what ends the table.
    pub(crate) fn finish(mut self) -> Result<(), TableError> {
        guarded(|| {
            self.out.finish().map_err(TableError::write)?;
            Ok(())
        })
    }
}

/// How the texts or the notes on them are written, where the texts were in `old`.
fn properties(old: &RowGroupMetaData, column: usize, is_text: bool) -> WriterPropertiesPtr {
    let properties = WriterProperties::builder()
        .set_compression(old.column(column).compression())
        .set_write_batch_size(ROWS)
        .set_statistics_enabled(if is_text { EnabledStatistics::Page } else { EnabledStatistics::None });
    Arc::new(properties.build())
}

fn column<'s>(
    descriptor: ColumnDescPtr,
    properties: WriterPropertiesPtr,
    sink: &'s mut TrackedWrite<File>,
) -> ColumnWriterImpl<'s, ByteArrayType> {
    get_typed_column_writer(get_column_writer(descriptor, properties, Box::new(SerializedPageWriter::new(sink))))
}

/// The file, with all that was written to it.
fn finished(mut sink: TrackedWrite<File>) -> Result<File, TableError> {
    // Here, since what follows does not say what kind of error it met.
    sink.flush().map_err(TableError::Write)?;
    sink.into_inner().map_err(TableError::write)
}

/// What the rows are sorted by, as far as that is the same in all row groups
/// and is not changed.
fn sorting(table: &Table) -> Option<Vec<parquet::file::metadata::SortingColumn>> {
    let mut groups = table.metadata.row_groups().iter().map(RowGroupMetaData::sorting_columns);
    let first = groups.next()??;
    let is_text = |column: &parquet::file::metadata::SortingColumn| {
        usize::try_from(column.column_idx).is_ok_and(|number| number == table.column)
    };
    let kept: Vec<_> = first.iter().take_while(|column| !is_text(column)).cloned().collect();
    (!kept.is_empty() && groups.all(|other| other == Some(first))).then_some(kept)
}
