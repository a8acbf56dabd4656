//! A folded text as the symbols that [alignments](super::align) compare.

use std::collections::HashMap;

use super::align::Symbol;

/// Characters and words of a folded text, as symbols.
pub(super) struct Text {
    /// The code points.
    pub(super) characters: Vec<Symbol>,
    /// The words, as their numbers in a [`Vocabulary`].
    pub(super) words: Vec<Symbol>,
    /// Where each word begins in `characters`; at the end, where one more would.
    begins: Vec<usize>,
}

/// Numbers for words, the same for all texts that are compared.
#[derive(Default)]
pub(super) struct Vocabulary(HashMap<String, Symbol>);

impl Vocabulary {
    fn number(&mut self, word: &str) -> Symbol {
        if let Some(&number) = self.0.get(word) {
            return number;
        }
        let number = Symbol::try_from(self.0.len()).expect("fewer words than a symbol has values");
        self.0.insert(word.to_owned(), number);
        number
    }
}

/// The code points of `text`.
pub(super) fn characters(text: &str) -> Vec<Symbol> {
    text.chars().map(Symbol::from).collect()
}

impl Text {
    /// `folded` has its words separated by single blanks.
    pub(super) fn new(folded: &str, vocabulary: &mut Vocabulary) -> Self {
        let (mut words, mut begins, mut at) = (Vec::new(), Vec::new(), 0);
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            words.push(vocabulary.number(word));
            begins.push(at);
            at += word.chars().count() + 1;
        }
        begins.push(at);
        Self { characters: characters(folded), words, begins }
    }

    /// Where the words `from..to` lie in the characters; if there are none, the place where word `from` begins.
    pub(super) fn range(&self, from: usize, to: usize) -> (usize, usize) {
        let begin = self.begins[from];
        let end = if from == to { begin } else { self.begins[to] - 1 };
        (begin.min(self.characters.len()), end.min(self.characters.len()))
    }

    /// The characters of the words `from..to`, with the blanks between them.
    pub(super) fn of_words(&self, from: usize, to: usize) -> &[Symbol] {
        let (begin, end) = self.range(from, to);
        &self.characters[begin..end]
    }
}
