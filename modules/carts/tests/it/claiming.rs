use carts_contract::{CartRefusal, Carts, ClaimCart};
use kernel::{OrderId, UserId};

use crate::stage::{guest, lines, on_stage, refusal, system, user};

#[tokio::test]
async fn a_claim_makes_a_guest_s_cart_the_buyer_s_alone() {
    on_stage(async |stage| {
        let buyer = user(UserId::generate());
        let cart = stage.new_cart(&guest()).await;
        stage.put(&guest(), cart, ("mug", 2)).await.unwrap();

        let claimed = stage.carts.claim(&buyer, ClaimCart { cart }).await.unwrap();
        let again = stage.carts.claim(&buyer, ClaimCart { cart }).await.unwrap();

        assert_eq!(lines(&claimed), [("mug", 2)]);
        assert_eq!(claimed.subtotal.amount(), 3_998);
        assert_eq!(again, claimed);
        assert_eq!(stage.cart(&buyer, cart).await.unwrap(), claimed);
        for stranger in [guest(), user(UserId::generate())] {
            assert_eq!(refusal(stage.cart(&stranger, cart).await), CartRefusal::UnknownCart);
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_has_no_account_claims_nothing() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;

        for call in [guest(), system()] {
            let claimed = stage.carts.claim(&call, ClaimCart { cart }).await;
            assert_eq!(refusal(claimed), CartRefusal::UnknownCart);
        }
    })
    .await;
}

#[tokio::test]
async fn of_many_claims_at_once_one_wins() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;

        let claims = (0..10).map(|_| {
            let (stage, buyer) = (stage.clone(), user(UserId::generate()));
            tokio::spawn(async move { stage.carts.claim(&buyer, ClaimCart { cart }).await })
        });
        let mut won = 0;
        for claim in claims.collect::<Vec<_>>() {
            match claim.await.unwrap() {
                Ok(_) => won += 1,
                Err(error) => assert_eq!(refusal::<()>(Err(error)), CartRefusal::UnknownCart),
            }
        }

        assert_eq!(won, 1);
    })
    .await;
}

#[tokio::test]
async fn a_change_that_a_claim_overtakes_is_refused() {
    on_stage(async |stage| {
        stage.catalog.sell("a", &[("EUR", 1)]);
        let (cart, buyer) = (stage.new_cart(&guest()).await, user(UserId::generate()));
        stage.put(&guest(), cart, ("mug", 2)).await.unwrap();
        let (tab, claimant) = (stage.clone(), buyer.clone());
        stage.catalog.meanwhile(async move {
            tab.carts.claim(&claimant, ClaimCart { cart }).await.unwrap();
        });

        let late = stage.put(&guest(), cart, ("a", 1)).await;

        assert_eq!(refusal(late), CartRefusal::UnknownCart);
        assert_eq!(lines(&stage.cart(&buyer, cart).await.unwrap()), [("mug", 2)]);
    })
    .await;
}

#[tokio::test]
async fn an_ordered_cart_is_claimed_by_nobody_new() {
    on_stage(async |stage| {
        let (cart, order, buyer) =
            (stage.new_cart(&guest()).await, OrderId::generate(), user(UserId::generate()));
        let own = stage.new_cart(&buyer).await;
        stage.freeze(cart, order).await.unwrap();
        stage.freeze(own, OrderId::generate()).await.unwrap();

        let claimed = stage.carts.claim(&buyer, ClaimCart { cart }).await;
        let repeated = stage.carts.claim(&buyer, ClaimCart { cart: own }).await;

        assert_eq!(refusal(claimed), CartRefusal::CartSpent { order_id: order });
        assert!(repeated.is_ok(), "{repeated:?}");
    })
    .await;
}
