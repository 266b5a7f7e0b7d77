use std::sync::Arc;
use std::time::Duration;

use inventory::{InventoryModule, MODULE};
use inventory_contract::{
    GetStock, Held, Inventory, OpenStock, OpeningStock, Release, Reserve, ReserveRefusal,
    SetOnHand, StockRefusal,
};
use kernel::{Call, CallError, OrderId};
use platform::Database;
use platform::ops::Audited as _;
use testkit::{ManualClock, on_each_engine};

fn call() -> Call {
    Call::system(MODULE, Duration::from_secs(10))
}

fn inventory(database: &Database) -> Arc<InventoryModule> {
    Arc::new(InventoryModule::new(database.clone(), Arc::new(ManualClock::default())))
}

fn held(sku: &str, quantity: u32) -> Held {
    Held { sku: sku.parse().unwrap(), quantity: quantity.try_into().unwrap() }
}

fn wish(lines: &[(&str, u32)]) -> Reserve {
    Reserve {
        order: OrderId::generate(),
        lines: lines.iter().map(|(sku, quantity)| held(sku, *quantity)).collect(),
    }
}

async fn stocked(database: &Database, items: &[(&str, u32)]) -> Arc<InventoryModule> {
    let inventory = inventory(database);
    let items = items
        .iter()
        .map(|(sku, on_hand)| OpeningStock { sku: sku.parse().unwrap(), on_hand: *on_hand })
        .collect();
    inventory.open(&call(), OpenStock { items }).await.unwrap();
    inventory
}

async fn counters(inventory: &InventoryModule, sku: &str) -> (u32, u32, u32) {
    let stock = inventory.stock(&call(), GetStock { sku: sku.parse().unwrap() }).await.unwrap();
    (stock.on_hand, stock.reserved, stock.available)
}

#[tokio::test]
async fn two_hundred_buyers_at_once_get_the_ten_units_there_are() {
    on_each_engine("inventory", async |database| {
        let inventory = stocked(&database, &[("mug", 10)]).await;

        let buyers = (0..200).map(|_| {
            let inventory = Arc::clone(&inventory);
            tokio::spawn(async move { inventory.reserve(&call(), wish(&[("mug", 1)])).await })
        });
        let mut won = 0;
        for buyer in buyers.collect::<Vec<_>>() {
            match buyer.await.unwrap() {
                Ok(_) => won += 1,
                Err(CallError::Refused(ReserveRefusal::OutOfStock { lines })) => {
                    assert_eq!(lines[0].available, 0);
                }
                Err(other) => panic!("{other:?}"),
            }
        }

        assert_eq!(won, 10);
        assert_eq!(counters(&inventory, "mug").await, (10, 10, 0));
        assert_eq!(inventory.audit().await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn skus_in_mixed_order_never_deadlock() {
    on_each_engine("inventory", async |database| {
        let inventory = stocked(&database, &[("a", 500), ("b", 500), ("c", 500)]).await;

        let orders = [["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"], ["c", "a", "b"]];
        let buyers = (0..80).map(|n| {
            let inventory = Arc::clone(&inventory);
            let lines: Vec<(&str, u32)> = orders[n % 4].iter().map(|sku| (*sku, 1)).collect();
            tokio::spawn(async move {
                let held = inventory.reserve(&call(), wish(&lines)).await.unwrap();
                if n % 2 == 0 {
                    inventory.release(&call(), Release { order: held.order }).await.unwrap();
                }
            })
        });
        for buyer in buyers.collect::<Vec<_>>() {
            buyer.await.unwrap();
        }

        assert_eq!(counters(&inventory, "b").await, (500, 40, 460));
    })
    .await;
}

#[tokio::test]
async fn a_release_that_finds_no_counters_is_a_failure_and_changes_nothing() {
    on_each_engine("inventory", async |database| {
        let inventory = stocked(&database, &[("mug", 10), ("pen", 10)]).await;
        let held = inventory.reserve(&call(), wish(&[("mug", 3), ("pen", 1)])).await.unwrap();
        database.run("DELETE FROM stock WHERE sku = 'pen'", vec![]).await.unwrap();

        let released = inventory.release(&call(), Release { order: held.order }).await;

        assert!(matches!(released, Err(CallError::Failed(_))), "{released:?}");
        assert_eq!(counters(&inventory, "mug").await, (10, 3, 7));
    })
    .await;
}

#[tokio::test]
async fn a_retried_reservation_holds_once() {
    on_each_engine("inventory", async |database| {
        let inventory = stocked(&database, &[("mug", 10)]).await;
        let wish = wish(&[("mug", 3)]);

        let first = inventory.reserve(&call(), wish.clone()).await.unwrap();
        let second = inventory.reserve(&call(), wish.clone()).await.unwrap();
        let other =
            inventory.reserve(&call(), Reserve { lines: vec![held("mug", 4)], ..wish }).await;

        assert_eq!(first, second);
        assert!(matches!(other, Err(CallError::Refused(ReserveRefusal::KeyReused))));
        assert_eq!(counters(&inventory, "mug").await, (10, 3, 7));
    })
    .await;
}

#[tokio::test]
async fn a_line_that_falls_short_holds_none_of_the_others() {
    on_each_engine("inventory", async |database| {
        let inventory = stocked(&database, &[("mug", 4), ("pot", 1)]).await;

        let refused =
            inventory.reserve(&call(), wish(&[("mug", 3), ("pot", 2), ("unknown", 1)])).await;

        let Err(CallError::Refused(ReserveRefusal::OutOfStock { lines })) = refused else {
            panic!("{refused:?}")
        };
        let short: Vec<_> =
            lines.iter().map(|line| (line.sku.as_str(), line.requested, line.available)).collect();
        assert_eq!(short, [("pot", 2, 1), ("unknown", 1, 0)]);
        assert_eq!(counters(&inventory, "mug").await, (4, 0, 4));
    })
    .await;
}

#[tokio::test]
async fn a_release_gives_back_once_and_closes_the_order_even_before_it_reserved() {
    on_each_engine("inventory", async |database| {
        let inventory = stocked(&database, &[("mug", 10)]).await;
        let (known, unknown) = (wish(&[("mug", 3)]), wish(&[("mug", 1)]));
        inventory.reserve(&call(), known.clone()).await.unwrap();

        for order in [known.order, known.order, unknown.order] {
            inventory.release(&call(), Release { order }).await.unwrap();
        }

        assert_eq!(counters(&inventory, "mug").await, (10, 0, 10));
        for wish in [known, unknown] {
            let late = inventory.reserve(&call(), wish).await;
            assert!(
                matches!(late, Err(CallError::Refused(ReserveRefusal::OrderClosed))),
                "{late:?}"
            );
        }
        assert_eq!(inventory.audit().await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_count_never_goes_below_what_is_held() {
    on_each_engine("inventory", async |database| {
        let inventory = stocked(&database, &[("mug", 10)]).await;
        inventory.reserve(&call(), wish(&[("mug", 4)])).await.unwrap();
        let count = |on_hand| SetOnHand { sku: "mug".parse().unwrap(), on_hand };

        let refused = inventory.set_on_hand(&call(), count(3)).await;
        let counted = inventory.set_on_hand(&call(), count(4)).await.unwrap();

        assert!(
            matches!(refused, Err(CallError::Refused(StockRefusal::BelowReserved { reserved: 4 }))),
            "{refused:?}"
        );
        assert_eq!((counted.on_hand, counted.available), (4, 0));
        assert_eq!(inventory.audit().await.unwrap(), Vec::<String>::new());
    })
    .await;
}
