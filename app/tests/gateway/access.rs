use std::sync::atomic::Ordering;

use axum::http::Method;
use galleria::gateway::{Access, table};
use kernel::Principal;
use serde_json::{Value, json};

use crate::client::{Ask, Client, Reply, ask, claims, signed, token};
use crate::fake::KEY_ID;
use crate::samples::{
    ADDRESS, CART, MUG, ORDER, PAYMENT, PRODUCT, USER, address_json, order_json, user_id,
};

/// A path of the table with names that the faked modules know.
pub(crate) fn filled(path: &str) -> String {
    let id = match path.split('/').nth(2) {
        Some("carts") => CART,
        Some("orders") => ORDER,
        Some("payments") => PAYMENT,
        Some("products") => PRODUCT,
        Some("users") if path.contains("addresses") => ADDRESS,
        _ => USER,
    };
    path.replace("{id}", id)
        .replace("{name}", "orders.note")
        .replace("{sku}", MUG)
        .replace("{slug}", "kitchen")
}

/// A body that each operation takes.
pub(crate) fn body(method: &Method, path: &str) -> Value {
    let variant = json!({ "sku": "NEW-1", "price": { "amount": 1, "currency": "EUR" } });
    let last = path.rsplit('/').next().unwrap_or_default();
    match (method.as_str(), last) {
        ("POST", "register") => {
            json!({ "email": "a@b.co", "password": "long enough 12", "name": "A" })
        }
        ("POST", "login") => json!({ "email": "a@b.co", "password": "right password" }),
        ("POST", "refresh" | "logout") => json!({ "refresh_token": "t" }),
        ("POST", "password") => {
            json!({ "current_password": "p", "new_password": "long enough 12" })
        }
        ("POST", "addresses") => address_json(),
        ("POST", "categories") => json!({ "title": "Garden" }),
        ("POST", "products") => json!({ "title": "Pot", "variants": [variant] }),
        ("POST", "variants") => variant,
        ("POST", "adjustments") => json!({ "delta": 1, "reason": "found" }),
        ("POST", "orders" | "quote") => order_json("tok_ok"),
        ("POST", "refunds") => json!({ "reason": "broken" }),
        ("PUT", _) if path.contains("stock") => json!({ "on_hand": 9 }),
        ("PUT", _) => json!({ "quantity": 1 }),
        _ => json!({}),
    }
}

/// How a caller shows who they are.
type Shows = fn(Ask) -> Ask;

fn query(path: &str) -> String {
    if path == "/api/shipping/methods" {
        format!("?cart_id={CART}&country=PT")
    } else {
        String::new()
    }
}

async fn call(client: &Client, method: &Method, path: &str, asked: Shows) -> Reply {
    let target = format!("{}{}", filled(path), query(path));
    let request = asked(ask(method.as_str(), &target).header("idempotency-key", "k"));
    if path.ends_with("/import") {
        client.send(request.bytes("text/csv", "Handle\nmug\n")).await
    } else if *method == Method::GET || *method == Method::DELETE {
        client.send(request.empty()).await
    } else {
        client.send(request.json(&body(method, path))).await
    }
}

