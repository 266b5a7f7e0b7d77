//! What buyers owe, paid and got back. It only says what the provider confirmed: an unknown outcome is asked for with the
//! same key, and what was left half-way is settled by a sweep.

mod application;
mod domain;
mod provider;
mod settings;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Call, CallError, Clock, Failure, ModuleName};
use payments_contract::{
    Authorize, AuthorizeRefusal, Capture, GetPayment, ListProviders, Payment, PaymentRefusal,
    Payments, Refund, Void,
};
use platform::{Database, UnitOfWork};

pub use application::audit::audit;
pub use provider::{Authorization, Outcome, PaymentProvider, ProviderKey};
pub use settings::{CaptureMoment, PaymentsSettings};

/// The name of this module, its schema and its settings.
pub const MODULE: ModuleName = ModuleName::new("payments");

/// The payments of a shop, on a database of their own.
pub struct PaymentsModule {
    database: Database,
    clock: Arc<dyn Clock>,
    providers: Vec<Arc<dyn PaymentProvider>>,
    settings: PaymentsSettings,
}

impl PaymentsModule {
    /// Stands on a migrated database; the first provider of a code is the one that is asked.
    pub fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        providers: Vec<Arc<dyn PaymentProvider>>,
        settings: PaymentsSettings,
    ) -> Self {
        Self { database, clock, providers, settings }
    }

    /// Asks the providers what became of everything that was left half-way, and brings it to its end.
    ///
    /// Meant to be called every second. What can't be settled now stays for a later call; calling it too often changes nothing.
    pub async fn settle_pending(&self) -> Result<(), Failure> {
        application::sweep::sweep(self).await
    }

    fn provider(&self, code: &str) -> Option<&dyn PaymentProvider> {
        self.providers.iter().find(|provider| provider.code() == code).map(AsRef::as_ref)
    }

    async fn begin(&self, call: &Call) -> Result<UnitOfWork, Failure> {
        Ok(UnitOfWork::begin(&self.database, self.clock.now()).await?.traced(call.trace))
    }
}

#[async_trait]
impl Payments for PaymentsModule {
    async fn authorize(
        &self,
        call: &Call,
        request: Authorize,
    ) -> Result<Payment, CallError<AuthorizeRefusal>> {
        application::authorize::authorize(self, call, request).await
    }

    async fn void(&self, call: &Call, request: Void) -> Result<(), CallError<PaymentRefusal>> {
        application::void::void(self, call, request).await
    }

    async fn capture(
        &self,
        call: &Call,
        request: Capture,
    ) -> Result<Payment, CallError<PaymentRefusal>> {
        application::capture::capture(self, call, request).await
    }

    async fn refund(
        &self,
        call: &Call,
        request: Refund,
    ) -> Result<Payment, CallError<PaymentRefusal>> {
        application::refund::refund(self, call, request).await
    }

    async fn payment(
        &self,
        call: &Call,
        request: GetPayment,
    ) -> Result<Payment, CallError<PaymentRefusal>> {
        application::payment::payment(self, call, request).await
    }

    async fn providers(
        &self,
        _: &Call,
        _: ListProviders,
    ) -> Result<Vec<String>, CallError<PaymentRefusal>> {
        Ok(self.providers.iter().map(|provider| provider.code().to_owned()).collect())
    }
}
