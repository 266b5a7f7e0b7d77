use carts_contract::{CartOwner, WantedLine};
use kernel::{CartId, Failure, OrderId, Quantity, SkuId, Timestamp, UserId};
use platform::{Database, FromQueryResult, Sql, UnitOfWork, params, parsed};

use crate::domain::cart::{CartHead, KeptCart, MOST_LINES};

/// All carts and their lines. Whatever changes one locks its row first.
pub(crate) struct CartRows<'uow> {
    uow: &'uow UnitOfWork,
}

#[derive(FromQueryResult)]
struct HeadRow {
    owner_id: Option<String>,
    currency: String,
    order_id: Option<String>,
    version: i64,
    updated_at: i64,
}

#[derive(FromQueryResult)]
struct LineRow {
    sku: String,
    quantity: i64,
}

#[derive(FromQueryResult)]
struct JoinedRow {
    owner_id: Option<String>,
    currency: String,
    order_id: Option<String>,
    version: i64,
    updated_at: i64,
    sku: Option<String>,
    quantity: Option<i64>,
}

#[derive(FromQueryResult)]
struct HolderRow {
    order_id: String,
}

/// Writes an empty cart, lasting by itself.
pub(crate) async fn insert(database: &Database, cart: &CartHead) -> Result<(), Failure> {
    let insert = "INSERT INTO cart (id, owner_id, currency, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)";
    let owner = match cart.owner {
        CartOwner::Guest => None,
        CartOwner::User { id } => Some(id),
    };
    let values = params![cart.id, owner, cart.currency, cart.version, cart.updated_at];
    database.run(insert, values).await.map(|_| ())
}

impl<'uow> CartRows<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
    }

    /// Locks a cart and says that it changed now. Whether it may is the caller's to judge, by what comes back.
    pub(crate) async fn touch(&self, id: CartId) -> Result<Option<CartHead>, Failure> {
        let update = "UPDATE cart SET version = version + 1, updated_at = $2 WHERE id = $1 \
                      RETURNING owner_id, currency, order_id, version, updated_at";
        let row: Option<HeadRow> = self.uow.first(update, params![id, self.uow.now()]).await?;
        row.map(|row| row.into_head(id)).transpose()
    }

    /// Locks a cart that may stay as it is.
    pub(crate) async fn lock(&self, id: CartId) -> Result<Option<CartHead>, Failure> {
        let update = "UPDATE cart SET version = version WHERE id = $1 \
                      RETURNING owner_id, currency, order_id, version, updated_at";
        let row: Option<HeadRow> = self.uow.first(update, params![id]).await?;
        row.map(|row| row.into_head(id)).transpose()
    }

    /// Sets the quantity of a SKU in a locked cart; false where the cart is full.
    pub(crate) async fn put(
        &self,
        id: CartId,
        sku: &SkuId,
        quantity: Quantity,
    ) -> Result<bool, Failure> {
        let upsert = "INSERT INTO cart_line (cart_id, sku, position, quantity) \
                      SELECT $1, $2, COALESCE(MAX(position), 0) + 1, $3 FROM cart_line WHERE cart_id = $1 \
                      HAVING COUNT(*) < $4 OR COUNT(CASE WHEN sku = $2 THEN 1 END) > 0 \
                      ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = excluded.quantity";
        let rows = self.uow.run(upsert, params![id, sku, quantity, MOST_LINES]).await?;
        Ok(rows == 1)
    }

    /// Takes a SKU out of a locked cart.
    pub(crate) async fn remove(&self, id: CartId, sku: &SkuId) -> Result<(), Failure> {
        let delete = "DELETE FROM cart_line WHERE cart_id = $1 AND sku = $2";
        self.uow.run(delete, params![id, sku]).await.map(|_| ())
    }

    /// What is in a cart, in the order in which it came in.
    pub(crate) async fn lines(&self, id: CartId) -> Result<Vec<WantedLine>, Failure> {
        let select = "SELECT sku, quantity FROM cart_line WHERE cart_id = $1 ORDER BY position";
        let rows: Vec<LineRow> = self.uow.all(select, params![id]).await?;
        rows.into_iter().map(|row| wanted(&row.sku, row.quantity)).collect()
    }

    /// Makes a locked cart a user's own.
    pub(crate) async fn give(&self, cart: CartHead, owner: UserId) -> Result<CartHead, Failure> {
        let (version, updated_at) = (cart.version + 1, self.uow.now());
        let update = "UPDATE cart SET owner_id = $2, version = $3, updated_at = $4 WHERE id = $1";
        self.uow.run(update, params![cart.id, owner, version, updated_at]).await?;
        Ok(CartHead { owner: CartOwner::User { id: owner }, version, updated_at, ..cart })
    }

    /// Locks a cart for an order unless another one has it, and says which one has it now; none where there is no cart.
    pub(crate) async fn hold(
        &self,
        id: CartId,
        order: OrderId,
    ) -> Result<Option<OrderId>, Failure> {
        let update =
            "UPDATE cart SET order_id = COALESCE(order_id, $2) WHERE id = $1 RETURNING order_id";
        let row: Option<HolderRow> = self.uow.first(update, params![id, order]).await?;
        row.map(|row| parsed(&row.order_id)).transpose()
    }

    /// Locks a cart, and lets it go where this order has it.
    pub(crate) async fn let_go(&self, id: CartId, order: OrderId) -> Result<(), Failure> {
        let update = "UPDATE cart SET order_id = NULLIF(order_id, $2), \
                      updated_at = CASE WHEN order_id = $2 THEN $3 ELSE updated_at END WHERE id = $1";
        self.uow.run(update, params![id, order, self.uow.now()]).await.map(|_| ())
    }

    /// Deletes up to `most` carts that nobody changed since a moment and that no order has.
    pub(crate) async fn delete_abandoned(
        &self,
        since: Timestamp,
        most: u32,
    ) -> Result<u64, Failure> {
        // materialised: PostgreSQL may run a plain subquery with a lock more than once, past its limit
        let delete = format!(
            "WITH abandoned AS MATERIALIZED \
             (SELECT id FROM cart WHERE order_id IS NULL AND created_at < $1 AND updated_at < $1 \
              ORDER BY created_at LIMIT $2{}) \
             DELETE FROM cart WHERE order_id IS NULL AND updated_at < $1 AND id IN (SELECT id FROM abandoned)",
            self.uow.database().skip_locked()
        );
        self.uow.run(&delete, params![since, most]).await
    }
}

