//! [`Lexicon`]: which words there are, how they are written, how common they are.

use super::cost::{Cost, NAT};
use super::table::{self, Bytes, U16s, U32s};
use super::trie::{NODE, Node, Trie};
use super::{DataError, key};

/// A word of the lexicon, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordId(pub u32);

/// What is known of a word, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(pub u16);

impl Flags {
    /// Written in lower case.
    pub const LOWER: Self = Self(1);
    /// Written with a capital: names, days.
    pub const TITLE: Self = Self(1 << 1);
    /// Written in capitals: abbreviations.
    pub const UPPER: Self = Self(1 << 2);
    /// Written in a way of its own (`McDonald`, `café`): see [`Lexicon::display`].
    pub const MIXED: Self = Self(1 << 3);
    /// In a dictionary of common words (SCOWL up to size 70).
    pub const COMMON: Self = Self(1 << 4);
    /// In a large dictionary only (SCOWL size 80).
    pub const RARE: Self = Self(1 << 5);
    /// In running text, three times or more.
    pub const TEXT: Self = Self(1 << 6);
    /// An abbreviation.
    pub const ABBREVIATION: Self = Self(1 << 7);
    /// A name in a dictionary.
    pub const NAME: Self = Self(1 << 8);
    /// What a dictionary or running text vouches for; other words are known by hearsay.
    pub const VOUCHED: Self = Self(Self::COMMON.0 | Self::RARE.0 | Self::TEXT.0);

    /// True if any bit of `other` is set.
    #[must_use]
    pub fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets of bits.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Which way a trie is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the first letter.
    Forward,
    /// From the last letter.
    Backward,
}

/// What the words at or below a node cost at least: see [`Lexicon::bounds`].
#[derive(Clone, Copy, Debug)]
pub struct Bounds<'l>(&'l [u8]);

impl Bounds<'_> {
    /// The cost of the most frequent word at or below `node`.
    #[must_use]
    pub fn get(self, node: Node) -> Cost {
        Cost::from(self.0[node as usize]) * DECINAT
    }
}

/// Words with their frequency and casing. Frequencies are −ln p in tenths of a
/// nat; −ln p of the rarest word that can be told from nothing is 25.5 nats.
#[derive(Clone, Debug)]
pub struct Lexicon {
    forward: Trie,
    backward: Trie,
    flags: U16s,
    display_ids: U32s,
    display_ends: U32s,
    display_text: Bytes,
    costs: Bytes,
    forward_minima: Bytes,
    backward_minima: Bytes,
    doubts: Bytes,
}

/// Tenths of a nat in a stored byte.
const DECINAT: Cost = NAT / 10;
/// Zero of the stored doubt byte; one unit is a tenth of a nat.
const DOUBT_ZERO: Cost = 160;

const WORDS_FILE: &str = "lexicon.bin";
const WORDS_KIND: u8 = b'L';
const PRIOR_FILE: &str = "prior.bin";
const PRIOR_KIND: u8 = b'P';

/// One word as the compiler of a lexicon sees it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Look-up key.
    pub key: String,
    /// What is known of it.
    pub flags: Flags,
    /// Its written form, if [`Flags::MIXED`].
    pub display: String,
    /// −ln p in tenths of a nat.
    pub decinats: u8,
}

impl Lexicon {
    /// Reads `lexicon.bin` and `prior.bin`.
    ///
    /// # Errors
    /// If either is not a compiled model of this version, or they do not fit together.
    pub fn new(words: &Bytes, prior: &Bytes) -> Result<Self, DataError> {
        let [forward, forward_words, backward, backward_words, flags, display_ids, display_ends, display_text] =
            table::sections(WORDS_FILE, WORDS_KIND, words)?;
        let [costs, forward_minima, backward_minima, doubts] = table::sections(PRIOR_FILE, PRIOR_KIND, prior)?;
        let fits = flags.len() / 2 == costs.len()
            && costs.len() == doubts.len()
            && forward_minima.len() == forward.len() / NODE
            && backward_minima.len() == backward.len() / NODE;
        if !fits {
            return Err(DataError::Compiled { file: PRIOR_FILE, what: "it was compiled for another lexicon.bin" });
        }
        Ok(Self {
            forward: Trie::new(forward, forward_words),
            backward: Trie::new(backward, backward_words),
            flags: U16s(flags),
            display_ids: U32s(display_ids),
            display_ends: U32s(display_ends),
            display_text,
            costs,
            forward_minima,
            backward_minima,
            doubts,
        })
    }

