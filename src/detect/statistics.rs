//! [`Statistics`]: what a document says about its own words.

use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashMap;

use crate::Span;
use crate::document::{Token, TokenKind, tokens};
use crate::model::cost::{Cost, IMPOSSIBLE, cost_of};
use crate::model::lexicon::WordId;
use crate::model::{FamiliarWords, Lexicon, key, key_into};

/// Share of a word's probability that the document's own usage decides, and
/// the number of words at which a document is believed half: both as found
/// best by an experiment on newspapers of a few hundred words a page.
const CACHE_SHARE: f64 = 0.05;
const CACHE_PRIOR: f64 = 50.0;

/// Written forms counted at a time, some 40 bytes each.
const FORMS: usize = 50_000;

/// Two letters or more with stops between, and the stop after them, if there is one.
static INITIALS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)((?:[A-Za-z]\.)+[A-Za-z])(?-u:\b)(\.?)").expect("a constant"));

/// How often each word stands in a document.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    counts: FxHashMap<Box<str>, Usage>,
    /// Keys of words joined by a hyphen, with a hyphen between them.
    compounds: FxHashMap<Box<str>, u32>,
    /// Initials (`U.S`) and whether a hyphen follows: with and without the last stop.
    stops: FxHashMap<(Box<str>, bool), (u32, u32)>,
    words: u32,
}

/// How a word is used in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// All its tokens.
    pub count: u32,
    /// Those that begin with a capital.
    pub capitalized: u32,
}

impl Statistics {
    /// Counts the words of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut out = Self::default();
        let mut forms: FxHashMap<&str, u32> = FxHashMap::default();
        let mut before = Span::default();
        for Token { span, .. } in tokens(text).filter(|t| t.kind == TokenKind::Word) {
            out.words += 1;
            *forms.entry(&text[span.range()]).or_default() += 1;
            if forms.len() >= FORMS {
                out.take(&mut forms);
            }
            if &text[before.end..span.start] == "-"
                && let (Some(first), Some(second)) = (key(&text[before.range()]), key(&text[span.range()]))
            {
                *out.compounds.entry(format!("{first}-{second}").into()).or_default() += 1;
            }
            before = span;
        }
        out.take(&mut forms);
        for found in INITIALS.captures_iter(text) {
            let (initials, stop) = (found.get(1).expect("it matched"), found.get(2).expect("it matched"));
            if let Some(before_hyphen) = Self::place_of_stop(&text[stop.end()..]) {
                let (with, without) = out.stops.entry((initials.as_str().into(), before_hyphen)).or_default();
                *(if stop.is_empty() { without } else { with }) += 1;
            }
        }
        out
    }

    /// Counts words by how they are written, and empties `forms`.
    fn take(&mut self, forms: &mut FxHashMap<&str, u32>) {
        let mut buffer = String::new();
        for (written, count) in forms.drain() {
            let Some(key) = key_into(written, &mut buffer) else { continue };
            let usage = match self.counts.get_mut(key) {
                Some(usage) => usage,
                None => self.counts.entry(key.into()).or_default(),
            };
            usage.count += count;
            usage.capitalized += if written.starts_with(char::is_uppercase) { count } else { 0 };
        }
    }

    /// Counts the words of another text of the same work, too.
    pub fn add(&mut self, other: &Self) {
        for (key, usage) in &other.counts {
            let sum = self.counts.entry(key.clone()).or_default();
            sum.count += usage.count;
            sum.capitalized += usage.capitalized;
        }
        for (key, count) in &other.compounds {
            *self.compounds.entry(key.clone()).or_default() += count;
        }
        for (initials, (with, without)) in &other.stops {
            let sum = self.stops.entry(initials.clone()).or_default();
            *sum = (sum.0 + with, sum.1 + without);
        }
        self.words += other.words;
    }

    /// Counts `words` as if the text had them, as often as may be expected.
    pub fn believe(&mut self, words: &FamiliarWords) {
        for (key, (count, capitalized)) in words.expected(self.words) {
            let sum = self.counts.entry(key.into()).or_default();
            sum.count += count;
            sum.capitalized += capitalized;
        }
    }

    /// Whether initials that `after` follows stand before a hyphen (true) or in
    /// the middle of a sentence (false); `None` where their last stop may be
    /// the sentence's.
    #[must_use]
    pub fn place_of_stop(after: &str) -> Option<bool> {
        let mut chars = after.chars();
        match (chars.next()?, chars.next()) {
            ('-', Some(c)) if c.is_alphabetic() => Some(true),
            (',' | ';' | ':', _) => Some(false),
            (' ' | '\n', Some(c)) if c.is_lowercase() => Some(false),
            _ => None,
        }
    }

    /// How often `initials` (`U.S`) are written with and without a last stop,
    /// before a hyphen or elsewhere.
    #[must_use]
    pub fn stops(&self, initials: &str, before_hyphen: bool) -> (u32, u32) {
        self.stops.get(&(initials.into(), before_hyphen)).copied().unwrap_or_default()
    }

    /// Number of words.
    #[must_use]
    pub fn words(&self) -> u32 {
        self.words
    }

    /// How the word of look-up key `key` is used.
    #[must_use]
    pub fn usage(&self, key: &str) -> Usage {
        self.counts.get(key).copied().unwrap_or_default()
    }

    /// The document's words that the lexicon has, with their counts.
    #[must_use]
    pub fn known_words(&self, lexicon: &Lexicon) -> FxHashMap<WordId, u32> {
        self.counts.iter().filter_map(|(key, usage)| Some((lexicon.find_key(key)?, usage.count))).collect()
    }

    /// How often `first` and `second` (look-up keys) are joined by a hyphen.
    #[must_use]
    pub fn hyphenated(&self, first: &str, second: &str) -> u32 {
        self.compounds.get(format!("{first}-{second}").as_str()).copied().unwrap_or(0)
    }

    /// −ln of the probability of a word of which the document holds `count`
    /// tokens, by the document alone.
    #[must_use]
    pub fn cache(&self, count: u32) -> Cost {
        if count == 0 {
            return IMPOSSIBLE;
        }
        cost_of(CACHE_SHARE * f64::from(count) / (f64::from(self.words) + CACHE_PRIOR))
    }

    /// Words outside the lexicon that stand at least `least` times, sorted.
    #[must_use]
    pub fn own_words(&self, lexicon: &Lexicon, least: u32) -> Vec<(Box<str>, Usage)> {
        let mut out: Vec<_> = self
            .counts
            .iter()
            .filter(|(k, u)| u.count >= least && k.len() >= 5 && lexicon.find_key(k).is_none())
            .map(|(k, u)| (k.clone(), *u))
            .collect();
        out.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        out
    }
}
