use std::sync::Arc;
use std::time::Duration;

use carts_contract::Carts;
use catalog_contract::Catalog;
use inventory_contract::Inventory;
use kernel::{Call, ModuleName, Principal};
use orders_contract::Orders;
use payments_contract::Payments;
use shipping_contract::Shipping;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use users_contract::Users;

use super::auth::Keys;
use super::http::Limits;
use galleria_service::settings::{LimitSettings, ServerSettings};
use galleria_service::{Contracts, Operated, Wired, WiringError};

/// The gateway's name in calls.
pub(crate) const NAME: ModuleName = ModuleName::new("gateway");

/// The modules that the public API calls, wherever they live.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is the contract that its type names")]
pub struct Services {
    pub users: Arc<dyn Users>,
    pub catalog: Arc<dyn Catalog>,
    pub inventory: Arc<dyn Inventory>,
    pub carts: Arc<dyn Carts>,
    pub orders: Arc<dyn Orders>,
    pub payments: Arc<dyn Payments>,
    pub shipping: Arc<dyn Shipping>,
    pub operated: Operated,
}

impl Services {
    /// Those of a process, all of which the gateway calls.
    pub fn of(wired: &Wired) -> Result<Self, WiringError> {
        let Contracts { users, catalog, inventory, carts, orders, payments, shipping } =
            &wired.contracts;
        Ok(Self {
            users: Contracts::needed(users.as_ref(), "users")?,
            catalog: Contracts::needed(catalog.as_ref(), "catalog")?,
            inventory: Contracts::needed(inventory.as_ref(), "inventory")?,
            carts: Contracts::needed(carts.as_ref(), "carts")?,
            orders: Contracts::needed(orders.as_ref(), "orders")?,
            payments: Contracts::needed(payments.as_ref(), "payments")?,
            shipping: Contracts::needed(shipping.as_ref(), "shipping")?,
            operated: wired.assembled.operated.clone(),
        })
    }
}

/// What all requests of the public API share.
pub struct Gateway {
    pub(crate) services: Services,
    pub(crate) server: ServerSettings,
    pub(crate) keys: Arc<Keys>,
    pub(crate) limits: Limits,
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) writes: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

impl Gateway {
    /// Makes a gateway. Once `shutdown` is cancelled its event streams end.
    pub fn new(
        services: Services,
        server: ServerSettings,
        limits: &LimitSettings,
        shutdown: CancellationToken,
    ) -> Arc<Self> {
        let keys = Keys::new(Arc::clone(&services.users));
        Arc::new(Self {
            services,
            server,
            keys,
            limits: Limits::new(limits),
            streams: Arc::new(Semaphore::new(permits(limits.open_streams))),
            writes: TaskTracker::new(),
            shutdown,
        })
    }

    /// Waits, at most so long, until the writes of clients that went away have run to their end. True if they have.
    pub async fn writes_finished(&self, patience: Duration) -> bool {
        self.writes.close();
        tokio::time::timeout(patience, self.writes.wait()).await.is_ok()
    }

    pub(crate) fn call(&self, principal: Principal) -> Call {
        Call::new(NAME, principal, self.server.request_deadline())
    }
}

/// The permits of a limit, of which 0 is none.
pub(crate) fn permits(limit: usize) -> usize {
    if limit == 0 { Semaphore::MAX_PERMITS } else { limit.min(Semaphore::MAX_PERMITS) }
}
