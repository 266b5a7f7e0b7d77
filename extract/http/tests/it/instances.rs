use std::sync::Arc;
use std::time::Duration;

use conformance::{FakeShelf, LOOK, PUT, Seen, Shelf, call, once, told};
use extract_compatibility::Met;
use extract_http::{ChannelSettings, HttpChannel};
use extract_wire::Introduction;
use kernel::SystemClock;
use kernel::contract::{Contract as _, Peer};

use crate::desk::{Desk, Nobody};

fn shelf_with(items: u32) -> Arc<FakeShelf> {
    let shelf = Arc::new(FakeShelf::default());
    shelf.look.answer(move |_, _| std::future::ready(Ok(Seen { items })));
    shelf.add.answer(move |_, _| std::future::ready(Ok(Seen { items })));
    shelf
}

#[tokio::test]
async fn calls_go_to_the_instances_in_turn() {
    let desk = Desk::open();
    let urls = [desk.serve(shelf_with(1)).await, desk.serve(shelf_with(2)).await];
    let shelf = desk.once(&urls);

    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(shelf.look(&call(), LOOK).await.unwrap().items);
    }

    assert_eq!(seen, [1, 2, 1, 2]);
}

#[tokio::test]
async fn an_instance_that_is_down_costs_one_attempt_and_is_passed_over() {
    let desk = Desk::open();
    let nobody = Nobody::take();
    let urls = [nobody.url.clone(), desk.serve(shelf_with(1)).await];
    let hour = ChannelSettings { rest: Duration::from_hours(1), ..ChannelSettings::default() };
    let shelf = once(desk.channel_with(&urls, hour));

    assert_eq!(told(&shelf.add(&call(), PUT).await), "Unavailable No None");
    for _ in 0..10 {
        assert_eq!(told(&shelf.add(&call(), PUT).await), "Seen { items: 1 }");
    }
}

#[tokio::test]
async fn even_a_write_once_is_tried_again_where_the_connection_was_refused() {
    let desk = Desk::open();
    let nobody = Nobody::take();
    let urls = [nobody.url.clone(), desk.serve(shelf_with(1)).await];
    let shelf = <dyn Shelf>::remote(Peer::new(desk.channel(&urls)));

    assert_eq!(told(&shelf.add(&call(), PUT).await), "Seen { items: 1 }");
}

#[tokio::test]
async fn an_instance_is_tried_although_it_rests_if_there_is_no_other() {
    let desk = Desk::open();
    let nobody = Nobody::take();
    let hour = ChannelSettings { rest: Duration::from_hours(1), ..ChannelSettings::default() };
    let shelf = once(desk.channel_with(std::slice::from_ref(&nobody.url), hour));

    assert_eq!(told(&shelf.look(&call(), LOOK).await), "Unavailable No None");
    desk.serve_on(nobody.listen(), shelf_with(1));

    assert_eq!(told(&shelf.look(&call(), LOOK).await), "Seen { items: 1 }");
}

#[tokio::test]
async fn peers_that_meet_compare_what_they_serve() {
    let desk = Desk::open();
    let channel = desk.channel(&[desk.serve(shelf_with(1)).await]);
    let ours = <dyn Shelf>::DESCRIPTOR;

    let theirs = channel.introduction("shelf.v1", &call()).await.unwrap();
    let unknown = channel.introduction("shelf.v2", &call()).await.unwrap_err();

    assert_eq!(theirs, Introduction::of(ours));
    assert_eq!(theirs.meet(ours), Met::Same);
    assert_eq!(unknown.failure().unwrap().kind, kernel::FailureKind::Mismatch);
    let mut older = Introduction { fingerprint: "older".to_owned(), ..theirs };
    older.document["methods"].as_object_mut().unwrap().remove("watch");
    let difference = "watch is not served there".to_owned();
    assert_eq!(older.meet(ours), Met::Compatible(vec![difference]));
}

#[test]
fn a_channel_needs_urls_that_it_can_call() {
    let keys = Desk::open().0.keys;
    for urls in [vec![], vec!["orders:8081".to_owned()], vec!["https://orders".to_owned()]] {
        let clock = Arc::new(SystemClock);
        let settings = ChannelSettings::default();

        assert!(HttpChannel::new(&urls, keys.clone(), clock, settings).is_err(), "{urls:?}");
    }
}
