use std::sync::Arc;

use kernel::{CallError, Clock, DeliveryId, Page, PageRequest};
use platform::ops::{
    Delivery, DeliveryState, GetDelivery, ListDeliveries, OpsRefusal, Replay, Replayed, Unsubscribe,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::arguments::{Events, ListEvents};
use super::failed::unanswered;
use super::{CommandError, Outcome, Shop, print};
use crate::operated::NAMES;
use crate::settings::Settings;

/// Lists events, or does something about one.
pub(super) async fn run(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    command: Events,
) -> Result<Outcome, CommandError> {
    let shop = Shop::reach(settings, clock).await?;
    match command {
        Events::List(wanted) => list(&shop, &wanted).await?,
        Events::Retry { id } => intervene(&shop, "retry", id).await?,
        Events::Skip { id } => intervene(&shop, "skip", id).await?,
        Events::Replay { subscription, from } => {
            let request = Replay { subscription, from };
            let told: Replayed = at_whoever_knows(&shop, "replay", &request).await?;
            print::line(&format!("events: {}, generation: {}", told.events, told.generation))?;
        }
        Events::Unsubscribe { subscription } => {
            let request = Unsubscribe { subscription };
            at_whoever_knows::<_, ()>(&shop, "unsubscribe", &request).await?;
        }
    }
    Ok(Outcome::Well)
}

async fn list(shop: &Shop, wanted: &ListEvents) -> Result<(), CommandError> {
    let state = wanted.state.as_ref().map(|state| serde_json::from_value(state.as_str().into()));
    let state: Option<DeliveryState> = state.transpose()?;
    let modules =
        NAMES.iter().filter(|module| wanted.module.as_deref().is_none_or(|only| only == **module));
    for module in modules {
        for delivery in deliveries(shop, module, wanted, state).await? {
            print::line(&described(&delivery, wanted)?)?;
        }
    }
    Ok(())
}

async fn deliveries(
    shop: &Shop,
    module: &str,
    wanted: &ListEvents,
    state: Option<DeliveryState>,
) -> Result<Vec<Delivery>, CommandError> {
    let limit = usize::try_from(wanted.limit)?;
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let page = PageRequest { limit: wanted.limit.min(100), cursor };
        let request = ListDeliveries { state, subscription: wanted.subscription.clone(), page };
        let contract = format!("{module}-ops.v1");
        let page = shop.call::<_, Page<Delivery>, OpsRefusal>((&contract, "deliveries"), &request);
        let page = page.await.map_err(unanswered)?;
        found.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
    }
}

fn described(delivery: &Delivery, wanted: &ListEvents) -> Result<String, CommandError> {
    if wanted.json {
        return Ok(serde_json::to_string(delivery)?);
    }
    let Delivery { id, subscription, event, key, sequence, attempts, occurred_at, .. } = delivery;
    let state = serde_json::to_value(delivery.state)?;
    let state = state.as_str().unwrap_or_default();
    let cause = delivery.cause.as_deref().unwrap_or("-");
    Ok(format!(
        "{id} {state} {subscription} {event} {key} {sequence} {attempts} {occurred_at} {cause}"
    ))
}

async fn intervene(shop: &Shop, method: &str, delivery: DeliveryId) -> Result<(), CommandError> {
    let request = GetDelivery { delivery };
    let now: Delivery = at_whoever_knows(shop, method, &request).await?;
    let state = serde_json::to_value(now.state)?;
    print::line(&format!("{} {}", now.id, state.as_str().unwrap_or_default()))?;
    Ok(())
}

/// Asks one module after the other, until one knows what is meant.
async fn at_whoever_knows<Q: Serialize, A: DeserializeOwned>(
    shop: &Shop,
    method: &str,
    request: &Q,
) -> Result<A, CommandError> {
    let mut unknown = OpsRefusal::NotFound;
    for module in NAMES {
        let contract = format!("{module}-ops.v1");
        match shop.call::<Q, A, OpsRefusal>((&contract, method), request).await {
            Err(CallError::Refused(
                refusal @ (OpsRefusal::NotFound | OpsRefusal::UnknownSubscription),
            )) => unknown = refusal,
            answer => return answer.map_err(unanswered),
        }
    }
    Err(CommandError::new(unknown.to_string()))
}
