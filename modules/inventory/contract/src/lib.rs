//! What other modules may know of `inventory`: how much of each SKU there is, and for whom it is held.

mod reserve;
mod stock;

pub use reserve::{Held, Release, Reservation, Reserve, ReserveRefusal, Shortage};
pub use stock::{
    AdjustStock, Availability, GetStock, ListMovements, Movement, OpenStock, OpeningStock,
    SetOnHand, Stock, StockLevel, StockOpened, StockRefusal,
};

use async_trait::async_trait;
use kernel::{Call, CallError, Page};

/// Stock on hand and what of it is held for orders. It never sells what is not there.
#[async_trait]
pub trait Inventory: Send + Sync + 'static {
    /// Holds stock for an order, all lines or none. A repeat for the same order changes nothing.
    ///
    /// Effect: write, keyed by the order.
    async fn reserve(
        &self,
        call: &Call,
        request: Reserve,
    ) -> Result<Reservation, CallError<ReserveRefusal>>;

    /// Gives back what is held for an order. The order can't reserve again, even if it never did.
    ///
    /// Effect: write, keyed by the order.
    async fn release(&self, call: &Call, request: Release)
    -> Result<(), CallError<ReserveRefusal>>;

    /// How much of each SKU can be sold now; a SKU without stock is left out.
    ///
    /// Effect: read.
    async fn availability(
        &self,
        call: &Call,
        request: Availability,
    ) -> Result<Vec<StockLevel>, CallError<StockRefusal>>;

    /// The counters of one SKU.
    ///
    /// Effect: read.
    async fn stock(&self, call: &Call, request: GetStock)
    -> Result<Stock, CallError<StockRefusal>>;

    /// Says how much lies on the shelf, after a count. Never below what is held for orders.
    ///
    /// Effect: write, once.
    async fn set_on_hand(
        &self,
        call: &Call,
        request: SetOnHand,
    ) -> Result<Stock, CallError<StockRefusal>>;

    /// Adds to the shelf or takes from it, with a reason. Never below what is held for orders.
    ///
    /// Effect: write, once.
    async fn adjust(
        &self,
        call: &Call,
        request: AdjustStock,
    ) -> Result<Stock, CallError<StockRefusal>>;

    /// Sets the first stock of SKUs that have none yet; the others keep theirs.
    ///
    /// Effect: write, keyed by the SKUs.
    async fn open(
        &self,
        call: &Call,
        request: OpenStock,
    ) -> Result<StockOpened, CallError<StockRefusal>>;

    /// Every change of a SKU's counters, newest first.
    ///
    /// Effect: read.
    async fn movements(
        &self,
        call: &Call,
        request: ListMovements,
    ) -> Result<Page<Movement>, CallError<StockRefusal>>;
}
