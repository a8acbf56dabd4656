//! A [`Passage`]: the words of a stretch of text that is read in one go, each
//! with what is known of it and how doubtful it is.

use super::forms::Forms;
use super::word::{Doubt, Sources, Word};
use super::{foreign, protect};
use crate::Span;
use crate::change::Finding;
use crate::document::{TokenKind, tokens};
use crate::model::cost::{Cost, NAT};
use crate::model::language::Special;
use crate::model::separator::Separator;

/// Words a passage has at most; longer paragraphs are cut, at the price of the
/// context of one word.
const LONGEST: usize = 4000;
/// Log-odds from which a word is doubted that was doubted by itself, once the
/// words beside it have said what they have to say for it. On the development
/// pages, 33 of 42,914 changes are made no more at this bound; from 0 nats on, 657.
const DOUBTED_IN_CONTEXT: Cost = -7 * NAT / 2;

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

/// The passages of `text`: paragraphs, cut where they are very long.
pub(crate) fn passages<'t>(text: &'t str, sources: Sources<'t>) -> impl Iterator<Item = Passage> + 't {
    let mut all = tokens(text).peekable();
    let mut protected = protect::passages(text).peekable();
    let mut forms = Forms::new(sources);
    std::iter::from_fn(move || {
        let start = all.peek()?.span.start;
        let (mut words, mut votes) = (Vec::<Word>::new(), Vec::new());
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
                    let (word, vote) = forms.word(text, token, separator, is_protected);
                    words.push(word);
                    votes.push(vote);
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
        let (ranges, findings) = foreign::runs(text, &words, &votes);
        for word in ranges.into_iter().flatten() {
            words[word].doubt = Doubt::Protected;
        }
        Some(Passage { words, span: Span::new(start, end), findings })
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Corrector};

    /// The doubt about `word` in `text`.
    fn doubt(text: &str, word: &str) -> Doubt {
        let mut out = None;
        Corrector::new(Config::default()).inspect(text, |passage, _| {
            out = out.or(passage.words.iter().find(|w| &text[w.span.range()] == word).map(|w| w.doubt));
        });
        out.expect("it is there")
    }

    #[test]
    fn a_common_word_is_doubted_unless_its_neighbors_vouch_for_it() {
        assert_eq!(doubt("They sat by the fire and talked.", "fire"), Doubt::None);
        assert_eq!(doubt("They sat by tho tire and talked.", "tire"), Doubt::Confusable);
        assert_eq!(doubt("He had a flat tire and walked.", "tire"), Doubt::None);
        assert_eq!(doubt("They sat by the fiee and talked.", "fiee"), Doubt::Unknown);
    }
}
