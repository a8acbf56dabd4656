//! What a peer needs for a text: `peers PEER FILE [DICT...]` does what the peer
//! does to every word of FILE, in one thread, and says in one line how many
//! words there are, how many of them the peer does not know, and the seconds of
//! loading its dictionary and of the work on the text.
//!
//! - `symspell FILE WORDS`: the most likely word within two edits, without
//!   regard to the words around it; WORDS has lines `word TAB frequency`,
//! - `spellbook FILE AFF DIC`: whether the word is spelled right, nothing more,
//!   by a dictionary of Hunspell's format.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use spellbook::Dictionary;
use symspell_rs::{SymSpell, Verbosity};

const USAGE: &str = "usage: peers symspell FILE WORDS\n       peers spellbook FILE AFF DIC";

const MAX_EDITS: usize = 2;

/// What SymSpell itself recommends: longer prefixes take more memory, shorter ones more time.
const PREFIX_LENGTH: usize = 7;

/// Whether the peer knows a word, after it has done with the word whatever it does.
type Peer = Box<dyn Fn(&str) -> bool>;

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match run(&args.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("peers: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &[&str]) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let (file, knows) = match *args {
        ["symspell", file, words] => (file, symspell(words)?),
        ["spellbook", file, aff, dic] => (file, spellbook(aff, dic)?),
        _ => return Err(USAGE.into()),
    };
    let loading = start.elapsed();

    // Reading the text is work, as it is for the programs that these are compared with.
    let start = Instant::now();
    let text = read(file)?;
    let (mut all, mut unknown) = (0_usize, 0_usize);
    for word in words(&text) {
        all += 1;
        if !knows(word) {
            unknown += 1;
        }
    }
    let work = start.elapsed();

    let (loading, work) = (loading.as_secs_f64(), work.as_secs_f64());
    println!("{all} words, {unknown} not known, {loading:.3} s of loading, {work:.3} s of work");
    Ok(())
}

fn symspell(words: &str) -> Result<Peer, Box<dyn Error>> {
    let mut symspell = SymSpell::new(MAX_EDITS, None, PREFIX_LENGTH, 1);
    symspell.load_dictionary(Path::new(words), 0, 1, "\t").map_err(|error| format!("{words}: {error}"))?;
    Ok(Box::new(move |word| {
        let found = symspell.lookup(word, Verbosity::Top, MAX_EDITS, &None, None, false);
        found.first().is_some_and(|best| best.distance == 0)
    }))
}

fn spellbook(aff: &str, dic: &str) -> Result<Peer, Box<dyn Error>> {
    let dictionary = Dictionary::new(&read(aff)?, &read(dic)?).map_err(|error| format!("{dic}: {error}"))?;
    Ok(Box::new(move |word| dictionary.check(word)))
}

/// Of whatever encoding: texts and dictionaries in Latin-1 are not rare, and the
/// few letters that are lost then make no difference to the speed.
fn read(path: &str) -> Result<String, Box<dyn Error>> {
    let bytes = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Letters and digits in a row, with a letter at least: digits stand for letters in
/// misread words, and hyphens and apostrophes separate, as they do in scanno.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.contains(char::is_alphabetic))
}
