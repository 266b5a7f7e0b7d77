use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use super::breaker::Breaker;
use super::bulkhead::{Bulkhead, Permit};
use super::caught::{caught, settled, within};
use super::meters::{Meters, Outcome};
use super::{BreakerSettings, BulkheadSettings, CallStream, ContractDescriptor, Unattended};
use crate::{Call, CallError, Failure, Refusal};

/// What the layers around a contract allow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StackSettings {
    /// How much may be under way at once.
    pub bulkhead: BulkheadSettings,
    /// When it is left alone.
    pub breaker: BreakerSettings,
}

/// The layers around every call of a contract, the same wherever it runs: span, metrics, deadline, bulkhead, breaker, and
/// panics as failures. They are steps before and after one future, which keeps a local call cheap.
pub struct Stack {
    descriptor: &'static ContractDescriptor,
    address: String,
    meters: Vec<Meters>,
    bulkhead: Arc<Bulkhead>,
    breaker: Breaker,
    unattended: Unattended,
}

impl Stack {
    /// The layers of a contract at its own address.
    pub fn new(
        descriptor: &'static ContractDescriptor,
        settings: StackSettings,
        unattended: &Unattended,
    ) -> Self {
        Self::at(descriptor.address(), descriptor, settings, unattended)
    }

    /// The layers of a contract that is served at another address, such as `orders-ops.v1`.
    pub fn at(
        address: impl Into<String>,
        descriptor: &'static ContractDescriptor,
        settings: StackSettings,
        unattended: &Unattended,
    ) -> Self {
        let address = address.into();
        let meters = descriptor.methods.iter().map(|method| Meters::new(&address, method));
        Self {
            meters: meters.collect(),
            address,
            descriptor,
            bulkhead: Bulkhead::new(settings.bulkhead),
            breaker: Breaker::new(settings.breaker),
            unattended: unattended.clone(),
        }
    }

    /// Runs a read, which ends with its caller.
    pub async fn read<T, R: Refusal>(
        &self,
        method: usize,
        call: &Call,
        future: impl Future<Output = Result<T, CallError<R>>>,
    ) -> Result<T, CallError<R>> {
        let (mut visit, permit) = self.enter(method, call);
        let _inside = match permit {
            Ok(permit) => permit,
            Err(failure) => return visit.end(Err(failure.into())),
        };
        let future = caught(future).instrument(visit.span.clone());
        let outcome = within(call.deadline, future).await;
        visit.end(settled(outcome))
    }

    /// Runs a write, which goes on without its caller once it began.
    pub async fn write<T: Send + 'static, R: Refusal>(
        &self,
        method: usize,
        call: &Call,
        future: impl Future<Output = Result<T, CallError<R>>> + Send + 'static,
    ) -> Result<T, CallError<R>> {
        let (mut visit, permit) = self.enter(method, call);
        let inside = match permit {
            Ok(permit) => permit,
            Err(failure) => return visit.end(Err(failure.into())),
        };
        let future = async move {
            let _inside = inside;
            caught(future).await
        };
        let future = self.unattended.to_its_end(future.instrument(visit.span.clone()));
        let outcome = within(call.deadline, future).await;
        visit.end(settled(outcome))
    }

    /// Opens a stream, whose items then come under the same deadline.
    pub async fn open<T: Send + 'static, R: Refusal>(
        &self,
        method: usize,
        call: &Call,
        future: impl Future<Output = Result<CallStream<T>, CallError<R>>>,
    ) -> Result<CallStream<T>, CallError<R>> {
        let (mut visit, permit) = self.enter(method, call);
        let inside = match permit {
            Ok(permit) => permit,
            Err(failure) => return visit.end(Err(failure.into())),
        };
        let future = caught(future).instrument(visit.span.clone());
        let outcome = within(call.deadline, future).await;
        visit.end(settled(outcome)).map(|stream| stream.guarded(call.deadline, inside))
    }

    fn enter(&self, method: usize, call: &Call) -> (Visit<'_>, Result<Permit, Failure>) {
        let mut visit = Visit {
            meters: &self.meters[method],
            breaker: &self.breaker,
            span: self.span(method, call),
            started: Instant::now(),
            admitted: false,
            ended: false,
        };
        let permit = call
            .check_deadline()
            .and_then(|()| self.bulkhead.enter())
            .and_then(|permit| self.breaker.admit().map(|()| permit));
        visit.admitted = permit.is_ok();
        (visit, permit)
    }

    fn span(&self, method: usize, call: &Call) -> Span {
        let method = self.descriptor.methods[method].name;
        call.trace.adopt(tracing::debug_span!(
            "call",
            otel.name = %format_args!("{}/{method}", self.address),
            otel.status_code = Empty,
            error.type = Empty,
            rpc.contract = %self.address,
            rpc.method = method,
            trace = %call.trace,
            caller = %call.caller,
            attempt = call.attempt,
        ))
    }
}

/// A call on its way through the layers. One that is dropped before its end was abandoned by its caller.
struct Visit<'a> {
    meters: &'a Meters,
    breaker: &'a Breaker,
    span: Span,
    started: Instant,
    admitted: bool,
    ended: bool,
}

impl Visit<'_> {
    fn end<T, R: Refusal>(&mut self, result: Result<T, CallError<R>>) -> Result<T, CallError<R>> {
        self.note(Outcome::of(&result));
        result
    }

    fn note(&mut self, outcome: Outcome) {
        self.ended = true;
        if let Some(kind) = outcome.failure() {
            self.span.record("otel.status_code", "error");
            self.span.record("error.type", kind.as_str());
        }
        if self.admitted {
            self.breaker.note(outcome.failure());
        }
        self.meters.note(self.started, outcome);
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.admitted = false; // nobody knows what it would have come to
            self.note(Outcome::Abandoned);
        }
    }
}
