//! The change log as a file: JSON Lines, one record a line.
//!
//! A [`Log`] says what was changed in one file, where and why, and is enough to
//! make the cleaned file from the original and the original from the cleaned
//! file, byte for byte. It is UTF-8 without byte order mark; every record is
//! one JSON object on one line, ended by a line feed, with its kind in `type`:
//!
//! 1. one [`DocumentRecord`] (`"type":"document"`): which file, read how;
//! 2. a [`ChangeRecord`] (`"type":"change"`) for every correction, made or not,
//!    and a [`FindingRecord`] (`"type":"finding"`) for everything that is wrong
//!    but for which nothing is proposed, in the order of the text;
//! 3. one [`SummaryRecord`] (`"type":"summary"`): the cleaned file's hash. A log
//!    without it was cut off, and is refused.
//!
//! # Places
//! Every place is given three times, so that no reader has to convert:
//!
//! - `byte_start`, `byte_end`: bytes of the original FILE, from 0, its byte
//!   order mark included. The interval is half-open: `byte_start` is the first
//!   byte, `byte_end` is one past the last.
//! - `char_start`, `char_end`: Unicode code points of the decoded text, from 0,
//!   half-open; a byte order mark is not counted. In Python, with the file read
//!   as `text`, `text[char_start:char_end]` is what was there. (Open it with
//!   `newline=""`, or Python turns `\r\n` into one character.)
//! - `line`, `column`: where the place begins, both from 1, the column in code
//!   points. Lines end with a line feed, as for `grep -n` and `diff`.
//!
//! Places never count in the cleaned file. Changes are sorted and disjoint, and
//! none is empty. Findings may overlap changes and one another; at the same
//! start, a change stands before a finding.
//!
//! # Numbers
//! A confidence is a probability 0..1, rounded to four decimals; a cost is in
//! nats (−ln of a probability), rounded to three. Rounding is part of the
//! format, so that every machine writes the same bytes.
//!
//! # Editing a log
//! A person, or a program in a person's name, may change `decision` from
//! `applied` or `suggested` to `accepted` or `rejected` and say so in `decided`,
//! and may change `after`. [`Log::apply`] then makes another text than before;
//! [`Log::apply_updated`] also gives the log that leads back from it. A record
//! may be taken out: its change is not made then. Nothing else may be edited.
//! [`Log::recover`] finds the original of a file that was made before
//! decisions were turned.
//!
//! # Several logs
//! A file may hold logs of several texts, one after the other:
//! [`Log::read_all`]. What they belong to is known by hash.
//!
//! # Versions
//! `schema` is 1. Fields may be added within a schema: readers skip those that
//! they do not know. Anything else raises the number, and readers refuse
//! numbers that they do not know. `docs/change-log.schema.json` states the same
//! as JSON Schema.

mod read;
mod record;
mod recover;
mod replay;
mod write;

