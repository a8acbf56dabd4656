//! The accept model as text, so that the compiled one can be rebuilt from the
//! repository alone.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use scanno::decode::FEATURES;
use scanno::model::AcceptModel;
use scanno::model::accept::Node;

/// The model as text: features by name, nodes of a tree in order, the left
/// child of a split next after it.
pub fn to_text(trees: &[Vec<Node>], calibration: &[(i32, u16)]) -> String {
    let mut out = String::from(
        "# Which changes are right: trees and their calibration, trained by `cargo xtask train`; see SOURCES.md.\n\
         # tree\n\
         # split TAB feature TAB greatest value that goes left TAB number of the right child in the tree\n\
         # leaf TAB thousandths of log-odds\n\
         # point TAB summed thousandths of log-odds TAB ten-thousandths of probability\n",
    );
    for tree in trees {
        out.push_str("tree\n");
        for node in tree {
            let _ = match *node {
                Node::Split { feature, threshold, right } => {
                    writeln!(out, "split\t{}\t{threshold}\t{right}", FEATURES[usize::from(feature)])
                }
                Node::Leaf { value } => writeln!(out, "leaf\t{value}"),
            };
        }
    }
    for (score, probability) in calibration {
        let _ = writeln!(out, "point\t{score}\t{probability}");
    }
    out
}

/// Reads what [`to_text`] wrote.
pub fn from_text(text: &str) -> Result<AcceptModel> {
    let mut trees: Vec<Vec<Node>> = Vec::new();
    let mut calibration = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#')) {
        let at = || format!("line {}: {line:?}", number + 1);
        let fields: Vec<&str> = line.split('\t').collect();
        let value = |i: usize| fields.get(i).and_then(|f| f.parse::<i32>().ok()).with_context(at);
        match fields[0] {
            "tree" => trees.push(Vec::new()),
            "split" => {
                let feature = FEATURES.iter().position(|f| fields.get(1) == Some(f)).with_context(at)? as u16;
                let node = Node::Split { feature, threshold: value(2)?, right: value(3)?.try_into().with_context(at)? };
                trees.last_mut().with_context(at)?.push(node);
            }
            "leaf" => trees.last_mut().with_context(at)?.push(Node::Leaf { value: value(1)? }),
            "point" => calibration.push((value(1)?, value(2)?.try_into().with_context(at)?)),
            _ => bail!("{}", at()),
        }
    }
    Ok(AcceptModel::from_parts(trees, calibration))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_model_agree() {
        let tree = vec![
            Node::Split { feature: 3, threshold: -5, right: 2 },
            Node::Leaf { value: -10 },
            Node::Leaf { value: 20 },
        ];
        let text = to_text(std::slice::from_ref(&tree), &[(-100, 50), (100, 9000)]);
        let model = from_text(&text).unwrap();
        let direct = AcceptModel::from_parts(vec![tree], vec![(-100, 50), (100, 9000)]);
        assert_eq!(model.compile(), direct.compile());
        assert!(from_text("split\tno such feature\t1\t2").is_err());
    }
}
