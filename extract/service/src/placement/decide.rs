use std::collections::{BTreeMap, BTreeSet};

use super::neighbourhood::Neighbourhood;
use super::place::{Place, Places};
use crate::settings::{ModuleSettings, Placement, Settings, SettingsError, WrongSetting};

/// What this binary can do with a module. `wiring.rs` alone knows.
#[derive(Debug, Clone, Copy)]
pub struct Compiled {
    /// Which.
    pub module: &'static str,
    /// Run it.
    pub local: bool,
    /// Call it over HTTP.
    pub http: bool,
    /// Call it over NATS.
    pub nats: bool,
}

/// Which part of the shop a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// The gateway, and the modules that are placed here.
    Gateway,
    /// These modules, whatever the settings say of them, and no gateway.
    Modules(&'a [String]),
}

impl Part<'_> {
    fn names(self, module: &str) -> bool {
        matches!(self, Self::Modules(named) if named.iter().any(|name| name == module))
    }
}

/// Decides where every module runs. What can't be is told, all of it, by the settings that would change it.
pub fn decide(
    settings: &Settings,
    part: Part<'_>,
    compiled: &[Compiled],
    neighbourhood: Neighbourhood,
) -> Result<Places, SettingsError> {
    let mut wrong = unknown(part, compiled);
    let (mut places, mut misplaced) = (Places::default(), BTreeMap::new());
    for (compiled, (_, module)) in in_order(compiled, settings) {
        match placed(*compiled, module, part) {
            Ok(place) => places.put(compiled.module, place),
            Err(problem) if part.names(compiled.module) => wrong.push(problem),
            Err(problem) => {
                misplaced.insert(compiled.module, problem);
            }
        }
    }
    let broker = settings.nats.url.is_some();
    // What makes no sense is told only of modules that matter here: the settings may be those of all processes.
    for (module, by) in neighbourhood.needed(part, &places) {
        let problem = misplaced.remove(module);
        wrong.extend(problem.or_else(|| missing(places.of(module), broker, (module, by))));
    }
    if wrong.is_empty() { Ok(places) } else { Err(SettingsError::Wrong(wrong)) }
}

fn in_order<'a>(
    compiled: &'a [Compiled],
    settings: &'a Settings,
) -> impl Iterator<Item = (&'a Compiled, (&'static str, &'a ModuleSettings))> {
    let modules = settings.modules.by_name();
    compiled.iter().filter_map(move |compiled| {
        modules.into_iter().find(|(name, _)| *name == compiled.module).map(|set| (compiled, set))
    })
}

fn unknown(part: Part<'_>, compiled: &[Compiled]) -> Vec<WrongSetting> {
    let Part::Modules(named) = part else { return Vec::new() };
    let known = |name: &&String| !compiled.iter().any(|compiled| compiled.module == **name);
    let modules = compiled.iter().map(|compiled| compiled.module).collect::<Vec<_>>().join(", ");
    let wrong = |name: &String| {
        setting("--modules", format!("there is no module {name:?}; there are {modules}"))
    };
    named.iter().filter(known).map(wrong).collect()
}

fn placed(
    compiled: Compiled,
    settings: &ModuleSettings,
    part: Part<'_>,
) -> Result<Place, WrongSetting> {
    let Compiled { module, local, http, nats } = compiled;
    let lacks = |placement: &str, feature: String| {
        if NOT_BUILT.contains(&module) && placement == "local" {
            let problem = format!("{module} is not built in this release: set off, http or nats");
            return Err(setting(format!("modules.{module}.placement"), problem));
        }
        let problem = format!(
            "this binary can't place {module} at {placement}: it was built without the feature {feature}"
        );
        Err(setting(format!("modules.{module}.placement"), problem))
    };
    if part.names(module) {
        return if local { Ok(Place::Here) } else { lacks("local", module.to_owned()) };
    }
    match settings.placement.unwrap_or_else(|| otherwise(compiled)) {
        Placement::Local if part != Part::Gateway => Ok(Place::Unknown),
        Placement::Local if local => Ok(Place::Here),
        Placement::Local => lacks("local", module.to_owned()),
        Placement::Http if http => at_urls(module, settings),
        Placement::Http => lacks("http", format!("{module}-http")),
        Placement::Nats if nats => Ok(Place::Nats),
        Placement::Nats => lacks("nats", format!("{module}-nats")),
        Placement::Off => Ok(Place::Off),
    }
}

/// Where a module runs whose settings do not say: here, or over the only way there is.
fn otherwise(compiled: Compiled) -> Placement {
    match (compiled.local, compiled.http, compiled.nats) {
        _ if NOT_BUILT.contains(&compiled.module) => Placement::Off,
        (false, true, false) => Placement::Http,
        (false, false, true) => Placement::Nats,
        _ => Placement::Local,
    }
}

/// Modules that no release has yet; others may stand in for them.
const NOT_BUILT: [&str; 2] = ["recommendations", "notifications"];

fn at_urls(module: &str, settings: &ModuleSettings) -> Result<Place, WrongSetting> {
    let urls = settings.url.as_deref().unwrap_or_default().split(',').map(str::trim);
    let urls: Vec<String> = urls.filter(|url| !url.is_empty()).map(str::to_owned).collect();
    if urls.is_empty() {
        let problem = format!("must be set, {module} is placed at http: http://host:port");
        return Err(setting(format!("modules.{module}.url"), problem));
    }
    Ok(Place::Http(urls))
}

fn missing(place: &Place, broker: bool, (module, by): (&str, &str)) -> Option<WrongSetting> {
    match place {
        Place::Unknown | Place::Off => {
            let problem = format!(
                "{by} runs in this process and needs {module}: set http with modules.{module}.url, or nats"
            );
            Some(setting(format!("modules.{module}.placement"), problem))
        }
        Place::Nats if !broker => {
            Some(setting("nats.url", format!("must be set, {module} is placed at nats")))
        }
        Place::Here | Place::Http(_) | Place::Nats => None,
    }
}

fn setting(key: impl Into<String>, problem: String) -> WrongSetting {
    WrongSetting { key: key.into(), place: None, problem }
}

/// The modules whose names are given twice, with commas between them or as several arguments, once each.
pub fn named(arguments: &[String]) -> Vec<String> {
    let names = arguments.iter().flat_map(|argument| argument.split(','));
    let names: BTreeSet<&str> = names.map(str::trim).filter(|name| !name.is_empty()).collect();
    names.into_iter().map(str::to_owned).collect()
}
