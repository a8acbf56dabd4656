//! Initials that lost their last stop: `U.S-led` where the document writes
//! `U.S.-led`.
//!
//! Whether initials end in a stop is the house's style, and a house is
//! consistent: one that writes the stop loses some in reading, one that does
//! not never gains any. What a document shows of both forms tells its style,
//! by Bayes's rule.

use super::edge::cost_of_odds;
use super::{Edge, Form, Rule, Target, Workshop};
use crate::detect::{Passage, Statistics};

/// How a document writes initials in one kind of place: always with the last
/// stop, never, or either way.
struct Style {
    /// Prior probability; the rest is for either way.
    always: f64,
    never: f64,
}

/// Before a hyphen hardly any house drops the stop.
const BEFORE_HYPHEN: Style = Style { always: 0.85, never: 0.10 };
const ELSEWHERE: Style = Style { always: 0.45, never: 0.45 };
/// Share of such stops that reading loses, at most.
const LOST: f64 = 0.2;
/// Share of places where reading adds one.
const ADDED: f64 = 0.001;

impl Style {
    /// The probability that a stop was lost, when the document shows it `with`
    /// times and lacks it `without` times, this one among them.
    fn probability(&self, with: u32, without: u32) -> f64 {
        let seen = |share: f64| {
            let (with, without) = (with.min(50) as i32, without.min(50) as i32);
            share.powi(with) * (1.0 - share).powi(without)
        };
        let always = self.always * seen(1.0 - LOST);
        let rest = self.never * seen(ADDED) + (1.0 - self.always - self.never) * seen(0.5);
        always / (always + rest)
    }
}

pub(super) fn edges(shop: &Workshop<'_>, text: &str, passage: &Passage, at: usize, out: &mut Vec<Edge>) {
    let words = &passage.words;
    let letter = |i: usize| {
        words.get(i).filter(|w| {
            let mut chars = text[w.span.range()].chars();
            !w.shielded && chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
        })
    };
    let follows = |i: usize| &text[words[i - 1].span.end..words[i].span.start] == ".";
    if letter(at).is_none() || (at > 0 && follows(at)) {
        return;
    }
    let mut end = at + 1;
    while letter(end).is_some() && follows(end) {
        end += 1;
    }
    if end - at < 2 || (end < words.len() && follows(end)) {
        return;
    }
    let initials = &text[words[at].span.start..words[end - 1].span.end];
    let after = &text[words[end - 1].span.end..];
    if after.starts_with('.') {
        return;
    }
    let Some(before_hyphen) = Statistics::place_of_stop(after) else { return };
    let (with, without) = shop.statistics.stops(initials, before_hyphen);
    if !before_hyphen && with <= without {
        return;
    }
    let style = if before_hyphen { BEFORE_HYPHEN } else { ELSEWHERE };
    let confidence = style.probability(with, without.max(1));
    out.push(Edge {
        start: at,
        end,
        targets: words[at..end].iter().map(Target::of).collect(),
        cost: cost_of_odds(confidence),
        rule: Rule::Abbreviation,
        form: Form::Written(format!("{initials}.")),
        confidence: Some(confidence),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_is_told_by_what_the_document_shows() {
        assert!(BEFORE_HYPHEN.probability(4, 2) > 0.9);
        assert!(BEFORE_HYPHEN.probability(0, 1) < 0.7, "no evidence, no correction");
        assert!(BEFORE_HYPHEN.probability(0, 4) < 0.1, "a house without the stop");
        assert!(ELSEWHERE.probability(6, 6) < 0.3, "either way");
        assert!(ELSEWHERE.probability(8, 1) > 0.9);
    }
}
