//! What this binary has: the one file with `cfg(feature)`. Every module is built of its database, its settings and the
//! modules that it calls, or reached where another process hosts it.

use std::sync::Arc;

use carts_contract::Carts;
use catalog_contract::Catalog;
use inventory_contract::Inventory;
use kernel::{Clock, Failure};
use orders_contract::Orders;
use payments_contract::Payments;
use shipping_contract::Shipping;
use users_contract::Users;

use crate::assembly::{Assembly, WiringError};
use crate::contracts::{Contracts, Filling, Wired};
use crate::databases::Databases;
use crate::placement::{Compiled, Places};
use crate::settings::{Settings, SettingsError};
use crate::transports::Transports;

#[cfg_attr(feature = "nats", path = "broker.rs")]
#[cfg_attr(not(feature = "nats"), path = "no_broker.rs")]
pub mod broker;

/// The settings of a module that this binary has; of another's, only that they are there.
macro_rules! settings_of {
    ($($feature:literal $module:ident::$settings:ident)+) => { $(
        #[cfg(feature = $feature)]
        pub use $module::$settings;
        /// Another process's.
        #[cfg(not(feature = $feature))]
        pub type $settings = crate::settings::Elsewhere;
    )+ };
}

settings_of! {
    "carts" carts::CartsSettings
    "payments" payments::PaymentsSettings
    "shipping" shipping::ShippingSettings
    "users" users::UsersSettings
}

macro_rules! compiled {
    ($module:literal, $local:expr, $http:tt, $nats:tt) => {
        Compiled {
            module: $module,
            local: $local,
            http: cfg!(feature = $http),
            nats: cfg!(feature = $nats),
        }
    };
}

/// What this binary can do with each module.
pub const COMPILED: [Compiled; 9] = [
    compiled!("users", cfg!(feature = "users"), "users-http", "users-nats"),
    compiled!("inventory", cfg!(feature = "inventory"), "inventory-http", "inventory-nats"),
    compiled!("catalog", cfg!(feature = "catalog"), "catalog-http", "catalog-nats"),
    compiled!("carts", cfg!(feature = "carts"), "carts-http", "carts-nats"),
    compiled!("shipping", cfg!(feature = "shipping"), "shipping-http", "shipping-nats"),
    compiled!("payments", cfg!(feature = "payments"), "payments-http", "payments-nats"),
    compiled!("orders", cfg!(feature = "orders"), "orders-http", "orders-nats"),
    compiled!("recommendations", false, "recommendations-http", "recommendations-nats"),
    Compiled { module: "notifications", local: false, http: false, nats: false },
];

/// Builds every module of this process, those that are called before their callers, and what runs besides them. Nothing
/// runs yet.
pub async fn wire(
    databases: Databases,
    ways: (&Places, &Transports),
    clock: Arc<dyn Clock>,
    settings: &Settings,
) -> Result<Wired, WiringError> {
    let mut assembly = Assembly::new(settings, &databases, ways, clock);
    let mut contracts = Contracts { users: users(&mut assembly)?, ..Contracts::default() };
    contracts.inventory = inventory(&mut assembly)?;
    contracts.catalog = catalog(&mut assembly, &contracts)?;
    contracts.carts = carts(&mut assembly, &contracts)?;
    contracts.shipping = shipping(&mut assembly)?;
    contracts.payments = payments(&mut assembly)?;
    contracts.orders = orders(&mut assembly, &contracts).await?;
    let assembled = assembly.finish().await?;
    Ok(Wired { contracts, assembled, databases })
}

/// Refuses settings of modules that make no sense.
pub(crate) fn check(settings: &Settings) -> Result<(), SettingsError> {
    #[cfg(feature = "shipping")]
    settings.shipping.validate().map_err(|problem| SettingsError::wrong("shipping", problem))?;
    let _ = settings;
    Ok(())
}