pub use read::{LogError, LogProblem};
pub use record::{ChangeRecord, Context, DocumentRecord, Entry, FindingRecord, Log, Place, SCHEMA, SummaryRecord};
pub use replay::ReplayError;
pub use write::{CONTEXT_CHARS, Header};
pub(super) use write::{Line, entries, rounded_estimate};

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        ChangeLog, Config, Correction, Corrector, Document, Span,
        change::{Alternative, Class, Decision, Estimate, Evidence, Finding, FindingClass, Maker, Target},
    };

    const TEXT: &str = "The honse by tbe river\nbelonged to the com-\nmittee of nrrFF[iriN].\n";

    fn correction(before: &str, after: &str, class: Class, rule: &str, confidence: f64) -> Correction {
        let start = TEXT.find(before).unwrap();
        Correction {
            span: Span::new(start, start + before.len()),
            before: before.into(),
            after: after.into(),
            class,
            rule: rule.into(),
            confidence,
            decision: if confidence > 0.5 { Decision::Applied } else { Decision::Suggested },
            decided: None,
            alternatives: Vec::new(),
            evidence: Vec::new(),
        }
    }

    fn sample() -> Log {
        let evidence = |observed: &str, intended: &str, cost| Evidence {
            observed: observed.into(),
            intended: intended.into(),
            cost,
        };
        let corrections = vec![
            Correction {
                alternatives: vec![Alternative { text: "horse".into(), confidence: 0.010_249 }],
                evidence: vec![evidence("n", "u", 3.912_023)],
                ..correction("honse", "house", Class::Substitution, "confusion", 0.981_25)
            },
            Correction {
                evidence: vec![evidence("b", "h", 4.605_170)],
                ..correction("tbe", "the", Class::Substitution, "confusion", 0.998_449)
            },
            correction("com-\nmittee ", "committee\n", Class::LineEnd, "line-end", 0.961),
            Correction {
                evidence: vec![evidence("of", "on", f64::INFINITY)],
                ..correction("of", "on", Class::RealWord, "confusion", 0.21)
            },
        ];
        let start = TEXT.find("nrr").unwrap();
        let findings = vec![Finding {
            span: Span::new(start, start + 11),
            text: "nrrFF[iriN]".into(),
            class: FindingClass::NotEnglish,
            reason: "letters of no word".into(),
        }];
        let estimate = Some(Estimate { words: 12, before: 0.25, after: 0.083_333_3 });
        let header =
            Header { path: "letter.txt".into(), data: "en 2026-11".into(), config: json!({"level": "balanced"}) };
        let changes = ChangeLog::new(corrections, findings, estimate);
        Log::new(&Document::from_text(TEXT), &changes, header, Target::AsRead).unwrap()
    }

    fn lines(log: &[u8]) -> Vec<Value> {
        log.split(|&b| b == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }

    #[test]
    fn numbers_are_rounded_and_finite() {
        let log = sample();
        let first = log.changes().next().unwrap();
        assert_eq!((first.confidence, first.alternatives[0].confidence), (0.9813, 0.0102));
        assert_eq!(first.evidence[0].cost, 3.912);
        assert_eq!(log.changes().last().unwrap().evidence[0].cost, 1e6);
        assert_eq!(log.summary().estimate.unwrap().after, 0.0833);
        assert_eq!(Log::read(&log.to_bytes()).unwrap(), log);
    }

    #[test]
    fn context_is_cut_at_forty_code_points() {
        let text = format!("{}tbe{}", "é".repeat(99), "x".repeat(99));
        let mut c = correction("tbe", "the", Class::Substitution, "", 1.0);
        c.span = Span::new(198, 201);
        let header = Header { path: "-".into(), data: String::new(), config: Value::Null };
        let changes = ChangeLog::new(vec![c], Vec::new(), None);
        let log = Log::new(&Document::from_text(text), &changes, header, Target::AsRead).unwrap();
        let context = &log.changes().next().unwrap().context;
        assert_eq!(*context, Context { left: "é".repeat(40), right: "x".repeat(40) });
    }

    #[test]
    fn the_example_in_the_documentation_is_true() {
        let page = include_str!("../../../docs/change-log.md");
        let block = |language: &str| {
            let start = page.find(&format!("```{language}\n")).unwrap() + language.len() + 4;
            &page[start..start + page[start..].find("```").unwrap()]
        };
        let log = Log::read(block("jsonl").as_bytes()).unwrap();
        let (original, cleaned) = (block("text original").as_bytes(), block("text cleaned").as_bytes());
        assert_eq!(log.apply(original).unwrap(), cleaned);
        assert_eq!(log.revert(cleaned).unwrap(), original);
        // And it is what the program does, but for confidences, which are those of its day.
        let document = Document::from_bytes(original).unwrap();
        let found = Corrector::new(Config::default()).correct(&document);
        let seen = |c: &Correction| (c.span, c.before.clone(), c.after.clone(), c.class, c.rule.clone(), c.decision);
        let (_, told) = log.open(original).unwrap();
        assert!(told.corrections().iter().map(seen).eq(found.corrections().iter().map(seen)), "{found:?}");
        assert_eq!(told.findings(), found.findings());
    }

    /// The schema names every field that is written, and every class.
    #[test]
    fn the_schema_says_what_is_written() {
        let schema: Value = serde_json::from_str(include_str!("../../../docs/change-log.schema.json")).unwrap();
        let definitions = &schema["$defs"];
        let mut seen = Vec::new();
        for record in lines(&sample().to_bytes()) {
            let kind = record["type"].as_str().unwrap();
            let definition = &definitions[kind];
            let is_known = |field: &str| {
                !definition["properties"][field].is_null()
                    || definition["allOf"].is_array() && !definitions["place"]["properties"][field].is_null()
            };
            for field in record.as_object().unwrap().keys() {
                assert!(is_known(field), "{kind}.{field}");
            }
            for field in definition["required"].as_array().unwrap() {
                assert!(!record[field.as_str().unwrap()].is_null() || field == "config", "{kind}.{field}");
            }
            seen.push(kind.to_owned());
        }
        seen.dedup();
        assert_eq!(seen, ["document", "change", "finding", "summary"]);
        let classes: Vec<_> = Class::ALL.iter().map(|class| json!(class)).collect();
        assert_eq!(definitions["change"]["properties"]["class"]["enum"], json!(classes));
        assert_eq!(definitions["finding"]["properties"]["class"]["enum"], json!([FindingClass::NotEnglish]));
    }

    /// What is wrong with the sample's file after `edit` changed its lines.
    fn problem(edit: impl FnOnce(&mut Vec<Value>)) -> String {
        let mut records = lines(&sample().to_bytes());
        edit(&mut records);
        let file: String = records.iter().map(|record| format!("{record}\n")).collect();
        Log::read(file.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        assert_eq!(problem(|r| drop(r.pop())), LogError { line: 6, problem: LogProblem::Truncated }.to_string());
        for (found, expected) in [
            (problem(|r| r.clear()), "line 1 of the log: this is no scanno change log"),
            (problem(|r| drop(r.remove(0))), "line 1 of the log: this is no scanno change log"),
            (problem(|r| r[0] = json!([1, 2])), "line 1 of the log: this is no scanno change log"),
            (problem(|r| r[0]["schema"] = json!(2)), "line 1 of the log: the log has schema 2"),
            (problem(|r| r[0]["encoding"] = json!("ebcdic")), "line 1 of the log: no valid document record"),
            (problem(|r| r[0]["cleaned_encoding"] = json!("utf-16le")), "line 1 of the log: the cleaned file can only"),
            (problem(|r| r[0]["bytes"] = json!(20)), "line 4 of the log: the place ends at byte"),
            (problem(|r| r.swap(1, 2)), "line 3 of the log: byte 4 comes after a record at byte 13"),
            (problem(|r| r[1]["byte_end"] = json!(14)), "line 3 of the log: the change at byte 13 overlaps"),
            (problem(|r| r[1]["byte_end"] = json!(4)), "line 2 of the log: the place 4..4 is empty"),
            (problem(|r| r[1]["char_end"] = json!(0)), "line 2 of the log: the place 4..0 is empty"),
            (problem(|r| r[1]["byte_end"] = json!(-1)), "line 2 of the log: no valid change record"),
            (problem(|r| r[1]["before"] = Value::Null), "line 2 of the log: no valid change record"),
            (problem(|r| r[1]["decision"] = json!("maybe")), "line 2 of the log: no valid change record"),
            (problem(|r| r[1]["confidence"] = json!(1.5)), "line 2 of the log: 1.5 is no confidence"),
            (problem(|r| r[1]["type"] = json!("guess")), "line 2 of the log: unknown record type `guess`"),
            (problem(|r| r.insert(1, r[0].clone())), "line 2 of the log: a second document record"),
            (problem(|r| r.push(r[1].clone())), "line 8 of the log: records after the summary"),
        ] {
            assert!(found.starts_with(expected), "{found}\nis not: {expected}");
        }
        let mut file = sample().to_bytes();
        let second = file.iter().position(|&b| b == b'\n').unwrap() + 1;
        file[second] = b'!';
        assert!(Log::read(&file).unwrap_err().to_string().starts_with("line 2 of the log: no valid JSON"));
    }

    #[test]
    fn several_logs_in_one_file_are_told_apart() {
        let one = sample();
        let file = [one.to_bytes(), one.to_bytes()].concat();
        assert_eq!(Log::read_all(&file).unwrap(), [one.clone(), one.clone()]);
        assert_eq!(Log::read_all(&one.to_bytes()).unwrap(), [one]);
        let cut = &file[..file.len() - 30];
        let problem = Log::read_all(cut).unwrap_err();
        assert_eq!((problem.line, matches!(problem.problem, LogProblem::Truncated)), (14, true));
        assert!(Log::read(&file).unwrap_err().to_string().contains("this seems to be more"));
    }

    #[test]
    fn the_original_is_found_again_whatever_was_decided_since() {
        let log = sample();
        let cleaned = log.apply(TEXT.as_bytes()).unwrap();
        for decisions in 0..16 {
            let mut edited = log.clone();
            for (at, entry) in edited.entries.iter_mut().enumerate() {
                if let Entry::Change(change) = entry {
                    change.decision = if decisions >> at & 1 == 1 { Decision::Accepted } else { Decision::Rejected };
                }
            }
            assert_eq!(edited.recover(&cleaned).as_deref(), Some(TEXT.as_bytes()), "{decisions:b}");
            assert_eq!(edited.recover(TEXT.as_bytes()).as_deref(), Some(TEXT.as_bytes()));
        }
        assert_eq!(log.recover(b"The honse"), None);
        assert_eq!(log.recover(b"\xff"), None);
    }

    #[test]
    fn what_one_maker_did_is_taken_back() {
        let mut log = sample();
        if let Entry::Change(change) = &mut log.entries[0] {
            change.decision = Decision::Accepted;
        }
        let by = crate::change::Decided { by: "ann".into(), at: "2026-11-22T13:05:00Z".into() };
        let text = |maker| String::from_utf8(log.without(maker, &by).apply(TEXT.as_bytes()).unwrap()).unwrap();
        assert!(text(Maker::Program).starts_with("The house by tbe river\nbelonged to the com-\nmittee"));
        assert!(text(Maker::Person).starts_with("The honse by the river\nbelonged to the committee\n"));
    }

    #[test]
    fn unknown_fields_and_a_byte_order_mark_do_no_harm() {
        let mut records = lines(&sample().to_bytes());
        for record in &mut records {
            record["later"] = json!({"a": [1]});
        }
        let file: String = records.iter().map(|record| format!("{record}\r\n\n")).collect();
        assert_eq!(Log::read(format!("\u{feff}{file}").as_bytes()).unwrap(), sample());
    }

    #[test]
    fn a_compressed_log_is_read_and_one_that_is_cut_is_told() {
        use crate::format::compression::Compression;
        for compression in [Compression::Gzip, Compression::Zstd] {
            let file = compression.compress(sample().to_bytes()).unwrap();
            assert_eq!(Log::read(&file).unwrap(), sample());
            let error = Log::read(&file[..file.len() - 5]).unwrap_err().to_string();
            assert!(error.contains("the compressed log is cut off or damaged"), "{error}");
        }
    }

    #[test]
    fn a_log_that_was_edited_wrongly_says_where_it_does_not_fit() {
        let mut log = sample();
        if let Entry::Change(change) = &mut log.entries[0] {
            change.before = "hcnse".into();
        }
        assert_eq!(
            log.apply(TEXT.as_bytes()).unwrap_err().to_string(),
            "the log was edited: its change at line 1, column 5 of the original does not fit \
             (it says \"hcnse\", the file has \"honse\")"
        );
    }
}
