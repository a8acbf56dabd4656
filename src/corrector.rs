//! The [`Corrector`]: models and options, ready to correct any number of documents.

use std::path::Path;

use rustc_hash::FxHashSet;

use crate::candidate::{Look, Pairs, Workshop};
use crate::change::{Alternative, Correction, Decision, Evidence, Finding};
use crate::decode::{Adaptation, Features, Lattice};
use crate::detect::{Passage, Sources, Statistics, passages};
use crate::model::cost::{Cost, NAT};
use crate::model::{ConfusionModel, DataError, Models, key};
use crate::{ChangeLog, Config, Document, Level};

/// Confidence from which a correction is worth showing.
const SUGGESTED: f64 = 0.2;

/// Owns the models and the [`Config`]. Immutable: one corrector serves any
/// number of threads.
#[derive(Debug)]
pub struct Corrector {
    models: Models,
    config: Config,
    own_words: FxHashSet<Box<str>>,
    pairs: Pairs,
}

/// A change that the decoder prefers to leaving alone, before it is decided.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The correction; its confidence is the accept model's, or its generator's own.
    pub correction: Correction,
    /// What the accept model is asked.
    pub features: Features,
    /// The observed letters, without what parts them.
    pub(crate) observed: String,
    /// The look-up key of what is meant.
    pub(crate) intended: String,
    /// The generator gave the confidence; the accept model was not asked.
    pub is_own_judgment: bool,
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
        let own_words =
            config.own_words.iter().flat_map(|w| [Some(w.clone()), key(w)]).flatten().map(String::into).collect();
        let pairs = Pairs::new(&config.pairs);
        Self { models, config, own_words, pairs }
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
        let least = self.threshold();
        let mut corrections = Vec::new();
        let findings = self.each_proposal(document.text(), SUGGESTED, |Proposal { correction: mut c, .. }| {
            if c.confidence >= SUGGESTED && self.is_wanted(&c) {
                c.decision = if c.confidence >= least { Decision::Applied } else { Decision::Suggested };
                corrections.push(c);
            }
        });
        ChangeLog::new(corrections, findings, None)
    }

    /// Every change that the decoder prefers to leaving alone, however unsure:
    /// read twice, the second time with the document's own channel.
    #[must_use]
    pub fn propose(&self, text: &str) -> Vec<Proposal> {
        let mut out = Vec::new();
        self.each_proposal(text, 0.0, |p| out.push(p));
        out
    }

    /// Proposals are handed on as they come: a large document has more than memory holds. Those less confident
    /// than `shown` are without alternatives and evidence. Returns the findings.
    fn each_proposal(&self, text: &str, shown: f64, take: impl FnMut(Proposal)) -> Vec<Finding> {
        let statistics = Statistics::of(text);
        let general = &self.models.confusion;
        let mut own = Adaptation::new(general);
        let sample = first_part(text);
        self.read(sample, &statistics, general, Look::First, f64::INFINITY, |p| own.learn(&p));
        match own.channel(sample) {
            Some(channel) => self.read(text, &statistics, &channel, Look::Whole, shown, take),
            None => self.read(text, &statistics, general, Look::Whole, shown, take),
        }
    }

    /// Reads `text` once.
    fn read(
        &self,
        text: &str,
        statistics: &Statistics,
        channel: &ConfusionModel,
        look: Look,
        shown: f64,
        mut take: impl FnMut(Proposal),
    ) -> Vec<Finding> {
        let mut end = 0;
        self.decode(text, statistics, channel, look, |passage, lattice, shop| {
            for (position, &number) in lattice.path().iter().enumerate() {
                if lattice.edges()[number].is_keep() {
                    continue;
                }
                let proposal = self.proposal(text, passage, lattice, position, shop, shown);
                let span = proposal.correction.span;
                if span.start >= end && proposal.correction.before != proposal.correction.after {
                    end = span.end;
                    take(proposal);
                }
            }
        })
    }

    /// Shows every passage of `text` that has something to weigh, decoded with
    /// the general channel.
    pub fn inspect(&self, text: &str, mut see: impl FnMut(&Passage, &Lattice<'_>)) {
        let statistics = Statistics::of(text);
        self.decode(text, &statistics, &self.models.confusion, Look::Whole, |passage, lattice, _| {
            see(passage, lattice)
        });
    }

    fn decode(
        &self,
        text: &str,
        statistics: &Statistics,
        channel: &ConfusionModel,
        look: Look,
        mut each: impl FnMut(&Passage, &Lattice<'_>, &Workshop<'_>),
    ) -> Vec<Finding> {
        let is_own = |word: &str| self.own_words.contains(word);
        let sources =
            Sources { lexicon: &self.models.lexicon, language: &self.models.language, statistics, is_own: &is_own };
        let mut shop = Workshop::new(&self.models, channel, statistics, &self.pairs, look);
        let mut findings = Vec::new();
        for mut passage in passages(text, sources) {
            findings.append(&mut passage.findings);
            let edges = shop.edges(text, &passage);
            if !edges.is_empty() {
                each(&passage, &Lattice::new(&self.models, &passage, edges), &shop);
            }
        }
        findings
    }

    fn proposal(
        &self,
        text: &str,
        passage: &Passage,
        lattice: &Lattice<'_>,
        position: usize,
        shop: &Workshop<'_>,
        shown: f64,
    ) -> Proposal {
        let number = lattice.path()[position];
        let edge = &lattice.edges()[number];
        let (span, after) = edge.write(&self.models, text, passage);
        let before = &text[span.range()];
        let features = Features::of(lattice, position, &self.models, shop.statistics, passage, text);
        let confidence = edge.confidence.unwrap_or_else(|| self.models.accept.probability(&features.values()));
        let words = &passage.words[edge.start..edge.end];
        let observed: String = words.iter().map(|w| &text[w.span.range()]).collect();
        let intended = edge.key(&self.models);
        let (alternatives, evidence) = if confidence >= shown {
            (
                self.alternatives(lattice, number, text, passage, confidence),
                evidence(shop.channel, &observed, &intended),
            )
        } else {
            Default::default()
        };
        let correction = Correction {
            span,
            before: before.to_owned(),
            class: edge.class(passage, before, &after),
            rule: edge.rule.name().to_owned(),
            confidence,
            decision: Decision::Suggested,
            decided: None,
            alternatives,
            evidence,
            after,
        };
        Proposal { correction, features, observed, intended, is_own_judgment: edge.confidence.is_some() }
    }

    /// Other readings of the same words, each with its share of what the chosen one leaves.
    fn alternatives(
        &self,
        lattice: &Lattice<'_>,
        chosen: usize,
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
        others.sort();
        others.truncate(SHOWN);
        others
            .into_iter()
            .map(|(posterior, text)| {
                let share = crate::model::cost::probability_of(posterior) * (1.0 - confidence);
                Alternative { text, confidence: (share * 10_000.0).round() / 10_000.0 }
            })
            .collect()
    }

    fn threshold(&self) -> f64 {
        self.config.min_confidence.unwrap_or(match self.config.level {
            Level::Cautious => 0.96,
            Level::Balanced => 0.7,
            Level::Eager => 0.35,
        })
    }

    fn is_wanted(&self, c: &Correction) -> bool {
        (self.config.only.is_empty() || self.config.only.contains(&c.class)) && !self.config.skip.contains(&c.class)
    }
}

/// As much of a document as its channel is learned from: the errors of 64 KiB,
/// some ten thousand words, outweigh the general channel.
fn first_part(text: &str) -> &str {
    let mut end = text.len().min(64 << 10);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The operations of the channel that are not plain readings.
fn evidence(channel: &ConfusionModel, observed: &str, intended: &str) -> Vec<Evidence> {
    // A number has no letters to compare with.
    if intended.is_empty() {
        return Vec::new();
    }
    let seen = channel.observe(observed);
    let (_, steps) = channel.align(&seen, intended);
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
