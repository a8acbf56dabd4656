//! Options about correcting: flags, settings files, lists of own words.

mod common;

use common::{CLEAN, Folder};
use scanno::model::{FILES, Models};

/// The options that a call's log names.
fn config_of(folder: &Folder, arguments: &str) -> serde_json::Value {
    folder.run(&format!("clean {arguments} -o out.txt --log log.jsonl")).is_done();
    let first = folder.text("log.jsonl").lines().next().unwrap().to_owned();
    serde_json::from_str::<serde_json::Value>(&first).unwrap()["config"].clone()
}

fn folder_with_page() -> Folder {
    let folder = Folder::new();
    folder.write("in/page.txt", CLEAN);
    folder
}

#[test]
fn the_settings_file_is_found_upwards_from_the_input() {
    let folder = folder_with_page();
    folder.write("scanno.toml", "level = \"eager\"\nmin-confidence = 0.7\n");
    let config = config_of(&folder, "in/page.txt");
    assert_eq!((&config["level"], &config["min-confidence"]), (&"eager".into(), &0.7.into()));
}

#[test]
fn the_nearest_settings_file_counts_alone() {
    let folder = folder_with_page();
    folder.write("scanno.toml", "level = \"eager\"\nmin-confidence = 0.7\n");
    folder.write("in/scanno.toml", "level = \"cautious\"\n");
    assert_eq!(config_of(&folder, "in/page.txt"), serde_json::json!({"level": "cautious"}));
}

#[test]
fn standard_input_has_the_settings_of_the_current_folder() {
    let folder = folder_with_page();
    folder.write("scanno.toml", "levle = 1\n");
    folder.run_with_input("clean", CLEAN).has_error(&["scanno.toml"]);
}

#[test]
fn a_flag_takes_the_place_of_its_key() {
    let folder = folder_with_page();
    folder.write("scanno.toml", "level = \"eager\"\nonly = [\"join\"]\nskip = [\"case\"]\n");
    let config = config_of(&folder, "in/page.txt --level cautious --only split,line-end");
    let expected = serde_json::json!({"level": "cautious", "only": ["split", "line-end"], "skip": ["case"]});
    assert_eq!(config, expected);
}

#[test]
fn a_named_settings_file_is_the_only_one() {
    let folder = folder_with_page();
    folder.write("scanno.toml", "level = \"eager\"\n");
    folder.write("other.toml", "to-utf8 = true\n");
    let config = config_of(&folder, "in/page.txt --config other.toml");
    assert_eq!(config, serde_json::json!({"level": "balanced", "to-utf8": true}));
    folder.run("clean in/page.txt --config missing.toml").is_trouble(&["missing.toml", "no such file"]);
}

#[test]
fn inputs_with_different_settings_files_are_not_mixed() {
    let folder = folder_with_page();
    folder.write("a/scanno.toml", "");
    folder.write("a/page.txt", CLEAN);
    folder.run("clean --diff in/page.txt a/page.txt").is_trouble(&["a/scanno.toml", "--config"]);
    folder.run("batch in a -o out").is_trouble(&["a/scanno.toml", "--config"]);
}

#[test]
fn an_unknown_key_is_named_with_file_line_and_nearest_key() {
    let folder = folder_with_page();
    folder.write("scanno.toml", "# ours\nlevel = \"eager\"\nmin_confidence = 0.5\n");
    folder.run("clean in/page.txt").is_trouble(&["scanno.toml:3", "min_confidence", "\"min-confidence\"?"]);
}

#[test]
fn a_wrong_value_is_named_with_file_and_line() {
    let folder = folder_with_page();
    for (text, parts) in [
        ("\nlevel = \"bold\"\n", ["scanno.toml:2", "balanced"]),
        ("only = [\"words\"]\n", ["scanno.toml:1", "real-word"]),
        ("level = \"eager\"\nmin-confidence = 3\n", ["scanno.toml:2", "between 0 and 1"]),
        ("level = \n", ["scanno.toml:1", ""]),
        ("lexicon = [\"missing.txt\"]\n", ["missing.txt", "no such file"]),
    ] {
        folder.write("scanno.toml", text);
        folder.run("clean in/page.txt").is_trouble(&parts);
    }
    folder.write("scanno.toml", b"level = \"\xff\"");
    folder.run("clean in/page.txt").is_trouble(&["scanno.toml", "UTF-8"]);
}

