//! A purchase that is sent again.

use futures_util::future::try_join_all;
use serde_json::json;

use crate::{Answer, Launcher, Outcome, Purchase, Stage, Ware, cart_of, order_body};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 10 };

/// The same key and body give the same answer, marked as told before.
pub async fn a_repeat_gives_the_same_answer(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;

    let first = purchase.send(&stage.anyone).await?.expect_status(201)?;
    let second = purchase.send(&stage.anyone).await?;

    assert_eq!(first.header("idempotency-replayed"), "");
    is_repeat(&second, &first);
    assert_eq!(stage.stock("MUG").await?.reserved, 1);
    stage.adds_up().await
}

/// Fifty repeats at once make one order, and each is told about it.
pub async fn fifty_repeats_at_once_make_one_order(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;

    let answers = try_join_all((0..50).map(|_| purchase.through(&stage.anyone))).await?;

    let mut first = 0;
    for answer in &answers {
        assert_eq!((answer.status, answer.json()), (201, answers[0].json()));
        first += usize::from(answer.header("idempotency-replayed").is_empty());
    }
    assert!(first <= 1, "{first} answers claim to be the first");
    assert_eq!(stage.all("/api/orders").await?.len(), 1);
    stage.adds_up().await
}

/// What was answered is answered again after the process was killed.
pub async fn a_repeat_after_a_restart_gives_the_same_answer(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let bought = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    let declined = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_declined").await?;
    let order = bought.through(&stage.anyone).await?.expect_status(201)?;
    let refusal = declined.through(&stage.anyone).await?.expect_status(402)?;

    house.restart().await?;

    is_repeat(&bought.send(&stage.anyone).await?, &order);
    is_repeat(&declined.send(&stage.anyone).await?, &refusal);
    stage.adds_up().await
}

/// A key that named one purchase does not name another.
pub async fn a_key_with_another_body_is_refused(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    let order = purchase.send(&stage.anyone).await?.expect_status(201)?;

    let mut elsewhere = crate::address();
    elsewhere["city"] = json!("Bonn");
    let others = [
        purchase.clone().with("email", json!("someone.else@example.com")),
        purchase.clone().with("payment", json!({"provider": "sandbox", "token": "tok_slow"})),
        purchase.clone().with("shipping_address", elsewhere),
    ];

    for other in others {
        let refused = other.send(&stage.anyone).await?;
        refused.expect_problem(422, "idempotency-key-reused")?;
    }
    is_repeat(&purchase.send(&stage.anyone).await?, &order);
    stage.adds_up().await
}

/// A purchase without a usable key is refused before anything is done.
pub async fn a_purchase_needs_a_key(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;

    let none = stage.anyone.post("/api/orders", &purchase.body).await?;

    none.expect_problem(400, "idempotency-key-missing")?;
    for key in ["", "with blank", &"x".repeat(256), "umläut"] {
        let bad = Purchase { key: key.to_owned(), ..purchase.clone() };
        let refused = bad.send(&stage.anyone).await?;
        assert!(matches!(refused.status, 400 | 422), "{key:?}: {refused}");
    }
    let longest = Purchase { key: "x".repeat(255), ..purchase };
    longest.send(&stage.anyone).await?.expect_status(201)?;
    stage.adds_up().await
}

/// A refusal that was recorded stays the answer to its key; another key may try again.
pub async fn a_recorded_refusal_keeps_its_key(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let short = Purchase::of(&stage.anyone, &[("MUG", 11)], "tok_ok").await?;
    let declined = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_declined").await?;

    let out_of_stock = short.through(&stage.anyone).await?.expect_problem(409, "out-of-stock")?;
    let no_money = declined.through(&stage.anyone).await?;
    let no_money = no_money.expect_problem(402, "payment-declined")?;

    let line = json!([{"sku": "MUG", "requested": 11, "available": 10}]);
    assert_eq!(out_of_stock.json()["lines"], line);
    let more = json!({"on_hand": 20});
    stage.admin.put("/api/stock/MUG", &more).await?.expect_status(200)?;
    is_repeat(&short.send(&stage.anyone).await?, &out_of_stock);
    is_repeat(&declined.send(&stage.anyone).await?, &no_money);
    short.again().send(&stage.anyone).await?.expect_status(201)?;
    stage.adds_up().await
}

/// A refusal that recorded nothing leaves the key to the purchase that follows.
pub async fn a_refusal_that_recorded_nothing_leaves_the_key_free(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    let empty = cart_of(&stage.anyone, &[]).await?;
    let total = json!({"amount": 1, "currency": "EUR"});
    let nowhere = json!("00000000-0000-4000-8000-000000000000");
    let refusals = [
        (409, "cart-empty", purchase.clone().with("cart_id", json!(empty))),
        (404, "unknown-cart", purchase.clone().with("cart_id", nowhere)),
        (409, "price-changed", purchase.clone().with("expected_total", total)),
        (422, "unknown-shipping-method", purchase.clone().with("shipping_method", json!("swim"))),
        (422, "unknown-discount-code", purchase.clone().with("discount_code", json!("FREE"))),
    ];

    for (status, code, refused) in refusals {
        refused.send(&stage.anyone).await?.expect_problem(status, code)?;
    }

    let order = purchase.send(&stage.anyone).await?.expect_status(201)?;
    assert_eq!(order.header("idempotency-replayed"), "");
    stage.adds_up().await
}

/// The same key of another buyer, or for another cart, is another key.
pub async fn a_key_belongs_to_its_buyer(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let (one, two) = (stage.new_buyer().await?, stage.new_buyer().await?);
    let mut orders = Vec::new();
    for buyer in [&one, &two, &stage.anyone, &stage.anyone] {
        let mut purchase = Purchase::of(buyer, &[("MUG", 1)], "tok_ok").await?;
        "the same key".replace(' ', "-").clone_into(&mut purchase.key);

        let order = purchase.send(buyer).await?.expect_status(201)?;

        assert_eq!(order.header("idempotency-replayed"), "");
        orders.push(order.json()["id"].clone());
    }
    orders.dedup();
    assert_eq!(orders.len(), 4);
    let body = order_body("no cart at all", "standard", "tok_ok");
    let unreadable = Purchase { cart: String::new(), key: "a-key".to_owned(), body };
    unreadable.send(&stage.anyone).await?.expect_problem(422, "invalid-request")?;
    stage.adds_up().await
}

#[track_caller]
fn is_repeat(repeat: &Answer, first: &Answer) {
    let (mut told, mut before) = (repeat.json(), first.json());
    for body in [&mut told, &mut before] {
        if let Some(problem) = body.as_object_mut().filter(|body| body.contains_key("code")) {
            problem.remove("request_id"); // each answer's own
        }
    }
    assert_eq!((repeat.status, told), (first.status, before));
    assert_eq!(repeat.header("idempotency-replayed"), "true", "{repeat}");
}
