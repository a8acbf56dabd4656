//! How fast, and in how much memory. `cargo bench` gives
//!
//! - `correct`: a [`Corrector`] on about a megabyte of OCR text on one core, at
//!   four rates of misread characters; bytes of text per second,
//! - `new_corrector`: a corrector made of the embedded models,
//! - `start_of_the_process`: `scanno clean` on a file of ten words, from the
//!   start of the process to its end; the median counts,
//! - before these, the peak memory of `scanno clean` on the same megabyte
//!   (Linux only; elsewhere: `/usr/bin/time -l target/release/scanno clean FILE`).
//!
//! The text is a small story written for this purpose, repeated with noise from
//! a seed: the same bytes on every run and machine.

mod noise;

use std::hint::black_box;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

use divan::Bencher;
use divan::counter::BytesCount;
use scanno::{Config, Corrector, Document};

const STORY: &str = include_str!("text.txt");

/// Bytes of text that a measurement is made on, before noise.
const TEXT_BYTES: usize = 1 << 20;

/// Misread characters in a hundred: clean text, good OCR, bad OCR, hardly legible.
const NOISE_PERCENT: [usize; 4] = [0, 2, 5, 15];

const TEN_WORDS: &str = "Tbe coach came slowly down the bill into the town.\n";

fn main() {
    say_peak_memory();
    divan::main();
}

/// The story over and over, each time misread otherwise.
fn ocr_text(percent: usize) -> String {
    let mut random = noise::Random(1851);
    (0..TEXT_BYTES / STORY.len()).map(|_| noise::misread(STORY, percent, &mut random)).collect()
}

#[divan::bench(args = NOISE_PERCENT, sample_count = 5, sample_size = 1)]
fn correct(bencher: Bencher<'_, '_>, percent: usize) {
    let corrector = Corrector::new(Config::default());
    let document = Document::from_text(ocr_text(percent));
    bencher.counter(BytesCount::of_str(document.text())).bench_local(|| corrector.correct(black_box(&document)));
}

#[divan::bench]
fn new_corrector() -> Corrector {
    Corrector::new(black_box(Config::default()))
}

#[divan::bench(sample_count = 50, sample_size = 1)]
fn start_of_the_process(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("ten-words.txt");
    std::fs::write(&file, TEN_WORDS).expect("a temporary file");
    bencher.bench_local(|| {
        let output = scanno().arg(&file).output().expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    });
}

fn scanno() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scanno"));
    command.arg("clean");
    command
}

/// Asks Linux for the peak of a process that has done all its work, but cannot
/// end: what it writes is more than a pipe holds, and is read only after asking.
fn say_peak_memory() {
    let text = ocr_text(5);
    let mut child = scanno()
        .args(["--quiet", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(text.as_bytes()).expect("the program reads");
    drop(input);
    let mut output = child.stdout.take().expect("a pipe");
    let mut rest = vec![0];
    output.read_exact(&mut rest).expect("the program writes");
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    output.read_to_end(&mut rest).expect("the program writes on");
    child.wait().expect("the program ends");
    match status.lines().find_map(|line| line.strip_prefix("VmHWM:")) {
        Some(peak) => println!("peak memory on {} bytes of OCR text: {}\n", text.len(), peak.trim()),
        None => println!("peak memory: not known on this system\n"),
    }
}
