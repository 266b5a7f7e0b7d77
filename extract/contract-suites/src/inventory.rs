//! What `inventory` promises.

use std::sync::Arc;

use futures_util::future::join_all;
use inventory_contract::{
    AdjustStock, Availability, GetStock, Held, Inventory, ListMovements, Movement, OpenStock,
    OpeningStock, Release, Reservation, Reserve, ReserveRefusal, SetOnHand, Shortage, StockLevel,
    StockRefusal,
};
use kernel::{OrderId, PageRequest, SkuId};

use crate::fresh::{guest, sku, staff, stranger, system};
use crate::goods::{counters, put};
use crate::outcomes::{assert_denied, refused};
use crate::pages::{lost, pages};
use crate::suite::suite;

/// The contract alone.
type Stage = Arc<dyn Inventory>;

suite! { dyn Inventory, Stage {
    stock_is_held_once_however_often_that_is_asked,
    an_order_holds_all_of_its_lines_or_none,
    an_order_keeps_the_lines_that_it_has,
    what_is_given_back_is_given_back_once_and_for_good,
    an_order_that_was_closed_before_it_came_holds_nothing,
    many_at_once_get_what_there_is_and_no_more,
    a_shelf_is_never_below_what_is_held,
    first_stock_is_set_once,
    every_change_is_told_newest_first_and_they_add_up,
    what_never_was_in_stock_is_not_known,
    staff_alone_change_stock_and_modules_alone_hold_it,
} out of reach: [] }

async fn stocked(inventory: &Stage, on_hand: u32) -> SkuId {
    let sku = sku();
    put(inventory.as_ref(), &sku, on_hand).await;
    sku
}

fn held(sku: &SkuId, quantity: u32) -> Held {
    Held { sku: sku.clone(), quantity: quantity.try_into().unwrap() }
}

fn reserve(lines: &[Held]) -> Reserve {
    Reserve { order: OrderId::generate(), lines: lines.to_vec() }
}

fn adjust(sku: &SkuId, delta: i32) -> AdjustStock {
    AdjustStock { sku: sku.clone(), delta, reason: "found".to_owned().try_into().unwrap() }
}

async fn stock_is_held_once_however_often_that_is_asked(inventory: Stage) {
    let sku = stocked(&inventory, 10).await;
    let wish = reserve(&[held(&sku, 1), held(&sku, 2)]);

    let first = inventory.reserve(&system(), wish.clone()).await.unwrap();
    let again = inventory.reserve(&system(), wish.clone()).await.unwrap();

    assert_eq!(first, Reservation { order: wish.order, lines: vec![held(&sku, 3)] });
    assert_eq!(again, first);
    assert_eq!(counters(inventory.as_ref(), &sku).await, [10, 3, 7]);
}

async fn an_order_holds_all_of_its_lines_or_none(inventory: Stage) {
    let (much, few, none) = (stocked(&inventory, 10).await, stocked(&inventory, 1).await, sku());
    let wish = reserve(&[held(&much, 1), held(&few, 2), held(&none, 3)]);

    let refusal = refused(inventory.reserve(&system(), wish).await);

    let ReserveRefusal::OutOfStock { mut lines } = refusal else { panic!("{refusal}") };
    lines.sort_by_key(|line| line.requested);
    let short = |sku, requested, available| Shortage { sku, requested, available };
    assert_eq!(lines, [short(few, 2, 1), short(none, 3, 0)]);
    assert_eq!(counters(inventory.as_ref(), &much).await, [10, 0, 10]);
}

async fn an_order_keeps_the_lines_that_it_has(inventory: Stage) {
    let sku = stocked(&inventory, 10).await;
    let wish = reserve(&[held(&sku, 1)]);
    let more = Reserve { lines: vec![held(&sku, 2)], ..wish.clone() };

    inventory.reserve(&system(), wish).await.unwrap();
    let refusal = refused(inventory.reserve(&system(), more).await);

    assert_eq!(refusal, ReserveRefusal::KeyReused);
    assert_eq!(counters(inventory.as_ref(), &sku).await, [10, 1, 9]);
}

async fn what_is_given_back_is_given_back_once_and_for_good(inventory: Stage) {
    let sku = stocked(&inventory, 10).await;
    let (kept, wish) = (reserve(&[held(&sku, 4)]), reserve(&[held(&sku, 3)]));
    let release = Release { order: wish.order };
    inventory.reserve(&system(), kept).await.unwrap();
    inventory.reserve(&system(), wish.clone()).await.unwrap();

    inventory.release(&system(), release.clone()).await.unwrap();
    inventory.release(&system(), release).await.unwrap();

    assert_eq!(counters(inventory.as_ref(), &sku).await, [10, 4, 6]);
    let late = refused(inventory.reserve(&system(), wish).await);
    assert_eq!(late, ReserveRefusal::OrderClosed);
}

async fn an_order_that_was_closed_before_it_came_holds_nothing(inventory: Stage) {
    let sku = stocked(&inventory, 10).await;
    let wish = reserve(&[held(&sku, 3)]);

    inventory.release(&system(), Release { order: wish.order }).await.unwrap();
    let late = refused(inventory.reserve(&system(), wish).await);

    assert_eq!(late, ReserveRefusal::OrderClosed);
    assert_eq!(counters(inventory.as_ref(), &sku).await, [10, 0, 10]);
}

async fn many_at_once_get_what_there_is_and_no_more(inventory: Stage) {
    let sku = stocked(&inventory, 4).await;

    let buyers = (0..9).map(async |_| {
        let wish = reserve(&[held(&sku, 1)]);
        (wish.order, inventory.reserve(&system(), wish).await)
    });
    let outcomes = join_all(buyers).await;

    let (got, not): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|(_, got)| got.is_ok());
    assert_eq!((got.len(), not.len()), (4, 5));
    for (order, outcome) in got {
        assert_eq!(outcome.unwrap().order, order);
    }
    for (_, outcome) in not {
        assert!(matches!(refused(outcome), ReserveRefusal::OutOfStock { .. }));
    }
    assert_eq!(counters(inventory.as_ref(), &sku).await, [4, 4, 0]);
}

