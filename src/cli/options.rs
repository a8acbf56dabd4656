//! Options about correcting, which `clean`, `batch` and `review` share: flags,
//! laid over the settings file.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use scanno::change::{Class, Target};
use scanno::corpus::{Plan, SETTINGS_NAME};
use scanno::format::jsonl::Header;
use scanno::memory::Remembered;
use scanno::model::{DataError, FILES, Models, VERSION_FILE};
use scanno::{Config, Corrector, Level};

use crate::cli::config_file::{self, ConfigFile, ListKey, SourceKey};
use crate::cli::overlap::is_same_file;
use crate::cli::source::Source;
use crate::cli::{learn, lexicon_file, memory, pairs_file};

/// Flags about correcting.
#[derive(Debug, Args)]
#[command(next_help_heading = "Correcting")]
pub(crate) struct CorrectingOptions {
    /// How sure to be before a change is made [default: balanced]
    #[arg(long, value_parser = level_parser(), value_name = "LEVEL")]
    level: Option<Level>,
    /// Make changes from this confidence on, 0 to 1, in place of the level's
    #[arg(long, value_name = "P", value_parser = parse_confidence)]
    min_confidence: Option<f64>,
    /// Make and suggest only changes of these classes, separated by commas
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = parse_class, long_help = ONLY_HELP.as_str())]
    only: Vec<Class>,
    /// Neither make nor suggest changes of these classes
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = parse_class)]
    skip: Vec<Class>,
    /// Write UTF-8 whatever the encoding of the input
    #[arg(long)]
    to_utf8: bool,
    #[command(flatten)]
    sources: SourceOptions,
}

/// Flags that say where words and options come from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Correcting")]
pub(crate) struct SourceOptions {
    /// Own words, one a line, `#` for comments: known, and never changed; may be given more than once
    #[arg(long, value_name = "FILE")]
    lexicon: Vec<PathBuf>,
    /// Own corrections, one a line: the word as it is read, a tab, what is meant; made at every level; may be given more than once
    #[arg(long, value_name = "FILE")]
    pairs: Vec<PathBuf>,
    /// Settings file [default: the nearest scanno.toml, from the input's folder upwards]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Other compiled models than the built-in English ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Model of the collection, as `scanno learn` makes it, over the general ones
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// What people have decided before, as `scanno apply` keeps it
    #[arg(long, value_name = "FILE")]
    memory: Option<PathBuf>,
}

static ONLY_HELP: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    format!("Make and suggest only changes of these classes, separated by commas: {}", class_names().join(", "))
});

/// What holds for one run.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) config: Config,
    pub(crate) data: Option<Source>,
    /// The collection's model.
    pub(crate) model: Option<Source>,
    /// What people have decided.
    pub(crate) memory: Option<Source>,
    pub(crate) to_utf8: bool,
    /// The settings file.
    file: Option<PathBuf>,
    /// Where the own words came from, for the log.
    lexicon: Vec<Source>,
    /// Where the own corrections came from, for the log.
    pairs: Vec<Source>,
}

impl CorrectingOptions {
    /// The settings for `inputs`: each flag in place of the settings file's
    /// key; own words of both.
    pub(crate) fn resolve<'p>(&self, inputs: impl IntoIterator<Item = &'p Path>) -> Result<Settings> {
        let file = self.sources.settings_file(inputs)?;
        let Chosen { lexicon, pairs, data, model, memory } = self.sources.chosen(&file)?;
        let own_words = own_words(&lexicon)?;
        let chosen = |flag: &[Class], key: Option<Vec<Class>>| {
            if flag.is_empty() { key.unwrap_or_default() } else { flag.to_vec() }
        };
        Ok(Settings {
            file: file.path(),
            config: Config {
                level: self.level.or(file.level).unwrap_or_default(),
                min_confidence: self.min_confidence.or(file.min_confidence),
                only: chosen(&self.only, file.only),
                skip: chosen(&self.skip, file.skip),
                own_words,
                pairs: own_pairs(&pairs)?,
                memory: remembered(memory.as_ref())?,
            },
            data,
            model,
            memory,
            to_utf8: self.to_utf8 || file.to_utf8,
            lexicon,
            pairs,
        })
    }
}

