use kernel::{CartId, Failure, OrderId};
use platform::{FromQueryResult, Sql as _, UnitOfWork, params, parsed};

/// Which orders keep which carts from changing, and which did.
pub(crate) struct Freezes<'uow> {
    uow: &'uow UnitOfWork,
}

/// What became of an order's wish.
pub(crate) enum Opened {
    /// It never froze a cart before.
    New,
    /// It has frozen this cart already.
    Repeated,
    /// It was let go, for good.
    Closed,
    /// Another live order has frozen this cart.
    Taken,
    /// It has frozen another cart.
    OtherCart,
}

#[derive(FromQueryResult)]
struct FreezeRow {
    order_id: String,
    cart_id: String,
    state: String,
}

#[derive(FromQueryResult)]
struct CartRow {
    cart_id: String,
}

impl<'uow> Freezes<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
    }

    /// Writes the order's row for a locked cart, or says why it can't.
    pub(crate) async fn open(&self, cart: CartId, order: OrderId) -> Result<Opened, Failure> {
        let insert = "INSERT INTO cart_freeze (order_id, cart_id, state, updated_at) VALUES ($1, $2, 'live', $3) \
                      ON CONFLICT DO NOTHING";
        if self.uow.run(insert, params![order, cart, self.uow.now()]).await? == 1 {
            return Ok(Opened::New);
        }
        let select = "SELECT order_id, cart_id, state FROM cart_freeze \
                      WHERE order_id = $1 OR (cart_id = $2 AND state = 'live')";
        let rows: Vec<FreezeRow> = self.uow.all(select, params![order, cart]).await?;
        let (order, cart) = (order.to_string(), cart.to_string());
        Ok(match rows.iter().find(|row| row.order_id == order) {
            None => Opened::Taken,
            Some(row) if row.state == "closed" => Opened::Closed,
            Some(row) if row.cart_id == cart => Opened::Repeated,
            Some(_) => Opened::OtherCart,
        })
    }

    /// Closes the order's row, or leaves a closed one where there was none; says of which cart.
    pub(crate) async fn close(&self, cart: CartId, order: OrderId) -> Result<CartId, Failure> {
        let upsert = "INSERT INTO cart_freeze (order_id, cart_id, state, updated_at) VALUES ($1, $2, 'closed', $3) \
                      ON CONFLICT (order_id) DO UPDATE SET state = 'closed', updated_at = excluded.updated_at \
                      RETURNING cart_id";
        let row: Option<CartRow> =
            self.uow.first(upsert, params![order, cart, self.uow.now()]).await?;
        let row = row.ok_or_else(|| Failure::internal("an upsert gave no row"))?;
        parsed(&row.cart_id)
    }
}
