use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use conformance::{FakeShelf, LOOK, PUT, SEEN, Seen, Shelf, call, told};
use extract_nats::ServerSettings;
use extract_wire::{Introduction, ServeSettings};
use kernel::contract::Contract as _;

use crate::desk::{Desk, Held};

fn shelf_with(items: u32) -> Arc<FakeShelf> {
    let shelf = Arc::new(FakeShelf::default());
    shelf.look.answer(move |_, _| std::future::ready(Ok(Seen { items })));
    shelf
}

#[tokio::test]
async fn instances_share_calls_and_each_call_is_executed_once() {
    let Some(desk) = Desk::open().await else { return };
    let executed = [Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0))];
    let mut servers = Vec::new();
    for count in &executed {
        let (shelf, count) = (Arc::new(FakeShelf::default()), Arc::clone(count));
        shelf.add.answer(move |_, _| {
            count.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok(SEEN))
        });
        servers.push(desk.serve(shelf).await);
    }
    let shelf = desk.once().await;

    for _ in 0..100 {
        assert_eq!(told(&shelf.add(&call(), PUT).await), "Seen { items: 3 }");
    }

    let [one, other] = executed.map(|count| count.load(Ordering::SeqCst));
    assert!(one > 10 && other > 10 && one + other == 100, "{one} {other}");
}

#[tokio::test]
async fn a_contract_is_served_at_another_address() {
    let Some(desk) = Desk::open().await else { return };
    let dispatch = <dyn Shelf>::dispatcher(shelf_with(7), &kernel::contract::Unattended::default());
    let (keys, clock) = (Arc::clone(&desk.desk.keys), Arc::new(kernel::SystemClock));
    let serving = extract_wire::Serving::new(keys, clock, ServeSettings::default());
    let serving = serving.contract_at("orders-shelf.v3", dispatch);
    let _server = desk.serve_with(serving, ServerSettings::default()).await;

    let peer = kernel::contract::Peer::new(desk.channel().await).at("orders-shelf.v3");
    let shelf = <dyn Shelf>::remote(peer);

    assert_eq!(shelf.look(&call(), LOOK).await.unwrap().items, 7);
}

#[tokio::test]
async fn peers_that_meet_compare_fingerprints() {
    let Some(desk) = Desk::open().await else { return };
    let _server = desk.serve(shelf_with(1)).await;
    let channel = desk.channel().await;
    let ours = Introduction::of(<dyn Shelf>::DESCRIPTOR);

    let theirs = channel.introduction("shelf.v1", &call()).await.unwrap();
    let unknown = channel.introduction("shelf.v2", &call()).await.unwrap_err();

    assert_eq!(theirs, ours);
    assert_eq!(unknown.failure().unwrap().kind, kernel::FailureKind::Unavailable);
}

#[tokio::test]
async fn a_server_takes_on_so_much_at_once_and_refuses_the_rest_unexecuted() {
    let Some(desk) = Desk::open().await else { return };
    let held = Held::new();
    held.shelf.look.answer(|_, _| std::future::ready(Ok(SEEN)));
    let serving = desk.desk.serving(held.shelf.clone(), ServeSettings::default());
    let one = ServerSettings { at_once: 1, ..ServerSettings::default() };
    let _server = desk.serve_with(serving, one).await;
    let shelf = desk.once().await;

    let writing = Arc::clone(&shelf);
    let written = tokio::spawn(async move { told(&writing.add(&call(), PUT).await) });
    held.began.notified().await;
    let refused = told(&shelf.look(&call(), LOOK).await);
    held.may_end.notify_one();

    assert_eq!(refused, "Overloaded No None");
    assert_eq!(written.await.unwrap(), "Seen { items: 3 }");
    testkit::until("there is a place again", async || shelf.look(&call(), LOOK).await.is_ok())
        .await;
}
