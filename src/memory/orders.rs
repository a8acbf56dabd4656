//! [`Orders`]: changes that people have accepted, looked for in a text whether
//! the program proposes them or not.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::{Neighbors, Ruled, folded};
use crate::change::Decision;
use crate::document::{Token, TokenKind, is_line_end, tokens};
use crate::{Correction, Span};

/// The probability that a person's reading is right where it is recognized by
/// its neighbors: that of a correction that the user has listed.
const ORDERED: f64 = 0.99;

/// What to look for.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders {
    /// By the first token, in small letters: what stands there, folded, the longest first.
    openings: FxHashMap<String, Vec<String>>,
}

impl Orders {
    pub(super) fn new<'r>(accepted: impl Iterator<Item = &'r Ruled>) -> Self {
        // Words parted by a line end are put together by the program, or not at all.
        let wanted = accepted.filter(|ruled| !ruled.before.contains(is_line_end));
        let distinct: BTreeSet<String> = wanted.map(|ruled| folded(&ruled.before)).collect();
        let mut openings: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for before in distinct {
            let Some(first) = tokens(&before).next() else { continue };
            openings.entry(before[first.span.range()].to_owned()).or_default().push(before);
        }
        openings.values_mut().for_each(|befores| befores.sort_by_key(|before| std::cmp::Reverse(before.len())));
        Self { openings }
    }

    /// The corrections of `text` that `accepted` gives, asked for what stands
    /// there, folded, and the words beside it; sorted and disjoint.
    pub(super) fn found_in(&self, text: &str, accepted: impl Fn(&str, Neighbors) -> Option<Ruled>) -> Vec<Correction> {
        if self.openings.is_empty() {
            return Vec::new();
        }
        let all: Vec<Token> = tokens(text).collect();
        let mut out: Vec<Correction> = Vec::new();
        for (at, token) in all.iter().enumerate() {
            if matches!(token.kind, TokenKind::Space | TokenKind::LineBreak)
                || out.last().is_some_and(|last| token.span.start < last.span.end)
            {
                continue;
            }
            let Some(befores) = self.openings.get(&text[token.span.range()].to_lowercase()) else { continue };
            for before in befores {
                let pieces = tokens(before).count();
                let Some(last) = all.get(at + pieces - 1) else { continue };
                let span = Span::new(token.span.start, last.span.end);
                let written = &text[span.range()];
                if written.contains(is_line_end) || folded(written) != *before {
                    continue;
                }
                let found = accepted(before, Neighbors::of(text, span));
                if let Some(correction) = found.and_then(|ruled| correction(&ruled, span, written)) {
                    out.push(correction);
                    break;
                }
            }
        }
        out
    }
}

/// The change that `ruled` makes of `written`, if that is written as it was,
/// or in capitals, or with the first one.
fn correction(ruled: &Ruled, span: Span, written: &str) -> Option<Correction> {
    let capitalized = |text: &str| {
        let mut chars = text.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
    };
    let after = if written == ruled.before {
        ruled.after.clone()
    } else if written == capitalized(&ruled.before) {
        capitalized(&ruled.after)
    } else if written == ruled.before.to_uppercase() {
        ruled.after.to_uppercase()
    } else {
        return None;
    };
    (after != written).then(|| Correction {
        span,
        before: written.into(),
        after: after.into(),
        class: ruled.class,
        rule: "memory".into(),
        confidence: ORDERED,
        decision: Decision::Accepted,
        decided: Some(ruled.decided.clone().into()),
        alternatives: Vec::new(),
        evidence: Vec::new(),
    })
}
