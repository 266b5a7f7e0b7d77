use std::time::Duration;

use e2e::{Client, Launcher, Monolith, Outcome, Stage};

use crate::Arguments;
use crate::load::{Load, Millis, Pace};
use crate::procfs;
use crate::server::Server;
use crate::shop;

/// What was measured of a shop on one database.
pub(crate) struct Measured {
    /// The database and its version.
    pub(crate) database: String,
    /// From the start to the first answer.
    pub(crate) start_up: Millis,
    /// Idle memory in KiB.
    pub(crate) memory: u64,
    /// Reading the product list.
    pub(crate) list: Pace,
    /// Reading product pages.
    pub(crate) page: Pace,
    /// Buying.
    pub(crate) purchase: Pace,
    /// What a purchase asks for.
    pub(crate) cost: Cost,
}

/// What a purchase asks for, its events included.
pub(crate) struct Cost {
    /// CPU time of the shop.
    pub(crate) shop: Millis,
    /// CPU time of the database server, where there is one on this machine.
    pub(crate) server: Option<Millis>,
    /// Statements sent to the database.
    pub(crate) statements: u64,
    /// Rows written, where the database counts them.
    pub(crate) rows: Option<u64>,
}

struct Meters {
    shop: Duration,
    server: Option<Duration>,
    statements: u64,
    rows: Option<u64>,
}

/// Measures all of a shop. The server is the one that it keeps its data on, if it is one.
pub(crate) async fn measure(
    house: &Monolith,
    arguments: &Arguments,
    mut server: Option<Server>,
) -> Outcome<Measured> {
    let stage = Stage::empty(house).await?;
    shop::fill(&stage).await?;
    stage.quiet().await?;
    let start_up = shop::start_up(house).await?;
    let memory = shop::idle_memory(house).await?;
    let address = house.public().get()?;
    shop::check_shipping(address).await?;
    let load = Load { clients: 16, length: arguments.length() };
    let warm_up = Load { length: Duration::from_secs(1), ..load };
    warm_up.run(address, shop::list).await?;
    let list = load.run(address, shop::list).await?;
    warm_up.run(address, shop::page).await?;
    let page = load.run(address, shop::page).await?;
    warm_up.run(address, shop::purchase).await?;
    stage.quiet().await?;
    let before = Meters::read(house, &mut server).await?;
    let purchase = load.run(address, shop::purchase).await?;
    stage.quiet().await?;
    let after = Meters::read(house, &mut server).await?;
    let cost = after.since(&before, purchase.done);
    house.doctor().await?;
    let database = match &server {
        Some(server) => format!("PostgreSQL {}", server.version),
        None => "SQLite".to_owned(),
    };
    Ok(Measured { database, start_up, memory, list, page, purchase, cost })
}

impl Meters {
    async fn read(house: &Monolith, server: &mut Option<Server>) -> Outcome<Self> {
        let inside = Client::of(house.internal());
        let statements = e2e::suite::cost::statements(&inside).await?;
        let shop = procfs::cpu(house.pid().await?)?;
        let (mut cpu, mut rows) = (None, None);
        if let Some(server) = server {
            cpu = server.cpu()?;
            rows = Some(server.rows().await?);
        }
        Ok(Self { shop, server: cpu, statements, rows })
    }

    fn since(&self, before: &Self, purchases: u64) -> Cost {
        let each = |time: Duration, before: Duration| {
            let micros = u64::try_from(time.saturating_sub(before).as_micros()).unwrap_or(u64::MAX);
            Millis(micros / purchases)
        };
        Cost {
            shop: each(self.shop, before.shop),
            server: self.server.zip(before.server).map(|(now, before)| each(now, before)),
            statements: (self.statements - before.statements).div_ceil(purchases),
            rows: self.rows.zip(before.rows).map(|(now, before)| (now - before) / purchases),
        }
    }
}
