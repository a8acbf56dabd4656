//! What is known of the language and of the channel: [`Lexicon`],
//! [`LanguageModel`], [`ConfusionModel`]. They know words, not files.

pub mod accept;
pub mod compounds;
pub mod confusion;
pub mod cost;
pub mod estimate;
mod familiar;
mod key;
pub mod language;
pub mod lexicon;
pub mod separator;
pub mod table;
pub mod trie;

pub use accept::AcceptModel;
pub use compounds::Compounds;
pub use confusion::{AdaptedChannel, ConfusionModel};
pub use estimate::EstimateModel;
pub use familiar::{FamiliarWords, Seen};
pub(crate) use key::is_spelling;
pub use key::{MAX_KEY, is_key, key, key_into};
pub use language::LanguageModel;
pub use lexicon::Lexicon;

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use table::Bytes;

/// All models of one language.
#[derive(Clone, Debug)]
pub struct Models {
    /// Which words there are.
    pub lexicon: Lexicon,
    /// Which words follow which.
    pub language: LanguageModel,
    /// Which letters are read for which.
    pub confusion: Arc<ConfusionModel>,
    /// Which words are joined by hyphens.
    pub compounds: Compounds,
    /// Which changes are right.
    pub accept: AcceptModel,
    /// What signs of errors stand for.
    pub estimate: EstimateModel,
    /// Words that are known to be right in the texts at hand.
    pub familiar: FamiliarWords,
    /// Language and content of the files, as `en 1a2b3c4d`: models of one
    /// version make the same changes.
    pub version: String,
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
        let files = [
            embed!("lexicon.bin"),
            embed!("prior.bin"),
            embed!("language.bin"),
            embed!("confusion.bin"),
            embed!("compounds.bin"),
            embed!("accept.bin"),
            embed!("estimate.tsv"),
        ];
        Self::new(&files, include_str!("../../dictionaries/en/VERSION").trim())
            .expect("the embedded models are those of this version")
    }

    /// The models compiled into `folder`, read into memory.
    ///
    /// # Errors
    /// If a file is missing, unreadable, not a compiled model of this version,
    /// or not the one that was compiled together with the others.
    pub fn load(folder: &Path) -> Result<Self, DataError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|source| DataError::Unreadable { path, source })
        };
        let files = FILES.iter().map(|name| read(name).map(Bytes::Owned)).collect::<Result<Vec<_>, _>>()?;
        let version = String::from_utf8_lossy(&read(VERSION_FILE)?).into_owned();
        // A byte that has gone wrong would be found in the middle of a text, or never.
        let language = version.split_whitespace().next().unwrap_or_default();
        if version.trim() != Self::version_of(language, files.iter().map(|file| &**file)) {
            return Err(DataError::Compiled { file: VERSION_FILE, what: "the files are not those it was made for" });
        }
        Self::new(&files.try_into().expect("one for each name"), version.trim())
    }

    fn new(files: &[Bytes; FILES.len()], version: &str) -> Result<Self, DataError> {
        let [words, prior, language, confusion, compounds, accept, estimate] = files;
        let lexicon = Lexicon::new(words, prior)?;
        Ok(Self {
            language: LanguageModel::new(language, &lexicon)?,
            confusion: Arc::new(ConfusionModel::new(confusion)?),
            compounds: Compounds::new(compounds)?,
            accept: AcceptModel::new(accept)?,
            estimate: EstimateModel::from_text(estimate)?,
            lexicon,
            familiar: FamiliarWords::default(),
            version: version.to_owned(),
        })
    }

    /// The version of compiled `files`, given in the order of [`FILES`]:
    /// `language` and eight hexadecimal digits of a hash of all. It is worked
    /// out when they are compiled, and stored beside them in [`VERSION_FILE`].
    pub fn version_of<'b>(language: &str, files: impl IntoIterator<Item = &'b [u8]>) -> String {
        let mut hash = Sha256::new();
        for file in files {
            hash.update((file.len() as u64).to_le_bytes());
            hash.update(file);
        }
        let digits: String = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        format!("{language} {digits}")
    }
}

/// The files of a language: all compiled but the last, which is short enough to be read as it is.
pub const FILES: [&str; 7] =
    ["lexicon.bin", "prior.bin", "language.bin", "confusion.bin", "compounds.bin", "accept.bin", ESTIMATE_FILE];

/// Holds what signs of errors stand for: see [`EstimateModel`].
pub const ESTIMATE_FILE: &str = "estimate.tsv";

/// Names the version of the compiled files it lies beside.
pub const VERSION_FILE: &str = "VERSION";

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
    #[error(
        "{}: {}; a folder of models has {} and {VERSION_FILE}",
        path.display(),
        crate::fault::describe(source),
        FILES.join(", ")
    )]
    Unreadable {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/dictionaries/en"))
    }

    #[test]
    fn the_stored_version_is_that_of_the_files() {
        let files = FILES.map(|name| std::fs::read(folder().join(name)).unwrap());
        let version = Models::version_of("en", files.iter().map(Vec::as_slice));
        assert_eq!(Models::embedded().version, version, "run `cargo xtask compile` and commit {VERSION_FILE}");
    }

    #[test]
    fn what_is_wrong_with_a_folder_is_said() {
        assert_eq!(Models::load(folder()).unwrap().version, Models::embedded().version);
        let copy = tempfile::tempdir().unwrap();
        for name in FILES {
            std::fs::copy(folder().join(name), copy.path().join(name)).unwrap();
        }
        let fault = || Models::load(copy.path()).unwrap_err().to_string();
        assert!(fault().contains("VERSION: no such file"), "{}", fault());
        let version = std::fs::read(folder().join(VERSION_FILE)).unwrap();
        std::fs::write(copy.path().join(VERSION_FILE), version).unwrap();
        assert_eq!(Models::load(copy.path()).unwrap().version, Models::embedded().version);
        let mut damaged = std::fs::read(folder().join("language.bin")).unwrap();
        damaged[1_000_000] ^= 1;
        std::fs::write(copy.path().join("language.bin"), damaged).unwrap();
        assert!(fault().contains("VERSION: the files are not those"), "{}", fault());
    }
}
