use std::sync::OnceLock;
use std::time::Instant;

use metrics::{Counter, Histogram, counter, histogram};

use super::MethodDescriptor;
use crate::{CallError, FailureKind, Refusal};

const CALLS: &str = "galleria_calls_total";
const DURATION: &str = "galleria_call_duration_seconds";
const RETRIES: &str = "galleria_call_retries_total";

/// What a call came to, as far as layers care.
pub(super) enum Outcome {
    Answered,
    Refused {
        code: String,
    },
    Failed(FailureKind),
    /// The caller went away before.
    Abandoned,
}

impl Outcome {
    pub(super) fn of<T, R: Refusal>(result: &Result<T, CallError<R>>) -> Self {
        match result {
            Ok(_) => Self::Answered,
            Err(CallError::Refused(refusal)) => Self::Refused { code: refusal.code() },
            Err(CallError::Failed(failure)) => Self::Failed(failure.kind),
        }
    }

    pub(super) fn failure(&self) -> Option<FailureKind> {
        if let Self::Failed(kind) = self { Some(*kind) } else { None }
    }

    fn labels(self) -> (&'static str, String) {
        match self {
            Self::Answered => ("answered", String::new()),
            Self::Refused { code } => ("refused", code),
            Self::Failed(kind) => ("failed", kind.as_str().to_owned()),
            Self::Abandoned => ("abandoned", String::new()),
        }
    }
}

/// Counts and times the calls of one method. What happens most is looked up once.
pub(super) struct Meters {
    contract: String,
    method: &'static str,
    answered: OnceLock<(Counter, Histogram)>,
}

impl Meters {
    pub(super) fn new(contract: &str, method: &MethodDescriptor) -> Self {
        Self { contract: contract.to_owned(), method: method.name, answered: OnceLock::new() }
    }

    pub(super) fn note(&self, started: Instant, outcome: Outcome) {
        let (calls, duration) = self.answered.get_or_init(|| {
            let labels = [("contract", self.contract.clone()), ("method", self.method.to_owned())];
            (self.calls("answered", String::new()), histogram!(DURATION, &labels))
        });
        duration.record(started.elapsed());
        if let Outcome::Answered = outcome {
            calls.increment(1);
        } else {
            let (outcome, code) = outcome.labels();
            self.calls(outcome, code).increment(1);
        }
    }

    fn calls(&self, outcome: &'static str, code: String) -> Counter {
        let contract = self.contract.clone();
        counter!(CALLS, "contract" => contract, "method" => self.method, "outcome" => outcome, "code" => code)
    }
}

/// Counts an attempt that was made again. It is no call of its own, and its failure no error.
pub(super) fn note_retry(contract: &str, method: &'static str) {
    counter!(RETRIES, "contract" => contract.to_owned(), "method" => method).increment(1);
}
