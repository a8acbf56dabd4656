//! Text that was made to be slow: time grows with its length and no faster.
//! So it must, for a scanned page may hold anything, and a batch runs overnight.

use std::time::{Duration, Instant};

use scanno::{Config, Corrector, Document};

/// Bytes of the shorter text.
const SHORT: usize = 20_000;
/// How many times as long the longer one is.
const TIMES: usize = 4;
/// It may take so many times as long. What grew with the square would take 16
/// times; the rest is for a machine with other work.
const AT_MOST: f64 = 12.0;
/// Each is timed so often, and the shortest time counts.
const ROUNDS: usize = 3;

/// The least that correcting `text` takes, with nothing kept from the time before.
fn time(text: &str) -> Duration {
    let document = Document::from_text(text);
    let round = || {
        let corrector = Corrector::new(Config::default());
        let start = Instant::now();
        let changes = corrector.correct(&document);
        let taken = start.elapsed();
        assert!(changes.corrections().iter().all(|c| c.span.end <= text.len()));
        taken
    };
    (0..ROUNDS).map(|_| round()).min().unwrap()
}

#[track_caller]
fn assert_linear(text: impl Fn(usize) -> String) {
    let (short, long) = (time(&text(SHORT)), time(&text(TIMES * SHORT)));
    let ratio = long.as_secs_f64() / short.as_secs_f64().max(1e-3);
    assert!(ratio < AT_MOST, "{TIMES} times the text takes {ratio:.1} times as long: {short:?}, {long:?}");
}

/// Words of letters drawn at random, other ones from each seed.
fn gibberish(bytes: usize) -> String {
    let mut state: u64 = 1851;
    let mut random = |bound: u64| {
        // A linear congruential generator (Knuth's constants); its high bits are good.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut text = String::with_capacity(bytes + 16);
    while text.len() < bytes {
        for _ in 0..3 + random(8) {
            text.push(char::from(b'a' + random(26) as u8));
        }
        text.push(' ');
    }
    text
}

#[test]
fn one_bad_word_over_and_over() {
    assert_linear(|n| "tbe ".repeat(n / 4));
}

#[test]
fn one_word_without_end() {
    assert_linear(|n| "abcdefghij".repeat(n / 10));
}

#[test]
fn punctuation_alone() {
    assert_linear(|n| ".,;:!?-—'\"()".repeat(n / 14));
}

#[test]
fn every_word_unknown() {
    assert_linear(gibberish);
}

#[test]
fn capitals_alone() {
    assert_linear(|n| gibberish(n).to_uppercase());
}

#[test]
fn letters_torn_apart() {
    assert_linear(|n| "c o m m i t t e e ".repeat(n / 18));
}

#[test]
fn letters_on_lines_of_their_own() {
    assert_linear(|n| "l\ni\nt\n".repeat(n / 6));
}

#[test]
fn words_joined_by_hyphens_and_stops() {
    assert_linear(|n| "a-b.".repeat(n / 4));
}

#[test]
fn words_divided_at_every_line_end() {
    assert_linear(|n| "com-\nmittee ".repeat(n / 12));
}
