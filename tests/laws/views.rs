//! What is made from a log for people and other programs.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use proptest::{collection::vec, prelude::*, sample::select};
use scanno::{
    Document,
    change::{Class, Decision, Target},
    document::Encoding,
    format::jsonl::Log,
    report,
};

use crate::random::{Case, PIECES, Plan, case, plan};

/// Work grows with the length of a file, not with that of its lines or with
/// their product with the changes: ten megabytes in one line, ten thousand
/// changes. In the time allowed, a quadratic step would not come far.
#[test]
fn one_long_line_with_many_changes() {
    let begun = Instant::now();
    let text = format!("tbe £1 {}", "and so on ".repeat(100)).repeat(10_000);
    let original = Encoding::Windows1252.encode(&text).unwrap();
    let document = Document::from_bytes(&original).unwrap();
    let plan = Plan {
        gap: 1007 - 3,
        length: 3,
        after: "the".into(),
        decision: Decision::Applied,
        class: Class::Substitution,
        confidence: 9_000,
        is_finding: false,
    };
    let plan: Vec<_> =
        (0..10_000).map(|index| Plan { gap: if index == 0 { 0 } else { plan.gap }, ..plan.clone() }).collect();
    for target in [Target::AsRead, Target::Utf8] {
        let case = Case::new(original.to_vec(), document.clone(), &plan, target);
        let (log, cleaned) = case.log();
        assert_eq!(case.changes.apply(&text), text.replace("tbe", "the"));
        let log = Log::read(&log.to_bytes()).unwrap();
        assert!(log.apply(&original).unwrap() == cleaned);
        assert!(log.revert(&cleaned).unwrap() == *original);
        let edits = case.changes.edits(&document, target).unwrap();
        let mut out = Vec::new();
        report::diff::write(&mut out, "f", &original, &edits).unwrap();
        report::inline::write(&mut out, &document, case.changes.corrections(), 120).unwrap();
        report::explain::write(&mut out, "f", &document, &case.changes).unwrap();
    }
    let seconds = begun.elapsed().as_secs();
    assert!(seconds < 60, "{seconds} s");
}

/// True if `tool` can be run.
fn is_installed(tool: &str) -> bool {
    Command::new(tool).arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Applies `diff` to the file `name` that holds `original`, with `tool`.
fn patched(tool: &[&str], folder: &Path, name: &str, original: &[u8], diff: &[u8]) -> Vec<u8> {
    let (file, patch) = (folder.join(name), folder.join("the.diff"));
    std::fs::write(&file, original).unwrap();
    std::fs::write(&patch, diff).unwrap();
    let output = Command::new(tool[0]).args(&tool[1..]).arg(&patch).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}\n{}", tool.join(" "), String::from_utf8_lossy(&output.stderr));
    // Both tools delete a file that becomes empty.
    std::fs::read(&file).unwrap_or_default()
}

/// The unified diff makes the cleaned file, to the byte, in the hands of the
/// programs that users have.
#[test]
fn the_diff_is_taken_by_patch_and_git() {
    let tools: [&[&str]; 3] = [
        &["patch", "-p0", "--quiet", "-i"],
        &["patch", "-p1", "--quiet", "-i"],
        &["git", "apply", "--whitespace=nowarn"],
    ];
    for tool in tools {
        if !is_installed(tool[0]) {
            println!("skipped: {} is not installed", tool[0]);
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let config = ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() };
        let lines = vec((select(&PIECES[..]), select(vec!["\n", "\n", "\r\n", ""])), 0..60);
        let name = select(vec!["plain.txt", "with blanks.txt", "é.txt"]);
        proptest!(config, |(lines in lines, case in case(), plan in plan(), name in name, wide in any::<bool>())| {
            // Either the usual short case, or one of many lines with few changes.
            let case = if wide { case } else {
                let text: String = lines.iter().map(|(piece, end)| format!("{piece}{end}")).collect();
                let document = Document::from_text(text);
                let plan: Vec<_> = plan.into_iter().map(|p| Plan { gap: 5 * p.gap, ..p }).collect();
                Case::new(document.to_bytes().into_owned(), document, &plan, Target::AsRead)
            };
            let edits = case.changes.edits(&case.document, case.target).unwrap();
            let cleaned = case.changes.clean(&case.document, case.target).unwrap();
            let mut diff = Vec::new();
            report::diff::write(&mut diff, name, &case.original, &edits).unwrap();
            prop_assert_eq!(diff.is_empty(), cleaned == case.original);
            if !diff.is_empty() {
                let found = patched(tool, folder.path(), name, &case.original, &diff);
                prop_assert_eq!(found, cleaned, "{}\n{}", tool[0], String::from_utf8_lossy(&diff));
            }
        });
    }
}
