use kernel::contract;

#[contract(name = "shelf", version = 1)]
#[async_trait]
pub trait Shelf: Send + Sync + 'static {
    type Board;
    #[call(read)]
    async fn look(&self, call: &Call, request: Look) -> Result<Seen, CallError<ShelfRefusal>>;
}

fn main() {}
