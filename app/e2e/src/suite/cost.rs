//! How much a request asks of the database.

use std::fmt::Write as _;

use serde_json::json;

use crate::{Client, Launcher, Outcome, Purchase, Stage, Ware, cart_of};

const PURCHASES: u64 = 20;
const STATEMENTS: u64 = 60;

/// A whole purchase of two lines takes at most sixty statements, its events included.
pub async fn a_purchase_takes_at_most_sixty_statements(house: &dyn Launcher) -> Outcome {
    let ware = |sku| Ware { sku, price: 1_999, stock: 1_000 };
    let stage = Stage::selling(house, &[ware("MUG"), ware("BOWL")]).await?;
    let inside = Client::of(house.internal());
    let lines = [("MUG", 1), ("BOWL", 1)];
    let purchase = Purchase::of(&stage.anyone, &lines, "tok_ok").await?;
    stage.quiet().await?;

    // What the shop does by itself meanwhile only adds: the cheapest of them is what a purchase takes.
    let mut each = u64::MAX;
    for _ in 0..PURCHASES {
        let before = statements(&inside).await?;
        let cart = cart_of(&stage.anyone, &lines).await?;
        let purchase = purchase.again().with("cart_id", json!(cart));
        purchase.send(&stage.anyone).await?.expect_status(201)?;
        each = each.min(statements(&inside).await? - before);
    }

    assert!(each > 0, "statements are not counted");
    assert!(each <= STATEMENTS, "{each} statements a purchase");
    Ok(())
}

/// A longer page takes no more statements than a short one.
pub async fn a_longer_page_takes_no_more_statements(house: &dyn Launcher) -> Outcome {
    let skus: Vec<String> = (0..60).map(|number| format!("SKU-{number}")).collect();
    let wares: Vec<Ware<'_>> =
        skus.iter().map(|sku| Ware { sku, price: 100, stock: 100 }).collect();
    let stage = Stage::selling(house, &wares).await?;
    let lines: Vec<(&str, u32)> = skus.iter().map(|sku| (sku.as_str(), 1)).collect();
    let short = cart_of(&stage.anyone, &lines[..1]).await?;
    let long = cart_of(&stage.anyone, &lines[..40]).await?;
    for sku in &skus[..30] {
        let purchase = Purchase::of(&stage.anyone, &[(sku, 1)], "tok_ok").await?;
        purchase.send(&stage.anyone).await?.expect_status(201)?;
    }
    stage.quiet().await?;
    let pages = [
        (&stage.anyone, "/api/products?limit=2".to_owned(), "/api/products?limit=60".to_owned()),
        (&stage.anyone, format!("/api/carts/{short}"), format!("/api/carts/{long}")),
        (&stage.admin, "/api/orders?limit=2".to_owned(), "/api/orders?limit=30".to_owned()),
    ];

    let mut grown = String::new();
    for (reader, short, long) in pages {
        let (few, many) = (cost(house, reader, &short).await?, cost(house, reader, &long).await?);
        if many > few {
            let _infallible = write!(grown, "{short} takes {few} statements, {long} {many}; ");
        }
    }

    assert!(grown.is_empty(), "{grown}");
    Ok(())
}

/// The fewest statements of some reads of a page, so that what runs beside them does not count.
async fn cost(house: &dyn Launcher, reader: &Client, path: &str) -> Outcome<u64> {
    let inside = Client::of(house.internal());
    let mut fewest = u64::MAX;
    for _ in 0..12 {
        let before = statements(&inside).await?;
        reader.get(path).await?.expect_status(200)?;
        fewest = fewest.min(statements(&inside).await? - before);
    }
    Ok(fewest)
}

/// How many statements the process has sent to its databases.
pub async fn statements(inside: &Client) -> Outcome<u64> {
    let metrics = inside.get("/metrics").await?.expect_status(200)?;
    let metrics = String::from_utf8_lossy(&metrics.body);
    let samples = metrics.lines().filter(|line| line.starts_with("galleria_sql_statements_total"));
    let mut sum = 0;
    for sample in samples {
        let value = sample.rsplit(' ').next().unwrap_or_default();
        sum += value.parse::<u64>().map_err(|error| format!("{sample}: {error}"))?;
    }
    Ok(sum)
}