impl CorrectingOptions {
    /// The confidence that was asked for on the command line.
    pub(crate) fn min_confidence(&self) -> Option<f64> {
        self.min_confidence
    }
}

/// Where words and models come from: each flag in place of the settings
/// file's key; lists of both.
struct Chosen {
    lexicon: Vec<Source>,
    pairs: Vec<Source>,
    data: Option<Source>,
    model: Option<Source>,
    memory: Option<Source>,
}

impl SourceOptions {
    /// The settings file that applies to `inputs`; an empty one if there is none.
    fn settings_file<'p>(&self, inputs: impl IntoIterator<Item = &'p Path>) -> Result<ConfigFile> {
        match &self.config {
            Some(path) => ConfigFile::read(path),
            None => config_file::applying(inputs),
        }
    }

    fn chosen(&self, file: &ConfigFile) -> Result<Chosen> {
        let lists = |of_file: Vec<Source>, flags: &[PathBuf]| {
            of_file.into_iter().chain(flags.iter().map(|path| Source::named(path))).collect()
        };
        let one = |flag: &Option<PathBuf>, key| match flag {
            Some(path) => Ok(Some(Source::named(path))),
            None => file.source(key),
        };
        Ok(Chosen {
            lexicon: lists(file.list(ListKey::Lexicon)?, &self.lexicon),
            pairs: lists(file.list(ListKey::Pairs)?, &self.pairs),
            data: one(&self.data, SourceKey::Data)?,
            model: one(&self.model, SourceKey::Model)?,
            memory: one(&self.memory, SourceKey::Memory)?,
        })
    }

    /// The settings for words that are in no file, all options as they are by default.
    pub(crate) fn resolve_here(&self) -> Result<Settings> {
        let file = self.settings_file([Path::new(".")])?;
        let Chosen { lexicon, pairs, data, model, memory } = self.chosen(&file)?;
        let config = Config {
            own_words: own_words(&lexicon)?,
            pairs: own_pairs(&pairs)?,
            memory: remembered(memory.as_ref())?,
            ..Config::default()
        };
        Ok(Settings { config, data, model, memory, to_utf8: false, file: file.path(), lexicon, pairs })
    }

    /// The one list of own words that is to be edited.
    pub(crate) fn list_to_edit(&self) -> Result<Source> {
        if let [list] = &*self.lexicon {
            return Ok(Source::named(list));
        }
        let lists = self.settings_file([Path::new(".")])?.list(ListKey::Lexicon)?;
        match (&*self.lexicon, &*lists) {
            ([], [list]) => Ok(list.clone()),
            ([], []) => bail!(
                "no list of own words is named; name one with --lexicon FILE, or as lexicon = [\"FILE\"] in {SETTINGS_NAME}"
            ),
            _ => bail!("there is more than one list of own words; name the one to edit with --lexicon FILE"),
        }
    }
}

fn own_words(lists: &[Source]) -> Result<Vec<String>> {
    let words = lists.iter().map(lexicon_file::read).collect::<Result<Vec<_>>>()?;
    Ok(words.concat())
}

fn own_pairs(lists: &[Source]) -> Result<Vec<(String, String)>> {
    let pairs = lists.iter().map(pairs_file::read).collect::<Result<Vec<_>>>()?;
    Ok(pairs.concat())
}

/// What `memory` holds.
fn remembered(memory: Option<&Source>) -> Result<Vec<Remembered>> {
    memory.map_or(Ok(Vec::new()), memory::read)
}