#[test]
fn a_list_of_own_words_lies_relative_to_the_settings_file() {
    let folder = folder_with_page();
    folder.write("scanno.toml", "lexicon = [\"lists/names.txt\"]\n");
    folder.write("lists/names.txt", "Shadadi # a town\n\nO'Neill\r\n");
    folder.write("more.txt", "Hassakeh\n");
    let config = config_of(&folder, "in/page.txt --lexicon more.txt");
    assert_eq!(config["lexicon"].as_array().unwrap().len(), 2);
}

#[test]
fn a_bad_line_of_a_list_is_named() {
    let folder = folder_with_page();
    folder.write("names.txt", "Shadadi\n# towns\nDeir el-Zour\n");
    folder.run("clean --lexicon names.txt in/page.txt").is_trouble(&["names.txt:3", "Deir el-Zour", "one word a line"]);
    folder.write("names.txt", b"Shadadi\nZo\xeb\n");
    folder.run("clean --lexicon names.txt in/page.txt").is_trouble(&["names.txt:2", "UTF-8"]);
    folder.run("clean --lexicon in in/page.txt").is_trouble(&["in", "is a folder"]);
}

#[test]
fn what_no_option_can_be_is_wrong_usage() {
    let folder = folder_with_page();
    for (arguments, part) in [
        ("--level bold", "cautious"),
        ("--min-confidence 1.5", "between 0 and 1"),
        ("--min-confidence NaN", "between 0 and 1"),
        ("--only words", "real-word"),
        ("--skip substitution,words", "real-word"),
        ("--color sometimes", "always"),
        ("--lev eager", "--level"),
    ] {
        let run = folder.run(&format!("clean in/page.txt {arguments}"));
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(part), "{run:?}");
        assert_eq!(run.text(), "");
    }
}

/// A copy of the built-in models for another language.
fn models(folder: &Folder, language: &str) {
    changed_models(folder, language, |_| ());
}

/// The same with something else in the files, and the version of that.
fn changed_models(folder: &Folder, language: &str, change: impl FnOnce(&mut [Vec<u8>; 7])) {
    let built_in = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries/en");
    let mut files = FILES.map(|name| std::fs::read(built_in.join(name)).unwrap());
    change(&mut files);
    for (name, file) in FILES.iter().zip(&files) {
        folder.write(&format!("models/{name}"), file);
    }
    folder.write("models/VERSION", Models::version_of(language, files.iter().map(Vec::as_slice)) + "\n");
}

#[test]
fn models_are_loaded_from_a_folder_and_named_in_logs() {
    let folder = folder_with_page();
    models(&folder, "xx");
    let data = || {
        let first = folder.text("log.jsonl").lines().next().unwrap().to_owned();
        serde_json::from_str::<serde_json::Value>(&first).unwrap()["data"].as_str().unwrap().to_owned()
    };
    folder.run("clean in/page.txt -o out.txt --log log.jsonl").is_done();
    assert_eq!(data(), Models::embedded().version);
    folder.write("scanno.toml", "data = \"models\"\n");
    folder.run("clean in/page.txt -o out.txt --log log.jsonl").is_done();
    assert_eq!(data(), Models::embedded().version.replace("en ", "xx "));
}

#[test]
fn models_made_to_do_harm_are_refused_before_anything_is_read() {
    let folder = folder_with_page();
    folder.write("scanno.toml", "data = \"models\"\n");
    for (number, what) in [(0, "lexicon.bin"), (2, "language.bin"), (3, "confusion.bin"), (4, "compounds.bin")] {
        changed_models(&folder, "en", |files| {
            let end = files[number].len().min(5_000);
            files[number][1_000..end].fill(0xff);
        });
        for command in ["clean in/page.txt", "batch in -o out", "lexicon tbe"] {
            folder.run(command).is_trouble(&["models: cannot use", what, "leave --data"]);
        }
    }
    changed_models(&folder, "\u{1b}[31men", |_| ());
    folder.run("clean in/page.txt").is_trouble(&["VERSION: it does not begin with a language"]);
    assert!(!folder.path("out").exists());
}

#[test]
fn models_that_cannot_be_used_are_named() {
    let folder = folder_with_page();
    folder.run("clean in/page.txt --data none").is_trouble(&["none/lexicon.bin: no such file", "VERSION"]);
    models(&folder, "en");
    let whole = folder.read("models/lexicon.bin");
    folder.write("models/lexicon.bin", &whole[..whole.len() / 2]);
    for command in ["clean in/page.txt", "lexicon the", "batch in -o out", "review in/page.txt"] {
        folder.run(&format!("{command} --data models")).is_trouble(&["models: ", "not those", "--data"]);
    }
}

#[test]
fn other_models_make_a_batch_begin_anew() {
    let folder = folder_with_page();
    models(&folder, "en");
    let resume = || folder.run("batch in -o out --resume --data models").is_done().stderr.clone();
    assert!(resume().contains("1 file cleaned"));
    assert!(resume().contains("1 done before"));
    models(&folder, "xx");
    assert!(resume().contains("1 file cleaned"));
}

