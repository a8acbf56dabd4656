//! Models that were damaged, or made to do harm: either they are refused when
//! they are loaded, or whatever they say is corrected without a fault.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::table::u32_at;
use super::*;
use crate::{Config, Corrector, Document};

/// Words of every kind that the models are asked about.
const TEXT: &str = "\
Tbe com-\nmittee of tlie House met on tbe l9th of May 1887, and Mr. Hargreavcs (of tlie Governnient) rose to speak.\n\
\u{201c}It is a state-controlled, well known busmess,\u{201d} he said; the Statecontrolled rai1ways weie ofthe same o\u{fb03}ce, \
th\u{ab}t is, A irstrikes in tHE \u{c6}gean and the caf\u{e9}s of \u{c5}ngstr\u{f6}m.\n\n\
Modem houses were bu ilt near the harb\u{ac}\nour, wliere McDonald s brother in law, an M.P., had hved since i860.\n\
Quorvaxen and Quorvaxcn went liome. zzzxq qqqqj aud the U.S-led rnodern army twenty-fivc tirnes abovc the secre- tary.\n";

/// What is drawn, the same on every machine: a generator of Knuth's.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end.max(1)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// The bytes of `file` that one section takes, and where its length stands; of a file without sections all.
fn section(file: &[u8], draw: &mut Draw) -> (std::ops::Range<usize>, Option<usize>) {
    if !file.starts_with(b"scanno") {
        return (0..file.len(), None);
    }
    let number = draw.below(u32_at(file, 8) as usize);
    let lengths: Vec<usize> = (0..=number).map(|i| u32_at(file, 12 + 4 * i) as usize).collect();
    let start = 12 + 4 * u32_at(file, 8) as usize + lengths[..number].iter().sum::<usize>();
    (start..start + lengths[number], Some(12 + 4 * number))
}

/// Damages one place of `file`, most often within a section and on a number's boundary.
/// False if it has lost its form, and can be damaged no further.
fn damage(file: &mut Vec<u8>, draw: &mut Draw) -> bool {
    let (section, length) = section(file, draw);
    if section.len() < 8 {
        return false;
    }
    let width = draw.one_of(&[1, 2, 4, 8]);
    // The first and the last numbers are those of all searches, or bounds.
    let numbers = section.len() / width;
    let number = match draw.below(4) {
        0 => draw.below(numbers.min(32)),
        1 => numbers - 1 - draw.below(numbers.min(8)),
        _ => draw.below(numbers),
    };
    let at = section.start + width * number;
    let shorten = |file: &mut Vec<u8>, at: usize, by: usize| {
        file.drain(at..at + by);
        if let Some(length) = length {
            let shorter = u32_at(file, length) - by as u32;
            file[length..length + 4].copy_from_slice(&shorter.to_le_bytes());
        }
    };
    let kind = draw.below(12);
    match kind {
        0 => file[at..at + width].fill(0),
        1 => file[at..at + width].fill(0xff),
        2 => file[at] = file[at].wrapping_add(1),
        3 => file[at] = file[at].wrapping_sub(1),
        4 => file[at] ^= 1 << draw.below(8),
        5 => file[at + width - 1] ^= 1 << draw.below(8),
        6 => file[at] = draw.below(256) as u8,
        7 => {
            let other = section.start + width * draw.below(numbers);
            (0..width).for_each(|i| file.swap(at + i, other + i));
        }
        8 => file.truncate(draw.below(file.len())),
        9 => shorten(file, section.end - width, width),
        10 => shorten(file, at, width),
        _ => {
            let at = draw.below(80.min(file.len() - 4));
            let number = draw.one_of(&[0, 1, u32::MAX, u32::MAX - 1, 0x7fff_ffff, 0x1_0000]);
            file[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
    }
    kind < 8
}

/// What became of damaged models: how many were refused, how many were used.
fn damaged(seed: u64, cases: u64) -> (usize, usize) {
    let whole = Models::embedded_files();
    let document = Document::from_text(TEXT);
    let (mut refused, mut used) = (0, 0);
    for case in seed..seed + cases {
        let mut draw = Draw(case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut files = whole.clone();
        let number = draw.below(files.len());
        let file = files[number].to_mut();
        for _ in 0..draw.one_of(&[1, 1, 1, 2, 20, 400]) {
            if !damage(file, &mut draw) {
                break;
            }
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let models = Models::new(&files, "en").and_then(|models| models.check().map(|()| models));
            models.map(|models| Corrector::with_models(models, Config::default()).correct(&document)).is_ok()
        }));
        match outcome {
            Ok(true) => used += 1,
            Ok(false) => refused += 1,
            Err(_) => panic!("case {case}: {}", FILES[number]),
        }
    }
    (refused, used)
}

#[test]
fn the_embedded_models_pass_and_leave_work_to_do() {
    let models = Models::embedded();
    models.check().unwrap();
    let changes = Corrector::with_models(models, Config::default()).correct(&Document::from_text(TEXT));
    assert!(changes.corrections().len() > 10, "{changes:?}");
}

#[test]
fn damaged_models_are_refused_or_used_without_a_fault() {
    let (refused, used) = damaged(0, 250);
    assert!(refused > 60 && used > 20, "{refused} refused, {used} used");
}

#[test]
#[ignore = "takes minutes"]
fn damaged_models_by_the_thousand() {
    let (refused, used) = damaged(1_000, 10_000);
    assert!(refused > 3_000 && used > 3_000, "{refused} refused, {used} used");
}
