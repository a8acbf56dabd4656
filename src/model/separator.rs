//! [`Separator`]: what stands between two words, which may be pieces of one.

/// What stands between two words, as far as it tells whether they are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Separator {
    /// Blanks.
    Space,
    /// A line end.
    LineBreak,
    /// Hyphen (or ¬, or soft hyphen) and line end.
    HyphenBreak,
    /// Hyphen and blank: a line end that was flattened.
    HyphenSpace,
    /// `¬` and blank: always a line end that was flattened.
    NotSpace,
    /// A hyphen alone.
    Hyphen,
    /// Blank and hyphen.
    SpaceHyphen,
    /// An apostrophe.
    Apostrophe,
    /// A stop or comma without blank.
    Stop,
    /// Other punctuation without blank.
    Punctuation,
    /// Punctuation and blank.
    PunctuationSpace,
    /// Anything else; never within a word.
    Other,
}

/// Number of [`Separator`]s.
pub const SEPARATORS: usize = Separator::Other as usize + 1;

impl Separator {
    /// All, in the order of their numbers.
    pub const ALL: [Self; SEPARATORS] = [
        Self::Space,
        Self::LineBreak,
        Self::HyphenBreak,
        Self::HyphenSpace,
        Self::NotSpace,
        Self::Hyphen,
        Self::SpaceHyphen,
        Self::Apostrophe,
        Self::Stop,
        Self::Punctuation,
        Self::PunctuationSpace,
        Self::Other,
    ];

    /// A hyphen (or its like) at the end of a line, flattened or not.
    #[must_use]
    pub fn is_hyphenation(self) -> bool {
        matches!(self, Self::HyphenBreak | Self::HyphenSpace | Self::NotSpace)
    }

    /// True if a line ends here.
    #[must_use]
    pub fn is_line_end(self) -> bool {
        self.is_hyphenation() || self == Self::LineBreak
    }

    /// True if anything but white space is in it.
    #[must_use]
    pub fn is_mark(self) -> bool {
        !matches!(self, Self::Space | Self::LineBreak)
    }

    /// True if it is ever found in the middle of a word.
    #[must_use]
    pub fn can_be_inside(self) -> bool {
        !matches!(self, Self::Other | Self::PunctuationSpace | Self::Punctuation | Self::Apostrophe)
    }

    /// The separator that `text`, what lies between two words, is.
    #[must_use]
    pub fn of(text: &str) -> Self {
        // Nearly all are these.
        match text {
            " " => return Self::Space,
            "\n" => return Self::LineBreak,
            _ => {}
        }
        let is_hyphen = |c: char| matches!(c, '-' | '‐' | '‑' | '¬' | '\u{ad}');
        let is_break = |c: char| matches!(c, '\n' | '\r' | '\u{c}' | '\u{2028}');
        let breaks = text.matches('\n').count().max(usize::from(text.contains(['\r', '\u{c}', '\u{2028}'])));
        if breaks > 1 || text.chars().count() > 6 {
            return Self::Other;
        }
        let mut marks = text.chars().filter(|c| !c.is_whitespace());
        let has_blank = text.contains(char::is_whitespace);
        match (marks.next(), marks.next()) {
            (None, _) if text.is_empty() => Self::Other,
            (None, _) if breaks > 0 => Self::LineBreak,
            (None, _) => Self::Space,
            (Some('\u{ad}'), None) if text.len() == 2 => Self::Hyphen,
            (Some(h), None) if is_hyphen(h) => {
                let leads = text.starts_with(h);
                let trails = text.ends_with(h);
                match (leads, trails, text.contains(is_break)) {
                    (true, false, true) => Self::HyphenBreak,
                    (true, false, false) if h == '-' => Self::HyphenSpace,
                    (true, false, false) => Self::NotSpace,
                    (true, true, _) => Self::Hyphen,
                    (false, true, false) => Self::SpaceHyphen,
                    _ => Self::Other,
                }
            }
            (Some('\'' | '’' | '‘'), None) if !has_blank => Self::Apostrophe,
            (Some('.' | ','), None) if !has_blank => Self::Stop,
            (Some(_), None) if !has_blank => Self::Punctuation,
            (Some(_), None) if text.ends_with(char::is_whitespace) && breaks == 0 => Self::PunctuationSpace,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_apart() {
        for (text, separator) in [
            (" ", Separator::Space),
            ("\n", Separator::LineBreak),
            ("\r\n", Separator::LineBreak),
            ("-\n", Separator::HyphenBreak),
            ("-\r\n  ", Separator::HyphenBreak),
            ("¬\n", Separator::HyphenBreak),
            ("- ", Separator::HyphenSpace),
            ("¬ ", Separator::NotSpace),
            ("-", Separator::Hyphen),
            ("\u{ad}", Separator::Hyphen),
            (" -", Separator::SpaceHyphen),
            ("'", Separator::Apostrophe),
            (".", Separator::Stop),
            (". ", Separator::PunctuationSpace),
            ("\n\n", Separator::Other),
            (" - ", Separator::Other),
        ] {
            assert_eq!(Separator::of(text), separator, "{text:?}");
        }
    }
}
