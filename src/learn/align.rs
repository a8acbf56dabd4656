//! Alignment of a recognized text with its truth, character by character.

/// What a character of one text is worth against one of the other, in tenths
/// of a plain substitution. A blank against a letter is dearest, so that words
/// stay whole; a case error is nearly none.
fn substitution(a: char, b: char) -> u32 {
    if a == b || (a.is_whitespace() && b.is_whitespace()) {
        0
    } else if a.is_whitespace() != b.is_whitespace() {
        20
    } else if a.is_alphabetic() && b.is_alphabetic() {
        if a.to_lowercase().eq(b.to_lowercase()) { 3 } else { 10 }
    } else if quote(a).is_some() && quote(a) == quote(b) {
        1
    } else {
        12
    }
}

/// Characters that are the same mark in another style.
fn quote(c: char) -> Option<u8> {
    match c {
        '\'' | '’' | '‘' | '`' => Some(0),
        '"' | '“' | '”' | '„' => Some(1),
        '-' | '‐' | '—' | '–' | '¬' => Some(2),
        _ => None,
    }
}

/// The cost of a character without counterpart.
const GAP: u32 = 9;
/// Half the width of the band searched, characters; drift beyond it (lost
/// columns) gives poor alignments there, which the users of pairs discard.
const BAND: usize = 400;

/// Pairs `(i, j)` of boundaries, from `(0, 0)` to `(a.len(), b.len())`: between
/// one and the next lies one character of `a`, of `b`, or of each.
pub(super) fn align(a: &[char], b: &[char]) -> Vec<(usize, usize)> {
    let (n, m) = (a.len(), b.len());
    let band = BAND.max(n.abs_diff(m) + BAND / 2);
    let low = |i: usize| (i * m).checked_div(n).unwrap_or(0).saturating_sub(band);
    let high = |i: usize| ((i * m).checked_div(n).unwrap_or(m) + band).min(m);
    let width = 2 * band + 2;
    let mut steps = vec![0u8; (n + 1) * width];
    let mut before: Vec<u32> = Vec::new();
    let far = u32::MAX / 2;
    for i in 0..=n {
        let (from, to) = (low(i), high(i));
        let mut row = vec![far; to - from + 1];
        let previous = if i > 0 { low(i - 1) } else { 0 };
        let above = |j: usize| j.checked_sub(previous).and_then(|k| before.get(k)).copied().unwrap_or(far);
        for j in from..=to {
            let mut best = (if i == 0 && j == 0 { 0 } else { far }, 0);
            if i > 0 && j > 0 {
                best = best.min((above(j - 1) + substitution(a[i - 1], b[j - 1]), 1));
            }
            if i > 0 {
                best = best.min((above(j) + GAP, 2));
            }
            if j > from {
                best = best.min((row[j - 1 - from] + GAP, 3));
            }
            row[j - from] = best.0;
            steps[i * width + j - from] = best.1;
        }
        before = row;
    }
    let mut path = vec![(n, m)];
    let (mut i, mut j) = (n, m);
    while (i, j) != (0, 0) {
        match steps[i * width + j - low(i)] {
            1 => (i, j) = (i - 1, j - 1),
            2 => i -= 1,
            3 => j -= 1,
            _ => break,
        }
        path.push((i, j));
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole() {
        let a: Vec<char> = "tbe com- mittee".chars().collect();
        let b: Vec<char> = "the committee".chars().collect();
        let path = align(&a, &b);
        assert!(path.contains(&(4, 4)) && path.contains(&(9, 7)));
        assert_eq!(align(&[], &b).len(), b.len() + 1);
        assert_eq!(align(&a, &[]).len(), a.len() + 1);
    }
}
