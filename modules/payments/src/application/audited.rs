use async_trait::async_trait;
use kernel::{Failure, OrderId};
use platform::ops::{Audited, Fact};

use super::audit::audit;
use crate::PaymentsModule;
use crate::store::counts;

#[async_trait]
impl Audited for PaymentsModule {
    async fn audit(&self) -> Result<Vec<String>, Failure> {
        audit(&self.database).await
    }

    async fn facts(&self, after: Option<OrderId>, limit: u32) -> Result<Vec<Fact>, Failure> {
        counts::facts(&self.database, after, limit).await
    }
}