/// What fills the catalogue of this process, if it is empty, so that there is something to look at. Doing it again does what
/// was left undone.
pub(crate) async fn filling(wired: &Wired) -> Result<Option<Filling>, Failure> {
    #[cfg(feature = "catalog")]
    if let (Some(database), Some(catalog)) =
        (wired.databases.of(&catalog::MODULE), wired.contracts.catalog.clone())
        && catalog::is_empty(&database).await?
    {
        return Ok(Some(Arc::new(move |call: kernel::Call| {
            let catalog = Arc::clone(&catalog);
            Box::pin(async move {
                let report = catalog::seed_demo(catalog.as_ref(), &call).await;
                let report = report.map_err(kernel::CallError::into_failure)?;
                tracing::info!(catalog.products = report.products, "filled the empty shop");
                Ok(())
            })
        })));
    }
    let _ = wired;
    Ok(None)
}

fn users(assembly: &mut Assembly<'_>) -> Result<Option<Arc<dyn Users>>, WiringError> {
    #[cfg(feature = "users")]
    if assembly.is_here("users") {
        let own = assembly.database(&users::MODULE)?;
        let module = users::UsersModule::new(own, assembly.clock(), &assembly.settings.users);
        let module = Arc::new(module.map_err(|invalid| WiringError::Setting("users", invalid))?);
        assembly.operate_by(&users::MODULE, |own| Box::pin(users::audit(own)))?;
        assembly.repeat(Assembly::SELDOM, "delete what is over of sessions", &module, |module| {
            Box::pin(async move { module.sweep().await })
        });
        return Ok(Some(assembly.host::<dyn Users>(module)));
    }
    assembly.reach("users")
}

fn inventory(assembly: &mut Assembly<'_>) -> Result<Option<Arc<dyn Inventory>>, WiringError> {
    #[cfg(feature = "inventory")]
    if assembly.is_here("inventory") {
        let own = assembly.database(&inventory::MODULE)?;
        let module = Arc::new(inventory::InventoryModule::new(own, assembly.clock()));
        assembly.operate(&inventory::MODULE, module.clone())?;
        return Ok(Some(assembly.host::<dyn Inventory>(module)));
    }
    assembly.reach("inventory")
}

fn catalog(
    assembly: &mut Assembly<'_>,
    contracts: &Contracts,
) -> Result<Option<Arc<dyn Catalog>>, WiringError> {
    #[cfg(feature = "catalog")]
    if assembly.is_here("catalog") {
        let own = assembly.database(&catalog::MODULE)?;
        let rules = catalog::CatalogSettings { shop_currency: assembly.settings.shop.currency };
        let stock = Contracts::needed(contracts.inventory.as_ref(), "inventory")?;
        let module = catalog::CatalogModule::new(own, assembly.clock(), stock, rules);
        assembly.operate_by(&catalog::MODULE, |own| Box::pin(catalog::audit(own)))?;
        return Ok(Some(assembly.host::<dyn Catalog>(Arc::new(module))));
    }
    let _ = contracts;
    assembly.reach("catalog")
}

fn carts(
    assembly: &mut Assembly<'_>,
    contracts: &Contracts,
) -> Result<Option<Arc<dyn Carts>>, WiringError> {
    #[cfg(feature = "carts")]
    if assembly.is_here("carts") {
        let own = assembly.database(&carts::MODULE)?;
        let Settings { shop, carts: rules, .. } = assembly.settings;
        let rules = CartsSettings { shop_currency: shop.currency, ..rules.clone() };
        let abandoned_after = rules.abandoned_after();
        let offers = Contracts::needed(contracts.catalog.as_ref(), "catalog")?;
        let stock = Contracts::needed(contracts.inventory.as_ref(), "inventory")?;
        let clock = assembly.clock();
        let module = Arc::new(carts::CartsModule::new(own, clock, offers, stock, rules));
        assembly.operate_by(&carts::MODULE, |own| Box::pin(carts::audit(own)))?;
        assembly.repeat(Assembly::SELDOM, "delete abandoned carts", &module, move |module| {
            Box::pin(async move { module.sweep(abandoned_after).await })
        });
        return Ok(Some(assembly.host::<dyn Carts>(module)));
    }
    let _ = contracts;
    assembly.reach("carts")
}

