//! [`ExitCode`]: what the shell is told.

/// The ways to end, the first three as `diff` has them. Ordered: of several
/// files the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ExitCode {
    /// Everything was done; for `check`, `review` and `clean --diff`: nothing to report.
    Done = 0,
    /// `check`, `review` and `clean --diff`: there is something to report;
    /// `lexicon`: a word is not known.
    Found = 1,
    /// Wrong usage, or at least one file could not be done; the others were.
    Trouble = 2,
    /// Ctrl-C: what a shell reports of a program ended by SIGINT, 128 + 2.
    Interrupted = 130,
}

/// The last paragraph of every `--help`.
pub(crate) const HELP: &str = "\
Exit code:
  0  done; for `check`, `review` and `clean --diff`: nothing to report
  1  `check`, `review` and `clean --diff`: there is something to report; `lexicon`: a word is not known
  2  trouble: wrong usage, or a file that could not be done (all others were)";

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_counts() {
        assert_eq!([ExitCode::Found, ExitCode::Trouble, ExitCode::Done].into_iter().max(), Some(ExitCode::Trouble));
    }

    #[test]
    fn the_codes_are_those_of_the_help() {
        for code in [ExitCode::Done, ExitCode::Found, ExitCode::Trouble] {
            assert!(HELP.contains(&format!("\n  {}  ", code as u8)));
        }
    }
}
