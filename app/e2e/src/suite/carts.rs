//! A cart, an order, and back.

use std::collections::BTreeSet;

use futures_util::future::try_join_all;
use serde_json::{Value, json};

use crate::{Client, Launcher, Outcome, Purchase, Stage, Stock, Ware, number, text};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 10 };

/// One cart in many tabs is bought once; the other tabs are told by which order.
pub async fn one_cart_in_two_tabs_is_bought_once(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 2)], "tok_ok").await?;
    let tabs: Vec<_> = (0..20).map(|_| purchase.again()).collect();

    let answers = try_join_all(tabs.iter().map(|tab| tab.through(&stage.anyone))).await?;

    let (bought, told): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!(bought.len(), 1, "{answers:?}");
    let order = bought[0].json()["id"].clone();
    for answer in told {
        answer.clone().expect_problem(409, "cart-spent")?;
        assert_eq!(answer.json()["order_id"], order);
    }
    assert_eq!(stage.stock("MUG").await?.reserved, 2);
    assert_eq!(stage.all("/api/orders?status=confirmed").await?.len(), 1);
    stage.adds_up().await
}

/// A cart with a live order no longer changes.
pub async fn a_spent_cart_no_longer_changes(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 2)], "tok_ok").await?;
    let order = purchase.send(&stage.anyone).await?.expect_status(201)?.json();
    let line = format!("/api/carts/{}/lines/MUG", purchase.cart);

    let changes = [
        stage.anyone.put(&line, &json!({"quantity": 9})).await?,
        stage.anyone.delete(&line).await?,
        purchase.again().send(&stage.anyone).await?,
    ];

    for change in changes {
        let refused = change.expect_problem(409, "cart-spent")?.json();
        assert_eq!(refused["order_id"], order["id"]);
    }
    let cart = stage.anyone.get(format!("/api/carts/{}", purchase.cart)).await?;
    assert_eq!(cart.expect_status(200)?.json()["lines"][0]["quantity"], 2);
    stage.adds_up().await
}

/// A cart that was refused is filled and bought as if nothing had been.
pub async fn a_refused_cart_changes_again(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 11)], "tok_ok").await?;
    purchase.send(&stage.anyone).await?.expect_problem(409, "out-of-stock")?;

    let line = format!("/api/carts/{}/lines/MUG", purchase.cart);
    stage.anyone.put(line, &json!({"quantity": 10})).await?.expect_status(200)?;

    let order = purchase.again().send(&stage.anyone).await?.expect_status(201)?.json();
    assert_eq!(order["lines"][0]["quantity"], 10);
    stage.adds_up().await
}

/// A cancel gives stock and money back, once, and the cart may be bought again.
pub async fn a_cancel_undoes_a_purchase(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let buyer = stage.new_buyer().await?;
    let purchase = Purchase::of(&buyer, &[("MUG", 4)], "tok_ok").await?;
    let order = purchase.send(&buyer).await?.expect_status(201)?.json();
    let cancel = format!("/api/orders/{}/cancel", text(&order, "/id")?);

    let reason = json!({"reason": "too many mugs"});
    let answers = try_join_all((0..5).map(|_| buyer.post(&cancel, &reason))).await?;

    for answer in answers {
        assert_eq!(answer.expect_status(200)?.json()["status"], "cancelled");
    }
    assert_eq!(stage.stock("MUG").await?, Stock { on_hand: 10, reserved: 0, available: 10 });
    let (authorized, kept) = money(&stage.admin, &order).await?;
    assert_eq!((authorized, kept), (order["total"].clone(), 0));
    let again = purchase.again().send(&buyer).await?.expect_status(201)?.json();
    assert_ne!(again["id"], order["id"]);
    assert_eq!(again["number"], 2);
    stage.adds_up().await
}

/// Money that was captured comes back with a cancel.
pub async fn a_cancel_refunds_what_was_captured(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    let order = purchase.send(&stage.anyone).await?.expect_status(201)?.json();
    let capture = format!("/api/payments/{}/capture", text(&order, "/payment/id")?);
    stage.admin.post(capture, &json!({})).await?.expect_status(200)?;
    assert_eq!(money(&stage.admin, &order).await?.1, number(&order, "/total/amount")?);

    let cancel = format!("/api/orders/{}/cancel", text(&order, "/id")?);
    stage.admin.post(cancel, &json!({})).await?.expect_status(200)?;

    assert_eq!(money(&stage.admin, &order).await?.1, 0);
    stage.adds_up().await
}

/// Numbers are drawn by confirmed orders alone, so declines and refusals leave no gap.
pub async fn order_numbers_have_no_gaps(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let wishes = [
        (1, "tok_ok"),
        (1, "tok_declined"),
        (99, "tok_ok"),
        (1, "tok_insufficient_funds"),
        (1, "tok_ok"),
        (1, "tok_lost_answer"),
        (1, "tok_error"),
        (1, "tok_declined"),
        (1, "tok_ok"),
    ];
    let mut purchases = Vec::new();
    for (quantity, token) in wishes {
        purchases.push(Purchase::of(&stage.anyone, &[("MUG", quantity)], token).await?);
    }

    let bought = purchases.iter().map(|purchase| purchase.through(&stage.anyone));
    let answers = try_join_all(bought).await?;

    let numbers: BTreeSet<u64> =
        answers.iter().filter_map(|answer| answer.json()["number"].as_u64()).collect();
    assert_eq!(numbers, BTreeSet::from([1, 2, 3, 4, 5]));
    for rejected in stage.all("/api/orders?status=rejected").await? {
        assert_eq!(rejected["number"], Value::Null);
    }
    stage.adds_up().await
}

/// What was authorized, and how much of what was captured was not given back.
async fn money(staff: &Client, order: &Value) -> Outcome<(Value, i64)> {
    let payment = format!("/api/payments/{}", text(order, "/payment/id")?);
    let payment = staff.get(payment).await?.expect_status(200)?.json();
    let kept = number(&payment, "/captured/amount")? - number(&payment, "/refunded/amount")?;
    Ok((payment["authorized"].clone(), kept))
}
