//! Stock on hand, and what of it is held for orders. It never sells what is not there.

mod application;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use inventory_contract::{
    AdjustStock, Availability, GetStock, Inventory, ListMovements, Movement, OpenStock, Release,
    Reservation, Reserve, ReserveRefusal, SetOnHand, Stock, StockLevel, StockOpened, StockRefusal,
};
use kernel::{Call, CallError, Clock, Failure, ModuleName, OrderId, Page};
use platform::Database;
use platform::ops::{Audited, Fact};

/// The name of this module, its schema and its settings.
pub const MODULE: ModuleName = ModuleName::new("inventory");

/// The inventory of a shop, on its own database.
pub struct InventoryModule {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl InventoryModule {
    /// Stands on a migrated database.
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }
}

#[async_trait]
impl Inventory for InventoryModule {
    async fn reserve(
        &self,
        call: &Call,
        request: Reserve,
    ) -> Result<Reservation, CallError<ReserveRefusal>> {
        application::reserve::reserve(self, call, request).await
    }

    async fn release(
        &self,
        call: &Call,
        request: Release,
    ) -> Result<(), CallError<ReserveRefusal>> {
        application::release::release(self, call, request).await
    }

    async fn availability(
        &self,
        _: &Call,
        request: Availability,
    ) -> Result<Vec<StockLevel>, CallError<StockRefusal>> {
        application::availability::availability(self, request).await
    }

    async fn stock(&self, _: &Call, request: GetStock) -> Result<Stock, CallError<StockRefusal>> {
        application::stock::stock(self, request).await
    }

    async fn set_on_hand(
        &self,
        call: &Call,
        request: SetOnHand,
    ) -> Result<Stock, CallError<StockRefusal>> {
        application::set_on_hand::set_on_hand(self, call, request).await
    }

    async fn adjust(
        &self,
        call: &Call,
        request: AdjustStock,
    ) -> Result<Stock, CallError<StockRefusal>> {
        application::adjust::adjust(self, call, request).await
    }

    async fn open(
        &self,
        call: &Call,
        request: OpenStock,
    ) -> Result<StockOpened, CallError<StockRefusal>> {
        application::open::open(self, call, request).await
    }

    async fn movements(
        &self,
        call: &Call,
        request: ListMovements,
    ) -> Result<Page<Movement>, CallError<StockRefusal>> {
        application::movements::movements(self, call, request).await
    }
}

#[async_trait]
impl Audited for InventoryModule {
    async fn audit(&self) -> Result<Vec<String>, Failure> {
        store::audit::findings(&self.database).await
    }

    async fn facts(&self, after: Option<OrderId>, limit: u32) -> Result<Vec<Fact>, Failure> {
        store::audit::facts(&self.database, after, limit).await
    }
}
