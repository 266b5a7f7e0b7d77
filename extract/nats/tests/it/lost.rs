use std::sync::Arc;
use std::time::{Duration, Instant};

use conformance::{FakeShelf, LOOK, PUT, SEEN, Shelf, call, once, told};
use extract_nats::{ChannelSettings, ServerSettings};
use extract_wire::ServeSettings;
use kernel::contract::{Contract as _, Peer, RetrySettings};

use crate::desk::Desk;
use crate::scripted::Scripted;

const BRIEF: Duration = Duration::from_millis(300);

#[tokio::test]
async fn where_nobody_serves_a_call_fails_at_once_and_was_not_executed() {
    let Some(desk) = Desk::open().await else { return };
    let shelf = desk.once().await;
    let began = Instant::now();

    assert_eq!(told(&shelf.add(&call(), PUT).await), "Unavailable No None");
    assert_eq!(told(&shelf.watch(&call(), LOOK).await.map(drop)), "Unavailable No None");

    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[tokio::test]
async fn even_a_write_once_is_tried_again_where_nobody_served_it() {
    let Some(desk) = Desk::open().await else { return };
    let patient = RetrySettings { attempts: 1_000, reserve: 1_000, ..RetrySettings::default() };
    let shelf = <dyn Shelf>::remote(Peer::with(desk.channel().await, patient));
    let callee = Arc::new(FakeShelf::default());
    callee.add.answer(|_, _| std::future::ready(Ok(SEEN)));

    // The server comes while the call is tried again.
    let call = call();
    let (added, _server) = tokio::join!(shelf.add(&call, PUT), desk.serve(callee));

    assert_eq!(added.unwrap(), SEEN);
}

#[tokio::test]
async fn a_callee_that_fell_silent_may_have_executed_the_call() {
    let Some(desk) = Desk::open().await else { return };
    let mut callee = Scripted::listen(&desk).await;
    let settings = ChannelSettings { silence: BRIEF, ..ChannelSettings::default() };
    let shelf = once(desk.channel_with(settings).await);
    let began = Instant::now();

    let call = call();
    let (added, _taken) = tokio::join!(shelf.add(&call, PUT), callee.call());

    assert_eq!(told(&added), "Unavailable Unknown None");
    assert!(began.elapsed() >= BRIEF && began.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn a_call_that_is_at_work_may_take_its_time() {
    let Some(desk) = Desk::open().await else { return };
    let shelf = Arc::new(FakeShelf::default());
    shelf.look.answer(|call, _| async move {
        // As long as five times the silence.
        tokio::time::timeout(5 * BRIEF, std::future::pending::<()>()).await.unwrap_err();
        assert!(call.remaining() > Duration::ZERO);
        Ok(SEEN)
    });
    let heard = ServeSettings { heartbeat: BRIEF / 10, ..ServeSettings::default() };
    let serving = desk.desk.serving(shelf, heard);
    let _server = desk.serve_with(serving, ServerSettings::default()).await;
    let settings = ChannelSettings { silence: BRIEF, ..ChannelSettings::default() };

    let shelf = once(desk.channel_with(settings).await);

    assert_eq!(told(&shelf.look(&call(), LOOK).await), "Seen { items: 3 }");
}

#[tokio::test]
async fn an_unreadable_answer_may_have_been_executed() {
    let Some(desk) = Desk::open().await else { return };
    let mut callee = Scripted::listen(&desk).await;
    let shelf = desk.once().await;
    let foreign = r#"{"type":"about:blank","title":"Bad Gateway","status":502}"#;
    let error = ("Nats-Service-Error-Code", "502");

    for (headers, body) in
        [(&[][..], "[]"), (&[][..], ""), (&[error][..], "<html>"), (&[error][..], foreign)]
    {
        let call = call();
        let (added, ()) = tokio::join!(shelf.add(&call, PUT), callee.answer(headers, body));

        assert_eq!(told(&added), "Mismatch Unknown None", "{body}");
    }
}
