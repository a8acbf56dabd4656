//! [`Sharing`]: what is one work.
//!
//! The texts of a work share evidence: what its pages spell right elsewhere,
//! and what their engine misreads again and again. Archives keep a book as
//! three hundred files or records of a page each.

use std::ops::Range;

use super::Job;
use crate::format::record::Record;

/// The most bytes that are held in memory as one work, some four thousand
/// pages; what is longer is read as several works. Beyond that little more is
/// to be learned.
pub(super) const LONGEST_WORK: usize = 8 << 20;

/// Which texts share evidence. Those of a work must follow one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing<'a> {
    /// None: each text, each record stands for itself.
    #[default]
    Each,
    /// The records of a file.
    File,
    /// The texts of a folder; the records of a file.
    Folder,
    /// The records whose values of this key, or column, are the same.
    Field(&'a str),
}

impl Sharing<'_> {
    /// True if the records in two lines, one after the other, are of one work.
    pub(super) fn is_shared(self, line: &[u8], next: &[u8]) -> bool {
        match self {
            Self::Each => false,
            Self::File | Self::Folder => true,
            Self::Field(field) => {
                let [this, next] = [line, next].map(|line| Record::parse(line, field).ok());
                matches!((this.and_then(|r| r.value()), next.and_then(|r| r.value())), (Some(a), Some(b)) if a == b)
            }
        }
    }

    /// The ranges of `records` that share evidence, where two that follow one
    /// another do if `is_shared` says so; none if each stands for itself.
    pub(super) fn works<T>(self, records: &[T], is_shared: impl Fn(&T, &T) -> bool) -> Vec<Range<usize>> {
        let mut works: Vec<Range<usize>> = Vec::new();
        if self == Self::Each {
            return works;
        }
        for (number, record) in records.iter().enumerate() {
            match works.last_mut() {
                Some(last) if is_shared(&records[number - 1], record) => last.end = number + 1,
                _ => works.push(number..number + 1),
            }
        }
        works
    }

    /// True if two texts, one after the other in a plan, are of one work.
    pub(super) fn is_shared_by_files(self, job: &Job, next: &Job) -> bool {
        self == Self::Folder && job.input.parent() == next.input.parent() && job.name.parent() == next.name.parent()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_a_work_have_the_same_value() {
        let is_shared = |a: &str, b: &str| Sharing::Field("book").is_shared(a.as_bytes(), b.as_bytes());
        assert!(is_shared(r#"{"book":"A","page":1}"#, r#"{"page":2, "book" : "A"}"#));
        assert!(is_shared(r#"{"book":7}"#, r#"{"book":7}"#));
        assert!(!is_shared(r#"{"book":"A"}"#, r#"{"book":"B"}"#));
        assert!(!is_shared(r#"{"page":1}"#, r#"{"page":1}"#));
        assert!(!is_shared(r#"{"book":"A"}"#, "no record"));
    }
}
