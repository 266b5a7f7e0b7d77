//! What other modules may know of `carts`: what a buyer means to buy.

mod cart;
mod messages;

pub use cart::{Cart, CartContents, CartLine, CartOwner, WantedLine};
pub use messages::{
    CartRefusal, ClaimCart, CreateCart, Freeze, GetCart, PutLine, RemoveLine, Thaw,
};

use kernel::{Call, CallError, async_trait, contract};

/// Carts. An id that nobody can guess is the key to a guest's cart; a signed-in buyer's cart is theirs alone.
#[contract(name = "carts", version = 1)]
#[async_trait]
pub trait Carts: Send + Sync + 'static {
    /// Makes an empty cart, which belongs to the caller if signed in.
    #[call(write, once)]
    async fn create(
        &self,
        call: &Call,
        request: CreateCart,
    ) -> Result<Cart, CallError<CartRefusal>>;

    /// The cart, priced now.
    #[call(read)]
    async fn cart(&self, call: &Call, request: GetCart) -> Result<Cart, CallError<CartRefusal>>;

    /// What is in the cart, without prices.
    #[call(read)]
    async fn contents(
        &self,
        call: &Call,
        request: GetCart,
    ) -> Result<CartContents, CallError<CartRefusal>>;

    /// Sets the quantity of a SKU; zero removes it.
    /// Keyed by cart and SKU.
    #[call(write, keyed)]
    async fn put_line(&self, call: &Call, request: PutLine)
    -> Result<Cart, CallError<CartRefusal>>;

    /// Removes a SKU; one that is not there changes nothing.
    /// Keyed by cart and SKU.
    #[call(write, keyed)]
    async fn remove_line(
        &self,
        call: &Call,
        request: RemoveLine,
    ) -> Result<Cart, CallError<CartRefusal>>;

    /// Makes a guest's cart the caller's own.
    /// Keyed by the cart.
    #[call(write, keyed)]
    async fn claim(&self, call: &Call, request: ClaimCart) -> Result<Cart, CallError<CartRefusal>>;

    /// Keeps the cart from changing while an order of it lives. What the order recorded counts.
    /// Keyed by the order.
    #[call(write, keyed)]
    async fn freeze(&self, call: &Call, request: Freeze) -> Result<(), CallError<CartRefusal>>;

    /// Lets the cart change again, for good: the order can't freeze it any more, even if it never did.
    /// Keyed by the order.
    #[call(write, keyed)]
    async fn thaw(&self, call: &Call, request: Thaw) -> Result<(), CallError<CartRefusal>>;
}
