use carts_contract::{CartRefusal, Carts, CreateCart, GetCart};
use kernel::{Call, CallError, CartId, Executed, Money, Principal};
use std::time::Duration;

use crate::neighbours::Mood;
use crate::stage::{guest, lines, on_stage, refusal, system};

#[tokio::test]
async fn lines_keep_the_order_in_which_they_came_in() {
    on_stage(async |stage| {
        stage.catalog.sell("a", &[("EUR", 1)]);
        let cart = stage.new_cart(&guest()).await;

        for line in [("pot", 1), ("mug", 2), ("a", 3), ("pot", 4)] {
            stage.put(&guest(), cart, line).await.unwrap();
        }
        let priced = stage.cart(&guest(), cart).await.unwrap();

        assert_eq!(lines(&priced), [("pot", 4), ("mug", 2), ("a", 3)]);
        assert_eq!(priced.subtotal.amount(), 4 * 4_500 + 2 * 1_999 + 3);
    })
    .await;
}

#[tokio::test]
async fn a_line_says_what_it_costs_now_and_how_many_there_are() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;
        stage.put(&guest(), cart, ("mug", 3)).await.unwrap();
        stage.put(&guest(), cart, ("pot", 1)).await.unwrap();
        stage.catalog.sell("mug", &[("EUR", 2_100)]);

        let priced = stage.cart(&guest(), cart).await.unwrap();

        let eur = |amount| Some(Money::new(amount, priced.currency));
        let [mug, pot] = &priced.lines[..] else { panic!("{priced:?}") };
        assert_eq!((mug.title.as_str(), mug.available), ("The mug", Some(10)));
        assert_eq!((mug.unit_price, mug.line_total), (eur(2_100), eur(6_300)));
        assert_eq!((pot.available, pot.line_total), (Some(0), eur(4_500)));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_longer_sold_stays_without_a_price() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;
        stage.put(&guest(), cart, ("mug", 3)).await.unwrap();
        stage.put(&guest(), cart, ("pot", 1)).await.unwrap();
        stage.catalog.stop_selling("mug");

        let priced = stage.cart(&guest(), cart).await.unwrap();
        let more = stage.put(&guest(), cart, ("mug", 4)).await;
        let rest = stage.remove(&guest(), cart, "mug").await.unwrap();

        let mug = &priced.lines[0];
        assert_eq!((mug.title.as_str(), mug.unit_price, mug.line_total), ("mug", None, None));
        assert_eq!(priced.subtotal.amount(), 4_500);
        assert_eq!(refusal(more), CartRefusal::UnknownSku { sku: "mug".parse().unwrap() });
        assert_eq!(lines(&rest), [("pot", 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_sku_without_a_price_in_the_cart_s_currency_does_not_come_in() {
    on_stage(async |stage| {
        let yen = "JPY".parse().unwrap();
        let cart = stage.carts.create(&guest(), CreateCart { currency: Some(yen) }).await.unwrap();

        let mug = stage.put(&guest(), cart.id, ("mug", 2)).await.unwrap();
        let pot = stage.put(&guest(), cart.id, ("pot", 1)).await;

        assert_eq!(mug.subtotal, Money::new(6_400, yen));
        let refused = CartRefusal::NoPrice { sku: "pot".parse().unwrap(), currency: yen };
        assert_eq!(refusal(pot), refused);
        assert_eq!(lines(&stage.cart(&guest(), cart.id).await.unwrap()), [("mug", 2)]);
    })
    .await;
}

#[tokio::test]
async fn no_quantity_removes_and_what_is_not_there_changes_nothing() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;
        stage.put(&guest(), cart, ("mug", 3)).await.unwrap();
        let before = stage.put(&guest(), cart, ("pot", 1)).await.unwrap();
        stage.clock.advance(Duration::from_mins(1));

        let unchanged = stage.remove(&guest(), cart, "nothing").await.unwrap();
        let removed = stage.put(&guest(), cart, ("mug", 0)).await.unwrap();
        let again = stage.remove(&guest(), cart, "mug").await.unwrap();

        assert_eq!(unchanged, before);
        assert_eq!(lines(&removed), [("pot", 1)]);
        assert!(removed.updated_at > before.updated_at);
        assert_eq!(again, removed);
    })
    .await;
}

#[tokio::test]
async fn a_cart_answers_while_inventory_is_down_or_paused() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;
        stage.put(&guest(), cart, ("mug", 3)).await.unwrap();
        let hasty =
            Call::new(carts::MODULE, Principal::Guest { proof: None }, Duration::from_secs(2));

        for mood in [Mood::Down, Mood::Paused] {
            stage.inventory.turn(mood);
            let seen = stage.cart(&hasty, cart).await.unwrap();
            assert_eq!((seen.lines[0].available, seen.subtotal.amount()), (None, 5_997));
        }
        let put = stage.put(&guest(), cart, ("pot", 1)).await.unwrap();

        assert!(put.lines.iter().all(|line| line.available.is_none()));
    })
    .await;
}

