use e2e::{Launcher as _, Monolith};
use kernel::{Clock as _, ModuleName, SystemClock};
use platform::{SqliteDirectory, UnitOfWork};

use crate::house::{said, shop, sold};

/// Does to the records of a closed shop what no code of it would do.
async fn tamper(shop: &Monolith, owner: &'static str, sql: &str) {
    let directory = SqliteDirectory::open(&shop.directory().join("data")).unwrap();
    let now = SystemClock.now();
    let database = directory.database(&ModuleName::new(owner), now).await.unwrap();
    let uow = UnitOfWork::begin(&database, now).await.unwrap();
    assert!(uow.run(sql, Vec::new()).await.unwrap() > 0, "{sql} changed nothing");
    uow.commit().await.unwrap();
}

async fn diagnosis(owner: &'static str, sql: &str) -> String {
    let shop = shop();
    sold(&shop).await;
    shop.stop().await.unwrap();
    let (healthy, text) = said(&shop, &["doctor"]).await;
    assert_eq!(healthy, Some(0), "{text}");
    assert!(text.contains("2 orders, 2 payments, 2 holds: everything adds up"), "{text}");

    tamper(&shop, owner, sql).await;

    let (code, text) = said(&shop, &["doctor"]).await;
    assert_eq!(code, Some(1), "{text}");
    text
}

#[tokio::test]
async fn stock_that_is_not_the_sum_of_its_movements_is_found() {
    let said = diagnosis("inventory", "UPDATE stock SET on_hand = on_hand + 1").await;

    assert!(said.contains("inventory: ") && said.contains("MUG"), "{said}");
}

#[tokio::test]
async fn a_bought_order_without_its_stock_is_found() {
    let said = diagnosis("inventory", "UPDATE reservation SET state = 'closed'").await;

    assert_eq!(said.matches("no stock is held for it").count(), 2, "{said}");
}

#[tokio::test]
async fn money_that_the_provider_knows_otherwise_is_found() {
    let more = "UPDATE charge SET amount = amount + 1, captured = captured + 1 WHERE captured > 0";
    let said = diagnosis("sandbox_provider", more).await;

    assert!(said.contains("authorized, its provider says"), "{said}");
    assert!(said.contains("captured, its provider says"), "{said}");
}

#[tokio::test]
async fn an_order_that_went_away_leaves_its_stock_and_its_money_behind() {
    let said = diagnosis("orders", "DELETE FROM orders WHERE number = 2").await;

    for what in ["a hold", "a payment", "a charge"] {
        assert!(said.contains(&format!("there is {what} of")), "{said}");
    }
}

#[tokio::test]
async fn a_parked_event_is_found() {
    let said = diagnosis("orders", "UPDATE inbox SET state = 'parked', cause = 'poison'").await;

    assert!(said.contains("is parked at orders.note-payment-captured: poison"), "{said}");
}
