//! `scanno.toml`: the options of a project, kept beside its texts.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use scanno::Level;
use scanno::change::Class;
use scanno::corpus::SETTINGS_NAME;
use scanno::model::{FILES, VERSION_FILE};
use serde::Deserialize;
use toml::de::DeTable;

use crate::cli::source::{self, Source};

/// What a settings file may say. Each key is the long flag of the same name.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ConfigFile {
    pub(crate) level: Option<Level>,
    pub(crate) min_confidence: Option<f64>,
    pub(crate) only: Option<Vec<Class>>,
    pub(crate) skip: Option<Vec<Class>>,
    #[serde(default)]
    lexicon: Vec<PathBuf>,
    #[serde(default)]
    pairs: Vec<PathBuf>,
    data: Option<PathBuf>,
    memory: Option<PathBuf>,
    model: Option<PathBuf>,
    #[serde(default)]
    pub(crate) to_utf8: bool,
    /// Where it lies: what it names lies relative to that.
    #[serde(skip)]
    path: PathBuf,
    /// Nobody has named it: it was found beside a text, and may be anyone's.
    #[serde(skip)]
    is_found: bool,
}

/// A key that names lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKey {
    Lexicon,
    Pairs,
}

/// A key that names one file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SourceKey {
    Data,
    Memory,
    Model,
}

/// The keys of [`ConfigFile`], for the message about one that is not among them.
const KEYS: [&str; 10] =
    ["data", "level", "lexicon", "memory", "min-confidence", "model", "only", "pairs", "skip", "to-utf8"];

impl ConfigFile {
    /// Reads the settings file at `path`, which the user has named or keeps as their own.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        Self::of(path, source::read(path, true)?)
    }

    /// The settings file; none if there is none.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        Some(self.path.clone()).filter(|path| !path.as_os_str().is_empty())
    }

    /// Reads the settings file at `path`, which was found.
    fn read_found(path: &Path) -> Result<Self> {
        let folder = folder_of(path);
        if let Some(target) = leading_out(folder, path) {
            bail!(
                "{}: leads out of its folder, to {}; such settings count only if they are named with --config",
                path.display(),
                target.display()
            );
        }
        Ok(Self { is_found: true, ..Self::of(path, source::read(path, false)?)? })
    }

    fn of(path: &Path, bytes: Vec<u8>) -> Result<Self> {
        let text = String::from_utf8(bytes).ok();
        let text = text.with_context(|| format!("{}: not UTF-8; convert it to UTF-8", path.display()))?;
        let file = parse(&text).map_err(|(line, fault)| anyhow!("{}:{line}: {fault}", path.display()))?;
        Ok(Self { path: path.to_path_buf(), ..file })
    }

    /// The lists that `key` names.
    pub(crate) fn list(&self, key: ListKey) -> Result<Vec<Source>> {
        let (name, entries) = match key {
            ListKey::Lexicon => ("lexicon", &self.lexicon),
            ListKey::Pairs => ("pairs", &self.pairs),
        };
        let remedy = || format!("name the settings with --config {}", self.path.display());
        entries.iter().map(|entry| self.checked(name, entry, remedy)).collect()
    }

    /// What `key` names.
    pub(crate) fn source(&self, key: SourceKey) -> Result<Option<Source>> {
        let (name, entry) = match key {
            SourceKey::Data => ("data", &self.data),
            SourceKey::Memory => ("memory", &self.memory),
            SourceKey::Model => ("model", &self.model),
        };
        let Some(entry) = entry else { return Ok(None) };
        let source = self.checked(name, entry, || format!("name it with --{name}"))?;
        if key == SourceKey::Data && self.is_found {
            for file in FILES.into_iter().chain([VERSION_FILE]) {
                self.checked(name, &entry.join(file), || format!("name it with --{name}"))?;
            }
        }
        Ok(Some(source))
    }

    /// What `entry` of `key` names, if these settings may name it: found ones only what lies in their own folder.
    fn checked(&self, key: &str, entry: &Path, remedy: impl Fn() -> String) -> Result<Source> {
        let folder = folder_of(&self.path);
        let path = folder.join(entry);
        if !self.is_found {
            return Ok(Source::named(&path));
        }
        if let Some(target) = leading_out(folder, &path) {
            bail!(
                "{}: {key} names {}, which is {}, outside the folder of the settings; if that is meant, {}",
                self.path.display(),
                entry.display(),
                target.display(),
                remedy()
            );
        }
        Ok(Source::found(path))
    }
}

fn folder_of(settings: &Path) -> &Path {
    settings.parent().unwrap_or(Path::new(""))
}

/// Where `path` leads, if that is not in `folder`. What does not exist yet, be it only the
/// last part, lies where it would be made.
fn leading_out(folder: &Path, path: &Path) -> Option<PathBuf> {
    let Ok(folder) = folder.canonicalize() else { return Some(path.to_path_buf()) };
    for existing in path.ancestors() {
        match existing.canonicalize() {
            Ok(target) => {
                // `..` after what is not there would lead anywhere.
                let rest = path.strip_prefix(existing).unwrap_or(Path::new(""));
                let is_inside = target.starts_with(&folder) && rest.components().all(|c| c != Component::ParentDir);
                return if is_inside { None } else { Some(target.join(rest).components().collect()) };
            }
            // A link to what is not there.
            Err(_) if existing.symlink_metadata().is_ok() => {
                return Some(std::fs::read_link(existing).unwrap_or_else(|_| path.to_path_buf()));
            }
            Err(_) => {}
        }
    }
    Some(path.to_path_buf())
}

/// The settings that apply to `inputs`: those of the nearest settings file, or else the user's own; none if
/// there are none.
pub(crate) fn applying<'p>(inputs: impl IntoIterator<Item = &'p Path>) -> Result<ConfigFile> {
    if let Some(found) = find(inputs)? {
        return ConfigFile::read_found(&found);
    }
    match own_settings().filter(|path| path.is_file()) {
        Some(path) => ConfigFile::read(&path),
        None => Ok(ConfigFile::default()),
    }
}

/// Where the user's own settings lie, if they do: in the folder that the system has for them.
fn own_settings() -> Option<PathBuf> {
    let folder = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let base = if cfg!(windows) {
        folder("APPDATA")
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))
    };
    Some(base?.join("scanno").join(SETTINGS_NAME))
}

/// The settings file that applies to `inputs`: the nearest `scanno.toml`, from
/// the folder of an input upwards. A run has one setting, so that inputs
/// with different files cannot be cleaned together.
fn find<'p>(inputs: impl IntoIterator<Item = &'p Path>) -> Result<Option<PathBuf>> {
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
                ..ConfigFile::default()
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
