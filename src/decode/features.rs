//! [`Features`]: what the accept model knows of a proposed change.

use super::Lattice;
use crate::candidate::{Edge, Rule, spell};
use crate::detect::{Doubt, Passage, Statistics, Word};
use crate::model::Models;
use crate::model::cost::Cost;
use crate::model::lexicon::Flags;
use crate::model::separator::Separator;

macro_rules! features {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// The features of a change. Costs in hundredths of a nat, counts as
        /// they are (at most a few thousand), truths as 0 and 1.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Features {
            $($(#[doc = $doc])* pub $name: i32,)*
        }

        impl Features {
            /// The values in the order of [`FEATURES`].
            #[must_use]
            pub fn values(&self) -> [i32; FEATURES.len()] {
                [$(self.$name),*]
            }
        }

        /// Names of the features, in the order that trees number them.
        pub const FEATURES: [&str; [$(stringify!($name)),*].len()] = [$(stringify!($name)),*];
    };
}

features! {
    /// −ln of the posterior probability of the change.
    posterior,
    /// −ln of the posterior probability of leaving all its words alone.
    keep_posterior,
    /// Total gain over leaving alone, neighbors fixed.
    gain,
    /// Gain of the language model alone.
    language_gain,
    /// Gain in predicting the first word.
    left_gain,
    /// Gain in predicting the word after.
    right_gain,
    /// Cost of the channel.
    channel,
    /// Cost of the channel for each character.
    channel_share,
    /// Gain over the second-best change of the same words.
    margin,
    /// Characters observed.
    length,
    /// Words observed.
    words,
    /// Words read.
    targets,
    /// The generator, by its number.
    rule,
    /// Observed words outside the lexicon.
    unknown,
    /// Observed words that dictionaries or text vouch for: 0 none, 1 some, 2 all.
    vouched,
    /// Rarity of the rarest observed word.
    observed_cost,
    /// Rarity of the rarest word read.
    target_cost,
    /// Who vouches for the rarest word read: 3 common dictionary, 2 large one, 1 text, 0 none.
    target_vouched,
    /// The word read is only a name or an abbreviation.
    target_name,
    /// The observed word is only a name or an abbreviation.
    observed_name,
    /// How unlike English the observed letters are: cost a letter.
    letters,
    /// Begins with a capital.
    capital,
    /// All capitals.
    caps,
    /// At the beginning of a sentence.
    sentence_start,
    /// Tokens of the observed word in the document.
    observed_count,
    /// Tokens of the word read in the document.
    target_count,
    /// Share of the observed word's tokens that are capitalized, percent.
    capitalized,
    /// Digits in it.
    digits,
    /// Characters that are neither letters nor digits.
    symbols,
    /// Edits of an ordinary kind.
    edits,
    /// Edits for each hundred characters.
    edit_share,
    /// The first letter changes.
    first_letter,
    /// Only an ending (s, d, ed, ing …) changes.
    inflection,
    /// Unknown words among the six on either side, percent.
    neighborhood,
    /// The word before or after is changed too.
    neighbor_changed,
    /// The kind of separator inside (joins), by its number.
    separator,
    /// The pair of observed words (joins) is known to the language model.
    pair_known,
    /// Rarity of the rarer neighbor.
    neighbor_cost,
    /// Doubt that the lexicon casts on the observed word.
    doubt,
    /// Length of the shortest piece observed or word read.
    shortest,
    /// What stands right before it: 0 nothing or a blank, 1 a stop or comma, 2 a quotation mark or parenthesis, 3 a
    /// hyphen or dash, 4 an apostrophe, 5 anything else.
    glued_before,
    /// What stands right after it, in the same numbers.
    glued_after,
    /// Unknown words that hang on it without a blank.
    glued_unknown,
}

/// Values that would be infinite stop here: 50 nats.
const MOST: Cost = 5000;
/// Words on either side that make the neighborhood.
const NEIGHBORHOOD: usize = 6;

