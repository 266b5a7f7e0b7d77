//! A catalogue from elsewhere.

use std::fmt::Write as _;

use hyper::Method;
use serde_json::{Value, json};

use crate::{Binary, Client, Launcher, Outcome, Purchase, Stage, text};

const CSV: &str = "\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,\
Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price,\
Variant Compare At Price,Image Src,Image Position
clay-pot,Clay Pot,<p>For plants</p>,Potters,Outdoor,\"Pot, Plants\",true,Size,Regular,,300,,4,deny,manual,9.99,,https://example.com/a.jpg,1
clay-pot,,,,,,,,Large,,500,,3,deny,manual,15.99,,https://example.com/b.jpg,2
clay-pot,,,,,,,,,,,,,,,,,https://example.com/c.jpg,3
copper-light,Copper Light,<p>Stylish</p>,Smiths,Indoor,Copper,true,Title,Default Title,,900,,2,deny,manual,59.99,75,,
bad-price,Bad Price,,,Indoor,,true,Title,Default Title,,1,,1,deny,manual,a lot,,,
";
const SKUS: [(&str, i64); 3] =
    [("clay-pot-regular", 4), ("clay-pot-large", 3), ("copper-light", 2)];

/// What is right goes in, what is wrong is told by line; a second import changes nothing, also after a sale.
pub async fn an_import_twice_changes_nothing(house: &dyn Launcher) -> Outcome {
    let stage = Stage::empty(house).await?;
    let first = stage.import(CSV).await?;
    assert_eq!((&first["products"], &first["variants"]), (&json!(2), &json!(3)), "{first}");
    assert_eq!(first["errors"].as_array().map(Vec::len), Some(1), "{first}");
    assert_eq!(first["errors"][0]["line"], 6, "{first}");
    assert_eq!(first["errors"][0]["column"], "Variant Price", "{first}");
    let purchase = Purchase::of(&stage.anyone, &[("clay-pot-large", 1)], "tok_ok").await?;
    purchase.send(&stage.anyone).await?.expect_status(201)?;
    let moved = json!({"on_hand": 7});
    stage.admin.put("/api/stock/copper-light", &moved).await?.expect_status(200)?;
    let before = shelves(&stage).await?;

    let second = stage.import(CSV).await?;

    assert_eq!(second["stock"], 0, "{second}");
    assert_eq!(shelves(&stage).await?, before);
    let file = tempfile::NamedTempFile::with_suffix(".csv")?;
    std::fs::write(file.path(), CSV)?;
    let path = file.path().to_string_lossy().into_owned();
    let said = house.command(Binary::Galleria, &["import", &path]).await?;
    assert_ne!(said.code, None, "{}", said.text);
    assert_eq!(shelves(&stage).await?, before, "{}", said.text);
    stage.adds_up().await
}

/// The command imports into a shop that does not run, too.
pub async fn the_command_imports_into_a_closed_shop(house: &dyn Launcher) -> Outcome {
    let stage = Stage::empty(house).await?;
    house.stop().await?;
    let file = tempfile::NamedTempFile::with_suffix(".csv")?;
    std::fs::write(file.path(), CSV)?;
    let path = file.path().to_string_lossy().into_owned();

    let said = house.command(Binary::Galleria, &["import", &path]).await?;

    assert!(said.text.contains("Variant Price"), "the bad line is not told: {}", said.text);
    house.start(&crate::Opening::empty()).await?;
    for (sku, stock) in SKUS {
        assert_eq!(stage.stock(sku).await?.on_hand, stock, "{sku}");
    }
    stage.adds_up().await
}

/// Many lines go in as one file.
pub async fn a_large_file_goes_in_whole(house: &dyn Launcher) -> Outcome {
    let stage = Stage::empty(house).await?;
    let (head, _) = CSV.split_once('\n').ok_or("a file without lines")?;
    let mut file = format!("{head}\n");
    for product in 0..2_000 {
        let _infallible = writeln!(
            file,
            "p-{product},Product {product},<p>Fine</p>,Makers,Things,,true,Title,Default Title,,10,,5,deny,manual,1.{:02},,,",
            product % 100,
        );
    }

    let report = stage.import(&file).await?;

    assert_eq!((&report["products"], &report["errors"]), (&json!(2_000), &json!([])), "{report}");
    assert_eq!(stage.stock("p-1999").await?.on_hand, 5);
    let found = stage.anyone.get("/api/products?q=product%201234").await?.expect_status(200)?;
    assert_eq!(text(&found.json(), "/items/0/slug")?, "p-1234");
    stage.adds_up().await
}

/// Files that are no catalogue are refused or told line by line, and never break anything.
pub async fn a_file_that_is_no_catalogue_is_told(house: &dyn Launcher) -> Outcome {
    let stage = Stage::empty(house).await?;
    let huge = "x".repeat(200_000);
    let files: [&[u8]; 7] = [
        b"",
        b"\xff\xfe\x00",
        b"Handle\n",
        b"Title,Body\nNo handle,x\n",
        b"Handle,Title\n\"never closed,x\n",
        b"Handle,Title\na,b,c,d,e\n\x00,\x00\n",
        huge.as_bytes(),
    ];
    for file in files {
        let ask = stage.admin.ask(Method::POST, "/api/products/import");
        let answer = ask.body("text/csv", file.to_vec()).send().await?;
        assert!(answer.status < 500, "{answer}");
    }
    stage.adds_up().await
}

/// Every product page and its stock.
async fn shelves(stage: &Stage<'_>) -> Outcome<Vec<Value>> {
    let mut seen = Vec::new();
    for slug in ["clay-pot", "copper-light"] {
        seen.push(page(&stage.anyone, slug).await?);
    }
    for (sku, _) in SKUS {
        let stock = stage.stock(sku).await?;
        seen.push(json!([sku, stock.on_hand, stock.reserved, stock.available]));
    }
    Ok(seen)
}

async fn page(reader: &Client, slug: &str) -> Outcome<Value> {
    Ok(reader.get(format!("/api/products/{slug}")).await?.expect_status(200)?.json())
}
