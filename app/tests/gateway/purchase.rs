use serde_json::{Value, json};

use crate::client::{Client, Reply, ask};
use crate::samples::{CART, MUG, ORDER, PAYMENT, address_json, order_json};

async fn buy(client: &Client, token: &str, key: &str) -> Reply {
    let request = ask("POST", "/api/orders").header("idempotency-key", key);
    client.send(request.json(&order_json(token))).await
}

#[tokio::test]
async fn a_bought_cart_is_an_order() {
    let client = Client::new();

    let reply = buy(&client, "tok_ok", "k").await;

    assert_eq!(reply.status, 201);
    assert_eq!(reply.header("location"), Some(&*format!("/api/orders/{ORDER}")));
    assert_eq!(reply.header("idempotency-replayed"), None);
    let money = |amount: i64| json!({ "amount": amount, "currency": "EUR" });
    let line = json!({
        "sku": MUG, "title": "Mug", "quantity": 2, "unit_price": money(1999),
        "line_total": money(3998), "discount": money(0), "tax": money(638), "tax_rate": 1900,
    });
    let order = json!({
        "id": ORDER, "number": 1, "status": "confirmed", "email": "ana@example.org",
        "shipping_address": address_json(), "shipping_method": "standard", "lines": [line],
        "subtotal": money(3998), "discount": money(0), "shipping": money(499),
        "shipping_tax": money(80), "shipping_tax_rate": 1900, "tax": money(718),
        "total": money(4497), "prices_include_tax": true,
        "payment": { "id": PAYMENT, "status": "authorized", "provider": "sandbox" },
        "shipment": null, "placed_at": "2026-09-21T14:13:20Z", "access_token": "order-token",
    });
    assert_eq!(reply.json(), order);
    let call = client.shop.last_call.lock().unwrap().clone().unwrap();
    assert_eq!(call.key.unwrap().as_str(), "k");
}

#[tokio::test]
async fn each_outcome_has_its_status_and_its_fields() {
    let client = Client::new();
    let cases: [(&str, u16, &str, Value); 6] = [
        ("tok_declined", 402, "payment-declined", json!({ "decline_code": "card_declined" })),
        (
            "tok_short",
            409,
            "out-of-stock",
            json!({ "lines": [{ "sku": MUG, "requested": 2, "available": 1 }] }),
        ),
        ("tok_spent", 409, "cart-spent", json!({ "order_id": ORDER })),
        ("tok_late", 409, "timed-out", json!({})),
        (
            "tok_dear",
            409,
            "price-changed",
            json!({
                "expected": { "amount": 1, "currency": "EUR" },
                "actual": { "amount": 4497, "currency": "EUR" },
            }),
        ),
        ("tok_reused", 422, "idempotency-key-reused", json!({})),
    ];

    for (token, status, code, fields) in cases {
        for (key, replayed) in [("first", None), ("again", Some("true"))] {
            let reply = buy(&client, token, key).await;
            assert_eq!(reply.problem(), (status, code.to_owned()));
            for (field, value) in fields.as_object().unwrap() {
                assert_eq!(&reply.json()[field], value, "{code}");
            }
            let recorded = !["tok_dear", "tok_reused"].contains(&token);
            assert_eq!(reply.header("idempotency-replayed"), replayed.filter(|_| recorded));
        }
    }
}

#[tokio::test]
async fn an_order_that_is_not_settled_is_accepted_and_a_repeat_says_so() {
    let client = Client::new();

    let pending = buy(&client, "tok_slow", "k").await;
    assert_eq!((pending.status.as_u16(), &pending.json()["status"]), (202, &json!("pending")));
    assert_eq!(pending.json()["number"], json!(null));
    assert_eq!(pending.json()["shipment"], json!(null));
    let held = buy(&client, "tok_undoing", "k").await;
    assert_eq!((held.status.as_u16(), &held.json()["status"]), (202, &json!("pending")));
    let repeated = buy(&client, "tok_ok", "again").await;
    assert_eq!(repeated.status, 201);
    assert_eq!(repeated.header("idempotency-replayed"), Some("true"));
    let lost = buy(&client, "tok_lost", "k").await;
    assert_eq!(lost.problem(), (503, "unavailable".to_owned()));
}

