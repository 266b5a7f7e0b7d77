use std::sync::Arc;

use kernel::contract::{StackSettings, Unattended};
use tokio::sync::{Notify, mpsc};

use crate::over::{layered_with, remote, served};
use crate::shelf::{FakeShelf, LOOK, PUT, SEEN, Shelf, call};

/// A shelf whose calls begin, wait, and tell whether they ended or were dropped.
struct Slow {
    shelf: Arc<FakeShelf>,
    began: Arc<Notify>,
    may_end: Arc<Notify>,
    ends: mpsc::UnboundedReceiver<&'static str>,
}

/// Tells that it was dropped, unless it was told that it ended.
struct Witness(mpsc::UnboundedSender<&'static str>, bool);

impl Witness {
    fn end(mut self) {
        self.1 = true;
        self.0.send("ended").unwrap();
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        if !self.1 {
            let _nobody_listens = self.0.send("dropped");
        }
    }
}

impl Slow {
    fn new() -> Self {
        let (shelf, began, may_end) =
            (Arc::new(FakeShelf::default()), Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, ends) = mpsc::unbounded_channel();
        for slot in [&shelf.put, &shelf.add] {
            let (began, may_end, tell) = (began.clone(), may_end.clone(), tell.clone());
            slot.answer(move |_, _| {
                let witness = Witness(tell.clone(), false);
                let (began, may_end) = (began.clone(), may_end.clone());
                async move {
                    began.notify_one();
                    may_end.notified().await;
                    witness.end();
                    Ok(SEEN)
                }
            });
        }
        let started = began.clone();
        shelf.look.answer(move |_, _| {
            let (witness, began) = (Witness(tell.clone(), false), started.clone());
            async move {
                began.notify_one();
                std::future::pending::<()>().await;
                witness.end();
                Ok(SEEN)
            }
        });
        Self { shelf, began, may_end, ends }
    }
}

#[derive(Clone, Copy)]
enum Method {
    Look,
    Put,
    Add,
}

/// Calls, and goes away once the call began.
async fn call_and_go(slow: &Slow, shelf: Arc<dyn Shelf>, method: Method) {
    let caller = tokio::spawn(async move {
        match method {
            Method::Look => shelf.look(&call(), LOOK).await,
            Method::Put => shelf.put(&call(), PUT).await,
            Method::Add => shelf.add(&call(), PUT).await,
        }
    });
    slow.began.notified().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn a_write_outlives_its_caller_and_a_drain_waits_for_it() {
    for method in [Method::Put, Method::Add] {
        let (mut slow, unattended) = (Slow::new(), Unattended::default());
        let shelf = layered_with(slow.shelf.clone(), StackSettings::default(), &unattended);

        call_and_go(&slow, shelf, method).await;

        assert_eq!(unattended.count(), 1);
        slow.may_end.notify_one();
        unattended.idle().await;
        assert_eq!(slow.ends.recv().await, Some("ended"));
    }
}

#[tokio::test]
async fn a_read_ends_with_its_caller() {
    let (mut slow, unattended) = (Slow::new(), Unattended::default());
    let shelf = layered_with(slow.shelf.clone(), StackSettings::default(), &unattended);

    call_and_go(&slow, shelf, Method::Look).await;

    assert_eq!(slow.ends.recv().await, Some("dropped"));
    assert_eq!(unattended.count(), 0);
}

#[tokio::test]
async fn behind_a_transport_a_write_outlives_its_caller_and_a_read_does_not() {
    let mut slow = Slow::new();
    let shelf = remote(served(slow.shelf.clone()));

    call_and_go(&slow, shelf.clone(), Method::Look).await;
    assert_eq!(slow.ends.recv().await, Some("dropped"));
    call_and_go(&slow, shelf, Method::Add).await;
    slow.may_end.notify_one();

    assert_eq!(slow.ends.recv().await, Some("ended"));
}

#[tokio::test(start_paused = true)]
async fn a_write_goes_on_when_its_caller_waited_long_enough() {
    let (mut slow, unattended) = (Slow::new(), Unattended::default());
    let shelf = layered_with(slow.shelf.clone(), StackSettings::default(), &unattended);

    assert!(shelf.add(&call(), PUT).await.is_err());

    slow.may_end.notify_one();
    unattended.idle().await;
    assert_eq!(slow.ends.recv().await, Some("ended"));
}
