//! Who runs where: every module of this process, built of its database, its settings and the modules that it calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use carts::{CartsModule, CartsSettings};
use carts_contract::Carts;
use catalog::{CatalogModule, CatalogSettings};
use catalog_contract::Catalog;
use inventory::InventoryModule;
use inventory_contract::Inventory;
use kernel::contract::{Contract, Stack, StackSettings, Unattended};
use kernel::{Clock, Failure, Invalid, ModuleName};
use orders::{Neighbours, OrdersModule};
use orders_contract::Orders;
use payments::PaymentsModule;
use payments_contract::Payments;
use payments_sandbox::SandboxProvider;
use platform::ops::Audited;
use platform::{EventError, ModuleEvents, RunningEvents, start_events};
use shipping::ShippingModule;
use shipping_contract::Shipping;
use users::UsersModule;
use users_contract::Users;

use crate::audited::by_function;
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
    /// The writes whose callers went away.
    pub unattended: Unattended,
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

/// Builds every module of this process, those that are called before their callers, and what runs besides them. Nothing
/// runs yet.
pub async fn wire(
    databases: Databases,
    clock: Arc<dyn Clock>,
    settings: &Settings,
) -> Result<Wired, WiringError> {
    let of = |owner| databases.of(&owner).ok_or(WiringError::NoDatabase(owner));
    let now = || Arc::clone(&clock);
    let unattended = Unattended::default();
    let mut operated = Operated::of(&settings.modules, &unattended);
    let mut operate = |owner, audited: Arc<dyn Audited>| {
        operated.add(of(owner)?, &clock, audited);
        Ok::<(), WiringError>(())
    };

    let users = UsersModule::new(of(users::MODULE)?, now(), &settings.users);
    let users = Arc::new(users.map_err(|invalid| WiringError::Setting("users", invalid))?);
    operate(users::MODULE, by_function(of(users::MODULE)?, |own| Box::pin(users::audit(own))))?;

    let inventory = Arc::new(InventoryModule::new(of(inventory::MODULE)?, now()));
    operate(inventory::MODULE, inventory.clone())?;
    let inventory = layered::<dyn Inventory>(inventory, &unattended);

    let rules = CatalogSettings { shop_currency: settings.shop.currency };
    let catalog = CatalogModule::new(of(catalog::MODULE)?, now(), inventory.clone(), rules);
    let catalog = layered::<dyn Catalog>(Arc::new(catalog), &unattended);
    let audited = by_function(of(catalog::MODULE)?, |own| Box::pin(catalog::audit(own)));
    operate(catalog::MODULE, audited)?;

    let rules = CartsSettings { shop_currency: settings.shop.currency, ..settings.carts.clone() };
    let (offers, stock) = (catalog.clone(), inventory.clone());
    let carts = Arc::new(CartsModule::new(of(carts::MODULE)?, now(), offers, stock, rules));
    operate(carts::MODULE, by_function(of(carts::MODULE)?, |own| Box::pin(carts::audit(own))))?;

    let shipping = Arc::new(ShippingModule::new(settings.shipping.clone()));
    let shipping = layered::<dyn Shipping>(shipping, &unattended);
    let audited = by_function(of(shipping::MODULE)?, |own| Box::pin(shipping::audit(own)));
    operate(shipping::MODULE, audited)?;

    let sandbox = Arc::new(SandboxProvider::new(of(payments_sandbox::DATABASE)?, now()));
    operate(payments_sandbox::DATABASE, sandbox.clone())?;

    let (providers, rules) = (vec![sandbox as _], settings.payments.clone());
    let payments = Arc::new(PaymentsModule::new(of(payments::MODULE)?, now(), providers, rules));
    operate(payments::MODULE, payments.clone())?;

    let neighbours = Neighbours {
        users: layered::<dyn Users>(users.clone(), &unattended),
        catalog,
        inventory,
        carts: layered::<dyn Carts>(carts.clone(), &unattended),
        payments: layered::<dyn Payments>(payments.clone(), &unattended),
        shipping,
    };
    let rules = settings.shop.for_orders();
    let orders = OrdersModule::open(of(orders::MODULE)?, now(), neighbours.clone(), rules).await;
    let orders = orders.map_err(|failure| WiringError::Module(orders::MODULE, failure))?;
    operate(orders::MODULE, orders.clone())?;

    let background = Background {
        events: listen(&databases, &clock, settings).await?,
        sagas: orders.saga_runner(),
        users,
        carts,
        payments,
        abandoned_after: settings.carts.abandoned_after(),
    };
    let orders = layered::<dyn Orders>(orders, &unattended);
    let Neighbours { users, catalog, inventory, carts, payments, shipping } = neighbours;
    let services =
        Services { users, catalog, inventory, carts, orders, payments, shipping, operated };
    let table = Table::of(&services, &unattended);
    Ok(Wired { services, table, unattended, background, databases })
}

/// A module within the layers that every call of it passes.
fn layered<C: Contract + ?Sized>(module: Arc<C>, unattended: &Unattended) -> Arc<C> {
    C::layered(module, Stack::new(C::DESCRIPTOR, StackSettings::default(), unattended))
}

/// Who listens to what. A module without a line of its own listens to nothing, and is listened to all the same.
async fn listen(
    databases: &Databases,
    clock: &Arc<dyn Clock>,
    settings: &Settings,
) -> Result<RunningEvents, WiringError> {
    let mut listening =
        BTreeMap::from([(orders::MODULE, (orders_contract::SUBSCRIPTIONS, orders::handlers()))]);
    let events = OWNERS.into_iter().map(|owner| {
        let database = databases.of(&owner).ok_or(WiringError::NoDatabase(owner.clone()))?;
        let (subscriptions, handlers) = listening.remove(&owner).unwrap_or_default();
        Ok(ModuleEvents { database, subscriptions, handlers })
    });
    let events = events.collect::<Result<Vec<_>, WiringError>>()?;
    Ok(start_events(clock, &settings.events.for_platform(), events).await?)
}
