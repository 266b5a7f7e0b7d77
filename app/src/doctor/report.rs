use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{CallError, Clock, DeliveryId, OrderId, PageRequest, Timestamp};
use platform::jobs;
use platform::ops::{Audit, Delivery, DeliveryState, ListDeliveries, ListSagas, OpsRefusal};
use uuid::Uuid;

use super::{Merge, OrderKnown, findings};
use crate::cli::Shop;
use galleria_service::NAMES;

/// On a running shop, what changed so shortly ago is left alone: its neighbours may be on the way.
const SETTLED: Duration = Duration::from_secs(15);
/// On a running shop, an event that waits for longer is stuck.
const STUCK: Duration = Duration::from_mins(2);
/// So long after a finding it is looked at again, before it is told.
const SECOND_LOOK: Duration = Duration::from_secs(2);

/// What an examination found.
#[derive(Debug, Default)]
pub struct Report {
    /// How many orders there are.
    pub orders: u64,
    /// How many payments.
    pub payments: u64,
    /// For how many orders stock is held.
    pub holds: u64,
    /// What does not add up, a line each.
    pub findings: Vec<String>,
}

type Lines = BTreeSet<String>;

/// Compares everything with everything. A finding on a running shop is told if a second look confirms it.
pub async fn examine(shop: &Shop, clock: &dyn Clock) -> Result<Report, CallError<OpsRefusal>> {
    let mut report = Report::default();
    let modules = audits(shop).await?;
    let events = stuck_events(shop, clock).await?;
    let undoing = orders_being_undone(shop).await?;
    let mut suspects: BTreeMap<OrderId, Lines> = BTreeMap::new();
    let mut merge = Merge::after(shop, None);
    while let Some((id, known)) = merge.next().await? {
        report.count(&known);
        if undoing.contains(&id) || is_fresh(shop, &known, clock.now()) {
            continue;
        }
        let found = findings(id, &known);
        if !found.is_empty() {
            suspects.insert(id, found.into_iter().collect());
        }
    }
    if !shop.is_running() || (modules.is_empty() && events.is_empty() && suspects.is_empty()) {
        report.findings.extend(modules);
        report.findings.extend(events.into_values());
        report.findings.extend(suspects.into_values().flatten());
        return Ok(report);
    }
    jobs::pause(SECOND_LOOK).await;
    report.findings.extend(still(modules, &audits(shop).await?));
    let still_stuck = stuck_events(shop, clock).await?;
    report.findings.extend(
        events.into_iter().filter(|(id, _)| still_stuck.contains_key(id)).map(|(_, line)| line),
    );
    let undoing = orders_being_undone(shop).await?;
    for (id, lines) in suspects {
        if !undoing.contains(&id) {
            report.findings.extend(still(lines, &second_look(shop, id, clock).await?));
        }
    }
    Ok(report)
}

impl Report {
    fn count(&mut self, known: &OrderKnown) {
        self.orders += u64::from(known.order.is_some());
        self.payments += u64::from(known.payment.is_some());
        self.holds += u64::from(known.hold.as_ref().is_some_and(|hold| hold.state == "held"));
    }
}

fn still(lines: Lines, now: &Lines) -> impl Iterator<Item = String> {
    lines.into_iter().filter(|line| now.contains(line))
}

fn is_fresh(shop: &Shop, known: &OrderKnown, now: Timestamp) -> bool {
    shop.is_running() && known.changed_at().is_some_and(|at| now.since(at) < SETTLED)
}

async fn second_look(
    shop: &Shop,
    id: OrderId,
    clock: &dyn Clock,
) -> Result<Lines, CallError<OpsRefusal>> {
    let mut merge = Merge::after(shop, before(id));
    match merge.next().await? {
        Some((found, known)) if found == id && !is_fresh(shop, &known, clock.now()) => {
            Ok(findings(id, &known).into_iter().collect())
        }
        _ => Ok(Lines::new()),
    }
}

/// The last id that sorts before this one.
fn before(id: OrderId) -> Option<OrderId> {
    let number = Uuid::parse_str(&id.to_string()).ok()?.as_u128();
    Uuid::from_u128(number.checked_sub(1)?).to_string().parse().ok()
}

async fn audits(shop: &Shop) -> Result<Lines, CallError<OpsRefusal>> {
    let mut lines = Lines::new();
    for module in NAMES {
        let found = shop.ops(module)?.audit(&Shop::call(), Audit {}).await?;
        lines.extend(found.into_iter().map(|line| format!("{module}: {line}")));
    }
    Ok(lines)
}

/// Orders whose cancelling is under way: they are neither one thing nor the other.
async fn orders_being_undone(shop: &Shop) -> Result<BTreeSet<OrderId>, CallError<OpsRefusal>> {
    let (mut orders, mut cursor) = (BTreeSet::new(), None);
    loop {
        let page = PageRequest { limit: 100, cursor };
        let request = ListSagas { state: Some("cancelling".to_owned()), page };
        let page = shop.ops("orders")?.sagas(&Shop::call(), request).await?;
        let open = page.items.iter().filter(|saga| saga.settled_at.is_none());
        orders.extend(open.filter_map(|saga| saga.id.parse::<OrderId>().ok()));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(orders);
        }
    }
}

/// Events that are parked and, on a running shop, those that wait for too long.
async fn stuck_events(
    shop: &Shop,
    clock: &dyn Clock,
) -> Result<BTreeMap<DeliveryId, String>, CallError<OpsRefusal>> {
    let mut lines = BTreeMap::new();
    for module in NAMES {
        for parked in deliveries(shop, module, (DeliveryState::Parked, None)).await? {
            let cause = parked.cause.as_deref().unwrap_or("no cause");
            let line = format!(
                "{module}: the event {} of {} is parked at {}: {cause} (delivery {})",
                parked.event, parked.key, parked.subscription, parked.id
            );
            lines.insert(parked.id, line);
        }
        if !shop.is_running() {
            continue;
        }
        let long_ago = Some(clock.now().minus(STUCK));
        for waiting in deliveries(shop, module, (DeliveryState::Pending, long_ago)).await? {
            let line = format!(
                "{module}: the event {} of {} still waits at {} (delivery {})",
                waiting.event, waiting.key, waiting.subscription, waiting.id
            );
            lines.insert(waiting.id, line);
        }
    }
    Ok(lines)
}

/// The first hundred: who has more of them knows enough.
async fn deliveries(
    shop: &Shop,
    module: &str,
    (state, before): (DeliveryState, Option<Timestamp>),
) -> Result<Vec<Delivery>, CallError<OpsRefusal>> {
    let page = PageRequest { limit: 100, cursor: None };
    let request = ListDeliveries { state: Some(state), subscription: None, before, page };
    Ok(shop.ops(module)?.deliveries(&Shop::call(), request).await?.items)
}
