use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kernel::Clock as _;
use platform::ops::{Ops as _, Replay};
use testkit::on_each_server;

use crate::broker::{Broker, arrive, confirm, settle};
use crate::shop::{NOTE, Noting, Shop, call};

const ORDERS: u64 = 4;

/// The same numbers in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)) % limit
    }
}

/// Publishes, relays, handles, loses, doubles, delays and reorders at random; gives how often each order was changed.
async fn havoc(shop: &Shop, broker: &Arc<Broker>, seed: u64) -> BTreeMap<String, i64> {
    let (mut dice, mut changes) = (Dice(seed), BTreeMap::new());
    let mut producing = shop.produce(broker.clone()).await;
    let listening = shop.listen(Noting::well()).await;
    for _ in 0..200 {
        match dice.below(16) {
            0..6 => {
                let order = format!("{seed}-{}", dice.below(ORDERS));
                let number = changes.entry(order.clone()).or_default();
                *number += 1;
                shop.change(&order, *number).await;
            }
            6..8 => producing.drain().await.unwrap(),
            8..12 => one_arrives(shop, broker, &mut dice).await,
            12 => listening.drain().await.unwrap(),
            13 => shop.clock.advance(shop.settings.lease),
            14 => producing = shop.produce(broker.clone()).await,
            _ => {
                let lost = broker.take().await.split_off(0);
                broker.sent.lock().await.extend(lost.into_iter().skip(1));
            }
        }
    }
    settle(shop, broker, (&producing, &listening)).await;
    changes
}

/// Any of what is under way, once or to come again; half of the confirmations are lost.
async fn one_arrives(shop: &Shop, broker: &Broker, dice: &mut Dice) {
    let parcel = {
        let mut sent = broker.sent.lock().await;
        let Some(last) = sent.len().checked_sub(1) else { return };
        let which = usize::try_from(dice.below(last as u64 + 1)).unwrap();
        if dice.below(3) == 0 { sent[which].clone() } else { sent.swap_remove(which) }
    };
    arrive(shop, &parcel).await;
    if dice.below(2) == 0 {
        confirm(shop, &parcel).await;
    }
}

#[tokio::test]
async fn a_broker_that_loses_delays_doubles_and_reorders_loses_doubles_and_inverts_no_event() {
    on_each_server(async |server| {
        let seeds = if server.is_shared() { 4 } else { 12 };
        let shop = Shop::open(server).await;
        for seed in 0..seeds {
            let changes = havoc(&shop, &Broker::new(2_000), seed).await;

            let noted = shop.noted().await;
            for (order, changes) in changes {
                let all: Vec<i64> = (1..=changes).collect();
                assert_eq!(noted.get(&order), Some(&all), "{order}");
            }
        }
    })
    .await;
}

/// The same with replays in the middle of it; gives how often the order was changed.
async fn havoc_with_replays(shop: &Shop, broker: &Arc<Broker>, order: &str, seed: u64) -> i64 {
    let mut producing = shop.produce(broker.clone()).await;
    let listening = shop.listen(Noting::well()).await;
    let (mut dice, mut number) = (Dice(seed), 0);
    for _ in 0..60 {
        number += 1;
        shop.clock.advance(Duration::from_secs(1));
        shop.change(order, number).await;
        producing.drain().await.unwrap();
        if dice.below(2) == 0 {
            one_arrives(shop, broker, &mut dice).await;
        }
        if dice.below(2) == 0 {
            listening.drain().await.unwrap();
        }
        if dice.below(8) == 0 {
            let since = Duration::from_secs(dice.below(20));
            let from = (dice.below(3) > 0).then(|| shop.clock.now().minus(since));
            let request = Replay { subscription: NOTE.to_owned(), from };
            shop.ops(&shop.orders).replay(&call(), request).await.unwrap();
            producing = shop.produce(broker.clone()).await;
        }
    }
    settle(shop, broker, (&producing, &listening)).await;
    number
}

#[tokio::test]
async fn a_replay_in_the_middle_of_it_loses_and_inverts_no_event() {
    on_each_server(async |server| {
        let shop = Shop::open(server).await;
        for seed in 0..5 {
            let order = format!("order-{seed}");
            let changes = havoc_with_replays(&shop, &Broker::new(2_000), &order, seed).await;

            let mut first_times: Vec<i64> = Vec::new();
            for number in shop.noted_of(&order).await {
                if !first_times.contains(&number) {
                    first_times.push(number);
                }
            }
            assert_eq!(first_times, (1..=changes).collect::<Vec<_>>(), "seed {seed}");
        }
    })
    .await;
}
