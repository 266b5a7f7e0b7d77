use axum::body::Body;
use axum::http::Request;
use galleria_service::settings::{LimitSettings, ServerSettings};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::client::{Client, ask, unlimited};
use crate::samples::ORDER;

fn watch(order: &str, last_event_id: Option<&str>) -> Request<Body> {
    let request = ask("GET", &format!("/api/orders/{order}/events")).role("staff");
    match last_event_id {
        Some(id) => request.header("last-event-id", id).empty(),
        None => request.empty(),
    }
}

#[tokio::test]
async fn an_order_tells_what_happens_to_it_from_the_first_to_the_last() {
    let client = Client::new();

    let reply = client.send(watch(ORDER, None)).await;

    assert_eq!(reply.header("content-type"), Some("text/event-stream"));
    insta::assert_snapshot!(String::from_utf8(reply.bytes).unwrap(), @r#"
event: order
id: 1
data: {"status":"pending","at":"2026-09-21T14:13:20Z","detail":null}

event: order
id: 2
data: {"status":"confirmed","at":"2026-09-21T14:13:20Z","detail":"paid"}

event: order
id: 3
data: {"status":"cancelled","at":"2026-09-21T14:13:20Z","detail":null}
"#);
}

#[tokio::test]
async fn who_comes_back_hears_only_what_is_new() {
    let client = Client::new();

    let reply = client.send(watch(ORDER, Some("2"))).await;
    let text = String::from_utf8(reply.bytes).unwrap();
    assert!(text.contains("id: 3") && !text.contains("id: 2"), "{text}");
    let over = client.send(watch(ORDER, Some("3"))).await;
    assert_eq!((over.status.as_u16(), over.bytes.len()), (204, 0));
    for odd in ["x", "-1", "1.5", "99999999999999999999"] {
        assert_eq!(client.send(watch(ORDER, Some(odd))).await.invalid_field(), "Last-Event-ID");
    }
}

#[tokio::test]
async fn a_stream_of_an_order_that_is_not_ours_is_not_there() {
    let client = Client::new();

    let reply = client.send(watch("0197f0c2-2a00-7000-8000-0000000000aa", None)).await;

    assert_eq!(reply.problem(), (404, "not-found".to_owned()));
}

#[tokio::test]
async fn a_stream_ends_when_the_shop_stops() {
    let client = Client::new();
    let request = watch("0197f0c2-2a00-7000-8000-0000000000ff", None);
    let response = client.router.clone().oneshot(request).await.unwrap();
    let mut body = response.into_body();
    let first = body.frame().await.unwrap().unwrap();
    assert!(first.into_data().unwrap().starts_with(b"event: order"));

    client.shutdown.cancel();

    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn there_are_so_many_streams_at_once_and_no_more() {
    let limits = LimitSettings { open_streams: 1, ..unlimited() };
    let client = Client::with(ServerSettings::default(), &limits);
    let asked = || watch("0197f0c2-2a00-7000-8000-0000000000ff", None);
    let open = client.router.clone().oneshot(asked()).await.unwrap();

    let refused = client.send(asked()).await;

    assert_eq!(refused.problem(), (503, "overloaded".to_owned()));
    drop(open);
    assert_eq!(client.router.clone().oneshot(asked()).await.unwrap().status(), 200);
}
