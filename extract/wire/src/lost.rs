//! What an attempt means that found no callee, or lost it.

use std::error::Error;

use kernel::{Failure, FailureKind};

/// Nobody took the message.
pub fn unsent(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Failure {
    Failure::unavailable(cause).not_executed()
}

/// The message was on its way.
pub fn lost(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Failure {
    Failure::unavailable(cause)
}

/// Something answered that is no callee, or of another version.
pub fn unreadable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Failure {
    Failure::new(FailureKind::Mismatch).because(cause)
}

/// What was answered is larger than is taken.
pub fn too_large(largest: usize) -> Failure {
    let cause = format!("the answer is larger than {largest} bytes");
    Failure::new(FailureKind::TooLarge).because(cause)
}

/// Time was over before anything was sent.
pub fn too_late() -> Failure {
    Failure::deadline().not_executed()
}
