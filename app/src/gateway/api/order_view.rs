use kernel::{BasisPoints, Email, OrderId, PaymentId, Quantity, SkuId, Timestamp};
use orders_contract as contract;
use serde::Serialize;
use utoipa::ToSchema;

use super::common::{Money, Postal};
use super::schema::{EmailAddress, Id, Sku, Time};

/// An order as it was placed.
#[derive(Serialize, ToSchema)]
pub(super) struct Order {
    #[schema(value_type = Id)]
    pub(super) id: OrderId,
    /// Without gaps; null before it is confirmed, and for a rejected one.
    number: Option<u64>,
    /// `pending`, `confirmed`, `rejected` or `cancelled`.
    status: String,
    #[schema(value_type = EmailAddress)]
    email: Email,
    shipping_address: Postal,
    shipping_method: String,
    lines: Vec<OrderLine>,
    #[serde(flatten)]
    totals: Totals,
    payment: OrderPayment,
    /// Null until it is on its way.
    #[schema(value_type = Option<Object>)]
    shipment: (),
    /// Why it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection: Option<Rejection>,
    #[schema(value_type = Time)]
    placed_at: Timestamp,
    /// What a guest shows as `X-Order-Token`; only in the answer to the purchase.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
}

/// A line of an order.
#[derive(Serialize, ToSchema)]
pub(super) struct OrderLine {
    #[schema(value_type = Sku)]
    sku: SkuId,
    title: String,
    #[schema(value_type = u32)]
    quantity: Quantity,
    unit_price: Money,
    line_total: Money,
    discount: Money,
    tax: Money,
    /// In basis points: 1900 is 19 %.
    #[schema(value_type = u16)]
    tax_rate: BasisPoints,
}

/// The sums: `total` is `subtotal` − `discount` + `shipping`, plus `tax` where prices exclude it.
#[derive(Serialize, ToSchema)]
pub(super) struct Totals {
    subtotal: Money,
    discount: Money,
    shipping: Money,
    shipping_tax: Money,
    /// In basis points: 1900 is 19 %.
    #[schema(value_type = u16)]
    shipping_tax_rate: BasisPoints,
    /// All tax, that on shipping included.
    tax: Money,
    total: Money,
    prices_include_tax: bool,
}

/// The payment of an order, as far as the order knows.
#[derive(Serialize, ToSchema)]
struct OrderPayment {
    #[schema(value_type = Id)]
    id: PaymentId,
    status: String,
    provider: String,
}

/// Why an order was rejected.
#[derive(Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub(super) enum Rejection {
    /// There was not enough of some lines.
    OutOfStock { lines: Vec<ShortLine> },
    /// The provider said no.
    PaymentDeclined { decline_code: String },
    /// Another order of the cart was faster.
    CartSpent {
        #[schema(value_type = Id)]
        order_id: OrderId,
    },
    /// It did not settle in time.
    TimedOut,
}

/// A line that fell short.
#[derive(Serialize, ToSchema)]
pub(super) struct ShortLine {
    #[schema(value_type = Sku)]
    sku: SkuId,
    requested: u32,
    available: u32,
}

/// What an order would cost.
#[derive(Serialize, ToSchema)]
pub(super) struct Quote {
    lines: Vec<OrderLine>,
    #[serde(flatten)]
    totals: Totals,
}

impl From<contract::Order> for Order {
    fn from(order: contract::Order) -> Self {
        let payment = order.payment;
        Self {
            id: order.id,
            number: order.number,
            status: status(order.status),
            email: order.email,
            shipping_address: order.shipping_address.into(),
            shipping_method: order.shipping_method,
            lines: order.lines.into_iter().map(OrderLine::from).collect(),
            totals: order.totals.into(),
            payment: OrderPayment {
                id: payment.id,
                status: payment.status,
                provider: payment.provider,
            },
            shipment: (),
            rejection: order.rejection.map(Rejection::from),
            placed_at: order.placed_at,
            access_token: order.access_token.map(|token| token.reveal().to_owned()),
        }
    }
}

impl From<contract::OrderLine> for OrderLine {
    fn from(line: contract::OrderLine) -> Self {
        Self {
            sku: line.sku,
            title: line.title,
            quantity: line.quantity,
            unit_price: line.unit_price.into(),
            line_total: line.line_total.into(),
            discount: line.discount.into(),
            tax: line.tax.into(),
            tax_rate: line.tax_rate,
        }
    }
}

impl From<contract::OrderTotals> for Totals {
    fn from(totals: contract::OrderTotals) -> Self {
        Self {
            subtotal: totals.subtotal.into(),
            discount: totals.discount.into(),
            shipping: totals.shipping.into(),
            shipping_tax: totals.shipping_tax.into(),
            shipping_tax_rate: totals.shipping_tax_rate,
            tax: totals.tax.into(),
            total: totals.total.into(),
            prices_include_tax: totals.prices_include_tax,
        }
    }
}

impl From<contract::Rejection> for Rejection {
    fn from(rejection: contract::Rejection) -> Self {
        match rejection {
            contract::Rejection::OutOfStock { lines } => {
                let lines = lines.into_iter().map(|line| ShortLine {
                    sku: line.sku,
                    requested: line.requested,
                    available: line.available,
                });
                Self::OutOfStock { lines: lines.collect() }
            }
            contract::Rejection::PaymentDeclined { decline_code } => {
                Self::PaymentDeclined { decline_code }
            }
            contract::Rejection::CartSpent { order_id } => Self::CartSpent { order_id },
            contract::Rejection::TimedOut => Self::TimedOut,
        }
    }
}

impl From<contract::Quote> for Quote {
    fn from(quote: contract::Quote) -> Self {
        let lines = quote.lines.into_iter().map(OrderLine::from).collect();
        Self { lines, totals: quote.totals.into() }
    }
}

/// The word for how far an order is.
pub(super) fn status(status: contract::OrderStatus) -> String {
    match status {
        contract::OrderStatus::Pending => "pending".to_owned(),
        contract::OrderStatus::Confirmed => "confirmed".to_owned(),
        contract::OrderStatus::Rejected => "rejected".to_owned(),
        contract::OrderStatus::Cancelled => "cancelled".to_owned(),
        contract::OrderStatus::Unknown(word) => word,
    }
}
