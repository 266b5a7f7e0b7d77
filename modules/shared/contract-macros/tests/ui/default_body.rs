use kernel::contract;

#[contract(name = "shelf", version = 1)]
#[async_trait]
pub trait Shelf: Send + Sync + 'static {
    #[call(read)]
    async fn look(&self, call: &Call, request: Look) -> Result<Seen, CallError<ShelfRefusal>> {
        Ok(Seen::default())
    }
}

fn main() {}
