//! [`AcceptModel`]: the probability that a proposed change is right.
//!
//! A sum of small decision trees over whole-numbered features (gradient
//! boosting, Friedman 2001), trained by `cargo xtask train` on pages with
//! known truth, then calibrated by isotonic regression (Zadrozny and Elkan
//! 2002) on pages the trees had not seen. Whole numbers throughout, so every
//! machine gives the same answer.

use super::DataError;
use super::table::{self, Bytes, U16s};

const FILE: &str = "accept.bin";
const KIND: u8 = b'A';

/// A node of a tree, eight bytes: feature (i16, −1 for a leaf), threshold or
/// value (i16 … as i32 in two halves), and the right child; the left child is
/// the next node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// Goes on at the next node if the feature is at most `threshold`, else at `right`.
    Split {
        /// Number of the feature.
        feature: u16,
        /// Largest value that goes left.
        threshold: i32,
        /// Index of the right child in the tree.
        right: u16,
    },
    /// Adds `value`, in 1/1000 of log-odds.
    Leaf {
        /// What it adds.
        value: i32,
    },
}

/// Trees and their calibration.
#[derive(Clone, Debug)]
pub struct AcceptModel {
    trees: Vec<Vec<Node>>,
    /// Log-odds in 1/1000, ascending, and the probabilities (1/10,000) there.
    calibration: Vec<(i32, u16)>,
}

impl AcceptModel {
    /// A model of `trees`; `calibration` maps summed log-odds (1/1000,
    /// ascending) to probabilities (1/10,000, ascending), linear in between.
    #[must_use]
    pub fn from_parts(trees: Vec<Vec<Node>>, calibration: Vec<(i32, u16)>) -> Self {
        Self { trees, calibration }
    }

    /// Reads `accept.bin`.
    ///
    /// # Errors
    /// If it is not a compiled model of this version.
    pub fn new(data: &Bytes) -> Result<Self, DataError> {
        let [sizes, nodes, calibration] = table::sections(FILE, KIND, data)?;
        let fail = || DataError::Compiled { file: FILE, what: "its tables do not fit together" };
        let sizes = U16s(sizes);
        let mut all = nodes.chunks_exact(8);
        let mut trees = Vec::new();
        for i in 0..sizes.0.len() / 2 {
            let size = sizes.get(i);
            let mut tree = Vec::with_capacity(usize::from(size));
            for at in 0..size {
                let b = all.next().ok_or_else(fail)?;
                let feature = u16::from_le_bytes([b[0], b[1]]);
                let right = u16::from_le_bytes([b[2], b[3]]);
                let number = i32::from_le_bytes([b[4], b[5], b[6], b[7]]);
                tree.push(if feature == u16::MAX {
                    Node::Leaf { value: number }
                } else if right > at && right < size && at + 1 < size {
                    Node::Split { feature, threshold: number, right }
                } else {
                    return Err(fail());
                });
            }
            if !matches!(tree.last(), Some(Node::Leaf { .. })) {
                return Err(fail());
            }
            trees.push(tree);
        }
        if !nodes.len().is_multiple_of(8) || all.next().is_some() || !calibration.len().is_multiple_of(6) {
            return Err(fail());
        }
        let calibration = calibration
            .chunks_exact(6)
            .map(|b| (i32::from_le_bytes([b[0], b[1], b[2], b[3]]), u16::from_le_bytes([b[4], b[5]])))
            .collect();
        Ok(Self { trees, calibration })
    }

