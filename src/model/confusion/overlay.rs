//! One engine's own counts, laid over a general channel.

use std::collections::BTreeMap;

use super::{
    Code, ConfusionModel, Counted, Counts, FLOOR, MOST_CHARACTERS, NONE, UNSEEN, assemble, code_of, cost_of_odds, pack,
    placed, symbols,
};
use crate::model::cost::{Cost, NAT, cost_of, exp, probability_of};
use crate::model::separator::Separator;
use crate::model::table::{Bytes, U32s};

impl ConfusionModel {
    /// This channel with the `counts` of one engine's pages laid over it, in
    /// which a rewrite may have been seen no time at all. What is here weighs as
    /// much as `prior` occurrences, and no cost changes by more than `most`.
    /// What the counts do not name stays.
    #[must_use]
    pub fn laid_over(&self, counts: &Counts, prior: f64, most: Cost) -> Self {
        let share = |cost: Cost, part: u32, whole: u32| {
            (prior * probability_of(cost) + f64::from(part)) / (prior + f64::from(whole))
        };
        let near = |cost: Cost, old: Cost| cost.clamp(old - most, old + most);
        let is_new = |r: &&Counted| r.count >= 2;
        let old_characters = || (0..self.characters.len()).map(|i| self.characters.get(i));
        let mut characters: Vec<u32> = old_characters().chain(symbols(counts.rewrites.iter().filter(is_new))).collect();
        characters.sort_unstable();
        characters.dedup();
        if characters.len() > MOST_CHARACTERS {
            characters = old_characters().collect();
        }
        let table = U32s(Bytes::Owned(U32s::bytes(characters.iter().copied())));

        let mut compiled: BTreeMap<(u32, [u8; 4]), Cost> = BTreeMap::new();
        for at in 0..self.keys.len() {
            let codes = self.keys.get(at).to_be_bytes();
            let codes = codes[1..].iter().take_while(|&&c| c != NONE);
            let recoded: Vec<Code> = codes
                .map(|&c| match c.checked_sub(26) {
                    Some(symbol) => code_of(self.characters.get(usize::from(symbol)), &table),
                    None => c,
                })
                .collect();
            for number in self.starts.get(at)..self.starts.get(at + 1) {
                let bytes = &self.rewrites[4 * number as usize..][..4];
                let bytes = bytes.try_into().expect("four bytes");
                compiled.insert((pack(&recoded), bytes), Cost::from(self.costs.get(number as usize)));
            }
        }
        for r in &counts.rewrites {
            let Some((place, _)) = placed(r, &table) else { continue };
            match compiled.get_mut(&place) {
                Some(cost) => *cost = near(cost_of(share(*cost, r.count, r.total)), *cost).max(FLOOR),
                None if is_new(&r) => {
                    let cost = cost_of(share(UNSEEN, r.count, r.total)).max(FLOOR);
                    if cost < UNSEEN {
                        compiled.insert(place, cost);
                    }
                }
                None => {}
            }
        }
        let compiled: Vec<_> = compiled.into_iter().map(|((key, bytes), cost)| (key, bytes, cost as u16)).collect();
        let identity = |letter: usize| {
            let old = Cost::from(self.identities.get(letter));
            let (right, all) = counts.letters.get(letter).copied().unwrap_or_default();
            near(cost_of(share(old, right, all).min(1.0)), old).max(0)
        };
        let join = |separator: &Separator| {
            let old = self.join(*separator);
            let (within, between) = counts.separators.get(*separator as usize).copied().unwrap_or_default();
            // The odds that are here, as events: `prior` of them between words.
            let odds = exp(-f64::from(old) / f64::from(NAT));
            near(-cost_of_odds(prior * odds + f64::from(within), prior + f64::from(between)), old)
        };
        let lost_blank = near(cost_of(share(self.lost_blank(), counts.blanks.0, counts.blanks.1)), self.lost_blank());
        let file = assemble(
            characters,
            &compiled,
            (0..26).map(identity),
            Separator::ALL.iter().map(join).collect(),
            lost_blank.max(0),
        );
        Self::new(&file.into()).expect("the layout is its own")
    }

    /// The stored rewrites as counts name them (`^` and `$` at the edges), each
    /// with its cost: what was read, what was meant.
    pub fn rewrites(&self) -> impl Iterator<Item = (String, String, Cost)> {
        (0..self.keys.len()).flat_map(move |at| {
            let codes = self.keys.get(at).to_be_bytes();
            let observed: String = codes[1..]
                .iter()
                .take_while(|&&c| c != NONE)
                .filter_map(|&c| match c.checked_sub(26) {
                    Some(symbol) => char::from_u32(self.characters.get(usize::from(symbol))),
                    None => Some(char::from(b'a' + c)),
                })
                .collect();
            self.stored(self.keys.get(at)).map(move |r| {
                let intended: String = r.intended().iter().map(|l| char::from(b'a' + l)).collect();
                let framed = |inner: &str| {
                    format!("{}{inner}{}", if r.at_start { "^" } else { "" }, if r.at_end { "$" } else { "" })
                };
                (framed(&observed), framed(&intended), r.cost)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{counted, model};
    use super::*;

    #[test]
    fn counts_laid_over_move_costs_within_bounds_and_add_rewrites() {
        let general = model();
        let cost = |m: &ConfusionModel, observed: &str, intended: &str| m.align(&m.observe(observed), intended).0;
        let none = general.laid_over(&Counts::default(), 100.0, NAT);
        for (observed, intended) in [("tbe", "the"), ("modem", "modern"), ("tho", "the"), ("thi«", "this")] {
            assert_eq!(cost(&none, observed, intended), cost(&general, observed, intended), "{observed}");
        }
        let counts = Counts {
            rewrites: vec![
                counted("b", "h", 900, 1000),
                counted("m", "rn", 0, 100_000),
                counted("§", "g", 30, 100),
                counted("q", "g", 1, 100),
            ],
            ..Counts::default()
        };
        let own = general.laid_over(&counts, 100.0, NAT);
        assert_eq!(cost(&own, "tbe", "the") - cost(&general, "tbe", "the"), -NAT, "no more than the bound");
        assert_eq!(cost(&own, "modem", "modern") - cost(&general, "modem", "modern"), NAT);
        assert_eq!(cost(&own, "tho", "the"), cost(&general, "tho", "the"));
        assert!(cost(&own, "do§", "dog") < 300 && cost(&general, "do§", "dog") > 500, "a new sign");
        assert_eq!(cost(&own, "thi«", "this"), cost(&general, "thi«", "this"), "its code has moved");
        assert_eq!(cost(&own, "doq", "dog"), cost(&general, "doq", "dog"), "once is no evidence");
        assert_eq!(own.rewrites().count(), general.rewrites().count() + 1);
    }
}
