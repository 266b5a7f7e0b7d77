//! Measures the release binary from outside: `just bench`.

mod calls;
mod ceiling;
mod floors;
mod load;
mod measure;
mod placed;
mod procfs;
mod relay;
mod report;
mod server;
mod shop;
mod wire;

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use e2e::{Binaries, Monolith, Outcome, machine};
use testkit::TestServer;

use crate::ceiling::{Postgres, Transactions};
use crate::report::Column;
use crate::server::Server;

/// Measures a shop on `SQLite` and on `PostgreSQL`, each beside what the database itself can do.
#[derive(Debug, Parser)]
struct Arguments {
    /// The binary to measure; a release build.
    #[arg(long, default_value = "target/release/galleria")]
    binary: PathBuf,
    /// How long each measurement takes.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Measure these alone.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "sqlite,postgres,placements,calls"
    )]
    parts: Vec<Part>,
    /// The page that gets the figures; none is written where this is empty.
    #[arg(long, default_value = "docs/benchmarks.md")]
    page: String,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    Sqlite,
    Postgres,
    /// The purchase with modules in processes of their own.
    Placements,
    /// A call between two processes.
    Calls,
}

impl Arguments {
    fn measures(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    fn length(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    fn binaries(&self) -> Outcome<Binaries> {
        let binary = self.binary.canonicalize();
        let galleria = binary.map_err(|error| format!("{}: {error}", self.binary.display()))?;
        Ok(Binaries { faults: galleria.clone(), galleria })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let arguments = Arguments::parse();
    let mut columns = Vec::new();
    if arguments.measures(Part::Sqlite) {
        columns.push(on_sqlite(&arguments).await?);
    }
    if arguments.measures(Part::Postgres) {
        columns.extend(on_postgres(&arguments).await?);
    }
    let mut figures = format!(
        "- machine: {}\n- date: {}\n- command: `{}`\n- durable: SQLite `synchronous=FULL`, PostgreSQL \
         `fsync`, `full_page_writes` and `synchronous_commit` on\n\n",
        machine(),
        jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC"),
        std::env::args()
            .skip(1)
            .fold("just bench".to_owned(), |all, argument| all + " " + &argument),
    );
    figures += &report::table(&columns);
    if arguments.measures(Part::Placements) {
        figures += &placed::table(&placed::measure(&arguments).await?);
    }
    if arguments.measures(Part::Calls) {
        figures += &calls::measure().await?;
    }
    std::io::stdout().write_all(figures.as_bytes())?;
    if !arguments.page.is_empty() {
        report::write(&PathBuf::from(&arguments.page), &figures)?;
    }
    Ok(())
}

async fn on_sqlite(arguments: &Arguments) -> Outcome<Column> {
    let house = Monolith::on_sqlite(arguments.binaries()?)?;
    let measured = measure::measure(&house, arguments, None).await?;
    drop(house);
    let by_hand = async |transactions| ceiling::sqlite(transactions, arguments.length()).await;
    let one_transaction = by_hand(Transactions::One).await?.to_string();
    let four_transactions = by_hand(Transactions::Four).await?.to_string();
    let relayed = relay::measure(TestServer::sqlite(), TestServer::sqlite()).await?;
    Ok(Column { measured, one_transaction, four_transactions, relayed })
}

async fn on_postgres(arguments: &Arguments) -> Outcome<Option<Column>> {
    let Some(database) = testkit::postgres(30).await else { return Ok(None) };
    let server = Server::of(&database.url).await?;
    let house = Monolith::on_postgres(arguments.binaries()?, database)?;
    let measured = measure::measure(&house, arguments, Some(server)).await?;
    drop(house);
    let Some(tables) = Postgres::prepare().await? else { return Ok(None) };
    let by_hand = async |transactions| match tables.run(transactions, 16, arguments.length()).await
    {
        Ok(figures) => figures,
        Err(error) => format!("not measured: {error}"),
    };
    let one_transaction = by_hand(Transactions::One).await;
    let four_transactions = by_hand(Transactions::Four).await;
    drop(tables);
    let (Some(backlog), Some(steady)) =
        (TestServer::postgres().await, TestServer::postgres().await)
    else {
        return Ok(None);
    };
    let relayed = relay::measure(backlog, steady).await?;
    Ok(Some(Column { measured, one_transaction, four_transactions, relayed }))
}
