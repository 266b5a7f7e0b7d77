use std::path::PathBuf;
use std::time::Duration;

use e2e::Outcome;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::process::Command;

use super::rows::{SKUS, TABLES, Transactions, body, lines};
use crate::load::{Millis, thousands};

/// The tables by hand in a database of their own.
pub(crate) struct Postgres {
    database: testkit::TestPostgres,
}

impl Postgres {
    /// Makes the tables. Gives none where no server is found.
    pub(crate) async fn prepare() -> Outcome<Option<Self>> {
        let Some(database) = testkit::postgres(30).await else { return Ok(None) };
        let mut connection = PgConnection::connect(&database.url).await?;
        let stock = format!(
            "{TABLES} INSERT INTO stock SELECT 'W' || n, 900000000, 0 FROM generate_series(1, {SKUS}) n; ANALYZE;"
        );
        sqlx::raw_sql(AssertSqlSafe(stock)).execute(&mut connection).await?;
        Ok(Some(Self { database }))
    }

    /// Lets `pgbench` write purchases, and gives its figures as it names them.
    pub(crate) async fn run(
        &self,
        transactions: Transactions,
        clients: u64,
        length: Duration,
    ) -> Outcome<String> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), script(transactions))?;
        let mut pgbench = Command::new(program()?);
        pgbench
            .args(["--no-vacuum", "--jobs=2", "--protocol=prepared"])
            .arg(format!("--client={clients}"))
            .arg(format!("--time={}", length.as_secs().max(1)))
            .arg(format!("--file={}", file.path().display()))
            .arg(&self.database.url)
            .env("PGSSLMODE", "disable"); // as the shop's connections
        let output = pgbench.output().await?;
        let text = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr);
            return Err(format!("pgbench ended with {}: {complaint}", output.status).into());
        }
        figures(&text).ok_or_else(|| format!("pgbench said: {text}").into())
    }
}

/// The ids of a run do not meet those of another: there are 2⁶² to choose from.
fn script(transactions: Transactions) -> String {
    let script = format!(
        "\\set id random(1, 4611686018427387904)\n\\set a random(1, {})\n\\set b :a + 1\n",
        SKUS - 1
    );
    script + &numbered(&transactions.wrap("BEGIN"))
}

/// Within quotes `pgbench` puts no variable, so names are put together.
fn numbered(step: &str) -> String {
    let mut step = step.replace(":body", &body()).replace(":lines", &lines());
    for (prefix, name) in [
        ("c", "id"),
        ("o", "id"),
        ("k", "id"),
        ("a", "id"),
        ("b", "id"),
        ("r", "id"),
        ("p", "id"),
        ("x", "id"),
        ("e", "id"),
        ("m", "id"),
        ("d", "id"),
        ("W", "a"),
        ("W", "b"),
    ] {
        step = step.replace(&format!("'{prefix}:{name}'"), &format!("'{prefix}' || :{name}"));
    }
    step
}

fn figures(text: &str) -> Option<String> {
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let (rate, _) = value("tps = ")?.split_once('.')?;
    let latency = value("latency average = ")?.strip_suffix(" ms")?;
    let (whole, fraction) = latency.split_once('.')?;
    let micros = whole.parse::<u64>().ok()? * 1_000 + fraction.get(..3)?.parse::<u64>().ok()?;
    Some(format!("{}/s, mean {}", thousands(rate.parse().ok()?), Millis(micros)))
}

fn program() -> Outcome<PathBuf> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&paths).collect();
    if let Ok(installed) = std::fs::read_dir("/usr/lib/postgresql") {
        places.extend(installed.filter_map(|version| Some(version.ok()?.path().join("bin"))));
    }
    let mut programs = places.into_iter().map(|place| place.join("pgbench"));
    programs.find(|program| program.is_file()).ok_or_else(|| "pgbench is not installed".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_pgbench_are_found() {
        let text = "latency average = 7.021 ms\ninitial connection time = 9.1 ms\n\
                    tps = 2278.912345 (without initial connection time)\n";

        assert_eq!(figures(text).as_deref(), Some("2,278/s, mean 7.02 ms"));
    }

    #[tokio::test]
    async fn the_rows_of_a_purchase_are_written_by_hand() {
        let (Some(tables), Ok(_)) = (Postgres::prepare().await.unwrap(), program()) else { return };

        for transactions in [Transactions::One, Transactions::Four] {
            let figures = tables.run(transactions, 4, Duration::from_secs(1)).await;

            assert!(
                figures.as_ref().is_ok_and(|figures| figures.contains("/s, mean ")),
                "{figures:?}"
            );
            eprintln!("{transactions:?}: {figures:?}");
        }
    }

    #[test]
    fn a_script_has_no_variable_within_quotes() {
        for transactions in [Transactions::One, Transactions::Four] {
            let script = script(transactions);
            let quoted = script.split('\'').skip(1).step_by(2);

            assert_eq!(quoted.filter(|text| text.contains(':')).count(), 0, "{script}");
        }
    }
}
