use kernel::{Email, Event, Money, OrderId, PostalAddress, Quantity, SkuId, Subscription, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `orders` listens to: how far the payments of its orders are.
pub const SUBSCRIPTIONS: &[Subscription] = &[
    Subscription { name: "orders.note-payment-captured", event: "payments.payment-captured.v1" },
    Subscription { name: "orders.note-payment-refunded", event: "payments.payment-refunded.v1" },
    Subscription { name: "orders.note-payment-voided", event: "payments.payment-voided.v1" },
];

/// An order was bought: stock is held and money set aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderConfirmed {
    /// Which.
    pub order_id: OrderId,
    /// Its number.
    pub number: u64,
    /// Whose it is; absent for a guest's.
    pub user_id: Option<UserId>,
    /// What was bought.
    pub lines: Vec<OrderedLine>,
    /// What is paid.
    pub total: Money,
    /// The code of the way it goes.
    pub shipping_method: String,
    /// Who bought it; blanked in time.
    pub personal: Option<BuyerData>,
}

/// A line that was bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderedLine {
    /// What.
    pub sku: SkuId,
    /// Its name when it was bought.
    pub title: String,
    /// How many.
    pub quantity: Quantity,
}

/// Who bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BuyerData {
    /// Where mail goes.
    pub email: Email,
    /// Where the parcel goes.
    pub shipping_address: PostalAddress,
}

impl Event for OrderConfirmed {
    const NAME: &'static str = "orders.order-confirmed.v1";

    fn key(&self) -> String {
        self.order_id.to_string()
    }
}

/// A confirmed order was undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderCancelled {
    /// Which.
    pub order_id: OrderId,
    /// Its number.
    pub number: u64,
    /// Why.
    pub reason: Option<String>,
}

impl Event for OrderCancelled {
    const NAME: &'static str = "orders.order-cancelled.v1";

    fn key(&self) -> String {
        self.order_id.to_string()
    }
}