    /// Looks at all that is in the tables. [`Lexicon::new`] takes them as they
    /// are; of those that come from outside this must be asked, once.
    ///
    /// # Errors
    /// If anything in them is not as [`Lexicon::compile`] makes it, so that a
    /// look-up could fail.
    pub fn check(&self) -> Result<(), DataError> {
        let fail = |what| DataError::Compiled { file: WORDS_FILE, what };
        self.forward.check().map_err(fail)?;
        self.backward.check().map_err(fail)?;
        let words = self.len();
        let fits = [self.forward.len(), self.backward.len()] == [words; 2]
            && self.flags.0.len() == 2 * words
            && self.display_ends.0.len() == self.display_ids.0.len();
        if !fits {
            return Err(fail("its tables do not fit together"));
        }
        let text = std::str::from_utf8(&self.display_text).map_err(|_| fail("a spelling in it is not UTF-8"))?;
        let mut from = 0;
        for (id, to) in self.display_ids.iter().zip(self.display_ends.iter()) {
            let display = text.get(from..to as usize).ok_or_else(|| fail("a spelling in it ends where none can"))?;
            if self.find(display) != Some(WordId(id)) {
                return Err(fail("a spelling in it is another word's"));
            }
            from = to as usize;
        }
        if from != text.len() || !self.display_ids.is_ascending() {
            return Err(fail("its spellings are out of order"));
        }
        Ok(())
    }

    /// Compiles `entries` (sorted by key, distinct) to `lexicon.bin` and
    /// `prior.bin`. `doubt` gives a word's [doubt](Lexicon::doubt), asked of
    /// the lexicon that is otherwise complete.
    ///
    /// # Errors
    /// Never, unless the layout and its reader disagree.
    pub fn compile(entries: &[Entry], doubt: impl Fn(&Self, WordId) -> Cost) -> Result<(Vec<u8>, Vec<u8>), DataError> {
        let keys: Vec<&str> = entries.iter().map(|e| e.key.as_str()).collect();
        let mut backward: Vec<String> = keys.iter().map(|k| k.chars().rev().collect()).collect();
        backward.sort_unstable();
        let forward_sections = Trie::build(&keys);
        let backward_sections = Trie::build(&backward.iter().map(String::as_str).collect::<Vec<_>>());
        let owned = |sections: &[Vec<u8>; 2]| {
            let [nodes, words] = sections.clone().map(Bytes::Owned);
            Trie::new(nodes, words)
        };
        let (forward, backward) = (owned(&forward_sections), owned(&backward_sections));

        let mut by_id: Vec<&Entry> = entries.iter().collect();
        by_id.sort_by_key(|e| forward.find(&e.key));
        let costs: Vec<u8> = by_id.iter().map(|e| e.decinats).collect();
        let forward_minima = forward.minima(|w| costs[w as usize]);
        let backward_minima = backward.minima(|w| {
            let key: String = backward.spell(w).chars().rev().collect();
            forward.find(&key).map_or(u8::MAX, |w| costs[w as usize])
        });
        let mixed = || by_id.iter().enumerate().filter(|(_, e)| e.flags.any(Flags::MIXED));
        let mut end = 0;
        let ends = mixed().map(|(_, e)| {
            end += e.display.len() as u32;
            end
        });
        let words = table::file(
            WORDS_KIND,
            &forward_sections
                .into_iter()
                .chain(backward_sections)
                .chain([
                    U16s::bytes(by_id.iter().map(|e| e.flags.0)),
                    U32s::bytes(mixed().map(|(i, _)| i as u32)),
                    U32s::bytes(ends),
                    mixed().flat_map(|(_, e)| e.display.bytes()).collect(),
                ])
                .collect::<Vec<_>>(),
        );
        let prior =
            |doubts| table::file(PRIOR_KIND, &[costs.clone(), forward_minima.clone(), backward_minima.clone(), doubts]);
        let draft = Self::new(&words.clone().into(), &prior(vec![0; costs.len()]).into())?;
        let doubts = (0..costs.len() as u32)
            .map(|w| (doubt(&draft, WordId(w)) / DECINAT + DOUBT_ZERO).clamp(0, 255) as u8)
            .collect();
        Ok((words, prior(doubts)))
    }

