//! [`Blocks`]: lines, as many at a time as fit into memory.

use std::io::{self, BufRead, BufReader, Read};

use sha2::{Digest, Sha256};

use super::Sharing;
use super::sharing::LONGEST_WORK;
use crate::document::hex;

/// Bytes from which a block is full: enough to keep many threads busy. So much
/// is lost at most when a run is killed: some seconds of work.
pub(super) const BLOCK: usize = 2 << 20;

/// Bytes from which a line is too long to be held in memory.
const LONGEST_LINE: usize = 64 << 20;

/// Some of the lines of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Whole lines, each with its end but perhaps the last of the file.
    Lines(Vec<Vec<u8>>),
    /// A piece of a line that is too long.
    Piece(Vec<u8>),
}

/// Where a reader stands.
#[derive(Clone, Debug, Default)]
struct Position {
    bytes: u64,
    lines: u64,
    hash: Sha256,
}

/// Reads a file block by block. The cut depends on nothing but what is in the
/// file, so that a second run makes the same one.
pub(super) struct Blocks<'a, R> {
    input: BufReader<R>,
    /// A block does not end in the middle of a work, unless that is too long.
    work: Sharing<'a>,
    /// A line that was read and belongs to the next block.
    held: Option<Vec<u8>>,
    /// After the last block that was given.
    position: Position,
    /// In a line that is too long.
    is_inside: bool,
    /// Give what is at hand, and do not wait for a block to be full.
    is_prompt: bool,
}

impl<'a, R: Read> Blocks<'a, R> {
    pub(super) fn new(input: R, work: Sharing<'a>) -> Self {
        Self {
            input: BufReader::with_capacity(64 << 10, input),
            work,
            held: None,
            position: Position::default(),
            is_inside: false,
            is_prompt: false,
        }
    }

    /// For a partner who waits for an answer to what was sent. The cut depends on what came when.
    pub(super) fn prompt(input: R) -> Self {
        Self { is_prompt: true, ..Self::new(input, Sharing::Each) }
    }

    /// Lines before the next block.
    pub(super) fn lines(&self) -> u64 {
        self.position.lines
    }

    /// Bytes before the next block.
    pub(super) fn bytes(&self) -> u64 {
        self.position.bytes
    }

    /// SHA-256 of the bytes before the next block.
    pub(super) fn hash(&self) -> String {
        hex(&self.position.hash.clone().finalize())
    }

    /// True between two lines: only there may reading be taken up again.
    pub(super) fn is_between_lines(&self) -> bool {
        !self.is_inside
    }

    /// Passes over `bytes` bytes with `lines` lines, which were read in an earlier run.
    pub(super) fn skip(&mut self, bytes: u64, lines: u64) -> io::Result<()> {
        let position = &mut self.position;
        while position.bytes < bytes {
            let at_hand = self.input.fill_buf()?;
            let length = at_hand.len().min(usize::try_from(bytes - position.bytes).unwrap_or(usize::MAX));
            if length == 0 {
                break;
            }
            position.hash.update(&at_hand[..length]);
            position.bytes += length as u64;
            self.input.consume(length);
        }
        position.lines = lines;
        Ok(())
    }

