use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use e2e::{Launcher, Monolith, Opening, Outcome, Stage, fresh, order_body};
use hyper::Method;

use crate::load::{Dice, Millis};
use crate::procfs;
use crate::wire::Wire;

/// How many products are on sale, each with three variants.
pub(crate) const PRODUCTS: u64 = 1_000;
const HEAD: &str = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,\
Variant Price,Image Src,Image Position\n";

/// Puts the catalogue on sale.
pub(crate) async fn fill(stage: &Stage<'_>) -> Outcome {
    let mut csv = HEAD.to_owned();
    for product in 0..PRODUCTS {
        let (kind, price) = (product % 5, 5 + product % 90);
        for (size, name) in ["Small", "Medium", "Large"].into_iter().enumerate() {
            let head = match size {
                0 => format!(
                    "Stoneware {product},<p>Thrown by hand and glazed twice. Number {product} of the series.</p>,\
                     Kiln & Sons,Kind {kind},\"clay, gift\",true"
                ),
                _ => ",,,,,".to_owned(),
            };
            let image = format!("https://example.com/{product}-{size}.jpg");
            let _infallible = writeln!(
                csv,
                "ware-{product},{head},Size,{name},W{product}-{size},400,shopify,900000,deny,manual,{price}.95,{image},{}",
                size + 1,
            );
        }
    }
    let report = stage.import(&csv).await?;
    if report["products"] == PRODUCTS { Ok(()) } else { Err(format!("imported {report}").into()) }
}

/// Starts the shop on its migrated data some times, and gives the median of the times to the first answer.
pub(crate) async fn start_up(house: &Monolith) -> Outcome<Millis> {
    let mut micros = Vec::new();
    for _ in 0..5 {
        house.stop().await?;
        let begun = Instant::now();
        house.start(&Opening::empty()).await?;
        Wire::to(house.public().get()?).await?.get("/api/products?limit=1").await?;
        micros.push(u64::try_from(begun.elapsed().as_micros())?);
    }
    micros.sort_unstable();
    Ok(Millis(micros[micros.len() / 2]))
}

/// The memory in KiB of a shop that has just started and has nothing to do.
pub(crate) async fn idle_memory(house: &Monolith) -> Outcome<u64> {
    let mut tick = tokio::time::interval(Duration::from_secs(2));
    tick.tick().await;
    tick.tick().await;
    procfs::resident(house.pid().await?)
}

/// Reads the first page of the product list.
pub(crate) async fn list(wire: &mut Wire, _: &mut Dice) -> Outcome {
    wire.get("/api/products").await.map(drop)
}

/// Reads a product's page.
pub(crate) async fn page(wire: &mut Wire, dice: &mut Dice) -> Outcome {
    wire.get(&format!("/api/products/ware-{}", dice.roll(PRODUCTS))).await.map(drop)
}

/// Buys two lines: a cart, its lines, the order with its payment.
pub(crate) async fn purchase(wire: &mut Wire, dice: &mut Dice) -> Outcome {
    let cart = wire.json(Method::POST, "/api/carts", "{}".to_owned(), 201).await?;
    let cart = id(&cart)?;
    let first = dice.roll(PRODUCTS - 1);
    for product in [first, first + 1] {
        let line = format!("/api/carts/{cart}/lines/W{product}-{}", dice.roll(3));
        wire.json(Method::PUT, &line, "{\"quantity\":1}".to_owned(), 200).await?;
    }
    let order = order_body(&cart, "standard", "tok_ok");
    wire.order(&fresh("bench"), order.to_string()).await.map(drop)
}

/// The shipping method that purchases name is one of the shop's.
pub(crate) async fn check_shipping(address: SocketAddr) -> Outcome {
    let mut wire = Wire::to(address).await?;
    let cart = wire.json(Method::POST, "/api/carts", "{}".to_owned(), 201).await?;
    let cart = id(&cart)?;
    let line = format!("/api/carts/{cart}/lines/W1-1");
    wire.json(Method::PUT, &line, "{\"quantity\":1}".to_owned(), 200).await?;
    let methods = format!("/api/shipping/methods?cart_id={cart}&country=DE");
    let methods: serde_json::Value = serde_json::from_slice(&wire.get(&methods).await?)?;
    let codes = methods.as_array().into_iter().flatten().map(|method| &method["code"]);
    if codes.clone().any(|code| code == "standard") {
        return Ok(());
    }
    Err(format!("the shop ships by {:?}", codes.collect::<Vec<_>>()).into())
}

fn id(object: &Bytes) -> Outcome<String> {
    let object: serde_json::Value = serde_json::from_slice(object)?;
    Ok(e2e::text(&object, "/id")?.to_owned())
}
