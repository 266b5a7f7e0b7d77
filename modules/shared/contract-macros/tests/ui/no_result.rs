use kernel::contract;

#[contract(name = "shelf", version = 1)]
#[async_trait]
pub trait Shelf: Send + Sync + 'static {
    #[call(read)]
    async fn look(&self, call: &Call, request: Look) -> Seen;
    #[call(write, once)]
    async fn put(&self, call: &Call, request: Put);
}

fn main() {}
