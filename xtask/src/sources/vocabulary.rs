//! [`Vocabulary`]: everything the sources say about each key.

use rustc_hash::FxHashMap;

use super::shape::{Shape, shape, special_form};

/// What the sources say about one key. Sizes are SCOWL's (10 = most common …
/// 95 = obscure), 0 = in none of its lists.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// Smallest size as a word, an upper-case word or a proper name.
    pub size: u8,
    /// Smallest size as an abbreviation.
    pub abbreviation: u8,
    /// Smallest size as a part of an entry with an apostrophe (`couldn`, `Brien`).
    pub part: u8,
    /// Bit set over [`KINDS`](super::scowl::KINDS).
    pub kinds: u8,
    /// Bit set over [`REGIONS`](super::scowl::REGIONS).
    pub regions: u8,
    /// Tokens in small letters.
    pub lower: u32,
    /// Capitalized tokens in the middle of a sentence.
    pub capital: u32,
    /// Tokens in capitals, where the paragraph is not.
    pub caps: u32,
    /// Capitalized tokens where any word would be.
    pub start: u32,
    /// All tokens of each training text.
    pub tokens: Vec<u32>,
    /// wordfreq's frequency, 0..1.
    pub frequency: f64,
    /// SCOWL has it as a plain word, not only as `McDonald` or `café`.
    plain_in_lists: bool,
}

impl Entry {
    /// Tokens in all training texts.
    pub(super) fn total(&self) -> u32 {
        self.tokens.iter().sum()
    }
}

/// Keys by first appearance, with their entries and special forms.
#[derive(Default)]
pub(super) struct Vocabulary {
    ids: FxHashMap<Box<str>, u32>,
    entries: Vec<Entry>,
    /// Special forms and their counts in the training text.
    text_forms: FxHashMap<u32, Vec<(String, u32)>>,
    /// Special forms in SCOWL.
    list_forms: FxHashMap<u32, String>,
}

impl Vocabulary {
    /// The number of `key`, which is added when new.
    pub(super) fn id(&mut self, key: &str) -> u32 {
        if let Some(&id) = self.ids.get(key) {
            return id;
        }
        let id = u32::try_from(self.entries.len()).expect("fewer than 2^32 keys");
        self.ids.insert(key.into(), id);
        self.entries.push(Entry::default());
        id
    }

    /// The number of `key`, if it is there.
    pub(super) fn find(&self, key: &str) -> Option<u32> {
        self.ids.get(key).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn entry(&self, id: u32) -> &Entry {
        &self.entries[id as usize]
    }

    pub(super) fn entry_mut(&mut self, id: u32) -> &mut Entry {
        &mut self.entries[id as usize]
    }

    /// Keys that pass `keep`, bytewise sorted, with their numbers.
    pub(super) fn sorted(&self, keep: impl Fn(&Entry) -> bool) -> Vec<(&str, u32)> {
        let mut keys: Vec<_> =
            self.ids.iter().map(|(key, &id)| (&**key, id)).filter(|&(_, id)| keep(self.entry(id))).collect();
        keys.sort_unstable();
        keys
    }

    /// Notes how the training text writes a key.
    pub(super) fn note_text_form(&mut self, id: u32, word: &str, shape: Shape, key: &str) {
        if let Some(form) = special_form(word, shape, key) {
            let forms = self.text_forms.entry(id).or_default();
            match forms.iter_mut().find(|(known, _)| *known == form) {
                Some((_, count)) => *count += 1,
                None => forms.push((form, 1)),
            }
        }
    }

    /// Notes how SCOWL writes a key; `is_word` when the list is one of words or
    /// names, and not of the obscure ones.
    pub(super) fn note_list_form(&mut self, id: u32, word: &str, shape: Shape, key: &str, is_word: bool) {
        match special_form(word, shape, key) {
            None => self.entry_mut(id).plain_in_lists |= is_word,
            // The lists are read in the order of their names: keep the
            // smallest form, so that the order does not matter.
            Some(form) => {
                let known = self.list_forms.entry(id).or_insert_with(|| form.clone());
                if form < *known {
                    *known = form;
                }
            }
        }
    }

    /// The most frequent form of a key, if that is not its plain one. The
    /// training text decides from 3 tokens on, SCOWL below. A plain word stays
    /// plain whatever abbreviation shares its letters (`goons`, `GOONs`).
    pub(super) fn form(&self, id: u32) -> &str {
        let entry = self.entry(id);
        if entry.total() < 3 {
            return match self.list_forms.get(&id) {
                Some(form) if !entry.plain_in_lists => form,
                _ => "",
            };
        }
        let Some(forms) = self.text_forms.get(&id) else { return "" };
        let plain = entry.total() - forms.iter().map(|(_, count)| count).sum::<u32>();
        forms
            .iter()
            .filter(|(form, _)| !entry.plain_in_lists || shape(form) != Shape::Mixed)
            .max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
            .filter(|(_, count)| *count > plain)
            .map_or("", |(form, _)| form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_the_text_s_then_the_lists_and_plain_words_stay_plain() {
        let mut vocabulary = Vocabulary::default();
        let mut form = |key: &str, listed: &[&str], written: &[&str]| {
            let id = vocabulary.id(key);
            vocabulary.entry_mut(id).tokens = vec![written.len() as u32];
            listed.iter().for_each(|word| vocabulary.note_list_form(id, word, shape(word), key, true));
            written.iter().for_each(|word| vocabulary.note_text_form(id, word, shape(word), key));
            vocabulary.form(id).to_owned()
        };
        assert_eq!(form("cafe", &["café"], &["cafe"]), "café");
        assert_eq!(form("naive", &["naive", "naïve"], &["naïve"]), "");
        assert_eq!(form("entree", &["entree"], &["entrée", "Entrée", "entree"]), "entrée");
        assert_eq!(form("role", &["role"], &["rôle", "role", "role"]), "");
        assert_eq!(form("goons", &["goons"], &["GOONs", "GOONs", "GOONs"]), "");
        assert_eq!(form("ipad", &[], &["iPad", "iPad", "ipad"]), "iPad");
    }
}