#[tokio::test]
async fn each_operation_is_open_to_its_roles_and_to_no_other() {
    let callers: [(Access, Shows); 5] = [
        (Access::Anyone, |request| request),
        (Access::Holder, |request| request.header("x-order-token", "order-token")),
        (Access::Buyer, |request| request.role("buyer")),
        (Access::Staff, |request| request.role("staff")),
        (Access::Admin, |request| request.role("admin")),
    ];
    let client = Client::new();
    let mut wrong = Vec::new();

    for (method, path, access) in table().operations() {
        for (role, asked) in callers {
            let reply = call(&client, method, path, asked).await;
            // No module is operated here, so there is nothing to operate on.
            let nothing = path.starts_with("/api/ops/") && reply.status == 404;
            let as_it_should_be = match reply.status.as_u16() {
                401 => role < access && role < Access::Buyer,
                403 => role < access && role >= Access::Buyer,
                status => role >= access && (nothing || (200..300).contains(&status)),
            };
            if !as_it_should_be {
                wrong.push(format!("{method} {path} as {role:?}: {}", reply.status));
            }
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_bad_token_is_refused_even_where_none_is_needed() {
    let client = Client::new();

    for (method, path, _) in table().operations() {
        let reply =
            call(&client, method, path, |ask| ask.header("authorization", "Bearer x")).await;
        assert_eq!(reply.problem(), (401, "unauthenticated".to_owned()), "{method} {path}");
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
    }
}

#[tokio::test]
async fn the_token_says_who_calls_the_modules() {
    let client = Client::new();
    let cases = [
        ("buyer", Principal::User { id: user_id() }),
        ("staff", Principal::Staff { id: user_id() }),
        ("admin", Principal::Admin { id: user_id() }),
    ];

    for (role, principal) in cases {
        client.send(ask("GET", "/api/categories").role(role).empty()).await;
        assert_eq!(client.shop.last_principal(), Some(principal));
    }
    client.get("/api/categories").await;
    assert_eq!(client.shop.last_principal(), Some(Principal::Guest { proof: None }));
}

#[tokio::test]
async fn the_trace_of_a_request_goes_on_in_its_calls() {
    let client = Client::new();
    let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    client.send(ask("GET", "/api/categories").header("traceparent", traceparent).empty()).await;

    let call = client.shop.last_call.lock().unwrap().clone().unwrap();
    assert_eq!(call.trace.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(call.caller.as_str(), "gateway");
}

/// Tokens that are not, or no longer, or not for us.
fn bad_tokens() -> Vec<(&'static str, String)> {
    let with = |name: &str, value: Value| {
        let mut claims = claims("admin");
        claims[name] = value;
        signed(KEY_ID, &claims)
    };
    let without = |name: &str| {
        let mut claims = claims("admin");
        claims.as_object_mut().unwrap().remove(name);
        signed(KEY_ID, &claims)
    };
    let good = token("admin");
    let (head, signature) = good.rsplit_once('.').unwrap();
    let (_, payload) = head.split_once('.').unwrap();
    let none = format!("eyJhbGciOiJub25lIiwia2lkIjoiazEifQ.{payload}.");
    let hs256 = format!("eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.{payload}.{signature}");
    vec![
        ("expired", with("exp", json!(1_700_000_000))),
        ("expiry as text", with("exp", json!("4000000000"))),
        ("negative expiry", with("exp", json!(-1))),
        ("not yet", with("nbf", json!(3_900_000_000_u64))),
        ("other issuer", with("iss", json!("elsewhere"))),
        ("other audience", with("aud", json!("elsewhere"))),
        ("no number of an account", with("sub", json!("admin"))),
        ("unknown role", with("role", json!("root"))),
        ("no expiry", without("exp")),
        ("no issuer", without("iss")),
        ("no audience", without("aud")),
        ("no subject", without("sub")),
        ("unknown key", signed("k2", &claims("admin"))),
        ("no signature", none),
        ("another algorithm", hs256),
        ("cut", good[..good.len() - 4].to_owned()),
        ("nothing", String::new()),
        ("long", "a".repeat(10_000)),
        ("not a token", "a.b.c.d".to_owned()),
    ]
}

#[tokio::test]
async fn only_our_own_live_tokens_count() {
    let client = Client::new();

    // One that is remembered as good makes none of these good.
    assert_eq!(client.send(ask("GET", "/api/users").role("admin").empty()).await.status, 200);
    for (name, token) in bad_tokens() {
        let header = format!("Bearer {token}");
        let request = ask("GET", "/api/users").header("authorization", &header).empty();
        let reply = client.send(request).await;
        assert_eq!(reply.problem(), (401, "unauthenticated".to_owned()), "{name}");
    }
    for header in ["", "Bearer", "Basic YTpi", "bearer  "] {
        let request = ask("GET", "/api/users").header("authorization", header).empty();
        assert_eq!(client.send(request).await.status, 401, "{header:?}");
    }
    let twice = ask("GET", "/api/users").role("admin").role("admin").empty();
    assert_eq!(client.send(twice).await.status, 401);
}

#[tokio::test]
async fn the_keys_are_asked_for_once_not_with_every_unknown_name() {
    let client = Client::new();

    for number in 0..20 {
        let token = signed(&format!("made-up-{number}"), &claims("admin"));
        let request =
            ask("GET", "/api/users/me").header("authorization", &format!("Bearer {token}"));
        client.send(request.empty()).await;
    }
    client.send(ask("GET", "/api/users/me").role("buyer").empty()).await;

    assert_eq!(client.shop.key_calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn while_the_keys_cannot_be_had_a_token_is_neither_good_nor_bad() {
    let client = Client::new();
    client.shop.keys_are_down.store(true, Ordering::SeqCst);

    let reply = client.send(ask("GET", "/api/users/me").role("buyer").empty()).await;

    assert_eq!(reply.problem(), (503, "unavailable".to_owned()));
    assert_eq!(client.get("/api/products").await.status, 200);
}
