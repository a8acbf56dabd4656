//! `scanno evaluate`: how good texts are, given the truth.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use rayon::prelude::*;
use scanno::Document;
use scanno::document::Encoding;
use scanno::evaluate::{Changes, Counts, Figures, Hyphens, Member, Paths, Texts, evaluate, pair};
use scanno::report::summary::counted;
use serde::Serialize;

use crate::cli::exit_code::ExitCode;
use crate::cli::input::Input;
use crate::cli::output::write_stdout;
use crate::cli::terminal::{Terminal, one_line};

const ABOUT: &str = "\
Measure texts against the truth.

Gives the error rates of recognized texts and, with --cleaned, those of the cleaned texts, how many words were fixed \
and broken, and how many of the changes came nearer to the truth.

PATHs are files, or folders of .txt files; in folders, files of the same stem belong together: X.txt in each, or \
X.ocr.txt, X.gt.txt (the truth) and X.cleaned.txt, which may also lie in one folder. Figures of many documents are \
pooled. docs/evaluation.md defines each of them.";

const EXAMPLES: &str = "\
Examples:
  scanno evaluate --ocr page.txt --truth truth.txt               # how good is the text?
  scanno evaluate --ocr pages --truth truths --cleaned cleaned   # and what did cleaning do?
  scanno evaluate --ocr pairs --truth pairs --json               # for programs";

#[derive(Debug, Args)]
#[command(about = "Measure texts against the truth", long_about = ABOUT, after_help = super::after_help(EXAMPLES))]
pub(crate) struct EvaluateArgs {
    /// Recognized text, or a folder of such
    #[arg(long, value_name = "PATH")]
    ocr: PathBuf,
    /// What was printed: the text without any error
    #[arg(long, value_name = "PATH")]
    truth: PathBuf,
    /// What the recognized text was made into
    #[arg(long, value_name = "PATH")]
    cleaned: Option<PathBuf>,
    /// Join words broken at line ends in all texts first, so that joining counts neither for nor against
    #[arg(long)]
    join_hyphens: bool,
    /// Give the figures of each document too
    #[arg(long)]
    per_document: bool,
    /// Write JSON: counts, and figures as shares from 0 to 1
    #[arg(long)]
    json: bool,
}

/// What is written: with `--json` as it stands here.
#[derive(Debug, Serialize)]
struct Report {
    join_hyphens: bool,
    /// Documents left out because their truth has no words.
    documents_without_truth: usize,
    /// Documents and files left out because a counterpart is missing or a file cannot be read.
    left_out: usize,
    counts: Counts,
    figures: Figures,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_document: Option<Vec<Row>>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    counts: Counts,
    figures: Figures,
}

pub(crate) fn run(args: &EvaluateArgs, terminal: &Terminal) -> Result<ExitCode> {
    let paths = Paths { ocr: &args.ocr, truth: &args.truth, cleaned: args.cleaned.as_deref() };
    let pairing = pair(&paths)?;
    for file in &pairing.unmatched {
        terminal.error(file);
    }
    if pairing.members.is_empty() {
        bail!(
            "{} and {} have no documents in common; names must be X.txt in each, or X.ocr.txt and X.gt.txt",
            args.ocr.display(),
            args.truth.display()
        );
    }
    let hyphens = if args.join_hyphens { Hyphens::Joined } else { Hyphens::Plain };
    let counted: Vec<Result<Option<Counts>>> =
        pairing.members.par_iter().map(|member| count(member, hyphens, terminal)).collect();

    let (mut total, mut rows, mut failed, mut empty) = (Counts::default(), Vec::new(), 0, 0);
    for (member, counted) in pairing.members.into_iter().zip(counted) {
        match counted {
            Ok(Some(counts)) => {
                total += counts;
                rows.push(Row { name: member.name, counts, figures: counts.figures() });
            }
            Ok(None) => {
                terminal.warn(format_args!("{}: the truth has no words; left out", member.truth.display()));
                empty += 1;
            }
            Err(error) => {
                terminal.error(error);
                failed += 1;
            }
        }
    }
    if rows.is_empty() {
        bail!("no document could be measured");
    }
    let report = Report {
        join_hyphens: args.join_hyphens,
        documents_without_truth: empty,
        left_out: failed + pairing.unmatched.len(),
        counts: total,
        figures: total.figures(),
        by_document: args.per_document.then_some(rows),
    };
    let text = if args.json { serde_json::to_string_pretty(&report)? + "\n" } else { table(&report)? };
    write_stdout(text.as_bytes())?;
    Ok(if report.left_out == 0 { ExitCode::Done } else { ExitCode::Trouble })
}

