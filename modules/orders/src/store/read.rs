use kernel::{CartId, Email, Failure, Money, OrderId, PostalAddress, Secret, Timestamp, UserId};
use orders_contract::{Order, OrderLine, OrderPayment, OrderStatus, OrderTotals, Rejection};
use platform::{FromQueryResult, Row, Sql, UnitOfWork, Value, decoded, params, parsed};
use serde::{Deserialize, Serialize};

use super::orders::Binding;

/// An order as it was placed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Document {
    pub(crate) user_id: Option<UserId>,
    pub(crate) email: Email,
    pub(crate) shipping_address: PostalAddress,
    pub(crate) shipping_method: String,
    pub(crate) provider: String,
    pub(crate) lines: Vec<OrderLine>,
    pub(crate) totals: OrderTotals,
}

/// An order as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct StoredOrder {
    pub(crate) order: Order,
    pub(crate) cart: CartId,
    pub(crate) digest: String,
    pub(crate) token: Option<Secret>,
    pub(crate) cancel_reason: Option<String>,
    confirmed_payment_status: Option<String>,
}

impl StoredOrder {
    /// Whether its outcome is known.
    pub(crate) fn is_settled(&self) -> bool {
        self.order.status != OrderStatus::Pending
    }

    pub(crate) fn total(&self) -> Money {
        self.order.totals.total
    }

    /// The order as its purchase left it, whatever was done with it since.
    pub(crate) fn into_placed(mut self) -> Self {
        if let Some(payment_status) = self.confirmed_payment_status.take() {
            self.order.status = OrderStatus::Confirmed;
            self.order.payment.status = payment_status;
        }
        self
    }
}

#[derive(FromQueryResult)]
struct OrderRow {
    id: String,
    number: Option<i64>,
    status: String,
    cart_id: String,
    body_digest: String,
    document: String,
    payment_id: String,
    payment_status: String,
    payment_token: Option<String>,
    rejection: Option<String>,
    cancel_reason: Option<String>,
    confirmed_payment_status: Option<String>,
    placed_at: i64,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: String,
}

pub(super) const COLUMNS: &str = "id, number, status, cart_id, body_digest, document, payment_id, payment_status, payment_token, \
                       rejection, cancel_reason, confirmed_payment_status, placed_at";

/// Which orders are listed.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) status: Option<OrderStatus>,
    pub(crate) email: Option<Email>,
    pub(crate) user: Option<UserId>,
    pub(crate) before: Option<OrderId>,
}

/// An order by its id.
pub(crate) async fn find(sql: &impl Sql, id: OrderId) -> Result<Option<StoredOrder>, Failure> {
    let select = format!("SELECT {COLUMNS} FROM orders WHERE id = $1");
    let row: Option<OrderRow> = sql.first(&select, params![id]).await?;
    row.map(OrderRow::into_order).transpose()
}

/// The order that a statement wrote or changed, as it is now; none if it found none.
pub(super) async fn changed(
    uow: &UnitOfWork,
    statement: &str,
    values: Vec<Value>,
) -> Result<Option<StoredOrder>, Failure> {
    let row: Option<OrderRow> =
        uow.first(&format!("{statement} RETURNING {COLUMNS}"), values).await?;
    row.map(OrderRow::into_order).transpose()
}

/// An order as its row tells it.
pub(super) fn stored(row: &Row) -> Result<StoredOrder, Failure> {
    decoded::<OrderRow>(row)?.into_order()
}

/// The order that a key is bound to.
pub(crate) async fn find_by_key(
    sql: &impl Sql,
    binding: &Binding,
) -> Result<Option<StoredOrder>, Failure> {
    let select =
        format!("SELECT {COLUMNS} FROM orders WHERE key_scope = $1 AND idempotency_key = $2");
    let row: Option<OrderRow> =
        sql.first(&select, params![binding.scope, binding.key.as_str()]).await?;
    row.map(OrderRow::into_order).transpose()
}

/// The live order of a cart.
pub(crate) async fn find_in_cart(sql: &impl Sql, cart: CartId) -> Result<Option<OrderId>, Failure> {
    let select = "SELECT id FROM orders WHERE cart_id = $1 AND status IN ('pending', 'confirmed')";
    let row: Option<IdRow> = sql.first(select, params![cart]).await?;
    row.map(|row| parsed(&row.id)).transpose()
}

/// The orders that a filter lets through, newest first.
pub(crate) async fn list(
    sql: &impl Sql,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Order>, Failure> {
    let mut conditions: Vec<String> = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    let mut also = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            conditions.push(format!("{condition} ${}", values.len()));
        }
    };
    also("status =", filter.status.as_ref().map(|wanted| Value::from(status_name(wanted))));
    also("email_folded =", filter.email.as_ref().map(|email| Value::from(email.folded())));
    also("user_id =", filter.user.map(|user| Value::from(user.to_string())));
    also("id <", filter.before.map(|before| Value::from(before.to_string())));
    let conditions = if conditions.is_empty() {
        String::new()
    } else {
        format!("WHERE {}", conditions.join(" AND "))
    };
    let select =
        format!("SELECT {COLUMNS} FROM orders {conditions} ORDER BY id DESC LIMIT {limit}");
    let rows: Vec<OrderRow> = sql.all(&select, values).await?;
    rows.into_iter().map(|row| Ok(row.into_order()?.order)).collect()
}

/// A status by its name.
pub(crate) fn status(name: &str) -> OrderStatus {
    match name {
        "pending" => OrderStatus::Pending,
        "confirmed" => OrderStatus::Confirmed,
        "rejected" => OrderStatus::Rejected,
        "cancelled" => OrderStatus::Cancelled,
        other => OrderStatus::Unknown(other.to_owned()),
    }
}

/// The name of a status.
pub(crate) fn status_name(status: &OrderStatus) -> String {
    match status {
        OrderStatus::Pending => "pending".to_owned(),
        OrderStatus::Confirmed => "confirmed".to_owned(),
        OrderStatus::Rejected => "rejected".to_owned(),
        OrderStatus::Cancelled => "cancelled".to_owned(),
        OrderStatus::Unknown(other) => other.clone(),
    }
}

impl OrderRow {
    fn into_order(self) -> Result<StoredOrder, Failure> {
        let document: Document = serde_json::from_str(&self.document).map_err(Failure::internal)?;
        let rejection: Option<Rejection> = self
            .rejection
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(Failure::internal)?;
        let payment = OrderPayment {
            id: parsed(&self.payment_id)?,
            status: self.payment_status,
            provider: document.provider,
        };
        let order = Order {
            id: parsed(&self.id)?,
            number: self.number.map(i64::unsigned_abs),
            status: status(&self.status),
            user_id: document.user_id,
            email: document.email,
            shipping_address: document.shipping_address,
            shipping_method: document.shipping_method,
            lines: document.lines,
            totals: document.totals,
            payment,
            rejection,
            placed_at: Timestamp::from_micros(self.placed_at),
            access_token: None,
        };
        Ok(StoredOrder {
            order,
            cart: parsed(&self.cart_id)?,
            digest: self.body_digest,
            token: self.payment_token.map(Secret::new),
            cancel_reason: self.cancel_reason,
            confirmed_payment_status: self.confirmed_payment_status,
        })
    }
}
