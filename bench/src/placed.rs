use std::fmt::Write as _;
use std::time::Duration;

use e2e::{Launcher, MODULES, Outcome, Plan, Split, Stage, Store, Way};

use crate::Arguments;
use crate::load::{Load, Millis, Pace};
use crate::server::Server;
use crate::{procfs, shop};

/// What a shop costs in one placement, on `PostgreSQL`.
pub(crate) struct Placed {
    name: &'static str,
    processes: usize,
    memory: u64,
    purchase: Pace,
    shop: Millis,
    all: Option<Millis>,
}

struct Used {
    shop: Duration,
    server: Option<Duration>,
}

/// Measures the purchase in every placement that the table shows, one after the other.
pub(crate) async fn measure(arguments: &Arguments) -> Outcome<Vec<Placed>> {
    let two = ["inventory", "payments"];
    let plans = [
        ("all local", Plan::default()),
        ("inventory and payments by HTTP", Plan::each(&two, Way::Http, Store::Shared)),
        ("inventory and payments by NATS", Plan::each(&two, Way::Nats, Store::Shared)),
        ("all by HTTP", Plan::each(&MODULES, Way::Http, Store::Shared)),
        ("all by NATS", Plan::each(&MODULES, Way::Nats, Store::Shared)),
    ];
    let mut measured = Vec::new();
    for (name, plan) in plans {
        let Some(database) = testkit::postgres(40).await else { return Ok(Vec::new()) };
        let server = Server::of(&database.url).await?;
        let house = Split::prepare(arguments.binaries()?, plan, Some(database)).await?;
        if let Some(house) = house {
            measured.push(placed(name, &house, &server, arguments).await?);
            house.stop().await?;
        }
    }
    Ok(measured)
}

async fn placed(
    name: &'static str,
    house: &Split,
    server: &Server,
    arguments: &Arguments,
) -> Outcome<Placed> {
    let stage = Stage::empty(house).await?;
    shop::fill(&stage).await?;
    stage.quiet().await?;
    let address = house.public().get()?;
    let load = Load { clients: 16, length: arguments.length() };
    let warm_up = Load { length: Duration::from_secs(2), ..load };
    warm_up.run(address, shop::purchase).await?;
    stage.quiet().await?;
    let before = Used::read(house, server).await?;
    let purchase = load.run(address, shop::purchase).await?;
    stage.quiet().await?;
    let after = Used::read(house, server).await?;
    house.doctor().await?;
    let pids = house.pids().await;
    let memory = pids.iter().map(|pid| procfs::resident(*pid)).sum::<Outcome<u64>>()?;
    let each = |now: Duration, then: Duration| {
        let micros = now.saturating_sub(then).as_micros() / u128::from(purchase.done);
        Millis(u64::try_from(micros).unwrap_or(u64::MAX))
    };
    let shop = each(after.shop, before.shop);
    let server = after.server.zip(before.server).map(|(now, then)| each(now, then));
    let all = server.map(|server| Millis(shop.0 + server.0));
    Ok(Placed { name, processes: pids.len(), memory, purchase, shop, all })
}

impl Used {
    async fn read(house: &Split, server: &Server) -> Outcome<Self> {
        let pids = house.pids().await;
        let shop = pids.iter().map(|pid| procfs::cpu(*pid)).sum::<Outcome<Duration>>()?;
        Ok(Self { shop, server: server.cpu()? })
    }
}

/// The table in Markdown.
pub(crate) fn table(placed: &[Placed]) -> String {
    let mut table = String::from(
        "\nThe whole purchase by placement, on PostgreSQL, 16 buyers (CPU and memory without the broker's):\n\n\
         | placement | processes | purchases | CPU a purchase, shop | with the database | memory |\n|---|---|---|---|---|---|\n",
    );
    for Placed { name, processes, memory, purchase, shop, all } in placed {
        let all = all.map_or_else(|| "not known".to_owned(), |all| all.to_string());
        let memory = (memory * 1_024).div_ceil(1_000_000);
        let _infallible =
            writeln!(table, "| {name} | {processes} | {purchase} | {shop} | {all} | {memory} MB |");
    }
    table
}
