use carts::audit;
use kernel::{Clock as _, OrderId};
use platform::{UnitOfWork, Value, params};
use testkit::{ManualClock, on_each_engine};

use crate::stage::{Stage, guest};

/// Breaks what is kept, as no call can.
async fn breaking(stage: &Stage, sql: &str, values: Vec<Value>) {
    let uow = UnitOfWork::begin(&stage.database, ManualClock::default().now()).await.unwrap();
    assert_eq!(uow.run(sql, values).await.unwrap(), 1);
    uow.commit().await.unwrap();
}

#[tokio::test]
async fn the_audit_names_what_does_not_add_up() {
    on_each_engine("carts", async |database| {
        let stage = Stage::new(database.clone());
        let orders = [(); 3].map(|()| OrderId::generate());
        let [lost, strange, whole] = orders;
        let cart = stage.new_cart(&guest()).await;
        for order in [lost, whole] {
            stage.freeze(stage.new_cart(&guest()).await, order).await.unwrap();
        }
        for number in 0..100 {
            let sku = format!("sku-{number}");
            stage.catalog.sell(&sku, &[("EUR", 1)]);
            stage.put(&guest(), cart, (&sku, 1)).await.unwrap();
        }
        assert_eq!(audit(&database).await.unwrap(), Vec::<String>::new());

        let one_more =
            "INSERT INTO cart_line (cart_id, sku, position, quantity) VALUES ($1, 'x', 101, 1)";
        breaking(&stage, one_more, params![cart]).await;
        let let_go = "UPDATE cart SET order_id = NULL WHERE order_id = $1";
        breaking(&stage, let_go, params![lost]).await;
        let taken = "UPDATE cart SET order_id = $2 WHERE id = $1";
        breaking(&stage, taken, params![cart, strange]).await;

        let mut torn = [lost, strange]
            .map(|order| format!("order {order} and its cart do not agree whether it is frozen"));
        torn.sort();
        let mut found = audit(&database).await.unwrap();
        found[1..].sort();
        assert_eq!(found[0], format!("cart {cart} has too many lines"));
        assert_eq!(found[1..], torn);
    })
    .await;
}
