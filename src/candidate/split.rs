//! Words run together: `ofthe`, `killedatleast`, `Statecontrolled`.

use super::compound::Pair;
use super::{Edge, Form, Rule, Target, Targets, Workshop};
use crate::detect::{Doubt, Passage};
use crate::model::cost::{Cost, NAT};
use crate::model::language::Symbol;
use crate::model::lexicon::{Flags, WordId};
use crate::model::{MAX_KEY, key};

/// A part must be at least this common; a short part commoner, since short
/// strings are words by accident.
const LEAST_COMMON: Cost = 15 * NAT;
const LEAST_COMMON_SHORT: Cost = 23 * NAT / 2;
const SHORT: usize = 3;
/// A word is cut only if it is rarer than this.
const WHOLE_ENOUGH: Cost = 13 * NAT;
/// Readings kept.
const KEPT: usize = 3;
/// Longest run of letters that is cut, bytes.
const LONGEST: usize = 80;

pub(super) fn edges(shop: &mut Workshop<'_>, text: &str, passage: &Passage, at: usize, out: &mut Vec<Edge>) {
    let word = &passage.words[at];
    let written = &text[word.span.range()];
    // Text has the word, but no dictionary: only a compound that is hyphenated oftener is looked for.
    let vouched = word.doubt == Doubt::None;
    let whole = match (word.doubt, word.id) {
        (Doubt::Unknown, _) => true,
        (Doubt::None, Some(id)) => !shop.models.lexicon.flags(id).any(Flags::COMMON.and(Flags::RARE).and(Flags::NAME)),
        (Doubt::Confusable | Doubt::Odd, Some(id)) => {
            !shop.models.lexicon.flags(id).any(Flags::COMMON) && shop.models.lexicon.cost(id) > WHOLE_ENOUGH
        }
        _ => false,
    };
    if !whole || written.len() < 4 || written.len() > LONGEST || !written.chars().all(char::is_alphanumeric) {
        return;
    }
    for cut in cuts(shop, written) {
        let words: Vec<WordId> = cut.iter().filter_map(|p| p.word).collect();
        let mut marks: Vec<(usize, char)> = cut[1..].iter().map(|p| (p.from, ' ')).collect();
        let targets: Targets = cut
            .iter()
            .map(|p| match p.word {
                Some(w) => Target::known(shop.models, w, crate::model::cost::IMPOSSIBLE),
                None => Target::number(shop.models),
            })
            .collect();
        let lost = shop.channel.lost_blank() * marks.len() as Cost;
        let mut edge = Edge {
            start: at,
            end: at + 1,
            targets,
            cost: lost,
            rule: Rule::Split,
            form: Form::Cut(marks.clone()),
            confidence: None,
        };
        if let [first, second] = words[..]
            && marks.len() == 1
        {
            let pair = Pair::of(shop, word, first, second);
            let (hyphen, blank) = pair.mark_costs();
            if vouched && !pair.is_hyphenated {
                continue;
            }
            let hyphened = Edge {
                cost: lost + hyphen,
                rule: Rule::Compound,
                form: Form::Cut(vec![(marks.remove(0).0, '-')]),
                confidence: Some(pair.two * pair.hyphen),
                ..edge.clone()
            };
            // Of two words that may well be a compound the accept model knows
            // only that they are two.
            if pair.is_content {
                edge.confidence = Some(pair.two * (1.0 - pair.hyphen));
            }
            edge.cost += blank;
            out.push(hyphened);
        }
        if !vouched {
            out.push(edge);
        }
    }
}

/// A piece of a cut word.
#[derive(Clone, Debug)]
struct Piece {
    from: usize,
    /// `None` for a number.
    word: Option<WordId>,
}

/// The likeliest ways to cut `written` into words and numbers: a search over
/// positions from left to right that keeps the best few at each.
fn cuts(shop: &Workshop<'_>, written: &str) -> Vec<Vec<Piece>> {
    #[derive(Clone)]
    struct Partial {
        cost: Cost,
        last: Option<Symbol>,
        pieces: Vec<Piece>,
    }
    let models = shop.models;
    let boundaries: Vec<usize> = written.char_indices().map(|(i, _)| i).chain([written.len()]).collect();
    let mut best: Vec<Vec<Partial>> = vec![Vec::new(); boundaries.len()];
    best[0].push(Partial { cost: 0, last: None, pieces: Vec::new() });
    for to in 1..boundaries.len() {
        let mut here: Vec<Partial> = Vec::new();
        for from in to.saturating_sub(MAX_KEY)..to {
            if best[from].is_empty() {
                continue;
            }
            let part = &written[boundaries[from]..boundaries[to]];
            let Some(word) = part_word(shop, written, part, boundaries[from]) else { continue };
            let symbol = match word {
                Some(w) => models.language.word(w),
                None => models.language.special(crate::model::language::Special::Number),
            };
            for p in &best[from] {
                let language = match p.last {
                    Some(last) => models.language.bigram(last, symbol, &models.lexicon),
                    None => models.language.unigram(symbol, &models.lexicon),
                };
                let mut pieces = p.pieces.clone();
                pieces.push(Piece { from: boundaries[from], word });
                let cost = p.cost + language + shop.channel.lost_blank();
                here.push(Partial { cost, last: Some(symbol), pieces });
            }
        }
        here.sort_by_key(|p| p.cost);
        here.truncate(KEPT);
        best[to] = here;
    }
    best.pop().unwrap_or_default().into_iter().map(|p| p.pieces).filter(|p| p.len() > 1).collect()
}

/// The word that a part of a cut word is: `Some(None)` for a number, `None` if it cannot stand.
fn part_word(shop: &Workshop<'_>, written: &str, part: &str, from: usize) -> Option<Option<WordId>> {
    if part.chars().all(|c| c.is_ascii_digit()) {
        let before = written[..from].ends_with(|c: char| c.is_ascii_digit());
        let after = written[from + part.len()..].starts_with(|c: char| c.is_ascii_digit());
        return (!before && !after && part.len() <= 4).then_some(None);
    }
    let lexicon = &shop.models.lexicon;
    let word = lexicon.find_key(&key(part)?)?;
    let flags = lexicon.flags(word);
    let letters = part.chars().count();
    let fits = match letters {
        1 => matches!(part, "a" | "A" | "I"),
        n => {
            let least = if n <= SHORT { LEAST_COMMON_SHORT } else { LEAST_COMMON };
            lexicon.cost(word) < least
                && flags.any(Flags::COMMON.and(Flags::TEXT))
                // A name or abbreviation is written as one.
                && (flags.any(Flags::LOWER) || part.starts_with(char::is_uppercase))
                && part.chars().any(|c| "aeiouyAEIOUY".contains(c))
        }
    };
    fits.then_some(Some(word))
}
