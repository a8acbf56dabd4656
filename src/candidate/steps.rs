//! The rewrites of a channel as the search takes them: by what was read, then
//! by the first letter meant, then by cost.
//!
//! A search asks for the same few hundred strings over and over, and at each
//! node of the lexicon only for the letters that go on from there.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::model::ConfusionModel;
use crate::model::confusion::{MAX_SIDE, Observed, Rewrite};
use crate::model::cost::Cost;
use crate::model::lexicon::Direction;

/// The letters a to z.
pub(super) const LETTERS: usize = 26;
/// They, and none.
const GROUPS: usize = LETTERS + 1;
/// The group of rewrites that mean no letter.
const NO_LETTER: u8 = LETTERS as u8;

/// A rewrite after its first letter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) cost: Cost,
    rest: [u8; MAX_SIDE - 1],
    length: u8,
}

impl Step {
    /// The letters after the first, in the direction of reading (0 = a).
    pub(super) fn rest(&self) -> &[u8] {
        &self.rest[..usize::from(self.length)]
    }
}

/// Letters by what they cost at least, cheapest first, each with those before it as bits (bit 0 = a).
#[derive(Clone, Debug)]
struct Cheapest(Box<[(Cost, u32)]>);

impl Cheapest {
    /// Of letters with their costs, each one bit.
    fn of(mut letters: Vec<(Cost, u32)>) -> Self {
        letters.sort_unstable();
        let mut all = 0;
        for (_, set) in &mut letters {
            all |= *set;
            *set = all;
        }
        Self(letters.into())
    }

    /// Those that cost no more than `most`.
    fn within(&self, most: Cost) -> u32 {
        let mut letters = 0;
        for (cost, set) in &self.0 {
            if *cost > most {
                break;
            }
            letters = *set;
        }
        letters
    }
}

/// The rewrites of one observed string, read in one direction.
#[derive(Debug)]
pub(super) struct Steps {
    /// First step of each group; one more at the end.
    starts: [u16; GROUPS + 1],
    /// By the first, thus cheapest, step of each group of a letter.
    cheapest: Cheapest,
    steps: Box<[Step]>,
}

impl Steps {
    fn new(rewrites: &[Rewrite], direction: Direction) -> Self {
        let mut all: Vec<(u8, Step)> = rewrites
            .iter()
            .map(|r| {
                let mut letters = [0; MAX_SIDE];
                let letters = &mut letters[..usize::from(r.length)];
                letters.copy_from_slice(r.intended());
                if direction == Direction::Backward {
                    letters.reverse();
                }
                let (first, after) = letters.split_first().map_or((NO_LETTER, &[][..]), |(l, after)| (*l, after));
                let mut rest = [0; MAX_SIDE - 1];
                rest[..after.len()].copy_from_slice(after);
                (first, Step { cost: r.cost, rest, length: after.len() as u8 })
            })
            .collect();
        all.sort_by_key(|(first, step)| (*first, step.cost));
        let start = |group: usize| all.partition_point(|(first, _)| usize::from(*first) < group) as u16;
        let starts: [u16; GROUPS + 1] = std::array::from_fn(start);
        let present = (0..LETTERS).filter(|&l| starts[l] < starts[l + 1]);
        let letters = present.map(|l| (all[usize::from(starts[l])].1.cost, 1 << l)).collect();
        Self { cheapest: Cheapest::of(letters), starts, steps: all.into_iter().map(|(_, step)| step).collect() }
    }

    /// Those that mean no letter, cheapest first.
    pub(super) fn no_letter(&self) -> &[Step] {
        self.group(NO_LETTER)
    }

    /// The first letters (bit 0 = a) that there are rewrites for at no more than `most`.
    pub(super) fn letters_within(&self, most: Cost) -> u32 {
        self.cheapest.within(most)
    }

    /// Those whose first letter is `letter`, cheapest first.
    pub(super) fn group(&self, letter: u8) -> &[Step] {
        let letter = usize::from(letter);
        &self.steps[usize::from(self.starts[letter])..usize::from(self.starts[letter + 1])]
    }
}

/// The rewrites of a channel, put in order when they are first asked for.
#[derive(Debug)]
pub(super) struct StepTable {
    channel: Arc<ConfusionModel>,
    /// By what was read, and whether that is the start or the end of the word.
    numbers: FxHashMap<u32, u32>,
    /// Forward and backward; the first for strings that nothing is known of.
    tables: Vec<[Steps; 2]>,
}

impl StepTable {
    pub(super) fn new(channel: Arc<ConfusionModel>) -> Self {
        let none = [Direction::Forward, Direction::Backward].map(|d| Steps::new(&[], d));
        Self { channel, numbers: FxHashMap::default(), tables: vec![none] }
    }

    pub(super) fn channel(&self) -> &ConfusionModel {
        &self.channel
    }

    /// The number of the rewrites of `word[at..at + length]`.
    pub(super) fn number(&mut self, word: &Observed, at: usize, length: usize) -> u32 {
        let (at_start, at_end) = (at == 0, at + length == word.characters.len());
        let key = word.key(at, length);
        // A key has three bytes.
        let asked = key << 2 | u32::from(at_start) << 1 | u32::from(at_end);
        *self.numbers.entry(asked).or_insert_with(|| {
            let fits = |r: &Rewrite| (!r.at_start || at_start) && (!r.at_end || at_end);
            let rewrites: Vec<Rewrite> = self.channel.stored(key).filter(fits).collect();
            if rewrites.is_empty() {
                return 0;
            }
            self.tables.push([Direction::Forward, Direction::Backward].map(|d| Steps::new(&rewrites, d)));
            self.tables.len() as u32 - 1
        })
    }

    pub(super) fn get(&self, number: u32, direction: Direction) -> &Steps {
        &self.tables[number as usize][usize::from(direction == Direction::Backward)]
    }
}

/// What lost letters cost: those learned, and the rest as unseen.
#[derive(Clone, Debug)]
pub(super) struct Losses {
    /// Within the word, at its start, at its end.
    tables: [LossCosts; 3],
}

#[derive(Clone, Debug)]
pub(super) struct LossCosts {
    pub(super) each: [Cost; LETTERS],
    cheapest: Cheapest,
}

impl LossCosts {
    fn new(each: [Cost; LETTERS]) -> Self {
        Self { each, cheapest: Cheapest::of(each.iter().enumerate().map(|(l, cost)| (*cost, 1 << l)).collect()) }
    }

    /// The letters (bit 0 = a) whose loss costs no more than `most`.
    pub(super) fn letters_within(&self, most: Cost) -> u32 {
        self.cheapest.within(most)
    }
}

impl Losses {
    /// The losses of `channel`, of one letter each.
    pub(super) fn of(channel: &ConfusionModel) -> Self {
        let unseen = ConfusionModel::unseen_loss();
        let mut tables = [[unseen; LETTERS]; 3];
        for r in channel.losses() {
            if let &[letter] = r.intended() {
                let places = match (r.at_start, r.at_end) {
                    (true, _) => 1..2,
                    (_, true) => 2..3,
                    _ => 0..3,
                };
                for table in &mut tables[places] {
                    let cost = &mut table[usize::from(letter)];
                    *cost = r.cost.min(*cost);
                }
            }
        }
        Self { tables: tables.map(LossCosts::new) }
    }

    pub(super) fn costs(&self, at_start: bool, at_end: bool) -> &LossCosts {
        &self.tables[if at_start { 1 } else { usize::from(at_end) * 2 }]
    }
}
