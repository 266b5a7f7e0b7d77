use std::sync::Arc;

use carts_contract::{Carts, CreateCart, PutLine};
use catalog_contract::Catalog;
use inventory_contract::Inventory;
use kernel::{Call, CallError, CartId, Secret, SkuId};
use orders_contract::{
    GetOrder, Order, Orders, PaymentMeans, PlaceOrder, PlaceRefusal, Placed, QuoteOrder,
};
use users_contract::Users;

use crate::fresh::{email, key, postal, staff};
use crate::goods::{counters, stocked};

/// The contract, and what is bought by whom, of a shop whose provider is the sandbox and that sends parcels within Germany.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is the contract that its type names")]
pub struct Stage {
    pub orders: Arc<dyn Orders>,
    pub carts: Arc<dyn Carts>,
    pub catalog: Arc<dyn Catalog>,
    pub inventory: Arc<dyn Inventory>,
    pub users: Arc<dyn Users>,
}

impl Stage {
    /// Something to buy, so many of it.
    pub(super) async fn sold(&self, on_hand: u32) -> SkuId {
        stocked(self.catalog.as_ref(), self.inventory.as_ref(), (1_000, on_hand)).await
    }

    pub(super) async fn empty_cart(&self, call: &Call) -> CartId {
        self.carts.create(call, CreateCart { currency: None }).await.unwrap().id
    }

    /// A cart with so many of something.
    pub(super) async fn cart(&self, call: &Call, (sku, quantity): (&SkuId, u32)) -> CartId {
        let cart = self.empty_cart(call).await;
        let (sku, quantity) = (sku.clone(), quantity.try_into().ok());
        self.carts.put_line(call, PutLine { cart, sku, quantity }).await.unwrap();
        cart
    }

    pub(super) async fn place(
        &self,
        call: &Call,
        wish: PlaceOrder,
    ) -> Result<Placed, CallError<PlaceRefusal>> {
        self.orders.place(call, wish).await
    }

    /// An order of one of something, by whoever calls.
    pub(super) async fn bought(&self, call: &Call) -> Order {
        let sku = self.sold(5).await;
        let wish = wish(self.cart(call, (&sku, 1)).await);
        self.place(&call.clone().keyed(key()), wish).await.unwrap().order
    }

    /// How far an order is now, and all about it.
    pub(super) async fn now(&self, order: &Order) -> Order {
        self.orders.order(&staff(), GetOrder { order: order.id }).await.unwrap()
    }

    /// How many lie there, are held, and can be sold.
    pub(super) async fn counters(&self, sku: &SkuId) -> [u32; 3] {
        counters(self.inventory.as_ref(), sku).await
    }
}

pub(super) fn wish(cart: CartId) -> PlaceOrder {
    PlaceOrder {
        cart,
        email: Some(email()),
        shipping_address: postal("Street 1"),
        shipping_method: "standard".to_owned(),
        payment: paid_with("tok_ok"),
        discount_code: None,
        expected_total: None,
    }
}

pub(super) fn paid_with(token: &str) -> PaymentMeans {
    PaymentMeans { provider: "sandbox".to_owned(), token: Secret::new(token) }
}

pub(super) fn quote(cart: CartId) -> QuoteOrder {
    let PlaceOrder { shipping_address, shipping_method, discount_code, .. } = wish(cart);
    QuoteOrder { cart, shipping_address, shipping_method, discount_code }
}
