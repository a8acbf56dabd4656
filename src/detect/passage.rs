//! A [`Passage`]: the words of a stretch of text that is read in one go, each
//! with what is known of it and how doubtful it is.

use super::{Statistics, foreign, protect};
use crate::Span;
use crate::change::Finding;
use crate::document::{Token, TokenKind, tokens};
use crate::model::cost::{Cost, IMPOSSIBLE, NAT};
use crate::model::language::{Special, Symbol};
use crate::model::lexicon::{Flags, WordId};
use crate::model::separator::Separator;
use crate::model::{LanguageModel, Lexicon, key};

/// Words a passage has at most; longer paragraphs are cut, at the price of the
/// context of one word.
const LONGEST: usize = 4000;
/// Characters that make a word outside all alphabets improbable; more say no more.
const LONGEST_SPELLED: usize = 100;
/// Log-odds from which a word of the lexicon is doubted, without context. At −4
/// nats 78 % of the real-word errors are seen and 8 % of the right words
/// doubted, at −6 nats 95 % and 36 %.
const DOUBTED: Cost = -13 * NAT / 2;
/// The same for the words around it as well: what they say for it counts
/// against the doubt. Of development pages with 31,000 changes made at this
/// bound and without it, 40 differ; from −2 nats on, errors are missed.
const DOUBTED_IN_CONTEXT: Cost = -7 * NAT / 2;

/// How doubtful a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Not to be touched: a code, an address, another language, the user's own word.
    Protected,
    /// Nothing speaks against it.
    None,
    /// A word, but one that a commoner word is often misread as.
    Confusable,
    /// A word, but known by hearsay alone, or written with signs that no print has.
    Odd,
    /// No word of the lexicon.
    Unknown,
}

/// A word or number of a passage.
#[derive(Clone, Debug)]
pub struct Word {
    /// Where it lies in the document's text.
    pub span: Span,
    /// Its look-up key, if it consists of letters alone.
    pub key: Option<Box<str>>,
    /// Its number in the lexicon.
    pub id: Option<WordId>,
    /// What the language model takes it for.
    pub symbol: Symbol,
    /// −ln P(letters), for a word outside the lexicon, beyond `symbol`'s own cost.
    pub spelling: Cost,
    /// −ln P by the document's other uses of it; `IMPOSSIBLE` if there are none.
    pub cache: Cost,
    /// How doubtful it is.
    pub doubt: Doubt,
    /// What lies between it and the word before.
    pub separator: Separator,
    /// Part of a protected passage, or the user's own word: whatever its
    /// letters, it stays.
    pub shielded: bool,
}

/// Words that are read in one go, with nothing but their separators between.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The words, in order.
    pub words: Vec<Word>,
    /// The part of the text covered.
    pub span: Span,
    /// What is to be reported of it: that it is not English.
    pub findings: Vec<Finding>,
}

/// What the words of a passage are looked up in.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'m> {
    pub(crate) lexicon: &'m Lexicon,
    pub(crate) language: &'m LanguageModel,
    pub(crate) statistics: &'m Statistics,
    /// True for a look-up key or written word that the user vouches for.
    pub(crate) is_own: &'m dyn Fn(&str) -> bool,
}

/// The passages of `text`: paragraphs, cut where they are very long.
pub(crate) fn passages<'t>(text: &'t str, sources: Sources<'t>) -> impl Iterator<Item = Passage> + 't {
    let mut all = tokens(text).peekable();
    let mut protected = protect::passages(text).peekable();
    std::iter::from_fn(move || {
        let start = all.peek()?.span.start;
        let mut words: Vec<Word> = Vec::new();
        let mut end = start;
        let mut gap_start = start;
        let mut breaks = 0;
        while let Some(&token) = all.peek() {
            match token.kind {
                TokenKind::Word | TokenKind::Number => {
                    if words.len() >= LONGEST {
                        break;
                    }
                    breaks = 0;
                    while protected.next_if(|p| p.end <= token.span.start).is_some() {}
                    let is_protected = protected.peek().is_some_and(|p| p.overlaps(token.span));
                    let separator = match words.last() {
                        Some(_) => Separator::of(&text[gap_start..token.span.start]),
                        None => Separator::Other,
                    };
                    words.push(examine(text, token, separator, is_protected, sources));
                    gap_start = token.span.end;
                }
                TokenKind::LineBreak => {
                    breaks += 1;
                    if breaks > 1 && !words.is_empty() {
                        end = token.span.end;
                        all.next();
                        break;
                    }
                }
                TokenKind::Space | TokenKind::Punctuation | TokenKind::Other => {
                    if token.kind != TokenKind::Space {
                        breaks = 0;
                    }
                }
            }
            end = token.span.end;
            all.next();
        }
        reassure(&mut words, sources);
        let (ranges, findings) = foreign::runs(text, &words, sources.lexicon);
        for word in ranges.into_iter().flatten() {
            words[word].doubt = Doubt::Protected;
        }
        Some(Passage { words, span: Span::new(start, end), findings })
    })
}

