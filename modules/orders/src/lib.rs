//! What was bought, and the checkout that makes it so: a durable saga over carts, inventory and payments.

mod application;
mod domain;
mod events;
mod settings;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use carts_contract::Carts;
use catalog_contract::Catalog;
use inventory_contract::Inventory;
use kernel::{Call, CallError, Clock, Failure, ModuleName, OrderId, Page};
use orders_contract::{
    Cancel, CancelRefusal, GetOrder, History, HistoryEntry, ListOrders, Order, Orders, PlaceOrder,
    PlaceRefusal, Placed, Quote, QuoteOrder, ReadRefusal,
};
use payments_contract::Payments;
use platform::Database;
use platform::ops::{Audited, Fact};
use platform::saga::{Saga, SagaDriver, SagaRunner, SagaSettings};
use shipping_contract::Shipping;
use users_contract::Users;

use crate::application::settling::Settling;
use crate::domain::access::AccessKey;

pub use events::handlers;
pub use settings::OrdersSettings;

/// The name of this module, its schema and its settings.
pub const MODULE: ModuleName = ModuleName::new("orders");

/// The modules that a purchase needs.
#[derive(Clone)]
pub struct Neighbours {
    /// Knows a signed-in buyer's e-mail.
    pub users: Arc<dyn Users>,
    /// Knows what things are and cost.
    pub catalog: Arc<dyn Catalog>,
    /// Holds stock.
    pub inventory: Arc<dyn Inventory>,
    /// Knows what is wanted.
    pub carts: Arc<dyn Carts>,
    /// Sets money aside.
    pub payments: Arc<dyn Payments>,
    /// Knows how parcels go.
    pub shipping: Arc<dyn Shipping>,
}

/// The orders of a shop, on their own database.
pub struct OrdersModule {
    database: Database,
    clock: Arc<dyn Clock>,
    neighbours: Neighbours,
    settings: OrdersSettings,
    sagas: SagaSettings,
    access: AccessKey,
    settling: Settling,
}

impl OrdersModule {
    /// Stands on a migrated database; makes the key of guests' orders if there is none yet.
    pub async fn open(
        database: Database,
        clock: Arc<dyn Clock>,
        neighbours: Neighbours,
        settings: OrdersSettings,
    ) -> Result<Arc<Self>, Failure> {
        let access = store::secret::access_key(&database, clock.as_ref()).await?;
        let (sagas, settling) = (SagaSettings::default(), Settling::default());
        Ok(Arc::new(Self { database, clock, neighbours, settings, sagas, access, settling }))
    }

    /// Keeps what parcels cost now, to sell on by while `shipping` is away.
    ///
    /// Meant to be called every few minutes. Calling it too often changes nothing.
    pub async fn keep_tariff(&self) -> Result<(), Failure> {
        application::parcels::keep_tariff(self).await
    }

    /// What takes up the purchases that a crash or a lost answer left open.
    pub fn saga_runner(self: &Arc<Self>) -> SagaRunner {
        let driver: Arc<dyn SagaDriver> = Arc::<Self>::clone(self);
        SagaRunner::new(self.database.clone(), Arc::clone(&self.clock), self.sagas.clone(), driver)
    }
}

#[async_trait]
impl Orders for OrdersModule {
    async fn quote(
        &self,
        call: &Call,
        request: QuoteOrder,
    ) -> Result<Quote, CallError<PlaceRefusal>> {
        application::quote::quote(self, call, request).await
    }

    async fn place(
        &self,
        call: &Call,
        request: PlaceOrder,
    ) -> Result<Placed, CallError<PlaceRefusal>> {
        application::place::place(self, call, request).await
    }

    async fn order(&self, call: &Call, request: GetOrder) -> Result<Order, CallError<ReadRefusal>> {
        application::order::order(self, call, request).await
    }

    async fn list(
        &self,
        call: &Call,
        request: ListOrders,
    ) -> Result<Page<Order>, CallError<ReadRefusal>> {
        application::list::list(self, call, request).await
    }

    async fn history(
        &self,
        call: &Call,
        request: History,
    ) -> Result<Vec<HistoryEntry>, CallError<ReadRefusal>> {
        application::history::history(self, call, request).await
    }

    async fn cancel(
        &self,
        call: &Call,
        request: Cancel,
    ) -> Result<Order, CallError<CancelRefusal>> {
        application::cancel::cancel(self, call, request).await
    }
}

#[async_trait]
impl SagaDriver for OrdersModule {
    async fn drive(&self, saga: Saga) -> Result<(), Failure> {
        application::checkout::resume(self, saga).await
    }
}

#[async_trait]
impl Audited for OrdersModule {
    async fn audit(&self) -> Result<Vec<String>, Failure> {
        let mut findings = store::audit::number_gaps(&self.database).await?;
        findings.extend(store::audit::wrong_sums(&self.database).await?);
        Ok(findings)
    }

    async fn facts(&self, after: Option<OrderId>, limit: u32) -> Result<Vec<Fact>, Failure> {
        store::audit::facts(&self.database, after, limit).await
    }
}
