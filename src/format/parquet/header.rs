//! [`Header`]: what stands before a page, as far as it says how much memory
//! the page takes.
//!
//! It is a structure of Thrift's compact protocol. All of it is passed over but
//! for a few numbers.

use std::io::{self, Read};

/// Structures within structures that are followed. There are two or three.
const DEEPEST: u8 = 16;

/// The head of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Bytes of the head itself.
    pub(super) length: u64,
    /// 0 is a page of data, 1 an index, 2 a dictionary, 3 a page of data of the second form.
    pub(super) kind: u64,
    /// Bytes after decompression.
    pub(super) uncompressed: u64,
    /// Bytes in the file.
    pub(super) compressed: u64,
    /// Values of a dictionary.
    pub(super) dictionary: u64,
    /// Bytes of levels that are not compressed, and stand first.
    pub(super) levels: u64,
    /// The rest is not compressed either.
    pub(super) is_plain: bool,
}

impl Header {
    /// The head that `file` begins with.
    ///
    /// # Errors
    /// It ends too soon, or is none.
    pub(super) fn read(file: impl Read) -> io::Result<Self> {
        let mut reader = Reader { file, length: 0 };
        let mut header = Self::default();
        reader.structure(0, DEEPEST, &mut |parent, field, number| {
            let number = || u64::try_from(number).map_err(|_| io::Error::from(io::ErrorKind::InvalidData));
            // By the numbers of the fields in `parquet.thrift`.
            match (parent, field) {
                (0, 1) => header.kind = number()?,
                (0, 2) => header.uncompressed = number()?,
                (0, 3) => header.compressed = number()?,
                (7, 1) => header.dictionary = number()?,
                (8, 5 | 6) => header.levels = header.levels.saturating_add(number()?),
                (8, 7) => header.is_plain = number()? == 0,
                _ => {}
            }
            Ok(())
        })?;
        header.length = reader.length;
        Ok(header)
    }
}

/// Is told of each number in a structure: the field that holds the structure, the field, the number.
type See<'s> = &'s mut dyn FnMut(i64, i64, i64) -> io::Result<()>;

struct Reader<R> {
    file: R,
    /// Bytes read.
    length: u64,
}

impl<R: Read> Reader<R> {
    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.file.read_exact(&mut byte)?;
        self.length += 1;
        Ok(byte[0])
    }

    fn number(&mut self) -> io::Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(io::ErrorKind::InvalidData.into())
    }

    /// A number whose last bit is its sign.
    fn signed(&mut self) -> io::Result<i64> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn pass(&mut self, bytes: u64) -> io::Result<()> {
        let passed = io::copy(&mut (&mut self.file).take(bytes), &mut io::sink())?;
        self.length += passed;
        if passed == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// The structure in the field `parent`, 0 for the outermost.
    fn structure(&mut self, parent: i64, depth: u8, see: See<'_>) -> io::Result<()> {
        let mut field = 0_i64;
        loop {
            let byte = self.byte()?;
            if byte == 0 {
                return Ok(());
            }
            field = match byte >> 4 {
                0 => self.signed()?,
                step => field.saturating_add(step.into()),
            };
            match byte & 0xf {
                kind @ (1 | 2) => see(parent, field, i64::from(kind == 1))?,
                4..=6 => {
                    let number = self.signed()?;
                    see(parent, field, number)?;
                }
                12 if parent == 0 && depth == DEEPEST => self.structure(field, depth - 1, see)?,
                kind => self.value(kind, depth)?,
            }
        }
    }

    /// Passes over a value that matters not.
    fn value(&mut self, kind: u8, depth: u8) -> io::Result<()> {
        let Some(depth) = depth.checked_sub(1) else { return Err(io::ErrorKind::InvalidData.into()) };
        match kind {
            1..=3 => self.pass(1),
            4..=6 => self.number().map(drop),
            7 => self.pass(8),
            8 => {
                let length = self.number()?;
                self.pass(length)
            }
            9 | 10 => {
                let head = self.byte()?;
                let length = if head >> 4 == 0xf { self.number()? } else { u64::from(head >> 4) };
                // Each takes a byte at least, so that this ends with the file.
                (0..length).try_for_each(|_| self.value(head & 0xf, depth))
            }
            11 => {
                let length = self.number()?;
                let kinds = if length > 0 { self.byte()? } else { 0 };
                (0..length).try_for_each(|_| {
                    self.value(kinds >> 4, depth)?;
                    self.value(kinds & 0xf, depth)
                })
            }
            12 => self.structure(-1, depth, &mut |_, _, _| Ok(())),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_how_long_it_is() {
        // type 2, uncompressed 200, compressed 100, crc, dictionary header { 12 values, PLAIN, sorted }, a list, a text.
        let dictionary =
            b"\x15\x04\x15\x90\x03\x15\xc8\x01\x15\x05\x3c\x15\x18\x15\x00\x11\x00\x29\x25\x02\x04\x18\x02ab\x00rest";
        let header = Header::read(&dictionary[..]).unwrap();
        let expected =
            Header { length: 26, kind: 2, uncompressed: 200, compressed: 100, dictionary: 12, ..Header::default() };
        assert_eq!(header, expected);
        // type 3, 8 { values, nulls, rows, encoding, 3 bytes of levels, 2 more, not compressed }
        let second = b"\x15\x06\x15\x14\x15\x14\x5c\x15\x02\x15\x00\x15\x02\x15\x00\x15\x06\x15\x04\x12\x00\x00";
        let header = Header::read(&second[..]).unwrap();
        assert_eq!((header.kind, header.levels, header.is_plain), (3, 5, true));
    }

    #[test]
    fn what_is_no_head_is_an_error() {
        // Sizes below 0, lists without end, structures without end, numbers without end, and nothing.
        let deep = [b"\x0c\x01".repeat(5_000), b"\x1c".repeat(100_000)].concat();
        for bytes in [&b"\x25\x03\x00"[..], b"\x19\xf1\xff\xff\xff\xff\x0f", &deep, &[0xff; 20], b""] {
            assert!(Header::read(bytes).is_err());
        }
    }
}
