//! Gradient-boosted decision trees for a yes-or-no question (Friedman 2001),
//! with second-order leaf values, on whole-numbered features.

use scanno::model::accept::Node;
use scanno::model::cost::logistic;

/// One question with its answer.
pub struct Row {
    /// Feature values.
    pub features: Vec<i32>,
    /// The answer.
    pub right: bool,
    /// What it counts.
    pub weight: f64,
}

/// How trees are grown. The values are those of an experiment on the same kind
/// of data; results are flat around them.
const TREES: usize = 220;
const DEPTH: usize = 4;
const SHRINKAGE: f64 = 0.08;
/// Least sum of second derivatives in a leaf: about four times as many rows.
const LEAST_HESSIAN: f64 = 5.0;
const L2: f64 = 5.0;
/// Thresholds tried for each feature.
const BINS: usize = 48;

/// Trees whose sum is the log-odds, in 1/1000, that the answer is yes.
pub fn train(rows: &[&Row]) -> Vec<Vec<Node>> {
    let features = rows.first().map_or(0, |r| r.features.len());
    let thresholds: Vec<Vec<i32>> = (0..features).map(|f| thresholds(rows, f)).collect();
    // Bin of each value: the number of thresholds below it.
    let bins: Vec<Vec<u8>> = (0..features)
        .map(|f| rows.iter().map(|r| thresholds[f].partition_point(|&t| t < r.features[f]) as u8).collect())
        .collect();
    let yes: f64 = rows.iter().filter(|r| r.right).map(|r| r.weight).sum();
    let all: f64 = rows.iter().map(|r| r.weight).sum();
    let base = ((yes + 1.0) / (all - yes + 1.0)).ln();
    let mut scores = vec![base; rows.len()];
    let mut trees = vec![vec![Node::Leaf { value: (base * 1000.0).round() as i32 }]];
    for _ in 0..TREES {
        let slopes: Vec<(f64, f64)> = rows
            .iter()
            .zip(&scores)
            .map(|(r, &s)| {
                let p = logistic(s);
                (r.weight * (f64::from(u8::from(r.right)) - p), r.weight * p * (1.0 - p))
            })
            .collect();
        let mut tree = Vec::new();
        let members: Vec<u32> = (0..rows.len() as u32).collect();
        grow(&mut tree, &members, DEPTH, &slopes, &bins, &thresholds, &mut scores);
        trees.push(tree);
    }
    trees
}

fn thresholds(rows: &[&Row], feature: usize) -> Vec<i32> {
    let mut values: Vec<i32> = rows.iter().map(|r| r.features[feature]).collect();
    values.sort_unstable();
    let mut out: Vec<i32> = (1..BINS).map(|b| values[b * (values.len() - 1) / BINS]).collect();
    values.dedup();
    if values.len() <= BINS {
        out = values;
    }
    out.dedup();
    out
}

fn grow(
    tree: &mut Vec<Node>,
    members: &[u32],
    depth: usize,
    slopes: &[(f64, f64)],
    bins: &[Vec<u8>],
    thresholds: &[Vec<i32>],
    scores: &mut [f64],
) {
    let total = members.iter().fold((0.0, 0.0), |s, &m| (s.0 + slopes[m as usize].0, s.1 + slopes[m as usize].1));
    let quality = |(g, h): (f64, f64)| g * g / (h + L2);
    let mut best: Option<(f64, usize, usize)> = None;
    if depth > 0 {
        for (f, bins) in bins.iter().enumerate() {
            let mut sums = [(0.0, 0.0); 256];
            for &m in members {
                let (s, x) = (slopes[m as usize], &mut sums[usize::from(bins[m as usize])]);
                *x = (x.0 + s.0, x.1 + s.1);
            }
            let mut left = (0.0, 0.0);
            for (t, sum) in sums.iter().enumerate().take(thresholds[f].len()) {
                left = (left.0 + sum.0, left.1 + sum.1);
                let right = (total.0 - left.0, total.1 - left.1);
                if left.1 < LEAST_HESSIAN || right.1 < LEAST_HESSIAN {
                    continue;
                }
                let gain = quality(left) + quality(right) - quality(total);
                if gain > best.map_or(1e-3, |b| b.0) {
                    best = Some((gain, f, t));
                }
            }
        }
    }
    let Some((_, feature, t)) = best else {
        let value = (SHRINKAGE * total.0 / (total.1 + L2) * 1000.0).round() as i32;
        members.iter().for_each(|&m| scores[m as usize] += f64::from(value) / 1000.0);
        tree.push(Node::Leaf { value });
        return;
    };
    let (left, right): (Vec<u32>, Vec<u32>) =
        members.iter().partition(|&&m| usize::from(bins[feature][m as usize]) <= t);
    let at = tree.len();
    tree.push(Node::Leaf { value: 0 });
    grow(tree, &left, depth - 1, slopes, bins, thresholds, scores);
    let second = tree.len() as u16;
    grow(tree, &right, depth - 1, slopes, bins, thresholds, scores);
    tree[at] = Node::Split { feature: feature as u16, threshold: thresholds[feature][t], right: second };
}

/// Isotonic regression by pooling adjacent violators: points (score, probability
/// in 1/10,000) of the non-decreasing step function nearest to the answers,
/// each step at its mean score. `answers` are (score, right, weight).
pub fn isotonic(mut answers: Vec<(i32, bool, f64)>) -> Vec<(i32, u16)> {
    /// Least weight of a step: fewer answers say nothing of a probability.
    const LEAST: f64 = 40.0;
    answers.sort_by_key(|a| a.0);
    // Weight, weight of the right, weighted score.
    let mut steps: Vec<(f64, f64, f64)> = Vec::new();
    for (score, right, weight) in answers {
        steps.push((weight, if right { weight } else { 0.0 }, weight * f64::from(score)));
        while let [.., a, b] = steps[..]
            && (a.0 < LEAST || a.1 / a.0 >= b.1 / b.0)
        {
            steps.pop();
            steps.pop();
            steps.push((a.0 + b.0, a.1 + b.1, a.2 + b.2));
        }
    }
    let mut out: Vec<(i32, u16)> = steps
        .into_iter()
        // Laplace's rule keeps the ends from certainty.
        .map(|(w, r, s)| ((s / w).round() as i32, ((r + 1.0) / (w + 2.0) * 10_000.0).round() as u16))
        .collect();
    out.dedup_by_key(|p| p.0);
    for i in 1..out.len() {
        out[i].1 = out[i].1.max(out[i - 1].1);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use scanno::model::AcceptModel;

    #[test]
    fn learns_a_rule_and_its_probabilities() {
        // Right when both features are large, three times in four.
        let rows: Vec<Row> = (0..4000_i32)
            .map(|i| {
                let (a, b) = (i * 37 % 101, i * 53 % 89);
                Row { features: vec![a, b], right: a > 50 && b > 40 && i % 4 != 0, weight: 1.0 }
            })
            .collect();
        // Calibrated on rows that the trees have not seen.
        let (seen, unseen) = rows.split_at(2000);
        let seen: Vec<&Row> = seen.iter().collect();
        let model = AcceptModel::from_parts(train(&seen), vec![]);
        let answers = unseen.iter().map(|r| (model.score(&r.features), r.right, 1.0)).collect();
        let steps = isotonic(answers);
        assert!(model.probability(&[90, 80]) > 0.6);
        assert!(model.probability(&[10, 80]) < 0.05);
        assert!(steps.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 <= w[1].1));
        assert!((6500..8500).contains(&steps.last().unwrap().1));
    }
}
