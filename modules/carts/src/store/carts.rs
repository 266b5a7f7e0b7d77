use carts_contract::{CartOwner, WantedLine};
use kernel::{CartId, Failure, OrderId, Quantity, SkuId, Timestamp, UserId};
use platform::{
    Chain, Database, FIRST, FromQueryResult, Sql, Statement, UnitOfWork, decoded, params, parsed,
};

use crate::domain::cart::{CartHead, KeptCart};

/// The carts of a shop, inside a unit of work.
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
struct JoinedRow {
    owner_id: Option<String>,
    currency: String,
    order_id: Option<String>,
    version: i64,
    updated_at: i64,
    sku: Option<String>,
    quantity: Option<i64>,
}

/// A change of a cart, unless an order has it or it is no longer as it was seen.
const CHANGED: &str = "version = version + 1, updated_at = $3 WHERE id = $1 AND version = $2 AND order_id IS NULL \
                       RETURNING owner_id, currency, order_id, version, updated_at";

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

/// Sets the quantity of a SKU in a cart that is free and still as it was seen, lasting by itself; gives the cart as it is then.
pub(crate) async fn put(
    database: &Database,
    seen: &CartHead,
    (sku, quantity): (&SkuId, Quantity),
    now: Timestamp,
) -> Result<Option<CartHead>, Failure> {
    let upsert = format!(
        "INSERT INTO cart_line (cart_id, sku, position, quantity) SELECT $1, $2, \
         (SELECT COALESCE(MAX(position), 0) + 1 FROM cart_line WHERE cart_id = $1), $3 FROM {FIRST} WHERE TRUE \
         ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = excluded.quantity"
    );
    change(database, seen, (upsert, params![seen.id, sku, quantity]), now).await
}

/// Takes a SKU out of a cart that is free and still as it was seen, lasting by itself; gives the cart as it is then.
pub(crate) async fn remove(
    database: &Database,
    seen: &CartHead,
    sku: &SkuId,
    now: Timestamp,
) -> Result<Option<CartHead>, Failure> {
    let delete = format!(
        "DELETE FROM cart_line WHERE cart_id = $1 AND sku = $2 AND EXISTS (SELECT 1 FROM {FIRST})"
    );
    change(database, seen, (delete, params![seen.id, sku]), now).await
}

/// Makes a cart that is free and still as it was seen a user's own, lasting by itself; gives the cart as it is then.
pub(crate) async fn give(
    database: &Database,
    seen: &CartHead,
    owner: UserId,
    now: Timestamp,
) -> Result<Option<CartHead>, Failure> {
    let give = format!("UPDATE cart SET owner_id = $4, {CHANGED}");
    let values = params![seen.id, seen.version, now, owner];
    changed(database, seen, Chain::of(&give, values)).await
}

async fn change(
    database: &Database,
    seen: &CartHead,
    change: Statement,
    now: Timestamp,
) -> Result<Option<CartHead>, Failure> {
    let touch = format!("UPDATE cart SET {CHANGED}");
    let touch = Chain::of(&touch, params![seen.id, seen.version, now]);
    changed(database, seen, touch.then(change)).await
}

async fn changed(
    database: &Database,
    seen: &CartHead,
    change: Chain,
) -> Result<Option<CartHead>, Failure> {
    let changed = database.chain(change.giving_first()).await?;
    changed.map(|row| decoded::<HeadRow>(&row)?.into_head(seen.id)).transpose()
}

impl<'uow> CartRows<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
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
