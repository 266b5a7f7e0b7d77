use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use kernel::{Call, CallError, Failure, FailureKind, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Problem;

type Served = Result<Vec<u8>, Box<Problem>>;
type Method = Box<dyn Fn(Call, &[u8]) -> BoxFuture<'static, Served> + Send + Sync>;

/// The methods that this process serves, by contract and name.
#[derive(Default)]
pub struct Table(BTreeMap<(String, &'static str), Method>);

impl Table {
    /// Serves a method: decodes its message, and encodes what it answers.
    pub fn serve<Q, A, R, F>(&mut self, contract: &str, method: &'static str, answer: F)
    where
        Q: DeserializeOwned + Send + 'static,
        A: Serialize + Send + 'static,
        R: Refusal,
        F: Fn(Call, Q) -> BoxFuture<'static, Result<A, CallError<R>>> + Send + Sync + 'static,
    {
        let method_of_table: Method = Box::new(move |call, body| {
            let request = match serde_json::from_slice::<Q>(body) {
                Ok(request) => request,
                Err(error) => return Box::pin(std::future::ready(Err(unreadable(error)))),
            };
            let answer = answer(call, request);
            Box::pin(async move { encoded(&answer.await) })
        });
        self.0.insert((contract.to_owned(), method), method_of_table);
    }

    /// Answers a call. It runs to its end even if nobody waits for it any more; a panic in it is a failure.
    pub async fn dispatch(
        &self,
        (contract, method): (&str, &str),
        call: Call,
        body: &[u8],
    ) -> Served {
        let found =
            self.0.iter().find(|((of, name), _)| (of.as_str(), *name) == (contract, method));
        let Some((_, serve)) = found else {
            let cause = format!("{contract}/{method} is not served here");
            return Err(logged(&Failure::new(FailureKind::Mismatch).because(cause).not_executed()));
        };
        if let Err(failure) = call.check_deadline() {
            return Err(logged(&failure));
        }
        let remaining = call.remaining();
        let running = tokio::spawn(serve(call, body));
        match tokio::time::timeout(remaining, running).await {
            Ok(Ok(served)) => served,
            Ok(Err(error)) => Err(logged(&Failure::new(FailureKind::Panicked).because(error))),
            Err(_) => Err(logged(&Failure::deadline())),
        }
    }
}

fn encoded<A: Serialize, R: Refusal>(answer: &Result<A, CallError<R>>) -> Served {
    match answer {
        Ok(answer) => serde_json::to_vec(answer).map_err(|error| logged(&Failure::internal(error))),
        Err(CallError::Failed(failure)) => Err(logged(failure)),
        Err(refused) => Err(Box::new(Problem::of(refused))),
    }
}

fn unreadable(error: serde_json::Error) -> Box<Problem> {
    logged(&Failure::new(FailureKind::Mismatch).because(error).not_executed())
}

/// The failure as it is sent; its causes are logged here, once.
fn logged(failure: &Failure) -> Box<Problem> {
    tracing::warn!(error = %failure.chain(), "a call from another process failed");
    Box::new(Problem::failed(failure))
}
