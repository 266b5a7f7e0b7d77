use std::future::Future;
use std::sync::Arc;

use allocation_counter::measure;
use kernel::contract::StackSettings;
use kernel::{Call, CallError, IdempotencyKey, async_trait};

use crate::over::layered;
use conformance::{LOOK, Look, PUT, Put, SEEN, Seen, Shelf, ShelfRefusal, call};
use kernel::contract::CallStream;

/// A shelf that does nothing, so that what is measured is the way to it.
struct Bare;

#[async_trait]
impl Shelf for Bare {
    async fn look(&self, _: &Call, _: Look) -> Result<Seen, CallError<ShelfRefusal>> {
        Ok(SEEN)
    }

    async fn put(&self, _: &Call, _: Put) -> Result<Seen, CallError<ShelfRefusal>> {
        Ok(SEEN)
    }

    async fn add(&self, _: &Call, _: Put) -> Result<Seen, CallError<ShelfRefusal>> {
        Ok(SEEN)
    }

    async fn watch(&self, _: &Call, _: Look) -> Result<CallStream<Seen>, CallError<ShelfRefusal>> {
        Err(ShelfRefusal::NoBoard.into())
    }
}

fn allocations<F: Future>(future: impl Fn() -> F) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut once = || {
        let mut future = Box::pin(future());
        assert!(future.as_mut().poll(&mut context).is_ready());
    };
    once(); // what is made once is made here
    measure(once).count_total - 1 // the box of this test
}

#[test]
fn the_layers_of_a_local_call_allocate_at_most_twice() {
    let direct: Arc<dyn Shelf> = Arc::new(Bare);
    let layered = layered(direct.clone(), StackSettings::default());
    let call = call().keyed(IdempotencyKey::parse("a-key-of-some-length").unwrap());

    let read = allocations(|| layered.look(&call, LOOK)) - allocations(|| direct.look(&call, LOOK));
    let write = allocations(|| layered.put(&call, PUT)) - allocations(|| direct.put(&call, PUT));

    assert!(read <= 1, "{read}");
    assert!(write <= 2, "{write}");
}
