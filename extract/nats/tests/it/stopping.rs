use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use conformance::{FakeShelf, LOOK, PUT, SEEN, call, told, told_of};
use extract_nats::ServerSettings;
use extract_wire::ServeSettings;
use futures_util::{StreamExt as _, stream};
use kernel::contract::CallStream;

use crate::desk::{Desk, Held};

fn answering() -> Arc<FakeShelf> {
    let shelf = Arc::new(FakeShelf::default());
    shelf.add.answer(|_, _| async {
        tokio::task::yield_now().await;
        Ok(SEEN)
    });
    shelf
}

#[tokio::test]
async fn a_server_that_stops_answers_what_is_under_way_and_takes_nothing_new() {
    let Some(desk) = Desk::open().await else { return };
    let held = Held::new();
    let server = desk.serve(held.shelf.clone()).await;
    let shelf = desk.once().await;
    let writing = Arc::clone(&shelf);
    let written = tokio::spawn(async move { told(&writing.add(&call(), PUT).await) });
    held.began.notified().await;

    let stopped = tokio::spawn(server.stop());
    testkit::until("nobody takes calls", async || {
        told(&shelf.look(&call(), LOOK).await) == "Unavailable No None"
    })
    .await;
    assert!(!stopped.is_finished());
    held.may_end.notify_one();

    stopped.await.unwrap();
    assert_eq!(written.await.unwrap(), "Seen { items: 3 }");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_is_lost_while_instances_replace_each_other() {
    let Some(desk) = Desk::open().await else { return };
    let mut server = desk.serve(answering()).await;
    let over = Arc::new(AtomicBool::new(false));
    let mut callers = Vec::new();
    for _ in 0..16 {
        let (shelf, over) = (desk.once().await, Arc::clone(&over));
        callers.push(tokio::spawn(async move {
            let mut made = 0;
            while !over.load(Ordering::SeqCst) {
                assert_eq!(told(&shelf.add(&call(), PUT).await), "Seen { items: 3 }");
                made += 1;
            }
            made
        }));
    }

    for _ in 0..15 {
        let next = desk.serve(answering()).await;
        std::mem::replace(&mut server, next).stop().await;
    }
    over.store(true, Ordering::SeqCst);

    for caller in callers {
        assert!(caller.await.unwrap() > 0);
    }
}

#[tokio::test]
async fn a_stream_that_goes_on_for_ever_is_told_that_its_server_stops() {
    let Some(desk) = Desk::open().await else { return };
    let shelf = Arc::new(FakeShelf::default());
    shelf.watch.answer(|_, _| async {
        Ok(CallStream::new(stream::iter([Ok(SEEN)]).chain(stream::pending())))
    });
    let serving = desk.desk.serving(shelf, ServeSettings::default());
    let brief = ServerSettings { drain: Duration::from_millis(100), ..ServerSettings::default() };
    let server = desk.serve_with(serving, brief).await;
    let mut stream = desk.once().await.watch(&call(), LOOK).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), SEEN);

    server.stop().await;

    let failure = stream.next().await.unwrap().unwrap_err();
    assert_eq!(told_of(&failure), "Unavailable Unknown None");
    assert!(stream.next().await.is_none());
}
