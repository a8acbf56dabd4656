//! [`Signs`]: what a document shows of its errors while it is read. Only sums
//! are kept, whatever its length.

use super::Features;
use crate::candidate::Rule;
use crate::change::{Class, Correction, Estimate};
use crate::detect::{Doubt, Passage, Word};
use crate::model::Lexicon;
use crate::model::cost::{Cost, NAT};
use crate::model::estimate::{EstimateModel, SIGNS, Sign};
use crate::model::separator::Separator;

/// Cost a letter from which letters make no word: of a large dictionary's
/// words that the letter model was not trained on, 5 in 100 lie above.
const GARBLED: Cost = 3 * NAT;
/// −ln p from which a word of two or three letters is hardly one.
const HARDLY_A_WORD: Cost = 11 * NAT;
/// Letters of such a word, at most.
const SHORT: usize = 3;

/// What a document shows of its errors. More can be seen at any time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signs {
    words: u64,
    counts: [f64; SIGNS],
}

impl Signs {
    /// Words between blanks that were judged: those in other languages are not.
    #[must_use]
    pub fn words(&self) -> u64 {
        self.words
    }

    /// How often each sign was seen, in the order of [`Sign::ALL`]; proposed
    /// changes count by their words and confidence.
    #[must_use]
    pub fn counts(&self) -> &[f64; SIGNS] {
        &self.counts
    }

    /// The probable share of wrong words, and what is left of it after
    /// `corrections`; none of a document without words.
    #[must_use]
    pub fn estimate(&self, model: &EstimateModel, corrections: &[Correction]) -> Option<Estimate> {
        if self.words == 0 {
            return None;
        }
        let words = self.words as f64;
        let wrong = model.wrong_words(&self.counts).min(words);
        let (right, wrong_changes) = changed_words(corrections.iter().filter(|c| c.decision.is_made()));
        let mended = model.mended * right - model.spoiled * wrong_changes;
        Some(Estimate {
            words: self.words,
            before: model.share(wrong, words),
            after: model.share(wrong - mended, words),
        })
    }

    fn add(&mut self, sign: Sign, number: f64) {
        self.counts[sign as usize] += number;
    }

    /// Takes in a passage of `text`.
    pub(crate) fn see_passage(&mut self, text: &str, passage: &Passage, lexicon: &Lexicon) {
        let mut before: Option<&Word> = None;
        let mut end = passage.span.start;
        for word in &passage.words {
            self.see_gap(text, end, before, word);
            self.see_word(text, word, lexicon);
            before = Some(word);
            end = word.span.end;
        }
        self.see_marks(&text[end..passage.span.end], before.is_some(), false);
    }

    /// Takes in a change that comes into question, made or not. No two may be
    /// of the same words.
    pub(crate) fn see_change(&mut self, rule: Rule, features: &Features, confidence: f64) {
        let sign = match rule {
            // A word divided at a line end is no error.
            Rule::LineEnd => return,
            Rule::Join | Rule::Split => Sign::PartsChanged,
            _ if features.unknown > 0 => Sign::UnknownChanged,
            _ => Sign::KnownChanged,
        };
        self.add(sign, f64::from(features.targets.max(1)) * confidence);
    }

    fn see_word(&mut self, text: &str, word: &Word, lexicon: &Lexicon) {
        let written = &text[word.span.range()];
        if word.doubt == Doubt::Protected {
            return;
        }
        let Some(key) = &word.key else {
            self.add(Sign::Disfigured, 1.0);
            return;
        };
        let is_piece = match (key.len(), word.id) {
            // `don't`, `e.g.`
            (1, _) => {
                !matches!(written, "a" | "A" | "I" | "O")
                    && word.separator != Separator::Apostrophe
                    && !text[word.span.end..].starts_with('.')
            }
            (2..=SHORT, Some(id)) => lexicon.cost(id) > HARDLY_A_WORD,
            _ => false,
        };
        if is_piece {
            self.add(Sign::Piece, 1.0);
        } else if word.id.is_none() {
            // The end of a word is a letter to the letter model.
            let is_garbled = word.spelling > GARBLED * (key.len() as Cost + 1);
            match (is_garbled, written.starts_with(char::is_uppercase)) {
                (false, false) => self.add(Sign::Unknown, 1.0),
                (true, false) => self.add(Sign::Garbled, 1.0),
                (true, true) => self.add(Sign::GarbledName, 1.0),
                (false, true) => {}
            }
        }
    }

