use kernel::{
    BasisPoints, Email, Money, OrderId, PaymentId, PostalAddress, Quantity, Secret, SkuId,
    Timestamp, UserId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An order as it was placed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Its number, without gaps; absent until it is confirmed.
    pub number: Option<u64>,
    /// How far it is.
    pub status: OrderStatus,
    /// Whose it is; absent for a guest's.
    pub user_id: Option<UserId>,
    /// Where its mail goes.
    pub email: Email,
    /// Where its parcel goes.
    pub shipping_address: PostalAddress,
    /// The code of the way it goes.
    pub shipping_method: String,
    /// Its lines, in the cart's order.
    pub lines: Vec<OrderLine>,
    /// Its sums.
    pub totals: OrderTotals,
    /// Its payment.
    pub payment: OrderPayment,
    /// Why it was rejected.
    pub rejection: Option<Rejection>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// What a guest shows to be let at it; only in the answer to the purchase.
    pub access_token: Option<Secret>,
}

/// How far an order is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OrderStatus {
    /// The purchase is not settled.
    Pending,
    /// Stock is held and money set aside.
    Confirmed,
    /// It could not be bought; nothing is held.
    Rejected,
    /// It was undone.
    Cancelled,
    /// A status of a later version.
    #[serde(untagged)]
    Unknown(String),
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderLine {
    /// What.
    pub sku: SkuId,
    /// Its name when it was bought.
    pub title: String,
    /// How many.
    pub quantity: Quantity,
    /// Its price when it was bought.
    pub unit_price: Money,
    /// The price of all.
    pub line_total: Money,
    /// What is taken off.
    pub discount: Money,
    /// The tax on it.
    pub tax: Money,
    /// The rate of that tax.
    pub tax_rate: BasisPoints,
}

/// The sums of an order: `total` is subtotal − discount + shipping, plus `tax` where prices exclude it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderTotals {
    /// The sum of the lines.
    pub subtotal: Money,
    /// What is taken off.
    pub discount: Money,
    /// The price of shipping.
    pub shipping: Money,
    /// The tax on shipping.
    pub shipping_tax: Money,
    /// The rate of that tax.
    pub shipping_tax_rate: BasisPoints,
    /// All tax, that on shipping included.
    pub tax: Money,
    /// What is paid.
    pub total: Money,
    /// Whether prices include tax.
    pub prices_include_tax: bool,
}

/// The payment of an order, as far as the order knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderPayment {
    /// Its id.
    pub id: PaymentId,
    /// Its status, in the words of `payments`.
    pub status: String,
    /// The provider's code.
    pub provider: String,
}

/// Why an order was rejected after it was recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Rejection {
    /// There was not enough of some lines.
    OutOfStock {
        /// The lines that fell short.
        lines: Vec<ShortLine>,
    },
    /// The provider said no.
    PaymentDeclined {
        /// The provider's reason.
        decline_code: String,
    },
    /// Another order of the same cart was faster.
    CartSpent {
        /// Which.
        order_id: OrderId,
    },
    /// It did not settle in time.
    TimedOut,
}

/// A line that fell short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShortLine {
    /// What.
    pub sku: SkuId,
    /// How many were wanted.
    pub requested: u32,
    /// How many there were.
    pub available: u32,
}
