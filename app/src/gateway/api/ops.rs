use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::{DeliveryId, Timestamp};
use platform::ops as contract;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::common::{Answer, List};
use super::ops_pages::{self, Place};
use super::ops_view::{
    Delivery, DeliveryDetail, DeliveryState, Module, PartialList, Replayed, Saga,
};
use super::schema::Time;
use galleria_service::ready;

use crate::gateway::auth::Caller;
use crate::gateway::http::{Limit, OptionalBody, Path, Query, SubscriptionName};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get("/api/ops/modules", "listModules", "Where each module runs, and how it is")
            .access(Access::Admin)
            .answers::<List<Module>>(200, "All modules."),
        modules,
    );
    register_events(table);
    table.add(
        Operation::get("/api/ops/sagas", "listSagas", "Durable processes")
            .access(Access::Admin)
            .query::<SagasQuery>()
            .answers::<PartialList<Saga>>(200, "A part of the list: by module, newest first."),
        sagas,
    );
}

fn register_events(table: &mut Table) {
    table.add(
        Operation::get("/api/ops/events", "listEvents", "Events at their subscriptions")
            .access(Access::Admin)
            .query::<EventsQuery>()
            .answers::<PartialList<Delivery>>(200, "A part of the list: by module, newest first."),
        events,
    );
    table.add(
        Operation::get("/api/ops/events/{id}", "getEvent", "One event at one subscription")
            .access(Access::Admin)
            .answers::<DeliveryDetail>(200, "The delivery, and what the event says.")
            .refuses(404, &["not-found"]),
        event,
    );
    register_interventions(table);
}

fn register_interventions(table: &mut Table) {
    table.add(
        Operation::post("/api/ops/events/{id}/retry", "retryEvent", "Tries a parked event again")
            .access(Access::Admin)
            .answers::<Delivery>(200, "The delivery as it is now.")
            .refuses(404, &["not-found"]),
        retry,
    );
    table.add(
        Operation::post("/api/ops/events/{id}/skip", "skipEvent", "Gives a parked event up")
            .access(Access::Admin)
            .answers::<Delivery>(200, "The delivery as it is now.")
            .refuses(404, &["not-found"]),
        skip,
    );
    table.add(
        Operation::post(
            "/api/ops/subscriptions/{name}/replay",
            "replaySubscription",
            "Tells a subscription the history again",
        )
        .access(Access::Admin)
        .body::<Replay>()
        .answers::<Replayed>(200, "What is told again.")
        .refuses(404, &["unknown-subscription"]),
        replay,
    );
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Replay {
    /// Only what happened from then on.
    #[schema(value_type = Option<Time>)]
    from: Option<Timestamp>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct EventsQuery {
    /// Only those this far.
    #[param(inline)]
    state: Option<DeliveryState>,
    /// Only those of this module's subscriptions.
    module: Option<String>,
    /// Only those at this subscription.
    subscription: Option<String>,
    /// How many; 20 unless asked.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// The `next` of the part before.
    cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SagasQuery {
    /// Only those in this state.
    state: Option<String>,
    /// How many; 20 unless asked.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// The `next` of the part before.
    cursor: Option<String>,
}

async fn modules(State(gateway): State<Arc<Gateway>>, Caller(_): Caller) -> Json<List<Module>> {
    let (_, modules) =
        ready(&gateway.services.operated.hosted(), &crate::gateway::state::NAME).await;
    List::whole(modules.into_iter().collect(), Module::of)
}

async fn events(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Query(query): Query<EventsQuery>,
) -> Answer<Json<PartialList<Delivery>>> {
    let EventsQuery { state, module, subscription, limit, cursor } = query;
    let place = Place { limit: limit.into(), cursor, module };
    let listed = ops_pages::across(&gateway.services.operated, &call, place, |ops, call, page| {
        let (state, subscription) = (state.map(DeliveryState::into), subscription.clone());
        let request = contract::ListDeliveries { state, subscription, before: None, page };
        Box::pin(async move { ops.deliveries(&call, request).await })
    });
    Ok(PartialList::of(listed.await?, Delivery::of))
}

async fn sagas(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Query(query): Query<SagasQuery>,
) -> Answer<Json<PartialList<Saga>>> {
    let SagasQuery { state, limit, cursor } = query;
    let place = Place { limit: limit.into(), cursor, module: None };
    let listed = ops_pages::across(&gateway.services.operated, &call, place, |ops, call, page| {
        let request = contract::ListSagas { state: state.clone(), page };
        Box::pin(async move { ops.sagas(&call, request).await })
    });
    Ok(PartialList::of(listed.await?, Saga::of))
}

async fn event(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(delivery): Path<DeliveryId>,
) -> Answer<Json<DeliveryDetail>> {
    let asked = contract::GetDelivery { delivery };
    let found = ops_pages::whoever_knows(&gateway.services.operated, &call, |ops, call| {
        let asked = asked.clone();
        Box::pin(async move { ops.delivery(&call, asked).await })
    });
    Ok(Json(DeliveryDetail::of(found.await?)))
}

async fn retry(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(delivery): Path<DeliveryId>,
) -> Answer<Json<Delivery>> {
    let asked = contract::GetDelivery { delivery };
    let now = ops_pages::whoever_knows(&gateway.services.operated, &call, |ops, call| {
        let asked = asked.clone();
        Box::pin(async move { ops.retry(&call, asked).await })
    });
    Ok(Json(Delivery::of(now.await?)))
}

async fn skip(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(delivery): Path<DeliveryId>,
) -> Answer<Json<Delivery>> {
    let asked = contract::GetDelivery { delivery };
    let now = ops_pages::whoever_knows(&gateway.services.operated, &call, |ops, call| {
        let asked = asked.clone();
        Box::pin(async move { ops.skip(&call, asked).await })
    });
    Ok(Json(Delivery::of(now.await?)))
}

async fn replay(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(SubscriptionName(subscription)): Path<SubscriptionName>,
    OptionalBody(body): OptionalBody<Replay>,
) -> Answer<Json<Replayed>> {
    let asked = contract::Replay { subscription, from: body.from };
    let told = ops_pages::whoever_knows(&gateway.services.operated, &call, |ops, call| {
        let asked = asked.clone();
        Box::pin(async move { ops.replay(&call, asked).await })
    });
    Ok(Json(Replayed::of(told.await?)))
}
