use std::sync::Arc;

use carts_contract::Carts;
use catalog_contract::Catalog;
use futures_util::future::BoxFuture;
use inventory_contract::Inventory;
use kernel::contract::{Contract as _, ContractDescriptor};
use kernel::{Call, Failure};
use orders_contract::Orders;
use payments_contract::Payments;
use platform::ops::Ops;
use recommendations_contract::Recommendations;
use shipping_contract::Shipping;
use users_contract::Users;

use crate::assembly::{Assembled, WiringError};
use crate::databases::Databases;
use crate::operated::{NAMES, address_of, home_of};

/// The contracts that this process hosts or reaches.
#[derive(Clone, Default)]
#[expect(missing_docs, reason = "each is the contract that its type names")]
pub struct Contracts {
    pub users: Option<Arc<dyn Users>>,
    pub catalog: Option<Arc<dyn Catalog>>,
    pub inventory: Option<Arc<dyn Inventory>>,
    pub carts: Option<Arc<dyn Carts>>,
    pub orders: Option<Arc<dyn Orders>>,
    pub payments: Option<Arc<dyn Payments>>,
    pub shipping: Option<Arc<dyn Shipping>>,
}

/// What this process knows of a module's contract.
pub(crate) fn descriptor_of(module: &str) -> Option<&'static ContractDescriptor> {
    Some(match module {
        "users" => <dyn Users>::DESCRIPTOR,
        "catalog" => <dyn Catalog>::DESCRIPTOR,
        "inventory" => <dyn Inventory>::DESCRIPTOR,
        "carts" => <dyn Carts>::DESCRIPTOR,
        "orders" => <dyn Orders>::DESCRIPTOR,
        "payments" => <dyn Payments>::DESCRIPTOR,
        "shipping" => <dyn Shipping>::DESCRIPTOR,
        "recommendations" => <dyn Recommendations>::DESCRIPTOR,
        _ => return None,
    })
}

/// What this process knows of all contracts that a module's process serves, by address.
pub(crate) fn contracts_of(module: &str) -> Vec<(String, &'static ContractDescriptor)> {
    let operated = NAMES.into_iter().filter(|name| home_of(name) == module && *name != module);
    let operated = operated.chain([module]);
    let ops = operated.map(|name| (address_of(name), <dyn Ops>::DESCRIPTOR));
    let own = descriptor_of(module).map(|own| (own.address(), own));
    own.into_iter().chain(ops).collect()
}

impl Contracts {
    /// A contract that a module of this process calls.
    pub fn needed<C: ?Sized>(
        contract: Option<&Arc<C>>,
        module: &'static str,
    ) -> Result<Arc<C>, WiringError> {
        contract.map(Arc::clone).ok_or(WiringError::Nowhere(module))
    }
}

/// Fills an empty catalogue.
pub(crate) type Filling =
    Arc<dyn Fn(Call) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// The modules of this process, ready to work.
pub struct Wired {
    /// What they offer, and what is reached elsewhere.
    pub contracts: Contracts,
    /// What goes with it.
    pub assembled: Assembled,
    /// Held as long as the modules work on them.
    pub databases: Databases,
}
