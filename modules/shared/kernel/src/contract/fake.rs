use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;

use crate::{Call, CallError, Failure};

type Answer<Q, A, R> =
    Arc<dyn Fn(Call, Q) -> BoxFuture<'static, Result<A, CallError<R>>> + Send + Sync>;

/// What a faked method answers. Until a test says so it fails, and names itself.
pub struct Slot<Q, A, R>(Mutex<Option<Answer<Q, A, R>>>);

impl<Q, A, R> Slot<Q, A, R> {
    /// Answers so from now on.
    pub fn answer<F>(&self, answer: impl Fn(Call, Q) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<A, CallError<R>>> + Send + 'static,
    {
        let answer: Answer<Q, A, R> =
            Arc::new(move |call, request| Box::pin(answer(call, request)));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    /// Calls what was set. The attribute `contract` writes this call.
    pub async fn call(&self, method: &str, call: &Call, request: Q) -> Result<A, CallError<R>> {
        let answer = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(answer) = answer {
            return answer(call.clone(), request).await;
        }
        let cause = format!("no test said what the fake of {method} answers");
        Err(Failure::internal(cause).not_executed().into())
    }
}

impl<Q, A, R> Default for Slot<Q, A, R> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}