    /// The word written `word`, whatever its case or accents.
    #[must_use]
    pub fn find(&self, word: &str) -> Option<WordId> {
        self.find_key(&key(word)?)
    }

    /// The word of a look-up key.
    #[must_use]
    pub fn find_key(&self, key: &str) -> Option<WordId> {
        self.forward.find(key).map(WordId)
    }

    /// The trie read in `direction`.
    #[must_use]
    pub fn trie(&self, direction: Direction) -> &Trie {
        match direction {
            Direction::Forward => &self.forward,
            Direction::Backward => &self.backward,
        }
    }

    /// The cost of the most frequent word at or below each node of the trie read in `direction`.
    #[must_use]
    pub fn bounds(&self, direction: Direction) -> Bounds<'_> {
        Bounds(match direction {
            Direction::Forward => &self.forward_minima,
            Direction::Backward => &self.backward_minima,
        })
    }

    /// Look-up key of `word`.
    #[must_use]
    pub fn spell(&self, word: WordId) -> String {
        self.forward.spell(word.0)
    }

    /// −ln of its share of all words.
    #[must_use]
    pub fn cost(&self, word: WordId) -> Cost {
        Cost::from(self.costs[word.0 as usize]) * DECINAT
    }

    /// What is known of it.
    #[must_use]
    pub fn flags(&self, word: WordId) -> Flags {
        Flags(self.flags.get(word.0 as usize))
    }

    /// How much likelier, without context, the word is a misreading of its best
    /// confusable neighbor than itself: the log-odds, in hundredths of a nat.
    #[must_use]
    pub fn doubt(&self, word: WordId) -> Cost {
        (Cost::from(self.doubts[word.0 as usize]) - DOUBT_ZERO) * DECINAT
    }

    /// Its written form, if it has one of its own (`McDonald`, `café`).
    #[must_use]
    pub fn display(&self, word: WordId) -> Option<&str> {
        let at = self.display_ids.partition_point(|id| id < word.0);
        if at >= self.display_ids.len() || self.display_ids.get(at) != word.0 {
            return None;
        }
        let from = if at == 0 { 0 } else { self.display_ends.get(at - 1) };
        std::str::from_utf8(&self.display_text[from as usize..self.display_ends.get(at) as usize]).ok()
    }

    /// Number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.costs.len()
    }

    /// True if there is no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.costs.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, display: &str, decinats: u8) -> Entry {
        let flags = if display.is_empty() { Flags::LOWER } else { Flags::MIXED };
        Entry { key: key.into(), flags, display: display.into(), decinats }
    }

    #[test]
    fn keeps_what_it_was_given() {
        let entries = [entry("a", "", 30), entry("cafe", "café", 99), entry("mcdonald", "McDonald", 120)];
        let (words, prior) = Lexicon::compile(&entries, |_, w| 100 * w.0 as Cost - 150).unwrap();
        let lexicon = Lexicon::new(&words.into(), &prior.into()).unwrap();
        for (i, e) in entries.iter().enumerate() {
            let id = lexicon.find(&e.key).unwrap();
            assert_eq!(lexicon.cost(id), Cost::from(e.decinats) * 10);
            assert_eq!(lexicon.flags(id), e.flags);
            assert_eq!(lexicon.display(id), (!e.display.is_empty()).then_some(e.display.as_str()));
            assert_eq!(lexicon.spell(id), e.key);
            assert_eq!(lexicon.doubt(id), 100 * i as Cost - 150);
        }
        assert_eq!(lexicon.find("CAFÉ"), lexicon.find("cafe"));
        assert_eq!(lexicon.bounds(Direction::Forward).get(0), 300);
        assert_eq!(lexicon.bounds(Direction::Backward).get(0), 300);
    }

    #[test]
    fn refuses_foreign_and_truncated_files() {
        let (words, prior) = Lexicon::compile(&[entry("a", "", 1)], |_, _| 0).unwrap();
        assert!(Lexicon::new(&prior.clone().into(), &words.clone().into()).is_err());
        assert!(Lexicon::new(&words[..words.len() - 1].to_vec().into(), &prior.clone().into()).is_err());
        assert!(Lexicon::new(&Bytes::Borrowed(b""), &prior.into()).is_err());
    }
}
