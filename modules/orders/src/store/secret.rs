use kernel::{Clock, Failure};
use platform::{Database, FromQueryResult, Sql as _, UnitOfWork, params};
use rand::Rng as _;

use crate::domain::access::AccessKey;

#[derive(FromQueryResult)]
struct SecretRow {
    value: String,
}

/// The key of guests' orders: made once, by whichever process comes first, and kept for ever.
pub(crate) async fn access_key(
    database: &Database,
    clock: &dyn Clock,
) -> Result<AccessKey, Failure> {
    const SELECT: &str = "SELECT value FROM secret WHERE name = 'order-access'";
    let found: Option<SecretRow> = database.first(SELECT, params![]).await?;
    let row = match found {
        Some(row) => row,
        None => {
            let fresh: [u8; 32] = rand::rng().random();
            let uow = UnitOfWork::begin(database, clock.now()).await?;
            let insert = "INSERT INTO secret (name, value) VALUES ('order-access', $1) ON CONFLICT DO NOTHING";
            uow.run(insert, params![hex::encode(fresh)]).await?;
            let kept = uow.first(SELECT, params![]).await?;
            uow.commit().await?;
            kept.ok_or_else(|| Failure::internal("the key of guests' orders was not kept"))?
        }
    };
    hex::decode(&row.value).map(AccessKey::new).map_err(Failure::internal)
}
