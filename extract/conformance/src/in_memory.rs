use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::contract::{Attempt, Channel, Dispatch, Frames, Unanswered};

/// A transport that is a function call.
pub struct InMemory(pub Arc<dyn Dispatch>);

#[async_trait]
impl Channel for InMemory {
    async fn call(&self, attempt: Attempt<'_>) -> Result<Bytes, Unanswered> {
        assert_eq!(attempt.address, self.0.descriptor().address());
        let answer = self.0.call(attempt.method.name, attempt.call.clone(), &attempt.body).await;
        answer.map_err(Unanswered::Problem)
    }

    async fn open(&self, attempt: Attempt<'_>) -> Result<Frames, Unanswered> {
        let frames = self.0.open(attempt.method.name, attempt.call.clone(), &attempt.body).await;
        frames.map_err(Unanswered::Problem)
    }
}