fn count(member: &Member, hyphens: Hyphens, terminal: &Terminal) -> Result<Option<Counts>> {
    let read = |path: &Path| -> Result<Document> {
        let input = Input::from_argument(path);
        let document = input.read_document()?;
        if document.encoding() != Encoding::Utf8 {
            terminal.warn(format_args!("{}: read as {}", input.name(), document.describe_encoding()));
        }
        Ok(document)
    };
    let (truth, ocr) = (read(&member.truth)?, read(&member.ocr)?);
    let cleaned = member.cleaned.as_deref().map(read).transpose()?;
    let texts = Texts { truth: truth.text(), ocr: ocr.text(), cleaned: cleaned.as_ref().map(Document::text) };
    Ok(evaluate(&texts, hyphens))
}

/// The report for people.
fn table(report: &Report) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    if let Some(rows) = &report.by_document {
        write_rows(&mut out, rows)?;
    }
    let (counts, figures) = (&report.counts, &report.figures);
    let hyphens = if report.join_hyphens { "joined" } else { "as they stand" };
    let (documents, words) = (counted(counts.documents, "document"), counted(counts.words, "word"));
    writeln!(out, "{documents}, {words}; line-end hyphens {hyphens}\n")?;

    let cleaned = figures.cleaned;
    let heads = if cleaned.is_some() { "      OCR   cleaned    change" } else { "      OCR" };
    writeln!(out, "{:9}{heads}", "")?;
    for (name, before, after) in [
        ("CER", figures.ocr.cer, cleaned.map(|rates| rates.cer)),
        ("WER", figures.ocr.wer, cleaned.map(|rates| rates.wer)),
        ("cMER", figures.ocr.cmer, cleaned.map(|rates| rates.cmer)),
    ] {
        write!(out, "{name:9}{:>9}", percent(before, 2))?;
        if let Some(after) = after {
            let change =
                before.zip(after).filter(|(before, _)| *before > 0.0).map(|(before, after)| after / before - 1.0);
            write!(
                out,
                " {:>9} {:>9}",
                percent(after, 2),
                change.map_or("-".into(), |share| format!("{:+.1} %", 100.0 * share))
            )?;
        }
        writeln!(out)?;
    }
    if let (Some(changes), Some(cleaning)) = (figures.changes, counts.cleaned) {
        write_changes(&mut out, counts, changes, cleaning.worse_documents)?;
    }
    Ok(out)
}

fn write_changes(out: &mut String, counts: &Counts, changes: Changes, worse: usize) -> std::fmt::Result {
    let places = counted(changes.places, "changed place");
    let wrong = counted(counts.ocr.wrong_words, "wrong word");
    writeln!(out)?;
    for (name, figure, of_what) in [
        ("fixed", percent(changes.fixed, 1), format!("of {wrong}")),
        ("broken", number(changes.broken_per_10000), "of 10000 right words".into()),
        ("precision", percent(changes.precision, 1), format!("of {places}: nearer to the truth than before")),
        ("exact", percent(changes.exact, 1), format!("of {places}: equal to the truth")),
        ("dropped", changes.dropped_words.to_string(), "recognized words deleted with nothing in their place".into()),
        ("worse", worse.to_string(), format!("of {}", counted(counts.documents, "document"))),
    ] {
        writeln!(out, "{name:9}{figure:>9}  {of_what}")?;
    }
    Ok(())
}

/// A line for each document.
fn write_rows(out: &mut String, rows: &[Row]) -> std::fmt::Result {
    let width = rows.iter().map(|row| one_line(&row.name).chars().count()).max().unwrap_or(0);
    let change_heads = "  CER now  WER now cMER now   fixed  broken  places precision";
    let with_changes = rows.iter().any(|row| row.figures.changes.is_some());
    let heads = if with_changes { change_heads } else { "" };
    writeln!(out, "{:width$}    words     CER      WER     cMER{heads}", "")?;
    for Row { name, counts, figures } in rows {
        let rates = |rates: scanno::evaluate::Rates| {
            format!("{:>8} {:>8} {:>8}", percent(rates.cer, 2), percent(rates.wer, 2), percent(rates.cmer, 2))
        };
        write!(out, "{:width$} {:>8}{}", one_line(name), counts.words, rates(figures.ocr))?;
        if let (Some(cleaned), Some(changes), Some(cleaning)) = (figures.cleaned, figures.changes, counts.cleaned) {
            write!(
                out,
                " {} {:>7} {:>7} {:>7} {:>9}",
                rates(cleaned),
                percent(changes.fixed, 1),
                cleaning.broken_words,
                changes.places,
                percent(changes.precision, 1)
            )?;
        }
        writeln!(out)?;
    }
    writeln!(out)
}

fn percent(share: Option<f64>, decimals: usize) -> String {
    share.map_or("-".into(), |share| format!("{:.decimals$} %", 100.0 * share))
}

fn number(figure: Option<f64>) -> String {
    figure.map_or("-".into(), |figure| format!("{figure:.1}"))
}
