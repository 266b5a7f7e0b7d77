use std::path::{Path, PathBuf};

use figment::error::Kind;
use figment::providers::{Format as _, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::environment::{Environment, read, unknown, variable};
use super::error::{SettingsError, WrongSetting};
use super::keys::{Found, Keys, leaves};
use super::tree::Settings;

const FILE: &str = "galleria.toml";

/// Where settings come from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// A file that must be there; `galleria.toml`, if that is there, where none is named.
    pub file: Option<PathBuf>,
    /// The variables of the environment.
    pub environment: Vec<(String, String)>,
}

impl Sources {
    /// The file, and the environment of this process.
    pub fn of_this_process(file: Option<PathBuf>) -> Self {
        let variable = |(name, text): (std::ffi::OsString, std::ffi::OsString)| {
            (name.to_string_lossy().into_owned(), text.to_string_lossy().into_owned())
        };
        Self { file, environment: std::env::vars_os().map(variable).collect() }
    }
}

/// Reads all sources. What is unknown or makes no sense is told, all of it, with where it stands.
pub fn load(sources: &Sources) -> Result<Settings, SettingsError> {
    let keys = known()?;
    let (path, file) = read_file(sources)?;
    let mut wrong = unknown_in(&file, &keys, &path);
    let Environment { settings, wrong: wrong_variables } = read(&keys, &sources.environment);
    wrong.extend(wrong_variables);
    if !wrong.is_empty() {
        return Err(SettingsError::Wrong(wrong));
    }
    let mut defaults = Settings::default();
    if value_at(&file, &["shop", "tax"]).is_some() {
        defaults.shop.tax.clear(); // whose rates are named has no others
    }
    let settings = Figment::from(Serialized::defaults(defaults))
        .merge(Source { place: path.display().to_string(), settings: file })
        .merge(Source { place: String::new(), settings })
        .extract::<Settings>()
        .map_err(explained)?;
    settings.check()?;
    Ok(settings)
}

/// What one source sets. A variable of the environment has no place but its name.
struct Source {
    place: String,
    settings: Dict,
}

impl Provider for Source {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.place.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.settings.clone()))
    }
}

/// Every setting there is.
pub(super) fn known() -> Result<Keys, SettingsError> {
    let mut profiles = Serialized::defaults(Settings::default()).data().map_err(explained)?;
    Ok(Keys::of(profiles.remove(&Profile::Default).unwrap_or_default()))
}

fn read_file(sources: &Sources) -> Result<(PathBuf, Dict), SettingsError> {
    let path = sources.file.clone().unwrap_or_else(|| PathBuf::from(FILE));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && sources.file.is_none() => {
            return Ok((path, Dict::new()));
        }
        Err(source) => return Err(SettingsError::Unreadable { path, source }),
    };
    let malformed = |error: figment::Error| SettingsError::Malformed {
        path: path.clone(),
        reason: error.to_string().trim().to_owned(),
    };
    let mut profiles = Toml::string(&text).data().map_err(malformed)?;
    Ok((path, profiles.remove(&Profile::Default).unwrap_or_default()))
}

fn unknown_in(file: &Dict, keys: &Keys, path: &Path) -> Vec<WrongSetting> {
    let mut set = Vec::new();
    leaves(file, &[], &mut set);
    let mut wrong = Vec::new();
    for setting in set {
        let names: Vec<&str> = setting.iter().map(String::as_str).collect();
        let problem = match keys.find(&names) {
            Found::Setting(_) | Found::Own(_) => continue,
            Found::Section if matches!(value_at(file, &names), Some(Value::Dict(..))) => continue,
            Found::Section => "is a section, not a setting".to_owned(),
            Found::Unknown => unknown(keys, &names.join(".")),
        };
        let place = Some(format!("in {}", path.display()));
        wrong.push(WrongSetting { key: names.join("."), place, problem });
    }
    wrong
}

fn value_at<'a>(section: &'a Dict, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    match (section.get(*first)?, rest) {
        (value, []) => Some(value),
        (Value::Dict(_, inner), rest) => value_at(inner, rest),
        _ => None,
    }
}

/// Says which settings make no sense and why, without their values: one of them may be a secret.
fn explained(errors: figment::Error) -> SettingsError {
    let explain = |error: figment::Error| {
        let place = error.metadata.as_ref().map(|metadata| match metadata.name.as_ref() {
            "" => variable(&error.path),
            file => format!("in {file}"),
        });
        WrongSetting { key: error.path.join("."), place, problem: problem(&error.kind) }
    };
    SettingsError::Wrong(errors.into_iter().map(explain).collect())
}

fn problem(kind: &Kind) -> String {
    match kind {
        Kind::Message(message) => message.clone(),
        Kind::InvalidType(_, expected)
        | Kind::InvalidValue(_, expected)
        | Kind::InvalidLength(_, expected) => format!("must be {expected}"),
        Kind::UnknownVariant(_, known) => format!("must be one of {}", known.join(", ")),
        Kind::UnknownField(name, known) => {
            let nearest = known.iter().min_by_key(|known| strsim::damerau_levenshtein(known, name));
            let nearest = nearest.copied().unwrap_or_default();
            format!("there is no field {name}; did you mean {nearest}?")
        }
        Kind::MissingField(name) => format!("the field {name} is missing"),
        other => other.to_string(),
    }
}
