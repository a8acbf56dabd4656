//! Misreadings that people have listed: those that come with the program, which
//! the sentence may still overrule, and the user's own, which are orders.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::casing::{Casing, write_key_as};
use super::{Edge, Form, Rule, Target, Targets, Workshop};
use crate::change::check_replacement;
use crate::detect::{Doubt, Passage, Word};
use crate::document::{TokenKind, tokens};
use crate::model::Models;
use crate::model::cost::{Cost, IMPOSSIBLE, NAT};
use crate::model::key;
use crate::model::language::Special;

/// The channel's cost of a misreading that comes with the program, at most: as
/// if bad pages read one such word in seven so.
const CLASSIC: Cost = 2 * NAT;
/// A short word in capitals is as likely initials (`AUD`), of which the list
/// that comes with the program says nothing. Characters.
const LONGEST_INITIALS: usize = 4;
/// The probability that a correction the user has listed is right: above the
/// threshold of every level.
const ORDERED: f64 = 0.99;
/// What such a correction gains for each word: more than any word may cost
/// the language model, so that the path always goes through it.
const GAIN: Cost = 200 * NAT;

/// What is meant by each observed word, in small letters, of the list that
/// comes with the program for people to edit.
static CLASSICS: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
    include_str!("../../dictionaries/en/scanno-pairs.tsv")
        .lines()
        .filter_map(|line| line.split('#').next()?.trim().split_once('\t'))
        .collect()
});

/// The user's own pairs: what is meant by each observed word in small letters.
#[derive(Debug, Default)]
pub(crate) struct Pairs(FxHashMap<Box<str>, Box<str>>);

impl Pairs {
    /// Of several pairs with the same observed word the last one counts. One
    /// that [no text may get](check_replacement) has no effect.
    pub(crate) fn new(pairs: &[(String, String)]) -> Self {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").into_boxed_str();
        let fit = pairs.iter().filter(|(observed, intended)| check_replacement(observed, intended).is_ok());
        Self(fit.map(|(observed, intended)| (observed.to_lowercase().into(), words(intended))).collect())
    }
}

pub(super) fn edges(shop: &Workshop<'_>, text: &str, passage: &Passage, at: usize, out: &mut Vec<Edge>) {
    let word = &passage.words[at];
    let is_doubted = matches!(word.doubt, Doubt::Unknown | Doubt::Confusable | Doubt::Odd);
    if word.shielded || shop.pairs.0.is_empty() && !is_doubted {
        return;
    }
    let written = &text[word.span.range()];
    let lower = written.to_lowercase();
    if let Some(intended) = shop.pairs.0.get(lower.as_str()) {
        if may_be_ordered(word) {
            ordered(shop.models, written, intended, at, out);
        }
    } else if is_doubted && let Some(intended) = CLASSICS.get(lower.as_str()) {
        let is_initials = Casing::of(written) == Casing::Upper && written.chars().count() <= LONGEST_INITIALS;
        if !is_initials {
            classic(shop.models, written, intended, at, out);
        }
    }
}

/// What is protected stays. But a word with figures in it is so only for its
/// looks, at which the user has looked.
fn may_be_ordered(word: &Word) -> bool {
    word.doubt != Doubt::Protected || word.key.is_none()
}

fn ordered(models: &Models, written: &str, intended: &str, at: usize, out: &mut Vec<Edge>) {
    let targets = targets(models, intended);
    let new = write_key_as(intended, written);
    if targets.is_empty() || new == written {
        return;
    }
    out.push(Edge {
        start: at,
        end: at + 1,
        cost: -GAIN * (targets.len() as Cost + 1),
        targets,
        rule: Rule::Pair,
        form: Form::Written(new),
        confidence: Some(ORDERED),
    });
}

/// Makes the reading cheap, whether another generator has found it or not. It
/// keeps the rule that finds such readings, since that is what the accept model knows.
fn classic(models: &Models, written: &str, intended: &str, at: usize, out: &mut Vec<Edge>) {
    let targets = targets(models, intended);
    let rule = if targets.len() > 1 { Rule::Split } else { Rule::Confusion };
    let is_same = |e: &&mut Edge| {
        (e.start, e.end, e.rule) == (at, at + 1, rule)
            && e.targets.iter().map(|t| t.word).eq(targets.iter().map(|t| t.word))
    };
    if let Some(found) = out.iter_mut().find(is_same) {
        found.cost = found.cost.min(CLASSIC);
        return;
    }
    out.push(Edge {
        start: at,
        end: at + 1,
        targets,
        cost: CLASSIC,
        rule,
        form: Form::Written(write_key_as(intended, written)),
        confidence: None,
    });
}

