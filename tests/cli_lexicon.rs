//! `scanno lexicon` on the real binary.

mod common;

use common::Folder;

#[test]
fn a_known_word_has_layer_frequency_and_case() {
    let folder = Folder::new();
    let run = folder.run("lexicon house Lebanon");
    let text = run.is_done().text();
    let (house, lebanon) = text.split_once("\nLebanon\n").unwrap();
    assert!(house.starts_with("house\n") && house.contains("common words"), "{text}");
    assert!(house.contains("per million words") && house.contains("\n    written    house"), "{text}");
    assert!(lebanon.contains("\n    written    Lebanon"), "{text}");
}

#[test]
fn an_unknown_word_has_readings_and_a_proposal() {
    let folder = Folder::new();
    let run = folder.run("lexicon comrnittec");
    assert_eq!(run.code, 1, "{run:?}");
    let text = run.text();
    assert!(text.contains("known      no\n"), "{text}");
    let first = text.lines().find(|line| line.contains("reading ")).unwrap();
    assert!(first.contains("committee") && first.contains("read rn for m ("), "{text}");
    assert!(text.contains("comrnittec → committee (substitution"), "{text}");
}

#[test]
fn a_word_of_several_parts_is_known_by_its_parts() {
    let folder = Folder::new();
    let text = folder.run("lexicon well-known").is_done().text().to_owned();
    assert!(text.starts_with("well\n") && text.contains("\nknown\n"), "{text}");
    assert_eq!(folder.run("lexicon well-knovvn").code, 1);
    for odd in ["1843", "*", "\u{1b}[2J", &"x".repeat(5_000)] {
        let run = folder.scanno("lexicon --").arg(odd).output().unwrap();
        assert_eq!(run.status.code(), Some(1), "{odd}");
        assert!(!run.stdout.contains(&0x1b));
    }
}

#[test]
fn own_words_are_added_known_and_removed() {
    let folder = Folder::new();
    folder.run("lexicon add --lexicon names.txt Hargreavcs").is_done();
    assert_eq!(folder.text("names.txt"), "Hargreavcs\n");
    let run = folder.run("lexicon --lexicon names.txt Hargreavcs");
    assert!(run.is_done().text().contains("own word, from names.txt"), "{run:?}");
    assert!(!run.text().contains("reading"), "{run:?}");
    folder.run("lexicon remove --lexicon names.txt Hargreavcs").is_done();
    assert_eq!(folder.text("names.txt"), "");
    assert_eq!(folder.run("lexicon --lexicon names.txt Hargreavcs").code, 1);
}

#[test]
fn what_people_wrote_in_a_list_stays() {
    let folder = Folder::new();
    folder.write("scanno.toml", "lexicon = [\"names.txt\"]\n");
    folder.write("names.txt", "\u{feff}# places\r\nShadadi  # in the east\r\n\r\nO'Neill # a name");
    let run = folder.run("lexicon add Hassakeh Shadadi Hassakeh");
    assert!(run.is_done().stderr.contains("names.txt: 1 added; 2 stood there already"), "{run:?}");
    let added = "\u{feff}# places\r\nShadadi  # in the east\r\n\r\nO'Neill # a name\nHassakeh\n";
    assert_eq!(folder.text("names.txt"), added);
    folder.run("lexicon add -q Hassakeh").is_done();
    assert_eq!(folder.text("names.txt"), added);
    let run = folder.run("lexicon remove shadadi O'Neill");
    run.has_error(&["names.txt", "no word shadadi"]);
    assert_eq!(folder.text("names.txt"), "\u{feff}# places\r\nShadadi  # in the east\r\n\r\nHassakeh\n");
}

#[test]
fn a_list_that_cannot_be_edited_stays_as_it_is() {
    let folder = Folder::new();
    folder.run("lexicon add Shadadi").is_trouble(&["no list of own words", "--lexicon FILE", "scanno.toml"]);
    folder.run("lexicon remove --lexicon none.txt Shadadi").is_trouble(&["none.txt", "no such file"]);
    folder.run("lexicon add --lexicon none/names.txt Shadadi").is_trouble(&["none/names.txt", "no folder none"]);
    folder.run("lexicon add --lexicon a.txt --lexicon b.txt Shadadi").is_trouble(&["more than one list"]);
    folder.write("names.txt", "two words\n");
    folder.run("lexicon add --lexicon names.txt Shadadi").is_trouble(&["names.txt:1", "more than one word"]);
    assert_eq!(folder.text("names.txt"), "two words\n");
    folder.write("names.txt", "Shadadi\n");
    for bad in ["1843", "two words", "#x", " x", "x #y"] {
        let output = folder.scanno("lexicon add --lexicon names.txt Hassakeh --").arg(bad).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{bad}");
    }
    assert_eq!(folder.text("names.txt"), "Shadadi\n");
}

#[test]
fn the_commands_names_can_be_looked_up_too() {
    assert!(Folder::new().run("lexicon -- add").is_done().text().starts_with("add\n"));
}
