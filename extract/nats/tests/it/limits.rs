use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use conformance::{LOOK, Shelf, call, told, told_of};
use extract_nats::ServerSettings;
use extract_wire::{ServeSettings, Serving};
use futures_util::{StreamExt as _, stream};
use kernel::contract::{
    Attempt, Channel as _, Contract as _, ContractDescriptor, Dispatch, Frame, Frames, Problem,
};
use kernel::{Call, SystemClock};

use crate::desk::Desk;

/// A shelf whose answers are larger than the broker takes.
struct Vast;

fn vast() -> Bytes {
    format!("{{\"items\":3,\"more\":\"{}\"}}", "x".repeat(2_000_000)).into()
}

#[async_trait]
impl Dispatch for Vast {
    fn descriptor(&self) -> &'static ContractDescriptor {
        <dyn Shelf>::DESCRIPTOR
    }

    async fn call(&self, _: &str, _: Call, _: &[u8]) -> Result<Bytes, Box<Problem>> {
        Ok(vast())
    }

    async fn open(&self, _: &str, _: Call, _: &[u8]) -> Result<Frames, Box<Problem>> {
        let small = Frame::Item(Bytes::from_static(b"{\"items\":1}"));
        Ok(stream::iter([Ok(small), Ok(Frame::Item(vast())), Ok(Frame::End)]).boxed())
    }
}

async fn serve_vast(desk: &Desk) -> extract_nats::Server {
    let keys = Arc::clone(&desk.desk.keys);
    let serving = Serving::new(keys, Arc::new(SystemClock), ServeSettings::default());
    desk.serve_with(serving.contract(Arc::new(Vast)), ServerSettings::default()).await
}

#[tokio::test]
async fn what_the_broker_does_not_take_is_not_sent() {
    let Some(desk) = Desk::open().await else { return };
    let (channel, call) = (desk.channel().await, call());
    let method = &<dyn Shelf>::DESCRIPTOR.methods[0];

    for size in [2_000_000, 9_000_000] {
        let body = " ".repeat(size).into();
        let attempt = Attempt { address: "shelf.v1", method, call: &call, body };
        let failure = channel.call(attempt).await.unwrap_err().failure().unwrap();

        assert_eq!(told_of(&failure), "TooLarge No None");
    }
}

#[tokio::test]
async fn an_answer_that_the_broker_does_not_take_was_executed_perhaps() {
    let Some(desk) = Desk::open().await else { return };
    let _server = serve_vast(&desk).await;
    let shelf = desk.once().await;

    assert_eq!(told(&shelf.look(&call(), LOOK).await), "TooLarge Unknown None");

    let mut stream = shelf.watch(&call(), LOOK).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().items, 1);
    let failure = stream.next().await.unwrap().unwrap_err();
    assert_eq!(told_of(&failure), "TooLarge Unknown None");
    assert!(stream.next().await.is_none());
}
