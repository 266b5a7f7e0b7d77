use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use galleria_service::placement::{Part, Place};
use galleria_service::settings::Settings;
use galleria_service::{Met, Transports, keys, meet, places, print};
use kernel::{Call, Clock, ModuleName};
use serde_json::json;

use super::{CommandError, Outcome};

const NAME: ModuleName = ModuleName::new("cli");
/// How long another process may take to say what it serves.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the modules are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Table,
    Json,
}

/// Shows where each module runs and, of those in other processes, whether they answer and what they serve.
pub(super) async fn show(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    form: Form,
) -> Result<Outcome, CommandError> {
    let places = places(settings, Part::Gateway)?;
    let apart = places.all().any(|(_, place)| matches!(place, Place::Http(_) | Place::Nats));
    let transports = if apart {
        Some(Transports::new(keys(settings)?, clock, &settings.nats).await?)
    } else {
        None
    };
    let call = Call::system(NAME, PATIENCE);
    let met = join_all(places.all().map(|(module, place)| {
        let (transports, call) = (transports.as_ref(), &call);
        async move { (module, place, meet(transports, (module, place), call).await) }
    }));
    let met = met.await;
    match form {
        Form::Json => {
            let rows: Vec<_> = met.iter().map(described).collect();
            print::line(&serde_json::to_string_pretty(&rows)?)?;
        }
        Form::Table => {
            print::line(&row(["MODULE", "PLACEMENT", "CONTRACT", "FINGERPRINT", "STATE", "URL"]))?;
            for met in &met {
                print::line(&in_a_row(met))?;
            }
        }
    }
    Ok(Outcome::Well)
}

type Seen<'a> = (&'static str, &'a Place, Met);

fn described((module, place, met): &Seen<'_>) -> serde_json::Value {
    json!({
        "module": module,
        "placement": place.as_str(),
        "url": urls(place),
        "contract": met.contract(),
        "fingerprint": met.fingerprint(),
        "state": met.state(),
        "detail": met.detail(),
    })
}

fn in_a_row((module, place, met): &Seen<'_>) -> String {
    let (contract, url) = (met.contract(), urls(place));
    let told = match met.detail() {
        Some(detail) => format!("{}: {detail}", met.state()),
        None => met.state().to_owned(),
    };
    let or_none = |text: Option<&str>| text.unwrap_or("-").to_owned();
    let (contract, fingerprint) = (or_none(contract.as_deref()), or_none(met.fingerprint()));
    row([module, place.as_str(), &contract, &fingerprint, &told, &or_none(url.as_deref())])
}

fn row([module, placement, contract, fingerprint, state, url]: [&str; 6]) -> String {
    format!("{module:<16} {placement:<10} {contract:<14} {fingerprint:<17} {state:<12} {url}")
}

fn urls(place: &Place) -> Option<String> {
    match place {
        Place::Http(urls) => Some(urls.join(", ")),
        Place::Here | Place::Nats | Place::Off | Place::Unknown => None,
    }
}
