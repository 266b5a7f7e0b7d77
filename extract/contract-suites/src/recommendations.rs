//! What `recommendations` promises.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{CallError, OrderId, SkuId, UserId};
use recommendations_contract::{
    ForBuyer, Popular, RecommendationRefusal, Recommendations, Recommended, Related,
};

use crate::fresh::{guest, sku, staff, stranger, user};
use crate::outcomes::refused;
use crate::suite::suite;

/// The contract, and what it listens to.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is what its type names")]
pub struct Stage {
    pub recommendations: Arc<dyn Recommendations>,
    pub sales: Arc<dyn Sales>,
}

/// What is bought, as it is told to `recommendations`. Once told, it counts.
#[async_trait]
pub trait Sales: Send + Sync {
    /// One order of these, by a buyer or a guest.
    async fn bought(&self, order: OrderId, skus: &[SkuId], buyer: Option<UserId>);

    /// The order was undone.
    async fn cancelled(&self, order: OrderId);
}

suite! { dyn Recommendations, Stage {
    of_what_nobody_bought_nothing_is_told,
    what_was_bought_together_is_told_most_often_first,
    of_as_many_the_first_by_its_bytes_comes_first,
    an_order_that_was_undone_counts_no_more_whatever_was_heard_first,
    what_is_popular_is_told_among_what_is_asked_for,
    no_more_is_told_than_is_asked_for,
    a_buyer_is_told_what_goes_with_what_they_have,
    what_is_for_a_buyer_is_told_to_them_and_to_staff_alone,
    too_many_skus_are_refused,
} out of reach: [] }

impl Stage {
    async fn buy(&self, skus: &[&SkuId], buyer: Option<UserId>) -> OrderId {
        let order = OrderId::generate();
        let skus: Vec<SkuId> = skus.iter().copied().cloned().collect();
        self.sales.bought(order, &skus, buyer).await;
        order
    }

    async fn related(&self, skus: &[&SkuId]) -> Vec<(SkuId, u64)> {
        let skus = skus.iter().copied().cloned().collect();
        let request = Related { skus, limit: 10 };
        told(self.recommendations.related(&guest(), request).await)
    }

    async fn popular(&self, among: &[&SkuId], limit: u32) -> Vec<(SkuId, u64)> {
        let among = Some(among.iter().copied().cloned().collect());
        told(self.recommendations.popular(&guest(), Popular { among, limit }).await)
    }
}

fn told(answer: Result<Vec<Recommended>, CallError<RecommendationRefusal>>) -> Vec<(SkuId, u64)> {
    answer.unwrap().into_iter().map(|one| (one.sku, one.orders)).collect()
}

/// So many that sort in this order.
fn sorted<const COUNT: usize>() -> [SkuId; COUNT] {
    let mut skus = [(); COUNT].map(|()| sku());
    skus.sort();
    skus
}

async fn of_what_nobody_bought_nothing_is_told(stage: Stage) {
    let sku = sku();

    assert_eq!(stage.related(&[&sku]).await, []);
    assert_eq!(stage.related(&[]).await, []);
    assert_eq!(stage.popular(&[&sku], 10).await, []);
}

async fn what_was_bought_together_is_told_most_often_first(stage: Stage) {
    let [mug, pot, lid] = sorted();

    stage.buy(&[&mug, &lid], None).await;
    stage.buy(&[&mug, &pot, &lid], Some(UserId::generate())).await;
    stage.buy(&[&pot, &lid], None).await;

    assert_eq!(stage.related(&[&mug]).await, [(lid.clone(), 2), (pot.clone(), 1)]);
    assert_eq!(stage.related(&[&mug, &lid]).await, [(pot, 2)]);
}

