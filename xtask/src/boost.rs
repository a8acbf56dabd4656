//! Gradient-boosted decision trees for a yes-or-no question (Friedman 2001),
//! with second-order leaf values, on whole-numbered features.

use scanno::model::accept::Node;
use scanno::model::cost::{ln, logistic};

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

/// Trees whose sum is the log-odds, in 1/1000, that the answer is yes. With
/// `signs` 1 or −1 for a feature the sum never falls, or never rises, with it.
pub fn train(rows: &[&Row], signs: &[i8]) -> Vec<Vec<Node>> {
    let features = rows.first().map_or(0, |r| r.features.len());
    let thresholds: Vec<Vec<i32>> = (0..features).map(|f| thresholds(rows, f)).collect();
    // Bin of each value: the number of thresholds below it.
    let bins: Vec<Vec<u8>> = (0..features)
        .map(|f| rows.iter().map(|r| thresholds[f].partition_point(|&t| t < r.features[f]) as u8).collect())
        .collect();
    let yes: f64 = rows.iter().filter(|r| r.right).map(|r| r.weight).sum();
    let all: f64 = rows.iter().map(|r| r.weight).sum();
    let base = ln((yes + 1.0) / (all - yes + 1.0));
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
        let whole = Branch { members, depth: DEPTH, least: f64::NEG_INFINITY, most: f64::INFINITY };
        grow(&mut tree, whole, &Data { slopes: &slopes, bins: &bins, thresholds: &thresholds, signs }, &mut scores);
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

/// What a tree is grown from.
struct Data<'r> {
    /// First and second derivative of each row.
    slopes: &'r [(f64, f64)],
    /// Bin of each row, for each feature.
    bins: &'r [Vec<u8>],
    thresholds: &'r [Vec<i32>],
    signs: &'r [i8],
}

/// A part of a tree yet to be grown.
struct Branch {
    members: Vec<u32>,
    depth: usize,
    /// Bounds of its leaves, so that the tree keeps to the signs.
    least: f64,
    most: f64,
}

fn grow(tree: &mut Vec<Node>, branch: Branch, data: &Data<'_>, scores: &mut [f64]) {
    let Branch { members, depth, least, most } = branch;
    let total = members.iter().fold((0.0, 0.0), |s, &m| {
        let slope = data.slopes[m as usize];
        (s.0 + slope.0, s.1 + slope.1)
    });
    let value = |(g, h): (f64, f64)| (g / (h + L2)).clamp(least, most);
    // The fall in loss if all of the sum get `value`; g²/(h + L2) where no bound is met.
    let quality = |sum: (f64, f64)| 2.0 * sum.0 * value(sum) - (sum.1 + L2) * value(sum).powi(2);
    let mut best: Option<(f64, usize, usize, f64, f64)> = None;
    if depth > 0 {
        for (f, bins) in data.bins.iter().enumerate() {
            let mut sums = [(0.0, 0.0); 256];
            for &m in &members {
                let (s, x) = (data.slopes[m as usize], &mut sums[usize::from(bins[m as usize])]);
                *x = (x.0 + s.0, x.1 + s.1);
            }
            let mut left = (0.0, 0.0);
            for (t, sum) in sums.iter().enumerate().take(data.thresholds[f].len()) {
                left = (left.0 + sum.0, left.1 + sum.1);
                let right = (total.0 - left.0, total.1 - left.1);
                if left.1 < LEAST_HESSIAN || right.1 < LEAST_HESSIAN {
                    continue;
                }
                if f64::from(data.signs[f]) * (value(right) - value(left)) < 0.0 {
                    continue;
                }
                let gain = quality(left) + quality(right) - quality(total);
                if gain > best.map_or(1e-3, |b| b.0) {
                    best = Some((gain, f, t, value(left), value(right)));
                }
            }
        }
    }
    let Some((_, feature, t, low, high)) = best else {
        let value = (SHRINKAGE * value(total) * 1000.0).round() as i32;
        members.iter().for_each(|&m| scores[m as usize] += f64::from(value) / 1000.0);
        tree.push(Node::Leaf { value });
        return;
    };
    let (left, right): (Vec<u32>, Vec<u32>) =
        members.iter().partition(|&&m| usize::from(data.bins[feature][m as usize]) <= t);
    // Nothing below the one side may cross the middle of both.
    let middle = low.midpoint(high);
    let (of_left, of_right) = match data.signs[feature] {
        0 => ((least, most), (least, most)),
        1.. => ((least, middle), (middle, most)),
        _ => ((middle, most), (least, middle)),
    };
    let at = tree.len();
    tree.push(Node::Leaf { value: 0 });
    let depth = depth - 1;
    grow(tree, Branch { members: left, depth, least: of_left.0, most: of_left.1 }, data, scores);
    let second = tree.len() as u16;
    grow(tree, Branch { members: right, depth, least: of_right.0, most: of_right.1 }, data, scores);
    tree[at] = Node::Split { feature: feature as u16, threshold: data.thresholds[feature][t], right: second };
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
        let model = AcceptModel::from_parts(train(&seen, &[0, 0]), vec![]);
        let answers = unseen.iter().map(|r| (model.score(&r.features), r.right, 1.0)).collect();
        let steps = isotonic(answers);
        assert!(model.probability(&[90, 80]) > 0.6);
        assert!(model.probability(&[10, 80]) < 0.05);
        assert!(steps.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 <= w[1].1));
        assert!((6500..8500).contains(&steps.last().unwrap().1));
    }

    #[test]
    fn a_sign_is_kept_to_though_the_answers_do_not() {
        // Likelier with the first feature but for a dip, and that depends on the second.
        let rows: Vec<Row> = (0..4000_i32)
            .map(|i| {
                let (a, b) = (i * 37 % 101, i * 53 % 89);
                let right = i % 100 < if (60..80).contains(&a) && b > 30 { 5 } else { a };
                Row { features: vec![a, b], right, weight: 1.0 }
            })
            .collect();
        let rows: Vec<&Row> = rows.iter().collect();
        let falls = |signs: &[i8]| {
            let model = AcceptModel::from_parts(train(&rows, signs), vec![]);
            (0..89).any(|b| (1..101).any(|a| model.score(&[a, b]) < model.score(&[a - 1, b])))
        };
        assert!(falls(&[0, 0]));
        assert!(!falls(&[1, 0]));
    }
}
