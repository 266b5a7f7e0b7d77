//! A process with all modules, as the binary hosts them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use galleria_service::placement::{Part, Place};
use galleria_service::settings::Settings;
use galleria_service::{Host, Transports, keys};
use kernel::contract::Dispatch;
use kernel::{Call, Clock, ModuleName, SystemClock};
use payments_contract::ListProviders;
use platform::DatabaseUrl;
use tempfile::TempDir;
use testkit::TestPostgres;

use crate::shop::Shop;

const MODULES: [&str; 7] =
    ["users", "catalog", "inventory", "carts", "orders", "payments", "shipping"];
/// Pools of three, a module each and one for the provider.
const CONNECTIONS: u32 = 24;

/// All modules on databases of their own, served over HTTP and, where there is a broker, over NATS.
pub(crate) struct House {
    /// As the modules call each other.
    pub(crate) here: Shop,
    /// As another process calls them over HTTP.
    pub(crate) over_http: Shop,
    /// The same over NATS; nothing where there is no broker, which was said.
    pub(crate) over_nats: Option<Shop>,
    /// What serves them, by address.
    pub(crate) served: BTreeMap<String, Arc<dyn Dispatch>>,
    _directory: TempDir,
    _postgres: Option<TestPostgres>,
}

impl House {
    /// On files.
    pub(crate) async fn on_files() -> Self {
        let mut settings = Settings::default();
        if let Some(nats) = testkit::nats().await {
            settings.nats.url = Some(nats.url);
            settings.nats.prefix = nats.prefix;
        }
        let directory = tempfile::tempdir().unwrap();
        settings.database.url = DatabaseUrl::Sqlite(directory.path().into());
        Self::open(settings, directory, None).await
    }

    /// On `PostgreSQL`; `None` where no server is found, which is said.
    pub(crate) async fn on_postgres() -> Option<Self> {
        let postgres = testkit::postgres(CONNECTIONS).await?;
        let (mut settings, directory) = (Settings::default(), tempfile::tempdir().unwrap());
        settings.database.url = DatabaseUrl::Postgres(postgres.url.clone());
        settings.database.role_prefix = postgres.role_prefix();
        settings.database.directory = directory.path().into();
        Some(Self::open(settings, directory, Some(postgres)).await)
    }

    async fn open(
        mut settings: Settings,
        directory: TempDir,
        postgres: Option<TestPostgres>,
    ) -> Self {
        settings.server.internal_address = ([127, 0, 0, 1], 0).into();
        (settings.users.hashing_memory_kib, settings.users.hashing_passes) = (8, 1);
        settings.users.hashing_queue = 1_000;
        let (clock, modules) =
            (Arc::new(SystemClock) as Arc<dyn Clock>, MODULES.map(str::to_owned));
        let part = Part::Modules(&modules);
        let host = Box::pin(Host::open(settings.clone(), Arc::clone(&clock), part)).await.unwrap();
        let url = vec![format!("http://{}", host.internal_address().unwrap())];
        let here = Shop::here(&host.wired().contracts);
        let served = host.wired().assembled.served.iter().cloned().collect();
        tokio::spawn(host.serve(None));
        let transports = Transports::new(keys(&settings).unwrap(), clock, &settings.nats);
        let transports = transports.await.unwrap();
        let to = |place: Place| Shop::over(|module| transports.to(module, &place).unwrap());
        let (over_http, over_nats) = (to(Place::Http(url)).unwrap(), to(Place::Nats));
        for shop in [Some(&over_http), over_nats.as_ref()].into_iter().flatten() {
            is_served(shop).await;
        }
        Self { here, over_http, over_nats, served, _directory: directory, _postgres: postgres }
    }
}

/// The last step of a start is to be heard of.
async fn is_served(shop: &Shop) {
    let call = || Call::system(ModuleName::new("orders"), Duration::from_secs(5));
    testkit::until("served", async || {
        shop.payments.providers(&call(), ListProviders {}).await.is_ok()
    })
    .await;
}
