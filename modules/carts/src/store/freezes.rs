use kernel::{CartId, Failure, OrderId, Timestamp};
use platform::{
    Chain, Database, FIRST, FromQueryResult, Sql, UnitOfWork, is_taken, params, parsed,
};

/// Which orders keep which carts from changing, and which did.
pub(crate) struct Freezes<'uow> {
    uow: &'uow UnitOfWork,
}

/// What an order's freeze is.
pub(crate) enum Frozen {
    /// It keeps a cart from changing.
    Live(CartId),
    /// It was let go, for good.
    Closed,
}

#[derive(FromQueryResult)]
struct FreezeRow {
    cart_id: String,
    state: String,
}

#[derive(FromQueryResult)]
struct CartRow {
    cart_id: String,
}

/// Freezes a cart that is free for an order that never froze one, lasting by itself; false if either is not so.
pub(crate) async fn open(
    database: &Database,
    (cart, order): (CartId, OrderId),
    now: Timestamp,
) -> Result<bool, Failure> {
    let hold = "UPDATE cart SET order_id = $2 WHERE id = $1 AND order_id IS NULL RETURNING id";
    let freeze = format!(
        "INSERT INTO cart_freeze (order_id, cart_id, state, updated_at) SELECT $1, id, 'live', $2 FROM {FIRST}"
    );
    let hold = Chain::of(hold, params![cart, order]).then((freeze, params![order, now]));
    match database.chain(hold.giving_first()).await {
        Err(failure) if is_taken(&failure) => Ok(false),
        opened => Ok(opened?.is_some()),
    }
}

/// What an order's freeze is, if it ever had one.
pub(crate) async fn of_order(sql: &impl Sql, order: OrderId) -> Result<Option<Frozen>, Failure> {
    let select = "SELECT cart_id, state FROM cart_freeze WHERE order_id = $1";
    let row: Option<FreezeRow> = sql.first(select, params![order]).await?;
    row.map(|row| match row.state.as_str() {
        "closed" => Ok(Frozen::Closed),
        _ => parsed(&row.cart_id).map(Frozen::Live),
    })
    .transpose()
}

impl<'uow> Freezes<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
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