#[tokio::test]
async fn without_the_catalogue_nothing_changes_and_that_is_said() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;
        stage.put(&guest(), cart, ("mug", 3)).await.unwrap();
        stage.catalog.go_down();

        for answer in [
            stage.put(&guest(), cart, ("mug", 5)).await,
            stage.put(&guest(), cart, ("pot", 1)).await,
            stage.remove(&guest(), cart, "mug").await,
        ] {
            let Err(CallError::Failed(failure)) = answer else { panic!("{answer:?}") };
            assert_eq!(failure.executed, Executed::No);
        }

        let contents = stage.carts.contents(&system(), GetCart { cart }).await.unwrap();
        assert_eq!(contents.lines.len(), 1);
        assert_eq!(contents.lines[0].quantity.get(), 3);
    })
    .await;
}

#[tokio::test]
async fn tabs_that_put_at_once_lose_nothing() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;
        let skus: Vec<String> = (0..30).map(|number| format!("sku-{number:02}")).collect();
        for sku in &skus {
            stage.catalog.sell(sku, &[("EUR", 100)]);
        }

        let tabs = skus.iter().cloned().map(|sku| {
            let stage = stage.clone();
            tokio::spawn(async move { stage.put(&guest(), cart, (&sku, 2)).await })
        });
        for tab in tabs.collect::<Vec<_>>() {
            let seen = tab.await.unwrap().unwrap();
            assert!(seen.lines.iter().all(|line| line.unit_price.is_some()), "{seen:?}");
            assert_eq!(seen.subtotal.amount(), 200 * i64::try_from(seen.lines.len()).unwrap());
        }

        let priced = stage.cart(&guest(), cart).await.unwrap();
        assert_eq!(priced.lines.len(), 30);
        assert_eq!(priced.subtotal.amount(), 6_000);
    })
    .await;
}

#[tokio::test]
async fn a_line_from_another_tab_is_priced_too() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;
        let tab = stage.clone();
        stage.catalog.meanwhile(async move {
            tab.put(&guest(), cart, ("pot", 1)).await.unwrap();
        });

        let seen = stage.put(&guest(), cart, ("mug", 1)).await.unwrap();

        assert_eq!(lines(&seen), [("pot", 1), ("mug", 1)]);
        assert_eq!(seen.subtotal.amount(), 4_500 + 1_999);
    })
    .await;
}

#[tokio::test]
async fn a_cart_never_holds_more_than_a_hundred_lines() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;
        let skus: Vec<String> = (0..110).map(|number| format!("sku-{number:03}")).collect();
        for sku in &skus {
            stage.catalog.sell(sku, &[("EUR", 1)]);
        }
        for sku in &skus[..95] {
            stage.put(&guest(), cart, (sku, 1)).await.unwrap();
        }

        let tabs = skus[95..].iter().cloned().map(|sku| {
            let stage = stage.clone();
            tokio::spawn(async move { stage.put(&guest(), cart, (&sku, 1)).await })
        });
        let mut refused = 0;
        for tab in tabs.collect::<Vec<_>>() {
            match tab.await.unwrap() {
                Ok(_) => {}
                Err(error) => {
                    refused += 1;
                    assert_eq!(refusal::<()>(Err(error)), CartRefusal::TooManyLines { most: 100 });
                }
            }
        }

        assert_eq!(refused, 10);
        let full = stage.put(&guest(), cart, ("sku-000", 9)).await.unwrap();
        assert_eq!((full.lines.len(), full.subtotal.amount()), (100, 108));
        let last = full.lines[99].sku.to_string();
        stage.remove(&guest(), cart, &last).await.unwrap();
        stage.put(&guest(), cart, (&last, 1)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_cart_that_is_not_there_is_unknown_in_every_call() {
    on_stage(async |stage| {
        let cart = CartId::random();

        let answers = [
            stage.cart(&guest(), cart).await.map(|_| ()),
            stage.carts.contents(&system(), GetCart { cart }).await.map(|_| ()),
            stage.put(&guest(), cart, ("mug", 1)).await.map(|_| ()),
            stage.remove(&guest(), cart, "mug").await.map(|_| ()),
            stage.freeze(cart, kernel::OrderId::generate()).await,
        ];

        for answer in answers {
            assert_eq!(refusal(answer), CartRefusal::UnknownCart);
        }
    })
    .await;
}
