//! The laws that the corrector has to keep.

use std::sync::LazyLock;

use proptest::{collection::vec, prelude::*, sample::select};
use scanno::{
    Config, Corrector, Document, Level,
    change::{Class, Target},
    document::{TokenKind, tokens},
    format::jsonl::Log,
};

use crate::random::{config, decided, header};

/// Words and marks for damaged sentences.
const WORDS: [&str; 44] = [
    "the",
    "The",
    "tbe",
    "and",
    "aud",
    "house",
    "honse",
    "committee",
    "com-\nmittee",
    "com- mittee",
    "com-\r\nmittee,",
    "ac¬\nknowledged",
    "well-\nknown",
    "BEITUT",
    "A irstrikes",
    "LOCOMO TIVE",
    "ofthe",
    "Statecontrolled",
    "l9th",
    "1843",
    "6d",
    "4½",
    "wa3",
    "tHE",
    "ﬁre",
    "ſaid",
    "U.S-led",
    "N.S.W",
    "modem",
    "his",
    "bis",
    "|",
    "*",
    "^~",
    "•",
    "nrrFF[iriN]",
    "don't",
    "“quoted”",
    "\n",
    "\n\n",
    "\u{c}",
    "com\u{ad}mittee",
    "http://example.org",
    "_",
];

/// A few sentences as a recognition engine may leave them.
fn damaged() -> impl Strategy<Value = String> {
    let mark = select(vec![" ", " ", " ", " ", ". ", ", ", "\n", "\r\n", " \n"]);
    vec((select(&WORDS[..]), mark), 0..20)
        .prop_map(|words| words.into_iter().map(|(word, mark)| format!("{word}{mark}")).collect())
}

/// The corrector that tries the most: it is eager, and takes what it only
/// suggests for made.
static CORRECTOR: LazyLock<Corrector> =
    LazyLock::new(|| Corrector::new(Config { level: Level::Eager, min_confidence: Some(0.2), ..Config::default() }));

/// Line ends of every kind in a text.
fn line_breaks(text: &str) -> Vec<&str> {
    tokens(text).filter(|t| t.kind == TokenKind::LineBreak).map(|t| &text[t.span.range()]).collect()
}

proptest! {
    #![proptest_config(config())]

    /// The same input gives the same output and the same log on any thread.
    #[test]
    fn law_6_the_same_again_on_any_thread(text in damaged()) {
        let document = Document::from_text(text);
        let log = |corrector: &Corrector| {
            Log::with_cleaned(&document, &corrector.correct(&document), header(), Target::AsRead).unwrap()
        };
        let (first, first_text) = log(&CORRECTOR);
        let (second, second_text) = rayon::scope(|_| log(&CORRECTOR));
        prop_assert_eq!(first.to_bytes(), second.to_bytes());
        prop_assert_eq!(&first_text, &second_text);
        // And the corrector's logs obey law 4 as any.
        prop_assert_eq!(&*first.revert(&first_text).unwrap(), document.text().as_bytes());
        prop_assert_eq!(first.apply(document.text().as_bytes()).unwrap(), first_text);
    }

    /// No line is won or lost.
    #[test]
    fn law_7_lines_stay_lines(text in damaged()) {
        let document = Document::from_text(text);
        let mut changes = CORRECTOR.correct(&document);
        for index in 0..changes.corrections().len() {
            changes.decide(index, true, decided());
        }
        let cleaned = changes.apply(document.text());
        prop_assert_eq!(line_breaks(document.text()), line_breaks(&cleaned), "{:?}", cleaned);
    }

    /// Nothing is deleted but specks.
    #[test]
    fn law_8_only_specks_are_deleted(text in damaged()) {
        let document = Document::from_text(text);
        for c in CORRECTOR.correct(&document).corrections() {
            prop_assert_eq!(document.slice(c.span), &c.before);
            prop_assert!(c.before != c.after, "a change that changes nothing");
            if c.after.trim().is_empty() {
                let symbols = c.before.trim();
                prop_assert_eq!(c.class, Class::Speck);
                prop_assert!(symbols.chars().count() <= 2 && !symbols.contains(char::is_alphanumeric), "{:?}", c);
            }
        }
    }
}
