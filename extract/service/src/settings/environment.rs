use figment::value::{Dict, Num, Value};

use super::error::WrongSetting;
use super::keys::{Found, Keys};

const PREFIX: &str = "GALLERIA__";

/// What the environment sets, and what of it is wrong.
#[derive(Default)]
pub(super) struct Environment {
    pub(super) settings: Dict,
    pub(super) wrong: Vec<WrongSetting>,
}

/// Reads `GALLERIA__SECTION__KEY`. What a text means is decided by the setting's default, never guessed from the text:
/// a password may look like a number.
pub(super) fn read(keys: &Keys, variables: &[(String, String)]) -> Environment {
    let mut environment = Environment::default();
    for (name, text) in variables {
        let Some(path) = name.strip_prefix(PREFIX) else { continue };
        let path = path.to_ascii_lowercase();
        let path: Vec<&str> = path.split("__").collect();
        let value = match keys.find(&path) {
            Found::Setting(default) | Found::Own(Some(default)) => meant(text, default),
            Found::Own(None) => Ok(Value::from(text.clone())),
            Found::Section => Err("is a section, not a setting".to_owned()),
            Found::Unknown => Err(unknown(keys, &path.join("."))),
        };
        match value {
            Ok(value) => put(&mut environment.settings, keys, &path, value),
            Err(problem) => environment.wrong.push(WrongSetting {
                key: path.join("."),
                place: Some(variable(&path)),
                problem,
            }),
        }
    }
    environment
}

/// The variable that sets a path.
pub(super) fn variable(path: &[impl AsRef<str>]) -> String {
    let path: Vec<String> = path.iter().map(|name| name.as_ref().to_ascii_uppercase()).collect();
    format!("environment variable {PREFIX}{}", path.join("__"))
}

/// That there is no such setting, and which is meant.
pub(super) fn unknown(keys: &Keys, dotted: &str) -> String {
    match keys.nearest(dotted) {
        Some(nearest) => format!("there is no such setting; did you mean {nearest}?"),
        None => "there is no such setting".to_owned(),
    }
}

fn meant(text: &str, default: &Value) -> Result<Value, String> {
    match default {
        Value::Bool(..) => match text {
            "true" => Ok(Value::from(true)),
            "false" => Ok(Value::from(false)),
            _ => Err("must be true or false".to_owned()),
        },
        Value::Dict(..) => Err("can't be set by the environment".to_owned()),
        Value::Num(_, Num::F32(_) | Num::F64(_)) => {
            text.parse::<f64>().map(Value::from).map_err(|_| "must be a number".to_owned())
        }
        Value::Num(..) => {
            text.parse::<i64>().map(Value::from).map_err(|_| "must be a whole number".to_owned())
        }
        Value::Array(..) => list(text),
        Value::Empty(tag, empty) if text.is_empty() => Ok(Value::Empty(*tag, *empty)),
        _ => Ok(Value::from(text.to_owned())),
    }
}

/// `a, b`, or a list as TOML writes it.
fn list(text: &str) -> Result<Value, String> {
    if text.trim_start().starts_with('[') {
        return match text.parse() {
            Ok(list @ Value::Array(..)) => Ok(list),
            _ => Err("must be a list".to_owned()),
        };
    }
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    Ok(items.map(str::to_owned).collect::<Vec<String>>().into())
}

fn put(settings: &mut Dict, keys: &Keys, path: &[&str], value: Value) {
    let Some((last, sections)) = path.split_last() else { return };
    let own = matches!(keys.find(path), Found::Own(_));
    let last = if own { last.to_ascii_uppercase() } else { (*last).to_owned() };
    let mut section = settings;
    for name in sections {
        let inner = section.entry((*name).to_owned()).or_insert_with(|| Value::from(Dict::new()));
        let Value::Dict(_, inner) = inner else { return };
        section = inner;
    }
    section.insert(last, value);
}
