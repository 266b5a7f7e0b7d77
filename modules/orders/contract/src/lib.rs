//! What other modules may know of `orders`: what was bought, and how far it is.

mod events;
mod order;
mod place;
mod read;

pub use events::{BuyerData, OrderCancelled, OrderConfirmed, OrderedLine, SUBSCRIPTIONS};
pub use order::{Order, OrderLine, OrderPayment, OrderStatus, OrderTotals, Rejection, ShortLine};
pub use place::{
    Cancel, CancelRefusal, PaymentMeans, PlaceOrder, PlaceRefusal, Placed, Quote, QuoteOrder,
};
pub use read::{GetOrder, History, HistoryEntry, ListOrders, ReadRefusal};

use kernel::{Call, CallError, Page, async_trait, contract};

/// Orders, and the checkout that makes them.
#[contract(name = "orders", version = 1)]
#[async_trait]
pub trait Orders: Send + Sync + 'static {
    /// What an order of the cart would cost. It holds and writes nothing.
    #[call(read)]
    async fn quote(
        &self,
        call: &Call,
        request: QuoteOrder,
    ) -> Result<Quote, CallError<PlaceRefusal>>;

    /// Buys the cart. The call's key names the purchase: a repeat gives the same order, for ever.
    ///
    /// An order whose outcome is not known in time comes back `pending` and settles by itself; one that was refused
    /// after it was recorded comes back `rejected` with its rejection.
    /// Keyed by the call's key.
    #[call(write, keyed)]
    async fn place(
        &self,
        call: &Call,
        request: PlaceOrder,
    ) -> Result<Placed, CallError<PlaceRefusal>>;

    /// An order, to its owner and to staff.
    #[call(read)]
    async fn order(&self, call: &Call, request: GetOrder) -> Result<Order, CallError<ReadRefusal>>;

    /// The caller's orders, or all to staff; newest first.
    #[call(read)]
    async fn list(
        &self,
        call: &Call,
        request: ListOrders,
    ) -> Result<Page<Order>, CallError<ReadRefusal>>;

    /// What happened to an order after an entry. Waits for the next, up to the time asked for, if there is none yet.
    #[call(read)]
    async fn history(
        &self,
        call: &Call,
        request: History,
    ) -> Result<Vec<HistoryEntry>, CallError<ReadRefusal>>;

    /// Undoes an order that was not dispatched: stock back, money back. A repeat changes nothing.
    /// Keyed by the order.
    #[call(write, keyed)]
    async fn cancel(&self, call: &Call, request: Cancel)
    -> Result<Order, CallError<CancelRefusal>>;
}
