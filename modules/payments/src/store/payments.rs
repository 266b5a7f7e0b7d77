use std::time::Duration;

use kernel::{Failure, OrderId, PaymentId, Timestamp};
use platform::{Database, FromQueryResult, Sql, UnitOfWork, params, parsed};

use super::row::{COLUMNS, PaymentRow, name, owner, words};
use crate::domain::{Standing, Step};

/// What is left unsettled for so long is taken up by the sweep.
const LEFT_ALONE: Duration = Duration::from_secs(3);

/// The longest that the sweep waits until it asks again.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// The payments, one an order.
pub(crate) struct Payments<'uow> {
    uow: &'uow UnitOfWork,
}

/// A payment, and which of its versions this is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stored {
    pub(crate) standing: Standing,
    pub(crate) version: i64,
}

/// What an order's row holds.
pub(crate) enum Slot {
    /// The order was closed before anything was to be paid.
    Tombstone,
    /// Its payment.
    Taken(Stored),
}

#[derive(FromQueryResult)]
struct OrderRow {
    order_id: String,
}

/// Writes the row of an order, lasting by itself; none if the order or the payment has one.
pub(crate) async fn open(
    database: &Database,
    standing: Standing,
    now: Timestamp,
) -> Result<Option<Stored>, Failure> {
    let insert = "INSERT INTO payment (order_id, payment_id, provider, owner_kind, owner, currency, amount, state, \
                  closed, rest_refused, authorized, captured, refunded, refunding, asked_until, opened_at, \
                  updated_at, due_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', FALSE, FALSE, 0, 0, 0, 0, \
                  $8, $9, $9, $10, 1) ON CONFLICT DO NOTHING";
    let intent = &standing.intent;
    let (kind, owner) = owner(&intent.owner);
    let values = params![
        intent.order,
        intent.payment,
        intent.provider,
        kind,
        owner,
        intent.amount.currency(),
        intent.amount.amount(),
        standing.asked_until(),
        now,
        now.plus(LEFT_ALONE)
    ];
    let written = database.run(insert, values).await? == 1;
    Ok(written.then_some(Stored { standing, version: 1 }))
}

impl<'uow> Payments<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
    }

    /// Leaves a row that keeps the order from ever being paid; says no if the order has one.
    pub(crate) async fn entomb(&self, order: OrderId) -> Result<bool, Failure> {
        let insert = "INSERT INTO payment (order_id, amount, state, closed, rest_refused, authorized, captured, refunded, \
                      refunding, asked_until, opened_at, updated_at, version) \
                      VALUES ($1, 0, 'tombstone', TRUE, FALSE, 0, 0, 0, 0, 0, $2, $2, 1) ON CONFLICT (order_id) DO NOTHING";
        Ok(self.uow.run(insert, params![order, self.uow.now()]).await? == 1)
    }

    /// Writes how a payment stands now, unless somebody else changed it since this version.
    pub(crate) async fn save(
        &self,
        standing: Standing,
        version: i64,
    ) -> Result<Option<Stored>, Failure> {
        let update = "UPDATE payment SET state = $3, closed = $4, rest_refused = $5, reference = $6, decline_code = $7, \
                      authorized = $8, captured = $9, refunded = $10, refunding = $11, asked_until = $12, \
                      updated_at = $13, due_at = $14, version = version + 1 WHERE order_id = $1 AND version = $2";
        let (now, refunds) = (self.uow.now(), standing.refunds());
        let due = (standing.next()? != Step::Rest).then(|| now.plus(LEFT_ALONE));
        let (reference, decline_code) = words(standing.state());
        let values = params![
            standing.intent.order,
            version,
            name(standing.state()),
            standing.is_closed(),
            refunds.rest_refused,
            reference,
            decline_code,
            standing.authorized().amount(),
            standing.captured().amount(),
            refunds.refunded.amount(),
            refunds.refunding.amount(),
            standing.asked_until(),
            now,
            due
        ];
        let written = self.uow.run(update, values).await? == 1;
        Ok(written.then_some(Stored { standing, version: version + 1 }))
    }

    /// What an order's row holds, as this unit of work sees it.
    pub(crate) async fn of_order(&self, order: OrderId) -> Result<Option<Slot>, Failure> {
        of_order(self.uow, order).await
    }

    /// Takes up what was due, oldest first, and puts it off, longer the longer it is unsettled.
    pub(crate) async fn take_due(&self, most: u32) -> Result<Vec<OrderId>, Failure> {
        let skip_locked = self.uow.database().skip_locked();
        let update = format!(
            "UPDATE payment SET due_at = $1 + CASE WHEN ($1 - updated_at) / 2 > $3 THEN $3 \
             ELSE ($1 - updated_at) / 2 END WHERE order_id IN (SELECT order_id FROM payment WHERE due_at <= $1 \
             ORDER BY due_at LIMIT $2{skip_locked}) RETURNING order_id"
        );
        let longest = i64::try_from(LONGEST_WAIT.as_micros()).unwrap_or(i64::MAX);
        let rows: Vec<OrderRow> =
            self.uow.all(&update, params![self.uow.now(), most, longest]).await?;
        rows.iter().map(|row| parsed(&row.order_id)).collect()
    }
}

/// What an order's row holds.
pub(crate) async fn of_order(sql: &impl Sql, order: OrderId) -> Result<Option<Slot>, Failure> {
    let select = format!("SELECT {COLUMNS} FROM payment WHERE order_id = $1");
    let row: Option<PaymentRow> = sql.first(&select, params![order]).await?;
    row.map(slot).transpose()
}

/// A payment by its own id.
pub(crate) async fn of_payment(
    sql: &impl Sql,
    payment: PaymentId,
) -> Result<Option<Stored>, Failure> {
    let select = format!("SELECT {COLUMNS} FROM payment WHERE payment_id = $1");
    let row: Option<PaymentRow> = sql.first(&select, params![payment]).await?;
    Ok(match row.map(slot).transpose()? {
        Some(Slot::Taken(stored)) => Some(stored),
        Some(Slot::Tombstone) | None => None,
    })
}

/// Whether the provider has to be asked about any payment that was left alone for long enough.
pub(crate) async fn any_due(sql: &impl Sql, now: Timestamp) -> Result<bool, Failure> {
    let select = "SELECT order_id FROM payment WHERE due_at <= $1 LIMIT 1";
    Ok(sql.first::<OrderRow>(select, params![now]).await?.is_some())
}

fn slot(row: PaymentRow) -> Result<Slot, Failure> {
    let version = row.version();
    Ok(match row.standing()? {
        Some(standing) => Slot::Taken(Stored { standing, version }),
        None => Slot::Tombstone,
    })
}
