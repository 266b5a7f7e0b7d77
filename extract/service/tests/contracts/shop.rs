use std::sync::Arc;

use carts_contract::Carts;
use catalog_contract::Catalog;
use contract_suites::{carts, orders};
use galleria_service::Contracts;
use inventory_contract::Inventory;
use kernel::contract::{Contract, Peer};
use orders_contract::Orders;
use payments_contract::Payments;
use shipping_contract::Shipping;
use users_contract::Users;

/// All contracts, each in one way.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) users: Arc<dyn Users>,
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) inventory: Arc<dyn Inventory>,
    pub(crate) carts: Arc<dyn Carts>,
    pub(crate) orders: Arc<dyn Orders>,
    pub(crate) payments: Arc<dyn Payments>,
    pub(crate) shipping: Arc<dyn Shipping>,
}

impl Shop {
    /// As a process has them that hosts all.
    pub(crate) fn here(contracts: &Contracts) -> Self {
        let here = "it hosts all";
        let Contracts { users, catalog, inventory, carts, orders, payments, shipping } =
            contracts.clone();
        Self {
            users: users.expect(here),
            catalog: catalog.expect(here),
            inventory: inventory.expect(here),
            carts: carts.expect(here),
            orders: orders.expect(here),
            payments: payments.expect(here),
            shipping: shipping.expect(here),
        }
    }

    /// As whoever calls them all over such ways.
    pub(crate) fn over(peer: impl Fn(&'static str) -> Option<Peer>) -> Option<Self> {
        fn remote<C: Contract + ?Sized>(
            peer: impl Fn(&'static str) -> Option<Peer>,
        ) -> Option<Arc<C>> {
            peer(C::DESCRIPTOR.name).map(C::remote)
        }
        Some(Self {
            users: remote(&peer)?,
            catalog: remote(&peer)?,
            inventory: remote(&peer)?,
            carts: remote(&peer)?,
            orders: remote(&peer)?,
            payments: remote(&peer)?,
            shipping: remote(&peer)?,
        })
    }

    /// What the suite of carts needs.
    pub(crate) fn around_carts(&self) -> carts::Stage {
        let Self { carts, catalog, inventory, .. } = self.clone();
        carts::Stage { carts, catalog, inventory }
    }

    /// What the suite of orders needs.
    pub(crate) fn around_orders(&self) -> orders::Stage {
        let Self { orders, carts, catalog, inventory, users, .. } = self.clone();
        orders::Stage { orders, carts, catalog, inventory, users }
    }
}
