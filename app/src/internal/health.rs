use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use kernel::{Call, ModuleName};
use platform::ops::{GetHealth, Health, Ops};
use serde::Serialize;

use crate::settings::Placement;

const PATIENCE: Duration = Duration::from_secs(2);
const NAME: ModuleName = ModuleName::new("gateway");

/// A module as this process knows it.
#[derive(Clone)]
pub struct Hosted {
    /// Its name.
    pub module: &'static str,
    /// Where it runs.
    pub placement: Placement,
    /// What it says of itself, where it runs here.
    pub ops: Option<Arc<dyn Ops>>,
}

/// Whether a module can work, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModuleHealth {
    /// Where it runs.
    pub placement: &'static str,
    /// `ready`, `not-ready` or `off`.
    pub status: &'static str,
    /// Why it is not ready.
    pub detail: Option<String>,
}

/// Asks all modules at once whether they can work. True if those of this process can.
pub async fn ready(modules: &[Hosted]) -> (bool, BTreeMap<&'static str, ModuleHealth>) {
    let asked = modules.iter().map(|hosted| async move {
        let health = health_of(hosted).await;
        (hosted.module, health)
    });
    let modules: BTreeMap<_, _> = join_all(asked).await.into_iter().collect();
    (modules.values().all(|health| health.status != "not-ready"), modules)
}

async fn health_of(hosted: &Hosted) -> ModuleHealth {
    let placement = hosted.placement.as_str();
    let Some(ops) = &hosted.ops else {
        return ModuleHealth { placement, status: "off", detail: None };
    };
    let call = Call::system(NAME, PATIENCE);
    let asked = tokio::time::timeout(PATIENCE, ops.health(&call, GetHealth {})).await;
    let (ready, detail) = match asked {
        Ok(Ok(Health { ready, detail })) => (ready, detail),
        Ok(Err(error)) => (false, Some(error.into_failure().to_string())),
        Err(_) => (false, Some(format!("no answer in {PATIENCE:?}"))),
    };
    ModuleHealth { placement, status: if ready { "ready" } else { "not-ready" }, detail }
}
