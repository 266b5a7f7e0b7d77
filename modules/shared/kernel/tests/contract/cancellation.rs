use std::sync::Arc;
use std::time::Duration;

use conformance::{LOOK, PUT, Shelf, Slow, call};
use kernel::contract::{StackSettings, Unattended};
use kernel::{Call, ModuleName};

use crate::over::{layered_with, remote, served};

#[derive(Clone, Copy)]
enum Method {
    Look,
    Put,
    Add,
}

/// Calls, and goes away once the call began.
async fn call_and_go(slow: &Slow, shelf: Arc<dyn Shelf>, method: Method) {
    slow.call_and_go(async move {
        match method {
            Method::Look => shelf.look(&call(), LOOK).await,
            Method::Put => shelf.put(&call(), PUT).await,
            Method::Add => shelf.add(&call(), PUT).await,
        }
    })
    .await;
}

#[tokio::test]
async fn a_write_outlives_its_caller_and_a_drain_waits_for_it() {
    for method in [Method::Put, Method::Add] {
        let (mut slow, unattended) = (Slow::new(), Unattended::default());
        let shelf = layered_with(slow.shelf.clone(), StackSettings::default(), &unattended);

        call_and_go(&slow, shelf, method).await;

        assert_eq!(unattended.count(), 1);
        slow.let_end();
        unattended.idle().await;
        assert_eq!(slow.end().await, "ended");
    }
}

#[tokio::test]
async fn a_read_ends_with_its_caller() {
    let (mut slow, unattended) = (Slow::new(), Unattended::default());
    let shelf = layered_with(slow.shelf.clone(), StackSettings::default(), &unattended);

    call_and_go(&slow, shelf, Method::Look).await;

    assert_eq!(slow.end().await, "dropped");
    assert_eq!(unattended.count(), 0);
}

#[tokio::test]
async fn behind_a_transport_a_write_outlives_its_caller_and_a_read_does_not() {
    let mut slow = Slow::new();
    let shelf = remote(served(slow.shelf.clone()));

    call_and_go(&slow, shelf.clone(), Method::Look).await;
    assert_eq!(slow.end().await, "dropped");
    call_and_go(&slow, shelf, Method::Add).await;
    slow.let_end();

    assert_eq!(slow.end().await, "ended");
}

#[tokio::test(start_paused = true)]
async fn a_write_goes_on_when_its_caller_waited_long_enough() {
    let (mut slow, unattended) = (Slow::new(), Unattended::default());
    let shelf = layered_with(slow.shelf.clone(), StackSettings::default(), &unattended);

    assert!(shelf.add(&call(), PUT).await.is_err());

    slow.let_end();
    unattended.idle().await;
    assert_eq!(slow.end().await, "ended");
}

#[test]
fn a_call_within_a_time_has_no_more_of_it_and_never_gets_more() {
    let call = Call::system(ModuleName::new("carts"), Duration::from_secs(10));

    let shorter = call.clone().within(Duration::from_secs(1));
    let longer = call.clone().within(Duration::from_mins(1));

    assert!(shorter.remaining() <= Duration::from_secs(1));
    assert_eq!(longer.deadline, call.deadline);
}
