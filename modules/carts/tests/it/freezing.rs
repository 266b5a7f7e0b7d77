use carts_contract::{CartRefusal, Carts, Freeze, Thaw};
use kernel::{CallError, CartId, FailureKind, OrderId, Principal, UserId};

use crate::stage::{Stage, call, guest, lines, on_stage, refusal};

pub(crate) fn spent(order_id: OrderId) -> CartRefusal {
    CartRefusal::CartSpent { order_id }
}

pub(crate) async fn filled(stage: &Stage) -> CartId {
    let cart = stage.new_cart(&guest()).await;
    stage.put(&guest(), cart, ("mug", 2)).await.unwrap();
    cart
}

#[tokio::test]
async fn a_frozen_cart_does_not_change_until_it_is_thawed() {
    on_stage(async |stage| {
        let (cart, order) = (filled(&stage).await, OrderId::generate());

        stage.freeze(cart, order).await.unwrap();
        let refused = [
            stage.put(&guest(), cart, ("mug", 9)).await,
            stage.put(&guest(), cart, ("mug", 0)).await,
            stage.put(&guest(), cart, ("pot", 1)).await,
            stage.remove(&guest(), cart, "mug").await,
            stage.remove(&guest(), cart, "nothing").await,
        ];
        let seen = stage.cart(&guest(), cart).await.unwrap();
        let held = stage.order_of(cart).await;
        stage.thaw(cart, order).await.unwrap();
        let thawed = stage.put(&guest(), cart, ("mug", 9)).await.unwrap();

        for answer in refused {
            assert_eq!(refusal(answer), spent(order));
        }
        assert_eq!(lines(&seen), [("mug", 2)]);
        assert_eq!(held, Some(order));
        assert_eq!(stage.order_of(cart).await, None);
        assert_eq!(lines(&thawed), [("mug", 9)]);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_freeze_and_a_repeated_thaw_change_nothing() {
    on_stage(async |stage| {
        let (cart, order) = (filled(&stage).await, OrderId::generate());

        for _ in 0..3 {
            stage.freeze(cart, order).await.unwrap();
        }
        for _ in 0..3 {
            stage.thaw(cart, order).await.unwrap();
        }

        assert_eq!(stage.order_of(cart).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_thawed_order_never_freezes_again_even_if_it_never_did() {
    on_stage(async |stage| {
        let cart = filled(&stage).await;
        let [undone, never, next] = [(); 3].map(|()| OrderId::generate());
        stage.freeze(cart, undone).await.unwrap();

        stage.thaw(cart, undone).await.unwrap();
        stage.thaw(cart, never).await.unwrap();

        for order in [undone, never] {
            assert_eq!(refusal(stage.freeze(cart, order).await), CartRefusal::OrderClosed);
        }
        stage.freeze(cart, next).await.unwrap();
        for order in [undone, never] {
            assert_eq!(refusal(stage.freeze(cart, order).await), CartRefusal::OrderClosed);
        }
        assert_eq!(stage.order_of(cart).await, Some(next));
    })
    .await;
}

#[tokio::test]
async fn a_late_thaw_of_another_order_leaves_the_live_one_its_cart() {
    on_stage(async |stage| {
        let cart = filled(&stage).await;
        let [earlier, live] = [(); 2].map(|()| OrderId::generate());
        stage.freeze(cart, earlier).await.unwrap();
        stage.thaw(cart, earlier).await.unwrap();
        stage.freeze(cart, live).await.unwrap();

        stage.thaw(cart, earlier).await.unwrap();

        assert_eq!(stage.order_of(cart).await, Some(live));
        assert_eq!(refusal(stage.remove(&guest(), cart, "mug").await), spent(live));
    })
    .await;
}

#[tokio::test]
async fn an_order_is_of_one_cart_alone() {
    on_stage(async |stage| {
        let (cart, other, order) =
            (filled(&stage).await, filled(&stage).await, OrderId::generate());
        stage.freeze(cart, order).await.unwrap();

        let frozen = stage.freeze(other, order).await;
        let thawed = stage.thaw(other, order).await;

        assert!(matches!(frozen, Err(CallError::Failed(_))), "{frozen:?}");
        assert!(matches!(thawed, Err(CallError::Failed(_))), "{thawed:?}");
        assert_eq!(stage.order_of(cart).await, Some(order));
        assert_eq!(stage.order_of(other).await, None);
    })
    .await;
}

#[tokio::test]
async fn only_modules_freeze_and_thaw() {
    on_stage(async |stage| {
        let (cart, order, id) = (filled(&stage).await, OrderId::generate(), UserId::generate());

        for principal in [
            Principal::Guest { proof: None },
            Principal::User { id },
            Principal::Staff { id },
            Principal::Admin { id },
        ] {
            let call = call(principal);
            let frozen = stage.carts.freeze(&call, Freeze { cart, order }).await;
            let thawed = stage.carts.thaw(&call, Thaw { cart, order }).await;
            for answer in [frozen, thawed] {
                let Err(CallError::Failed(failure)) = answer else { panic!("{answer:?}") };
                assert_eq!(failure.kind, FailureKind::Denied);
            }
        }

        stage.freeze(cart, order).await.unwrap();
    })
    .await;
}
