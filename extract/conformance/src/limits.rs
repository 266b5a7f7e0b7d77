//! What is too large or too deep fails, and says whether it was executed.

use std::sync::Arc;

use bytes::Bytes;
use extract_wire::ServeSettings;
use kernel::contract::{Attempt, Contract as _};
use kernel::{Executed, FailureKind};

use crate::{Desk, FakeShelf, LOOK, Patience, SEEN, Shelf, Way, call, told};

async fn looked_with(way: &impl Way, body: String) -> Result<Bytes, (FailureKind, Executed)> {
    let shelf = Arc::new(FakeShelf::default());
    shelf.look.answer(|_, _| std::future::ready(Ok(SEEN)));
    let settings = ServeSettings { largest_body: 100_000, deepest: 10, ..ServeSettings::default() };
    let callee = Desk::open().serve_with(way, shelf, (settings, Patience::default())).await;
    let (method, call) = (&<dyn Shelf>::DESCRIPTOR.methods[0], call());
    let attempt = Attempt { address: "shelf.v1", method, call: &call, body: body.into() };

    let answer = callee.reached.channel().call(attempt).await;

    answer.map_err(|unanswered| {
        let failure = unanswered.failure().unwrap();
        (failure.kind, failure.executed)
    })
}

fn padded(blanks: usize) -> String {
    format!("{}{{\"board\":1}}", " ".repeat(blanks))
}

/// As many bytes as the settings say.
pub async fn a_message_is_as_large_as_it_may_be_or_not_executed(way: impl Way) {
    assert!(looked_with(&way, padded(100_000 - 11)).await.is_ok());
    for blanks in [100_000, 300_000] {
        let refused = looked_with(&way, padded(blanks)).await.unwrap_err();

        assert_eq!(refused, (FailureKind::TooLarge, Executed::No), "{blanks}");
    }
}

/// As many levels as the settings say.
pub async fn a_message_is_as_deep_as_it_may_be_or_not_executed(way: impl Way) {
    let deep = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{{\"board\":1,\"new\":{open}{close}}}")
    };

    assert!(looked_with(&way, deep(9)).await.is_ok());
    for depth in [10, 20_000] {
        let refused = looked_with(&way, deep(depth)).await.unwrap_err();

        assert_eq!(refused, (FailureKind::Mismatch, Executed::No), "{depth}");
    }
}

/// It was executed, and nobody knows with what result.
pub async fn an_answer_that_is_too_large_may_have_been_executed(way: impl Way) {
    let shelf = Arc::new(FakeShelf::default());
    shelf.look.answer(|_, _| std::future::ready(Ok(SEEN)));
    let patience = Patience { largest_answer: 10, ..Patience::default() };

    let callee = Desk::open().serve_with(&way, shelf, (ServeSettings::default(), patience)).await;

    assert_eq!(told(&callee.shelf.look(&call(), LOOK).await), "TooLarge Unknown None");
}
