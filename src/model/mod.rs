//! What is known of the language and of the channel: [`Lexicon`],
//! [`LanguageModel`], [`ConfusionModel`]. They know words, not files.

pub mod accept;
pub mod compounds;
pub mod confusion;
pub mod cost;
mod key;
pub mod language;
pub mod lexicon;
pub mod table;
pub mod trie;

pub use accept::AcceptModel;
pub use compounds::Compounds;
pub use confusion::ConfusionModel;
pub use key::{MAX_KEY, is_key, key, key_into};
pub use language::LanguageModel;
pub use lexicon::Lexicon;

use std::path::Path;

use table::Bytes;

/// All models of one language.
#[derive(Clone, Debug)]
pub struct Models {
    /// Which words there are.
    pub lexicon: Lexicon,
    /// Which words follow which.
    pub language: LanguageModel,
    /// Which letters are read for which.
    pub confusion: ConfusionModel,
    /// Which words are joined by hyphens.
    pub compounds: Compounds,
    /// Which changes are right.
    pub accept: AcceptModel,
}

impl Models {
    /// The English models that are part of the program.
    ///
    /// # Panics
    /// Never, if the program was built from a consistent source tree.
    #[must_use]
    pub fn embedded() -> Self {
        macro_rules! embed {
            ($name:literal) => {
                Bytes::Borrowed(include_bytes!(concat!("../../dictionaries/en/", $name)))
            };
        }
        Self::new(&[
            embed!("lexicon.bin"),
            embed!("prior.bin"),
            embed!("language.bin"),
            embed!("confusion.bin"),
            embed!("compounds.bin"),
            embed!("accept.bin"),
        ])
        .expect("the embedded models are those of this version")
    }

    /// The models compiled into `folder`, read into memory.
    ///
    /// # Errors
    /// If a file is missing, unreadable, or not a compiled model of this version.
    pub fn load(folder: &Path) -> Result<Self, DataError> {
        let mut files = Vec::new();
        for name in FILES {
            let path = folder.join(name);
            files.push(Bytes::Owned(std::fs::read(&path).map_err(|source| DataError::Unreadable { path, source })?));
        }
        Self::new(&files.try_into().expect("one for each name"))
    }

    fn new([words, prior, language, confusion, compounds, accept]: &[Bytes; FILES.len()]) -> Result<Self, DataError> {
        let lexicon = Lexicon::new(words, prior)?;
        Ok(Self {
            language: LanguageModel::new(language, &lexicon)?,
            confusion: ConfusionModel::new(confusion)?,
            compounds: Compounds::new(compounds)?,
            accept: AcceptModel::new(accept)?,
            lexicon,
        })
    }
}

/// The compiled files of a language.
pub const FILES: [&str; 6] =
    ["lexicon.bin", "prior.bin", "language.bin", "confusion.bin", "compounds.bin", "accept.bin"];

/// Why models could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A compiled file is not what it should be.
    #[error("cannot use {file}: {what}; build the data again or leave --data out")]
    Compiled {
        /// Name of the file.
        file: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A compiled file cannot be read.
    #[error("cannot read {}: {source}; --data needs a folder with {}", path.display(), FILES.join(", "))]
    Unreadable {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
