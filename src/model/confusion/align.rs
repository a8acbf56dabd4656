//! The cheapest way in which letters were read as they were.

use super::{ConfusionModel, MAX_SIDE, Observed, Rewrite, UNSEEN};
use crate::model::cost::{Cost, IMPOSSIBLE};

impl ConfusionModel {
    /// The cheapest way from `intended` (letters a to z) to `observed`: its cost
    /// and its steps, each with the observed position it starts at.
    #[must_use]
    pub fn align(&self, observed: &Observed, intended: &str) -> (Cost, Vec<(usize, Rewrite)>) {
        self.align_within(observed, intended, IMPOSSIBLE - 1)
    }

    /// The same if it costs no more than `most`, and in less time; else
    /// [`IMPOSSIBLE`] and no steps.
    #[must_use]
    pub fn align_within(&self, observed: &Observed, intended: &str, most: Cost) -> (Cost, Vec<(usize, Rewrite)>) {
        let letters: Vec<u8> = intended.bytes().map(|b| b.wrapping_sub(b'a')).collect();
        let (n, m) = (observed.codes.len(), letters.len());
        let at = |i: usize, j: usize| i * (m + 1) + j;
        let mut best = vec![(IMPOSSIBLE, None::<(usize, usize, Rewrite)>); (n + 1) * (m + 1)];
        best[0].0 = 0;
        // The letters from each place on, for comparison with those of a rewrite at once.
        let ahead: Vec<u32> = (0..=m).map(|j| pack_letters(&letters[j..m.min(j + MAX_SIDE)])).collect();
        // Most rewrites mean letters that the word has not at all.
        let set = |letters: &[u8]| letters.iter().fold(0u32, |set, l| set | 1 << (l % 32));
        let present = set(&letters);
        let is_possible = |r: &Rewrite| set(r.intended()) & !present == 0;
        // What is to be compared of the letters ahead, and with what.
        let packed = |r: Rewrite| ((1u32 << (8 * r.length)) - 1, pack_letters(r.intended()), r);
        let losses: Vec<_> = self.losses().filter(is_possible).map(packed).collect();
        let mut ops = Vec::new();
        for i in 0..=n {
            let least = (0..=m).map(|j| best[at(i, j)].0).min().unwrap_or(IMPOSSIBLE);
            if least > most {
                continue;
            }
            ops.clear();
            if i < n {
                let rewrites = self.rewrites_at(observed, i).filter(|r| least + r.cost <= most && is_possible(r));
                ops.extend(rewrites.map(packed));
                ops.push(packed(Rewrite::plain(1, &[], Self::unseen(observed.characters[i]))));
            }
            for j in 0..=m {
                let here = best[at(i, j)].0;
                if here > most {
                    continue;
                }
                let mut relax = |r: Rewrite| {
                    let (to_i, to_j) = (i + usize::from(r.observed), j + usize::from(r.length));
                    let fits = (!r.at_start || (i == 0 && j == 0)) && (!r.at_end || (to_i == n && to_j == m));
                    if fits && here + r.cost < best[at(to_i, to_j)].0 {
                        best[at(to_i, to_j)] = (here + r.cost, Some((i, j, r)));
                    }
                };
                for (mask, intended, r) in ops.iter().chain(&losses) {
                    if ahead[j] & mask == *intended {
                        relax(*r);
                    }
                }
                if j < m {
                    relax(Rewrite::plain(0, &letters[j..=j], UNSEEN));
                    if i < n {
                        relax(Rewrite::plain(1, &letters[j..=j], Self::unseen(observed.characters[i])));
                    }
                }
            }
        }
        if best[at(n, m)].0 > most {
            return (IMPOSSIBLE, Vec::new());
        }
        let mut steps = Vec::new();
        let (mut i, mut j) = (n, m);
        while let Some((from_i, from_j, r)) = best[at(i, j)].1 {
            steps.push((from_i, r));
            (i, j) = (from_i, from_j);
        }
        steps.reverse();
        (best[at(n, m)].0, steps)
    }

    /// All rewrites that consume characters of `word` from `at` on. The loss of
    /// letters and unseen errors are not among them.
    fn rewrites_at(&self, word: &Observed, at: usize) -> impl Iterator<Item = Rewrite> {
        let n = word.codes.len();
        let stored = (1..=MAX_SIDE.min(n - at)).flat_map(move |length| {
            let here = self.stored(word.key(at, length));
            let here = here.filter(move |r| (!r.at_start || at == 0) && (!r.at_end || at + length == n));
            here.map(move |r| Rewrite { observed: length as u8, ..r })
        });
        self.plain_at(word, at).into_iter().chain(stored)
    }
}

/// Up to three letters, one a byte, each as 1 to 26.
fn pack_letters(letters: &[u8]) -> u32 {
    letters.iter().rev().fold(0, |packed, &l| packed << 8 | u32::from(l.wrapping_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Models;

    #[test]
    fn a_bound_changes_nothing_up_to_what_the_way_costs() {
        let channel = Models::embedded().confusion;
        for (observed, intended) in [("modem", "modern"), ("tbe", "the"), ("BEITUT", "beirut"), ("c0m-", "committee")] {
            let observed = channel.observe(observed);
            let (cost, steps) = channel.align(&observed, intended);
            assert_eq!(channel.align_within(&observed, intended, cost), (cost, steps));
            assert_eq!(channel.align_within(&observed, intended, cost - 1), (IMPOSSIBLE, vec![]));
        }
    }
}
