//! The [`Corrector`]: models and options, ready to correct any number of documents.

use crate::{ChangeLog, Config, Document};

/// Owns the models and the [`Config`]. Immutable: one corrector serves any
/// number of threads.
#[derive(Debug)]
pub struct Corrector {
    config: Config,
}

impl Corrector {
    /// A corrector with the embedded English models.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self { config }
    }

    /// The options it was made with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Every correction and finding of `document`.
    #[must_use]
    pub fn correct(&self, document: &Document) -> ChangeLog {
        let _ = document;
        ChangeLog::default()
    }
}
