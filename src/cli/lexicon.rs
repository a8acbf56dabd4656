//! `scanno lexicon`: what is known of a word, and the lists of own words.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::{Args, Subcommand};
use scanno::candidate::search::{Depth, Reading, Searcher};
use scanno::change::Evidence;
use scanno::document::{TokenKind, tokens};
use scanno::model::cost::{Cost, NAT, probability_of};
use scanno::model::lexicon::{Flags, WordId};
use scanno::model::{ConfusionModel, Lexicon, key};
use scanno::report::{explain, visible};
use scanno::{Corrector, Document};

use crate::cli::exit_code::ExitCode;
use crate::cli::lexicon_file;
use crate::cli::options::SourceOptions;
use crate::cli::output::write_stdout;
use crate::cli::terminal::Terminal;

/// Other readings that are shown of a word.
const READINGS: usize = 5;

const ABOUT: &str = "\
Say what is known of words, or edit a list of own words.

For each word: where it is known from, how common it is, how it is written, which other words it may be a misreading \
of and at what cost, and what would be made of it if it stood alone. Costs are in nats, -ln of a probability: what is \
smaller is likelier.";

const EXAMPLES: &str = "\
Examples:
  scanno lexicon tbe Beirut                         # what is known of two words
  scanno lexicon add --lexicon names.txt Shadadi    # a word of one's own
  scanno lexicon --lexicon names.txt Shadadi        # is it known now?
  scanno lexicon remove --lexicon names.txt Shadadi # and out again
  scanno lexicon -- add                             # what is known of the word add";

#[derive(Debug, Args)]
#[command(about = "Say what is known of words, or edit a list of own words", long_about = ABOUT, after_help = super::after_help(EXAMPLES))]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct LexiconArgs {
    #[command(subcommand)]
    edit: Option<Edit>,
    /// Words to look up
    #[arg(required = true, value_name = "WORD")]
    words: Vec<String>,
    #[command(flatten)]
    sources: SourceOptions,
}

#[derive(Debug, Subcommand)]
enum Edit {
    /// Add own words at the end of their list
    Add(EditArgs),
    /// Take own words out of their list
    Remove(EditArgs),
}

#[derive(Debug, Args)]
struct EditArgs {
    /// Own words, as they are written
    #[arg(required = true, value_name = "WORD")]
    words: Vec<String>,
    #[command(flatten)]
    sources: SourceOptions,
}

pub(crate) fn run(args: &LexiconArgs, terminal: &Terminal) -> Result<ExitCode> {
    match &args.edit {
        Some(Edit::Add(edit)) => add(edit, terminal),
        Some(Edit::Remove(edit)) => remove(edit, terminal),
        None => look_up(args),
    }
}

fn add(args: &EditArgs, terminal: &Terminal) -> Result<ExitCode> {
    let list = args.sources.list_to_edit()?;
    let added = lexicon_file::add(&list, &args.words)?;
    let known = args.words.len() - added.len();
    let already = if known > 0 { format!("; {known} stood there already") } else { String::new() };
    terminal.say(format_args!("{}: {} added{already}", list.display(), added.len()));
    Ok(ExitCode::Done)
}

fn remove(args: &EditArgs, terminal: &Terminal) -> Result<ExitCode> {
    let list = args.sources.list_to_edit()?;
    let removed = lexicon_file::remove(&list, &args.words)?;
    terminal.say(format_args!("{}: {} removed", list.display(), removed.len()));
    let mut code = ExitCode::Done;
    for missing in args.words.iter().filter(|word| !removed.contains(word)) {
        terminal.error(format_args!("{}: has no word {missing}; it is taken as written, case and all", list.display()));
        code = ExitCode::Trouble;
    }
    Ok(code)
}

fn look_up(args: &LexiconArgs) -> Result<ExitCode> {
    let settings = args.sources.resolve_here()?;
    let mut own = Vec::new();
    for list in settings.lists() {
        own.extend(lexicon_file::read(list)?.into_iter().map(|word| (word, list.path().to_path_buf())));
    }
    let corrector = &settings.corrector()?;
    let mut register = Register { own, corrector, searcher: Searcher::new(Arc::clone(&corrector.models().confusion)) };
    let mut out = String::new();
    let mut code = ExitCode::Done;
    for word in &args.words {
        if !register.describe(word, &mut out) {
            code = ExitCode::Found;
        }
    }
    write_stdout(out.as_bytes())?;
    Ok(code)
}

/// Where words are looked up.
struct Register<'c> {
    corrector: &'c Corrector,
    /// Own words, each with its list.
    own: Vec<(String, PathBuf)>,
    searcher: Searcher,
}

