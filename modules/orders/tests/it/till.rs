use std::sync::Arc;
use std::time::Duration;

use kernel::{
    BasisPoints, Call, CallError, IdempotencyKey, ModuleName, OrderId, Principal, Proof, Secret,
    UserId,
};
use orders::{OrdersModule, OrdersSettings};
use orders_contract::{
    GetOrder, OrderStatus, Orders, PaymentMeans, PlaceOrder, PlaceRefusal, Placed,
};
use platform::Database;
use testkit::ManualClock;

use crate::neighbours::Shop;

/// Where orders are placed.
pub(crate) struct Till {
    pub(crate) shop: Arc<Shop>,
    pub(crate) orders: Arc<OrdersModule>,
    pub(crate) clock: Arc<ManualClock>,
}

fn rules() -> OrdersSettings {
    let rate = |(country, rate): (&str, u16)| (country.parse().unwrap(), BasisPoints(rate));
    OrdersSettings {
        prices_include_tax: true,
        tax: [("DE", 1900), ("CH", 810)].map(rate).into(),
        settle_within_seconds: (15 * 60).try_into().unwrap(),
    }
}

impl Till {
    pub(crate) async fn open(database: &Database) -> Self {
        let (shop, clock) = (Shop::new(), Arc::new(ManualClock::default()));
        let orders =
            OrdersModule::open(database.clone(), clock.clone(), shop.neighbours(), rules());
        Self { orders: orders.await.unwrap(), shop, clock }
    }

    pub(crate) async fn buy(&self, key: &str) -> Result<Placed, CallError<PlaceRefusal>> {
        self.orders
            .place(&guest(None).keyed(IdempotencyKey::parse(key).unwrap()), self.wish())
            .await
    }

    pub(crate) fn wish(&self) -> PlaceOrder {
        PlaceOrder {
            cart: self.shop.cart,
            email: Some("guest@example.org".parse().unwrap()),
            shipping_address: serde_json::from_value(serde_json::json!({
                "name": "Ada", "line1": "Street 1", "city": "Berlin", "postal_code": "10115", "country": "DE",
            }))
            .unwrap(),
            shipping_method: "standard".to_owned(),
            payment: PaymentMeans { provider: "sandbox".to_owned(), token: Secret::new("tok_ok") },
            discount_code: None,
            expected_total: None,
        }
    }

    /// Lets the worker take up what is due, after the lease of whoever held it.
    pub(crate) async fn work(&self) {
        self.clock.advance(Duration::from_secs(10));
        self.orders.saga_runner().step().await.unwrap();
    }

    pub(crate) async fn status(&self, order: OrderId) -> OrderStatus {
        self.orders.order(&staff(), GetOrder { order }).await.unwrap().status
    }
}

pub(crate) fn guest(proof: Option<Proof>) -> Call {
    Call::new(ModuleName::new("gateway"), Principal::Guest { proof }, Duration::from_secs(10))
}

pub(crate) fn staff() -> Call {
    Call::new(
        ModuleName::new("gateway"),
        Principal::Staff { id: UserId::generate() },
        Duration::from_secs(10),
    )
}