/// A cart with its lines, in one query.
pub(crate) async fn kept_cart(sql: &impl Sql, id: CartId) -> Result<Option<KeptCart>, Failure> {
    let select = "SELECT c.owner_id, c.currency, c.order_id, c.version, c.updated_at, l.sku, l.quantity \
                  FROM cart c LEFT JOIN cart_line l ON l.cart_id = c.id WHERE c.id = $1 ORDER BY l.position";
    let rows: Vec<JoinedRow> = sql.all(select, params![id]).await?;
    let mut head = None;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        if let (Some(sku), Some(quantity)) = (&row.sku, row.quantity) {
            lines.push(wanted(sku, quantity)?);
        }
        head = Some(row);
    }
    let head = head.map(|row| row.into_head().into_head(id)).transpose()?;
    Ok(head.map(|head| KeptCart { head, lines }))
}

fn wanted(sku: &str, quantity: i64) -> Result<WantedLine, Failure> {
    let quantity = u32::try_from(quantity).map_err(Failure::internal)?;
    let quantity = Quantity::try_from(quantity).map_err(Failure::internal)?;
    Ok(WantedLine { sku: parsed(sku)?, quantity })
}

impl JoinedRow {
    fn into_head(self) -> HeadRow {
        let Self { owner_id, currency, order_id, version, updated_at, .. } = self;
        HeadRow { owner_id, currency, order_id, version, updated_at }
    }
}

impl HeadRow {
    fn into_head(self, id: CartId) -> Result<CartHead, Failure> {
        let owner = match self.owner_id {
            None => CartOwner::Guest,
            Some(owner) => CartOwner::User { id: parsed(&owner)? },
        };
        Ok(CartHead {
            id,
            owner,
            currency: parsed(&self.currency)?,
            order: self.order_id.as_deref().map(parsed).transpose()?,
            version: self.version,
            updated_at: Timestamp::from_micros(self.updated_at),
        })
    }
}
