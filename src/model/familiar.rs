//! [`FamiliarWords`]: words outside the lexicon that are known to be right in
//! a collection of texts, since someone has read it.

use std::collections::BTreeMap;

/// How often a word was read: in all, and with a capital first.
pub type Seen = (u32, u32);

/// Words by their look-up keys, with how often they stand in pages that were
/// read. They count as if a text had them itself: they are kept the sooner and
/// mend their misreadings, but they may be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FamiliarWords {
    /// Each word and how often it stands there.
    pub words: BTreeMap<Box<str>, Seen>,
    /// Words of those pages in all.
    pub total: u32,
}

impl FamiliarWords {
    /// Each word and how often a text of `words` words may be expected to have
    /// it: twice at least where it stands in the pages more than once, which is
    /// what mends misreadings of it.
    pub fn expected(&self, words: u32) -> impl Iterator<Item = (&str, Seen)> {
        let scale = f64::from(words) / f64::from(self.total.max(1));
        self.words.iter().map(move |(key, &(count, capitalized))| {
            let expected = (f64::from(count) * scale).round() as u32;
            let expected = expected.max(count.min(2));
            let share = f64::from(capitalized) / f64::from(count.max(1));
            (&**key, (expected, (f64::from(expected) * share).round() as u32))
        })
    }
}
