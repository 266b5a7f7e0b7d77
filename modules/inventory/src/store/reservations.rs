use inventory_contract::Held;
use kernel::{Failure, OrderId};
use platform::{FromQueryResult, Sql as _, UnitOfWork, params};

/// What is held for which order.
pub(crate) struct Reservations<'uow> {
    uow: &'uow UnitOfWork,
}

/// What became of an order's wish.
pub(crate) enum Opened {
    /// Nothing was held for it before.
    New,
    /// The same lines are held already.
    Repeated,
    /// Other lines are held already.
    OtherLines,
    /// What was held was given back.
    Closed,
}

#[derive(FromQueryResult)]
struct ReservationRow {
    state: String,
    lines: String,
}

impl<'uow> Reservations<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
    }

    /// Writes the order's row, or says what it holds.
    pub(crate) async fn open(&self, order: OrderId, lines: &[Held]) -> Result<Opened, Failure> {
        let text = serde_json::to_string(lines).map_err(Failure::internal)?;
        let insert = "INSERT INTO reservation (order_id, state, lines, updated_at) VALUES ($1, 'held', $2, $3) \
                      ON CONFLICT (order_id) DO NOTHING";
        if self.uow.run(insert, params![order, text, self.uow.now()]).await? == 1 {
            return Ok(Opened::New);
        }
        Ok(match self.find(order).await? {
            Some(row) if row.state == "closed" => Opened::Closed,
            Some(row) if row.lines == text => Opened::Repeated,
            _ => Opened::OtherLines,
        })
    }

    /// Closes the order's row, or leaves a closed one where there was none; gives what was held until now.
    pub(crate) async fn close(&self, order: OrderId) -> Result<Vec<Held>, Failure> {
        let insert = "INSERT INTO reservation (order_id, state, lines, updated_at) VALUES ($1, 'closed', '[]', $2) \
                      ON CONFLICT (order_id) DO NOTHING";
        if self.uow.run(insert, params![order, self.uow.now()]).await? == 1 {
            return Ok(Vec::new());
        }
        let close = "UPDATE reservation SET state = 'closed', updated_at = $2 WHERE order_id = $1 AND state = 'held' \
                     RETURNING state, lines";
        match self.uow.first::<ReservationRow>(close, params![order, self.uow.now()]).await? {
            Some(row) => serde_json::from_str(&row.lines).map_err(Failure::internal),
            None => Ok(Vec::new()),
        }
    }

    async fn find(&self, order: OrderId) -> Result<Option<ReservationRow>, Failure> {
        self.uow
            .first("SELECT state, lines FROM reservation WHERE order_id = $1", params![order])
            .await
    }
}
