//! Tables of Parquet with a column of texts.
//!
//! Only that column is decoded, and written anew. All others are copied as they
//! lie in the file, chunk by chunk: their encoding, compression, statistics and
//! bloom filters stay, whatever their types, and cost neither time nor memory.
//! Row groups stay as they are. What was done to each text stands in one more
//! column, at the end.
//!
//! [`Table`] is what is read, [`Texts`] reads the texts of a row group, and
//! [`Copy`] writes the new table.
//!
//! Nothing in a file is believed: what would take memory is looked at before
//! (`pages`), and what the `parquet` crate panics over is damage (`guard`).

mod arrow;
mod guard;
mod header;
mod metadata;
mod pages;
mod write;

use std::fs::File;
use std::io;
use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::column::reader::{ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader};
use parquet::file::reader::RowGroupReader;
use parquet::record::reader::RowIter;
use parquet::schema::types::Type;

use super::record::KEY;
use guard::guarded;
use pages::{Group, Source};
pub(crate) use write::Copy;

/// Rows that are decoded at once, few, so that long texts do not add up.
const STEP: usize = 16;

/// A file that is read.
pub(crate) struct Table {
    file: Arc<Source>,
    metadata: ParquetMetaData,
    /// The number of the text's column, among those that are no groups.
    column: usize,
    /// A text may be null.
    is_optional: bool,
}

/// Why a table cannot be cleaned.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    #[error("is no file of Parquet, or damaged: {0}; get or make it again")]
    Damaged(String),
    #[error("has no column `{column}`; {columns}")]
    NoColumn { column: String, columns: String },
    #[error("its column `{column}` holds {found}, and strings are needed; name another with --column")]
    NotText { column: String, found: String },
    #[error("its data lie in other files; name those")]
    Elsewhere,
    /// The system says so of the file that is read.
    #[error("cannot be read: {0}")]
    Read(io::Error),
    /// The system says so of what is written.
    #[error("cannot be written: {0}")]
    Write(io::Error),
}

impl TableError {
    /// What went wrong in writing.
    fn write(error: ParquetError) -> Self {
        match Self::from(error) {
            Self::Read(error) => Self::Write(error),
            other => other,
        }
    }
}

