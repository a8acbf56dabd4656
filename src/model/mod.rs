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

use std::fs::File;
use std::io::Read;
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
        Self::new(&Self::embedded_files(), include_str!("../../dictionaries/en/VERSION").trim())
            .expect("the embedded models are those of this version")
    }

    fn embedded_files() -> [Bytes; FILES.len()] {
        macro_rules! embed {
            ($name:literal) => {
                Bytes::Borrowed(include_bytes!(concat!("../../dictionaries/en/", $name)))
            };
        }
        [
            embed!("lexicon.bin"),
            embed!("prior.bin"),
            embed!("language.bin"),
            embed!("confusion.bin"),
            embed!("compounds.bin"),
            embed!("accept.bin"),
            embed!("estimate.tsv"),
        ]
    }

    /// The models compiled into `folder`, read into memory. Once they are, no
    /// look-up in them can fail.
    ///
    /// # Errors
    /// If a file is missing, unreadable, not a compiled model of this version,
    /// damaged, or not the one that was compiled together with the others.
    pub fn load(folder: &Path) -> Result<Self, DataError> {
        let files = FILES.iter().map(|name| read(folder, name).map(Bytes::Owned)).collect::<Result<Vec<_>, _>>()?;
        let version = String::from_utf8_lossy(&read(folder, VERSION_FILE)?).into_owned();
        let fail = |what| DataError::Compiled { file: VERSION_FILE, what };
        let language = version.split_whitespace().next().unwrap_or_default();
        if !is_language(language) {
            return Err(fail("it does not begin with a language, as `en`"));
        }
        // A byte that has gone wrong would be found in the middle of a text, or never.
        if version.trim() != Self::version_of(language, files.iter().map(|file| &**file)) {
            return Err(fail("the files are not those it was made for"));
        }
        let models = Self::new(&files.try_into().expect("one for each name"), version.trim())?;
        // The version of files that were made to do harm is right, too.
        models.check()?;
        Ok(models)
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

    /// Looks at every table, so that nothing in them needs to be looked at again.
    fn check(&self) -> Result<(), DataError> {
        self.lexicon.check()?;
        self.language.check()?;
        self.confusion.check()?;
        self.compounds.check(self.lexicon.len())?;
        self.accept.check()
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

/// The most bytes of a compiled file: 512 MiB, some sixty times the largest of English.
const LARGEST_FILE: u64 = 512 << 20;

/// The file `name` in `folder`.
fn read(folder: &Path, name: &'static str) -> Result<Vec<u8>, DataError> {
    let path = folder.join(name);
    let mut bytes = Vec::new();
    let read = File::open(&path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
    read.map_err(|source| DataError::Unreadable { path, source })?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(DataError::Compiled { file: name, what: "it is more than 512 MB" });
    }
    Ok(bytes)
}

/// True for what may name a language in logs: letters, digits and hyphens, as
/// many as a tag of BCP 47 needs.
fn is_language(name: &str) -> bool {
    (1..=35).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
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
    #[error("cannot use {file}: {what}; build the data again, or leave --data (`data` in scanno.toml) out")]
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
        crate::files::describe(source),
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
mod damage_tests;

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
