use async_trait::async_trait;
use bytes::Bytes;

use super::caught::{caught, within};
use super::encoding::frames_of;
use super::{
    CallStream, ContractDescriptor, Dispatch, Effect, Frames, Methods, Problem, Unanswered,
    Unattended,
};
use crate::{Call, Failure, FailureKind};

/// What serves every contract: the same steps around whatever its methods are.
pub struct Dispatcher<M> {
    descriptor: &'static ContractDescriptor,
    methods: M,
    unattended: Unattended,
}

impl<M: Methods> Dispatcher<M> {
    /// Serves methods; writes whose callers go away end among `unattended`.
    pub fn new(
        descriptor: &'static ContractDescriptor,
        methods: M,
        unattended: &Unattended,
    ) -> Self {
        Self { descriptor, methods, unattended: unattended.clone() }
    }

    fn find(&self, name: &str, stream: bool) -> Result<(usize, Effect), Failure> {
        let found = self.descriptor.find(name);
        let found = found.map(|number| (number, &self.descriptor.methods[number]));
        if let Some((number, method)) = found.filter(|(_, method)| method.stream == stream) {
            return Ok((number, method.effect));
        }
        let way = if stream { "as a stream" } else { "as a single answer" };
        let cause = format!("{} does not serve {name} {way}", self.descriptor.address());
        Err(Failure::new(FailureKind::Mismatch).because(cause).not_executed())
    }

    async fn answered(&self, name: &str, call: Call, body: &[u8]) -> Result<Bytes, Unanswered> {
        let (method, effect) = self.find(name, false)?;
        call.check_deadline()?;
        let deadline = call.deadline;
        let answering = caught(self.methods.answer(method, call, body)?);
        match effect {
            Effect::Read => within(deadline, answering).await??,
            Effect::WriteKeyed | Effect::WriteOnce => {
                within(deadline, self.unattended.to_its_end(answering)).await??
            }
        }
    }

    async fn opened(
        &self,
        name: &str,
        call: Call,
        body: &[u8],
    ) -> Result<CallStream<Bytes>, Unanswered> {
        let (method, _) = self.find(name, true)?;
        call.check_deadline()?;
        let deadline = call.deadline;
        let opening = caught(self.methods.open(method, call, body)?);
        let items = within(deadline, opening).await???;
        Ok(items.until(deadline))
    }

    /// What is sent; the causes of a failure are logged here, once.
    fn sent(&self, method: &str, unanswered: Unanswered) -> Box<Problem> {
        match unanswered {
            Unanswered::Problem(problem) => problem,
            Unanswered::Failed(failure) => {
                tracing::warn!(
                    rpc.contract = self.descriptor.name,
                    rpc.method = method,
                    error = %failure.chain(),
                    "a call from another process failed"
                );
                Box::new(Problem::failed(&failure))
            }
        }
    }
}

#[async_trait]
impl<M: Methods> Dispatch for Dispatcher<M> {
    fn descriptor(&self) -> &'static ContractDescriptor {
        self.descriptor
    }

    async fn call(&self, method: &str, call: Call, body: &[u8]) -> Result<Bytes, Box<Problem>> {
        let answer = self.answered(method, call, body).await;
        answer.map_err(|unanswered| self.sent(method, unanswered))
    }

    async fn open(&self, method: &str, call: Call, body: &[u8]) -> Result<Frames, Box<Problem>> {
        let items = self.opened(method, call, body).await;
        items.map(frames_of).map_err(|unanswered| self.sent(method, unanswered))
    }
}
