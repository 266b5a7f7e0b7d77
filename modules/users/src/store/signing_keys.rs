use kernel::{Failure, Timestamp};
use platform::{FromQueryResult, Sql, UnitOfWork, params};

use crate::tokens::StoredKey;

/// A key and its place in the order in which keys sign.
pub(crate) struct KeyRow {
    pub(crate) number: i64,
    pub(crate) key: StoredKey,
    pub(crate) signs_until: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    number: i64,
    kid: String,
    private_key: String,
    public_key: String,
    signs_until: i64,
}

/// Every key there is, in the order in which they sign.
pub(crate) async fn all(sql: &impl Sql) -> Result<Vec<KeyRow>, Failure> {
    let select =
        "SELECT number, kid, private_key, public_key, signs_until FROM signing_key ORDER BY number";
    let rows: Vec<Row> = sql.all(select, params![]).await?;
    Ok(rows.into_iter().map(Row::into_key).collect())
}

/// Adds a key, unless there is one of that number.
pub(crate) async fn add(uow: &UnitOfWork, row: &KeyRow) -> Result<(), Failure> {
    let insert = "INSERT INTO signing_key (number, kid, private_key, public_key, signs_until, created_at) \
                  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (number) DO NOTHING";
    let StoredKey { kid, private_key, public_key } = &row.key;
    let values = params![row.number, kid, private_key, public_key, row.signs_until, uow.now()];
    uow.run(insert, values).await.map(|_| ())
}

/// Removes the keys that signed their last token before a moment.
pub(crate) async fn remove_outlived(uow: &UnitOfWork, before: Timestamp) -> Result<u64, Failure> {
    uow.run("DELETE FROM signing_key WHERE signs_until < $1", params![before]).await
}

impl Row {
    fn into_key(self) -> KeyRow {
        let Self { number, kid, private_key, public_key, signs_until } = self;
        let key = StoredKey { kid, private_key, public_key };
        KeyRow { number, key, signs_until: Timestamp::from_micros(signs_until) }
    }
}
