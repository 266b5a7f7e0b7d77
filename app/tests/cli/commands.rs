use e2e::{Ask, Client, Launcher as _};
use serde_json::{Value, json};

use crate::house::{opened, said, shop};

#[tokio::test]
async fn what_is_misunderstood_ends_with_two() {
    let shop = shop();

    for wrong in [&["sell"][..], &["import"], &["events", "retry", "x"], &["modules", "--yaml"]] {
        let (code, said) = said(&shop, wrong).await;
        assert_eq!(code, Some(2), "{wrong:?}: {said}");
    }
    assert_eq!(said(&shop, &["--help"]).await.0, Some(0));
}

#[tokio::test]
async fn modules_and_the_document_are_printed_without_a_shop() {
    let shop = shop();

    let (_, table) = said(&shop, &["modules"]).await;
    let (_, modules) = said(&shop, &["modules", "--json"]).await;
    let (_, document) = said(&shop, &["openapi"]).await;

    assert!(table.lines().any(|line| line.starts_with("inventory ") && line.contains("local")));
    let modules: Value = serde_json::from_str(&modules).unwrap();
    assert_eq!(modules[2]["placement"], "local", "{modules}");
    let document: Value = serde_json::from_str(&document).unwrap();
    assert!(document["paths"]["/api/orders"]["post"].is_object());
    assert!(!shop.directory().join("data").exists(), "a command that needs no data made some");
}

#[tokio::test]
async fn migrating_makes_the_databases_once_and_again() {
    let shop = shop();

    for _ in 0..2 {
        assert_eq!(said(&shop, &["migrate"]).await, (Some(0), String::new()));
    }

    assert!(shop.directory().join("data/orders.sqlite").exists());
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told() {
    let shop = shop();

    let (code, said) = said(&shop, &["import", "nowhere.csv"]).await;

    assert_eq!(code, Some(1));
    assert!(said.contains("can't read nowhere.csv"), "{said}");
}

#[tokio::test]
async fn the_internal_listener_answers_nobody_without_a_token() {
    let shop = shop();
    opened(&shop).await;
    let inside = Client::of(shop.internal());
    let asked = async |ask: Ask<'_>| ask.json(&json!({})).send().await.unwrap();

    let bare = asked(inside.ask(axum::http::Method::POST, "/rpc/orders-ops.v1/audit")).await;

    assert_eq!(bare.status, 400, "{bare}");
    let head = [
        ("x-call-id", "1"),
        ("x-call-attempt", "1"),
        ("x-call-deadline-ms", "1000"),
        ("x-call-caller", "cli"),
        ("x-call-principal", r#"{"kind":"system","module":"cli"}"#),
        ("authorization", "Bearer nonsense"),
    ];
    let mut forged = inside.ask(axum::http::Method::POST, "/rpc/orders-ops.v1/audit");
    for (name, value) in head {
        forged = forged.header(name, value);
    }
    assert_eq!(asked(forged).await.status, 401);
}

#[tokio::test]
async fn a_shop_forgets_its_addresses_when_it_ends() {
    let shop = shop();
    opened(&shop).await;
    let addresses = shop.directory().join("data/galleria.addresses");
    assert!(addresses.exists());

    shop.stop().await.unwrap();

    assert!(!addresses.exists());
}