/// The words and numbers of `intended`.
fn targets(models: &Models, intended: &str) -> Targets {
    tokens(intended)
        .filter_map(|token| match token.kind {
            TokenKind::Number => Some(Target::number(models)),
            TokenKind::Word => Some(match key(&intended[token.span.range()]) {
                Some(key) => match models.lexicon.find_key(&key) {
                    Some(word) => Target::known(models, word, IMPOSSIBLE),
                    None => Target::unknown(models, &key, IMPOSSIBLE),
                },
                // In letters that no key has.
                None => Target::special(models, Special::Unknown),
            }),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lexicon::Flags;
    use crate::{Config, Corrector, Document, Level};

    fn clean(text: &str, pairs: &[(&str, &str)], own_words: &[&str]) -> String {
        let pairs = pairs.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect();
        let own_words = own_words.iter().map(|&w| w.to_owned()).collect();
        let corrector = Corrector::new(Config { level: Level::Cautious, pairs, own_words, ..Config::default() });
        let document = Document::from_text(text);
        let mut out = text.to_owned();
        for c in corrector.correct(&document).corrections().iter().rev() {
            if c.decision == crate::change::Decision::Applied {
                out.replace_range(c.span.range(), &c.after);
            }
        }
        out
    }

    #[test]
    fn the_list_makes_common_words_of_what_is_none() {
        let models = Models::embedded();
        let list = include_str!("../../dictionaries/en/scanno-pairs.tsv");
        let lines: Vec<&str> = list.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
        assert_eq!(lines.len(), CLASSICS.len(), "every line is a pair, and none stands twice");
        for (observed, intended) in CLASSICS.iter() {
            let flags = models.lexicon.find(observed).map(|w| models.lexicon.flags(w));
            assert!(flags.is_none_or(|f| !f.any(Flags::COMMON.and(Flags::NAME))), "{observed} is a word");
            let is_used = |t: &Target| t.word.is_some_and(|w| models.lexicon.flags(w).any(Flags::TEXT));
            assert!(targets(&models, intended).iter().all(is_used), "{observed} {intended}");
            assert_eq!(**observed, observed.to_lowercase());
        }
    }

    #[test]
    fn a_listed_misreading_is_read_at_most_at_the_classic_cost_and_only_once() {
        let models = Models::embedded();
        let mut out = Vec::new();
        classic(&models, "Tlie", "the", 0, &mut out);
        out[0].cost = 9 * NAT;
        classic(&models, "Tlie", "the", 0, &mut out);
        assert_eq!((out.len(), out[0].cost, out[0].confidence), (1, CLASSIC, None));
        classic(&models, "Ofthe", "of the", 1, &mut out);
        assert_eq!((out[1].rule, &out[1].form), (Rule::Split, &Form::Written("Of the".into())));
    }

    #[test]
    fn own_pairs_are_made_at_every_level_in_the_case_of_the_text() {
        let pairs = [("modem", "modern"), ("qxz", "Zyxwvutsrq and vut's"), ("1n", "in"), ("Iuck", "luck")];
        assert_eq!(clean("He bought a modem in Paris.", &pairs, &[]), "He bought a modern in Paris.");
        assert_eq!(clean("MODEM Qxz qxz.", &pairs, &[]), "MODERN Zyxwvutsrq and vut's Zyxwvutsrq and vut's.");
        assert_eq!(clean("They were 1n the house with Iuck.", &pairs, &[]), "They were in the house with luck.");
    }

    #[test]
    fn protected_words_stay_whatever_is_listed() {
        let pairs = [("modem", "modern"), ("shew", "show")];
        assert_eq!(clean("See www.modem.org for it.", &pairs, &[]), "See www.modem.org for it.");
        assert_eq!(clean("A modem here.", &pairs, &["modem"]), "A modem here.");
    }

    #[test]
    fn pairs_that_mean_nothing_have_no_effect() {
        let text = "He bought a modem in Paris.";
        assert_eq!(clean(text, &[("modem", " "), ("modem", ""), ("a modem", "x"), ("", "x")], &[]), text);
        assert_eq!(clean(text, &[("modem", "modem")], &[]), text);
    }
}
