use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Call, CallError, Clock, Failure, FailureKind, Page, Principal};

use super::contract::{Audited, Ops};
use super::messages::{
    Audit, Confirm, Confirmed, Delivery, DeliveryDetail, Fact, GetDelivery, GetHealth, Health,
    ListDeliveries, ListFacts, ListSagas, Offer, OpsRefusal, Replay, Replayed, SagaSummary,
    Unsubscribe,
};
use super::{audit, interventions, offers, queries};
use crate::db::{Database, Sql as _};
use crate::events::Deliveries;

/// Serves [`Ops`] for a module, from its database and from what it tells of itself. For admins and modules alone.
pub struct ModuleOps {
    pub(super) database: Database,
    pub(super) clock: Arc<dyn Clock>,
    audited: Arc<dyn Audited>,
}

impl ModuleOps {
    /// The operators' view of the module that the database is of.
    pub fn new(database: Database, clock: Arc<dyn Clock>, audited: Arc<dyn Audited>) -> Self {
        Self { database, clock, audited }
    }
}

fn require_operator(call: &Call) -> Result<(), Failure> {
    match call.principal {
        Principal::System { .. } | Principal::Admin { .. } => Ok(()),
        _ => Err(Failure::new(FailureKind::Denied).not_executed()),
    }
}

#[async_trait]
impl Ops for ModuleOps {
    async fn health(&self, call: &Call, _: GetHealth) -> Result<Health, CallError<OpsRefusal>> {
        require_operator(call)?;
        let answered = self.database.number("SELECT CAST(1 AS BIGINT)", Vec::new()).await;
        let detail = answered.err().map(|failure| {
            tracing::warn!(error = %failure.chain(), "the database of {} does not answer", self.database.module());
            "the database does not answer".to_owned()
        });
        Ok(Health { ready: detail.is_none(), detail })
    }

    async fn deliveries(
        &self,
        call: &Call,
        request: ListDeliveries,
    ) -> Result<Page<Delivery>, CallError<OpsRefusal>> {
        require_operator(call)?;
        queries::deliveries(&self.database, request, self.clock.now()).await
    }

    async fn delivery(
        &self,
        call: &Call,
        request: GetDelivery,
    ) -> Result<DeliveryDetail, CallError<OpsRefusal>> {
        require_operator(call)?;
        queries::delivery(&self.database, request.delivery, self.clock.now()).await
    }

    async fn retry(
        &self,
        call: &Call,
        request: GetDelivery,
    ) -> Result<Delivery, CallError<OpsRefusal>> {
        require_operator(call)?;
        interventions::retry(self, request.delivery).await
    }

    async fn skip(
        &self,
        call: &Call,
        request: GetDelivery,
    ) -> Result<Delivery, CallError<OpsRefusal>> {
        require_operator(call)?;
        interventions::skip(self, request.delivery).await
    }

    async fn replay(
        &self,
        call: &Call,
        request: Replay,
    ) -> Result<Replayed, CallError<OpsRefusal>> {
        require_operator(call)?;
        interventions::replay(self, request).await
    }

    async fn unsubscribe(
        &self,
        call: &Call,
        request: Unsubscribe,
    ) -> Result<(), CallError<OpsRefusal>> {
        require_operator(call)?;
        let deliveries = Deliveries::new(&self.database);
        let ended = deliveries.unsubscribe(&request.subscription, self.clock.now()).await?;
        if ended { Ok(()) } else { Err(OpsRefusal::UnknownSubscription.into()) }
    }

    async fn offer(&self, call: &Call, request: Offer) -> Result<(), CallError<OpsRefusal>> {
        call.require_system()?;
        offers::take(self, &call.caller, &request.deliveries).await
    }

    async fn confirm(
        &self,
        call: &Call,
        request: Confirm,
    ) -> Result<Confirmed, CallError<OpsRefusal>> {
        require_operator(call)?;
        let deliveries = Deliveries::new(&self.database);
        let confirmed = deliveries.confirm(&request.deliveries, self.clock.now()).await?;
        // The next events of the same keys may be told now.
        self.database.relays().wake(confirmed.keys().map(String::as_str));
        Ok(Confirmed { confirmed: confirmed.values().sum() })
    }

    async fn sagas(
        &self,
        call: &Call,
        request: ListSagas,
    ) -> Result<Page<SagaSummary>, CallError<OpsRefusal>> {
        require_operator(call)?;
        queries::sagas(&self.database, request).await
    }

    async fn audit(&self, call: &Call, _: Audit) -> Result<Vec<String>, CallError<OpsRefusal>> {
        require_operator(call)?;
        let mut lines = self.audited.audit().await?;
        lines.extend(audit::platform(&self.database, self.clock.now()).await?);
        Ok(lines)
    }

    async fn facts(
        &self,
        call: &Call,
        request: ListFacts,
    ) -> Result<Vec<Fact>, CallError<OpsRefusal>> {
        const MOST: u32 = 1_000;
        require_operator(call)?;
        Ok(self.audited.facts(request.after, request.limit.clamp(1, MOST)).await?)
    }
}