impl Features {
    /// The features of the change that edge `number` of `lattice` makes, the
    /// words around it read as the best path reads them.
    #[must_use]
    pub fn of(
        lattice: &Lattice<'_>,
        number: usize,
        models: &Models,
        statistics: &Statistics,
        passage: &Passage,
        text: &str,
    ) -> Self {
        let edge = &lattice.edges()[number];
        let (before, after) = (lattice.arriving(edge.start), lattice.leaving(edge.end));
        let words = &passage.words[edge.start..edge.end];
        let keeps: Vec<usize> = (edge.start..edge.end).map(|at| lattice.starting(at).start).collect();
        let head = before.and_then(|e| lattice.edges()[e].targets.last()).map_or(lattice.head(), |t| t.symbol);
        let next = after.map_or(lattice.next_word(), |e| &lattice.edges()[e].targets[0]);
        let (language, cost) = lattice.costs_between(head, &[number], next);
        let (keep_language, _) = lattice.costs_between(head, &keeps, next);
        let rival = lattice
            .starting(edge.start)
            .filter(|&e| e != number && lattice.edges()[e].end == edge.end && !lattice.edges()[e].is_keep())
            .map(|e| {
                let (l, c) = lattice.costs_between(head, &[e], next);
                l + c
            })
            .min();
        let first_cost = |e: usize| lattice.word_cost(head, &lattice.edges()[e].targets[0]);
        let last_cost = |e: usize| {
            let targets = &lattice.edges()[e].targets;
            lattice.word_cost(targets[targets.len() - 1].symbol, next)
        };
        let (first_keep, last_keep) = (keeps[0], keeps[keeps.len() - 1]);

        let observed: String = words.iter().map(|w| &text[w.span.range()]).collect();
        let lower = observed.to_lowercase();
        let target = edge.key(models);
        let length = observed.chars().count() as i32;
        let edits = strsim::levenshtein(&lower, &target) as i32;
        let letters = |c: fn(char) -> bool| observed.chars().filter(|&x| c(x)).count() as i32;
        let lexicon = &models.lexicon;
        let vouched = words.iter().filter(|w| w.id.is_some_and(|id| lexicon.flags(id).any(Flags::VOUCHED))).count();
        let only_name = |flags: Flags| i32::from(!flags.any(Flags::LOWER));
        let rarity = |w: &Word| w.id.map_or(MOST, |id| lexicon.cost(id));
        let target_flags =
            edge.targets.iter().filter_map(|t| t.word).max_by_key(|&w| lexicon.cost(w)).map(|w| lexicon.flags(w));
        let usage =
            words[0].key.as_deref().filter(|_| words.len() == 1).map(|key| statistics.usage(key)).unwrap_or_default();
        let percent = |part: u32, whole: u32| (100 * part).checked_div(whole).unwrap_or(0) as i32;
        let outside: Vec<&Word> = (edge.start.saturating_sub(NEIGHBORHOOD)
            ..(edge.end + NEIGHBORHOOD).min(passage.words.len()))
            .filter(|i| !(edge.start..edge.end).contains(i))
            .map(|i| &passage.words[i])
            .collect();
        let unknown_near = outside.iter().filter(|w| w.doubt == Doubt::Unknown).count() as u32;
        let changed = |e: Option<usize>| e.is_some_and(|e| !lattice.edges()[e].is_keep());
        let neighbors = [edge.start.checked_sub(1), Some(edge.end).filter(|&e| e < passage.words.len())];
        let cap = |x: Cost| x.clamp(-MOST, MOST);
        Self {
            posterior: cap(lattice.posterior(number)),
            keep_posterior: cap(keeps.iter().map(|&k| lattice.posterior(k)).max().unwrap_or(0)),
            gain: cap(keep_language - language - cost),
            language_gain: cap(keep_language - language),
            left_gain: cap(first_cost(first_keep) - first_cost(number)),
            right_gain: cap(last_cost(last_keep) - last_cost(number)),
            channel: cap(cost),
            channel_share: cap(cost / length.max(1)),
            margin: rival.map_or(MOST, |r| cap(r - language - cost)),
            length,
            words: words.len() as i32,
            targets: edge.targets.len() as i32,
            rule: rule_number(edge),
            unknown: words.iter().filter(|w| w.id.is_none()).count() as i32,
            vouched: if vouched == words.len() { 2 } else { i32::from(vouched > 0) },
            observed_cost: words.iter().map(rarity).max().unwrap_or(0),
            target_cost: edge.targets.iter().map(|t| t.word.map_or(MOST, |w| lexicon.cost(w))).max().unwrap_or(0),
            target_vouched: target_flags.map_or(0, vouched_by),
            target_name: target_flags.map_or(0, only_name),
            observed_name: words[0].id.map_or(0, |id| only_name(lexicon.flags(id))),
            letters: models.language.spelling(&lower) / length.max(1),
            capital: i32::from(observed.starts_with(char::is_uppercase)),
            caps: i32::from(length >= 2 && 2 * letters(char::is_uppercase) > letters(char::is_alphabetic)),
            sentence_start: i32::from(starts_sentence(text, words[0].span.start)),
            observed_count: usage.count.min(1000) as i32,
            target_count: match edge.targets.len() {
                1 => statistics.usage(&target).count.min(1000) as i32,
                _ => 0,
            },
            capitalized: percent(usage.capitalized, usage.count),
            digits: letters(char::is_numeric),
            symbols: letters(|c| !c.is_alphanumeric()),
            edits,
            edit_share: 100 * edits / length.max(1),
            first_letter: i32::from(lower.chars().next() != target.chars().next()),
            inflection: i32::from(is_inflection(&lower, &target)),
            neighborhood: percent(unknown_near, outside.len() as u32),
            neighbor_changed: i32::from(changed(before) || changed(after)),
            separator: words.get(1).map_or(0, |w| w.separator as i32 + 1),
            pair_known: i32::from(
                words.len() > 1 && words.windows(2).all(|w| models.language.seen(w[0].symbol, w[1].symbol).is_some()),
            ),
            neighbor_cost: neighbors.iter().flatten().map(|&i| rarity(&passage.words[i])).max().unwrap_or(0),
            doubt: words[0].id.map_or(MOST, |id| lexicon.doubt(id)),
            shortest: shortest(words, edge, models),
            glued_before: glue(text[..words[0].span.start].chars().next_back()),
            glued_after: glue(text[words[words.len() - 1].span.end..].chars().next()),
            glued_unknown: {
                let hangs = |w: &Word| {
                    !matches!(
                        w.separator,
                        Separator::Space
                            | Separator::LineBreak
                            | Separator::PunctuationSpace
                            | Separator::Other
                            | Separator::HyphenBreak
                            | Separator::HyphenSpace
                    )
                };
                let before = neighbors[0].filter(|_| hangs(&words[0])).map(|i| &passage.words[i]);
                let after = neighbors[1].map(|i| &passage.words[i]).filter(|w| hangs(w));
                before.into_iter().chain(after).filter(|w| w.doubt == Doubt::Unknown).count() as i32
            },
        }
    }
}

