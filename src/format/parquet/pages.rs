//! The pages of a table's columns, looked at before they are decoded: the
//! `parquet` crate takes memory by the numbers in them.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::bloom_filter::Sbbf;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length, RowGroupReader};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::record::reader::RowIter;
use parquet::schema::types::Type;

use super::header::Header;
use crate::format::compression::most_held;

/// The most texts of a page whose lengths are held beside it: 64 Mi, four bytes
/// each. No page of texts that writers make comes near.
const MOST_LENGTHS: u64 = 64 << 20;

/// A file, and nothing beyond its end.
pub(super) struct Source {
    file: File,
    length: u64,
}

impl Source {
    pub(super) fn new(file: File) -> io::Result<Self> {
        Ok(Self { length: file.metadata()?.len(), file })
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Source {
    type T = BufReader<File>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        if start > self.length {
            return Err(beyond());
        }
        self.file.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let end = start.checked_add(length as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(beyond());
        }
        self.file.get_bytes(start, length)
    }
}

fn beyond() -> ParquetError {
    ParquetError::EOF("a part of it lies beyond its end".into())
}

/// A row group whose pages are looked at.
pub(super) struct Group<'t> {
    pub(super) source: Arc<Source>,
    pub(super) metadata: &'t RowGroupMetaData,
}

impl RowGroupReader for Group<'_> {
    fn metadata(&self) -> &RowGroupMetaData {
        self.metadata
    }

    fn num_columns(&self) -> usize {
        self.metadata.num_columns()
    }

    fn get_column_page_reader(&self, column: usize) -> Result<Box<dyn PageReader>> {
        let chunk = self.metadata.column(column);
        let (at, length) = chunk.byte_range();
        let rows = usize::try_from(self.metadata.num_rows())?;
        // Pages follow one another; an index that says so too is not needed.
        let pages = SerializedPageReader::new(Arc::clone(&self.source), chunk, rows, None)?;
        let end = at.saturating_add(length);
        Ok(Box::new(Pages { source: Arc::clone(&self.source), chunk: chunk.clone(), at, end, pages }))
    }

    fn get_column_bloom_filter(&self, _: usize) -> Option<&Sbbf> {
        None
    }

    fn get_row_iter(&self, projection: Option<Type>) -> Result<RowIter<'_>> {
        RowIter::from_row_group(projection, self)
    }
}

/// The pages of one column, from the first on.
struct Pages {
    source: Arc<Source>,
    chunk: ColumnChunkMetaData,
    /// Where the next page lies, and where the last one ends.
    at: u64,
    end: u64,
    pages: SerializedPageReader<Source>,
}

impl Pages {
    /// Looks at the next page, as it lies in the file.
    fn look(&mut self) -> Result<()> {
        /// The kind that is passed over.
        const INDEX: u64 = 1;
        while self.at < self.end {
            let mut file = self.source.get_read(self.at)?.take(self.end - self.at);
            let header = Header::read(&mut file).map_err(|_| ParquetError::General("a page has no head".into()))?;
            let left = (self.end - self.at).min(self.source.length.saturating_sub(self.at));
            if header.length.saturating_add(header.compressed) > left {
                return Err(beyond());
            }
            self.at += header.length + header.compressed;
            if header.kind != INDEX {
                return self.look_into(&header, file.take(header.compressed));
            }
        }
        Ok(())
    }

    /// Looks at what a page says of itself, and whether it is more.
    fn look_into(&self, header: &Header, mut page: impl Read) -> Result<()> {
        let too_much = || Err(ParquetError::General("a page in it is as if made to fill the memory".into()));
        // A value of a dictionary takes a byte at least.
        if header.uncompressed > most_held(header.compressed) || header.dictionary > header.uncompressed {
            return too_much();
        }
        let expected = header.uncompressed.saturating_sub(header.levels);
        // Those that stop at the size they are given need not be asked.
        let unpack: fn(&mut dyn Read, u64) -> io::Result<u64> = match self.chunk.compression() {
            _ if header.is_plain => return Ok(()),
            Compression::GZIP(_) => |page, most| length(flate2::read::MultiGzDecoder::new(page), most),
            Compression::BROTLI(_) => |page, most| length(brotli::Decompressor::new(page, 4096), most),
            Compression::LZ4 => |page, most| length(lz4_flex::frame::FrameDecoder::new(page), most),
            _ => return Ok(()),
        };
        io::copy(&mut (&mut page).take(header.levels), &mut io::sink())?;
        // What cannot be decompressed is told when it is.
        match unpack(&mut page, expected) {
            Ok(length) if length > expected => too_much(),
            _ => Ok(()),
        }
    }

