use kernel::{CartId, Failure, IdempotencyKey, Money, OrderId, PaymentId, Secret, Timestamp};
use orders_contract::Rejection;
use platform::{Chain, Database, FIRST, Statement, UnitOfWork, Value, params};

use super::read::{self, COLUMNS, Document, StoredOrder, find_by_key, find_in_cart, stored};

/// The orders of a shop, inside a unit of work.
pub(crate) struct Orders<'uow> {
    uow: &'uow UnitOfWork,
}

/// A purchase to be recorded.
pub(crate) struct NewOrder<'a> {
    pub(crate) id: OrderId,
    pub(crate) cart: CartId,
    pub(crate) payment: PaymentId,
    pub(crate) token: &'a Secret,
    pub(crate) document: &'a Document,
    pub(crate) binding: &'a Binding,
}

/// What binds an idempotency key to an order.
#[derive(Debug, Clone)]
pub(crate) struct Binding {
    /// Whose key it is: a user's, or a guest's of one cart.
    pub(crate) scope: String,
    pub(crate) key: IdempotencyKey,
    /// What was asked for.
    pub(crate) digest: String,
}

/// What became of a new order.
pub(crate) enum Recorded {
    /// It is written.
    New(Box<StoredOrder>),
    /// The key is bound to an order already.
    Repeated(Box<StoredOrder>),
    /// The cart has a live order already.
    CartSpent(OrderId),
}

/// Writes a pending order and what belongs to that, lasting by itself, unless its key or its cart has one.
pub(crate) async fn record(
    database: &Database,
    order: &NewOrder<'_>,
    now: Timestamp,
    also: [Statement; 2],
) -> Result<Recorded, Failure> {
    let insert = format!(
        "INSERT INTO orders (id, status, cart_id, user_id, email_folded, key_scope, idempotency_key, body_digest, \
         document, currency, total, payment_id, payment_status, payment_token, placed_at, changed_at) \
         VALUES ($1, 'pending', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pending', $12, $13, $13) \
         ON CONFLICT DO NOTHING RETURNING {COLUMNS}"
    );
    let NewOrder { id, cart, payment, token, document, binding } = order;
    let text = serde_json::to_string(document).map_err(Failure::internal)?;
    let total = document.totals.total;
    let mut values = params![id, cart, document.user_id, document.email.folded(), binding.scope];
    values.extend(params![binding.key.as_str(), binding.digest, text]);
    values.extend(params![total.currency(), total.amount(), payment, token.reveal(), now]);
    let record = also.into_iter().fold(Chain::of(&insert, values), Chain::then).giving_first();
    if let Some(written) = database.chain(record).await? {
        return Ok(Recorded::New(Box::new(stored(&written)?)));
    }
    if let Some(earlier) = find_by_key(database, binding).await? {
        return Ok(Recorded::Repeated(Box::new(earlier)));
    }
    match find_in_cart(database, *cart).await? {
        Some(live) => Ok(Recorded::CartSpent(live)),
        None => Err(Failure::unavailable("the cart's order ended while another was recorded")
            .not_executed()),
    }
}

impl<'uow> Orders<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
    }

    /// Confirms a pending order and draws its number. Others wait for theirs until this unit of work ends, so this comes late.
    pub(crate) async fn confirm(
        &self,
        id: OrderId,
        payment_status: &str,
    ) -> Result<StoredOrder, Failure> {
        let draw = "UPDATE order_number SET last = last + 1 WHERE id = 1 RETURNING last";
        // Staff may have taken the money already, and its event told so.
        let update = format!(
            "UPDATE orders SET status = 'confirmed', number = {FIRST}.last, payment_token = NULL, changed_at = $3, \
             payment_status = CASE payment_status WHEN 'pending' THEN $2 ELSE payment_status END, \
             confirmed_payment_status = CASE payment_status WHEN 'pending' THEN $2 ELSE payment_status END \
             FROM {FIRST} WHERE id = $1 AND status = 'pending' RETURNING {COLUMNS}"
        );
        let values = params![id, payment_status, self.uow.now()];
        let confirm = Chain::of(draw, params![]).then((update, values));
        self.uow
            .chain(confirm)
            .await?
            .as_ref()
            .map(stored)
            .transpose()?
            .ok_or_else(no_longer_as_it_was)
    }

    /// Notes why a pending order will be rejected, before anything is undone.
    pub(crate) async fn note_rejection(
        &self,
        id: OrderId,
        rejection: &Rejection,
    ) -> Result<StoredOrder, Failure> {
        let text = serde_json::to_string(rejection).map_err(Failure::internal)?;
        let update = "UPDATE orders SET rejection = $2, changed_at = $3 WHERE id = $1 AND status = 'pending'";
        self.changed(update, params![id, text, self.uow.now()]).await
    }

    /// Rejects a pending order, after everything was undone.
    pub(crate) async fn reject(
        &self,
        id: OrderId,
        payment_status: &str,
    ) -> Result<StoredOrder, Failure> {
        let update = "UPDATE orders SET status = 'rejected', payment_status = $2, payment_token = NULL, changed_at = $3 \
                      WHERE id = $1 AND status = 'pending'";
        self.changed(update, params![id, payment_status, self.uow.now()]).await
    }

    /// Notes why an order will be cancelled, before anything is undone.
    pub(crate) async fn note_cancel(
        &self,
        id: OrderId,
        reason: Option<&str>,
    ) -> Result<StoredOrder, Failure> {
        let update = "UPDATE orders SET cancel_reason = $2, changed_at = $3 WHERE id = $1 AND status IN ('pending', 'confirmed')";
        self.changed(update, params![id, reason, self.uow.now()]).await
    }

    /// Notes what was given back of a payment; one that was given back whole is refunded.
    pub(crate) async fn note_refund(
        &self,
        payment: PaymentId,
        refunded: Money,
    ) -> Result<(), Failure> {
        let update = "UPDATE orders SET payment_status = 'refunded', changed_at = $3 WHERE payment_id = $1 AND total <= $2";
        self.uow.run(update, params![payment, refunded.amount(), self.uow.now()]).await.map(|_| ())
    }

    /// Cancels an order, after everything was undone.
    pub(crate) async fn cancel(&self, id: OrderId) -> Result<StoredOrder, Failure> {
        let update = "UPDATE orders SET status = 'cancelled', payment_token = NULL, changed_at = $2, payment_status = \
                      CASE payment_status WHEN 'captured' THEN 'refunded' WHEN 'refunded' THEN 'refunded' ELSE 'voided' END \
                      WHERE id = $1 AND status IN ('pending', 'confirmed')";
        self.changed(update, params![id, self.uow.now()]).await
    }

    /// Notes that a payment's money was taken or let go, unless it went on since: events of different kinds may come in
    /// any order, and again. Unknown payments are of orders that were never recorded here.
    pub(crate) async fn note_payment(
        &self,
        payment: PaymentId,
        status: &str,
    ) -> Result<(), Failure> {
        let update = "UPDATE orders SET payment_status = $2, changed_at = $3 WHERE payment_id = $1 \
                      AND payment_status IN ('pending', 'authorized')";
        self.uow.run(update, params![payment, status, self.uow.now()]).await.map(|_| ())
    }

    /// Changes the one order that is still as the statement wants it.
    async fn changed(&self, update: &str, values: Vec<Value>) -> Result<StoredOrder, Failure> {
        let order = read::changed(self.uow, update, values).await?;
        order.ok_or_else(no_longer_as_it_was)
    }
}

fn no_longer_as_it_was() -> Failure {
    Failure::internal("an order is no longer as it was")
}
