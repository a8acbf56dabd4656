//! Who gives a change its confidence: the accept model, or the generator that
//! proposes it, which can tell from counts or from the shape of what is written.
//!
//! A log does not say it, for it follows from what it does say. What people
//! decide about a change speaks of that judge alone.

use super::{Rule, compound, line_end};
use crate::model::Models;

/// Whether the accept model judged the reading `after` of `before` that the
/// generator of this name in logs has proposed. False for what is no generator.
pub(crate) fn is_left_to_accept_model(models: &Models, rule: &str, before: &str, after: &str) -> bool {
    let Some(rule) = Rule::ALL.into_iter().find(|known| known.name() == rule) else { return false };
    match rule {
        Rule::Confusion | Rule::Variant | Rule::Join => true,
        Rule::Split => !compound::may_be_hyphenated(&models.lexicon, after),
        Rule::LineEnd => line_end::is_misread(before, after),
        Rule::Keep | Rule::Compound | Rule::Abbreviation | Rule::Number | Rule::Letters | Rule::Pair => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{Config, Corrector};

    /// Rules of the changes proposed in `text`, each with whether the accept
    /// model was asked, which must be what is said of it.
    fn seen(corrector: &Corrector, text: &str) -> BTreeSet<(String, bool)> {
        let asked = |p: crate::Proposal| {
            let c = &p.correction;
            let said = is_left_to_accept_model(corrector.models(), &c.rule, &c.before, &c.after);
            assert_eq!(said, !p.is_own_judgment, "{}: {:?} → {:?}", c.rule, c.before, c.after);
            (c.rule.to_string(), said)
        };
        corrector.propose(text).into_iter().map(asked).collect()
    }

    #[test]
    fn the_judge_of_a_change_follows_from_its_rule_and_its_text() {
        let text = "He opened tbe door ofthe old house on the l9th and tHE com mittee met. The goverment sent its \
                    chairmanspoke for the Statecontrolled schools and the goldring of Quorvaxen, Quorvaxen, \
                    Quorvaxcn and Quorvaxen, to the com-\nmittee of the U.S-led forces and U.S.-led men, the \
                    govern-\nmcnt and the inhabi-\ntants. The oﬃce of theland was policeofficer and farmlabourers.";
        let pairs = vec![("schools".to_owned(), "shoals".to_owned())];
        let found = seen(&Corrector::new(Config { pairs, ..Config::default() }), text);
        for (rule, is_asked) in [
            ("confusion", true),
            ("variant", true),
            ("join", true),
            ("split", true),
            ("split", false),
            ("compound", false),
            ("line-end", true),
            ("line-end", false),
            ("number", false),
            ("letters", false),
            ("abbreviation", false),
            ("pair", false),
        ] {
            assert!(found.contains(&(rule.to_owned(), is_asked)), "{rule} {is_asked}: {found:?}");
        }
    }

    #[test]
    fn what_people_remembered_and_what_is_not_known_is_no_judgment_of_the_accept_model() {
        let models = Models::embedded();
        for rule in ["memory", "keep", "a later one"] {
            assert!(!is_left_to_accept_model(&models, rule, "tbe", "the"), "{rule}");
        }
    }

    mod eval_data {
        use super::*;

        #[test]
        #[ignore = "needs SCANNO_EVAL_DATA, a folder of collections of pairs"]
        fn the_judge_follows_on_real_pages() {
            let corrector = Corrector::new(Config::default());
            let data = std::env::var_os("SCANNO_EVAL_DATA").expect("SCANNO_EVAL_DATA");
            let files = |path: std::path::PathBuf| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
            for collection in files(data.into()).filter(|path| path.is_dir()) {
                let pages = files(collection).filter(|path| path.to_string_lossy().ends_with(".ocr.txt"));
                for page in pages {
                    seen(&corrector, &std::fs::read_to_string(&page).unwrap());
                }
            }
        }
    }
}
