//! Whose body is read, and how long it may take.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use bytes::Bytes;
use conformance::{Desk, FakeShelf, long_call};
use extract_http::{ServeSettings, router};
use extract_wire::{CallHead, issue};
use futures_util::stream;
use http_body_util::BodyExt as _;
use kernel::contract::Problem;
use kernel::{Clock as _, FailureKind, SystemClock};
use tokio::time::Instant;
use tower::ServiceExt as _;

/// What a call comes to whose body never comes.
async fn without_body(desk: &Desk, caller: &Desk) -> FailureKind {
    let served = Arc::new(FakeShelf::default());
    let router = router(Arc::new(desk.serving(served, ServeSettings::default())));
    let head = CallHead::of(&long_call()).unwrap();
    let token = issue(&caller.keys, ("shelf.v1", "look"), &head, b"", SystemClock.now()).unwrap();
    let mut request = Request::post("/rpc/shelf.v1/look")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()))
        .unwrap();
    head.write(request.headers_mut()).unwrap();

    let response = router.oneshot(request).await.unwrap();

    let answer = response.into_body().collect().await.unwrap().to_bytes();
    let problem: Problem = serde_json::from_slice(&answer).unwrap();
    problem.failure().unwrap().kind
}

#[tokio::test(start_paused = true)]
async fn the_body_of_somebody_unknown_is_not_read() {
    let (desk, stranger) = (Desk::open(), Desk::open());
    let began = Instant::now();

    assert_eq!(without_body(&desk, &stranger).await, FailureKind::Denied);

    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_not_waited_for_as_long_as_its_caller_says() {
    let desk = Desk::open();
    let began = Instant::now();

    assert_eq!(without_body(&desk, &desk).await, FailureKind::Deadline);

    assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
}
