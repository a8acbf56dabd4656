//! What `deny.toml` allows of licenses and sources, held without `cargo deny`:
//! for every dependency, whatever the feature or the platform.

use std::process::Command;

use serde_json::Value;
use spdx::{Expression, LicenseReq, Licensee, ParseMode};

/// The strings of `list` in `table` of `deny.toml`.
fn allowed(table: &str, list: &str) -> Vec<String> {
    let settings: toml::Table = toml::from_str(include_str!("../../deny.toml")).unwrap();
    let entries = settings[table][list].as_array().unwrap();
    entries.iter().map(|entry| entry.as_str().unwrap().to_owned()).collect()
}

/// What cargo says of every package but the workspace's own.
fn dependencies() -> Vec<Value> {
    let arguments = ["metadata", "--format-version=1", "--locked", "--all-features"];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir("..").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut packages = std::mem::take(metadata["packages"].as_array_mut().unwrap());
    packages.retain(|package| !package["source"].is_null());
    assert!(packages.len() > 100, "{}", packages.len());
    packages
}

/// True if the license that `expression` states is, or can be chosen, among those of `list`.
fn is_allowed(expression: &str, list: &[Licensee]) -> bool {
    let any = |required: &LicenseReq| list.iter().any(|license| license.satisfies(required));
    Expression::parse_mode(expression, ParseMode::LAX).is_ok_and(|stated| stated.evaluate(any))
}

#[test]
fn every_dependency_is_under_a_license_and_from_a_source_that_is_allowed() {
    let licenses: Vec<Licensee> = allowed("licenses", "allow").iter().map(|l| Licensee::parse(l).unwrap()).collect();
    let sources = allowed("sources", "allow-registry");
    let mut wrong = Vec::new();
    for package in dependencies() {
        let text = |field: &str| package[field].as_str().unwrap_or("(not stated)");
        let (license, source) = (text("license"), text("source"));
        if !is_allowed(license, &licenses) || !sources.iter().any(|s| source == format!("registry+{s}")) {
            wrong.push(format!("{} {}: {license}, from {source}", text("name"), text("version")));
        }
    }
    assert!(wrong.is_empty(), "not allowed by deny.toml:\n{}", wrong.join("\n"));
}

#[test]
fn a_license_is_allowed_if_all_that_must_be_kept_is() {
    let list = [Licensee::parse("MIT").unwrap(), Licensee::parse("Zlib").unwrap()];
    for (expression, expected) in [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0-only OR MIT", true),
        ("MIT AND Zlib", true),
        ("MIT AND GPL-3.0-only", false),
        ("GPL-3.0-only", false),
        ("(not stated)", false),
    ] {
        assert_eq!(is_allowed(expression, &list), expected, "{expression}");
    }
}
