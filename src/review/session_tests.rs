use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::Span;
use crate::change::{Alternative, Class, Evidence};
use crate::document::Encoding;
use crate::memory::Remembered;
use crate::review::{Filter, Order};

const TEXT: &str = "He saw tbe cat arid tbe dog. Arid soil, arid soil; Gaelach Tbe end of tbe day, Gaelach.";

fn correction(start: usize, before: &str, after: &str, confidence: f64) -> Correction {
    assert_eq!(&TEXT[start..start + before.len()], before);
    Correction {
        span: Span::new(start, start + before.len()),
        before: before.into(),
        after: after.into(),
        class: if before == "arid" { Class::RealWord } else { Class::Substitution },
        rule: "confusion".into(),
        confidence,
        decision: if confidence > 0.7 { Outcome::Applied } else { Outcome::Suggested },
        decided: None,
        alternatives: vec![Alternative { text: "toe".into(), confidence: 0.01 }],
        evidence: vec![Evidence { observed: "b".into(), intended: "h".into(), cost: 4.0 }],
    }
}

/// tbe, arid, tbe, arid, Gaelach, tbe, Gaelach
pub(in crate::review) fn session() -> Session {
    let pairs = [("tbe", "the", 0.98), ("arid", "and", 0.6), ("Gaelach", "Gallic", 0.75)];
    let mut corrections = Vec::new();
    for (before, after, confidence) in pairs {
        corrections.extend(TEXT.match_indices(before).map(|(at, _)| correction(at, before, after, confidence)));
    }
    Session::new(Document::from_text(TEXT), ChangeLog::new(corrections, Vec::new(), None), Target::AsRead)
}

pub(in crate::review) fn ann() -> Decided {
    Decided { by: "Ann".into(), at: "2026-01-02T03:04:05Z".into() }
}

pub(in crate::review) fn decide(session: &mut Session, index: usize, verdict: Verdict, scope: Scope) {
    session.act(&Action::Decide { mark: session.mark(index), verdict, scope }, &ann()).unwrap();
}

#[test]
fn what_nobody_decided_stays_as_the_program_had_it() {
    let session = session();
    assert_eq!(session.cleaned(), TEXT.replace("tbe", "the").replace("Gaelach", "Gallic"));
    assert_eq!(session.progress(), Progress { total: 7, ..Progress::default() });
    assert!(session.decided().corrections().iter().all(|c| c.decided.is_none()));
}

#[test]
fn each_verdict_does_what_it_says() {
    let mut session = session();
    decide(&mut session, 0, Verdict::Reject, Scope::Here);
    decide(&mut session, 1, Verdict::Accept, Scope::Here);
    decide(&mut session, 2, Verdict::Text("toe".into()), Scope::Here);
    assert!(session.cleaned().starts_with("He saw tbe cat and toe dog. Arid soil, arid soil; Gallic"));
    assert_eq!(session.progress(), Progress { total: 7, accepted: 1, rejected: 1, replaced: 1 });
    let log = session.decided();
    let [rejected, accepted, replaced] = &log.corrections()[..3] else { panic!() };
    assert_eq!((rejected.decision, accepted.decision), (Outcome::Rejected, Outcome::Accepted));
    assert_eq!((replaced.decision, &*replaced.after), (Outcome::Accepted, "toe"));
    assert_eq!((&*replaced.alternatives[0].text, replaced.alternatives[0].confidence), ("the", 0.98));
    assert!(log.corrections()[..3].iter().all(|c| c.decided.as_deref() == Some(&ann())));
}

#[test]
fn an_own_text_that_is_none_is_what_it_comes_to() {
    let mut session = session();
    decide(&mut session, 0, Verdict::Text("the".into()), Scope::Here);
    decide(&mut session, 1, Verdict::Text("arid".into()), Scope::Here);
    assert_eq!(session.ruling(0).unwrap().verdict, Verdict::Accept);
    assert_eq!(session.ruling(1).unwrap().verdict, Verdict::Reject);
}

#[test]
fn all_of_a_pair_leaves_decisions_about_one_place_alone() {
    let mut session = session();
    decide(&mut session, 0, Verdict::Reject, Scope::Here);
    decide(&mut session, 2, Verdict::Accept, Scope::Everywhere);
    assert_eq!(session.progress(), Progress { total: 7, accepted: 2, rejected: 1, replaced: 0 });
    assert_eq!(session.ruling(0).unwrap().verdict, Verdict::Reject);
    // What was decided for all can be decided for all anew.
    decide(&mut session, 2, Verdict::Text("thee".into()), Scope::File);
    assert_eq!(session.progress(), Progress { total: 7, accepted: 0, rejected: 1, replaced: 2 });
}

