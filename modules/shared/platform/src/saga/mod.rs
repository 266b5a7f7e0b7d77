//! Durable processes: their rows say how far they are, and whoever takes one up gets a new epoch.

mod held;
mod runner;

pub use held::Saga;
pub use runner::{SagaDriver, SagaRunner, SagaSettings};
