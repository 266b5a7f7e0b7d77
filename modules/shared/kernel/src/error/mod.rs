//! How a call can end badly: a refusal that the caller can act on, or a failure of anybody's.

mod call;
mod failure;
mod kind;
mod refusal;

pub use call::CallError;
pub use failure::Failure;
pub use kind::{Executed, FailureKind};
pub use refusal::{Refusal, RefusalKind};
