use std::sync::Arc;

use conformance::{LOOK, PUT, Shelf, call, told};

use crate::desk::{Desk, Nobody, Then, scripted};

async fn added_at(url: String) -> String {
    let shelf: Arc<dyn Shelf> = Desk::open().once(&[url]);
    told(&shelf.add(&call(), PUT).await)
}

#[tokio::test]
async fn a_refused_connection_means_that_nothing_was_executed() {
    let nobody = Nobody::take();

    assert_eq!(added_at(nobody.url.clone()).await, "Unavailable No None");
}

#[tokio::test]
async fn a_name_that_stands_for_nobody_means_that_nothing_was_executed() {
    assert_eq!(added_at("http://nobody.invalid:1".to_owned()).await, "Unavailable No None");
}

#[tokio::test]
async fn a_lost_answer_may_have_been_executed() {
    for cut in ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"items\":"] {
        let added = added_at(scripted(cut, Then::Close).await).await;

        assert_eq!(added, "Unavailable Unknown None", "{cut}");
    }
}

#[tokio::test]
async fn an_unreadable_answer_may_have_been_executed() {
    for unreadable in [
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]",
        "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 6\r\n\r\n<html>",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        let added = added_at(scripted(unreadable, Then::Hold).await).await;

        assert_eq!(added, "Mismatch Unknown None", "{unreadable}");
    }
}

#[tokio::test]
async fn a_message_that_somebody_on_the_way_finds_too_large_was_not_executed() {
    let answer = "HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n";

    assert_eq!(added_at(scripted(answer, Then::Hold).await).await, "TooLarge No None");
}

#[tokio::test]
async fn a_connection_that_its_callee_closes_is_not_used_again() {
    let answer = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 11\r\n\r\n{\"items\":3}";
    let shelf = Desk::open().once(&[scripted(answer, Then::Close).await]);

    for _ in 0..5 {
        assert_eq!(told(&shelf.look(&call(), LOOK).await), "Seen { items: 3 }");
    }
}
