//! `scanno.toml`: the options of a project, kept beside its texts.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use scanno::Level;
use scanno::change::Class;
use scanno::corpus::SETTINGS_NAME;
use serde::Deserialize;
use toml::de::DeTable;

use crate::cli::input;

/// What a settings file may say. Each key is the long flag of the same name.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ConfigFile {
    pub(crate) level: Option<Level>,
    pub(crate) min_confidence: Option<f64>,
    pub(crate) only: Option<Vec<Class>>,
    pub(crate) skip: Option<Vec<Class>>,
    /// Relative to the settings file.
    #[serde(default)]
    pub(crate) lexicon: Vec<PathBuf>,
    /// Relative to the settings file.
    #[serde(default)]
    pub(crate) pairs: Vec<PathBuf>,
    /// Relative to the settings file.
    pub(crate) data: Option<PathBuf>,
    /// Relative to the settings file.
    pub(crate) memory: Option<PathBuf>,
    /// Relative to the settings file.
    pub(crate) model: Option<PathBuf>,
    #[serde(default)]
    pub(crate) to_utf8: bool,
}

/// The keys of [`ConfigFile`], for the message about one that is not among them.
const KEYS: [&str; 10] =
    ["data", "level", "lexicon", "memory", "min-confidence", "model", "only", "pairs", "skip", "to-utf8"];

impl ConfigFile {
    /// Reads the settings file at `path`; paths in it are made relative to it.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = input::read_text(path)?;
        let mut file = parse(&text).map_err(|(line, fault)| anyhow!("{}:{line}: {fault}", path.display()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for entry in file
            .lexicon
            .iter_mut()
            .chain(&mut file.pairs)
            .chain(&mut file.data)
            .chain(&mut file.model)
            .chain(&mut file.memory)
        {
            *entry = folder.join(&entry);
        }
        Ok(file)
    }
}

/// The settings file that applies to `inputs`: the nearest `scanno.toml`, from
/// the folder of an input upwards. A run has one setting, so that inputs
/// with different files cannot be cleaned together.
pub(crate) fn find<'p>(inputs: impl IntoIterator<Item = &'p Path>) -> Result<Option<PathBuf>> {
    let mut found: Option<(Option<PathBuf>, &Path)> = None;
    for input in inputs {
        let nearest = nearest(input);
        match &found {
            None => found = Some((nearest, input)),
            Some((first, _)) if *first == nearest => {}
            Some((first, first_input)) => {
                let name = |file: &Option<PathBuf>| {
                    file.as_ref().map_or_else(|| format!("no {SETTINGS_NAME}"), |file| file.display().to_string())
                };
                bail!(
                    "{} has {}, but {} has {}; clean them one after the other, or name one with --config",
                    first_input.display(),
                    name(first),
                    input.display(),
                    name(&nearest)
                );
            }
        }
    }
    Ok(found.and_then(|(file, _)| file))
}

fn nearest(input: &Path) -> Option<PathBuf> {
    let input = std::path::absolute(input).ok()?;
    let start = if input.is_dir() { input.as_path() } else { input.parent()? };
    start.ancestors().map(|folder| folder.join(SETTINGS_NAME)).find(|file| file.is_file())
}

/// Reads the text of a settings file; else the line, from 1, and what is wrong with it.
fn parse(text: &str) -> Result<ConfigFile, (usize, String)> {
    let line = |span: Option<Range<usize>>| {
        1 + span.and_then(|span| text.get(..span.start)).map_or(0, |before| before.matches('\n').count())
    };
    let fault = |error: toml::de::Error| (line(error.span()), error.message().replace('\n', ", ").replace('`', "\""));
    let table = DeTable::parse(text).map_err(fault)?;
    let mut unknown: Vec<_> = table.get_ref().keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref())).collect();
    unknown.sort_by_key(|key| key.span().start);
    if let Some(key) = unknown.first() {
        let name = key.get_ref();
        let known = nearest_key(name).map_or_else(
            || format!("the keys are {}", KEYS.join(", ")),
            |nearest| format!("did you mean \"{nearest}\"?"),
        );
        return Err((line(Some(key.span())), format!("unknown key \"{name}\"; {known}")));
    }
    let file: ConfigFile = toml::from_str(text).map_err(fault)?;
    if let Some(p) = file.min_confidence.filter(|p| !(0.0..=1.0).contains(p)) {
        let key = table.get_ref().keys().find(|key| key.get_ref() == "min-confidence");
        return Err((line(key.map(|key| key.span())), format!("min-confidence is {p}, and must be between 0 and 1")));
    }
    Ok(file)
}

/// The key that `name` was probably meant to be. Jaro-Winkler similarity of at
/// least 0.8, where clap too begins to propose a flag.
fn nearest_key(name: &str) -> Option<&'static str> {
    const SIMILAR: f64 = 0.8;
    let name = name.to_lowercase().replace('_', "-");
    KEYS.into_iter()
        .map(|key| (strsim::jaro_winkler(key, &name), key))
        .filter(|&(similarity, _)| similarity >= SIMILAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read() {
        let text = "level = \"eager\"\nmin-confidence = 0.5\nonly = [\"real-word\"]\nskip = [\"split\"]\n\
                    lexicon = [\"names.txt\"]\npairs = [\"pairs.tsv\"]\ndata = \"models\"\nmodel = \"my.model\"\nmemory = \"decisions.jsonl\"\nto-utf8 = true\n";
        for key in KEYS {
            assert!(text.contains(&format!("{key} = ")), "{key}");
        }
        assert_eq!(
            parse(text),
            Ok(ConfigFile {
                level: Some(Level::Eager),
                min_confidence: Some(0.5),
                only: Some(vec![Class::RealWord]),
                skip: Some(vec![Class::Split]),
                lexicon: vec!["names.txt".into()],
                pairs: vec!["pairs.tsv".into()],
                data: Some("models".into()),
                model: Some("my.model".into()),
                memory: Some("decisions.jsonl".into()),
                to_utf8: true,
            })
        );
        assert_eq!(parse(""), Ok(ConfigFile::default()));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_key() {
        let (line, fault) = parse("# mine\nlevel = \"eager\"\n\nmin_confidense = 1").unwrap_err();
        assert_eq!(line, 4);
        assert_eq!(fault, "unknown key \"min_confidense\"; did you mean \"min-confidence\"?");
        let (_, fault) = parse("[colour]").unwrap_err();
        assert!(fault.contains("the keys are data, level"), "{fault}");
    }

    #[test]
    fn a_wrong_value_is_named_with_its_line() {
        let (line, fault) = parse("\nlevel = \"bold\"").unwrap_err();
        assert_eq!(line, 2);
        assert!(fault.contains("bold") && fault.contains("cautious"), "{fault}");
        let (line, _) = parse("level = \"eager\"\nto-utf8 = 3\n").unwrap_err();
        assert_eq!(line, 2);
        let (line, fault) = parse("level = \"eager\"\nonly = [\n").unwrap_err();
        assert!(line >= 2 && !fault.contains('\n'), "{line}: {fault}");
    }
}
