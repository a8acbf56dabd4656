//! The [`Corrector`]: models and options, ready to correct any number of documents.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use rustc_hash::FxHashSet;

use crate::candidate::{Edge, Look, Pairs, Recollections, Vocabulary, Workshop};
use crate::change::{Alternative, Correction, Decision, Evidence, Finding};
use crate::decode::{Adaptation, Features, Lattice, Signs};
use crate::detect::{Passage, Sources, Statistics, passages};
use crate::memory::Memory;
use crate::model::cost::{Cost, IMPOSSIBLE, NAT};
use crate::model::{AdaptedChannel, ConfusionModel, DataError, Models, key};
use crate::{ChangeLog, Config, Document};

/// Confidence from which a correction is worth showing.
const SUGGESTED: f64 = 0.2;

/// Owns the models and the [`Config`], which do not change: one corrector serves
/// any number of threads. What it remembers from text to text makes it faster
/// and nothing else.
#[derive(Debug)]
pub struct Corrector {
    models: Models,
    config: Config,
    own_words: FxHashSet<Box<str>>,
    pairs: Pairs,
    memory: Memory,
    recollections: Recollections,
}

/// What the texts of one work share: the words that they use, and what their
/// engine misreads.
#[derive(Clone, Debug)]
pub struct Work {
    statistics: Statistics,
    vocabulary: Vocabulary,
    /// The engine's own channel, where enough was found to learn it from.
    channel: Option<AdaptedChannel>,
}

/// A change that comes into question, before it is decided.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The correction; its confidence is the accept model's, or its generator's own.
    pub correction: Correction,
    /// What the accept model is asked.
    pub features: Features,
    /// The generator gave the confidence; the accept model was not asked.
    pub is_own_judgment: bool,
}

/// A contender with its confidence, not yet written out.
#[derive(Clone, Debug)]
struct Judged {
    /// The edge.
    number: usize,
    /// The words it replaces.
    words: Range<usize>,
    features: Features,
    confidence: f64,
}

