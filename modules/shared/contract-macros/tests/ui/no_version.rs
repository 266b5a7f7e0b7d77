use kernel::contract;

#[contract(name = "shelf")]
#[async_trait]
pub trait Shelf: Send + Sync + 'static {
    #[call(read)]
    async fn look(&self, call: &Call, request: Look) -> Result<Seen, CallError<ShelfRefusal>>;
}

fn main() {}
