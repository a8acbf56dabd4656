//! The laws that the corrector has to keep.

use std::sync::LazyLock;

use proptest::{collection::vec, prelude::*, sample::select, strategy::ValueTree};
use scanno::{
    Config, Corrector, Document, Level,
    change::Target,
    document::{TokenKind, tokens},
    format::jsonl::Log,
};

use crate::random::{config, decided, header};

/// Words and marks of which no two belong together.
const WORDS: [&str; 48] = [
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
    "com-\u{c}mittee",
    "com\u{2028}mittee",
    "com-\u{85}mittee",
    "com\nmit\ntee",
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

/// Sentences of every kind: news, letters, accounts, speech, verse, lists.
const SENTENCES: [&str; 20] = [
    "The committee met on Monday and heard a report from the engineer of the new railway.",
    "Mr. Hargreaves, who had been away since the 19th of March, came home by the evening train.",
    "They sold forty bales of cotton at 6d. a pound, and the rest was kept for another season.",
    "I have not seen your brother these two years, nor do I know where he is to be found.",
    "State-controlled television showed the opposition-linked group leaving the well-known hotel.",
    "The price of wheat rose from 4½ to 5 shillings; the bakers, of course, blamed the weather.",
    "Resolved, That the thanks of this meeting be given to the Rev. Dr. Whitcombe for his sermon.",
    "\u{201c}You will find the house empty,\u{201d} said the old man, \u{201c}and the garden gone to weeds.\u{201d}",
    "O winds that wander where the heather grows, / Bring back the summer to my father's door!",
    "At the corner of King-street a carriage ran into a lamp-post, and two persons were hurt.",
    "The Governor of N.S.W. and the members of both Houses were present; about 300 sat down to dinner.",
    "The ship Endeavour, 410 tons, Captain Bell, from Liverpool, with 27 passengers and general cargo.",
    "He acknowledged that the accounts of the Company had not been examined since the year 1843.",
    "Nothing could be more beautiful than the country between the river and the first line of hills.",
    "WANTED, a steady young man as clerk in an office; he must write a good hand. Apply to A. B.",
    "The secretary read a letter from Lebanon, in which the minister denied every one of the charges.",
    "Children under twelve years of age were admitted free, and there was music until ten o'clock.",
    "She took the modern road, though it was longer, because the bridge on the other was not safe.",
    "It is right that those who did the work should have the profit of it, whatever the law may say.",
    "The troops marched at daybreak, crossed the stream without loss, and took the village by noon.",
];

/// What engines make of print; the first is read as the second.
const MISREADINGS: [(&str, &str); 32] = [
    ("h", "b"),
    ("e", "c"),
    ("e", "o"),
    ("m", "rn"),
    ("rn", "m"),
    ("n", "u"),
    ("u", "n"),
    ("l", "1"),
    ("i", "l"),
    ("I", "l"),
    ("1", "l"),
    ("0", "O"),
    ("d", "cl"),
    ("w", "vv"),
    ("s", "ſ"),
    ("fi", "ﬁ"),
    ("t", "f"),
    ("a", "o"),
    ("th", "tli"),
    ("y", "v"),
    ("R", "B"),
    (" ", ""),
    (" ", "  "),
    (" ", " | "),
    (" ", "\n"),
    (" ", "\r\n"),
    (".", ","),
    ("-", ""),
    ("o", "o "),
    ("tt", "t-\nt"),
    ("m", "m-\r\n"),
    ("r", "r¬\n"),
];

/// A good sentence, read by a bad engine: misreading after misreading, each at
/// some place where it can happen.
fn recognized() -> impl Strategy<Value = String> {
    let misreading = (select(&MISREADINGS[..]), any::<prop::sample::Index>());
    (select(&SENTENCES[..]), vec(misreading, 0..6)).prop_map(|(sentence, misreadings)| {
        let mut text = sentence.to_owned();
        for ((printed, read), place) in misreadings {
            let places: Vec<usize> = text.match_indices(printed).map(|(at, _)| at).collect();
            if !places.is_empty() {
                let at = places[place.index(places.len())];
                text.replace_range(at..at + printed.len(), read);
            }
        }
        text
    })
}

/// Words and marks without sense, as a page of stains may be read.
fn rubble() -> impl Strategy<Value = String> {
    let mark = select(vec![" ", " ", " ", " ", ". ", ", ", "\n", "\r\n", " \n"]);
    vec((select(&WORDS[..]), mark), 0..12)
        .prop_map(|words| words.into_iter().map(|(word, mark)| format!("{word}{mark}")).collect())
}

/// Text as a recognition engine may leave it.
fn damaged() -> impl Strategy<Value = String> {
    prop_oneof![3 => recognized(), 1 => rubble()]
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

    /// Nothing is deleted; and of law 2: places are in order and hold what they say.
    #[test]
    fn law_8_nothing_is_deleted(text in damaged()) {
        let document = Document::from_text(text);
        let mut end = 0;
        for c in CORRECTOR.correct(&document).corrections() {
            prop_assert!(end <= c.span.start && c.span.start < c.span.end, "{:?}", c);
            end = c.span.end;
            prop_assert_eq!(document.slice(c.span), &c.before);
            prop_assert!(c.before != c.after, "a change that changes nothing");
            prop_assert!((0.0..=1.0).contains(&c.confidence), "{:?}", c);
            prop_assert!(!c.after.trim().is_empty(), "{:?}", c);
        }
    }
}

/// The random texts are such that the corrector has something to do: it mends
/// at least one place in most of them. Else the laws would hold for nothing.
#[test]
fn the_corrector_is_put_to_work() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts: Vec<String> = (0..200).map(|_| damaged().new_tree(&mut runner).unwrap().current()).collect();
    let mended = texts.iter().filter(|text| CORRECTOR.correct(&Document::from_text(text.as_str())).counts().made() > 0);
    assert!(mended.count() > 100);
}

/// What is mended in a short text is mended in one of many lines, and in one
/// long line, wherever it stands.
#[test]
fn the_length_of_a_paragraph_does_not_matter() {
    let sentence = "He opened tbe door of the old house and went in to see the men. ";
    let text = sentence.repeat(1_500);
    let document = Document::from_text(text.as_str());
    assert_eq!(CORRECTOR.correct(&document).apply(&text), text.replace("tbe", "the"));
}
