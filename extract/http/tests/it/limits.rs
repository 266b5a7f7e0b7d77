use std::sync::Arc;

use bytes::Bytes;
use extract_http::ServeSettings;
use kernel::contract::{Attempt, Channel as _, Contract as _};
use kernel::{Executed, FailureKind};

use crate::desk::Desk;
use crate::shelf::{FakeShelf, SEEN, Shelf, call};

async fn looked_with(body: String) -> Result<Bytes, (FailureKind, Executed)> {
    let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
    shelf.look.answer(|_, _| std::future::ready(Ok(SEEN)));
    let settings = ServeSettings { largest_body: 100_000, deepest: 10, ..ServeSettings::default() };
    let url = desk.serve_with(shelf, settings).await;
    let (method, call) = (&<dyn Shelf>::DESCRIPTOR.methods[0], call());
    let attempt = Attempt { address: "shelf.v1", method, call: &call, body: body.into() };

    let answer = desk.channel(&[url]).call(attempt).await;

    answer.map_err(|unanswered| {
        let failure = unanswered.failure().unwrap();
        (failure.kind, failure.executed)
    })
}

fn padded(blanks: usize) -> String {
    format!("{}{{\"board\":1}}", " ".repeat(blanks))
}

#[tokio::test]
async fn a_message_is_as_large_as_it_may_be_or_not_executed() {
    assert!(looked_with(padded(100_000 - 11)).await.is_ok());
    for blanks in [100_000, 300_000] {
        let refused = looked_with(padded(blanks)).await.unwrap_err();

        assert_eq!(refused, (FailureKind::TooLarge, Executed::No), "{blanks}");
    }
}

#[tokio::test]
async fn a_message_is_as_deep_as_it_may_be_or_not_executed() {
    let deep = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{{\"board\":1,\"new\":{open}{close}}}")
    };

    assert!(looked_with(deep(9)).await.is_ok());
    for depth in [10, 20_000] {
        let refused = looked_with(deep(depth)).await.unwrap_err();

        assert_eq!(refused, (FailureKind::Mismatch, Executed::No), "{depth}");
    }
}