async fn a_shelf_is_never_below_what_is_held(inventory: Stage) {
    let sku = stocked(&inventory, 10).await;
    inventory.reserve(&system(), reserve(&[held(&sku, 6)])).await.unwrap();
    let count = |on_hand| SetOnHand { sku: sku.clone(), on_hand };

    let counted = refused(inventory.set_on_hand(&staff(), count(5)).await);
    let taken = refused(inventory.adjust(&staff(), adjust(&sku, -5)).await);
    let much = refused(inventory.set_on_hand(&staff(), count(u32::MAX)).await);
    let stock = inventory.adjust(&staff(), adjust(&sku, -4)).await.unwrap();

    assert_eq!([counted, taken], [const { StockRefusal::BelowReserved { reserved: 6 } }; 2]);
    assert!(matches!(much, StockRefusal::TooMuch { .. }), "{much}");
    assert_eq!((stock.on_hand, stock.reserved, stock.available), (6, 6, 0));
    assert_eq!(counters(inventory.as_ref(), &sku).await, [6, 6, 0]);
}

async fn first_stock_is_set_once(inventory: Stage) {
    let (old, new) = (stocked(&inventory, 10).await, sku());
    let open = |on_hand| {
        let items = [&old, &new].map(|sku| OpeningStock { sku: sku.clone(), on_hand });
        OpenStock { items: items.to_vec() }
    };

    inventory.open(&staff(), open(3)).await.unwrap();
    let again = inventory.open(&staff(), open(5)).await.unwrap();

    assert_eq!(again.opened, 0);
    assert_eq!(counters(inventory.as_ref(), &old).await, [10, 0, 10]);
    assert_eq!(counters(inventory.as_ref(), &new).await, [3, 0, 3]);
}

async fn every_change_is_told_newest_first_and_they_add_up(inventory: Stage) {
    let sku = stocked(&inventory, 10).await;
    let wish = reserve(&[held(&sku, 3)]);
    let order = wish.order;
    inventory.adjust(&staff(), adjust(&sku, -2)).await.unwrap();
    inventory.reserve(&system(), wish).await.unwrap();
    inventory.release(&system(), Release { order }).await.unwrap();
    let list = |page| ListMovements { sku: sku.clone(), page };

    let told = pages(3, async |page| inventory.movements(&staff(), list(page)).await).await;

    let newest: Vec<_> =
        told.iter().take(3).map(|one| (&one.kind[..], one.reference.clone())).collect();
    let by_order = Some(order.to_string());
    assert_eq!(
        newest,
        [
            ("released", by_order.clone()),
            ("reserved", by_order),
            ("adjusted", Some("found".to_owned())),
        ]
    );
    let numbers: Vec<_> = told.iter().rev().map(|one| one.number).collect();
    assert_eq!(numbers, (1..=u64::try_from(told.len()).unwrap()).collect::<Vec<_>>());
    let sum = |delta: fn(&Movement) -> i64| told.iter().map(delta).sum::<i64>();
    assert_eq!((sum(|one| one.on_hand_delta), sum(|one| one.reserved_delta)), (8, 0));
    let nowhere = inventory.movements(&staff(), list(lost())).await;
    assert_eq!(refused(nowhere), StockRefusal::UnknownCursor);
}

async fn what_never_was_in_stock_is_not_known(inventory: Stage) {
    let (known, unknown) = (stocked(&inventory, 2).await, sku());
    let page = PageRequest { limit: 1, cursor: None };
    let skus = vec![unknown.clone(), known.clone()];

    let levels = inventory.availability(&guest(), Availability { skus }).await.unwrap();
    let refusals = [
        refused(inventory.stock(&guest(), GetStock { sku: unknown.clone() }).await),
        refused(inventory.movements(&staff(), ListMovements { sku: unknown.clone(), page }).await),
    ];

    assert_eq!(levels, [StockLevel { sku: known, available: 2 }]);
    assert_eq!(refusals, [(); 2].map(|()| StockRefusal::UnknownSku { sku: unknown.clone() }));
    let opened = inventory.adjust(&staff(), adjust(&unknown, 1)).await.unwrap();
    assert_eq!(opened.available, 1);
}

async fn staff_alone_change_stock_and_modules_alone_hold_it(inventory: Stage) {
    let sku = stocked(&inventory, 10).await;
    let page = PageRequest { limit: 1, cursor: None };

    for call in [guest(), stranger()] {
        let items = vec![OpeningStock { sku: sku.clone(), on_hand: 1 }];
        let movements = ListMovements { sku: sku.clone(), page: page.clone() };
        let refusals = [
            refused(inventory.set_on_hand(&call, SetOnHand { sku: sku.clone(), on_hand: 1 }).await),
            refused(inventory.adjust(&call, adjust(&sku, 1)).await),
            refused(inventory.open(&call, OpenStock { items }).await),
            refused(inventory.movements(&call, movements).await),
        ];
        assert_eq!(refusals, [const { StockRefusal::Forbidden }; 4]);
    }
    for call in [guest(), stranger(), staff()] {
        let wish = reserve(&[held(&sku, 1)]);
        let release = Release { order: wish.order };
        assert_denied(inventory.reserve(&call, wish).await);
        assert_denied(inventory.release(&call, release).await);
    }
    assert_eq!(counters(inventory.as_ref(), &sku).await, [10, 0, 10]);
}
