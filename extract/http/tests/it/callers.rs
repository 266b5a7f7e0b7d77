use std::sync::Arc;

use kernel::contract::Contract as _;
use kernel::contract::Peer;
use tokio::sync::{Notify, mpsc};

use crate::desk::Desk;
use crate::shelf::{FakeShelf, LOOK, PUT, SEEN, Shelf, call};

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

/// A shelf of another process whose calls begin, wait, and tell whether they ended or were dropped.
struct Slow {
    _desk: Desk,
    shelf: Arc<dyn Shelf>,
    began: Arc<Notify>,
    may_end: Arc<Notify>,
    ends: mpsc::UnboundedReceiver<&'static str>,
}

impl Slow {
    async fn serve() -> Self {
        let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
        let (began, may_end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
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
        let url = desk.serve(shelf).await;
        let shelf = <dyn Shelf>::remote(Peer::new(Arc::new(desk.channel(&[url]))));
        Self { _desk: desk, shelf, began, may_end, ends }
    }

    /// Calls, and goes away once the call began.
    async fn call_and_go<T: Send + 'static>(
        &self,
        calling: impl Future<Output = T> + Send + 'static,
    ) {
        let caller = tokio::spawn(calling);
        self.began.notified().await;
        caller.abort();
        assert!(caller.await.is_err_and(|error| error.is_cancelled()));
    }
}

#[tokio::test]
async fn a_read_ends_when_its_caller_goes_away() {
    let mut slow = Slow::serve().await;
    let shelf = slow.shelf.clone();

    slow.call_and_go(async move { shelf.look(&call(), LOOK).await.is_ok() }).await;

    assert_eq!(slow.ends.recv().await, Some("dropped"));
}

#[tokio::test]
async fn a_write_survives_its_caller() {
    let mut slow = Slow::serve().await;
    let (puts, adds) = (slow.shelf.clone(), slow.shelf.clone());

    slow.call_and_go(async move { puts.put(&call(), PUT).await.is_ok() }).await;
    slow.may_end.notify_one();
    assert_eq!(slow.ends.recv().await, Some("ended"));
    slow.call_and_go(async move { adds.add(&call(), PUT).await.is_ok() }).await;
    slow.may_end.notify_one();

    assert_eq!(slow.ends.recv().await, Some("ended"));
}
