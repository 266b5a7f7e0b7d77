use std::time::{Duration, Instant};

use e2e::Outcome;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions};

use super::rows::{SKUS, TABLES, Transactions, body, lines};
use crate::load::{Dice, Pace};

/// One writer writes purchases into one file, with `synchronous=FULL`.
pub(crate) async fn sqlite(transactions: Transactions, length: Duration) -> Outcome<Pace> {
    let directory = tempfile::tempdir()?;
    let mut file = SqliteConnectOptions::new()
        .filename(directory.path().join("ceiling.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await?;
    let stock = format!(
        "{TABLES} WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {SKUS})
         INSERT INTO stock SELECT 'W' || n, 900000000, 0 FROM n;"
    );
    sqlx::raw_sql(AssertSqlSafe(stock)).execute(&mut file).await?;
    let purchase = transactions.wrap("BEGIN IMMEDIATE");
    let purchase = purchase.replace(":body", &body()).replace(":lines", &lines());
    let (mut dice, mut micros, begun) = (Dice::new(1), Vec::new(), Instant::now());
    while begun.elapsed() < length {
        let asked = Instant::now();
        let sku = dice.roll(SKUS - 1) + 1;
        let (id, a, b) = (micros.len().to_string(), sku.to_string(), (sku + 1).to_string());
        let statements = purchase.replace(":id", &id).replace(":a", &a).replace(":b", &b);
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut file).await?;
        micros.push(u64::try_from(asked.elapsed().as_micros())?);
    }
    Pace::of(micros, begun.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_rows_of_a_purchase_are_written_by_hand() {
        for transactions in [Transactions::One, Transactions::Four] {
            let pace = sqlite(transactions, Duration::from_millis(50)).await;

            assert!(pace.is_ok_and(|pace| pace.done > 0));
        }
    }
}