impl Settings {
    /// Leaves the project's memory out of what is read: it lies among the texts, and its lines look like records.
    pub(crate) fn leave_out_memory(&self, plan: &mut Plan) {
        if let Some(memory) = &self.memory {
            plan.jobs.retain(|job| !is_same_file(&job.input, memory.path()));
        }
    }

    /// The files that these settings are read from, each with what it is.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&'static str, PathBuf)> {
        let named = |what, sources: &[Source]| -> Vec<_> {
            sources.iter().map(|source| (what, source.path().to_path_buf())).collect()
        };
        let sources = [
            self.file.iter().map(|file| ("the settings", file.clone())).collect(),
            named("the list of own words", &self.lexicon),
            named("the list of own corrections", &self.pairs),
            named("the model of the collection", self.model.as_slice()),
            named("the memory", self.memory.as_slice()),
            self.data.iter().flat_map(|folder| models_in(folder.path())).collect(),
        ];
        sources.into_iter().flatten()
    }

    /// The lists of own words.
    pub(crate) fn lists(&self) -> &[Source] {
        &self.lexicon
    }

    /// The encoding of what is written.
    pub(crate) fn target(&self) -> Target {
        if self.to_utf8 { Target::Utf8 } else { Target::AsRead }
    }

    /// The corrector that these settings describe.
    pub(crate) fn corrector(&self) -> Result<Corrector> {
        let mut models = match &self.data {
            Some(folder) => load_models(folder)?,
            None => Models::embedded(),
        };
        if let Some(model) = &self.model {
            models = learn::read(model)?.models(&models);
        }
        Ok(Corrector::with_models(models, self.config.clone()))
    }

    /// What logs say of the options, as the settings file would state them;
    /// what has its default is left out, but for the level.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let mut json = serde_json::json!({ "level": self.config.level });
        if let Some(p) = self.config.min_confidence {
            json["min-confidence"] = p.into();
        }
        for (key, classes) in [("only", &self.config.only), ("skip", &self.config.skip)] {
            if !classes.is_empty() {
                json[key] = classes.iter().map(|class| class.name()).collect();
            }
        }
        for (key, lists) in [("lexicon", &self.lexicon), ("pairs", &self.pairs)] {
            if !lists.is_empty() {
                json[key] = lists.iter().map(|list| list.path().to_string_lossy()).collect();
            }
        }
        for (key, source) in [("model", &self.model), ("memory", &self.memory)] {
            if let Some(source) = source {
                json[key] = source.path().to_string_lossy().into();
            }
        }
        if self.to_utf8 {
            json["to-utf8"] = true.into();
        }
        json
    }

    /// What a log says of the text that is named `path`, cleaned by `corrector`.
    pub(crate) fn header(&self, path: String, corrector: &Corrector) -> Header {
        Header { path, data: corrector.models().version.clone(), config: self.to_json() }
    }
}

/// The models in `folder`, each with what it is.
pub(crate) fn models_in(folder: &Path) -> impl Iterator<Item = (&'static str, PathBuf)> {
    FILES.iter().chain([&VERSION_FILE]).map(|name| ("a model of --data", folder.join(name)))
}

/// The models in `folder`.
pub(crate) fn load_models(folder: &Source) -> Result<Models> {
    folder.check_models()?;
    Models::load(folder.path()).map_err(|error| match error {
        error @ DataError::Unreadable { .. } => anyhow!(error),
        error => anyhow!("{}: {error}", folder.display()),
    })
}

fn level_parser() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(Level::ALL.map(Level::name)).try_map(|name| name.parse::<Level>())
}

fn parse_confidence(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err("a confidence is a number between 0 and 1".into()),
    }
}

fn class_names() -> Vec<&'static str> {
    Class::ALL.iter().map(|class| class.name()).collect()
}

fn parse_class(name: &str) -> Result<Class, String> {
    let class = Class::ALL.iter().find(|class| class.name() == name);
    class.copied().ok_or_else(|| format!("no class has this name; the classes are {}", class_names().join(", ")))
}
