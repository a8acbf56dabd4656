//! Columns of the edit distance table, 64 cells a step, in a band around the
//! cheapest paths.
//!
//! The table has a row for every symbol of the source and a column for every
//! symbol of the target. Neighboring cells differ by at most one, so a column
//! is two bits a cell: goes up, goes down (Myers 1999, "A fast bit-vector
//! algorithm for approximate string matching"; Hyyrö 2003 for its use in
//! blocks). Of each column only those blocks are computed that a path of cost
//! `limit` or less can cross (Ukkonen 1985): a cell is of no use if its cost,
//! plus the difference of the lengths that remain, exceeds the limit. Cells of
//! use are exact, the others are never too small; so what is found within the
//! limit is exact.

use std::collections::HashMap;
use std::ops::Range;

/// Rows of a block: the bits of a machine word.
const ROWS: usize = u64::BITS as usize;

/// Where each symbol of the source occurs: per symbol and block a mask of rows.
pub(super) struct Occurrences {
    masks: HashMap<u32, Masks>,
    rows: usize,
}

/// The rows of one symbol, in the smaller of two forms.
enum Masks {
    /// A mask for every block.
    Dense(Vec<u64>),
    /// The blocks that hold the symbol, in order, with their masks.
    Sparse(Vec<(usize, u64)>),
}

const NOWHERE: &Masks = &Masks::Sparse(Vec::new());

impl Masks {
    fn of(&self, block: usize) -> u64 {
        match self {
            Self::Dense(masks) => masks[block],
            Self::Sparse(list) => list.binary_search_by_key(&block, |&(at, _)| at).map_or(0, |found| list[found].1),
        }
    }
}

impl Occurrences {
    pub(super) fn new(source: impl ExactSizeIterator<Item = u32>) -> Self {
        let rows = source.len();
        let mut lists: HashMap<u32, Vec<(usize, u64)>> = HashMap::new();
        for (row, symbol) in source.enumerate() {
            let (block, bit) = (row / ROWS, 1 << (row % ROWS));
            let list = lists.entry(symbol).or_default();
            match list.last_mut() {
                Some((last, mask)) if *last == block => *mask |= bit,
                _ => list.push((block, bit)),
            }
        }
        let blocks = rows.div_ceil(ROWS);
        let smaller = |list: Vec<(usize, u64)>| {
            if list.len() * 2 < blocks {
                return Masks::Sparse(list);
            }
            let mut masks = vec![0; blocks];
            list.into_iter().for_each(|(block, mask)| masks[block] = mask);
            Masks::Dense(masks)
        };
        Self { masks: lists.into_iter().map(|(symbol, list)| (symbol, smaller(list))).collect(), rows }
    }

    fn of(&self, symbol: u32) -> &Masks {
        self.masks.get(&symbol).unwrap_or(NOWHERE)
    }
}

/// The vertical differences within 64 rows of a column.
#[derive(Clone, Copy)]
pub(super) struct Block {
    /// Rows whose cell is one more than the cell above.
    pub(super) up: u64,
    /// Rows whose cell is one less than the cell above.
    pub(super) down: u64,
}

/// A column before anything is known of it: each cell one more than the cell above.
const RISING: Block = Block { up: !0, down: 0 };

impl Block {
    /// Moves one column on. `equal` marks the rows whose symbol is the column's;
    /// `entering` is the horizontal difference in the row above the block, and
    /// the result that in the row of bit `bottom`.
    #[inline(always)]
    fn advance(&mut self, equal: u64, entering: i8, bottom: u32) -> i8 {
        let falling_in = u64::from(entering < 0);
        let vertical = equal | self.down;
        let equal = equal | falling_in;
        let diagonal = ((equal & self.up).wrapping_add(self.up) ^ self.up) | equal;
        let rising = self.down | !(diagonal | self.up);
        let falling = self.up & diagonal;
        let leaving = (rising >> bottom & 1) as i8 - (falling >> bottom & 1) as i8;
        let rising = rising << 1 | u64::from(entering > 0);
        let falling = falling << 1 | falling_in;
        *self = Block { up: falling | !(vertical | rising), down: rising & vertical };
        leaving
    }
}

/// The part of a column that is of use.
pub(super) struct Band {
    /// Index of the first block of use.
    pub(super) first: usize,
    last: usize,
    /// All blocks of the column; valid within the band.
    blocks: Vec<Block>,
    /// Cost in each block's last row.
    costs: Vec<usize>,
    /// Room for the masks of a sparse symbol; zero between columns.
    equal: Vec<u64>,
    rows: usize,
    columns: usize,
    limit: usize,
}

impl Band {
    /// The band of the column before the first; none if no path can be cheap enough.
    fn start(rows: usize, columns: usize, limit: usize) -> Option<Self> {
        let count = rows.div_ceil(ROWS);
        let costs: Vec<usize> = (1..=count).map(|block| (block * ROWS).min(rows)).collect();
        let (blocks, equal) = (vec![RISING; count], vec![0; count]);
        let mut band = Self { first: 0, last: count - 1, blocks, costs, equal, rows, columns, limit };
        band.narrow(0).then_some(band)
    }

