use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::review::session::tests::{ann, any_action, decide, session};
use crate::review::{Scope, Verdict};

const HASH: &str = "00ff";

fn file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = journal_path(&folder.path().join("page.txt"));
    (folder, path)
}

fn act(session: &mut Session, journal: &mut Journal, action: &Action) {
    let line = if *action == Action::Undo { session.undoing() } else { action.clone() };
    if session.act(action, &ann()).is_ok() {
        journal.add(&line, &ann()).unwrap();
    }
}

#[test]
fn a_line_that_a_crash_cut_off_is_as_if_not_written() {
    let (_folder, path) = file();
    let (mut journal, lines) = Journal::open(&path, HASH, Access::ANY).unwrap();
    assert!(lines.is_empty() && !path.exists(), "begun with the first action");
    let action = Action::Decide { mark: session().mark(0), verdict: Verdict::Reject, scope: Scope::Here };
    journal.add(&action, &ann()).unwrap();
    journal.add(&Action::OwnWord { word: "Gaelach".into() }, &ann()).unwrap();
    drop(journal);
    let whole = fs::read(&path).unwrap();
    for cut in 0..=whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let (mut journal, lines) = Journal::open(&path, HASH, Access::ANY).unwrap();
        let feeds = whole[..cut].iter().filter(|&&b| b == b'\n').count();
        assert_eq!(lines.len(), feeds.saturating_sub(1));
        journal.add(&Action::Undo, &ann()).unwrap();
        assert_eq!(Journal::open(&path, HASH, Access::ANY).unwrap().1.len(), lines.len() + 1);
    }
}

#[test]
fn what_is_no_journal_of_this_text_is_left_alone() {
    let (_folder, path) = file();
    let (mut journal, _) = Journal::open(&path, HASH, Access::ANY).unwrap();
    journal.add(&Action::Undo, &ann()).unwrap();
    let bytes = fs::read(&path).unwrap();
    assert!(matches!(Journal::open(&path, "other", Access::ANY), Err(JournalError::Foreign)));
    assert_eq!(fs::read(&path).unwrap(), bytes);
    for (content, is_expected) in [
        ("hello\n", (|e| matches!(e, JournalError::Foreign)) as fn(&JournalError) -> bool),
        ("hello", |e| matches!(e, JournalError::Foreign)),
        ("{\"review\":2,\"sha256\":\"00ff\",\"scanno\":\"\"}\n", |e| matches!(e, JournalError::Version(2))),
        ("{\"review\":1,\"sha256\":\"00ff\",\"scanno\":\"\"}\n\n{\"do\":\"dance\"}\n", |e| {
            matches!(e, JournalError::Damaged { line: 3, .. })
        }),
    ] {
        fs::write(&path, content).unwrap();
        let error = Journal::open(&path, HASH, Access::ANY).unwrap_err();
        assert!(is_expected(&error), "{content}: {error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn what_is_proposed_no_more_is_counted_and_the_rest_is_done() {
    let mut first = session();
    let gone = Action::Decide {
        mark: crate::review::Mark { start: 3, before: "saw".into(), after: "was".into() },
        verdict: Verdict::Accept,
        scope: Scope::Here,
    };
    decide(&mut first, 2, Verdict::Reject, Scope::Here);
    let line = |action| JournalLine { action, decided: ann() };
    let kept = Action::Decide { mark: first.mark(2), verdict: Verdict::Reject, scope: Scope::Here };
    let mut again = session();
    let lines = [line(kept), line(gone.clone()), line(Action::Undo), line(gone)];
    assert_eq!(again.replay(&lines), 2);
    assert_eq!(again, first);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is done, saved and undone: after a crash everything is as it was.
    #[test]
    fn a_crash_loses_nothing(
        actions in prop::collection::vec((any_action(), prop::bool::weighted(0.1)), 0..40)
    ) {
        let (_folder, path) = file();
        let (mut journal, _) = Journal::open(&path, HASH, Access::ANY).unwrap();
        let mut live = session();
        let mut log = live.decided();
        for (action, is_saved) in &actions {
            act(&mut live, &mut journal, action);
            if *is_saved {
                log = live.decided();
                journal.clear().unwrap();
                live.set_saved();
            }
        }
        drop(journal);
        let mut again = Session::new(live.document().clone(), log, live.target());
        let lines = Journal::open(&path, HASH, Access::ANY).unwrap().1;
        again.replay(&lines);
        prop_assert_eq!(again.cleaned(), live.cleaned());
        prop_assert_eq!(again.progress(), live.progress());
        // A crash between saving the log and removing the journal.
        let mut again = Session::new(live.document().clone(), live.decided(), live.target());
        again.replay(&lines);
        prop_assert_eq!(again.cleaned(), live.cleaned());
    }
}