    /// Looks at all that is in the tables: see [`Lexicon::check`](super::Lexicon::check).
    ///
    /// # Errors
    /// If the numbers in them cannot be those of [`AcceptModel::compile`].
    pub fn check(&self) -> Result<(), DataError> {
        let fail = |what| DataError::Compiled { file: FILE, what };
        let values = |tree: &Vec<Node>| {
            let leaves = tree.iter().map(|node| if let Node::Leaf { value } = node { value.unsigned_abs() } else { 0 });
            leaves.max().map_or(0, u64::from)
        };
        if self.trees.iter().map(values).sum::<u64>() > i32::MAX as u64 {
            return Err(fail("its trees add up to too much"));
        }
        let is_ascending = self.calibration.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1);
        if !is_ascending || self.calibration.last().is_some_and(|last| last.1 > 10_000) {
            return Err(fail("its calibration is none"));
        }
        Ok(())
    }

    /// Compiles `accept.bin`.
    #[must_use]
    pub fn compile(&self) -> Vec<u8> {
        let node = |n: &Node| -> [u8; 8] {
            let (feature, right, number) = match *n {
                Node::Split { feature, threshold, right } => (feature, right, threshold),
                Node::Leaf { value } => (u16::MAX, 0, value),
            };
            let (f, r, n) = (feature.to_le_bytes(), right.to_le_bytes(), number.to_le_bytes());
            [f[0], f[1], r[0], r[1], n[0], n[1], n[2], n[3]]
        };
        table::file(
            KIND,
            &[
                U16s::bytes(self.trees.iter().map(|t| t.len() as u16)),
                self.trees.iter().flatten().flat_map(node).collect(),
                self.calibration.iter().flat_map(|(x, p)| x.to_le_bytes().into_iter().chain(p.to_le_bytes())).collect(),
            ],
        )
    }

    /// The summed log-odds (1/1000) of a change with these features; one that is
    /// missing counts as 0.
    #[must_use]
    pub fn score(&self, features: &[i32]) -> i32 {
        self.trees
            .iter()
            .map(|tree| {
                let mut at = 0;
                loop {
                    match tree[at] {
                        Node::Leaf { value } => return value,
                        Node::Split { feature, threshold, right } => {
                            let value = features.get(usize::from(feature)).copied().unwrap_or(0);
                            at = if value <= threshold { at + 1 } else { usize::from(right) };
                        }
                    }
                }
            })
            .sum()
    }

    /// The probability 0..1, in steps of 1/10,000, that a change with these
    /// features is right.
    #[must_use]
    pub fn probability(&self, features: &[i32]) -> f64 {
        self.calibrate(self.score(features))
    }

    /// This model with every probability moved by `calibration`.
    #[must_use]
    pub fn recalibrated(&self, calibration: &Calibration) -> Self {
        let calibrated =
            |&(score, p): &(i32, u16)| (score, (calibration.apply(f64::from(p) / 10_000.0) * 10_000.0).round() as u16);
        Self { trees: self.trees.clone(), calibration: self.calibration.iter().map(calibrated).collect() }
    }

    fn calibrate(&self, score: i32) -> f64 {
        let (Some(&first), Some(&last)) = (self.calibration.first(), self.calibration.last()) else {
            return (super::cost::logistic(f64::from(score) / 1000.0) * 10_000.0).round() / 10_000.0;
        };
        let at = self.calibration.partition_point(|c| c.0 <= score);
        let tenthousandths = if at == 0 {
            i64::from(first.1)
        } else if at == self.calibration.len() {
            i64::from(last.1)
        } else {
            let ((x0, p0), (x1, p1)) = (self.calibration[at - 1], self.calibration[at]);
            let (x0, x1, p0, p1) = (i64::from(x0), i64::from(x1), i64::from(p0), i64::from(p1));
            p0 + (p1 - p0) * (i64::from(score) - x0) / (x1 - x0).max(1)
        };
        tenthousandths as f64 / 10_000.0
    }
}

/// A monotone map of probabilities: a straight line between log-odds, where
/// that is not above what it was.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Calibration {
    /// Added to the log-odds, nats.
    pub shift: f64,
    /// Factor of the log-odds, positive.
    pub scale: f64,
}

impl Default for Calibration {
    /// The map that leaves everything as it is.
    fn default() -> Self {
        Self { shift: 0.0, scale: 1.0 }
    }
}

impl Calibration {
    /// What the probability `p` (0..1) becomes; 0 and 1 stay.
    #[must_use]
    pub fn apply(&self, p: f64) -> f64 {
        if p <= 0.0 || p >= 1.0 || *self == Self::default() {
            return p;
        }
        super::cost::logistic(self.shift + self.scale * log_odds(p)).min(p)
    }
}

/// ln(p / (1 − p)).
pub(crate) fn log_odds(p: f64) -> f64 {
    super::cost::ln(p / (1.0 - p))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> AcceptModel {
        let tree = vec![
            Node::Split { feature: 1, threshold: 5, right: 2 },
            Node::Leaf { value: -1000 },
            Node::Leaf { value: 2000 },
        ];
        AcceptModel::from_parts(vec![tree.clone(), tree], vec![(-2000, 500), (4000, 9500)])
    }

    #[test]
    fn trees_add_up_and_calibration_is_linear_between_its_points() {
        let m = model();
        assert_eq!(m.score(&[0, 5]), -2000);
        assert_eq!(m.score(&[0, 6]), 4000);
        assert_eq!(m.score(&[]), -2000);
        assert!((m.probability(&[0, 6]) - 0.95).abs() < 1e-9);
        assert!((m.calibrate(1000) - 0.5).abs() < 1e-9);
        assert!((m.calibrate(-99_999) - 0.05).abs() < 1e-9);
    }

    #[test]
    fn reads_what_it_wrote_and_refuses_what_would_loop() {
        let m = model();
        let back = AcceptModel::new(&m.compile().into()).unwrap();
        assert_eq!(back.score(&[0, 6]), 4000);
        let looping = AcceptModel::from_parts(vec![vec![Node::Split { feature: 0, threshold: 0, right: 0 }]], vec![]);
        assert!(AcceptModel::new(&looping.compile().into()).is_err());
    }
}
