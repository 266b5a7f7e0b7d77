use kernel::{Clock, Failure};
use platform::{Database, FromQueryResult, Sql as _, UnitOfWork, params};
use rand::Rng as _;

use crate::domain::access::AccessKey;

#[derive(FromQueryResult)]
struct SecretRow {
    value: String,
}

const SELECT: &str = "SELECT value FROM secret WHERE name = 'order-access'";

/// The key of guests' orders: made once, by whichever process comes first, and kept for ever.
pub(crate) async fn access_key(
    database: &Database,
    clock: &dyn Clock,
) -> Result<AccessKey, Failure> {
    let mut found: Option<SecretRow> = database.first(SELECT, params![]).await?;
    if found.is_none() {
        let fresh: [u8; 32] = rand::rng().random();
        let uow = UnitOfWork::begin(database, clock.now()).await?;
        let insert =
            "INSERT INTO secret (name, value) VALUES ('order-access', $1) ON CONFLICT DO NOTHING";
        uow.run(insert, params![hex::encode(fresh)]).await?;
        found = uow.first(SELECT, params![]).await?;
        uow.commit().await?;
    }
    let row = found.ok_or_else(|| Failure::internal("the key of guests' orders was not kept"))?;
    hex::decode(&row.value).map(AccessKey::new).map_err(Failure::internal)
}