    /// The blocks of use.
    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks[self.first..=self.last]
    }

    /// The row counted from one that ends a block.
    fn end(&self, block: usize) -> usize {
        ((block + 1) * ROWS).min(self.rows)
    }

    /// The least cost of a whole path through a cell of cost `cost`: every
    /// difference of the lengths that remain costs one.
    fn least(&self, cost: usize, row: usize, column: usize) -> usize {
        cost + (self.rows - row).abs_diff(self.columns - column)
    }

    /// True if a path within the limit may cross the block or its upper border.
    /// The bound is least where the block begins, if costs fall by one a row
    /// toward it, as they do at most.
    fn is_of_use(&self, block: usize, column: usize) -> bool {
        let (top, end) = (block * ROWS, self.end(block));
        self.least(self.costs[block], top, column) <= self.limit + (end - top)
    }

    /// Leaves out blocks of no use; false if none remains.
    fn narrow(&mut self, column: usize) -> bool {
        while !self.is_of_use(self.last, column) {
            if self.last == self.first {
                return false;
            }
            self.last -= 1;
        }
        while !self.is_of_use(self.first, column) {
            self.first += 1;
        }
        true
    }

    /// Moves from column `column` to the next, whose symbol occurs at `masks`.
    fn advance(&mut self, masks: &Masks, column: usize) -> bool {
        let inner = self.first..self.last;
        let difference = match masks {
            Masks::Dense(equal) => advance_whole(&mut self.blocks, &mut self.costs, equal, inner),
            Masks::Sparse(list) => {
                let from = list.partition_point(|&(block, _)| block < inner.start);
                let within = || list[from..].iter().take_while(|(block, _)| *block < inner.end);
                within().for_each(|&(block, mask)| self.equal[block] = mask);
                let difference = advance_whole(&mut self.blocks, &mut self.costs, &self.equal, inner.clone());
                within().for_each(|&(block, _)| self.equal[block] = 0);
                difference
            }
        };
        self.advance_end(masks, column, difference);
        self.narrow(column + 1)
    }

    /// Moves the last block on, and as many below it as paths can now enter.
    fn advance_end(&mut self, masks: &Masks, column: usize, mut difference: i8) {
        loop {
            let (block, end) = (self.last, self.end(self.last));
            let before = self.costs[block];
            difference = self.blocks[block].advance(masks.of(block), difference, ((end - 1) % ROWS) as u32);
            let after = before.wrapping_add_signed(difference.into());
            self.costs[block] = after;
            // A path enters the block below only through this block's last row.
            let leaves =
                self.least(before, end, column) <= self.limit || self.least(after, end, column + 1) <= self.limit;
            if end == self.rows || !leaves {
                return;
            }
            self.last = block + 1;
            self.blocks[block + 1] = RISING;
            self.costs[block + 1] = before + self.end(block + 1) - end;
        }
    }

    /// The cost in the last row, if within the limit.
    pub(super) fn total(&self) -> Option<usize> {
        let cost = self.costs[self.last];
        (self.end(self.last) == self.rows && cost <= self.limit).then_some(cost)
    }

    /// Row and cost of every cell of the band, with the row above it, from above.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, usize)> {
        let top = self.first * ROWS;
        let rows = self.end(self.last) - top;
        let rises = |row: usize| {
            let (block, mask) = (self.blocks[row / ROWS], 1 << (row % ROWS));
            i8::from(block.up & mask != 0) - i8::from(block.down & mask != 0)
        };
        let first_block = top..self.end(self.first);
        let drop: isize = first_block.map(|row| isize::from(rises(row))).sum();
        let above = self.costs[self.first].wrapping_add_signed(-drop);
        std::iter::once((top, above)).chain((0..rows).scan(above, move |cost, offset| {
            *cost = cost.wrapping_add_signed(rises(top + offset).into());
            Some((top + offset + 1, *cost))
        }))
    }
}

/// Moves the blocks of `range`, none of them the table's last, one column on.
/// Gives the horizontal difference below them.
fn advance_whole(blocks: &mut [Block], costs: &mut [usize], equal: &[u64], range: Range<usize>) -> i8 {
    // Above the band, costs are taken to rise: true of the border, and never too small elsewhere.
    let mut difference = 1;
    let cells = blocks[range.clone()].iter_mut().zip(&mut costs[range.clone()]).zip(&equal[range]);
    for ((block, cost), &equal) in cells {
        difference = block.advance(equal, difference, ROWS as u32 - 1);
        *cost = cost.wrapping_add_signed(difference.into());
    }
    difference
}

/// The band after the columns of `target`, of a table that has `columns`
/// columns in all; none if every path costs more than `limit`. Each column's
/// band is shown to `visit`.
pub(super) fn sweep(
    source: &Occurrences,
    target: impl Iterator<Item = u32>,
    columns: usize,
    limit: usize,
    mut visit: impl FnMut(&Band),
) -> Option<Band> {
    let mut band = Band::start(source.rows, columns, limit)?;
    for (column, symbol) in target.enumerate() {
        if !band.advance(source.of(symbol), column) {
            return None;
        }
        visit(&band);
    }
    Some(band)
}