#[tokio::test]
async fn a_purchase_and_a_refund_need_a_key_of_visible_ascii() {
    let client = Client::new();
    let refund = format!("/api/payments/{PAYMENT}/refunds");
    let calls = [("/api/orders", order_json("tok_ok")), (&*refund, json!({ "reason": "broken" }))];

    for (path, body) in calls {
        let none = client.send(ask("POST", path).role("staff").json(&body)).await;
        assert_eq!(none.problem(), (400, "idempotency-key-missing".to_owned()));
        for bad in ["", "a b", &"x".repeat(256)] {
            let request = ask("POST", path).role("staff").header("idempotency-key", bad);
            assert_eq!(client.send(request.json(&body)).await.invalid_field(), "Idempotency-Key");
        }
        let twice = ask("POST", path).role("staff").header("idempotency-key", "a");
        let twice = twice.header("idempotency-key", "b").json(&body);
        assert_eq!(client.send(twice).await.invalid_field(), "Idempotency-Key");
        let longest = ask("POST", path).role("staff").header("idempotency-key", &"~".repeat(255));
        assert!(client.send(longest.json(&body)).await.status.is_success());
    }
}

#[tokio::test]
async fn a_repeated_refund_says_so_and_too_much_is_refused() {
    let client = Client::new();
    let path = format!("/api/payments/{PAYMENT}/refunds");
    let refund = |key: &str, amount: i64| {
        let body = json!({ "amount": { "amount": amount, "currency": "EUR" }, "reason": "broken" });
        ask("POST", &path).role("staff").header("idempotency-key", key).json(&body)
    };

    let again = client.send(refund("again", 10)).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert!(again.json().get("replayed").is_none());
    let over = client.send(refund("k", 5000)).await;
    assert_eq!(over.problem(), (409, "over-refund".to_owned()));
    assert_eq!(over.json()["refundable"], 4497);
}

#[tokio::test]
async fn a_guest_must_say_where_mail_goes() {
    let client = Client::new();
    let mut body = order_json("tok_ok");
    body.as_object_mut().unwrap().remove("email");
    let order = || ask("POST", "/api/orders").header("idempotency-key", "k");

    assert_eq!(client.send(order().json(&body)).await.invalid_field(), "email");
    assert_eq!(client.send(order().role("buyer").json(&body)).await.status, 201);
}

#[tokio::test]
async fn a_quote_takes_an_order_s_body_and_ignores_what_it_does_not_need() {
    let client = Client::new();
    let mut body = order_json("tok_ok");
    body["expected_total"] = json!({ "amount": 1, "currency": "EUR" });

    let quote = client.send(ask("POST", "/api/orders/quote").json(&body)).await;

    assert_eq!(quote.status, 200);
    assert_eq!(quote.json()["total"], json!({ "amount": 4497, "currency": "EUR" }));
    body["sum"] = json!(1);
    let unknown = client.send(ask("POST", "/api/orders/quote").json(&body)).await;
    assert_eq!(unknown.invalid_field(), "sum");
}

#[tokio::test]
async fn a_guest_s_order_is_shown_to_who_has_its_token() {
    let client = Client::new();
    let path = format!("/api/orders/{ORDER}");
    let with = |token: &str| ask("GET", &path).header("x-order-token", token).empty();

    assert_eq!(client.send(with("order-token")).await.status, 200);
    assert_eq!(client.send(with("wrong")).await.problem(), (404, "not-found".to_owned()));
    assert_eq!(client.get(&path).await.problem(), (401, "unauthenticated".to_owned()));
}

#[tokio::test]
async fn shipping_is_priced_by_what_the_cart_weighs() {
    let client = Client::new();

    let reply = client.get(&format!("/api/shipping/methods?cart_id={CART}&country=PT")).await;

    let price = json!({ "amount": 499, "currency": "EUR" });
    let method = json!({ "code": "standard", "title": "1050 g to PT", "price": price, "days": 3 });
    assert_eq!(reply.json(), json!([method]));
    let nowhere = client.get(&format!("/api/shipping/methods?cart_id={CART}&country=XX")).await;
    assert_eq!(nowhere.invalid_field(), "country");
    let no_cart = client.get(&format!("/api/shipping/methods?cart_id={ORDER}&country=PT")).await;
    assert_eq!(no_cart.problem(), (404, "unknown-cart".to_owned()));
    assert_eq!(client.get("/api/shipping/methods?country=PT").await.invalid_field(), "cart_id");
}
