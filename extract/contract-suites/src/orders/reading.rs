//! What is told of orders, and to whom.

use futures_util::future::join;
use kernel::{Call, OrderId, PageRequest, UserId};
use orders_contract::{
    Cancel, CancelRefusal, GetOrder, History, HistoryEntry, ListOrders, Order, OrderStatus,
    ReadRefusal,
};

use super::stage::Stage;
use crate::fresh::{guest, guest_with, staff, stranger, user};
use crate::outcomes::refused;
use crate::pages::{lost, pages};

fn list(page: PageRequest) -> ListOrders {
    ListOrders { status: None, email: None, user: None, page }
}

fn history(order: OrderId, after: u64) -> History {
    History { order, after, wait_ms: 0 }
}

async fn is_unknown(stage: &Stage, call: &Call, order: OrderId) {
    let read = [
        refused(stage.orders.order(call, GetOrder { order }).await),
        refused(stage.orders.history(call, history(order, 0)).await),
    ];
    assert_eq!(read, [const { ReadRefusal::NotFound }; 2]);
    let cancelled = stage.orders.cancel(call, Cancel { order, reason: None }).await;
    assert_eq!(refused(cancelled), CancelRefusal::NotFound);
}

pub(super) async fn an_order_is_its_buyers_alone(stage: Stage) {
    let buyer = user(UserId::generate());
    let (own, open) = (stage.bought(&buyer).await, stage.bought(&guest()).await);
    let token = open.access_token.as_ref().unwrap().reveal();

    assert_eq!((own.user_id, &own.access_token), (buyer.principal.user(), &None));
    for (order, call) in [(&own, &buyer), (&own, &staff()), (&open, &guest_with(token))] {
        let shown = stage.orders.order(call, GetOrder { order: order.id }).await.unwrap();
        assert_eq!(
            (shown.id, shown.number, shown.totals),
            (order.id, order.number, order.totals.clone())
        );
    }
    for call in [guest(), stranger(), guest_with(token)] {
        is_unknown(&stage, &call, own.id).await;
    }
    for call in [guest(), buyer, guest_with("made-up")] {
        is_unknown(&stage, &call, open.id).await;
    }
    is_unknown(&stage, &staff(), OrderId::generate()).await;
}

pub(super) async fn orders_are_listed_newest_first_to_the_end_and_to_whose_they_are(stage: Stage) {
    let buyer = user(UserId::generate());
    let mut bought = Vec::new();
    for _ in 0..3 {
        bought.insert(0, stage.bought(&buyer).await);
    }
    let ids = |orders: &[Order]| orders.iter().map(|order| order.id).collect::<Vec<_>>();

    let own = pages(2, async |page| stage.orders.list(&buyer, list(page)).await).await;

    assert_eq!(ids(&own), ids(&bought));
    let first = || PageRequest { limit: 5, cursor: None };
    let found = async |wish| stage.orders.list(&staff(), wish).await.unwrap().items;
    let theirs = ListOrders { user: buyer.principal.user(), ..list(first()) };
    assert_eq!(ids(&found(theirs.clone()).await), ids(&bought));
    let cancelled = ListOrders { status: Some(OrderStatus::Cancelled), ..theirs };
    assert_eq!(found(cancelled).await, []);
    let written = ListOrders { email: Some(bought[1].email.clone()), ..list(first()) };
    assert_eq!(ids(&found(written).await), [bought[1].id]);
    assert_eq!(stage.orders.list(&stranger(), list(first())).await.unwrap().items, []);
    let nobody = stage.orders.list(&guest(), list(first())).await;
    assert_eq!(refused(nobody), ReadRefusal::Unauthenticated);
    let nowhere = stage.orders.list(&buyer, list(lost())).await;
    assert_eq!(refused(nowhere), ReadRefusal::UnknownCursor);
}

pub(super) async fn what_happened_is_told_in_order_until_nothing_can_follow(stage: Stage) {
    let buyer = user(UserId::generate());
    let order = stage.bought(&buyer).await.id;
    let told = async |after| {
        let wait = History { wait_ms: 60_000, ..history(order, after) };
        stage.orders.history(&buyer, wait).await.unwrap()
    };
    let cancel = Cancel { order, reason: Some("too late".to_owned().try_into().unwrap()) };

    let before = told(0).await;
    let next = told(before.last().unwrap().number);
    let (after, cancelled) = join(next, stage.orders.cancel(&buyer, cancel)).await;

    cancelled.unwrap();
    let entry = |entry: &HistoryEntry| (entry.number, entry.status.clone(), entry.last);
    let before: Vec<_> = before.iter().map(entry).collect();
    assert_eq!(before, [(1, OrderStatus::Pending, false), (2, OrderStatus::Confirmed, false)]);
    assert_eq!(after.iter().map(entry).collect::<Vec<_>>(), [(3, OrderStatus::Cancelled, true)]);
    assert_eq!(after[0].detail.as_deref(), Some("too late"));
    assert_eq!(stage.orders.history(&buyer, history(order, 3)).await.unwrap(), []);
}
