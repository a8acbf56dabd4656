//! The laws of the change log (see `docs/change-log.md`), each a property that
//! is tried on random texts in every encoding.
//!
//! Laws 1 to 5 hold for whatever corrections there are, so they are tried on
//! random ones, here. Laws 6 to 8 are promises of the corrector, and are tried
//! on what it makes of random damaged sentences, in `corrector`. What others
//! may have written, logs and memories, is made to keep 7 and 8 in `untrusted`.

mod corrector;
mod eval_data;
mod random;
mod untrusted;
mod views;

use proptest::{collection::vec, prelude::*};
use random::{Case, Plan, bytes, case, changes, config, decided, edited, header, plan, text};
use scanno::{
    ChangeLog, Document,
    change::{Decision, Target},
    document::Encoding,
    format::jsonl::{Log, ReplayError},
};
use serde_json::{Value, json};

proptest! {
    #![proptest_config(config())]

    /// Without an accepted change, the output is the input, byte for byte.
    #[test]
    fn law_1_what_nobody_accepted_is_not_changed(case in case()) {
        let mut changes = case.changes.clone();
        for index in 0..changes.corrections().len() {
            changes.decide(index, false, decided());
        }
        prop_assert_eq!(changes.clean(&case.document, Target::AsRead).unwrap(), &*case.original);
        let log = Log::new(&case.document, &changes, header(), Target::AsRead).unwrap();
        prop_assert_eq!(log.apply(&case.original).unwrap(), &*case.original);
        prop_assert_eq!(log.revert(&case.original).unwrap(), &*case.original);
    }

    /// The same for any bytes that are taken for text at all.
    #[test]
    fn law_1_whatever_is_read_is_written_back(bytes in bytes()) {
        if let Ok(document) = Document::from_bytes(&bytes) {
            prop_assert_eq!(&*document.to_bytes(), &*bytes);
            prop_assert_eq!(ChangeLog::default().clean(&document, Target::AsRead).unwrap(), bytes);
        }
    }

    /// Places are sorted, disjoint and not empty; the file's bytes there are
    /// `before` in the file's encoding, and so are the text's code points.
    #[test]
    fn law_2_places_are_exact_in_every_unit(case in case()) {
        let (log, _) = case.log();
        let characters: Vec<char> = case.document.text().chars().collect();
        let mut end = 0;
        for change in log.changes() {
            let place = change.place;
            prop_assert!(end <= place.byte_start && place.byte_start < place.byte_end);
            end = place.byte_end;
            let encoded = case.document.encode(&change.before).unwrap();
            prop_assert_eq!(&case.original[place.byte_start..place.byte_end], &*encoded);
            let before: String = characters[place.char_start..place.char_end].iter().collect();
            prop_assert_eq!(&before, &change.before);
            let above: Vec<_> = characters[..place.char_start].split(|&c| c == '\n').collect();
            prop_assert_eq!((place.line, place.column), (above.len(), above[above.len() - 1].len() + 1));
        }
    }

    /// What the encoding cannot hold is suggested and not applied.
    #[test]
    fn law_2_what_the_file_cannot_hold_is_suggested(text in text(), plan in plan()) {
        let original = Encoding::Windows1252.encode(&text).map_or_else(|| b"caf\xe9 tbe".to_vec(), |b| b.to_vec());
        let document = Document::from_bytes_as(&original, Encoding::Windows1252).unwrap();
        let plan: Vec<_> = plan.into_iter().map(|p| Plan { decision: Decision::Applied, ..p }).collect();
        let mut changes = changes(&document, &plan);
        changes.hold_back_unencodable(&document);
        for c in changes.corrections() {
            prop_assert_eq!(c.decision == Decision::Applied, document.encode(&c.after).is_some());
        }
        let cleaned = changes.clean(&document, Target::AsRead).unwrap();
        let cleaned = Document::from_bytes_as(&cleaned, Encoding::Windows1252).unwrap();
        prop_assert_eq!(cleaned.text(), changes.apply(document.text()));
    }

    /// A log is only used on the file it was made for.
    #[test]
    fn law_3_a_stale_log_is_refused(case in case(), at in any::<prop::sample::Index>(), byte in any::<u8>(), how in 0..3) {
        let damaged = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let at = at.index(bytes.len() + 1);
            match how {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ if at < bytes.len() => bytes[at] ^= byte | 1,
                _ => bytes.push(byte),
            }
            bytes
        };
        let (log, cleaned) = case.log();
        let other = damaged(&case.original);
        let expected = if other == cleaned { "already" } else { "stale" };
        prop_assert!(log.apply(&other).unwrap_err().to_string().contains(expected));
        let other = damaged(&cleaned);
        let expected = if other == case.original { "already" } else { "stale" };
        prop_assert!(log.revert(&other).unwrap_err().to_string().contains(expected));
        if cleaned != case.original {
            prop_assert_eq!(log.apply(&cleaned), Err(ReplayError::AlreadyCleaned));
            prop_assert_eq!(log.revert(&case.original), Err(ReplayError::AlreadyOriginal));
        }
    }

    /// Nor is one whose places or texts do not fit.
    #[test]
    fn law_3_a_log_that_does_not_fit_is_refused(case in case(), index in 0usize..20, field in 0..6) {
        let (log, cleaned) = case.log();
        let shift = |value: &mut Value, name: &str| value[name] = json!(value[name].as_u64().unwrap() + 1);
        let wrong = edited(&log, index, |change| match field {
            0 => shift(change, "byte_start"),
            1 => shift(change, "byte_end"),
            2 => shift(change, "char_start"),
            3 => shift(change, "char_end"),
            4 => change["before"] = json!(format!("{}x", change["before"].as_str().unwrap())),
            _ => change["before"] = json!(""),
        });
        if let Some(Ok(wrong)) = wrong.map(|wrong| Log::read_made(&wrong)) {
            prop_assert!(wrong.apply(&case.original).is_err());
            // Backwards, what the edit does not touch may still be proved right.
            if let Ok(original) = wrong.revert(&cleaned) {
                prop_assert_eq!(original, case.original);
            }
        }
    }

    /// Nor is one that was cut off.
    #[test]
    fn law_3_a_truncated_log_is_refused(case in case(), at in any::<prop::sample::Index>()) {
        let bytes = case.log().0.to_bytes();
        let whole = bytes.len() - 1;
        prop_assert!(Log::read_made(&bytes[..whole]).is_ok(), "a last line feed is not missed");
        prop_assert!(Log::read_made(&bytes[..at.index(whole)]).is_err());
    }

    /// Original and log make the cleaned file, the cleaned file and the same log
    /// the original; and the log's own file loses nothing.
    #[test]
    fn law_4_there_and_back_again(case in case()) {
        let (log, cleaned) = case.log();
        let read = Log::read_made(&log.to_bytes()).unwrap();
        prop_assert_eq!(&read, &log);
        prop_assert_eq!(&read.to_bytes(), &log.to_bytes());
        prop_assert_eq!(&read.apply(&case.original).unwrap(), &cleaned);
        prop_assert_eq!(&read.revert(&cleaned).unwrap(), &case.original);
        let (document, changes) = read.open(&case.original).unwrap();
        prop_assert_eq!((document.text(), &changes), (case.document.text(), &case.changes));
        let cleaned = Document::from_bytes_as(&cleaned, case.cleaned_encoding()).unwrap();
        // A text may itself begin with the character that is the byte order mark.
        let expected = changes.apply(document.text());
        let without_mark = expected.strip_prefix('\u{feff}').unwrap_or(&expected);
        prop_assert!([&expected, without_mark].contains(&cleaned.text()));
    }

    /// The same for any bytes that are taken for text at all.
    #[test]
    fn law_4_holds_for_random_bytes(bytes in bytes(), plan in plan(), to_utf8 in any::<bool>()) {
        if let Ok(document) = Document::from_bytes(&bytes) {
            let target = if to_utf8 { Target::Utf8 } else { Target::AsRead };
            let case = Case::new(bytes, document, &plan, target);
            let (log, cleaned) = case.log();
            prop_assert_eq!(log.apply(&case.original).unwrap(), &*cleaned);
            prop_assert_eq!(log.revert(&cleaned).unwrap(), case.original);
        }
    }

    /// After decisions were edited in the log, the updated log leads back.
    #[test]
    fn law_4_holds_after_a_review(case in case(), index in 0usize..20) {
        let (log, cleaned) = case.log();
        let flipped = edited(&log, index, |change| {
            let is_made = change["decision"] == "applied" || change["decision"] == "accepted";
            change["decision"] = json!(if is_made { "rejected" } else { "accepted" });
            change["decided"] = json!({"by": "A Reader", "at": "2026-11-22T13:05:00Z"});
        });
        let Some(flipped) = flipped else { return Ok(()) };
        let flipped = Log::read_made(&flipped).unwrap();
        match flipped.apply_updated(&case.original) {
            Ok((other, updated)) => {
                prop_assert_eq!(&flipped.apply(&case.original).unwrap(), &other);
                prop_assert_eq!(&updated.revert(&other).unwrap(), &case.original);
                prop_assert_eq!(&updated.apply(&case.original).unwrap(), &other);
                if other != cleaned {
                    prop_assert!(flipped.revert(&other).is_err());
                    prop_assert!(flipped.revert(&cleaned).is_err());
                }
            }
            Err(error) => prop_assert!(matches!(error, ReplayError::Unencodable(_)), "{}", error),
        }
    }

    /// Whatever part of the changes is accepted, every other byte stays.
    #[test]
    fn law_5_any_subset_leaves_the_rest_alone(case in case(), chosen in vec(any::<bool>(), 12)) {
        let mut changes = case.changes.clone();
        let mut expected = Vec::new();
        let mut from = 0;
        let (log, _) = case.log();
        for (index, change) in log.changes().enumerate() {
            let after = case.document.encode(&change.after);
            let accept = chosen[index] && after.is_some();
            changes.decide(index, accept, decided());
            if accept {
                expected.extend_from_slice(&case.original[from..change.place.byte_start]);
                expected.extend_from_slice(&after.unwrap());
                from = change.place.byte_end;
            }
        }
        expected.extend_from_slice(&case.original[from..]);
        prop_assert_eq!(changes.clean(&case.document, Target::AsRead).unwrap(), expected);
    }
}
