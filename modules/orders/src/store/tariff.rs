use kernel::{Failure, Timestamp};
use platform::{Database, FromQueryResult, Sql, params};
use shipping_contract::Tariff;

#[derive(FromQueryResult)]
struct TariffRow {
    document: String,
}

/// Keeps what parcels cost now; where it is what was kept already, nothing is written.
pub(crate) async fn keep(
    database: &Database,
    tariff: &Tariff,
    now: Timestamp,
) -> Result<(), Failure> {
    let text = serde_json::to_string(tariff).map_err(Failure::internal)?;
    let upsert = "INSERT INTO tariff (id, document, changed_at) VALUES (1, $1, $2) ON CONFLICT (id) DO UPDATE \
                  SET document = excluded.document, changed_at = excluded.changed_at \
                  WHERE tariff.document <> excluded.document";
    database.run(upsert, params![text, now]).await.map(|_| ())
}

/// What parcels cost when that was kept last; none if it never was.
pub(crate) async fn kept(sql: &impl Sql) -> Result<Option<Tariff>, Failure> {
    let row: Option<TariffRow> =
        sql.first("SELECT document FROM tariff WHERE id = 1", params![]).await?;
    row.map(|row| serde_json::from_str(&row.document).map_err(Failure::internal)).transpose()
}
