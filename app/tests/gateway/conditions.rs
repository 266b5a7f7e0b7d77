use serde_json::json;

use crate::client::{Client, ask};
use crate::samples::{ADDRESS, CART, ORDER, PRODUCT, USER};

#[tokio::test]
async fn what_staff_edit_has_a_tag_and_a_stale_one_is_refused() {
    let client = Client::new();
    let objects = [
        (format!("/api/products/{PRODUCT}"), "\"7\"", "\"8\""),
        (format!("/api/users/{USER}"), "\"3\"", "\"4\""),
        ("/api/users/me".to_owned(), "\"3\"", "\"4\""),
    ];

    for (path, tag, next) in objects {
        let read = client.send(ask("GET", &path).role("admin").empty()).await;
        assert_eq!(read.header("etag"), Some(tag), "{path}");
        for good in [tag, "*"] {
            let request = ask("PATCH", &path).role("admin").header("if-match", good);
            let changed = client.send(request.json(&json!({}))).await;
            assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, Some(next)));
        }
        for stale in ["\"2\"", "W/\"7\"", "nonsense", "\"\"", "\"99999999999999999999\""] {
            let request = ask("PATCH", &path).role("admin").header("if-match", stale);
            let refused = client.send(request.json(&json!({}))).await;
            assert_eq!(refused.problem(), (412, "precondition-failed".to_owned()), "{stale}");
        }
    }
}

#[tokio::test]
async fn what_is_made_says_where_it_is() {
    let client = Client::new();
    let cart = client.send(ask("POST", "/api/carts").empty()).await;
    assert_eq!(cart.status, 201);
    assert_eq!(cart.header("location"), Some(&*format!("/api/carts/{CART}")));

    let with_currency = ask("POST", "/api/carts").json(&json!({ "currency": "JPY" }));
    assert_eq!(client.send(with_currency).await.json()["currency"], "JPY");
}

#[tokio::test]
async fn a_part_of_an_address_is_changed_and_the_rest_stays() {
    let client = Client::new();
    let path = format!("/api/users/me/addresses/{ADDRESS}");
    let change = json!({ "city": "Lisboa", "line2": "3º", "region": null });

    let reply = client.send(ask("PATCH", &path).role("buyer").json(&change)).await;

    let changed = json!({
        "id": ADDRESS, "name": "Ana", "line1": "Rua 1", "line2": "3º", "city": "Lisboa",
        "postal_code": "4000-001", "country": "PT",
    });
    assert_eq!(reply.json(), changed);
    let other = format!("/api/users/me/addresses/{ORDER}");
    let missing = client.send(ask("PATCH", &other).role("buyer").json(&json!({}))).await;
    assert_eq!(missing.problem(), (404, "not-found".to_owned()));
}

#[tokio::test]
async fn a_list_that_goes_on_says_how() {
    let client = Client::new();

    let users = client.send(ask("GET", "/api/users").role("admin").empty()).await.json();
    assert_eq!(users["next"], "more");
    assert_eq!(users["items"][0]["disabled"], false);
    let request = ask("GET", "/api/users?cursor=elsewhere").role("admin").empty();
    assert_eq!(client.send(request).await.invalid_field(), "cursor");
    let products = client.get("/api/products").await.json();
    assert_eq!(products["next"], json!(null));
}

#[tokio::test]
async fn pages_of_other_origins_are_let_in_by_the_settings_alone() {
    let closed = Client::new();
    let asked = || ask("GET", "/api/products").header("origin", "https://shop.example").empty();
    let refused = closed.send(asked()).await;
    assert_eq!(refused.header("access-control-allow-origin"), None);

    let server = galleria_service::settings::ServerSettings {
        cors_origins: vec!["https://shop.example".to_owned()],
        ..Default::default()
    };
    let open = Client::with(server, &crate::client::unlimited());
    let allowed = open.send(asked()).await;
    assert_eq!(allowed.header("access-control-allow-origin"), Some("https://shop.example"));
    let preflight = ask("OPTIONS", "/api/orders")
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .empty();
    assert_eq!(open.send(preflight).await.status, 204);
    let other = ask("GET", "/api/products").header("origin", "https://evil.example").empty();
    assert_eq!(open.send(other).await.header("access-control-allow-origin"), None);
}
