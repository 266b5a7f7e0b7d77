use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::FutureExt as _;
use kernel::contract::{ContractDescriptor, Dispatch, Frames, Problem};
use kernel::{Call, Failure, FailureKind};

use crate::Introduction;

/// A contract that this process serves.
pub struct Served {
    dispatch: Arc<dyn Dispatch>,
    introduction: OnceLock<Introduction>,
}

/// What a call is answered with.
pub enum Answer {
    /// All of it.
    Whole(Bytes),
    /// A stream.
    Parts(Frames),
}

impl Served {
    pub(crate) fn new(dispatch: Arc<dyn Dispatch>) -> Self {
        Self { dispatch, introduction: OnceLock::new() }
    }

    /// Which contract.
    pub fn descriptor(&self) -> &'static ContractDescriptor {
        self.dispatch.descriptor()
    }

    /// What peers are told of it. Its schemas are written once.
    pub fn introduction(&self) -> &Introduction {
        self.introduction.get_or_init(|| Introduction::of(self.descriptor()))
    }

    /// Answers a call whole or in parts, as its method does. A read ends with the future.
    pub async fn answer(
        &self,
        method: &str,
        call: Call,
        body: &[u8],
    ) -> Result<Answer, Box<Problem>> {
        let answering = AssertUnwindSafe(async {
            if self.streams(method) {
                return self.dispatch.open(method, call, body).await.map(Answer::Parts);
            }
            self.dispatch.call(method, call, body).await.map(Answer::Whole)
        });
        answering.catch_unwind().await.unwrap_or_else(|_| Err(self.panicked(method)))
    }

    fn streams(&self, method: &str) -> bool {
        let number = self.descriptor().find(method);
        number.is_some_and(|number| self.descriptor().methods[number].stream)
    }

    /// Most panics are caught where they happen; these come from the reading of messages.
    fn panicked(&self, method: &str) -> Box<Problem> {
        let contract = self.descriptor().name;
        tracing::error!(rpc.contract = contract, rpc.method = method, "a call panicked");
        Box::new(Problem::failed(&Failure::new(FailureKind::Panicked)))
    }
}
