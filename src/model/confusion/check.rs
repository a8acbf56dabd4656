//! Whether a channel from outside can be used.

use super::{ConfusionModel, FILE, LETTERS, MAX_SIDE, MOST_CHARACTERS, NONE, UNSEEN};
use crate::model::DataError;
use crate::model::cost::{Cost, NAT};
use crate::model::table::U16s;

/// Longest odds, as a cost, that counts of 32 bits have: ln(2³²) = 22.2 nats, and some for smoothing.
const LONGEST_ODDS: Cost = 25 * NAT;
/// Most rewrites of one observed string: a collection's own, laid over them,
/// are as many at most, and the search numbers them all by 16 bits.
pub(crate) const MOST_REWRITES: usize = 1 << 15;

impl ConfusionModel {
    /// Looks at all that is in the tables: see [`Lexicon::check`](crate::model::Lexicon::check).
    ///
    /// # Errors
    /// If anything in them is not as [`ConfusionModel::compile`] makes it.
    pub fn check(&self) -> Result<(), DataError> {
        match self.fault() {
            Some(what) => Err(DataError::Compiled { file: FILE, what }),
            None => Ok(()),
        }
    }

    fn fault(&self) -> Option<&'static str> {
        let are_characters = self.characters.is_ascending()
            && self.characters.len() <= MOST_CHARACTERS
            && self.characters.iter().all(|c| char::from_u32(c).is_some_and(|c| !c.is_ascii_lowercase()));
        if !are_characters {
            return Some("its characters are none");
        }
        if !self.keys.is_ascending() || !self.keys.iter().all(|key| self.is_key(key)) {
            return Some("what was read is out of order");
        }
        let starts = || self.starts.iter().map(|start| start as usize);
        let are_starts = starts().next() == Some(0)
            && starts().last() == Some(self.rewrites.len() / 4)
            && starts().zip(starts().skip(1)).all(|(from, to)| from < to && to - from <= MOST_REWRITES);
        if !are_starts {
            return Some("its rewrites are counted wrong");
        }
        let (rewrites, _) = self.rewrites.as_chunks::<4>();
        let is_rewrite = |[letters @ .., form]: &[u8; 4]| {
            letters.iter().all(|&letter| usize::from(letter) < LETTERS) && *form < 1 << 4
        };
        if !rewrites.iter().all(is_rewrite) {
            return Some("a rewrite means no letters");
        }
        let within = |costs: &U16s, most: Cost| costs.iter().all(|cost| Cost::from(cost) <= most);
        let are_costs = within(&self.costs, UNSEEN)
            && [&self.identities, &self.lost_blank].into_iter().all(|costs| within(costs, LONGEST_ODDS))
            && within(&self.joins, super::JOIN_SHIFT + LONGEST_ODDS);
        if are_costs { None } else { Some("a cost is too high") }
    }

    /// One to three codes of characters, or none for what was lost.
    fn is_key(&self, key: u32) -> bool {
        let [none, codes @ ..] = key.to_be_bytes();
        let used = codes.iter().position(|&code| code == NONE).unwrap_or(MAX_SIDE);
        let (known, rest) = codes.split_at(used);
        none == 0
            && known.iter().all(|&code| usize::from(code) < LETTERS + self.characters.len())
            && rest.iter().all(|&code| code == NONE)
    }
}
