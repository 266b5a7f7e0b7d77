use serde_json::json;

use super::{CommandError, Outcome, print};
use crate::settings::Settings;

/// Where each module runs, as a table.
pub(super) fn as_table(settings: &Settings) -> Result<Outcome, CommandError> {
    print::line(&format!("{:<16} {:<10} {}", "MODULE", "PLACEMENT", "URL"))?;
    for (name, module) in settings.modules.by_name() {
        let url = module.url.as_deref().unwrap_or("-");
        print::line(&format!("{name:<16} {:<10} {url}", module.placement.as_str()))?;
    }
    Ok(Outcome::Well)
}

/// Where each module runs, as JSON.
pub(super) fn as_json(settings: &Settings) -> Result<Outcome, CommandError> {
    let modules: Vec<_> = settings
        .modules
        .by_name()
        .into_iter()
        .map(|(name, module)| {
            json!({"module": name, "placement": module.placement.as_str(), "url": module.url})
        })
        .collect();
    print::line(&serde_json::to_string_pretty(&modules)?)?;
    Ok(Outcome::Well)
}
