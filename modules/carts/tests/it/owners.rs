use carts_contract::{CartOwner, CartRefusal, Carts, ClaimCart, GetCart};
use kernel::{Call, CartId, Principal, UserId};

use crate::stage::{Stage, call, guest, on_stage, refusal, system, user};

/// Whether each call on a cart lets the caller in: all of them must agree.
async fn lets_in(stage: &Stage, call: &Call, cart: CartId) -> bool {
    let answers = [
        stage.cart(call, cart).await.map(|_| ()),
        stage.carts.contents(call, GetCart { cart }).await.map(|_| ()),
        stage.put(call, cart, ("mug", 2)).await.map(|_| ()),
        stage.remove(call, cart, "mug").await.map(|_| ()),
        stage.remove(call, cart, "nothing").await.map(|_| ()),
    ];
    let let_in = answers[0].is_ok();
    for answer in answers {
        assert_eq!(answer.is_ok(), let_in, "{answer:?}");
        if answer.is_err() {
            assert_eq!(refusal(answer), CartRefusal::UnknownCart);
        }
    }
    let_in
}

#[tokio::test]
async fn a_guest_s_cart_is_anybody_s_who_has_its_id() {
    on_stage(async |stage| {
        let cart = stage.new_cart(&guest()).await;

        for call in [guest(), user(UserId::generate()), system()] {
            assert!(lets_in(&stage, &call, cart).await, "{call:?}");
        }

        let contents = stage.carts.contents(&guest(), GetCart { cart }).await.unwrap();
        assert_eq!(contents.owner, CartOwner::Guest);
    })
    .await;
}

#[tokio::test]
async fn a_buyer_s_cart_is_theirs_alone() {
    on_stage(async |stage| {
        let id = UserId::generate();
        let other = UserId::generate();
        let cart = stage.new_cart(&user(id)).await;

        for (principal, expected) in [
            (Principal::User { id }, true),
            (Principal::System { module: carts::MODULE }, true),
            (Principal::Guest { proof: None }, false),
            (Principal::User { id: other }, false),
            (Principal::Staff { id: other }, false),
            (Principal::Admin { id: other }, false),
        ] {
            let call = call(principal.clone());
            assert_eq!(lets_in(&stage, &call, cart).await, expected, "{principal:?}");
            if !expected {
                let claimed = stage.carts.claim(&call, ClaimCart { cart }).await;
                assert_eq!(refusal(claimed), CartRefusal::UnknownCart);
            }
        }

        let contents = stage.carts.contents(&user(id), GetCart { cart }).await.unwrap();
        assert_eq!(contents.owner, CartOwner::User { id });
    })
    .await;
}
