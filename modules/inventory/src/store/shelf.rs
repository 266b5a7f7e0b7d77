use inventory_contract::{Movement, OpeningStock, Stock, StockLevel};
use kernel::{Failure, SkuId, Timestamp};
use platform::{Chain, FIRST, FromQueryResult, Sql, UnitOfWork, params, parsed, placeholders};

/// The most of a SKU that a shelf holds.
pub(crate) const MOST_ON_HAND: u32 = 1_000_000_000;

/// The counters of all SKUs, and every change of them.
pub(crate) struct Shelf<'uow> {
    uow: &'uow UnitOfWork,
}

/// Why counters change.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MovementKind {
    Opened,
    Counted,
    Adjusted,
    Reserved,
    Released,
}

#[derive(FromQueryResult)]
struct StockRow {
    sku: String,
    on_hand: i64,
    reserved: i64,
}

#[derive(FromQueryResult)]
struct MovementRow {
    number: i64,
    kind: String,
    on_hand_delta: i64,
    reserved_delta: i64,
    reference: Option<String>,
    at: i64,
}

#[derive(FromQueryResult)]
struct SkuRow {
    sku: String,
}

impl<'uow> Shelf<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
    }

    /// Changes what lies on the shelf, if that is enough for what is reserved and not too much, and writes why; says whether.
    pub(crate) async fn change(
        &self,
        sku: &SkuId,
        delta: i64,
        (kind, reference): (MovementKind, &str),
    ) -> Result<bool, Failure> {
        let update = "UPDATE stock SET on_hand = on_hand + $2, movements = movements + 1 \
                      WHERE sku = $1 AND on_hand + $2 >= reserved AND on_hand + $2 <= $3 RETURNING movements";
        let record = format!(
            "INSERT INTO movement (sku, number, kind, on_hand_delta, reserved_delta, reference, at) \
             SELECT $1, movements, $2, $3, 0, $4, $5 FROM {FIRST}"
        );
        let recorded = params![sku, kind.name(), delta, reference, self.uow.now()];
        let change = Chain::of(update, params![sku, delta, MOST_ON_HAND]);
        Ok(self.uow.chain(change.then((record, recorded)).giving_first()).await?.is_some())
    }

    /// Writes what lay on shelves that are new.
    async fn record_opened(&self, items: &[&OpeningStock]) -> Result<(), Failure> {
        if items.is_empty() {
            return Ok(());
        }
        let insert = "INSERT INTO movement (sku, number, kind, on_hand_delta, reserved_delta, reference, at) VALUES ";
        let insert = format!("{insert}{}", placeholders(items.len(), 7, 1));
        let (kind, now) = (MovementKind::Opened.name(), self.uow.now());
        let row = |item: &&OpeningStock| {
            params![item.sku, 1_i64, kind, item.on_hand, 0_i64, "opened", now]
        };
        self.uow.run(&insert, items.iter().flat_map(row).collect()).await.map(|_| ())
    }

    /// Gives SKUs that have no counters theirs; the others keep theirs. Says how many got some.
    pub(crate) async fn open(&self, items: &[OpeningStock]) -> Result<u64, Failure> {
        let mut opened = 0;
        for chunk in items.chunks(200) {
            let insert = format!(
                "INSERT INTO stock (sku, on_hand, reserved, movements) VALUES {} ON CONFLICT (sku) DO NOTHING RETURNING sku",
                placeholders(chunk.len(), 4, 1)
            );
            let values = chunk
                .iter()
                .flat_map(|item| params![item.sku, item.on_hand, 0_i64, 1_i64])
                .collect();
            let fresh: Vec<SkuRow> = self.uow.all(&insert, values).await?;
            let fresh: std::collections::BTreeSet<String> =
                fresh.into_iter().map(|row| row.sku).collect();
            let is_fresh = |item: &&OpeningStock| fresh.contains(item.sku.as_str());
            self.record_opened(&chunk.iter().filter(is_fresh).collect::<Vec<_>>()).await?;
            opened += u64::try_from(fresh.len()).unwrap_or(u64::MAX);
        }
        Ok(opened)
    }

    /// Keeps everybody else from changing the counters of a SKU until the unit of work ends.
    pub(crate) async fn lock(&self, sku: &SkuId) -> Result<(), Failure> {
        self.uow
            .run("UPDATE stock SET movements = movements WHERE sku = $1", params![sku])
            .await
            .map(|_| ())
    }
}

impl MovementKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Counted => "counted",
            Self::Adjusted => "adjusted",
            Self::Reserved => "reserved",
            Self::Released => "released",
        }
    }
}

/// How much of each SKU can be sold; one without counters is left out.
pub(crate) async fn levels(sql: &impl Sql, skus: &[SkuId]) -> Result<Vec<StockLevel>, Failure> {
    if skus.is_empty() {
        return Ok(Vec::new());
    }
    let select = format!(
        "SELECT sku, on_hand, reserved FROM stock WHERE sku IN {}",
        placeholders(1, skus.len(), 1)
    );
    let values = skus.iter().flat_map(|sku| params![sku]).collect();
    let rows: Vec<StockRow> = sql.all(&select, values).await?;
    rows.iter()
        .map(|row| Ok(StockLevel { sku: parsed(&row.sku)?, available: row.counters()?.available }))
        .collect()
}

/// The counters of a SKU.
pub(crate) async fn counters(sql: &impl Sql, sku: &SkuId) -> Result<Option<Stock>, Failure> {
    let select = "SELECT sku, on_hand, reserved FROM stock WHERE sku = $1";
    let row: Option<StockRow> = sql.first(select, params![sku]).await?;
    row.map(|row| row.counters()).transpose()
}

/// The changes of a SKU's counters before one, newest first.
pub(crate) async fn movements_before(
    sql: &impl Sql,
    sku: &SkuId,
    before: i64,
    limit: u32,
) -> Result<Vec<Movement>, Failure> {
    let select = "SELECT number, kind, on_hand_delta, reserved_delta, reference, at FROM movement \
                  WHERE sku = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    let rows: Vec<MovementRow> = sql.all(select, params![sku, before, limit]).await?;
    Ok(rows.into_iter().map(MovementRow::into_movement).collect())
}

impl StockRow {
    fn counters(&self) -> Result<Stock, Failure> {
        let count = |number: i64| u32::try_from(number).map_err(Failure::internal);
        Ok(Stock {
            sku: parsed(&self.sku)?,
            on_hand: count(self.on_hand)?,
            reserved: count(self.reserved)?,
            available: count(self.on_hand - self.reserved)?,
        })
    }
}

impl MovementRow {
    fn into_movement(self) -> Movement {
        Movement {
            number: u64::try_from(self.number).unwrap_or_default(),
            kind: self.kind,
            on_hand_delta: self.on_hand_delta,
            reserved_delta: self.reserved_delta,
            reference: self.reference,
            at: Timestamp::from_micros(self.at),
        }
    }
}
