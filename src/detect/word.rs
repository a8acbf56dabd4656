//! [`Word`]: what is known of a word where it stands, and how doubtful it is.

use std::rc::Rc;

use super::{Statistics, protect};
use crate::Span;
use crate::document::TokenKind;
use crate::model::cost::{Cost, IMPOSSIBLE, NAT};
use crate::model::language::{Special, Symbol};
use crate::model::lexicon::{Flags, WordId};
use crate::model::separator::Separator;
use crate::model::{LanguageModel, Lexicon, key};

/// Characters that make a word outside all alphabets improbable; more say no more.
const LONGEST_SPELLED: usize = 100;
/// Log-odds from which a word of the lexicon is doubted, without context. At −4
/// nats 78 % of the real-word errors are seen and 8 % of the right words
/// doubted, at −6 nats 95 % and 36 %.
const DOUBTED: Cost = -13 * NAT / 2;

/// How doubtful a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Not to be touched: a code, an address, another language, the user's own word.
    Protected,
    /// Nothing speaks against it.
    None,
    /// A word, but one that a commoner word is often misread as.
    Confusable,
    /// A word, but known by hearsay alone, or written with signs that print has
    /// in no ordinary word.
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
    pub key: Option<Rc<str>>,
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

/// What the words of a passage are looked up in.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'m> {
    pub(crate) lexicon: &'m Lexicon,
    pub(crate) language: &'m LanguageModel,
    pub(crate) statistics: &'m Statistics,
    /// True for a look-up key or written word that the user vouches for.
    pub(crate) is_own: &'m dyn Fn(&str) -> bool,
}

/// What is known of `written` wherever it stands, if `mark` comes after it.
pub(super) fn examine(written: &str, mark: Option<char>, kind: TokenKind, sources: Sources<'_>) -> Word {
    let Sources { lexicon, language, statistics, is_own } = sources;
    let mut word = Word {
        span: Span::default(),
        key: None,
        id: None,
        symbol: language.special(Special::Number),
        spelling: 0,
        cache: IMPOSSIBLE,
        doubt: Doubt::Protected,
        separator: Separator::Other,
        shielded: is_own(written),
    };
    if kind == TokenKind::Number {
        return word;
    }
    word.key = key(written).map(Rc::from);
    let is_code = protect::is_code(written, mark);
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
    if is_code || word.shielded || word.key.as_deref().is_some_and(is_own) {
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
    if word.doubt != Doubt::None && protect::is_meant(written, mark, lexicon) {
        word.doubt = Doubt::Protected;
    }
    word
}

/// True if a word is written with signs that print has in no ordinary word.
fn odd_letters(written: &str) -> bool {
    written.contains(|c| matches!(c, 'ſ' | 'ﬀ'..='ﬆ'))
}