fn rule_number(edge: &Edge) -> i32 {
    match edge.rule {
        Rule::Keep => 0,
        Rule::Confusion => 1,
        Rule::Variant => 2,
        Rule::Split => 3,
        Rule::Compound => 4,
        Rule::Join => 5,
        Rule::LineEnd => 6,
        Rule::Abbreviation => 7,
        Rule::Number => 8,
        Rule::Letters => 9,
        Rule::Pair => 10,
    }
}

/// The number of the character next to a word: see [`Features::glued_before`].
fn glue(neighbor: Option<char>) -> i32 {
    match neighbor {
        None => 0,
        Some(c) if c.is_whitespace() => 0,
        Some('.' | ',' | ';' | ':' | '!' | '?') => 1,
        Some('"' | '“' | '”' | '(' | ')' | '‘') => 2,
        Some('-' | '‐' | '—' | '–' | '¬') => 3,
        Some('\'' | '’') => 4,
        Some(_) => 5,
    }
}

fn vouched_by(flags: Flags) -> i32 {
    if flags.any(Flags::COMMON) {
        3
    } else if flags.any(Flags::RARE) {
        2
    } else {
        i32::from(flags.any(Flags::TEXT))
    }
}

fn shortest(words: &[Word], edge: &Edge, models: &Models) -> i32 {
    let pieces = words.iter().map(|w| w.span.len());
    let read = edge.targets.iter().map(|t| spell(models, t).len()).filter(|&n| n > 0);
    pieces.chain(read).min().unwrap_or(0) as i32
}

/// True if a sentence begins at byte `at`.
fn starts_sentence(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '‘' | '\'' | '('));
    before.is_empty() || before.ends_with(['.', '!', '?', ':']) || text[before.len()..at].matches('\n').count() > 1
}

/// True if two words differ in an ending alone.
fn is_inflection(a: &str, b: &str) -> bool {
    const ENDINGS: [&str; 12] = ["", "s", "d", "ed", "es", "n", "r", "ing", "y", "ies", "t", "e"];
    let common = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let ends = |w: &str| w.get(common..).is_some_and(|rest| ENDINGS.contains(&rest));
    common >= 2 && a != b && ends(a) && ends(b)
}
