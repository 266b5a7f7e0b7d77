use galleria_service::settings::ServerSettings;
use serde_json::json;

use crate::client::{Client, ask, unlimited};
use crate::samples::{CART, MUG};

#[tokio::test]
async fn a_problem_document_keeps_its_shape() {
    let client = Client::new();
    let request = ask("PUT", &format!("/api/carts/{CART}/lines/spent"))
        .header("x-request-id", "req-1")
        .json(&json!({ "quantity": 1 }));

    let reply = client.send(request).await;

    assert_eq!(reply.problem(), (409, "cart-spent".to_owned()));
    insta::assert_json_snapshot!(reply.json(), @r#"
{
  "code": "cart-spent",
  "detail": "the cart was ordered",
  "order_id": "0197f0c2-2a00-7000-8000-000000000001",
  "request_id": "req-1",
  "status": 409,
  "title": "Cart spent",
  "type": "urn:galleria:problem:cart-spent"
}
"#);
}

#[tokio::test]
async fn an_invalid_field_is_named_in_a_document_that_keeps_its_shape() {
    let client = Client::new();
    let request = ask("PUT", &format!("/api/carts/{CART}/lines/{MUG}"))
        .header("x-request-id", "req-1")
        .json(&json!({ "quantity": 1000 }));

    let reply = client.send(request).await;

    insta::assert_json_snapshot!(reply.json(), @r#"
{
  "code": "invalid-request",
  "detail": "some fields of the request make no sense",
  "errors": [
    {
      "field": "quantity",
      "message": "must be between 0 and 999"
    }
  ],
  "request_id": "req-1",
  "status": 422,
  "title": "Invalid request",
  "type": "urn:galleria:problem:invalid-request"
}
"#);
}

#[tokio::test]
async fn what_is_not_there_and_what_is_not_done_are_told_apart() {
    let client = Client::new();

    let nowhere = client.get("/api/nowhere").await;
    assert_eq!(nowhere.problem(), (404, "not-found".to_owned()));
    let outside = client.get("/").await;
    assert_eq!(outside.problem(), (404, "not-found".to_owned()));
    let wrong = client.send(ask("DELETE", "/api/products").empty()).await;
    assert_eq!(wrong.problem(), (405, "method-not-allowed".to_owned()));
    assert_eq!(wrong.header("allow"), Some("GET,HEAD,POST"));
}

#[tokio::test]
async fn what_is_not_built_is_not_there() {
    let client = Client::new();

    for path in [
        "/api/recommendations",
        "/api/notifications",
        "/api/webhook-endpoints",
        "/api/shipments",
        "/api/returns/1/receive",
        "/api/orders/1/returns",
        "/api/payments/webhooks/stripe",
        "/api/products/1/recommendations",
    ] {
        let reply = client.send(ask("POST", path).role("admin").empty()).await;
        assert_eq!(reply.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_failure_tells_the_client_nothing_of_its_cause() {
    let client = Client::new();

    let broken = client.get("/api/products/broken").await;
    assert_eq!(broken.problem(), (500, "internal-error".to_owned()));
    assert!(!String::from_utf8_lossy(&broken.bytes).contains("secret"));
    let panicked = client.get("/api/products/panics").await;
    assert_eq!(panicked.problem(), (500, "internal-error".to_owned()));
    assert!(!String::from_utf8_lossy(&panicked.bytes).contains("secret"));
}

#[tokio::test]
async fn a_call_that_hangs_is_given_up_at_its_deadline() {
    let server = ServerSettings { request_deadline_ms: 10, ..ServerSettings::default() };
    let client = Client::with(server, &unlimited());

    let reply = client.get("/api/products/hangs").await;

    assert_eq!(reply.problem(), (503, "deadline-exceeded".to_owned()));
    assert_eq!(reply.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn every_answer_has_an_id_and_a_sane_one_is_kept() {
    let client = Client::new();

    let kept =
        client.send(ask("GET", "/api/products").header("x-request-id", "abc-1").empty()).await;
    assert_eq!(kept.header("x-request-id"), Some("abc-1"));
    for odd in ["", "a b", "<script>", &"x".repeat(129)] {
        let reply =
            client.send(ask("GET", "/api/nowhere").header("x-request-id", odd).empty()).await;
        assert_eq!(reply.header("x-request-id").unwrap().len(), 32, "{odd}");
    }
}

#[tokio::test]
async fn what_is_private_is_kept_by_no_cache() {
    let client = Client::new();

    let cart = client.get(&format!("/api/carts/{CART}")).await;
    assert_eq!(cart.header("cache-control"), Some("no-store"));
    let public = client.get("/api/products").await;
    assert_eq!(public.header("cache-control"), None);
    let signed_in = client.send(ask("GET", "/api/products").role("buyer").empty()).await;
    assert_eq!(signed_in.header("cache-control"), Some("no-store"));
    for header in ["x-content-type-options", "x-frame-options", "content-security-policy"] {
        assert!(public.header(header).is_some(), "{header}");
    }
}

#[tokio::test]
async fn the_page_of_a_product_works_without_inventory() {
    let client = Client::new();
    let with = client.get("/api/products/mug").await;
    assert_eq!(with.json()["variants"][0]["available"], 5);
    assert_eq!(with.json()["variants"][1]["available"], 0);
    client.shop.inventory_is_down.store(true, std::sync::atomic::Ordering::SeqCst);

    let without = client.get("/api/products/mug").await;

    assert_eq!(without.status, 200);
    assert_eq!(without.json()["variants"][0]["available"], json!(null));
    assert!(without.json()["variants"][0].get("available").is_some());
}

#[tokio::test]
async fn a_currency_in_which_nothing_has_a_price_is_refused() {
    let client = Client::new();

    let reply = client.get("/api/products/mug?currency=JPY").await;

    assert_eq!(reply.problem(), (422, "no-price".to_owned()));
    assert_eq!(reply.json()["currency"], "JPY");
    assert_eq!(client.get("/api/products/mug?currency=EUR").await.status, 200);
}

#[tokio::test]
async fn staff_alone_see_the_counters_of_stock() {
    let client = Client::new();

    let anyone = client.get("/api/stock/MUG-1").await;
    assert_eq!(anyone.json(), json!({ "sku": "MUG-1", "available": 5 }));
    let staff = client.send(ask("GET", "/api/stock/MUG-1").role("staff").empty()).await;
    let counters = json!({ "sku": "MUG-1", "available": 5, "on_hand": 7, "reserved": 2 });
    assert_eq!(staff.json(), counters);
}

#[tokio::test]
async fn stock_is_of_what_the_catalogue_sells() {
    let client = Client::new();

    let unknown = ask("PUT", "/api/stock/NO-1").role("staff").json(&json!({ "on_hand": 1 }));
    assert_eq!(client.send(unknown).await.problem(), (404, "unknown-sku".to_owned()));
    let never_stocked = client.get("/api/stock/a%2Fb%20%C3%BC%3F").await;
    assert_eq!(never_stocked.json(), json!({ "sku": "a/b ü?", "available": 0 }));
    let below = ask("PUT", "/api/stock/MUG-1").role("staff").json(&json!({ "on_hand": 1 }));
    assert_eq!(client.send(below).await.problem(), (409, "below-reserved".to_owned()));
}