    /// Takes in what lies before the word `after`, from byte `start` on.
    fn see_gap(&mut self, text: &str, start: usize, before: Option<&Word>, after: &Word) {
        let gap = &text[start..after.span.start];
        let is_shielded = after.shielded || before.is_some_and(|w| w.shielded);
        let has_blank = gap.contains(char::is_whitespace);
        // Words of another language, a list of own words: not to be judged.
        let is_judged = after.doubt != Doubt::Protected || after.key.is_none();
        self.words += u64::from(is_judged && (has_blank || before.is_none()));
        if is_shielded || !is_judged {
            return;
        }
        // Nearly all are these.
        if gap == " " && before.is_some() {
            return;
        }
        self.see_marks(gap, before.is_some(), true);
        let Some(before) = before else { return };
        let is_small = text[after.span.range()].starts_with(char::is_lowercase);
        let is_word = |w: &Word| w.key.as_ref().is_some_and(|key| key.len() > 1);
        let is_misplaced = if has_blank {
            // `house. the`, but not `etc. the`.
            gap.starts_with('.')
                && gap[1..].starts_with(char::is_whitespace)
                && is_small
                && before.key.as_ref().is_some_and(|key| key.len() > SHORT)
        } else {
            is_word(before)
                && is_word(after)
                && match gap {
                    "." => is_small,
                    _ => matches!(gap, "," | ";" | ":" | "!" | "?" | "\"" | "“" | "”"),
                }
        };
        if is_misplaced {
            self.add(Sign::Misplaced, 1.0);
        }
    }

    /// Takes in the marks between two words, or before the first or after the last.
    fn see_marks(&mut self, gap: &str, has_before: bool, has_after: bool) {
        let mut chunks = gap.split(char::is_whitespace).peekable();
        let mut is_first = has_before;
        let mut last = "";
        while let Some(chunk) = chunks.next() {
            let is_last = has_after && chunks.peek().is_none();
            // Stops with blanks between are a pause.
            let is_pause = chunk == "." && (last == "." || chunks.peek() == Some(&"."));
            if !chunk.is_empty() && !is_pause {
                match (is_first, is_last) {
                    // Between two words without a blank.
                    (true, true) => {}
                    (true, false) => self.see_end(chunk),
                    (false, true) if chunk.chars().all(opens) => {}
                    (false, false) if stands_alone(chunk) => {}
                    (false, _) => self.add(Sign::Stray, 1.0),
                }
            }
            is_first = false;
            last = chunk;
        }
    }

    /// Takes in the marks at the end of a word.
    fn see_end(&mut self, marks: &str) {
        if !marks.chars().all(closes) {
            self.add(Sign::Stray, 1.0);
            return;
        }
        let is_stop = |c: &char| matches!(c, '.' | ',' | ';' | ':');
        let mut stops = marks.chars().filter(is_stop);
        // `.,` is one mark misread more often than an abbreviation's stop and a comma; `...` is meant.
        if let Some(first) = stops.next()
            && stops.any(|c| c != first)
        {
            self.add(Sign::Misplaced, 1.0);
        }
    }
}

/// Words that `corrections` lead to, as far as they are probably right and
/// probably wrong: each counts by its confidence and by what that lacks to 1.
#[must_use]
pub fn changed_words<'c>(corrections: impl Iterator<Item = &'c Correction>) -> (f64, f64) {
    corrections.filter(|c| c.class != Class::LineEnd).fold((0.0, 0.0), |(right, wrong), c| {
        let words = c.after.split_whitespace().count().max(1) as f64;
        (right + words * c.confidence, wrong + words * (1.0 - c.confidence))
    })
}

/// Marks that stand right before a word.
const OPENING: &str = "\"'“‘„([$£€-—–*#…";
/// Marks that stand right after a word.
const CLOSING: &str = ".,;:!?\"'’”)]-—–%¬…*\u{ad}";

fn opens(c: char) -> bool {
    OPENING.contains(c)
}

fn closes(c: char) -> bool {
    CLOSING.contains(c)
}

