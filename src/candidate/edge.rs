//! [`Edge`]: one reading of a span of words, as the lattice weighs it.

use std::rc::Rc;

use smallvec::{SmallVec, smallvec};

use super::casing::{write_as, write_key_as};
use crate::Span;
use crate::change::Class;
use crate::detect::{Passage, Word};
use crate::document::is_line_end;
use crate::model::Models;
use crate::model::cost::{Cost, IMPOSSIBLE, cost_of};
use crate::model::language::{Special, Symbol};
use crate::model::lexicon::WordId;

/// The generator that proposed a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Nothing is changed.
    Keep,
    /// Characters misread.
    Confusion,
    /// A word torn apart.
    Join,
    /// Words run together.
    Split,
    /// A compound that lost its hyphen.
    Compound,
    /// A word divided at a line end.
    LineEnd,
    /// A word misread that stands right elsewhere in the document.
    Variant,
    /// Initials that lost a stop.
    Abbreviation,
    /// Letters in a number.
    Number,
    /// The right letters in other signs: ligatures, stray capitals, another alphabet.
    Letters,
    /// A correction that the user has listed.
    Pair,
}

impl Rule {
    /// Every generator.
    pub(super) const ALL: [Self; 11] = [
        Self::Keep,
        Self::Confusion,
        Self::Join,
        Self::Split,
        Self::Compound,
        Self::LineEnd,
        Self::Variant,
        Self::Abbreviation,
        Self::Number,
        Self::Letters,
        Self::Pair,
    ];

    /// Its name in logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Confusion => "confusion",
            Self::Join => "join",
            Self::Split => "split",
            Self::Compound => "compound",
            Self::LineEnd => "line-end",
            Self::Variant => "variant",
            Self::Abbreviation => "abbreviation",
            Self::Number => "number",
            Self::Letters => "letters",
            Self::Pair => "pair",
        }
    }
}

/// One word of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What the language model takes it for.
    pub symbol: Symbol,
    /// Its number in the lexicon.
    pub word: Option<WordId>,
    /// Its look-up key, for words outside the lexicon.
    pub key: Option<Rc<str>>,
    /// −ln P(letters) beyond the symbol's own cost.
    pub spelling: Cost,
    /// −ln P by the document's own use of the word.
    pub cache: Cost,
}

impl Target {
    /// A word as it stands.
    #[must_use]
    pub fn of(word: &Word) -> Self {
        let key = if word.id.is_none() { word.key.clone() } else { None };
        Self { symbol: word.symbol, word: word.id, key, spelling: word.spelling, cache: word.cache }
    }

    /// A word of the lexicon.
    pub(crate) fn known(models: &Models, word: WordId, cache: Cost) -> Self {
        Self { symbol: models.language.word(word), word: Some(word), key: None, spelling: 0, cache }
    }

    /// A word outside the lexicon.
    pub(crate) fn unknown(models: &Models, key: &str, cache: Cost) -> Self {
        Self {
            symbol: models.language.special(Special::Unknown),
            word: None,
            key: Some(key.into()),
            spelling: models.language.spelling(key),
            cache,
        }
    }

    /// A number.
    pub(crate) fn number(models: &Models) -> Self {
        Self::special(models, Special::Number)
    }

    /// What is no word that can be spelled.
    pub(crate) fn special(models: &Models, special: Special) -> Self {
        let symbol = models.language.special(special);
        Self { symbol, word: None, key: None, spelling: 0, cache: IMPOSSIBLE }
    }
}

/// How a reading is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it stands.
    Keep,
    /// The only target, in the case of the observed word.
    Word,
    /// The observed pieces without what parts them.
    Solid,
    /// The observed pieces with a hyphen and nothing else between.
    Hyphenated,
    /// The observed word cut at these byte offsets (of the word), each with a
    /// mark put in.
    Cut(Vec<(usize, char)>),
    /// Written just so.
    Written(String),
}

/// The words of a reading: seldom more than one, which needs no memory of its own.
pub type Targets = SmallVec<[Target; 1]>;

/// One reading of the words `start..end` of a passage.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// First word.
    pub start: usize,
    /// One past the last word.
    pub end: usize,
    /// The words read.
    pub targets: Targets,
    /// −ln P(observed | targets): the channel, and the price of a change.
    pub cost: Cost,
    /// Who proposed it.
    pub rule: Rule,
    /// How it is written.
    pub form: Form,
    /// The probability (0..1) that it is right, where its generator can tell
    /// from counts or from the shape of what is written. `None` leaves the
    /// judgement to the accept model, which knows only kinds of corrections
    /// that are frequent in its training data.
    pub confidence: Option<f64>,
}

