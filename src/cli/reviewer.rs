//! The person who decides, and when.

use std::time::SystemTime;

use scanno::change::Decided;

/// A decision taken now by the person who runs the program.
pub(crate) fn decided_now() -> Decided {
    Decided { by: name(), at: humantime::format_rfc3339_seconds(SystemTime::now()).to_string() }
}

/// $SCANNO_REVIEWER, else the login name.
pub(crate) fn name() -> String {
    ["SCANNO_REVIEWER", "USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .filter_map(|variable| std::env::var(variable).ok())
        .find(|name| !name.trim().is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}
