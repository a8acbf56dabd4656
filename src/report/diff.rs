//! Unified diff, as `patch` and `git apply` take it.
//!
//! It is made from the list of edits: nothing is compared but the lines that an
//! edit touches. Lines are what those programs take for lines, bytes up to a
//! line feed; carriage returns, form feeds and bytes of any encoding are
//! written as they are.

use std::{
    io::{self, Write},
    ops::Range,
};

use crate::change::Edit;

/// Unchanged lines shown on each side of a change: the custom of `diff -u`.
const CONTEXT_LINES: usize = 3;

/// Writes the differences that `edits` make in `original` as a unified diff of
/// the file `path`; nothing if they make none. `edits` must be sorted and
/// disjoint, as [`ChangeLog::edits`](crate::ChangeLog::edits) gives them.
///
/// Reproduces the cleaned file to the byte with `patch -p0`, `patch -p1` and
/// `git apply`, run where a relative `path` leads to the original, and anywhere
/// with `patch FILE`. The name is written `./path` for both sides: with and
/// without its first part it leads to the same file.
///
/// # Errors
/// What `out` reports.
pub fn write(mut out: impl Write, path: &str, original: &[u8], edits: &[Edit<'_>]) -> io::Result<()> {
    let blocks = blocks(original, edits);
    if blocks.is_empty() {
        return Ok(());
    }
    let name = file_name(path);
    writeln!(out, "--- {name}\n+++ {name}")?;
    let mut lines = LineNumbers { original, at: 0, line: 1, shift: 0 };
    let mut rest = &blocks[..];
    while !rest.is_empty() {
        let (hunk, others) = rest.split_at(hunk_length(original, rest));
        write_hunk(&mut out, original, hunk, &mut lines)?;
        rest = others;
    }
    Ok(())
}

/// Whole lines of the original and what takes their place.
#[derive(Debug, PartialEq)]
struct Block {
    /// Bytes of the original; both ends are line boundaries.
    old: Range<usize>,
    /// Whole lines too, unless `old` reaches to the end of the file.
    new: Vec<u8>,
}

/// Groups `edits` by the lines they touch. Every byte of the original is looked
/// at a few times at most, however long its lines are.
fn blocks(original: &[u8], edits: &[Edit<'_>]) -> Vec<Block> {
    let mut groups: Vec<(Range<usize>, Vec<&Edit<'_>>)> = Vec::new();
    for edit in edits.iter().filter(|edit| original[edit.range.clone()] != *edit.bytes) {
        if groups.last().is_none_or(|(lines, _)| edit.range.start >= lines.end) {
            let start = line_start(original, edit.range.start);
            groups.push((start..start, Vec::new()));
        }
        let Some((lines, group)) = groups.last_mut() else { continue };
        if edit.range.end >= lines.end {
            // A line end that is gone joins the next line to this one.
            let is_whole = original[edit.range.clone()].ends_with(b"\n") && edit.bytes.ends_with(b"\n");
            lines.end = if is_whole { edit.range.end } else { line_end(original, edit.range.end) };
        }
        group.push(edit);
    }
    let mut blocks = Vec::with_capacity(groups.len());
    for (old, group) in groups {
        let mut block = Block { new: Vec::with_capacity(old.len()), old: old.clone() };
        let mut from = old.start;
        for edit in group {
            block.new.extend_from_slice(&original[from..edit.range.start]);
            block.new.extend_from_slice(&edit.bytes);
            from = edit.range.end;
        }
        block.new.extend_from_slice(&original[from..old.end]);
        block.trim(original);
        if !block.old.is_empty() || !block.new.is_empty() {
            blocks.push(block);
        }
    }
    blocks
}

impl Block {
    /// Drops equal lines at both ends.
    fn trim(&mut self, original: &[u8]) {
        let old = &original[self.old.clone()];
        let same = |(a, b): &(&[u8], &[u8])| a == b;
        let head: usize = lines(old).zip(lines(&self.new)).take_while(same).map(|(a, _)| a.len()).sum();
        let mut tail = 0;
        let (mut a, mut b) = (&old[head..], &self.new[head..]);
        while let (Some(x), Some(y)) = (lines(a).next_back(), lines(b).next_back())
            && x == y
        {
            tail += x.len();
            (a, b) = (&a[..a.len() - x.len()], &b[..b.len() - y.len()]);
        }
        self.old = self.old.start + head..self.old.end - tail;
        self.new.truncate(self.new.len() - tail);
        self.new.drain(..head);
    }
}

/// How many of `blocks` belong in the first hunk: those between which there are
/// no more lines than the context of both.
fn hunk_length(original: &[u8], blocks: &[Block]) -> usize {
    let is_near = |pair: &&[Block]| {
        let (mut at, next) = (pair[0].old.end, pair[1].old.start);
        for _ in 0..2 * CONTEXT_LINES {
            if at < next {
                at = line_end(original, at);
            }
        }
        at >= next
    };
    1 + blocks.windows(2).take_while(is_near).count()
}

/// Counts lines while hunks are written from top to bottom.
struct LineNumbers<'o> {
    original: &'o [u8],
    at: usize,
    /// Line, from 1, that begins at `at`.
    line: usize,
    /// Lines that the cleaned file has more than the original up to `at`.
    shift: isize,
}

impl LineNumbers<'_> {
    fn walk_to(&mut self, at: usize) {
        self.line += count_lines(&self.original[self.at..at]);
        self.at = at;
    }
}

fn write_hunk(out: &mut impl Write, original: &[u8], hunk: &[Block], numbers: &mut LineNumbers<'_>) -> io::Result<()> {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return Ok(()) };
    let (mut start, mut end) = (first.old.start, last.old.end);
    for _ in 0..CONTEXT_LINES {
        start = line_start(original, start.saturating_sub(1));
        end = line_end(original, end);
    }
    numbers.walk_to(start);
    let old_lines = count_lines(&original[start..end]);
    let gained: isize =
        hunk.iter().map(|b| count_lines(&b.new) as isize - count_lines(&original[b.old.clone()]) as isize).sum();
    let new_lines = old_lines.saturating_add_signed(gained);
    // By custom the side without lines names the line before the hunk.
    let old_start = numbers.line - usize::from(old_lines == 0);
    let new_start = numbers.line.saturating_add_signed(numbers.shift) - usize::from(new_lines == 0);
    writeln!(out, "@@ -{old_start},{old_lines} +{new_start},{new_lines} @@")?;
    let mut at = start;
    for block in hunk {
        write_lines(out, b' ', &original[at..block.old.start])?;
        write_lines(out, b'-', &original[block.old.clone()])?;
        write_lines(out, b'+', &block.new)?;
        at = block.old.end;
    }
    write_lines(out, b' ', &original[at..end])?;
    numbers.shift += gained;
    Ok(())
}

fn write_lines(out: &mut impl Write, sign: u8, text: &[u8]) -> io::Result<()> {
    for line in lines(text) {
        out.write_all(&[sign])?;
        out.write_all(line)?;
        if !line.ends_with(b"\n") {
            out.write_all(b"\n\\ No newline at end of file\n")?;
        }
    }
    Ok(())
}

/// The lines of `text`, each with its line feed if it has one.
fn lines(text: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    text.split_inclusive(|&b| b == b'\n')
}

fn count_lines(text: &[u8]) -> usize {
    text.iter().filter(|&&b| b == b'\n').count() + usize::from(text.last().is_some_and(|&b| b != b'\n'))
}

/// Where the line begins that `at` lies in.
fn line_start(text: &[u8], at: usize) -> usize {
    text[..at].iter().rposition(|&b| b == b'\n').map_or(0, |feed| feed + 1)
}

/// Where the line ends that `at` lies in, its line feed included.
fn line_end(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|&b| b == b'\n').map_or(text.len(), |feed| at + feed + 1)
}