#[test]
fn an_own_word_is_never_changed() {
    let mut session = session();
    let word = session.word(4).unwrap().to_owned();
    assert_eq!(word, "Gaelach");
    decide(&mut session, 4, Verdict::Accept, Scope::Here);
    session.act(&Action::OwnWord { word }, &ann()).unwrap();
    assert_eq!(session.own_words(), ["Gaelach"]);
    assert_eq!(session.cleaned().matches("Gaelach").count(), 2);
    assert_eq!(session.act(&Action::Undo, &ann()), Ok(Some(4)));
    assert_eq!((session.own_words().len(), session.cleaned().matches("Gallic").count()), (0, 2));
    let two = Action::OwnWord { word: "two words".into() };
    assert_eq!(session.act(&two, &ann()), Err(Refused::NoWord("two words".into())));
}

#[test]
fn what_the_file_cannot_hold_is_refused() {
    let document = Document::from_bytes_as(TEXT.as_bytes(), Encoding::Windows1252).unwrap();
    let changes = ChangeLog::new(vec![correction(7, "tbe", "þe", 0.9)], Vec::new(), None);
    let mut session = Session::new(document, changes, Target::AsRead);
    let own = |text: &str| Verdict::Text(text.into());
    let mark = session.mark(0);
    let act = |verdict| Action::Decide { mark: mark.clone(), verdict, scope: Scope::Here };
    assert!(matches!(session.act(&act(own("ţhe")), &ann()), Err(Refused::Unencodable { .. })));
    assert_eq!(session.progress().decided(), 0);
    assert_eq!(session.act(&act(own("“é”")), &ann()), Ok(Some(0)));
}

#[test]
fn what_no_text_may_get_is_refused() {
    let mut session = session();
    let mark = session.mark(0);
    for text in ["the\n", "\u{1b}[2J", ""] {
        let verdict = Verdict::Text(text.into());
        let decided = Action::Decide { mark: mark.clone(), verdict: verdict.clone(), scope: Scope::Here };
        assert!(matches!(session.act(&decided, &ann()), Err(Refused::Unfit { .. })), "{text:?}");
        let ruling = Ruling { verdict, scope: Scope::Here, decided: ann(), stands: true };
        let rulings = vec![(mark.clone(), Some(ruling), Outcome::Applied)];
        let restored = Action::Restore { rulings, own_words: Vec::new() };
        assert!(matches!(session.act(&restored, &ann()), Err(Refused::Unfit { .. })), "{text:?}");
    }
    assert_eq!(session.progress().decided(), 0);
}

#[test]
fn a_decided_log_is_where_the_review_goes_on() {
    let mut first = session();
    decide(&mut first, 0, Verdict::Reject, Scope::Here);
    decide(&mut first, 2, Verdict::Text("toe".into()), Scope::Here);
    decide(&mut first, 3, Verdict::Text("dry".into()), Scope::Everywhere);
    let mut again = Session::new(Document::from_text(TEXT), first.decided(), Target::AsRead);
    assert_eq!(again.progress(), first.progress());
    assert_eq!((&*again.changes()[3].after, again.after(3)), ("and", "dry"));
    assert_eq!(again.decided(), first.decided());
    // Once more decided otherwise, the program's proposal is still the first alternative.
    decide(&mut again, 3, Verdict::Text("arable".into()), Scope::Here);
    assert_eq!(again.decided().corrections()[3].alternatives[0].text, "and");
}

#[test]
fn what_is_saved_and_undone_is_changed() {
    let mut session = session();
    assert!(!session.is_changed());
    decide(&mut session, 0, Verdict::Reject, Scope::Here);
    assert!(session.is_changed() && session.undoing() == Action::Undo);
    session.set_saved();
    assert!(!session.is_changed());
    let undoing = session.undoing();
    assert!(
        matches!(&undoing, Action::Restore { rulings, .. } if rulings == &[(session.mark(0), None, Outcome::Applied)])
    );
    session.act(&Action::Undo, &ann()).unwrap();
    decide(&mut session, 1, Verdict::Reject, Scope::Here);
    assert!(session.is_changed());
}

#[test]
fn what_holds_everywhere_is_remembered_once_decided() {
    let mut session = session();
    decide(&mut session, 1, Verdict::Accept, Scope::Everywhere);
    decide(&mut session, 0, Verdict::Reject, Scope::Here);
    let told: Vec<_> = session.decisions().map(|d| (d.before(), d.outcome(), d.is_everywhere())).collect();
    assert_eq!(told, [("tbe", "tbe", false), ("arid", "and", true), ("arid", "and", true)]);
    let remembered: Vec<_> = session.decisions().filter_map(|d| d.everywhere()).collect();
    assert_eq!(remembered.len(), 2);
    assert!(
        matches!(&remembered[0], Remembered::Change(r) if r.before == "arid" && r.after == "and" && r.context.is_none())
    );
}

