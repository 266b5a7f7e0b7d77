use kernel::contract;

#[contract(name = "shelf", version = 1)]
#[async_trait]
pub trait Shelf: Send + Sync + 'static {
    #[call(read, stream)]
    async fn look(&self, call: &Call, request: Look) -> Result<Seen, CallError<ShelfRefusal>>;
    #[call(read)]
    async fn watch(&self, call: &Call, request: Look) -> Result<CallStream<Seen>, CallError<ShelfRefusal>>;
}

fn main() {}