async fn of_as_many_the_first_by_its_bytes_comes_first(stage: Stage) {
    let small = sku();
    let [large, umlaut] = ["A", "ü"].map(|first| format!("{first}{small}").parse().unwrap());

    stage.buy(&[&umlaut, &small, &large], None).await;

    let all = [(large.clone(), 1), (small.clone(), 1), (umlaut.clone(), 1)];
    assert_eq!(stage.popular(&[&umlaut, &small, &large], 10).await, all);
}

async fn an_order_that_was_undone_counts_no_more_whatever_was_heard_first(stage: Stage) {
    let ([mug, pot], late) = (sorted(), OrderId::generate());

    let order = stage.buy(&[&mug, &pot], None).await;
    stage.buy(&[&mug, &pot], None).await;
    stage.sales.cancelled(order).await;
    stage.sales.cancelled(late).await;
    stage.sales.bought(late, &[mug.clone(), pot.clone()], None).await;

    assert_eq!(stage.related(&[&mug]).await, [(pot, 1)]);
}

async fn what_is_popular_is_told_among_what_is_asked_for(stage: Stage) {
    let [mug, pot, lid] = sorted();
    for _ in 0..2 {
        stage.buy(&[&pot, &lid], None).await;
    }
    stage.buy(&[&mug, &lid], None).await;

    assert_eq!(stage.popular(&[&mug, &lid], 10).await, [(lid.clone(), 3), (mug.clone(), 1)]);
    let request = Popular { among: None, limit: 100 };
    let all = told(stage.recommendations.popular(&guest(), request).await);
    assert!(all.is_sorted_by_key(|(sku, orders)| (std::cmp::Reverse(*orders), sku.clone())));
    assert!(all.contains(&(lid, 3)) || all.len() == 100);
}

async fn no_more_is_told_than_is_asked_for(stage: Stage) {
    let (skus, extra) = (sorted::<100>(), sku());
    let all: Vec<&SkuId> = skus.iter().chain([&extra]).collect();
    stage.buy(&all, None).await;

    assert_eq!(stage.popular(&all, 2).await.len(), 2);
    assert_eq!(stage.popular(&all, 0).await, []);
    assert_eq!(stage.popular(&all, u32::MAX).await.len(), 100);
}

async fn a_buyer_is_told_what_goes_with_what_they_have(stage: Stage) {
    let ([mug, pot, lid, tea], buyer) = (sorted(), UserId::generate());
    stage.buy(&[&mug, &pot], Some(buyer)).await;
    stage.buy(&[&mug, &pot, &lid], None).await;
    stage.buy(&[&lid, &tea], None).await;

    for call in [user(buyer), staff()] {
        let request = ForBuyer { user: buyer, limit: 10 };
        let own = told(stage.recommendations.for_buyer(&call, request).await);
        assert_eq!(own, [(lid.clone(), 1)]);
    }
}

async fn what_is_for_a_buyer_is_told_to_them_and_to_staff_alone(stage: Stage) {
    let buyer = UserId::generate();
    let request = || ForBuyer { user: buyer, limit: 10 };

    for call in [user(buyer), staff()] {
        assert_eq!(told(stage.recommendations.for_buyer(&call, request()).await), []);
    }
    for call in [guest(), stranger()] {
        let refusal = refused(stage.recommendations.for_buyer(&call, request()).await);
        assert_eq!(refusal, RecommendationRefusal::UnknownBuyer);
    }
}

async fn too_many_skus_are_refused(stage: Stage) {
    let many = |count| vec![sku(); count];
    let related = |count| Related { skus: many(count), limit: 10 };
    let popular = Popular { among: Some(many(1_001)), limit: 10 };

    let most = stage.recommendations.related(&guest(), related(1_000)).await;
    let refusals = [
        refused(stage.recommendations.related(&guest(), related(1_001)).await),
        refused(stage.recommendations.popular(&guest(), popular).await),
    ];

    assert_eq!(told(most), []);
    assert_eq!(refusals, [const { RecommendationRefusal::TooManySkus { most: 1_000 } }; 2]);
}
