use std::collections::BTreeMap;

use serde_json::Value;

use crate::asyncapi::asyncapi;
use crate::openapi::openapi;
use crate::sorted::pretty;
use crate::{contracts, events, subscriptions};

/// Why a document can't be written.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Two types of one name, which the document can't tell apart.
    #[error("two types share a name: {}", .0.join(", "))]
    Clash(Vec<String>),
    /// An example is no JSON.
    #[error("not JSON")]
    Json(#[from] serde_json::Error),
}

/// The documents by their path below `contracts/`.
pub fn files() -> Result<BTreeMap<String, String>, DocumentError> {
    let (contracts, events) = (contracts(), events());
    let mut files = BTreeMap::from([
        ("asyncapi.json".to_owned(), pretty(asyncapi(&events, &subscriptions())?)?),
        ("openapi.json".to_owned(), pretty(openapi(&contracts)?)?),
        (
            "service-token.example.json".to_owned(),
            include_str!("../../../contracts/service-token.example.json").to_owned(),
        ),
    ]);
    for contract in contracts {
        let document: Value = serde_json::from_str(&contract.document())?;
        files.insert(format!("{}.json", contract.address()), pretty(document)?);
    }
    for event in events {
        files.insert(format!("events/{}.json", event.name), pretty(event.document())?);
        files.insert(format!("events/{}.example.json", event.name), event.example.to_owned());
    }
    Ok(files)
}
