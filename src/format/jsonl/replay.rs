//! From the original to the cleaned file and back.

use super::{Log, LogError};

/// Why a log cannot be used on a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// TODO
    #[error("{0}")]
    Log(#[from] LogError),
}

impl Log {
    /// Makes the cleaned file.
    ///
    /// # Errors
    /// TODO
    pub fn apply(&self, original: &[u8]) -> Result<Vec<u8>, ReplayError> {
        todo!()
    }

    /// [`Log::apply`], with the log that leads back from the result.
    ///
    /// # Errors
    /// As of [`Log::apply`].
    pub fn apply_updated(&self, original: &[u8]) -> Result<(Vec<u8>, Self), ReplayError> {
        todo!()
    }

    /// Makes the original file.
    ///
    /// # Errors
    /// TODO
    pub fn revert(&self, cleaned: &[u8]) -> Result<Vec<u8>, ReplayError> {
        todo!()
    }

    /// The document and its corrections
    ///
    /// # Errors
    /// TODO
    pub fn open(&self, original: &[u8]) -> Result<(crate::Document, crate::ChangeLog), ReplayError> {
        todo!()
    }
}
