use carts_contract::CartRefusal;
use kernel::OrderId;

use crate::freezing::{filled, spent};
use crate::stage::{Refused, guest, lines, on_stage, refusal};

#[tokio::test]
async fn of_many_orders_of_a_cart_exactly_one_freezes_it() {
    on_stage(async |stage| {
        let cart = filled(&stage).await;

        let orders: Vec<OrderId> = (0..20).map(|_| OrderId::generate()).collect();
        let tabs = orders.iter().map(|order| {
            let (stage, order) = (stage.clone(), *order);
            tokio::spawn(async move { (order, stage.freeze(cart, order).await) })
        });
        let mut answers = Vec::new();
        for tab in tabs.collect::<Vec<_>>() {
            answers.push(tab.await.unwrap());
        }

        let (won, lost): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|(_, answer)| answer.is_ok());
        assert_eq!(won.len(), 1);
        assert_eq!(stage.order_of(cart).await, Some(won[0].0));
        for (_, answer) in lost {
            assert_eq!(refusal(answer), spent(won[0].0));
        }
    })
    .await;
}

#[tokio::test]
async fn one_order_that_freezes_many_times_at_once_freezes_once() {
    on_stage(async |stage| {
        let (cart, order) = (filled(&stage).await, OrderId::generate());

        let tries = (0..20).map(|_| {
            let stage = stage.clone();
            tokio::spawn(async move { stage.freeze(cart, order).await })
        });
        for one in tries.collect::<Vec<_>>() {
            one.await.unwrap().unwrap();
        }

        assert_eq!(stage.order_of(cart).await, Some(order));
    })
    .await;
}

#[tokio::test]
async fn a_change_that_a_freeze_overtakes_is_refused() {
    on_stage(async |stage| {
        for change in [("mug", 9), ("pot", 1), ("mug", 0)] {
            let (cart, order) = (filled(&stage).await, OrderId::generate());
            let orders = stage.clone();
            stage.catalog.meanwhile(async move { orders.freeze(cart, order).await.unwrap() });

            let answer = stage.put(&guest(), cart, change).await;

            assert_eq!(refusal(answer), spent(order));
            assert_eq!(lines(&stage.cart(&guest(), cart).await.unwrap()), [("mug", 2)]);
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_frozen_cart_holds_is_what_was_put_before() {
    on_stage(async |stage| {
        for _ in 0..10 {
            let (cart, order) = (filled(&stage).await, OrderId::generate());

            let tabs: Vec<_> = (3..=12)
                .map(|quantity| {
                    let stage = stage.clone();
                    tokio::spawn(async move { stage.put(&guest(), cart, ("mug", quantity)).await })
                })
                .collect();
            stage.freeze(cart, order).await.unwrap();
            let frozen = stage.cart(&guest(), cart).await.unwrap();
            for tab in tabs {
                match tab.await.unwrap() {
                    Ok(_) => {}
                    Err(error) => assert_eq!(refusal::<()>(Err(error)), spent(order)),
                }
            }

            assert_eq!(stage.cart(&guest(), cart).await.unwrap(), frozen);
        }
    })
    .await;
}

#[tokio::test]
async fn a_freeze_and_a_thaw_at_once_leave_the_cart_free_and_the_order_closed() {
    on_stage(async |stage| {
        for _ in 0..20 {
            let (cart, order) = (filled(&stage).await, OrderId::generate());

            let (late, undo) = (stage.clone(), stage.clone());
            let freeze: tokio::task::JoinHandle<Refused<()>> =
                tokio::spawn(async move { late.freeze(cart, order).await });
            let thaw = tokio::spawn(async move { undo.thaw(cart, order).await });
            let frozen = freeze.await.unwrap();
            thaw.await.unwrap().unwrap();

            if let Err(error) = frozen {
                assert_eq!(refusal::<()>(Err(error)), CartRefusal::OrderClosed);
            }
            assert_eq!(stage.order_of(cart).await, None);
            assert_eq!(refusal(stage.freeze(cart, order).await), CartRefusal::OrderClosed);
        }
    })
    .await;
}
