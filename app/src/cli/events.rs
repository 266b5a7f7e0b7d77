use std::sync::Arc;

use kernel::{Call, CallError, Clock, Executed, PageRequest};
use platform::ops::{
    Delivery, DeliveryState, GetDelivery, ListDeliveries, Ops, OpsRefusal, Replay, Replayed,
    Unsubscribe,
};

use super::arguments::{Events, ListEvents};
use super::failed::unanswered;
use super::{CommandError, Outcome, Shop};
use galleria_service::NAMES;
use galleria_service::print;
use galleria_service::settings::Settings;

/// Lists events, or does something about one.
pub(super) async fn run(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    command: Events,
) -> Result<Outcome, CommandError> {
    let shop = Shop::reach(settings, clock).await?;
    match command {
        Events::List(wanted) => return list(&shop, &wanted).await,
        Events::Retry { id } => {
            let delivery = GetDelivery { delivery: id };
            let now =
                at_whoever_knows(&shop, async |ops, call| ops.retry(call, delivery.clone()).await);
            told(&now.await?)?;
        }
        Events::Skip { id } => {
            let delivery = GetDelivery { delivery: id };
            let now =
                at_whoever_knows(&shop, async |ops, call| ops.skip(call, delivery.clone()).await);
            told(&now.await?)?;
        }
        Events::Replay { subscription, from } => {
            let request = Replay { subscription, from };
            let replayed =
                at_whoever_knows(&shop, async |ops, call| ops.replay(call, request.clone()).await);
            let Replayed { events, generation } = replayed.await?;
            print::line(&format!("events: {events}, generation: {generation}"))?;
        }
        Events::Unsubscribe { subscription } => {
            let request = Unsubscribe { subscription };
            at_whoever_knows(&shop, async |ops, call| ops.unsubscribe(call, request.clone()).await)
                .await?;
        }
    }
    Ok(Outcome::Well)
}

/// Lists what the modules know that answer; the others are named, and make it a finding.
async fn list(shop: &Shop, wanted: &ListEvents) -> Result<Outcome, CommandError> {
    let state = wanted.state.as_ref().map(|state| serde_json::from_value(state.as_str().into()));
    let state: Option<DeliveryState> = state.transpose()?;
    let modules =
        NAMES.iter().filter(|module| wanted.module.as_deref().is_none_or(|only| only == **module));
    let mut outcome = Outcome::Well;
    for module in modules {
        match deliveries(shop, module, wanted, state).await {
            Ok(found) => {
                for delivery in found {
                    print::line(&described(&delivery, wanted)?)?;
                }
            }
            Err(error) => {
                print::complaint(&format!("galleria: {module} is missing: {}", error.text()));
                outcome = Outcome::Findings;
            }
        }
    }
    Ok(outcome)
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
        let request =
            ListDeliveries { state, subscription: wanted.subscription.clone(), before: None, page };
        let page = shop.ops(module)?.deliveries(&Shop::call(), request).await;
        let page = page.map_err(unanswered)?;
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

fn told(delivery: &Delivery) -> Result<(), CommandError> {
    let state = serde_json::to_value(delivery.state)?;
    print::line(&format!("{} {}", delivery.id, state.as_str().unwrap_or_default()))?;
    Ok(())
}

/// Asks one module after the other, until one knows what is meant.
async fn at_whoever_knows<A>(
    shop: &Shop,
    ask: impl AsyncFn(&dyn Ops, &Call) -> Result<A, CallError<OpsRefusal>>,
) -> Result<A, CommandError> {
    let (mut unknown, mut missing) = (OpsRefusal::NotFound, None);
    for module in NAMES {
        match ask(shop.ops(module)?.as_ref(), &Shop::call()).await {
            Err(CallError::Refused(
                refusal @ (OpsRefusal::NotFound | OpsRefusal::UnknownSubscription),
            )) => unknown = refusal,
            Err(CallError::Failed(failure)) if failure.executed == Executed::No => {
                let why = unanswered(CallError::<OpsRefusal>::Failed(failure));
                missing = Some(format!("{module} is missing: {}", why.text()));
            }
            answer => return answer.map_err(unanswered),
        }
    }
    // Who could not be asked may be the one that knows.
    Err(CommandError::new(missing.unwrap_or_else(|| unknown.to_string())))
}
