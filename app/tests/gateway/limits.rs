use std::net::SocketAddr;

use axum::body::Body;
use axum::http::Request;
use galleria_service::edge::Peer;
use galleria_service::settings::{LimitSettings, ServerSettings};
use serde_json::json;
use tower::ServiceExt;

use crate::client::{Client, ask, unlimited};

fn from(peer: &str, mut request: Request<Body>) -> Request<Body> {
    let address: SocketAddr = format!("{peer}:4000").parse().unwrap();
    request.extensions_mut().insert(Peer(address));
    request
}

fn products() -> Request<Body> {
    ask("GET", "/api/products").empty()
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_told_when_to_come_back() {
    let limits = LimitSettings { requests_per_second: 2, ..unlimited() };
    let client = Client::with(ServerSettings::default(), &limits);

    for _ in 0..2 {
        assert_eq!(client.send(from("192.0.2.1", products())).await.status, 200);
    }
    let refused = client.send(from("192.0.2.1", products())).await;

    assert_eq!(refused.problem(), (429, "too-many-requests".to_owned()));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("ratelimit-policy"), Some("\"requests\";q=2;w=1"));
    assert_eq!(refused.header("ratelimit"), Some("\"requests\";r=0;t=1"));
    assert_eq!(client.send(from("192.0.2.2", products())).await.status, 200);
}

#[tokio::test]
async fn a_made_up_forwarded_address_does_not_help() {
    let limits = LimitSettings { requests_per_second: 1, ..unlimited() };
    let server =
        ServerSettings { trusted_proxies: vec!["10.0.0.1".parse().unwrap()], ..Default::default() };
    let client = Client::with(server, &limits);
    let asked = |peer: &str, forwarded: &str| {
        from(peer, ask("GET", "/api/products").header("x-forwarded-for", forwarded).empty())
    };

    assert_eq!(client.send(asked("192.0.2.1", "198.51.100.1")).await.status, 200);
    assert_eq!(client.send(asked("192.0.2.1", "198.51.100.2")).await.status, 429);
    assert_eq!(client.send(asked("10.0.0.1", "198.51.100.1")).await.status, 200);
    assert_eq!(client.send(asked("10.0.0.1", "6.6.6.6, 198.51.100.1")).await.status, 429);
}

#[tokio::test]
async fn sign_ins_are_limited_by_address_and_by_account() {
    let limits = LimitSettings { sign_ins_per_minute: 2, ..unlimited() };
    let client = Client::with(ServerSettings::default(), &limits);
    let sign_in = |peer: &str, email: &str| {
        let body = json!({ "email": email, "password": "wrong" });
        from(peer, ask("POST", "/api/users/login").json(&body))
    };

    assert_eq!(client.send(sign_in("192.0.2.1", "ana@example.org")).await.status, 401);
    assert_eq!(client.send(sign_in("192.0.2.2", "ANA@example.org")).await.status, 401);
    let account = client.send(sign_in("192.0.2.3", "Ana@Example.org")).await;
    assert_eq!(account.problem(), (429, "too-many-requests".to_owned()));
    assert_eq!(client.send(sign_in("192.0.2.1", "b@example.org")).await.status, 401);
    assert_eq!(client.send(sign_in("192.0.2.1", "c@example.org")).await.status, 429);
    assert_eq!(client.send(from("192.0.2.1", products())).await.status, 200);
}

#[tokio::test]
async fn what_is_too_much_is_turned_away_at_once() {
    let limits = LimitSettings { requests_in_flight: 1, ..unlimited() };
    let client = Client::with(ServerSettings::default(), &limits);
    let hanging =
        tokio::spawn(client.router.clone().oneshot(ask("GET", "/api/products/hangs").empty()));
    client.shop.slow_read_began.notified().await;

    let refused = client.send(products()).await;

    assert_eq!(refused.problem(), (503, "overloaded".to_owned()));
    assert_eq!(refused.header("retry-after"), Some("1"));
    hanging.abort();
    client.shop.slow_read_dropped.notified().await;
    assert_eq!(client.send(products()).await.status, 200);
}