#[test]
fn views_choose_and_order() {
    let session = session();
    let all = Filter::default();
    assert_eq!(session.view(&all, Order::Place), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(session.view(&all, Order::Confidence), [1, 3, 4, 6, 0, 2, 5]);
    assert_eq!(session.view(&all, Order::Frequency), [0, 2, 5, 4, 6, 1, 3]);
    let real = Filter { only: vec![Class::RealWord], ..Filter::default() };
    assert_eq!(session.view(&real, Order::Place), [1, 3]);
    let text = Filter { text: "GAEL".into(), min_confidence: 0.7, ..Filter::default() };
    assert_eq!(session.view(&text, Order::Place), [4, 6]);
    assert_eq!(session.view(&Filter { skip: vec![Class::Substitution], ..Filter::default() }, Order::Place), [1, 3]);
}

#[test]
fn the_next_in_doubt_is_the_nearest_to_the_threshold() {
    let mut session = session();
    let view = session.view(&Filter::default(), Order::Place);
    let mut seen = vec![session.next_doubtful(&view, None, 0.73).unwrap()];
    for _ in 0..6 {
        seen.push(session.next_doubtful(&view, seen.last().copied(), 0.73).unwrap());
    }
    assert_eq!(seen, [4, 6, 1, 3, 0, 2, 5]);
    for index in 0..7 {
        decide(&mut session, index, Verdict::Accept, Scope::Here);
    }
    assert_eq!(session.next_doubtful(&view, Some(0), 0.73), None);
}

/// An action of the session, or one that it refuses.
pub(in crate::review) fn any_action() -> impl Strategy<Value = Action> {
    let verdict = prop_oneof![
        Just(Verdict::Accept),
        Just(Verdict::Reject),
        select(vec!["the", "tbe", "x", "", "É"]).prop_map(|text| Verdict::Text(text.into())),
    ];
    let decide = (0..8_usize, verdict, select(vec![Scope::Here, Scope::File, Scope::Everywhere]));
    prop_oneof![
        6 => decide.prop_map(|(index, verdict, scope)| {
            let session = session();
            let mark = if index < 7 { session.mark(index) } else { Mark { start: 1, before: "e".into(), after: String::new() } };
            Action::Decide { mark, verdict, scope }
        }),
        1 => select(vec!["gaelach", "tbe", "no word"]).prop_map(|word| Action::OwnWord { word: word.into() }),
        2 => Just(Action::Undo),
    ]
}

proptest! {
    #[test]
    fn as_many_undos_as_actions_give_the_start(actions in prop::collection::vec(any_action(), 0..40)) {
        let mut reviewed = session();
        let mut done = 0_usize;
        for action in &actions {
            let before = reviewed.clone();
            match (reviewed.act(action, &ann()), action) {
                (Ok(_), Action::Undo) => done -= 1,
                (Ok(_), _) => done += 1,
                (Err(_), _) => prop_assert_eq!(&reviewed, &before),
            }
        }
        for _ in 0..done {
            reviewed.act(&Action::Undo, &ann()).unwrap();
        }
        prop_assert_eq!(reviewed, session());
    }

    /// The text is exactly what was decided, and the log says so too.
    #[test]
    fn the_text_is_what_was_decided(actions in prop::collection::vec(any_action(), 0..40)) {
        let mut reviewed = session();
        for action in &actions {
            let _ = reviewed.act(action, &ann());
        }
        let (mut expected, mut from) = (String::new(), 0);
        for (index, c) in reviewed.changes().iter().enumerate() {
            expected.push_str(&TEXT[from..c.span.start]);
            expected.push_str(match reviewed.ruling(index).map(|r| &r.verdict) {
                None if c.confidence > 0.7 => &c.after,
                Some(Verdict::Accept) => &c.after,
                None | Some(Verdict::Reject) => &c.before,
                Some(Verdict::Text(text)) => text,
            });
            from = c.span.end;
        }
        expected.push_str(&TEXT[from..]);
        prop_assert_eq!(reviewed.cleaned(), expected);
        let again = Session::new(Document::from_text(TEXT), reviewed.decided(), Target::AsRead);
        prop_assert_eq!(again.cleaned(), reviewed.cleaned());
        prop_assert_eq!(again.progress(), reviewed.progress());
    }
}