/// True for marks that stand between blanks: dashes, stars, an ampersand, a sign of percent.
fn stands_alone(marks: &str) -> bool {
    matches!(marks, "&" | "…")
        || marks.chars().all(|c| matches!(c, '-' | '—' | '–' | '*'))
        || marks.strip_prefix('%').is_some_and(|rest| rest.chars().all(closes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChangeLog, Config, Corrector, Document, Level};

    fn log(text: &str, level: Level) -> ChangeLog {
        Corrector::new(Config { level, ..Config::default() }).correct(&Document::from_text(text))
    }

    fn estimate(text: &str) -> Estimate {
        log(text, Level::Balanced).estimate().expect("it has words")
    }

    /// A hundred words of plain English, without a name.
    const PLAIN: &str = "The house stood on the hill above the river, and in the evening the children came home from \
        school by the narrow path. Their mother had set the table under the old tree; there was bread and cheese, and \
        a bowl of apples. \"It will rain before the morning,\" said the farmer, and he looked at the dark clouds over \
        the western hills. Nobody answered him. They ate what there was, and when the light was gone they carried \
        everything back into the kitchen, shut the doors and the windows, and sat down by the fire to wait for the \
        first drops.";

    fn signs(text: &str) -> [f64; SIGNS] {
        *Corrector::new(Config::default()).survey(&Document::from_text(text)).1.counts()
    }

    #[test]
    fn clean_text_has_hardly_an_error_and_no_words_have_no_estimate() {
        let clean = estimate(PLAIN);
        assert_eq!(clean.words, PLAIN.split_whitespace().count() as u64);
        assert!(clean.before < 0.01, "{clean:?}");
        assert_eq!(clean.before, clean.after);
        for text in ["", " \n\n", "* * *", "La vieille dame ferma la fenêtre\net se remit à coudre, car il ne lui\n"]
        {
            assert_eq!(log(text, Level::Balanced).estimate(), None, "{text:?}");
        }
    }

    #[test]
    fn more_garbage_never_makes_a_better_estimate() {
        let words: Vec<&str> = PLAIN.split(' ').collect();
        let garbage = ["tliq", "Xvrth", "w0rlb", "|", "rnqtd", "f~e", "zzkp,.", "bjt"];
        let mut last = 0.0;
        for number in 0..=12 {
            let mut spoiled = words.clone();
            for i in 0..number {
                spoiled[3 + 7 * i] = garbage[i % garbage.len()];
            }
            let now = estimate(&spoiled.join(" ")).before;
            assert!(now > last && now <= 1.0, "{number} spoiled: {last} to {now}");
            last = now;
        }
        assert!((0.08..0.3).contains(&last), "{last}");
        let all = estimate(&garbage.repeat(100).join(" "));
        assert!(all.before > 0.7 && all.before <= 1.0 && all.after <= 1.0, "{all:?}");
        assert!((0.0..0.9).contains(&estimate("tliq").before), "one word says little");
    }

    #[test]
    fn sure_changes_make_it_fall_and_suggestions_do_not() {
        let text = PLAIN.replace("the house", "tbe house").replace("and when", "aud when").replace("fire", "tire");
        let text = text.replace("The house", "Tbe house").replace("morning", "rnorning").replace("light", "1ight");
        let eager = log(&text, Level::Eager);
        assert!(eager.counts().made() >= 3);
        let estimate = eager.estimate().unwrap();
        assert!(estimate.after < 0.7 * estimate.before, "{estimate:?}");
        let corrector = Corrector::new(Config { min_confidence: Some(1.0), ..Config::default() });
        let untouched = corrector.correct(&Document::from_text(text)).estimate().unwrap();
        assert_eq!((untouched.before, untouched.after), (estimate.before, untouched.before));
    }

    #[test]
    fn each_sign_is_seen_where_it_is() {
        let seen = |text: &str, sign: Sign| {
            let (with, without) = (signs(text)[sign as usize], signs(PLAIN)[sign as usize]);
            with > 0.0 && without == 0.0
        };
        for (text, sign) in [
            ("They saw a drendle on the hill.", Sign::Unknown),
            ("They saw a xqvrtz on the hill.", Sign::Garbled),
            ("They saw old Xqvrtz on the hill.", Sign::GarbledName),
            ("They saw a ho^se on the hill.", Sign::Disfigured),
            ("They saw a h o on the hill.", Sign::Piece),
            ("They saw | a house on the hill.", Sign::Stray),
            ("They saw a house , on the hill.", Sign::Stray),
            ("They saw a house., on the hill.", Sign::Misplaced),
            ("They saw a house,on the hill.", Sign::Misplaced),
            ("They saw a house. on the hill.", Sign::Misplaced),
            ("They saw a housc on the hill.", Sign::UnknownChanged),
            ("They went to tho house on the hill.", Sign::KnownChanged),
            ("They saw the com mittee on the hill.", Sign::PartsChanged),
        ] {
            assert!(seen(text, sign), "{}: {text}", sign.name());
        }
        for text in [
            "Mr. J. Smith (of No. 12) said: \"No!\" -- and left . . .",
            "See https://example.org/tbe?x=1 & e.g. the U.S. army, 10.5 %.",
            "* * *\n\nIt cost £5 or $10; don't ask 'why'.",
        ] {
            let found = signs(text);
            for sign in [Sign::Misplaced, Sign::Stray, Sign::Disfigured, Sign::Piece] {
                assert_eq!(found[sign as usize], 0.0, "{}: {text}", sign.name());
            }
        }
    }
}
