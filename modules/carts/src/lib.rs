//! What a buyer means to buy, priced now. A live order keeps its cart from changing.

mod application;
mod domain;
mod settings;
mod store;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use carts_contract::{
    Cart, CartContents, CartRefusal, Carts, ClaimCart, CreateCart, Freeze, GetCart, PutLine,
    RemoveLine, Thaw,
};
use catalog_contract::Catalog;
use inventory_contract::Inventory;
use kernel::{Call, CallError, Clock, Failure, ModuleName};
use platform::Database;

pub use application::audit::audit;
pub use settings::CartsSettings;

/// The name of this module, its schema and its settings.
pub const MODULE: ModuleName = ModuleName::new("carts");

/// The carts of a shop, on their own database.
pub struct CartsModule {
    database: Database,
    clock: Arc<dyn Clock>,
    catalog: Arc<dyn Catalog>,
    inventory: Arc<dyn Inventory>,
    settings: CartsSettings,
}

impl CartsModule {
    /// Stands on a migrated database and asks the two modules what things cost and how many there are.
    pub fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        catalog: Arc<dyn Catalog>,
        inventory: Arc<dyn Inventory>,
        settings: CartsSettings,
    ) -> Self {
        Self { database, clock, catalog, inventory, settings }
    }

    /// Deletes some carts that nobody changed for so long and says how many; never one with a live order.
    ///
    /// One call deletes a bounded number: zero means that none is left.
    pub async fn sweep(&self, older_than: Duration) -> Result<u64, Failure> {
        application::sweep::sweep(self, older_than).await
    }
}

#[async_trait]
impl Carts for CartsModule {
    async fn create(
        &self,
        call: &Call,
        request: CreateCart,
    ) -> Result<Cart, CallError<CartRefusal>> {
        application::create::create(self, call, request).await
    }

    async fn cart(&self, call: &Call, request: GetCart) -> Result<Cart, CallError<CartRefusal>> {
        application::cart::cart(self, call, request).await
    }

    async fn contents(
        &self,
        call: &Call,
        request: GetCart,
    ) -> Result<CartContents, CallError<CartRefusal>> {
        application::contents::contents(self, call, request).await
    }

    async fn put_line(
        &self,
        call: &Call,
        request: PutLine,
    ) -> Result<Cart, CallError<CartRefusal>> {
        application::put_line::put_line(self, call, request).await
    }

    async fn remove_line(
        &self,
        call: &Call,
        request: RemoveLine,
    ) -> Result<Cart, CallError<CartRefusal>> {
        application::remove_line::remove_line(self, call, request).await
    }

    async fn claim(&self, call: &Call, request: ClaimCart) -> Result<Cart, CallError<CartRefusal>> {
        application::claim::claim(self, call, request).await
    }

    async fn freeze(&self, call: &Call, request: Freeze) -> Result<(), CallError<CartRefusal>> {
        application::freeze::freeze(self, call, request).await
    }

    async fn thaw(&self, call: &Call, request: Thaw) -> Result<(), CallError<CartRefusal>> {
        application::thaw::thaw(self, call, request).await
    }
}
