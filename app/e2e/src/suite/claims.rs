//! What a client claims about prices, totals, roles and states.

use hyper::Method;
use serde_json::{Value, json};

use crate::{Launcher, Outcome, Purchase, Stage, Ware, fresh, fresh_email};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 10 };

/// Prices, totals, roles and states that a client sends are refused by name and change nothing.
pub async fn what_a_client_claims_changes_nothing(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let buyer = stage.new_buyer().await?;
    let purchase = Purchase::of(&buyer, &[("MUG", 1)], "tok_ok").await?;
    let cart = format!("/api/carts/{}", purchase.cart);
    let account = json!({"email": fresh_email(), "password": "a long pass phrase", "name": "B"});
    let line = json!({"quantity": 1});
    let before = buyer.get(&cart).await?.expect_status(200)?.json();
    let targets = [
        (Method::POST, "/api/orders".to_owned(), &purchase.body),
        (Method::POST, "/api/orders/quote".to_owned(), &purchase.body),
        (Method::PUT, format!("{cart}/lines/MUG"), &line),
        (Method::POST, "/api/users/register".to_owned(), &account),
        (Method::PATCH, "/api/users/me".to_owned(), &json!({"name": "B"})),
        (Method::POST, "/api/carts".to_owned(), &json!({})),
    ];

    for (method, path, body) in &targets {
        for (field, value) in claims() {
            let mut body = (*body).clone();
            body[field] = value;
            let ask = buyer.ask(method.clone(), path).key(&fresh("key")).json(&body);
            let refused = ask.send().await?.expect_problem(422, "invalid-request")?;
            let named = refused.json()["errors"].to_string();
            assert!(named.contains(field), "{field} is not named: {refused}");
        }
    }

    assert_eq!(buyer.get(&cart).await?.expect_status(200)?.json(), before);
    let me = buyer.get("/api/users/me").await?.expect_status(200)?.json();
    assert_eq!(me["role"], "buyer");
    assert!(stage.all("/api/orders").await?.is_empty());
    stage.adds_up().await
}

/// What is claimed deeper within a body is refused as well.
pub async fn nested_claims_are_refused(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    let nested =
        [("/payment", "amount"), ("/payment", "status"), ("/shipping_address", "tax_rate")];

    for (within, field) in nested {
        let mut claimed = purchase.again();
        let object = claimed.body.pointer_mut(within).ok_or("a field that is not there")?;
        object[field] = json!(1);
        let refused = claimed.send(&stage.anyone).await?;
        let refused = refused.expect_problem(422, "invalid-request")?;
        assert!(refused.json()["errors"].to_string().contains(field), "{refused}");
    }

    purchase.send(&stage.anyone).await?.expect_status(201)?;
    stage.adds_up().await
}

fn claims() -> Vec<(&'static str, Value)> {
    let free = json!({"amount": 0, "currency": "EUR"});
    vec![
        ("total", free.clone()),
        ("unit_price", free.clone()),
        ("subtotal", free.clone()),
        ("discount", free.clone()),
        ("shipping", free.clone()),
        ("tax", free),
        ("tax_rate", json!(0)),
        ("status", json!("confirmed")),
        ("number", json!(1)),
        ("role", json!("admin")),
        ("user_id", json!("00000000-0000-4000-8000-000000000000")),
        ("is_admin", json!(true)),
        ("id", json!("00000000-0000-4000-8000-000000000000")),
    ]
}