impl Register<'_> {
    /// Writes what is known of `word`, and of its parts if it has several;
    /// false if any of these is not known.
    fn describe(&mut self, word: &str, out: &mut String) -> bool {
        let parts: Vec<&str> =
            tokens(word).filter(|t| t.kind == TokenKind::Word).map(|t| &word[t.span.range()]).collect();
        let is_own = self.list_of(word).is_some();
        let mut known = is_own || !parts.is_empty();
        if is_own || parts.is_empty() {
            self.describe_part(word, out);
        } else {
            for part in parts {
                known &= self.describe_part(part, out);
            }
        }
        for proposal in self.corrector.propose(Document::from_text(word).text()) {
            let c = proposal.correction;
            let (before, after) = (visible(&c.before), visible(&c.after));
            line(
                out,
                "alone",
                format_args!("{before} → {after} ({}, confidence {:.1} %)", c.class, 100.0 * c.confidence),
            );
        }
        known
    }

    fn describe_part(&mut self, word: &str, out: &mut String) -> bool {
        let lexicon = &self.corrector.models().lexicon;
        let id = lexicon.find(word);
        let list = self.list_of(word);
        let _ = writeln!(out, "{}", visible(word));
        if let Some(list) = &list {
            line(out, "known", format_args!("own word, from {}; never changed", visible(&list.to_string_lossy())));
        }
        match id {
            Some(id) => {
                line(out, "known", layers(lexicon.flags(id)));
                line(out, "frequency", frequency(lexicon.cost(id)));
                line(out, "written", forms(lexicon, id).join(", "));
                line(out, "doubt", doubt(lexicon.doubt(id)));
            }
            None if list.is_none() => line(out, "known", "no"),
            None => {}
        }
        if list.is_none() {
            self.readings(word, id, out);
        }
        id.is_some() || list.is_some()
    }

    /// The words that `word`, number `id`, may be a misreading of.
    fn readings(&mut self, word: &str, id: Option<WordId>, out: &mut String) {
        let models = self.corrector.models();
        let depth = Depth::of(&models.lexicon, id);
        let observed = models.confusion.observe(word);
        let found = self.searcher.search(&observed, &models.lexicon, depth);
        for &Reading { word: reading, cost } in found.iter().filter(|r| Some(r.word) != id).take(READINGS) {
            let rarity = models.lexicon.cost(reading);
            let written = forms(&models.lexicon, reading).swap_remove(0);
            let mut text = format!("{written:<16} misread {} + rarity {}", nats(cost), nats(rarity));
            let operations = operations(&models.confusion, word, &models.lexicon.spell(reading));
            if !operations.is_empty() {
                let _ = write!(text, ": {}", operations.join(", "));
            }
            line(out, "reading", text);
        }
    }

    fn list_of(&self, word: &str) -> Option<PathBuf> {
        let found = self.own.iter().find(|(own, _)| own == word || key(own).is_some_and(|own| key(word) == Some(own)));
        found.map(|(_, list)| list.clone())
    }
}

fn line(out: &mut String, label: &str, text: impl std::fmt::Display) {
    let _ = writeln!(out, "    {label:<10} {text}");
}

/// Where a word is known from.
fn layers(flags: Flags) -> String {
    let mut layers = Vec::new();
    if flags.any(Flags::COMMON) {
        layers.push("dictionary of common words (SCOWL, sizes to 70)");
    } else if flags.any(Flags::RARE) {
        layers.push("dictionary of rare words (SCOWL, size 80)");
    }
    if flags.any(Flags::TEXT) {
        layers.push("running text");
    }
    if layers.is_empty() {
        layers.push("word counts alone (wordfreq), which hold misreadings too");
    }
    if flags.any(Flags::NAME) {
        layers.push("a name");
    }
    if flags.any(Flags::ABBREVIATION) {
        layers.push("an abbreviation");
    }
    layers.join("; ")
}

fn frequency(cost: Cost) -> String {
    let per_million = 1e6 * probability_of(cost);
    // Two digits that count, for what is a rounded byte.
    let decimals = (1.0 - per_million.log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{per_million:.decimals$} per million words ({} nats)", nats(cost))
}

/// How a word is written.
fn forms(lexicon: &Lexicon, word: WordId) -> Vec<String> {
    let key = lexicon.spell(word);
    let flags = lexicon.flags(word);
    let base = lexicon.display(word).unwrap_or(&key);
    let title = || {
        let mut letters = base.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    let mut forms: Vec<String> = Vec::new();
    if flags.any(Flags::LOWER.and(Flags::MIXED)) || !flags.any(Flags::TITLE.and(Flags::UPPER)) {
        forms.push(base.to_owned());
    }
    if flags.any(Flags::TITLE) {
        forms.push(title());
    }
    if flags.any(Flags::UPPER) {
        forms.push(base.to_uppercase());
    }
    forms.dedup();
    forms
}

fn doubt(log_odds: Cost) -> String {
    let odds = nats(log_odds.abs());
    if log_odds > 0 {
        format!("{odds} nats likelier to be a misreading of a commoner word, context aside")
    } else {
        format!("{odds} nats likelier to be itself than a misreading, context aside")
    }
}

/// What the engine would have done to make `observed` of `intended`.
fn operations(channel: &ConfusionModel, observed: &str, intended: &str) -> Vec<String> {
    let seen = channel.observe(observed);
    let (_, steps) = channel.align(&seen, intended);
    let evidence = steps.into_iter().map(|(at, rewrite)| Evidence {
        observed: seen.characters[at..at + usize::from(rewrite.observed)].iter().collect(),
        intended: rewrite.intended().iter().map(|letter| char::from(b'a' + letter)).collect(),
        cost: f64::from(rewrite.cost) / f64::from(NAT),
    });
    evidence.filter(|e| e.observed != e.intended).map(|e| explain::operation(&e)).collect()
}

fn nats(cost: Cost) -> String {
    format!("{:.1}", f64::from(cost) / f64::from(NAT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_have_two_digits_that_count() {
        assert!(frequency(290).starts_with("55023 per million"), "{}", frequency(290));
        assert!(frequency(1380).starts_with("1.0 per million"), "{}", frequency(1380));
        assert!(frequency(1990).starts_with("0.0023 per million"), "{}", frequency(1990));
    }

    #[test]
    fn a_layer_is_named_for_every_word() {
        assert!(layers(Flags(0)).contains("misreadings"));
        assert_eq!(layers(Flags::TEXT.and(Flags::NAME)), "running text; a name");
        assert!(layers(Flags::RARE.and(Flags::TEXT)).contains("rare words"));
    }
}
