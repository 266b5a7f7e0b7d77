//! A caller may go away.

use crate::{Desk, LOOK, PUT, Slow, Way, long_call};

/// Nobody needs its answer.
pub async fn a_read_ends_when_its_caller_goes_away(way: impl Way) {
    let mut slow = Slow::new();
    let callee = Desk::open().serve(&way, slow.shelf.clone()).await;
    let shelf = callee.shelf.clone();

    slow.call_and_go(async move { shelf.look(&long_call(), LOOK).await.is_ok() }).await;

    assert_eq!(slow.end().await, "dropped");
}

/// What was begun is ended.
pub async fn a_write_survives_its_caller(way: impl Way) {
    let mut slow = Slow::new();
    let callee = Desk::open().serve(&way, slow.shelf.clone()).await;
    let (puts, adds) = (callee.shelf.clone(), callee.shelf.clone());

    slow.call_and_go(async move { puts.put(&long_call(), PUT).await.is_ok() }).await;
    slow.let_end();
    assert_eq!(slow.end().await, "ended");
    slow.call_and_go(async move { adds.add(&long_call(), PUT).await.is_ok() }).await;
    slow.let_end();

    assert_eq!(slow.end().await, "ended");
}
