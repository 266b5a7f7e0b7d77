use axum::http::Method;
use galleria::gateway::table;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::access::{body, filled};
use crate::client::{Client, ask};
use crate::samples::{CART, MUG, ORDER, address_json, order_json};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Values that somebody forgot to think of.
fn nasty() -> Vec<Value> {
    let mut deep = json!(1);
    for _ in 0..60 {
        deep = json!([deep]);
    }
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("a\u{0}b"),
        json!("\u{202e}\u{200b}\u{feff}"),
        json!("e\u{301}".repeat(3000)),
        json!("x".repeat(100_000)),
        json!("-1"),
        json!([]),
        json!({}),
        json!({ "amount": i64::MAX, "currency": "EUR" }),
        json!({ "amount": -5, "currency": "EUR" }),
        json!([[[[]]]]),
        deep,
    ]
}

fn writes() -> Vec<(Method, &'static str)> {
    let table = table();
    let operations = table.operations().map(|(method, path, _)| (method.clone(), path));
    operations
        .filter(|(method, path)| method != Method::GET && !path.ends_with("/import"))
        .collect()
}

#[tokio::test]
async fn no_field_of_any_body_can_hold_what_breaks_us() {
    let client = Client::new();
    for (method, path) in writes() {
        let good = body(&method, path);
        let fields: Vec<String> = good.as_object().unwrap().keys().cloned().collect();
        for field in fields.iter().map(String::as_str).chain(["unheard-of"]) {
            for value in nasty() {
                let mut bad = good.clone();
                bad[field] = value.clone();
                let request = ask(method.as_str(), &filled(path)).role("admin");
                let reply = client.send(request.header("idempotency-key", "k").json(&bad)).await;
                assert!(!reply.status.is_server_error(), "{method} {path} {field}={value}");
                if reply.status.is_client_error() {
                    reply.problem();
                }
                let takes_any_body =
                    ["claim", "capture", "retry", "skip"].iter().any(|end| path.ends_with(end));
                if field == "unheard-of" && method != Method::DELETE && !takes_any_body {
                    assert!(reply.invalid_field().contains(field), "{method} {path}");
                }
            }
        }
    }
}

#[tokio::test]
async fn no_bytes_that_are_not_json_break_us() {
    let client = Client::new();
    let malformed: Vec<(&[u8], u16, &str)> = vec![
        (b"", 400, "malformed-json"),
        (b"{", 400, "malformed-json"),
        (b"{\"quantity\": 1}x", 400, "malformed-json"),
        (b"{\"quantity\": NaN}", 400, "malformed-json"),
        (b"{\"quantity\": \"\\ud800\"}", 400, "malformed-json"),
        (b"{\"quantity\": \"\xff\"}", 400, "malformed-json"),
        (b"\xef\xbb\xbf{\"quantity\": 1}", 400, "malformed-json"),
        (b"{\"quantity\": 1e999}", 422, "invalid-request"),
        (b"{\"quantity\": 99999999999999999999999}", 422, "invalid-request"),
        (b"{\"quantity\": 1, \"quantity\": 2}", 422, "invalid-request"),
        (b"{\"quantity\": 1.0}", 422, "invalid-request"),
        (b"{\"quantity\": \"1\"}", 422, "invalid-request"),
        (b"[1]", 422, "invalid-request"),
        (b"null", 422, "invalid-request"),
        (b"7", 422, "invalid-request"),
    ];

    for (bytes, status, code) in malformed {
        let request = ask("PUT", &format!("/api/carts/{CART}/lines/{MUG}"));
        let reply = client.send(request.bytes("application/json", bytes)).await;
        let shown = String::from_utf8_lossy(bytes);
        assert_eq!(reply.status, status, "{shown}");
        assert_eq!(reply.problem().1, code, "{shown}");
    }
}

/// Breaks a good body.
type Breaks = fn(&mut Value);

#[tokio::test]
async fn the_field_at_fault_is_named_by_its_path() {
    let client = Client::new();
    let place = |change: Breaks| {
        let mut body = order_json("tok_ok");
        change(&mut body);
        ask("POST", "/api/orders").header("idempotency-key", "k").json(&body)
    };
    let cases: [(Breaks, &str); 8] = [
        (|body| body["payment"]["token"] = json!(1), "payment.token"),
        (|body| body["shipping_address"]["country"] = json!("xx"), "shipping_address.country"),
        (|body| body["shipping_address"]["city"] = json!("a\u{0}b"), "shipping_address.city"),
        (|body| body["shipping_address"]["zip"] = json!(1), "shipping_address.zip"),
        (|body| body["cart_id"] = json!("7"), "cart_id"),
        (|body| body["total"] = json!(1), "total"),
        (
            |body| body["expected_total"] = json!({ "amount": -1, "currency": "EUR" }),
            "expected_total.amount",
        ),
        (|body| _ = body.as_object_mut().unwrap().remove("payment"), "payment"),
    ];
    for (change, field) in cases {
        assert_eq!(client.send(place(change)).await.invalid_field(), field);
    }
    let mut variants = body(&Method::POST, "/api/products");
    variants["variants"][0]["prices"] = json!([{ "amount": 1, "currency": "EUR", "tax": 1 }]);
    let request = ask("POST", "/api/products").role("staff").json(&variants);
    assert_eq!(client.send(request).await.invalid_field(), "variants[0].prices[0].tax");
    let short = json!({ "email": "a@b.co", "password": "ünïcödé", "name": "A" });
    let request = ask("POST", "/api/users/register").json(&short);
    assert_eq!(client.send(request).await.invalid_field(), "password");
}