/// The name in a diff's header. A blank would end it for `patch` unless a tab
/// follows; quotes and control characters are escaped as git does.
fn file_name(path: &str) -> String {
    let path = path.trim_start_matches("./").trim_start_matches('/');
    if path.contains(|c: char| c.is_ascii_control() || c == '"' || c == '\\') {
        let mut quoted = "\"./".to_owned();
        for c in path.chars() {
            match c {
                '"' | '\\' => quoted.extend(['\\', c]),
                '\n' => quoted.push_str("\\n"),
                '\t' => quoted.push_str("\\t"),
                '\r' => quoted.push_str("\\r"),
                c if c.is_ascii_control() => quoted.push_str(&format!("\\{:03o}", u32::from(c))),
                c => quoted.push(c),
            }
        }
        quoted + "\""
    } else if path.contains(char::is_whitespace) {
        format!("./{path}\t")
    } else {
        format!("./{path}")
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    /// The diff of `original` with each `(what, by)` replaced once, in order.
    fn diff(original: &str, replacements: &[(&'static str, &'static str)]) -> String {
        let mut from = 0;
        let edits: Vec<_> = replacements
            .iter()
            .map(|(what, by)| {
                let start = from + original[from..].find(what).unwrap();
                from = start + what.len();
                Edit { range: start..from, bytes: Cow::Borrowed(by.as_bytes()) }
            })
            .collect();
        let mut out = Vec::new();
        write(&mut out, "a.txt", original.as_bytes(), &edits).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn changes_far_apart_are_hunks_of_their_own() {
        let text: String = (1..=20).map(|n| format!("line {n}.\n")).collect();
        let head = "--- ./a.txt\n+++ ./a.txt\n";
        assert_eq!(
            diff(&text, &[("2.", "two"), ("15.", "15"), ("e 20.\n", "e 20")]),
            format!(
                "{head}@@ -1,5 +1,5 @@\n line 1.\n-line 2.\n+line two\n line 3.\n line 4.\n line 5.\n\
                 @@ -12,9 +12,9 @@\n line 12.\n line 13.\n line 14.\n-line 15.\n+line 15\n line 16.\n line 17.\n \
                 line 18.\n line 19.\n-line 20.\n+line 20\n\\ No newline at end of file\n"
            )
        );
        assert_eq!(diff(&text, &[("2.", "2.")]), "", "an edit that changes nothing");
    }

    #[test]
    fn only_a_line_feed_ends_a_line() {
        assert_eq!(
            diff("a\u{c}b\rc\r\nd", &[("b", "B")]),
            "--- ./a.txt\n+++ ./a.txt\n@@ -1,2 +1,2 @@\n-a\u{c}b\rc\r\n+a\u{c}B\rc\r\n d\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn lines_may_be_joined_and_vanish() {
        assert_eq!(
            diff("com-\nmittee\nx\n", &[("com-\nmittee", "committee\n")]),
            "--- ./a.txt\n+++ ./a.txt\n@@ -1,3 +1,3 @@\n-com-\n-mittee\n+committee\n+\n x\n"
        );
        assert_eq!(diff("a\nb\n", &[("a\n", "")]), "--- ./a.txt\n+++ ./a.txt\n@@ -1,2 +1,1 @@\n-a\n b\n");
        assert_eq!(diff("a\n", &[("a\n", "")]), "--- ./a.txt\n+++ ./a.txt\n@@ -1,1 +0,0 @@\n-a\n");
        assert_eq!(diff("a\nb\n", &[("\n", " ")]), "--- ./a.txt\n+++ ./a.txt\n@@ -1,2 +1,1 @@\n-a\n-b\n+a b\n");
    }

    #[test]
    fn odd_names_are_written_as_git_reads_them() {
        assert_eq!(file_name("/tmp/my file.txt"), "./tmp/my file.txt\t");
        assert_eq!(file_name("./say \"x\"\n"), r#""./say \"x\"\n""#);
    }
}
