use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use kernel::{Call, ModuleName};
use platform::ops::{GetHealth, Health, Ops};
use serde::Serialize;

use crate::placement::Place;

const PATIENCE: Duration = Duration::from_secs(2);
/// Probes wait for a second, and what others say must not make them wait longer.
const PATIENCE_WITH_OTHERS: Duration = Duration::from_millis(750);

/// A module as this process knows it.
#[derive(Clone)]
pub struct Hosted {
    /// Its name.
    pub module: &'static str,
    /// Where it runs.
    pub place: Place,
    /// What it says of itself, where this process hosts or reaches it.
    pub ops: Option<Arc<dyn Ops>>,
}

/// Whether a module can work, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModuleHealth {
    /// Where it runs.
    pub placement: &'static str,
    /// `ready`, `not-ready`, `off`, or `unknown` of a module that this process has nothing to do with.
    pub status: &'static str,
    /// Why it is not ready.
    pub detail: Option<String>,
}

/// Asks all modules at once whether they can work. True if those of this process can; what others say is only told.
pub async fn ready(
    modules: &[Hosted],
    asks: &ModuleName,
) -> (bool, BTreeMap<&'static str, ModuleHealth>) {
    let asked = modules.iter().map(|hosted| async move {
        let health = health_of(hosted, asks).await;
        let fails = hosted.place == Place::Here && health.status != "ready";
        (fails, (hosted.module, health))
    });
    let (fails, modules): (Vec<_>, _) = join_all(asked).await.into_iter().unzip();
    (!fails.contains(&true), modules)
}

async fn health_of(hosted: &Hosted, asks: &ModuleName) -> ModuleHealth {
    let placement = hosted.place.as_str();
    let Some(ops) = &hosted.ops else {
        let status = if hosted.place == Place::Off { "off" } else { "unknown" };
        return ModuleHealth { placement, status, detail: None };
    };
    let patience = if hosted.place == Place::Here { PATIENCE } else { PATIENCE_WITH_OTHERS };
    let call = Call::system(asks.clone(), patience);
    let asked = tokio::time::timeout(patience, ops.health(&call, GetHealth {})).await;
    let (ready, detail) = match asked {
        Ok(Ok(Health { ready, detail })) => (ready, detail),
        Ok(Err(error)) => (false, Some(error.into_failure().to_string())),
        Err(_) => (false, Some(format!("no answer in {patience:?}"))),
    };
    ModuleHealth { placement, status: if ready { "ready" } else { "not-ready" }, detail }
}

#[cfg(test)]
mod tests {
    use kernel::CallError;
    use platform::ops::{FakeOps, OpsRefusal};
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_probe_is_answered_in_a_second_whatever_a_module_elsewhere_does() {
        let silent = FakeOps::default();
        silent.health.answer(|_, _| std::future::pending::<Result<_, CallError<OpsRefusal>>>());
        let place = Place::Http(vec!["http://orders:8081".to_owned()]);
        let elsewhere = Hosted { module: "orders", place, ops: Some(Arc::new(silent)) };
        let began = Instant::now();

        let (ready, modules) = ready(&[elsewhere], &ModuleName::new("gateway")).await;

        assert!(ready && began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
        assert_eq!(modules["orders"].status, "not-ready");
    }
}
