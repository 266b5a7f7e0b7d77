//! What other modules may know of `inventory`: how much of each SKU there is, and for whom it is held.

mod reserve;
mod stock;

pub use reserve::{Held, Release, Reservation, Reserve, ReserveRefusal, Shortage};
pub use stock::{
    AdjustStock, Availability, GetStock, ListMovements, Movement, OpenStock, OpeningStock,
    SetOnHand, Stock, StockLevel, StockOpened, StockRefusal,
};

use kernel::{Call, CallError, Page, async_trait, contract};

/// Stock on hand and what of it is held for orders. It never sells what is not there.
#[contract(name = "inventory", version = 1)]
#[async_trait]
pub trait Inventory: Send + Sync + 'static {
    /// Holds stock for an order, all lines or none. A repeat for the same order changes nothing.
    /// Keyed by the order.
    #[call(write, keyed)]
    async fn reserve(
        &self,
        call: &Call,
        request: Reserve,
    ) -> Result<Reservation, CallError<ReserveRefusal>>;

    /// Gives back what is held for an order. The order can't reserve again, even if it never did.
    /// Keyed by the order.
    #[call(write, keyed)]
    async fn release(&self, call: &Call, request: Release)
    -> Result<(), CallError<ReserveRefusal>>;

    /// How much of each SKU can be sold now; a SKU without stock is left out.
    #[call(read)]
    async fn availability(
        &self,
        call: &Call,
        request: Availability,
    ) -> Result<Vec<StockLevel>, CallError<StockRefusal>>;

    /// The counters of one SKU.
    #[call(read)]
    async fn stock(&self, call: &Call, request: GetStock)
    -> Result<Stock, CallError<StockRefusal>>;

    /// Says how much lies on the shelf, after a count. Never below what is held for orders.
    #[call(write, once)]
    async fn set_on_hand(
        &self,
        call: &Call,
        request: SetOnHand,
    ) -> Result<Stock, CallError<StockRefusal>>;

    /// Adds to the shelf or takes from it, with a reason. Never below what is held for orders.
    #[call(write, once)]
    async fn adjust(
        &self,
        call: &Call,
        request: AdjustStock,
    ) -> Result<Stock, CallError<StockRefusal>>;

    /// Sets the first stock of SKUs that have none yet; the others keep theirs.
    /// Keyed by the SKUs.
    #[call(write, keyed)]
    async fn open(
        &self,
        call: &Call,
        request: OpenStock,
    ) -> Result<StockOpened, CallError<StockRefusal>>;

    /// Every change of a SKU's counters, newest first.
    #[call(read)]
    async fn movements(
        &self,
        call: &Call,
        request: ListMovements,
    ) -> Result<Page<Movement>, CallError<StockRefusal>>;
}
