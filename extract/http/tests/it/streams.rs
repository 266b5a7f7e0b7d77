use conformance::{LOOK, SEEN, Seen, call};
use futures_util::StreamExt as _;
use kernel::contract::CallStream;
use kernel::{Executed, FailureKind};

use crate::desk::{Desk, Then, scripted};

const HEAD: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

async fn all(stream: CallStream<Seen>) -> Vec<Result<Seen, (FailureKind, Executed)>> {
    let items = stream.map(|item| item.map_err(|failure| (failure.kind, failure.executed)));
    items.collect().await
}

#[tokio::test]
async fn a_stream_that_is_cut_is_a_failure() {
    let item = "d\r\n{\"item\":{\"ite\r\n8\r\nms\":3}}\n\r\n";
    for end in ["", "0\r\n\r\n", "8\r\n{\"end\":t\r\n0\r\n\r\n"] {
        let answer: &'static str = format!("{HEAD}{item}{end}").leak();
        let shelf = Desk::open().once(&[scripted(answer, Then::Close).await]);

        let items = all(shelf.watch(&call(), LOOK).await.unwrap()).await;

        let cut = Err((FailureKind::Unavailable, Executed::Unknown));
        assert_eq!(items, [Ok(SEEN), cut], "{end}");
    }
}
