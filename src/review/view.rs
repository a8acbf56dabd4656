//! Which changes are looked at, and in which order.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::Session;
use crate::Correction;
use crate::change::Class;

/// The order in which changes are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// That of the text.
    #[default]
    Place,
    /// The least sure first.
    Confidence,
    /// Those of the most frequent pairs first, each pair together.
    Frequency,
}

impl Order {
    /// Every order.
    pub const ALL: [Self; 3] = [Self::Place, Self::Confidence, Self::Frequency];

    /// The name by which users choose it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Confidence => "confidence",
            Self::Frequency => "frequency",
        }
    }

    /// `indices`, numbers of `changes`, in this order; those of which it says
    /// nothing in the order of the text.
    pub fn sort(self, indices: &mut [usize], changes: &[Correction]) {
        indices.sort_unstable();
        match self {
            Self::Place => {}
            Self::Confidence => indices.sort_by(|&a, &b| changes[a].confidence.total_cmp(&changes[b].confidence)),
            Self::Frequency => {
                let mut times: BTreeMap<(&str, &str), usize> = BTreeMap::new();
                let pair = |i: usize| (&*changes[i].before, &*changes[i].after);
                for &index in &*indices {
                    *times.entry(pair(index)).or_default() += 1;
                }
                indices.sort_by_key(|&i| (Reverse(times[&pair(i)]), pair(i)));
            }
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Order {
    type Err = String;

    /// Reads what [`Order::name`] gives.
    fn from_str(name: &str) -> Result<Self, String> {
        let orders = Self::ALL.map(Self::name).join(", ");
        Self::ALL.into_iter().find(|o| o.name() == name).ok_or_else(|| format!("no such order; they are {orders}"))
    }
}

/// Which changes are looked at: those that meet all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Of these classes; empty for all.
    pub only: Vec<Class>,
    /// Not of these.
    pub skip: Vec<Class>,
    /// At least so sure, 0..1.
    pub min_confidence: f64,
    /// With this in the text before or after, whatever the case; empty for all.
    pub text: String,
}

impl Filter {
    /// True if `c` is looked at.
    #[must_use]
    pub fn takes(&self, c: &Correction) -> bool {
        (self.only.is_empty() || self.only.contains(&c.class))
            && !self.skip.contains(&c.class)
            && c.confidence >= self.min_confidence
            && (self.text.is_empty() || {
                let text = self.text.to_lowercase();
                [&c.before, &c.after].iter().any(|side| side.to_lowercase().contains(&text))
            })
    }
}

impl Session {
    /// The numbers of the changes that `filter` takes, in this `order`.
    #[must_use]
    pub fn view(&self, filter: &Filter, order: Order) -> Vec<usize> {
        let mut indices: Vec<usize> = (0..self.changes().len()).filter(|&i| filter.takes(&self.changes()[i])).collect();
        order.sort(&mut indices, self.changes());
        indices
    }

    /// Of the changes in `view` that nobody has decided about, the one that is
    /// next in doubt: the nearest to `threshold`, the confidence (0..1) from
    /// which the program makes changes. If `current` is such a change, the next
    /// after it; after the last comes the first again.
    #[must_use]
    pub fn next_doubtful(&self, view: &[usize], current: Option<usize>, threshold: f64) -> Option<usize> {
        let mut open: Vec<usize> = view.iter().copied().filter(|&i| self.ruling(i).is_none()).collect();
        open.sort_unstable();
        let distance = |i: usize| (self.changes()[i].confidence - threshold).abs();
        open.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
        let at = current.and_then(|current| open.iter().position(|&i| i == current));
        at.map_or(open.first(), |at| open.get((at + 1) % open.len())).copied()
    }
}