#[tokio::test]
async fn queries_are_checked_as_bodies_are() {
    let client = Client::new();
    let cases = [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=x", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=1&limit=2", "limit"),
        ("sort=best", "sort"),
        ("min_price=-1", "min_price"),
        ("max_price=1.5", "max_price"),
        ("currency=eur", "currency"),
        ("q=%00", "q"),
        ("cursor=a%00", "cursor"),
        ("colour=red", "colour"),
        ("cursor=elsewhere", "cursor"),
    ];
    for (query, field) in cases {
        let reply = client.get(&format!("/api/products?{query}")).await;
        assert_eq!(reply.invalid_field(), field, "{query}");
    }
    let good =
        "q=t%C3%A9&category=kitchen&min_price=0&max_price=100&sort=-price&limit=100&currency=EUR";
    assert_eq!(client.get(&format!("/api/products?{good}")).await.status, 200);
    assert_eq!(client.get("/api/products?q=%ff%fe&").await.status, 200);
}

#[tokio::test]
async fn names_in_paths_may_be_anything_and_what_names_nothing_is_not_there() {
    let client = Client::new();
    let not_there = [
        "/api/carts/7".to_owned(),
        format!("/api/carts/{}", CART.replace('-', "")),
        format!("/api/carts/{ORDER}"),
        "/api/carts/%ff".to_owned(),
        format!("/api/carts/{CART}/"),
        "/api/products/no-such".to_owned(),
        format!("/api/products/{}", "x".repeat(5000)),
        "/api/stock/NO-1".to_owned(),
        "/API/products".to_owned(),
        "/api//products".to_owned(),
        "/api/%70roducts".to_owned(),
    ];
    for path in not_there {
        assert_eq!(client.get(&path).await.problem().0, 404, "{path}");
    }
    let nul = client.get("/api/stock/a%00b").await;
    assert_eq!(nul.invalid_field(), "sku");
    let odd = format!("/api/carts/{CART}/lines/a%2Fb%20%C3%BC%3F");
    let reply = client.send(ask("PUT", &odd).json(&json!({ "quantity": 1 }))).await;
    assert_eq!(reply.status, 200);
    let not_text = format!("/api/carts/{CART}/lines/%ff");
    let reply = client.send(ask("DELETE", &not_text).empty()).await;
    assert_eq!(reply.problem(), (404, "not-found".to_owned()));
    let blank = format!("/api/carts/{CART}/lines/%20a");
    let reply = client.send(ask("PUT", &blank).json(&json!({ "quantity": 1 }))).await;
    assert_eq!(reply.problem(), (404, "unknown-sku".to_owned()));
}

#[tokio::test]
async fn bodies_too_large_or_of_another_type_are_refused() {
    let client = Client::new();
    let post = || ask("POST", "/api/users/me/addresses").role("buyer");

    let large = client.send(post().bytes("application/json", vec![b' '; 1024 * 1024 + 1])).await;
    assert_eq!(large.problem(), (413, "payload-too-large".to_owned()));
    for other in ["text/plain", "application/x-www-form-urlencoded", "", "json"] {
        let reply = client.send(post().bytes(other, address_json().to_string())).await;
        assert_eq!(reply.problem(), (415, "unsupported-media-type".to_owned()), "{other}");
    }
    let charset = post().bytes("application/json; charset=utf-8", address_json().to_string());
    assert_eq!(client.send(charset).await.status, 201);
    let deep = format!("{{\"name\":{}1{}}}", "[".repeat(100), "]".repeat(100));
    let reply = client.send(post().bytes("application/json", deep)).await;
    assert_eq!(reply.invalid_field(), "name");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_bytes_at_all_make_a_server_error(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        text in "[\\[\\]{}\":,a-z0-9\\\\u.e+-]{0,80}",
        path in "/api/(carts|orders|stock|products|users)/[a-z0-9%/.;?=&-]{0,40}",
    ) {
        runtime().block_on(async {
            let client = Client::new();
            for (method, target) in writes() {
                for body in [bytes.clone(), text.clone().into_bytes()] {
                    let request = ask(method.as_str(), &filled(target)).role("admin");
                    let request = request.header("idempotency-key", "k");
                    let reply = client.send(request.bytes("application/json", body)).await;
                    assert!(!reply.status.is_server_error(), "{method} {target}");
                }
            }
            if path.parse::<axum::http::Uri>().is_ok() {
                let reply = client.send(ask("GET", &path).role("admin").empty()).await;
                assert!(!reply.status.is_server_error(), "{path}");
            }
        });
    }
}
