use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hyper::Method;
use serde_json::{Value, json};

use crate::monolith::ADMIN;
use crate::{Client, Launcher, Opening, Outcome, eventually};

/// How long an order may take to settle by itself.
pub const SETTLED: Duration = Duration::from_secs(10);

static FRESH: AtomicU32 = AtomicU32::new(1);

/// A shop that is open, with an admin signed in.
pub struct Stage<'a> {
    /// What runs it.
    pub house: &'a dyn Launcher,
    /// Nobody known.
    pub anyone: Client,
    /// The first admin.
    pub admin: Client,
}

/// Something to sell.
#[derive(Debug, Clone, Copy)]
pub struct Ware<'a> {
    /// Its SKU.
    pub sku: &'a str,
    /// Its price in cents.
    pub price: i64,
    /// How many there are.
    pub stock: u32,
}

/// The counters of a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    /// In the house.
    pub on_hand: i64,
    /// Promised to orders.
    pub reserved: i64,
    /// To be had.
    pub available: i64,
}

impl<'a> Stage<'a> {
    /// Opens an empty shop.
    pub async fn empty(house: &'a dyn Launcher) -> Outcome<Self> {
        Self::open(house, &Opening::empty()).await
    }

    /// Opens a shop.
    pub async fn open(house: &'a dyn Launcher, opening: &Opening) -> Outcome<Self> {
        house.start(opening).await?;
        Self::enter(house).await
    }

    /// Enters a shop that is open.
    pub async fn enter(house: &'a dyn Launcher) -> Outcome<Self> {
        let anyone = Client::of(house.public());
        let login = json!({"email": ADMIN.0, "password": ADMIN.1});
        let session = anyone.post("/api/users/login", &login).await?.expect_status(200)?;
        let admin = anyone.bearing(text(&session.json(), "/access_token")?);
        Ok(Self { house, anyone, admin })
    }

    /// An empty shop that sells these.
    pub async fn selling(house: &'a dyn Launcher, wares: &[Ware<'_>]) -> Outcome<Self> {
        let stage = Self::empty(house).await?;
        stage.sell(wares).await?;
        Ok(stage)
    }

    /// Puts wares on sale, each a product of its own.
    pub async fn sell(&self, wares: &[Ware<'_>]) -> Outcome {
        let report = self.import(&csv(wares)).await?;
        if report["errors"] == json!([]) && report["stock"] == wares.len() {
            return Ok(());
        }
        Err(format!("the import of {} wares says {report}", wares.len()).into())
    }

    /// Imports a CSV and gives the report.
    pub async fn import(&self, csv: &str) -> Outcome<Value> {
        let ask = self.admin.ask(Method::POST, "/api/products/import");
        let answer = ask.body("text/csv", csv.to_owned()).send().await?;
        Ok(answer.expect_status(200)?.json())
    }

    /// A buyer with a new account, signed in.
    pub async fn new_buyer(&self) -> Outcome<Client> {
        let account = json!({
            "email": fresh_email(), "password": "a long pass phrase", "name": "Billie Buyer",
        });
        let session = self.anyone.post("/api/users/register", &account).await?;
        let session = session.expect_status(201)?.json();
        Ok(self.anyone.bearing(text(&session, "/access_token")?))
    }

    /// The counters of a SKU, as staff sees them.
    pub async fn stock(&self, sku: &str) -> Outcome<Stock> {
        let answer = self.admin.get(format!("/api/stock/{sku}")).await?.expect_status(200)?;
        let level = answer.json();
        Ok(Stock {
            on_hand: number(&level, "/on_hand")?,
            reserved: number(&level, "/reserved")?,
            available: number(&level, "/available")?,
        })
    }

    /// All items of a list, page by page, as the admin sees them.
    pub async fn all(&self, path: &str) -> Outcome<Vec<Value>> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = format!("{path}{separator}limit=100{cursor}");
            let page = self.admin.get(page).await?.expect_status(200)?.json();
            if page["missing"].as_array().is_some_and(|missing| !missing.is_empty()) {
                return Err(format!("{path} lacks a part: {page}").into());
            }
            items.extend(page["items"].as_array().ok_or("a list without items")?.iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(items),
            }
        }
    }

    /// Waits until no order is pending.
    pub async fn settled(&self) -> Outcome {
        eventually(SETTLED, "every order settles", async || {
            let pending = self.all("/api/orders?status=pending").await?;
            Ok(pending.is_empty().then_some(()))
        })
        .await
    }

    /// Waits until every event reached every subscription; fails on one that is parked.
    pub async fn quiet(&self) -> Outcome {
        eventually(Duration::from_mins(1), "every event is handled", async || {
            let pending = self.all("/api/ops/events?state=pending").await?;
            Ok(pending.is_empty().then_some(()))
        })
        .await?;
        let parked = self.all("/api/ops/events?state=parked").await?;
        if parked.is_empty() { Ok(()) } else { Err(format!("parked: {parked:?}").into()) }
    }

    /// Waits until all is settled, then looks for gaps in the order numbers and asks `doctor`.
    pub async fn adds_up(&self) -> Outcome {
        self.settled().await?;
        self.quiet().await?;
        let orders = self.all("/api/orders").await?;
        let mut numbers: Vec<_> =
            orders.iter().filter_map(|order| order["number"].as_u64()).collect();
        numbers.sort_unstable();
        let without_gaps: Vec<u64> = (1..).take(numbers.len()).collect();
        if numbers != without_gaps {
            return Err(format!("the order numbers have gaps: {numbers:?}").into());
        }
        self.house.doctor().await
    }
}

/// A text that no other call of this process gives.
pub fn fresh(what: &str) -> String {
    let number = FRESH.fetch_add(1, Ordering::Relaxed);
    format!("{what}-{}-{number}", std::process::id())
}

/// An e-mail that nobody had before.
pub fn fresh_email() -> String {
    fresh("buyer") + "@example.com"
}

/// A text within JSON.
#[track_caller]
pub fn text<'v>(value: &'v Value, pointer: &str) -> Outcome<&'v str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    let at = std::panic::Location::caller();
    found.ok_or_else(|| format!("{at}: no text at {pointer} of {value}").into())
}

/// A whole number within JSON.
#[track_caller]
pub fn number(value: &Value, pointer: &str) -> Outcome<i64> {
    let found = value.pointer(pointer).and_then(Value::as_i64);
    let at = std::panic::Location::caller();
    found.ok_or_else(|| format!("{at}: no whole number at {pointer} of {value}").into())
}

/// A file of wares, each a product of its own.
pub(crate) fn csv(wares: &[Ware<'_>]) -> String {
    let mut csv = String::from(
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,\
         Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price\n",
    );
    for Ware { sku, price, stock } in wares {
        let (handle, euros, cents) = (sku.to_lowercase(), price / 100, price % 100);
        let _infallible = writeln!(
            csv,
            "{handle},Ware {sku},<p>Well made</p>,Makers,Things,,true,Title,Default Title,{sku},250,shopify,{stock},deny,manual,{euros}.{cents:02}",
        );
    }
    csv
}
