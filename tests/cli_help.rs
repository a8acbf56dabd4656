//! `--help` says what is so: its examples run, its exit codes are named.

mod common;

use std::collections::BTreeSet;

use common::{CLEAN, DIRTY, Folder};

const COMMANDS: [&str; 13] = [
    "",
    "clean",
    "batch",
    "check",
    "review",
    "apply",
    "revert",
    "log",
    "evaluate",
    "learn",
    "lexicon",
    "completions",
    "man",
];

#[test]
fn every_help_has_examples_and_exit_codes() {
    let folder = Folder::new();
    for command in COMMANDS {
        let run = folder.run(&format!("{command} --help"));
        let help = run.is_done().text();
        assert!(help.contains("\nExamples:\n  scanno "), "{help}");
        for code in ["\n  0  done", "\n  1  ", "\n  2  trouble"] {
            assert!(help.contains(code), "{help}");
        }
    }
}

/// The words of `text` that look like a long flag.
fn flags(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| word.starts_with("--") && !word.starts_with("---"))
        .collect()
}

#[test]
fn every_flag_is_documented_and_no_other() {
    let folder = Folder::new();
    let documented = include_str!("../docs/command-line.md");
    let helps: String = COMMANDS.iter().map(|c| folder.run(&format!("{c} --help")).text().to_owned()).collect();
    assert_eq!(flags(documented), flags(&helps));
}

#[test]
fn wrong_usage_is_trouble() {
    let folder = Folder::new();
    for arguments in ["", "claen page.txt", "clean --no-such-flag", "batch", "batch in", "apply log", "clean --no-log"]
    {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.text()), (2, ""), "{arguments}: {run:?}");
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(Folder::new().run("--version").text(), format!("scanno {}\n", env!("CARGO_PKG_VERSION")));
}

#[cfg(unix)]
#[test]
fn every_example_runs() {
    let binary = assert_cmd::cargo::cargo_bin!("scanno");
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    for command in COMMANDS {
        let folder = Folder::new();
        for name in ["page.txt", "one.txt", "two.txt", "pages/1.txt", "pages/2.txt", "pairs/1.ocr.txt"] {
            folder.write(name, DIRTY);
        }
        let records = format!("{{\"body\":{0:?},\"text\":{0:?}}}\n", "He opened tbe door.");
        folder.write("corpus.jsonl", &records);
        folder.write("corpus.jsonl.gz", scanno::corpus::Compression::Gzip.compress(records.into()).unwrap());
        for name in ["truth.txt", "truths/1.txt", "truths/2.txt", "pairs/1.gt.txt", "cleaned/1.txt", "cleaned/2.txt"] {
            folder.write(name, CLEAN);
        }
        let help = folder.run(&format!("{command} --help")).text().to_owned();
        let examples = help.split("\nExamples:\n").nth(1).unwrap().split("\n\n").next().unwrap();
        assert!(examples.lines().count() > 1);
        // Terminals and tables are in other tests.
        let is_here = |example: &&str| !example.contains(" review -i ") && !example.contains(".parquet");
        for example in examples.lines().filter(is_here) {
            let output = std::process::Command::new("sh")
                .args(["-ec", example])
                .current_dir(folder.path("."))
                .env("PATH", &path)
                .output()
                .unwrap();
            // 1: something to report, which the diffs have.
            assert!(matches!(output.status.code(), Some(0 | 1)), "{example}: {output:?}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new();
    folder.run("man man1").is_done();
    let pages = folder.files("man1");
    for command in COMMANDS {
        let name = if command.is_empty() { "scanno.1".to_owned() } else { format!("scanno-{command}.1") };
        assert!(pages.contains(&name), "{name} is not among {pages:?}");
        let page = folder.text(&format!("man1/{name}"));
        assert!(page.contains(".SH NAME") && page.contains("Examples:"), "{name}");
    }
    assert_eq!(folder.run("man").is_done().stdout, folder.read("man1/scanno.1"));
}

#[test]
fn every_shell_gets_completions_and_those_of_bash_complete() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&format!("completions {shell}"));
        assert!(script.is_done().text().contains("made-by"), "{shell}");
        folder.write(shell, &script.stdout);
    }
    let complete =
        "source ./bash; COMP_WORDS=(scanno rev); COMP_CWORD=1; _scanno scanno rev scanno; echo ${COMPREPLY[@]}";
    let Ok(run) = std::process::Command::new("bash").args(["-c", complete]).current_dir(folder.path(".")).output()
    else {
        println!("skipped: there is no bash");
        return;
    };
    assert_eq!(String::from_utf8_lossy(&run.stdout), "review revert\n", "{run:?}");
}
