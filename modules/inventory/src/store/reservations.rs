use inventory_contract::Held;
use kernel::{Failure, OrderId, Timestamp};
use platform::{
    Chain, Database, FIRST, FromQueryResult, Sql as _, UnitOfWork, Value, params, placeholders,
};

use super::shelf::MovementKind;

/// The counters that were changed, to the statement that writes why.
const MOVED: &str = "moved";

/// What an order has already that wants to hold something.
pub(crate) enum Earlier {
    /// The same lines.
    SameLines,
    /// Other lines.
    OtherLines,
    /// What it held was given back.
    Closed,
}

#[derive(FromQueryResult)]
struct ReservationRow {
    state: String,
    lines: String,
}

/// Holds all lines for an order, lasting by itself, or none where one falls short or the order has a reservation; says which.
///
/// There is a line, and no two are of one SKU.
pub(crate) async fn hold(
    database: &Database,
    order: OrderId,
    lines: &[Held],
    now: Timestamp,
) -> Result<bool, Failure> {
    let insert = format!(
        "INSERT INTO reservation (order_id, state, lines, updated_at) SELECT $1, 'held', $2, $3 WHERE $4 = \
         (SELECT COUNT(*) FROM (SELECT sku FROM stock JOIN (VALUES {}) AS line ON sku = column1 \
         WHERE on_hand - reserved >= column2{}) AS enough) ON CONFLICT (order_id) DO NOTHING RETURNING order_id",
        placeholders(lines.len(), 2, 5),
        database.lock_in_order("sku")
    );
    let text = serde_json::to_string(lines).map_err(Failure::internal)?;
    let count = i64::try_from(lines.len()).map_err(Failure::internal)?;
    let mut values = params![order, text, now, count];
    values.extend(deltas(lines, 1));
    let hold = moving(Chain::of(&insert, values), lines, (order, MovementKind::Reserved, 1), now);
    Ok(database.chain(hold).await?.is_some())
}

/// Closes an order's reservation for good and gives back what it held. One that had none has a closed one then.
pub(crate) async fn close(uow: &UnitOfWork, order: OrderId) -> Result<(), Failure> {
    let close = "INSERT INTO reservation (order_id, state, lines, updated_at) VALUES ($1, 'closed', '[]', $2) \
                 ON CONFLICT (order_id) DO UPDATE SET state = 'closed', updated_at = excluded.updated_at \
                 WHERE reservation.state = 'held' RETURNING state, lines";
    let row: Option<ReservationRow> = uow.first(close, params![order, uow.now()]).await?;
    let lines = row.map_or(Ok(Vec::new()), |row| serde_json::from_str(&row.lines));
    let lines: Vec<Held> = lines.map_err(Failure::internal)?;
    if lines.is_empty() {
        return Ok(());
    }
    let lock = format!(
        "SELECT 1 AS locked WHERE $1 = (SELECT COUNT(*) FROM (SELECT sku FROM stock WHERE sku IN {}{}) AS mine)",
        placeholders(1, lines.len(), 2),
        uow.database().lock_in_order("sku")
    );
    let mut values = params![i64::try_from(lines.len()).map_err(Failure::internal)?];
    values.extend(lines.iter().flat_map(|line| params![line.sku]));
    let lock = Chain::of(&lock, values);
    let released = moving(lock, &lines, (order, MovementKind::Released, -1), uow.now());
    if uow.chain(released).await?.is_none() {
        return Err(Failure::internal(format!("the counters of what {order} holds are not there")));
    }
    Ok(())
}

/// Goes on where the chain's first statement, which locks the rows, returned something: adds the lines to what is reserved, so
/// many times, and writes why.
fn moving(
    chain: Chain,
    lines: &[Held],
    (order, kind, times): (OrderId, MovementKind, i64),
    now: Timestamp,
) -> Chain {
    let update = format!(
        "UPDATE stock SET reserved = reserved + column2, movements = movements + 1 FROM (VALUES {}) AS line \
         WHERE sku = column1 AND (SELECT COUNT(*) FROM {FIRST}) > 0 RETURNING sku, movements",
        placeholders(lines.len(), 2, 1)
    );
    let record = format!(
        "INSERT INTO movement (sku, number, kind, on_hand_delta, reserved_delta, reference, at) \
         SELECT sku, movements, $1, 0, column2, $2, $3 FROM {MOVED} JOIN (VALUES {}) AS line ON sku = column1",
        placeholders(lines.len(), 2, 4)
    );
    let mut recorded = params![kind.name(), order, now];
    recorded.extend(deltas(lines, times));
    chain
        .then_as(MOVED, (update, deltas(lines, times).collect()))
        .then((record, recorded))
        .giving_first()
}

/// The lines, so many times, as the parameters of a list of values.
fn deltas(lines: &[Held], times: i64) -> impl Iterator<Item = Value> {
    lines.iter().flat_map(move |line| params![line.sku, times * i64::from(line.quantity.get())])
}

/// What an order has that wants these lines.
pub(crate) async fn find(
    database: &Database,
    order: OrderId,
    lines: &[Held],
) -> Result<Option<Earlier>, Failure> {
    let text = serde_json::to_string(lines).map_err(Failure::internal)?;
    let select = "SELECT state, lines FROM reservation WHERE order_id = $1";
    let row: Option<ReservationRow> = database.first(select, params![order]).await?;
    Ok(row.map(|row| match row {
        row if row.state == "closed" => Earlier::Closed,
        row if row.lines == text => Earlier::SameLines,
        _ => Earlier::OtherLines,
    }))
}
