//! `cargo xtask`: builds scanno's dictionaries and trains its models.

mod accept;
mod boost;
mod browse;
mod channel;
mod compile;
mod curve;
mod estimate;
mod growth;
mod measure;
mod noise;
mod pairs;
mod sources;
mod train;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use scanno::change::Class;
use scanno::learn::Tally;
use scanno::{Config, Corrector};

/// Builds scanno's dictionaries and trains its models.
#[derive(Parser)]
enum Task {
    /// Build the text files of a dictionary from word lists and training text
    Words(sources::Words),
    /// Check the text files of a dictionary: order, duplicates, form, sums
    Verify(sources::Verify),
    /// Count what was read for what, from folders of pairs NAME.ocr.txt, NAME.gt.txt
    Channel {
        /// Folders of pairs
        #[arg(required = true)]
        pairs: Vec<PathBuf>,
        /// Where the data lie
        #[arg(short, long, default_value = "dictionaries/en")]
        output: PathBuf,
    },
    /// Compile the text sources to the files that scanno embeds
    Compile {
        /// Where the data lie
        #[arg(default_value = "dictionaries/en")]
        folder: PathBuf,
        /// Leave out pairs of words that the training text has fewer times
        #[arg(long, value_name = "N", default_value_t = compile::LEAST_BIGRAM)]
        least_bigram: u32,
    },
    /// Train the accept model on folders of pairs
    Train {
        /// Folders of pairs
        #[arg(required = true)]
        pairs: Vec<PathBuf>,
        /// Where the data lie
        #[arg(short, long, default_value = "dictionaries/en")]
        output: PathBuf,
    },
    /// Fit what signs of errors stand for to folders of pairs, and show how well the estimate ranks pages
    Estimate {
        /// Folders of pairs that teach
        #[arg(required = true)]
        pairs: Vec<PathBuf>,
        /// Folders of pairs that only judge
        #[arg(long, num_args = 1.., value_name = "PAIRS")]
        judge: Vec<PathBuf>,
        /// Where the data lie
        #[arg(short, long, default_value = "dictionaries/en")]
        output: PathBuf,
    },
    /// Measure by cross-validation on folders of pairs: folds by source, channel and accept model trained for each
    Crossval {
        /// Folders of pairs
        #[arg(required = true)]
        pairs: Vec<PathBuf>,
        /// Where the data lie
        #[arg(short, long, default_value = "dictionaries/en")]
        data: PathBuf,
    },
    /// Measure the data as they are on folders of pairs
    Measure {
        /// Folders of pairs
        #[arg(required = true)]
        pairs: Vec<PathBuf>,
        /// Where the data lie
        #[arg(short, long, default_value = "dictionaries/en")]
        data: PathBuf,
        /// Take every N-th document only
        #[arg(long, value_name = "N", default_value_t = 1)]
        every: usize,
        /// Confidences from which changes are made, instead of the levels'
        #[arg(long, value_delimiter = ',')]
        confidence: Vec<f64>,
        /// Classes of changes to leave out
        #[arg(long, value_delimiter = ',')]
        skip: Vec<Class>,
        /// Show instead how often the changes of each generator are right, by confidence
        #[arg(long)]
        by_rule: bool,
    },
    /// Measure what `scanno learn` brings, by the number of pages learned from
    LearningCurve {
        /// Folders of pairs, each a collection
        #[arg(required = true)]
        pairs: Vec<PathBuf>,
        /// Numbers of pages to learn from
        #[arg(long, value_delimiter = ',', default_value = "5,20,80")]
        pages: Vec<usize>,
        /// How often pages are chosen anew
        #[arg(long, default_value_t = 2)]
        seeds: u64,
        /// Measure on so many of the other pages at most
        #[arg(long, value_name = "N", default_value_t = 200)]
        most: usize,
    },
    /// Measure how time grows: with bad words, with lengths, with the lexicon
    Growth {
        /// Clean texts, misread for the purpose [default: the story of the benchmark, over and over]
        texts: Vec<PathBuf>,
        /// Where the data lie
        #[arg(short, long, default_value = "dictionaries/en")]
        data: PathBuf,
    },
    /// Print the story of the benchmark, over and over, misread: the same bytes on every machine
    Story {
        /// Bytes
        #[arg(long, default_value_t = 100_000)]
        bytes: usize,
        /// Bad words in a hundred
        #[arg(long, default_value_t = 10)]
        percent: usize,
    },
    /// Show how far every misread word of some pairs came, with samples
    Browse {
        /// Folders of pairs
        #[arg(required = true)]
        pairs: Vec<PathBuf>,
        /// Samples of each class
        #[arg(short, long, default_value_t = 20)]
        samples: usize,
        /// Where the data lie
        #[arg(short, long, default_value = "dictionaries/en")]
        data: PathBuf,
    },
}

fn main() -> Result<()> {
    match Task::parse() {
        Task::Words(task) => task.run()?,
        Task::Verify(task) => task.run()?,
        Task::Channel { pairs, output } => {
            let mut tally = Tally::default();
            pairs::read(&pairs)?.iter().for_each(|p| tally.add(&p.ocr, &p.truth, p.weight));
            std::fs::write(output.join("confusions.tsv"), channel::to_text(&tally.counts()))?;
        }
        Task::Compile { folder, least_bigram } => compile::compile(&folder, least_bigram)?,
        Task::Estimate { pairs, judge, output } => estimate::fit(&output, &pairs, &judge)?,
        Task::Crossval { pairs, data } => measure::crossval(&data, &pairs)?,
        Task::Measure { pairs, data, every, confidence, skip, by_rule } => {
            let corrector = Corrector::load(&data, Config { skip, ..Config::default() })?;
            if by_rule {
                measure::by_rule(&corrector, &pairs, every)?;
            } else {
                measure::measure(&corrector, &pairs, every, &confidence)?;
            }
        }
        Task::LearningCurve { pairs, pages, seeds, most } => curve::learning_curve(&pairs, &pages, seeds, most)?,
        Task::Growth { texts, data } => growth::growth(&data, &texts)?,
        Task::Story { bytes, percent } => print!("{}", growth::story(bytes, percent)),
        Task::Browse { pairs, samples, data } => browse::browse(&data, &pairs, samples)?,
        Task::Train { pairs, output } => train::train(&output, &pairs)?,
    }
    Ok(())
}
