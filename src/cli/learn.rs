//! `scanno learn`: a model of one collection, from what people have corrected.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use scanno::evaluate::{Pairing, Paths, pair};
use scanno::files::Access;
use scanno::learn::{Collection, CollectionError, Lessons};
use scanno::model::Models;

use crate::cli::exit_code::ExitCode;
use crate::cli::input::Input;
use crate::cli::log_files;
use crate::cli::options;
use crate::cli::output::Target;
use crate::cli::overlap::{Files, Output};
use crate::cli::source::{Fault, Source};
use crate::cli::terminal::Terminal;

const ABOUT: &str = "\
Learn from corrected pages or decided logs.

Makes a model of one collection: what its engine misreads, the words that are its own, and how far confidence is to be \
believed there. It is laid over the general models with --model FILE or model = \"FILE\" in scanno.toml. A handful of \
pages is enough to begin with; the more there are, the more they count. Files belong together as for `scanno evaluate`.";

const EXAMPLES: &str = "\
Examples:
  scanno learn --ocr pages --truth truths -o my.model    # from pages and what is printed there
  scanno clean --model my.model page.txt > cleaned.txt   # and with it
  scanno batch pages -o cleaned --log logs               # or: clean, decide in the logs,
  scanno learn --ocr pages --truth truths --log logs -o my.model   # and learn from both";

#[derive(Debug, Args)]
#[command(about = "Learn from corrected pages or decided logs", long_about = ABOUT)]
#[command(after_help = super::after_help(EXAMPLES))]
pub(crate) struct LearnArgs {
    /// Recognized text, or a folder of such
    #[arg(long, value_name = "PATH", requires = "truth", required_unless_present = "log")]
    ocr: Option<PathBuf>,
    /// What was printed: the text without any error
    #[arg(long, value_name = "PATH", requires = "ocr")]
    truth: Option<PathBuf>,
    /// Change log in which people have decided, or a folder of such; may be given more than once
    #[arg(long, value_name = "PATH")]
    log: Vec<PathBuf>,
    /// Write the model to FILE
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Other compiled models than the built-in English ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

pub(crate) fn run(args: &LearnArgs, terminal: &Terminal) -> Result<ExitCode> {
    let pages = match (&args.ocr, &args.truth) {
        (Some(ocr), Some(truth)) => Some(paired(ocr, truth, terminal)?),
        _ => None,
    };
    let logs = log_files::find(&args.log)?;
    let members = pages.iter().flat_map(|pages| &pages.members).flat_map(|member| [&*member.ocr, &*member.truth]);
    let read: Vec<&Path> = members.chain(logs.iter().map(PathBuf::as_path)).collect();
    let mut files = Files::default().reading("what is learned from", &read);
    for (what, path) in args.data.iter().flat_map(|folder| options::models_in(folder)) {
        files = files.reading(what, [path]);
    }
    files.write(Output::MODEL, &args.output)?;
    let access = Access::of_all(read.iter().copied());
    let mut lessons = Lessons::new();
    let mut code = ExitCode::Done;
    if let Some(pages) = &pages {
        code = code.max(add_pages(&mut lessons, pages, terminal)?);
    }
    for path in &logs {
        for log in log_files::read(path)? {
            lessons.add_log(&log);
        }
    }
    if lessons.is_empty() {
        bail!("there is nothing to learn from: no change in the logs has been accepted or rejected");
    }
    let general = match &args.data {
        Some(folder) => options::load_models(&Source::named(folder))?,
        None => Models::embedded(),
    };
    let collection = lessons.learn(&general);
    Target::from_argument(Some(&args.output)).write(&collection.to_bytes(), access)?;
    terminal.say(format_args!(
        "learned from {} pages of {} words and {} decisions: {} misreadings, {} words, log-odds {:+.2} × {:.2}",
        collection.pages,
        collection.words,
        collection.decisions,
        collection.rewrites.iter().filter(|rewrite| rewrite.2 > 0).count(),
        collection.vocabulary.len(),
        collection.calibration.shift,
        collection.calibration.scale
    ));
    Ok(code)
}

/// The pages of `ocr` and `truth` that belong together, at least one; names those that do not.
fn paired(ocr: &Path, truth: &Path, terminal: &Terminal) -> Result<Pairing> {
    let pairing = pair(&Paths { ocr, truth, cleaned: None })?;
    pairing.unmatched.iter().for_each(|file| terminal.error(file));
    if pairing.members.is_empty() {
        bail!(
            "{} and {} have no documents in common; names must be X.txt in each, or X.ocr.txt and X.gt.txt",
            ocr.display(),
            truth.display()
        );
    }
    Ok(pairing)
}

fn add_pages(lessons: &mut Lessons, pairing: &Pairing, terminal: &Terminal) -> Result<ExitCode> {
    let mut code = if pairing.unmatched.is_empty() { ExitCode::Done } else { ExitCode::Trouble };
    for member in &pairing.members {
        let read = |path: &Path| Input::from_argument(path).read_document();
        match (read(&member.ocr), read(&member.truth)) {
            (Ok(ocr), Ok(truth)) => lessons.add_page(ocr.text(), truth.text()),
            (Err(error), _) | (_, Err(error)) => {
                terminal.error(error);
                code = ExitCode::Trouble;
            }
        }
    }
    if lessons.is_empty() {
        bail!("no page could be read");
    }
    Ok(code)
}

/// The model that `scanno learn` wrote to `source`.
pub(crate) fn read(source: &Source) -> Result<Collection> {
    Collection::read(&source.read()?).map_err(|error| {
        source.fault(&match error {
            CollectionError::Foreign(error) => Fault::Detailed {
                what: "this is no collection's model, as `scanno learn` makes it".into(),
                detail: error.to_string(),
            },
            error => Fault::Plain(error.to_string()),
        })
    })
}
