use std::error::Error;

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
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let words = error.to_string();
            // Some errors repeat their cause in their own words.
            if !text.contains(&words) {
                text.push_str(": ");
                text.push_str(&words);
            }
            cause = error.source();
        }
        Self(text)
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
