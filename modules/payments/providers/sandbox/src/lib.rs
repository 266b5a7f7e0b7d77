//! A payment provider for shops that try things out. It is deterministic, and keeps a durable record of its own, as an
//! outside provider would: that record is the judge of what was charged.

mod audited;
mod charge;
mod operations;
mod token;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Clock, Failure, ModuleName, Money};
use payments::{Authorization, Outcome, PaymentProvider, ProviderKey};
use platform::Database;

/// The name of its database.
pub const DATABASE: ModuleName = ModuleName::new("sandbox_provider");

/// How long `tok_slow` takes to answer.
const SLOW: Duration = Duration::from_secs(3);

/// The provider that is built in. Its buyers pay with `tok_ok` and fail with the other tokens.
pub struct SandboxProvider {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl SandboxProvider {
    /// Stands on a migrated database of its own.
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }
}

#[async_trait]
impl PaymentProvider for SandboxProvider {
    fn code(&self) -> &'static str {
        "sandbox"
    }

    async fn authorize(
        &self,
        key: &ProviderKey,
        authorization: &Authorization,
    ) -> Result<Outcome, Failure> {
        charge::authorize(self, key, authorization).await
    }

    async fn capture(
        &self,
        key: &ProviderKey,
        reference: &str,
        amount: Money,
    ) -> Result<Outcome, Failure> {
        operations::capture(self, key, reference, amount).await
    }

    async fn void(&self, key: &ProviderKey, reference: &str) -> Result<Outcome, Failure> {
        operations::void(self, key, reference).await
    }

    async fn refund(
        &self,
        key: &ProviderKey,
        reference: &str,
        amount: Money,
    ) -> Result<Outcome, Failure> {
        operations::refund(self, key, reference, amount).await
    }

    async fn find(&self, key: &ProviderKey) -> Result<Option<Outcome>, Failure> {
        operations::find(&self.database, key).await
    }
}
