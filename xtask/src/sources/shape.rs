//! How a word is written: its case, and the letters its key cannot show.

/// The case of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `house`
    Lower,
    /// `House`, and a single capital (`I`).
    Capital,
    /// `HOUSE`, two letters or more.
    Caps,
    /// `McDonald`, `iPhone`.
    Mixed,
}

/// The case of `word`; characters without case count as small.
pub(super) fn shape(word: &str) -> Shape {
    let (mut letters, mut capitals, mut first_is_capital) = (0, 0, false);
    for c in word.chars().filter(|c| c.is_alphabetic()) {
        if c.is_uppercase() {
            capitals += 1;
            first_is_capital |= letters == 0;
        }
        letters += 1;
    }
    match capitals {
        0 => Shape::Lower,
        1 if first_is_capital => Shape::Capital,
        _ if capitals == letters => Shape::Caps,
        _ => Shape::Mixed,
    }
}

/// The form of `word` that its key does not tell: with its accents and in
/// small letters when its case is regular (`CAFÉ` → `café`), as written when
/// its case is its own (`McDonald`). `None` for a plain word.
pub(super) fn special_form(word: &str, shape: Shape, key: &str) -> Option<String> {
    if shape == Shape::Mixed {
        return Some(word.to_owned());
    }
    if word.is_ascii() {
        return None;
    }
    let form = word.to_lowercase();
    (form != key).then_some(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_seen_and_only_unpredictable_forms_are_kept() {
        for (word, key, expected, form) in [
            ("house", "house", Shape::Lower, None),
            ("House", "house", Shape::Capital, None),
            ("I", "i", Shape::Capital, None),
            ("HOUSE", "house", Shape::Caps, None),
            ("McDonald", "mcdonald", Shape::Mixed, Some("McDonald")),
            ("iPhone", "iphone", Shape::Mixed, Some("iPhone")),
            ("Élan", "elan", Shape::Capital, Some("élan")),
            ("CAFÉ", "cafe", Shape::Caps, Some("café")),
        ] {
            assert_eq!(shape(word), expected, "{word}");
            assert_eq!(special_form(word, expected, key).as_deref(), form, "{word}");
        }
    }
}
