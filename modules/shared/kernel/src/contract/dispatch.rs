use async_trait::async_trait;
use bytes::Bytes;

use super::{Answering, ContractDescriptor, Frames, Opening, Problem};
use crate::{Call, Failure, FailureKind};

/// Serves an implementation of a contract over any transport.
#[async_trait]
pub trait Dispatch: Send + Sync + 'static {
    /// Which contract.
    fn descriptor(&self) -> &'static ContractDescriptor;

    /// Answers a call. A read ends with the future; a write that began runs to its end.
    async fn call(&self, method: &str, call: Call, body: &[u8]) -> Result<Bytes, Box<Problem>>;

    /// Answers a call with a stream. It ends with the future, and then with the frames.
    async fn open(&self, method: &str, call: Call, body: &[u8]) -> Result<Frames, Box<Problem>>;
}

/// The methods of an implementation by number, which the attribute `contract` writes.
pub trait Methods: Send + Sync + 'static {
    /// Begins to answer a method that does not stream.
    fn answer(&self, method: usize, call: Call, body: &[u8]) -> Result<Answering, Failure>;

    /// Begins to answer a method that streams.
    fn open(&self, method: usize, call: Call, body: &[u8]) -> Result<Opening, Failure> {
        let _ = (method, call, body);
        Err(not_served())
    }
}

/// What a method that there is not comes to.
pub fn not_served() -> Failure {
    Failure::new(FailureKind::Mismatch).because("there is no such method").not_executed()
}