fn examine(text: &str, token: Token, separator: Separator, is_protected: bool, sources: Sources<'_>) -> Word {
    let Sources { lexicon, language, statistics, is_own } = sources;
    let written = &text[token.span.range()];
    let mut word = Word {
        span: token.span,
        key: None,
        id: None,
        symbol: language.special(Special::Number),
        spelling: 0,
        cache: IMPOSSIBLE,
        doubt: Doubt::Protected,
        separator,
        shielded: is_protected || is_own(written),
    };
    if token.kind == TokenKind::Number {
        return word;
    }
    word.key = key(written).map(String::into_boxed_str);
    let next = text[token.span.end..].chars().next();
    let is_code = protect::is_code(written, next);
    match &word.key {
        Some(key) => {
            word.id = lexicon.find_key(key);
            word.symbol = word.id.map_or(language.special(Special::Unknown), |w| language.word(w));
            if word.id.is_none() {
                word.spelling = language.spelling(key);
            }
            // A short word that recurs may be an error that recurs.
            if key.len() >= 5 {
                word.cache = statistics.cache(statistics.usage(key).count.saturating_sub(1));
            }
        }
        None if is_code => {}
        None => {
            word.symbol = language.special(Special::Unknown);
            // As if each character were a letter drawn at random.
            word.spelling = 3 * NAT * written.chars().take(LONGEST_SPELLED).count() as Cost;
        }
    }
    if is_protected || is_code || is_own(written) || word.key.as_deref().is_some_and(is_own) {
        return word;
    }
    word.doubt = match word.id {
        None => Doubt::Unknown,
        // Known by hearsay alone, and written as no name is.
        Some(id) if !lexicon.flags(id).any(Flags::VOUCHED) && written.starts_with(char::is_lowercase) => Doubt::Odd,
        // Letters and look-up key differ: a ligature, a long s, a capital within.
        Some(_) if odd_letters(written) => Doubt::Odd,
        Some(id) if lexicon.doubt(id) > DOUBTED => Doubt::Confusable,
        Some(_) => Doubt::None,
    };
    if word.doubt != Doubt::None && protect::is_meant(written, next, lexicon) {
        word.doubt = Doubt::Protected;
    }
    word
}

/// Takes the doubt from words that the words beside them vouch for: what they
/// gain by standing there is weighed against the odds that they are misread.
fn reassure(words: &mut [Word], sources: Sources<'_>) {
    let Sources { lexicon, language, .. } = sources;
    for at in 0..words.len() {
        let (Doubt::Confusable, Some(id)) = (words[at].doubt, words[at].id) else { continue };
        let symbol = |word: Option<&Word>, edge: Special| word.map_or(language.special(edge), |w| w.symbol);
        let before = symbol(at.checked_sub(1).map(|before| &words[before]), Special::Start);
        let after = symbol(words.get(at + 1), Special::End);
        let gain = |head, next| language.unigram(next, lexicon) - language.bigram(head, next, lexicon);
        let here = words[at].symbol;
        if lexicon.doubt(id) - gain(before, here) - gain(here, after) <= DOUBTED_IN_CONTEXT {
            words[at].doubt = Doubt::None;
        }
    }
}

/// True if a word is written with signs that print has in no ordinary word.
fn odd_letters(written: &str) -> bool {
    written.contains(|c| matches!(c, 'ſ' | 'ﬀ'..='ﬆ'))
}