impl Corrector {
    /// A corrector with the embedded English models.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self::with_models(Models::embedded(), config)
    }

    /// A corrector with the models compiled into `folder`.
    ///
    /// # Errors
    /// If they cannot be read or are of another version.
    pub fn load(folder: &Path, config: Config) -> Result<Self, DataError> {
        Ok(Self::with_models(Models::load(folder)?, config))
    }

    /// A corrector with `models`.
    #[must_use]
    pub fn with_models(models: Models, config: Config) -> Self {
        // A word is known by its written form and, if it has one, by its look-up key.
        let memory = Memory::new(&config.memory);
        let own_words = config.own_words.iter().chain(memory.words());
        let own_words = own_words.flat_map(|w| [Some(w.clone()), key(w)]).flatten().map(String::into).collect();
        let pairs = Pairs::new(&config.pairs);
        Self { models, config, own_words, pairs, memory, recollections: Recollections::default() }
    }

    /// The options it was made with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The models it works with.
    #[must_use]
    pub fn models(&self) -> &Models {
        &self.models
    }

    /// Every correction and finding of `document`.
    #[must_use]
    pub fn correct(&self, document: &Document) -> ChangeLog {
        self.survey(document).0
    }

    /// Every correction and finding of `document`, which is one of those that
    /// `work` was learned from.
    #[must_use]
    pub fn correct_in(&self, document: &Document, work: &Work) -> ChangeLog {
        self.survey_in(document, work).0
    }

    /// What [`Self::correct`] gives, with the signs of errors that its estimate was made of.
    #[must_use]
    pub fn survey(&self, document: &Document) -> (ChangeLog, Signs) {
        self.survey_in(document, &self.study(&[document.text()]))
    }

    fn survey_in(&self, document: &Document, work: &Work) -> (ChangeLog, Signs) {
        let text = document.text();
        let least = self.threshold();
        let mut corrections = Vec::new();
        let mut end = 0;
        let mut signs = Signs::default();
        let findings = self.decode(text, work, Look::Whole, |passage, lattices, shop| {
            signs.see_passage(text, passage, &self.models.lexicon);
            // Handed on as they come: a large document has more contenders than memory holds.
            for (lattice, judged) in lattices.iter().flat_map(|l| self.best(text, passage, l, shop)) {
                signs.see_change(lattice.edges()[judged.number].rule, &judged.features, judged.confidence);
                if judged.confidence < SUGGESTED {
                    continue;
                }
                let mut c = self.proposal(text, passage, lattice, judged, shop).correction;
                // A word that ran over a line end takes what hangs on it along.
                if c.span.start >= end && c.before != c.after && self.is_wanted(&c) {
                    end = c.span.end;
                    c.decision = if c.confidence >= least { Decision::Applied } else { Decision::Suggested };
                    corrections.push(c);
                }
            }
        });
        self.memory.recall(text, &mut corrections, |c| self.is_wanted(c));
        let estimate = signs.estimate(&self.models.estimate, &corrections);
        (ChangeLog::new(corrections, findings, estimate), signs)
    }

    /// Every change that comes into question, however unsure, several of the
    /// same words among them; read twice, the second time with the document's
    /// own channel.
    #[must_use]
    pub fn propose(&self, text: &str) -> Vec<Proposal> {
        let mut out = Vec::new();
        self.decode(text, &self.study(&[text]), Look::Whole, |passage, lattices, shop| {
            for lattice in lattices {
                let contenders = self.contenders(text, passage, lattice, shop);
                let proposals =
                    contenders.into_iter().map(|judged| self.proposal(text, passage, lattice, judged, shop));
                out.extend(proposals.filter(|p| p.correction.before != p.correction.after));
            }
        });
        out
    }

    /// What `texts` share, such as the pages of a book: each is then
    /// [corrected](Self::correct_in) by what all of them say.
    #[must_use]
    pub fn study(&self, texts: &[&str]) -> Work {
        let mut work = self.count(texts);
        let mut own = Adaptation::new(&self.models.confusion);
        let sample = sample(texts);
        self.decode(&sample, &work, Look::First, |passage, lattices, shop| {
            for (lattice, judged) in lattices.iter().flat_map(|l| self.best(&sample, passage, l, shop)) {
                let edge = &lattice.edges()[judged.number];
                own.learn(&observed(&sample, passage, edge), &edge.key(&self.models), judged.confidence);
            }
        });
        work.channel = own.channel(&sample);
        work
    }

    /// The words of `texts`, and the general channel.
    fn count(&self, texts: &[&str]) -> Work {
        let mut each = texts.iter().map(|text| Statistics::of(text));
        let mut statistics = each.next().unwrap_or_default();
        each.for_each(|more| statistics.add(&more));
        statistics.believe(&self.models.familiar);
        Work { vocabulary: Vocabulary::of(&self.models, &statistics), statistics, channel: None }
    }

    /// The changes that come into question in `lattice`, each with its confidence.
    fn contenders(&self, text: &str, passage: &Passage, lattice: &Lattice<'_>, shop: &Workshop<'_>) -> Vec<Judged> {
        lattice
            .contenders()
            .map(|number| {
                let edge = &lattice.edges()[number];
                let features = Features::of(lattice, number, &self.models, shop.statistics, passage, text);
                let confidence = edge.confidence.unwrap_or_else(|| self.models.accept.probability(&features.values()));
                Judged { number, words: edge.start..edge.end, features, confidence }
            })
            .collect()
    }

    /// The surest of the changes that come into question in `lattice` and do
    /// not overlap, in order.
    fn best<'l>(
        &self,
        text: &str,
        passage: &Passage,
        lattice: &'l Lattice<'l>,
        shop: &Workshop<'_>,
    ) -> impl Iterator<Item = (&'l Lattice<'l>, Judged)> {
        let judged = disjoint(self.contenders(text, passage, lattice, shop));
        judged.into_iter().map(move |judged| (lattice, judged))
    }

    /// Shows every passage of `text`, with the lattices of its stretches that
    /// have something to weigh, decoded with the general channel.
    pub fn inspect(&self, text: &str, mut see: impl FnMut(&Passage, &[Lattice<'_>])) {
        self.decode(text, &self.count(&[text]), Look::Whole, |passage, lattices, _| see(passage, lattices));
    }

    /// Reads `text` by what is known of its work; shows every passage, with the
    /// lattices of its stretches that have something to weigh.
    fn decode(
        &self,
        text: &str,
        work: &Work,
        look: Look,
        mut each: impl FnMut(&Passage, &[Lattice<'_>], &Workshop<'_>),
    ) -> Vec<Finding> {
        let is_own = |word: &str| self.own_words.contains(word);
        let Work { statistics, vocabulary, channel } = work;
        let sources =
            Sources { lexicon: &self.models.lexicon, language: &self.models.language, statistics, is_own: &is_own };
        let recollection = self.recollections.take(&self.models);
        let mut shop =
            Workshop::new(&self.models, channel.as_ref(), statistics, vocabulary, &self.pairs, look, recollection);
        let mut findings = Vec::new();
        for mut passage in passages(text, sources) {
            findings.append(&mut passage.findings);
            let edges = shop.edges(text, &passage);
            each(&passage, &Lattice::stretches(&self.models, &passage, edges), &shop);
        }
        self.recollections.put(shop.into_recollection());
        findings
    }

    fn proposal(
        &self,
        text: &str,
        passage: &Passage,
        lattice: &Lattice<'_>,
        judged: Judged,
        shop: &Workshop<'_>,
    ) -> Proposal {
        let Judged { number, features, confidence, .. } = judged;
        let edge = &lattice.edges()[number];
        let (span, after) = edge.write(&self.models, text, passage);
        let before = &text[span.range()];
        let mut alternatives = self.alternatives(lattice, number, &after, text, passage, confidence);
        let mut evidence = evidence(shop.channel, &observed(text, passage, edge), &edge.key(&self.models), edge.cost);
        // A long text has millions of corrections: none holds more memory than it fills.
        alternatives.shrink_to_fit();
        evidence.shrink_to_fit();
        let correction = Correction {
            span,
            before: before.into(),
            class: edge.class(passage, before, &after),
            rule: edge.rule.name().into(),
            confidence,
            decision: Decision::Suggested,
            decided: None,
            alternatives,
            evidence,
            after: after.into(),
        };
        Proposal { correction, features, is_own_judgment: edge.confidence.is_some() }
    }

    /// Other readings of the same words than the chosen one, `after`, each with its share of what that leaves.
    fn alternatives(
        &self,
        lattice: &Lattice<'_>,
        chosen: usize,
        after: &str,
        text: &str,
        passage: &Passage,
        confidence: f64,
    ) -> Vec<Alternative> {
        /// Readings shown beside the chosen one.
        const SHOWN: usize = 3;
        let edge = &lattice.edges()[chosen];
        let mut others: Vec<(Cost, usize)> = lattice
            .starting(edge.start)
            .filter(|&e| e != chosen && lattice.edges()[e].end == edge.end && !lattice.edges()[e].is_keep())
            .map(|e| (lattice.posterior(e), e))
            .collect();
        others.sort_unstable();
        // Only the best are written out, with those that are as good.
        let worst = others.get(SHOWN - 1).map_or(Cost::MAX, |o| o.0);
        let mut others: Vec<(Cost, String)> = others
            .into_iter()
            .take_while(|o| o.0 <= worst)
            .map(|(posterior, e)| (posterior, lattice.edges()[e].write(&self.models, text, passage).1))
            .collect();
        // Two generators may find the same reading.
        others.retain(|(_, text)| text != after);
        others.sort();
        others.truncate(SHOWN);
        others
            .into_iter()
            .map(|(posterior, text)| {
                let share = crate::model::cost::probability_of(posterior) * (1.0 - confidence);
                Alternative { text: text.into(), confidence: (share * 10_000.0).round() / 10_000.0 }
            })
            .collect()
    }

    fn threshold(&self) -> f64 {
        self.config.min_confidence.unwrap_or(self.config.level.confidence())
    }

    fn is_wanted(&self, c: &Correction) -> bool {
        (self.config.only.is_empty() || self.config.only.contains(&c.class)) && !self.config.skip.contains(&c.class)
    }
}

/// The surest of `contenders` that do not overlap, in order.
fn disjoint(mut contenders: Vec<Judged>) -> Vec<Judged> {
    // The sort is stable: of equals the first stays the first.
    contenders.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut out: Vec<Judged> = Vec::new();
    for c in contenders {
        let at = out.partition_point(|o| o.words.start < c.words.start);
        let is_free = at.checked_sub(1).is_none_or(|before| out[before].words.end <= c.words.start)
            && out.get(at).is_none_or(|after| c.words.end <= after.words.start);
        if is_free {
            out.insert(at, c);
        }
    }
    out
}

/// The observed letters of the words that `edge` replaces, without what parts them.
fn observed(text: &str, passage: &Passage, edge: &Edge) -> String {
    passage.words[edge.start..edge.end].iter().map(|w| &text[w.span.range()]).collect()
}

/// As much of a work as its channel is learned from, of each text the same:
/// the errors of 64 KiB, some ten thousand words, outweigh the general channel.
fn sample<'t>(texts: &[&'t str]) -> Cow<'t, str> {
    let share = (64 << 10) / texts.len().max(1);
    let mut parts = texts.iter().map(|text| first_part(text, share));
    match (parts.next(), texts.len()) {
        (Some(only), 1) => Cow::Borrowed(only),
        (first, _) => Cow::Owned(first.into_iter().chain(parts).collect::<Vec<_>>().join("\n\n")),
    }
}

/// `text`, or no more than `most` bytes of it.
fn first_part(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The operations of the channel that are not plain readings. They `probably`
/// cost no more than that: what a reading costs is in most cases the channel's alone.
fn evidence(channel: &ConfusionModel, observed: &str, intended: &str, probably: Cost) -> Vec<Evidence> {
    // A number has no letters to compare with.
    if intended.is_empty() {
        return Vec::new();
    }
    let seen = channel.observe(observed);
    let (_, steps) = match channel.align_within(&seen, intended, probably) {
        (IMPOSSIBLE, _) => channel.align(&seen, intended),
        found => found,
    };
    steps
        .into_iter()
        .map(|(at, rewrite)| Evidence {
            observed: seen.characters[at..at + usize::from(rewrite.observed)].iter().collect(),
            intended: rewrite.intended().iter().map(|l| char::from(b'a' + l)).collect(),
            cost: f64::from(rewrite.cost) / f64::from(NAT),
        })
        .filter(|e| e.observed != e.intended)
        .collect()
}