fn shipping(assembly: &mut Assembly<'_>) -> Result<Option<Arc<dyn Shipping>>, WiringError> {
    #[cfg(feature = "shipping")]
    if assembly.is_here("shipping") {
        let module = Arc::new(shipping::ShippingModule::new(assembly.settings.shipping.clone()));
        assembly.operate_by(&shipping::MODULE, |own| Box::pin(shipping::audit(own)))?;
        return Ok(Some(assembly.host::<dyn Shipping>(module)));
    }
    assembly.reach("shipping")
}

fn payments(assembly: &mut Assembly<'_>) -> Result<Option<Arc<dyn Payments>>, WiringError> {
    #[cfg(feature = "payments")]
    if assembly.is_here("payments") {
        let provider = assembly.database(&payments_sandbox::DATABASE)?;
        let sandbox = Arc::new(payments_sandbox::SandboxProvider::new(provider, assembly.clock()));
        assembly.operate(&payments_sandbox::DATABASE, sandbox.clone())?;
        let own = assembly.database(&payments::MODULE)?;
        let (clock, rules) = (assembly.clock(), assembly.settings.payments.clone());
        let providers = vec![sandbox as Arc<dyn payments::PaymentProvider>];
        let module = Arc::new(payments::PaymentsModule::new(own, clock, providers, rules));
        assembly.operate(&payments::MODULE, module.clone())?;
        assembly.repeat(Assembly::OFTEN, "settle payments", &module, |module| {
            Box::pin(async move { module.settle_pending().await.map(|()| 0) })
        });
        return Ok(Some(assembly.host::<dyn Payments>(module)));
    }
    assembly.reach("payments")
}

async fn orders(
    assembly: &mut Assembly<'_>,
    contracts: &Contracts,
) -> Result<Option<Arc<dyn Orders>>, WiringError> {
    #[cfg(feature = "orders")]
    if assembly.is_here("orders") {
        let neighbours = orders::Neighbours {
            users: Contracts::needed(contracts.users.as_ref(), "users")?,
            catalog: Contracts::needed(contracts.catalog.as_ref(), "catalog")?,
            inventory: Contracts::needed(contracts.inventory.as_ref(), "inventory")?,
            carts: Contracts::needed(contracts.carts.as_ref(), "carts")?,
            payments: Contracts::needed(contracts.payments.as_ref(), "payments")?,
            shipping: Contracts::needed(contracts.shipping.as_ref(), "shipping")?,
        };
        let shop = assembly.settings.shop.clone();
        let rules = orders::OrdersSettings {
            prices_include_tax: shop.prices_include_tax,
            tax: shop.tax,
            settle_within_seconds: shop.settle_within_seconds,
        };
        let (own, clock) = (assembly.database(&orders::MODULE)?, assembly.clock());
        let module = orders::OrdersModule::open(own, clock, neighbours, rules).await;
        let module = module.map_err(|failure| WiringError::Module(orders::MODULE, failure))?;
        assembly.operate(&orders::MODULE, module.clone())?;
        assembly.listen(&orders::MODULE, orders::handlers());
        assembly.repeat(Assembly::SELDOM, "keep the tariff of parcels", &module, |module| {
            Box::pin(async move { module.keep_tariff().await.map(|()| 0) })
        });
        let sagas = module.saga_runner();
        assembly.go_on(|stop| Box::pin(sagas.run(stop)));
        return Ok(Some(assembly.host::<dyn Orders>(module)));
    }
    let _ = contracts;
    assembly.reach("orders")
}
