use std::time::Duration;

use carts::CartsSettings;
use carts_contract::CartRefusal;
use kernel::OrderId;

use crate::stage::{guest, lines, on_stage, refusal};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn a_sweep_deletes_abandoned_carts_and_no_other() {
    on_stage(async |stage| {
        let [abandoned, touched, ordered] = [
            stage.new_cart(&guest()).await,
            stage.new_cart(&guest()).await,
            stage.new_cart(&guest()).await,
        ];
        for cart in [abandoned, touched, ordered] {
            stage.put(&guest(), cart, ("mug", 1)).await.unwrap();
        }
        stage.freeze(ordered, OrderId::generate()).await.unwrap();
        stage.clock.advance(DAY * 60);
        stage.put(&guest(), touched, ("mug", 2)).await.unwrap();
        stage.clock.advance(DAY * 31);
        let fresh = stage.new_cart(&guest()).await;

        let deleted = stage.carts.sweep(CartsSettings::default().abandoned_after()).await.unwrap();
        let again = stage.carts.sweep(CartsSettings::default().abandoned_after()).await.unwrap();

        assert_eq!((deleted, again), (1, 0));
        assert_eq!(refusal(stage.cart(&guest(), abandoned).await), CartRefusal::UnknownCart);
        for cart in [touched, ordered, fresh] {
            stage.cart(&guest(), cart).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_thawed_cart_has_its_full_time_again() {
    on_stage(async |stage| {
        let (cart, order) = (stage.new_cart(&guest()).await, OrderId::generate());
        stage.put(&guest(), cart, ("mug", 1)).await.unwrap();
        stage.freeze(cart, order).await.unwrap();
        stage.clock.advance(DAY * 100);
        stage.thaw(cart, order).await.unwrap();

        let deleted = stage.carts.sweep(DAY * 90).await.unwrap();

        assert_eq!(deleted, 0);
        assert_eq!(lines(&stage.cart(&guest(), cart).await.unwrap()), [("mug", 1)]);
    })
    .await;
}

#[tokio::test]
async fn one_sweep_is_bounded() {
    on_stage(async |stage| {
        for _ in 0..501 {
            stage.new_cart(&guest()).await;
        }
        stage.clock.advance(DAY);

        let first = stage.carts.sweep(DAY / 2).await.unwrap();
        let rest = stage.carts.sweep(DAY / 2).await.unwrap();

        assert_eq!((first, rest), (500, 1));
    })
    .await;
}
