use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use e2e::{Binaries, Binary, Launcher as _, Monolith, Opening, Purchase, Stage, Ware, text};
use serde_json::{Value, json};

pub(crate) const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 100 };

/// A shop on files of its own.
pub(crate) fn shop() -> Monolith {
    let binaries = Binaries {
        galleria: PathBuf::from(env!("CARGO_BIN_EXE_galleria")),
        faults: PathBuf::from(env!("CARGO_BIN_EXE_galleria-faults")),
    };
    Monolith::on_sqlite(binaries).unwrap()
}

/// Runs a command, and tells its exit code and what it said.
pub(crate) async fn said(shop: &Monolith, arguments: &[&str]) -> (Option<i32>, String) {
    let said = shop.command(Binary::Galleria, arguments).await.unwrap();
    (said.code, said.text)
}

/// Runs a command that reads its input, as whoever stands before the machine would.
pub(crate) fn typed(shop: &Monolith, arguments: &[&str], input: &str) -> Output {
    let data = format!("sqlite://{}", shop.directory().join("data").display());
    let mut child = Command::new(env!("CARGO_BIN_EXE_galleria"))
        .args(arguments)
        .current_dir(shop.directory())
        .env("GALLERIA__DATABASE__URL", data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Opens the shop and sells two mugs, one of which is paid for at once. Gives the two orders.
pub(crate) async fn sold(shop: &Monolith) -> [Value; 2] {
    let stage = Stage::selling(shop, &[MUG]).await.unwrap();
    let mut orders = [Value::Null, Value::Null];
    for order in &mut orders {
        let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await.unwrap();
        *order = purchase.send(&stage.anyone).await.unwrap().expect_status(201).unwrap().json();
    }
    let capture = format!("/api/payments/{}/capture", text(&orders[0], "/payment/id").unwrap());
    let captured = stage.admin.post(capture, &json!({})).await.unwrap();
    captured.expect_status(200).unwrap();
    stage.quiet().await.unwrap();
    orders
}

/// Opens a shop without a demo catalogue.
pub(crate) async fn opened(shop: &Monolith) {
    shop.start(&Opening::empty()).await.unwrap();
}
