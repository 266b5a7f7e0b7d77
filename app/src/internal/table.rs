use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use kernel::contract::{Dispatch, Problem};
use kernel::{Call, Failure, FailureKind};

/// The contracts that this process serves, by address.
#[derive(Default)]
pub struct Table(BTreeMap<String, Arc<dyn Dispatch>>);

impl Table {
    /// Serves a contract at an address.
    pub fn serve(&mut self, address: impl Into<String>, contract: Arc<dyn Dispatch>) {
        self.0.insert(address.into(), contract);
    }

    /// Answers a call of a contract and a method by name.
    pub async fn dispatch(
        &self,
        (address, method): (&str, &str),
        call: Call,
        body: &[u8],
    ) -> Result<Bytes, Box<Problem>> {
        if let Some(contract) = self.0.get(address) {
            return contract.call(method, call, body).await;
        }
        let cause = format!("{address} is not served here");
        let failure = Failure::new(FailureKind::Mismatch).because(cause).not_executed();
        tracing::warn!(error = %failure.chain(), "a call from another process failed");
        Err(Box::new(Problem::failed(&failure)))
    }
}