#[test]
fn own_pairs_are_read_from_flag_and_settings_file_and_a_bad_line_is_named() {
    let folder = Folder::new();
    folder.write("in/page.txt", "He bought a modem in Paris from Qxz.\n");
    folder.write("lists/pairs.tsv", "# ours\nmodem\tmodern # of 1901\n");
    folder.write("more.tsv", "qxz\tthe Quartz\r\n");
    folder.write("scanno.toml", "level = \"cautious\"\npairs = [\"lists/pairs.tsv\"]\n");
    let run = folder.run("clean --pairs more.tsv in/page.txt");
    assert_eq!(run.is_done().text(), "He bought a modern in Paris from The Quartz.\n");
    assert_eq!(config_of(&folder, "in/page.txt --pairs more.tsv")["pairs"].as_array().unwrap().len(), 2);
    folder.write("more.tsv", "qxz\tQuartz\ntbe the\n");
    folder.run("clean --pairs more.tsv in/page.txt").is_trouble(&["more.tsv:2", "tbe the", "one tab"]);
    folder.write("more.tsv", b"tbe\tthe\nZo\xeb\tZoe\n");
    folder.run("clean --pairs more.tsv in/page.txt").is_trouble(&["more.tsv:2", "UTF-8"]);
    folder.run("clean --pairs none.tsv in/page.txt").is_trouble(&["none.tsv", "no such file"]);
}

/// A folder as it may be downloaded: a page in `web`, with these settings beside it.
fn downloaded(settings: &str) -> Folder {
    let folder = Folder::new();
    folder.write("web/page.txt", "He opened tbe door of Shadadi.\n");
    folder.write("web/scanno.toml", settings);
    folder.write("mine/secret.txt", "user:password is a secret\n");
    folder
}

#[test]
fn settings_that_were_found_name_nothing_outside_their_folder() {
    let absolute = |folder: &Folder| folder.path("mine/secret.txt").display().to_string().replace('\\', "/");
    let folder = downloaded("");
    for (key, value) in [
        ("lexicon", "[\"../mine/secret.txt\"]".to_owned()),
        ("lexicon", format!("[\"{}\"]", absolute(&folder))),
        ("pairs", "[\"../mine/secret.txt\"]".into()),
        ("model", "\"../mine/secret.txt\"".into()),
        ("memory", "\"../mine/secret.txt\"".into()),
        ("memory", "\"../mine/new.jsonl\"".into()),
        ("memory", "\"not-there/../../mine/new.jsonl\"".into()),
        ("data", "\"../mine\"".into()),
    ] {
        folder.write("web/scanno.toml", format!("{key} = {value}\n"));
        let flag = if value.starts_with('[') { "--config" } else { &format!("--{key}") };
        for arguments in ["clean web/page.txt", "batch web -o out", "check web", "review web/page.txt"] {
            let run = folder.run(arguments);
            run.is_trouble(&["scanno.toml: ", key, "mine", "outside the folder of the settings", flag]);
            assert!(!run.stderr.contains("password"), "{run:?}");
        }
    }
    // Inside, all is as ever, wherever one stands.
    folder.write("web/lists/names.txt", "Shadadi\n");
    folder.write("web/scanno.toml", "lexicon = [\"lists/../lists/names.txt\"]\nmemory = \"decisions.jsonl\"\n");
    folder.run("clean web/page.txt").is_done();
    // Named by the user, they may name anything, and so may flags.
    folder.write("names.txt", "Shadadi\n");
    folder.write("web/scanno.toml", "lexicon = [\"../names.txt\"]\n");
    folder.run("clean --config web/scanno.toml web/page.txt").is_done();
    folder.write("web/scanno.toml", "memory = \"../mine/secret.txt\"\n");
    folder.run("clean --memory decisions.jsonl web/page.txt").is_done();
    folder.run("clean --lexicon names.txt --memory decisions.jsonl web/page.txt").is_done();
}

#[test]
fn apply_adds_to_no_file_outside_the_folder_of_found_settings() {
    let folder = downloaded("memory = \"../mine/decisions.jsonl\"\n");
    folder.run("clean --config web/scanno.toml web/page.txt -o cleaned.txt --log log.jsonl").is_done();
    let log = folder.text("log.jsonl").replace("\"applied\"", "\"accepted\"");
    folder.write("log.jsonl", log);
    for arguments in ["apply log.jsonl web/page.txt -o out.txt", "apply log.jsonl web -o out"] {
        folder.run(arguments).has_error(&["scanno.toml: memory", "--memory"]);
        assert!(!folder.path("mine/decisions.jsonl").exists() && !folder.path("out.txt").exists());
    }
    folder.run("apply --memory decisions.jsonl log.jsonl web/page.txt").is_done();
    assert_eq!(folder.text("decisions.jsonl").lines().count(), 1);
}

