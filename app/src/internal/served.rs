use std::sync::Arc;

use kernel::contract::{Contract, Unattended};

use super::Table;
use crate::gateway::Services;

impl Table {
    /// Every contract of this process's modules, and what operators see of them.
    pub fn of(services: &Services, unattended: &Unattended) -> Self {
        let mut table = Self::default();
        table.add(&services.users, unattended);
        table.add(&services.catalog, unattended);
        table.add(&services.inventory, unattended);
        table.add(&services.carts, unattended);
        table.add(&services.orders, unattended);
        table.add(&services.payments, unattended);
        table.add(&services.shipping, unattended);
        services.operated.serve(&mut table);
        table
    }

    fn add<C: Contract + ?Sized>(&mut self, contract: &Arc<C>, unattended: &Unattended) {
        self.serve(C::DESCRIPTOR.address(), C::dispatcher(Arc::clone(contract), unattended));
    }
}
