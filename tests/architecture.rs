//! The house's own order: which module may use which, as `docs/design.md`
//! says under "Modules", that every dependency is used, and that what the package
//! holds needs nothing it leaves out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file in `folder` of the package, by its path from there.
fn sources(folder: &str) -> Vec<PathBuf> {
    let folder = root().join(folder);
    let mut out = Vec::new();
    let mut open = vec![folder.clone()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                out.push(entry.strip_prefix(&folder).unwrap().to_owned());
            }
        }
    }
    out.sort();
    out
}

/// The modules in the order of the documentation, the lowest first.
fn order() -> Vec<String> {
    let page = read(&root().join("docs/design.md"));
    let block = page.split("## Modules").nth(1).and_then(|rest| rest.split("```").nth(1)).expect("a block of modules");
    let columns = block.lines().skip(1).filter_map(|line| line.split("  ").next());
    columns.flat_map(|names| names.split(", ")).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// What code is outside of tests and comments.
fn code(source: &str) -> String {
    let lines = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default().lines();
    lines.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The first segments of the paths that `code` names from the root of the
/// crate, where `depth` times `super` leads.
fn used(code: &str, depth: usize) -> BTreeSet<String> {
    let to_root = format!(r"\bcrate::|(?:^|[^:\w])(?:super::){{{depth}}}");
    let path = Regex::new(&format!(r"(?:{to_root})(\w+|\{{)")).unwrap();
    let segment = Regex::new(r"\w+").unwrap();
    let mut out = BTreeSet::new();
    for found in path.captures_iter(code) {
        if &found[1] != "{" {
            out.insert(found[1].to_owned());
            continue;
        }
        // A list of paths: the first segment of each, and none of what is in a list within.
        let (mut level, mut is_first) = (1, true);
        let mut rest = &code[found.get(1).unwrap().end()..];
        while level > 0 {
            let Some(next) = rest.chars().next() else { break };
            match next {
                '{' => level += 1,
                '}' => level -= 1,
                ',' if level == 1 => is_first = true,
                _ => {}
            }
            match segment.find(rest).filter(|name| name.start() == 0) {
                Some(name) => {
                    if is_first && level == 1 {
                        out.insert(name.as_str().to_owned());
                    }
                    is_first = false;
                    rest = &rest[name.end()..];
                }
                None => rest = &rest[next.len_utf8()..],
            }
        }
    }
    out.retain(|name| name != "super" && name != "self");
    out
}

#[test]
fn no_module_uses_one_that_stands_above_it() {
    let order = order();
    let rank = |module: &str| order.iter().position(|name| name == module);
    let library = read(&root().join("src/lib.rs"));
    // `crate::Document` is `document`'s.
    let exported = Regex::new(r"(?m)^pub use (\w+)::(?:\{([^}]*)\}|(\w+));").unwrap();
    let homes: BTreeMap<String, String> = exported
        .captures_iter(&library)
        .flat_map(|found| {
            let names = found.get(2).or(found.get(3)).unwrap().as_str().split(", ").map(str::to_owned);
            let home = found[1].to_owned();
            names.map(move |name| (name, home.clone())).collect::<Vec<_>>()
        })
        .collect();
    let declared = Regex::new(r"(?m)^(?:pub )?mod (\w+);").unwrap();
    for module in declared.captures_iter(&library) {
        assert!(rank(&module[1]).is_some(), "`{}` has no place under \"Modules\" in docs/design.md", &module[1]);
    }
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in sources("src") {
        let parts: Vec<String> = file.iter().map(|part| part.to_string_lossy().replace(".rs", "")).collect();
        let module = &parts[0];
        let is_tests = parts.iter().any(|part| part.ends_with("tests"));
        let Some(own) = rank(module).filter(|_| !is_tests) else { continue };
        let depth = parts.len() - usize::from(parts[parts.len() - 1] == "mod");
        for name in used(&code(&read(&root().join("src").join(&file))), depth) {
            let home = homes.get(&name).unwrap_or(&name);
            seen += 1;
            match rank(home) {
                Some(other) if other <= own => {}
                Some(_) => wrong.push(format!("{}: uses `{home}`, which stands above `{module}`", file.display())),
                None => wrong.push(format!("{}: what is `crate::{name}`?", file.display())),
            }
        }
    }
    assert!(seen > 200, "the paths are not found any more: {seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn paths_are_found_however_they_are_written() {
    let code = code(
        "use crate::model::{Lexicon, cost::{Cost, NAT}};\nuse crate::{\n    Document,\n    change::{Class, Target},\n};\n\
         // crate::comment\nfn f() { super::super::learn::fit(); super::near(); }\n\
         #[cfg(test)]\nmod tests { use crate::cli; }\n",
    );
    let found: Vec<String> = used(&code, 2).into_iter().collect();
    assert_eq!(found, ["Document", "change", "learn", "model"]);
}

/// No dependency is built for nothing: each is named by the code that may use it.
#[test]
fn every_dependency_is_used() {
    let manifest: toml::Table = toml::from_str(&read(&root().join("Cargo.toml"))).unwrap();
    for (table, folders) in [("dependencies", &["src"][..]), ("dev-dependencies", &["src", "tests", "benches"])] {
        let files = folders.iter().flat_map(|folder| sources(folder).into_iter().map(move |file| (folder, file)));
        let code: String = files.map(|(folder, file)| read(&root().join(folder).join(file)) + "\n").collect();
        for name in manifest[table].as_table().unwrap().keys() {
            let path = Regex::new(&format!(r"(?m)^[^/\n]*\b{}::", name.replace('-', "_"))).unwrap();
            assert!(path.is_match(&code), "nothing uses `{name}`, of [{table}] in Cargo.toml");
        }
    }
}

/// Who unpacks the package can run its tests: they name no file that it leaves out.
#[test]
fn packaged_tests_read_nothing_that_the_package_leaves_out() {
    let manifest: toml::Table = toml::from_str(&read(&root().join("Cargo.toml"))).unwrap();
    let excluded = manifest["package"]["exclude"].as_array().unwrap();
    let excluded: Vec<&str> = excluded.iter().map(|entry| entry.as_str().unwrap()).collect();
    let names: Vec<&str> = excluded.iter().filter_map(|entry| entry.rsplit('/').next()).collect();
    let mut wrong = Vec::new();
    for (folder, file) in ["src", "tests", "benches"].iter().flat_map(|f| sources(f).into_iter().map(move |s| (f, s))) {
        let path = format!("/{folder}/{}", file.to_string_lossy());
        if excluded.contains(&path.as_str()) || path == "/tests/architecture.rs" {
            continue;
        }
        let text = read(&root().join(&path[1..]));
        let named = names.iter().filter(|name| name.ends_with(".tsv") && text.contains(&format!("{name}\"")));
        wrong.extend(named.map(|name| format!("{path} reads {name}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