impl Edge {
    /// Leaving word `at` as it is.
    #[must_use]
    pub fn keep(at: usize, word: &Word) -> Self {
        Self {
            start: at,
            end: at + 1,
            targets: smallvec![Target::of(word)],
            cost: 0,
            rule: Rule::Keep,
            form: Form::Keep,
            confidence: None,
        }
    }

    /// True for leaving things as they are.
    #[must_use]
    pub fn is_keep(&self) -> bool {
        self.rule == Rule::Keep
    }

    /// The look-up keys of the words read, without separators.
    pub(crate) fn key(&self, models: &Models) -> String {
        self.targets.iter().map(|t| spell(models, t)).collect()
    }

    /// The span it replaces and what with. For a word that ran over a line
    /// end the span reaches to the white space after it, so that the word
    /// stands whole before the line end and its punctuation with it.
    pub(crate) fn write(&self, models: &Models, text: &str, passage: &Passage) -> (Span, String) {
        let words = &passage.words[self.start..self.end];
        let span = words[0].span.cover(words[words.len() - 1].span);
        let observed = &text[span.range()];
        let pieces = |mark: &str| words.iter().map(|w| &text[w.span.range()]).collect::<Vec<_>>().join(mark);
        let new = match &self.form {
            Form::Keep => observed.to_owned(),
            Form::Solid => pieces(""),
            Form::Hyphenated => pieces("-"),
            Form::Word => {
                let model = pieces("");
                match &self.targets[0] {
                    Target { word: Some(word), .. } => write_as(&models.lexicon, *word, &model),
                    Target { key: Some(key), .. } => write_key_as(key, &model),
                    _ => model,
                }
            }
            Form::Cut(cuts) => {
                let mut out = String::new();
                let mut from = 0;
                for &(at, mark) in cuts {
                    out.push_str(&observed[from..at]);
                    out.push(mark);
                    from = at;
                }
                out + &observed[from..]
            }
            Form::Written(new) => new.clone(),
        };
        let gaps = words.windows(2).map(|w| &text[w[0].span.end..w[1].span.start]);
        let line_ends: String = gaps.flat_map(|gap| gap.chars().filter(|&c| is_line_end(c))).collect();
        if line_ends.is_empty() {
            return (span, new);
        }
        let tail = span.end + trailing(&text[span.end..]);
        let blanks = text[tail..].find(|c: char| c != ' ' && c != '\t').unwrap_or(text.len() - tail);
        let moved = format!("{new}{}{line_ends}", &text[span.end..tail]);
        (Span::new(span.start, tail + blanks), moved)
    }

    /// The class of the correction that writing it makes.
    pub(crate) fn class(&self, passage: &Passage, before: &str, after: &str) -> Class {
        match self.rule {
            Rule::LineEnd => Class::LineEnd,
            Rule::Join if passage.words[self.start + 1..self.end].iter().any(|w| w.separator.is_line_end()) => {
                Class::LineEnd
            }
            Rule::Join => Class::Join,
            Rule::Split => Class::Split,
            Rule::Compound => Class::Compound,
            Rule::Abbreviation => Class::Punctuation,
            Rule::Number => Class::Digit,
            Rule::Pair if after.contains(' ') => Class::Split,
            Rule::Keep | Rule::Pair | Rule::Confusion | Rule::Variant | Rule::Letters => {
                let letters = |s: &str| s.to_lowercase();
                if letters(before) == letters(after) {
                    Class::Case
                } else if before.contains(|c| matches!(c, 'ſ' | 'ﬀ'..='ﬆ')) {
                    Class::Ligature
                } else if before.contains(char::is_numeric) {
                    Class::Digit
                } else if passage.words[self.start].id.is_some() {
                    Class::RealWord
                } else {
                    Class::Substitution
                }
            }
        }
    }
}

/// The cost at which a reading of the probability `confidence` competes with
/// leaving the same words alone.
pub(super) fn cost_of_odds(confidence: f64) -> Cost {
    cost_of(confidence) - cost_of(1.0 - confidence)
}

/// Letters numbered from 0 = a, as text.
pub(crate) fn spelled_letters(letters: &[u8]) -> String {
    letters.iter().map(|l| char::from(b'a' + l)).collect()
}

/// The look-up key of a target; a number has none.
pub(crate) fn spell(models: &Models, target: &Target) -> String {
    match target {
        Target { word: Some(word), .. } => models.lexicon.spell(*word),
        Target { key: Some(key), .. } => key.to_string(),
        _ => String::new(),
    }
}

/// Bytes of what hangs on a word up to the next blank: its punctuation, its
/// possessive ending, the rest of a compound. Nothing if that is too long to be meant.
fn trailing(text: &str) -> usize {
    const LONGEST: usize = 32;
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    if end <= LONGEST { end } else { 0 }
}
