//! Who runs where: every module of this process, built of its database, its settings and the modules that it calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use carts::{CartsModule, CartsSettings};
use catalog::{CatalogModule, CatalogSettings};
use inventory::InventoryModule;
use kernel::{Clock, Failure, Invalid, ModuleName};
use orders::{Neighbours, OrdersModule};
use payments::PaymentsModule;
use payments_sandbox::SandboxProvider;
use platform::ops::Audited;
use platform::{Database, EventError, ModuleEvents, start_events};
use shipping::ShippingModule;
use users::UsersModule;

use crate::audited::{ByFunction, Find};
use crate::background::Background;
use crate::databases::{Databases, OWNERS};
use crate::gateway::Services;
use crate::internal::Table;
use crate::operated::Operated;
use crate::settings::Settings;

/// The modules of this process, ready to work.
pub struct Wired {
    /// What the public API calls.
    pub services: Services,
    /// What other processes and the command line may call.
    pub table: Table,
    /// What runs besides the answers to calls.
    pub background: Background,
    /// Held as long as the modules work on them.
    pub databases: Databases,
}

/// Why the modules can't be built.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    /// A database is missing.
    #[error("the database of {0} was not opened")]
    NoDatabase(ModuleName),
    /// A setting makes no sense.
    #[error("section {0} of the settings: {1}")]
    Setting(&'static str, Invalid),
    /// A module can't begin.
    #[error("{0} can't begin")]
    Module(ModuleName, #[source] Failure),
    /// Events can't be told.
    #[error(transparent)]
    Events(#[from] EventError),
}

/// Builds every module of this process, and what runs besides them. Nothing runs yet.
pub async fn wire(
    databases: Databases,
    clock: Arc<dyn Clock>,
    settings: &Settings,
) -> Result<Wired, WiringError> {
    let modules = build(&databases, &clock, settings).await?;
    let operated = operated(&modules, &databases, &clock, settings)?;
    let events = [(orders::MODULE, orders_contract::SUBSCRIPTIONS, orders::handlers())];
    let mut told = Vec::new();
    for owner in OWNERS {
        let database = of(&databases, &owner)?;
        told.push(ModuleEvents { database, subscriptions: &[], handlers: BTreeMap::new() });
    }
    for (module, subscriptions, handlers) in events {
        let listening = told.iter_mut().find(|events| *events.database.module() == module);
        let listening = listening.ok_or(WiringError::NoDatabase(module))?;
        (listening.subscriptions, listening.handlers) = (subscriptions, handlers);
    }
    let events = start_events(&clock, &settings.events.for_platform(), told).await?;
    let background = Background {
        events,
        sagas: modules.orders.saga_runner(),
        payments: modules.payments.clone(),
        carts: modules.carts.clone(),
        abandoned_after: settings.carts.abandoned_after(),
        users: modules.users.clone(),
    };
    let services = modules.services(operated);
    let table = served(&services);
    Ok(Wired { services, table, background, databases })
}

struct Modules {
    users: Arc<UsersModule>,
    inventory: Arc<InventoryModule>,
    catalog: Arc<CatalogModule>,
    carts: Arc<CartsModule>,
    shipping: Arc<ShippingModule>,
    sandbox: Arc<SandboxProvider>,
    payments: Arc<PaymentsModule>,
    orders: Arc<OrdersModule>,
}

/// Those that are called before their callers.
async fn build(
    databases: &Databases,
    clock: &Arc<dyn Clock>,
    settings: &Settings,
) -> Result<Modules, WiringError> {
    let of = |module| of(databases, &module);
    let now = || Arc::clone(clock);
    let currency = settings.shop.currency;
    let users = UsersModule::new(of(users::MODULE)?, now(), &settings.users);
    let users = Arc::new(users.map_err(|invalid| WiringError::Setting("users", invalid))?);
    let inventory = Arc::new(InventoryModule::new(of(inventory::MODULE)?, now()));
    let rules = CatalogSettings { shop_currency: currency };
    let catalog = CatalogModule::new(of(catalog::MODULE)?, now(), inventory.clone(), rules);
    let catalog = Arc::new(catalog);
    let rules = CartsSettings { shop_currency: currency, ..settings.carts.clone() };
    let (offers, stock) = (catalog.clone(), inventory.clone());
    let carts = Arc::new(CartsModule::new(of(carts::MODULE)?, now(), offers, stock, rules));
    let shipping = Arc::new(ShippingModule::new(settings.shipping.clone()));
    let sandbox = Arc::new(SandboxProvider::new(of(payments_sandbox::DATABASE)?, now()));
    let (providers, rules) = (vec![sandbox.clone() as _], settings.payments.clone());
    let payments = PaymentsModule::new(of(payments::MODULE)?, now(), providers, rules);
    let payments = Arc::new(payments);
    let neighbours = Neighbours {
        users: users.clone(),
        catalog: catalog.clone(),
        inventory: inventory.clone(),
        carts: carts.clone(),
        payments: payments.clone(),
        shipping: shipping.clone(),
    };
    let rules = settings.shop.for_orders();
    let orders = OrdersModule::open(of(orders::MODULE)?, now(), neighbours, rules).await;
    let orders = orders.map_err(|failure| WiringError::Module(orders::MODULE, failure))?;
    Ok(Modules { users, inventory, catalog, carts, shipping, sandbox, payments, orders })
}

impl Modules {
    fn services(&self, operated: Operated) -> Services {
        Services {
            users: self.users.clone(),
            catalog: self.catalog.clone(),
            inventory: self.inventory.clone(),
            carts: self.carts.clone(),
            orders: self.orders.clone(),
            payments: self.payments.clone(),
            shipping: self.shipping.clone(),
            operated,
        }
    }
}

fn operated(
    modules: &Modules,
    databases: &Databases,
    clock: &Arc<dyn Clock>,
    settings: &Settings,
) -> Result<Operated, WiringError> {
    let mut operated = Operated::of(&settings.modules);
    let mut add = |owner: ModuleName, audited: Arc<dyn Audited>| {
        operated.add(of(databases, &owner)?, clock, audited);
        Ok::<(), WiringError>(())
    };
    let by = |owner, find: Find| {
        of(databases, &owner).map(|database| Arc::new(ByFunction { database, find }))
    };
    add(users::MODULE, by(users::MODULE, |database| Box::pin(users::audit(database)))?)?;
    add(inventory::MODULE, modules.inventory.clone())?;
    add(catalog::MODULE, by(catalog::MODULE, |database| Box::pin(catalog::audit(database)))?)?;
    add(carts::MODULE, by(carts::MODULE, |database| Box::pin(carts::audit(database)))?)?;
    add(shipping::MODULE, by(shipping::MODULE, |database| Box::pin(shipping::audit(database)))?)?;
    add(payments::MODULE, modules.payments.clone())?;
    add(payments_sandbox::DATABASE, modules.sandbox.clone())?;
    add(orders::MODULE, modules.orders.clone())?;
    Ok(operated)
}

/// What the command line calls of a running shop.
fn served(services: &Services) -> Table {
    let mut table = Table::default();
    services.operated.serve(&mut table);
    let users = services.users.clone();
    table.serve("users.v1", "create_admin", move |call, request| {
        let users = users.clone();
        Box::pin(async move { users.create_admin(&call, request).await })
    });
    let catalog = services.catalog.clone();
    table.serve("catalog.v1", "import", move |call, request| {
        let catalog = catalog.clone();
        Box::pin(async move { catalog.import(&call, request).await })
    });
    table
}

fn of(databases: &Databases, owner: &ModuleName) -> Result<Database, WiringError> {
    databases.of(owner).ok_or_else(|| WiringError::NoDatabase(owner.clone()))
}