impl From<ParquetError> for TableError {
    fn from(error: ParquetError) -> Self {
        match error {
            // Decompressors, too, call what they cannot read an error of this kind.
            ParquetError::External(source) => match source.downcast::<io::Error>() {
                Ok(error) if error.raw_os_error().is_some() => Self::Read(*error),
                Ok(error) => Self::Damaged(error.to_string()),
                Err(other) => Self::Damaged(other.to_string()),
            },
            ParquetError::General(what) | ParquetError::NYI(what) | ParquetError::EOF(what) => Self::Damaged(what),
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl Table {
    /// Opens the table in `file`, whose texts stand in `column`.
    pub(crate) fn open(file: File, column: &str) -> Result<Self, TableError> {
        let file = Source::new(file).map_err(TableError::Read)?;
        guarded(|| Self::parse(file, column))
    }

    fn parse(file: Source, column: &str) -> Result<Self, TableError> {
        // An index of pages is copied, where there is one.
        let metadata = ParquetMetaDataReader::new()
            .with_page_index_policy(PageIndexPolicy::Optional)
            .with_metadata_options(Some(ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false)))
            .parse_and_finish(&file)?;
        let mut chunks = metadata.row_groups().iter().flat_map(|group| group.columns());
        if chunks.any(|chunk| chunk.file_path().is_some()) {
            return Err(TableError::Elsewhere);
        }
        let schema = metadata.file_metadata().schema_descr();
        let roots = schema.root_schema().get_fields();
        let Some(root) = roots.iter().rposition(|field| field.name() == column) else {
            return Err(TableError::NoColumn { column: column.to_owned(), columns: names(roots) });
        };
        if let Some(found) = not_text(&roots[root]) {
            return Err(TableError::NotText { column: column.to_owned(), found });
        }
        let leaf = (0..schema.num_columns()).find(|&leaf| schema.get_column_root_idx(leaf) == root);
        let leaf = leaf.expect("a column that is no group is one of the leaves");
        let is_optional = schema.column(leaf).max_def_level() > 0;
        Ok(Self { file: Arc::new(file), metadata, column: leaf, is_optional })
    }

    /// True if it has a column of our own already.
    pub(crate) fn is_done(&self) -> bool {
        self.schema().get_fields().iter().any(|field| field.name() == KEY)
    }

    pub(crate) fn row_groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    pub(crate) fn rows(&self) -> u64 {
        u64::try_from(self.metadata.file_metadata().num_rows()).unwrap_or_default()
    }

    /// Reads the texts of the row group `group`, and beside each the value in
    /// the column `work`, if there is such a column.
    pub(crate) fn read<T>(
        &self,
        group: usize,
        work: Option<&str>,
        read: impl FnOnce(&mut Texts<'_>) -> Result<T, TableError>,
    ) -> Result<T, TableError> {
        let reader = Group { source: Arc::clone(&self.file), metadata: self.metadata.row_group(group) };
        let field = work.and_then(|work| self.schema().get_fields().iter().find(|field| field.name() == work));
        let mut texts = guarded(|| {
            let works = match field {
                None => None,
                Some(field) => {
                    let fields = vec![Arc::clone(field)];
                    let only = Type::group_type_builder(self.schema().name()).with_fields(fields).build()?;
                    Some(RowIter::from_row_group(Some(only), &reader)?)
                }
            };
            let left = self.metadata.row_group_num_rows(group)?;
            let texts = get_typed_column_reader::<ByteArrayType>(reader.get_column_reader(self.column)?);
            Ok(Texts { texts, works, is_optional: self.is_optional, left })
        })?;
        read(&mut texts)
    }

    fn schema(&self) -> &Type {
        self.metadata.file_metadata().schema()
    }
}

/// One row, as far as it matters.
#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    /// Null, or bytes that ought to be UTF-8.
    pub(crate) text: Option<ByteArray>,
    work: Option<parquet::record::Row>,
}

impl Row {
    /// True if both rows are of one work: they have the same value, and not null.
    pub(crate) fn is_shared(&self, next: &Self) -> bool {
        let is_null = |row: &parquet::record::Row| {
            row.get_column_iter().all(|(_, field)| matches!(field, parquet::record::Field::Null))
        };
        self.work.as_ref().is_some_and(|work| !is_null(work)) && self.work == next.work
    }

    /// Bytes of the text.
    pub(crate) fn len(&self) -> usize {
        self.text.as_ref().map_or(0, ByteArray::len)
    }
}

/// The texts of a row group, in order.
pub(crate) struct Texts<'t> {
    texts: ColumnReaderImpl<ByteArrayType>,
    works: Option<RowIter<'t>>,
    is_optional: bool,
    /// Rows that were not read yet.
    left: usize,
}

impl Texts<'_> {
    /// Some rows more, added to `rows`; false if there are none.
    pub(crate) fn next(&mut self, rows: &mut Vec<Row>) -> Result<bool, TableError> {
        guarded(|| self.decode(rows))
    }

    fn decode(&mut self, rows: &mut Vec<Row>) -> Result<bool, TableError> {
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        let step = STEP.min(self.left);
        if step == 0 {
            return Ok(false);
        }
        let (read, ..) = self.texts.read_records(step, self.is_optional.then_some(&mut levels), None, &mut values)?;
        if read == 0 {
            return Err(TableError::Damaged("a row group has fewer texts than rows".into()));
        }
        self.left -= read;
        let mut values = values.into_iter();
        for number in 0..read {
            let has_text = !self.is_optional || levels.get(number) == Some(&1);
            let text = if has_text { values.next() } else { None };
            let work = self.works.as_mut().and_then(Iterator::next).transpose()?;
            rows.push(Row { text, work });
        }
        Ok(true)
    }
}

/// What the field holds, if that is no text.
fn not_text(field: &Type) -> Option<String> {
    let info = field.get_basic_info();
    if field.is_group() {
        return Some("a structure".into());
    }
    if info.has_repetition() && info.repetition() == parquet::basic::Repetition::REPEATED {
        return Some("lists".into());
    }
    let is_string = matches!(info.logical_type_ref(), Some(LogicalType::String))
        || info.logical_type_ref().is_none() && info.converted_type() == ConvertedType::UTF8;
    match field.get_physical_type() {
        Physical::BYTE_ARRAY if is_string => None,
        Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Some("bytes that are not said to be text".into()),
        Physical::BOOLEAN => Some("booleans".into()),
        _ => Some("numbers or times".into()),
    }
}

/// `its columns are a, b, c`.
fn names(fields: &[Arc<Type>]) -> String {
    /// Columns named.
    const NAMED: usize = 20;
    let mut names: Vec<&str> = fields.iter().take(NAMED).map(|field| field.name()).collect();
    if names.is_empty() {
        return "it has none at all".into();
    }
    if fields.len() > NAMED {
        names.push("…");
    }
    format!("its columns are {}", names.join(", "))
}
