use std::error::Error;

use galleria_service::print::chain;
use kernel::{CallError, Failure, Refusal};

/// Why a command failed, in words for whoever gave it.
#[derive(Debug)]
pub struct CommandError(String);

impl CommandError {
    /// In these words.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The words.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl<E: Error> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self(chain(&error))
    }
}

/// A call that did not answer.
pub(super) fn unanswered<R: Refusal>(error: CallError<R>) -> CommandError {
    match error {
        CallError::Refused(refusal) => CommandError::new(refusal.to_string()),
        CallError::Failed(failure) => failed(&failure),
    }
}

fn failed(failure: &Failure) -> CommandError {
    if failure.kind == kernel::FailureKind::Denied {
        return CommandError::new(
            "the running shop does not accept this command: it must have the same settings and, \
             without the setting service.key, the same directory",
        );
    }
    CommandError::new(failure.chain())
}