    /// The next block; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        if self.is_inside {
            let piece = self.read_line()?;
            self.count(&piece);
            self.is_inside = !piece.is_empty() && !piece.ends_with(b"\n");
            return Ok(Some(Block::Piece(piece)));
        }
        let mut lines: Vec<Vec<u8>> = Vec::new();
        let mut size = 0;
        while size < if self.work == Sharing::Each { BLOCK } else { LONGEST_WORK } {
            let line = match self.held.take() {
                Some(line) => line,
                None => self.read_line()?,
            };
            if line.is_empty() {
                break;
            }
            if size >= BLOCK && lines.last().is_some_and(|last| !self.work.is_shared(last, &line)) {
                self.held = Some(line);
                break;
            }
            self.count(&line);
            self.position.lines += 1;
            if line.len() == LONGEST_LINE && !line.ends_with(b"\n") {
                self.is_inside = true;
            }
            size += line.len();
            lines.push(line);
            if self.is_inside || self.is_prompt && !self.input.buffer().contains(&b'\n') {
                break;
            }
        }
        Ok((!lines.is_empty()).then_some(Block::Lines(lines)))
    }

    /// The next line, or as much of it as is held in memory; nothing at the end.
    fn read_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        (&mut self.input).take(LONGEST_LINE as u64).read_until(b'\n', &mut line)?;
        Ok(line)
    }

    fn count(&mut self, bytes: &[u8]) {
        self.position.hash.update(bytes);
        self.position.bytes += bytes.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all<R: Read>(mut blocks: Blocks<'_, R>) -> Vec<Block> {
        std::iter::from_fn(|| blocks.next().unwrap()).collect()
    }

    #[test]
    fn blocks_end_with_a_line_and_hold_every_byte() {
        let line = [&[b'x'; 1000][..], b"\n"].concat();
        let file = [&line.repeat(5000)[..], b"the end"].concat();
        let mut blocks = Blocks::new(&*file, Sharing::Each);
        let mut seen = Vec::new();
        let mut positions = Vec::new();
        while let Some(Block::Lines(lines)) = blocks.next().unwrap() {
            seen.extend(lines.concat());
            positions.push((blocks.bytes(), blocks.lines()));
            assert_eq!(blocks.hash(), crate::document::sha256(&seen));
        }
        assert_eq!(seen, file);
        assert_eq!(positions.len(), 3);
        assert_eq!(positions[2], (file.len() as u64, 5001));
        let mut rest = Blocks::new(&*file, Sharing::Each);
        rest.skip(positions[1].0, positions[1].1).unwrap();
        rest.next().unwrap();
        assert_eq!((rest.bytes(), rest.lines(), rest.hash()), (positions[2].0, 5001, blocks.hash()));
    }

    #[test]
    fn a_line_that_is_too_long_comes_in_pieces() {
        let file = [&b"a\n"[..], &vec![b'x'; 2 * LONGEST_LINE + 5], b"\nb\n"].concat();
        let lengths: Vec<Vec<usize>> = all(Blocks::new(&*file, Sharing::Each))
            .into_iter()
            .map(|block| match block {
                Block::Lines(lines) => lines.iter().map(Vec::len).collect(),
                Block::Piece(piece) => vec![piece.len()],
            })
            .collect();
        assert_eq!(lengths, [vec![2, LONGEST_LINE], vec![LONGEST_LINE], vec![6], vec![2]]);
    }

    #[test]
    fn a_block_ends_with_a_work_unless_that_is_too_long() {
        let pages = |work: &str, bytes: usize| {
            let page = format!("{{\"work\":{work},\"pad\":\"{}\"}}\n", "x".repeat(9_900));
            page.repeat(bytes / page.len())
        };
        let file = [pages("1", BLOCK / 2), pages("2", BLOCK), pages("3", 2 * LONGEST_WORK)].concat();
        let sizes: Vec<usize> = all(Blocks::new(file.as_bytes(), Sharing::Field("work")))
            .iter()
            .map(|block| if let Block::Lines(lines) = block { lines.concat().len() } else { 0 })
            .collect();
        assert_eq!(sizes[0], pages("1", BLOCK / 2).len() + pages("2", BLOCK).len());
        assert!(sizes[1] >= LONGEST_WORK && sizes[1] < LONGEST_WORK + 10_000, "{sizes:?}");
        assert_eq!((sizes.len(), sizes.iter().sum::<usize>()), (3, file.len()));
    }

    #[test]
    fn a_partner_who_waits_gets_what_is_at_hand() {
        /// Gives one piece at each reading.
        struct Pieces(Vec<&'static [u8]>);
        impl Read for Pieces {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let piece = self.0.pop().unwrap_or_default();
                out[..piece.len()].copy_from_slice(piece);
                Ok(piece.len())
            }
        }
        let blocks = all(Blocks::prompt(Pieces(vec![b"4", b"2\n3\n", b"1\n"])));
        let lines = |lines: &[&[u8]]| Block::Lines(lines.iter().map(|line| line.to_vec()).collect());
        assert_eq!(blocks, [lines(&[b"1\n"]), lines(&[b"2\n", b"3\n"]), lines(&[b"4"])]);
    }
}
