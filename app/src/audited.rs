//! Modules that tell an audit about themselves by a function.

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use kernel::Failure;
use platform::Database;
use platform::ops::Audited;

/// Finds what does not add up, a line each.
pub(crate) type Find = for<'a> fn(&'a Database) -> BoxFuture<'a, Result<Vec<String>, Failure>>;

/// A module that knows nothing of orders, and what finds what does not add up in its database.
pub(crate) struct ByFunction {
    pub(crate) database: Database,
    pub(crate) find: Find,
}

#[async_trait]
impl Audited for ByFunction {
    async fn audit(&self) -> Result<Vec<String>, Failure> {
        (self.find)(&self.database).await
    }
}
