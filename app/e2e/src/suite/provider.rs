//! What a payment provider does to a purchase.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{Launcher, Opening, Outcome, Purchase, SETTLED, Stage, Stock, Ware, eventually, text};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 10 };
const UNTOUCHED: Stock = Stock { on_hand: 10, reserved: 0, available: 10 };

/// A declined payment is told with its reason, and leaves nothing held.
pub async fn a_declined_payment_holds_nothing(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let reasons =
        [("tok_declined", "card_declined"), ("tok_insufficient_funds", "insufficient_funds")];
    for (token, reason) in reasons {
        let purchase = Purchase::of(&stage.anyone, &[("MUG", 3)], token).await?;

        let refused = purchase.through(&stage.anyone).await?;

        let refused = refused.expect_problem(402, "payment-declined")?.json();
        assert_eq!(refused["decline_code"], reason);
        assert_eq!(stage.stock("MUG").await?, UNTOUCHED);
        let orders = stage.all(&format!("/api/orders?email={}", purchase.email())).await?;
        assert_eq!(orders.len(), 1);
        assert_eq!(
            (&orders[0]["status"], &orders[0]["number"]),
            (&json!("rejected"), &json!(null))
        );
        let paid =
            purchase.again().with("payment", sandbox("tok_ok")).through(&stage.anyone).await?;
        cancel(&stage, text(&paid.expect_status(201)?.json(), "/id")?).await?;
    }
    stage.adds_up().await
}

/// A provider that takes its time delays the answer and changes nothing else.
pub async fn a_slow_provider_is_waited_for(house: &dyn Launcher) -> Outcome {
    the_money_is_set_aside_once(house, "tok_slow").await
}

/// A provider whose answer was lost is asked again with the same key.
pub async fn a_lost_answer_is_asked_for(house: &dyn Launcher) -> Outcome {
    the_money_is_set_aside_once(house, "tok_lost_answer").await
}

/// A provider that fails twice is asked a third time.
pub async fn a_provider_that_fails_is_asked_again(house: &dyn Launcher) -> Outcome {
    the_money_is_set_aside_once(house, "tok_error").await
}

async fn the_money_is_set_aside_once(house: &dyn Launcher, token: &str) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], token).await?;

    let first = purchase.send(&stage.anyone).await?;

    assert!(matches!(first.status, 201 | 202), "{first}");
    if first.status == 202 {
        assert_eq!(first.json()["status"], "pending");
    }
    stage.settled().await?;
    let order = purchase.send(&stage.anyone).await?.expect_status(201)?;
    assert_eq!(order.header("idempotency-replayed"), "true");
    let order = order.json();
    assert_eq!((&order["status"], &order["number"]), (&json!("confirmed"), &json!(1)));
    let payment = format!("/api/payments/{}", text(&order, "/payment/id")?);
    let payment = stage.admin.get(payment).await?.expect_status(200)?.json();
    assert_eq!(payment["authorized"], order["total"]);
    assert_eq!(stage.stock("MUG").await?.reserved, 1);
    stage.adds_up().await
}

/// An order that did not settle in time is rejected, and what it held is given back.
pub async fn a_hold_is_released_at_the_deadline(house: &dyn Launcher) -> Outcome {
    let opening = Opening::empty().with("GALLERIA__SHOP__SETTLE_WITHIN_SECONDS", "1");
    let stage = Stage::open(house, &opening).await?;
    stage.sell(&[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_slow").await?;
    let placed = Instant::now();
    let held = async {
        eventually(SETTLED, "the stock is held", async || {
            Ok((stage.stock("MUG").await?.reserved == 1).then_some(()))
        })
        .await?;
        house.kill().await
    };
    let (cut_off, held) = tokio::join!(purchase.send(&stage.anyone), held);
    held?;
    assert!(cut_off.is_err(), "{cut_off:?}");
    eventually(SETTLED, "the deadline passes", async || {
        Ok((placed.elapsed() > Duration::from_secs(2)).then_some(()))
    })
    .await?;

    house.start(&opening).await?;

    stage.settled().await?;
    purchase.send(&stage.anyone).await?.expect_problem(409, "timed-out")?;
    assert_eq!(stage.stock("MUG").await?, UNTOUCHED);
    stage.adds_up().await
}

/// A payment token is a secret: no answer repeats it.
pub async fn no_answer_repeats_a_payment_token(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    for token in ["tok_ok", "tok_declined", "tok_nobody_knows"] {
        let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], token).await?;

        let answer = purchase.through(&stage.anyone).await?;

        assert!(answer.status < 500, "{answer}");
        assert!(!String::from_utf8_lossy(&answer.body).contains(token), "{answer}");
    }
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    let elsewhere = purchase.with("payment", json!({"provider": "elsewhere", "token": "tok_ok"}));
    elsewhere.send(&stage.anyone).await?.expect_status(422)?;
    stage.adds_up().await
}

fn sandbox(token: &str) -> serde_json::Value {
    json!({"provider": "sandbox", "token": token})
}

async fn cancel(stage: &Stage<'_>, order: &str) -> Outcome {
    stage
        .admin
        .post(format!("/api/orders/{order}/cancel"), &json!({}))
        .await?
        .expect_status(200)?;
    eventually(SETTLED, "the stock is back", async || {
        Ok((stage.stock("MUG").await? == UNTOUCHED).then_some(()))
    })
    .await
}
