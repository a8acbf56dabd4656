//! Integer tables that are read where they lie, without parsing or copying:
//! the form of all compiled data.
//!
//! A compiled file is `scanno`, a kind byte, a version byte, the number of
//! sections (u32), the length of each (u32), then the sections. All integers
//! are little-endian.

use std::borrow::Cow;
use std::ops::Range;

use super::DataError;

/// Bytes of an embedded file, or of one that was read.
pub type Bytes = Cow<'static, [u8]>;

const MAGIC: &[u8; 6] = b"scanno";
/// Layout of the compiled files; a file of another version is refused.
const VERSION: u8 = 1;
const HEADER: usize = 12;

/// The sections of a compiled file.
pub(super) fn sections<const N: usize>(file: &'static str, kind: u8, data: &Bytes) -> Result<[Bytes; N], DataError> {
    let fail = |what| DataError::Compiled { file, what };
    if data.len() < HEADER + 4 * N || &data[..6] != MAGIC || data[6] != kind {
        return Err(fail("it is not a compiled model of this kind"));
    }
    if data[7] != VERSION {
        return Err(fail("it was compiled for another version of scanno"));
    }
    if u32_at(data, 8) as usize != N {
        return Err(fail("it has the wrong number of sections"));
    }
    let mut from = HEADER + 4 * N;
    let length = (0..N).fold(from as u64, |sum, i| sum + u64::from(u32_at(data, HEADER + 4 * i)));
    if length != data.len() as u64 {
        return Err(fail(if length > data.len() as u64 { "it ends too early" } else { "it goes on after its end" }));
    }
    let mut out = Vec::with_capacity(N);
    for i in 0..N {
        let to = from + u32_at(data, HEADER + 4 * i) as usize;
        out.push(match data {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[from..to]),
            Cow::Owned(bytes) => Cow::Owned(bytes[from..to].to_vec()),
        });
        from = to;
    }
    out.try_into().map_err(|_| fail("it has the wrong number of sections"))
}

/// A compiled file made of `sections`.
#[must_use]
pub fn file(kind: u8, sections: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&[kind, VERSION]);
    out.extend_from_slice(&(sections.len() as u32).to_le_bytes());
    for s in sections {
        out.extend_from_slice(&(s.len() as u32).to_le_bytes());
    }
    out.extend(sections.iter().flatten());
    out
}

/// The u32 at byte `at`.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// A table of u32.
#[derive(Clone, Debug)]
pub struct U32s(pub Bytes);

impl U32s {
    /// Element `i`. Panics if out of range.
    #[must_use]
    pub fn get(&self, i: usize) -> u32 {
        u32_at(&self.0, 4 * i)
    }

    /// The elements of `range`. Panics if it is out of range.
    pub fn range(&self, range: Range<usize>) -> impl Iterator<Item = u32> {
        self.0[4 * range.start..4 * range.end].chunks_exact(4).map(|b| u32_at(b, 0))
    }

    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len() / 4
    }

    /// True if there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All elements.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        self.range(0..self.len())
    }

    /// True if each element is greater than the one before, and none is cut.
    pub(super) fn is_ascending(&self) -> bool {
        self.0.len().is_multiple_of(4) && self.iter().is_sorted_by(|a, b| a < b)
    }

    /// The first `i` in `0..len` for which `ahead(element i)` is false.
    #[must_use]
    pub fn partition_point(&self, ahead: impl Fn(u32) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if ahead(self.get(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The bytes of a table of `values`.
    #[must_use]
    pub fn bytes(values: impl IntoIterator<Item = u32>) -> Vec<u8> {
        values.into_iter().flat_map(u32::to_le_bytes).collect()
    }
}

/// A table of u16.
#[derive(Clone, Debug)]
pub struct U16s(pub Bytes);

impl U16s {
    /// Element `i`. Panics if out of range.
    #[must_use]
    pub fn get(&self, i: usize) -> u16 {
        u16::from_le_bytes(self.0[2 * i..2 * i + 2].try_into().expect("two bytes"))
    }

    /// The elements of `range`. Panics if it is out of range.
    pub fn range(&self, range: Range<usize>) -> impl Iterator<Item = u16> {
        self.0[2 * range.start..2 * range.end].chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]))
    }

    /// All elements.
    pub(super) fn iter(&self) -> impl Iterator<Item = u16> {
        self.range(0..self.0.len() / 2)
    }

    /// The bytes of a table of `values`.
    #[must_use]
    pub fn bytes(values: impl IntoIterator<Item = u16>) -> Vec<u8> {
        values.into_iter().flat_map(u16::to_le_bytes).collect()
    }
}
