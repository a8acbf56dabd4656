use super::*;
use crate::{Config, Corrector, Document, Level};

fn decided(by: &str, minute: u32) -> Decided {
    Decided { by: by.into(), at: format!("2026-11-22T13:{minute:02}:00Z") }
}

fn ruled(before: &str, after: &str, accepted: bool, context: Option<(&str, &str)>, minute: u32) -> Remembered {
    Remembered::Change(Ruled {
        before: before.into(),
        after: after.into(),
        class: Class::Substitution,
        decision: if accepted { Decision::Accepted } else { Decision::Rejected },
        context: context.map(|(left, right)| Neighbors { left: left.into(), right: right.into() }),
        decided: decided("ann", minute),
    })
}

/// `text` corrected with `lines` remembered, and the decisions.
fn corrected(text: &str, lines: &[Remembered]) -> (String, Vec<(String, Decision, Option<Decided>)>) {
    let config = Config { level: Level::Balanced, memory: lines.to_vec(), ..Config::default() };
    let changes = Corrector::new(config).correct(&Document::from_text(text));
    let decisions = changes
        .corrections()
        .iter()
        .map(|c| (c.before.to_string(), c.decision, c.decided.as_deref().cloned()))
        .collect();
    (changes.apply(text), decisions)
}

const TEXT: &str = "He opened tbe door. She closed tbe window, and Quorvx came.";

#[test]
fn a_rejection_holds_where_the_same_words_stand_around_it() {
    let (text, decisions) = corrected(TEXT, &[ruled("tbe", "the", false, Some(("opened", "door")), 1)]);
    assert_eq!(text, "He opened tbe door. She closed the window, and Quorvx came.");
    assert_eq!(decisions[0], ("tbe".into(), Decision::Rejected, Some(decided("ann", 1))));
    assert_eq!(decisions[1].1, Decision::Applied);
    let (moved, _) = corrected(
        "And yet he OPENED tbe\nDoor of the house.",
        &[ruled("tbe", "the", false, Some(("opened", "door")), 1)],
    );
    assert!(moved.contains("tbe\nDoor"), "{moved}");
}

#[test]
fn what_was_accepted_is_made_though_the_program_would_not() {
    let order = ruled("Quorvx", "Quorvaxen", true, Some(("and", "came")), 2);
    let (text, decisions) = corrected(TEXT, std::slice::from_ref(&order));
    assert!(text.ends_with("and Quorvaxen came."), "{text}");
    assert_eq!(decisions[2], ("Quorvx".into(), Decision::Accepted, Some(decided("ann", 2))));
    let (elsewhere, _) = corrected("There was Quorvx again.", &[order]);
    assert_eq!(elsewhere, "There was Quorvx again.");
    let (everywhere, _) = corrected("There was QUORVX again.", &[ruled("quorvx", "Quor vaxen", true, None, 1)]);
    assert_eq!(everywhere, "There was QUOR VAXEN again.");
}

#[test]
fn the_newest_decision_wins_in_whatever_order_lines_stand() {
    let context = Some(("opened", "door"));
    let mut lines = [ruled("tbe", "the", false, context, 1), ruled("tbe", "the", true, context, 2)];
    for _ in 0..2 {
        let (text, decisions) = corrected(TEXT, &lines);
        assert!(text.starts_with("He opened the door"));
        assert_eq!(decisions[0].1, Decision::Accepted);
        lines.reverse();
    }
    let (text, _) = corrected(TEXT, &[ruled("tbe", "the", true, context, 2), ruled("tbe", "the", false, None, 3)]);
    assert_eq!(
        text, "He opened the door. She closed tbe window, and Quorvx came.",
        "the place counts before all places"
    );
}

#[test]
fn what_is_decided_three_times_alike_holds_everywhere() {
    let at = |left, minute| ruled("tbe", "the", false, Some((left, "x")), minute);
    let (twice, _) = corrected(TEXT, &[at("a", 1), at("b", 2)]);
    assert!(!twice.contains("tbe"));
    let (thrice, decisions) = corrected(TEXT, &[at("a", 1), at("b", 2), at("c", 3)]);
    assert!(thrice.contains("opened tbe door") && thrice.contains("closed tbe window"));
    assert_eq!(decisions[0].2, Some(decided("ann", 3)));
    let mut but_once = vec![at("a", 1), at("b", 2), at("c", 3)];
    but_once.push(ruled("tbe", "the", true, Some(("d", "x")), 4));
    assert!(!corrected(TEXT, &but_once).0.contains("tbe"));
}

#[test]
fn own_words_are_never_changed() {
    let word = Remembered::Word { word: "tbe".into(), decided: decided("ann", 1) };
    assert_eq!(corrected(TEXT, &[word]).0, TEXT);
}

#[test]
fn decisions_are_remembered_once_and_read_again() {
    let mut changes = Corrector::new(Config::default()).correct(&Document::from_text(TEXT));
    changes.decide(0, false, decided("ann", 1));
    changes.replace(1, "this", decided("ben", 2));
    let unnamed = decided("me", 9);
    let lines = of_changes(TEXT, &changes, &Memory::default(), &unnamed);
    assert_eq!(lines.len(), 2);
    let file = to_lines(&lines);
    assert_eq!(read(file.as_bytes()).unwrap(), lines);
    assert_eq!(of_changes(TEXT, &changes, &Memory::new(&lines), &unnamed), []);
    let (text, _) = corrected(TEXT, &lines);
    assert!(text.starts_with("He opened tbe door. She closed this window"), "{text}");
    let (text, _) = corrected(TEXT, &[ruled("tbe", "The", true, Some(("opened", "door")), 1)]);
    assert!(text.starts_with("He opened The door."), "a person's capitals count: {text}");
    // What was recalled is not learned again.
    let config = Config { memory: lines.clone(), ..Config::default() };
    let again = Corrector::new(config).correct(&Document::from_text(TEXT));
    assert_eq!(of_changes(TEXT, &again, &Memory::new(&lines), &unnamed), []);
}

#[test]
fn a_damaged_file_is_told_with_its_line_and_a_torn_end_forgiven() {
    let line = to_lines(&[ruled("tbe", "the", true, None, 1)]);
    let torn = format!("{line}{}", &line[..30]);
    assert_eq!(read(torn.as_bytes()).unwrap().len(), 1);
    assert_eq!(read(format!("{line}\nno json\n").as_bytes()).unwrap_err().line, 3);
    assert_eq!(read(line.replace("accepted", "applied").as_bytes()).unwrap_err().line, 1);
}

#[test]
fn neighbors_are_found_over_marks_and_line_ends_and_odd_text() {
    let text = "« Æther », tbe\n\n— 12 men";
    let start = text.find("tbe").unwrap();
    let found = Neighbors::of(text, Span::new(start, start + 3));
    assert_eq!((&*found.left, &*found.right), ("æther", "12"));
    let wide = format!("{}tbe{}", "é!".repeat(200), "é!".repeat(200));
    let start = wide.find("tbe").unwrap();
    let found = Neighbors::of(&wide, Span::new(start, start + 3));
    assert_eq!((&*found.left, &*found.right), ("é", "é"));
}
