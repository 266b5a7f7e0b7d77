use kernel::contract;

#[contract(name = "shelf", version = 1)]
#[async_trait]
pub trait Shelf: Send + Sync + 'static {
    #[call(read)]
    async fn look<T>(&self, call: &Call, request: T) -> Result<Seen, CallError<ShelfRefusal>>;
}

fn main() {}