    /// Looks at how many lengths a decompressed page says that it has.
    fn look_at_lengths(&self, page: &Page) -> Result<()> {
        let (values, count, encoding) = match page {
            Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, .. } => {
                let column = self.chunk.column_descr();
                let levels =
                    [(column.max_rep_level(), rep_level_encoding), (column.max_def_level(), def_level_encoding)];
                let values = levels.into_iter().try_fold(&buf[..], |rest, (most, &encoding)| {
                    if most == 0 { Some(rest) } else { after_levels(rest, most, encoding, *num_values) }
                });
                (values, *num_values, *encoding)
            }
            Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let levels = u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len);
                (usize::try_from(levels).ok().and_then(|levels| buf.get(levels..)), *num_values, *encoding)
            }
            Page::DictionaryPage { .. } => return Ok(()),
        };
        let lists = match encoding {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
            Encoding::DELTA_BYTE_ARRAY => 2,
            _ => return Ok(()),
        };
        let most = MOST_LENGTHS.min(count.into());
        let is_good = values.is_some_and(|mut rest| {
            // Where all are null, nothing need be there.
            rest.is_empty()
                || (0..lists).all(|_| match after_numbers(rest, most) {
                    Some(after) => {
                        rest = after;
                        true
                    }
                    None => false,
                })
        });
        if is_good { Ok(()) } else { Err(ParquetError::General("a page has other lengths than texts".into())) }
    }
}

/// Bytes that come out of `decoder`, no more than one more than `most`.
fn length(decoder: impl Read, most: u64) -> io::Result<u64> {
    io::copy(&mut decoder.take(most.saturating_add(1)), &mut io::sink())
}

/// What follows the levels, up to `most`, of so many values.
fn after_levels(bytes: &[u8], most: i16, encoding: Encoding, values: u32) -> Option<&[u8]> {
    if encoding == Encoding::RLE {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        return rest.get(usize::try_from(u32::from_le_bytes(*length)).ok()?..);
    }
    let bits = u64::from(i16::BITS - most.leading_zeros()) * u64::from(values);
    bytes.get(usize::try_from(bits.div_ceil(8)).ok()?..)
}

/// What follows a list of numbers that are stored as differences, if these are
/// `most` at most.
fn after_numbers(bytes: &[u8], most: u64) -> Option<&[u8]> {
    let mut at = 0;
    let number = |at: &mut usize| {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *bytes.get(*at)?;
            *at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    };
    let (block, parts, count) = (number(&mut at)?, number(&mut at)?, number(&mut at)?);
    let values = block.checked_div(parts)?;
    if count > most || values == 0 {
        return None;
    }
    number(&mut at)?;
    let mut left = count.saturating_sub(1);
    while left > 0 {
        number(&mut at)?;
        let end = at.checked_add(usize::try_from(parts).ok()?)?;
        let widths = bytes.get(at..end)?;
        at = end;
        for &width in widths {
            if left == 0 {
                break;
            }
            at = at.checked_add(usize::try_from(values.checked_mul(width.into())? / 8).ok()?)?;
            left = left.saturating_sub(values);
        }
    }
    bytes.get(at..)
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.look()?;
        let page = self.pages.get_next_page()?;
        page.iter().try_for_each(|page| self.look_at_lengths(page))?;
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.get_next_page().map(drop)
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_passed_over_and_counted() {
        // Blocks of 128 in 4 parts; 3 numbers, the first 7; one block: least difference 1, widths 8 0 0 0, 32 bytes.
        let list = [&[0x80, 1, 4, 3, 14, 2, 8, 0, 0, 0][..], &[0; 32], b"rest"].concat();
        assert_eq!(after_numbers(&list, 3), Some(&b"rest"[..]));
        assert_eq!(after_numbers(&list, 2), None, "more than there are texts");
        assert_eq!(after_numbers(&list[..41], 3), None, "cut");
        assert_eq!(after_numbers(&[0x80, 1, 4, 0, 0], 3), Some(&[][..]));
        assert_eq!(after_numbers(&[0x80, 1, 0, 3, 14], 3), None, "no parts");
    }

    #[test]
    fn levels_are_passed_over() {
        assert_eq!(after_levels(&[2, 0, 0, 0, 9, 9, 1], 1, Encoding::RLE, 5), Some(&[1][..]));
        assert_eq!(after_levels(&[2, 0, 0, 0, 9], 1, Encoding::RLE, 5), None);
        #[expect(deprecated)]
        let packed = Encoding::BIT_PACKED;
        assert_eq!(after_levels(&[9, 9, 1], 3, packed, 5), Some(&[1][..]), "ten bits");
    }
}