#[test]
fn of_what_found_settings_name_no_line_is_quoted() {
    let folder = downloaded("");
    folder.write("empty.toml", "");
    folder.write("web/secret.txt", "{\"type\":\"change\",\"before\":4711,\"after\":\"x y\"}\n");
    for (key, is_list) in [("lexicon", true), ("pairs", true), ("memory", false), ("model", false)] {
        folder.write(
            "web/scanno.toml",
            format!("{key} = {}\n", if is_list { "[\"secret.txt\"]" } else { "\"secret.txt\"" }),
        );
        let run = folder.run("clean web/page.txt");
        run.is_trouble(&["secret.txt"]);
        assert!(!run.stderr.contains("4711"), "{run:?}");
        // Who names the file is shown what is wrong with it.
        let named = folder.run(&format!("clean --{key} web/secret.txt --config empty.toml web/page.txt"));
        named.is_trouble(&["secret.txt", if key == "model" { "scanno-collection" } else { "4711" }]);
    }
}

#[test]
fn the_users_own_settings_count_where_none_are_found() {
    let folder = folder_with_page();
    folder.write("names.txt", "Shadadi\n");
    folder.write("config/scanno/scanno.toml", "level = \"eager\"\nlexicon = [\"../../names.txt\"]\n");
    let config = config_of(&folder, "in/page.txt");
    assert_eq!((&config["level"], config["lexicon"].as_array().map(Vec::len)), (&"eager".into(), Some(1)));
    folder.write("in/scanno.toml", "level = \"cautious\"\n");
    assert_eq!(config_of(&folder, "in/page.txt"), serde_json::json!({"level": "cautious"}));
}

#[cfg(unix)]
#[test]
fn links_and_devices_lead_found_settings_nowhere() {
    use std::os::unix::fs::symlink;
    let folder = downloaded("lexicon = [\"names.txt\"]\nmemory = \"decisions.jsonl\"\n");
    let link = |target: &str, name: &str| {
        let _ = std::fs::remove_file(folder.path(name));
        symlink(target, folder.path(name)).unwrap();
    };
    link("../mine/secret.txt", "web/names.txt");
    folder.run("clean web/page.txt").is_trouble(&["scanno.toml: lexicon", "secret.txt", "--config"]);
    link("/dev/zero", "web/names.txt");
    folder.run("clean web/page.txt").is_trouble(&["scanno.toml: lexicon", "/dev/zero"]);
    folder.write("web/real.txt", "Shadadi\n");
    link("real.txt", "web/names.txt");
    folder.run("clean web/page.txt").is_done();
    // A memory that is not there yet would be made where the link leads.
    link("../mine/new.jsonl", "web/decisions.jsonl");
    folder.run("clean web/page.txt").is_trouble(&["scanno.toml: memory", "new.jsonl", "--memory"]);
    std::fs::remove_file(folder.path("web/decisions.jsonl")).unwrap();
    // A pipe in the folder would be waited for.
    let status = std::process::Command::new("mkfifo").arg(folder.path("web/decisions.jsonl")).status().unwrap();
    assert!(status.success());
    folder.run("clean web/page.txt").is_trouble(&["decisions.jsonl", "no regular file"]);
    std::fs::remove_file(folder.path("web/decisions.jsonl")).unwrap();
    // Nor may the settings themselves be those of another folder.
    folder.write("mine/scanno.toml", "level = \"eager\"\npassword = 1\n");
    link("../mine/scanno.toml", "web/scanno.toml");
    let run = folder.run("clean web/page.txt");
    run.is_trouble(&["web/scanno.toml", "leads out of its folder", "--config"]);
    assert!(!run.stderr.contains("password"), "{run:?}");
    // Models are files.
    models(&folder, "en");
    link("/dev/zero", "models/prior.bin");
    folder.run("clean --data models --config empty.toml web/page.txt").has_error(&["empty.toml"]);
    folder.write("empty.toml", "");
    folder
        .run("clean --data models --config empty.toml web/page.txt")
        .is_trouble(&["models/prior.bin", "no regular file"]);
    // What the user names is read up to a limit.
    folder.run("clean --lexicon /dev/zero --config empty.toml web/page.txt").is_trouble(&["/dev/zero", "256 MiB"]);
}
