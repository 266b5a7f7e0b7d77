use std::sync::Arc;

use async_trait::async_trait;
use kernel::Failure;
use platform::ops::{Confirm, Ops as _};
use platform::{Inbox, Offered, RunningEvents, Taken, local_inbox};
use tokio::sync::Mutex;

use crate::shop::{Shop, call};

/// What a producer's events go through on their way to another process: it takes everything and delivers what a test lets it.
pub(crate) struct Broker {
    pub(crate) sent: Mutex<Vec<Vec<Offered>>>,
    pub(crate) largest: usize,
}

#[async_trait]
impl Inbox for Broker {
    async fn store(&self, offers: &[Offered]) -> Result<Taken, Failure> {
        self.sent.lock().await.push(offers.to_vec());
        Ok(Taken::Sent)
    }

    fn largest(&self) -> usize {
        self.largest
    }
}

impl Broker {
    pub(crate) fn new(largest: usize) -> Arc<Self> {
        Arc::new(Self { sent: Mutex::default(), largest })
    }

    /// Everything that was sent and not taken out yet.
    pub(crate) async fn take(&self) -> Vec<Vec<Offered>> {
        std::mem::take(&mut *self.sent.lock().await)
    }

    /// The keys and sequences of what was sent, a parcel each.
    pub(crate) async fn names(&self) -> Vec<Vec<(String, u64)>> {
        let name = |offer: &Offered| (offer.envelope.subject.clone(), offer.envelope.sequence);
        self.sent.lock().await.iter().map(|parcel| parcel.iter().map(name).collect()).collect()
    }
}

/// The subscriber's side of a parcel that arrives.
pub(crate) async fn arrive(shop: &Shop, parcel: &[Offered]) {
    let inbox = local_inbox(shop.payments.clone(), shop.clock.clone());
    assert_eq!(inbox.store(parcel).await.unwrap(), Taken::Stored);
}

/// Tells the producer that it arrived; gives how many deliveries were not confirmed before.
pub(crate) async fn confirm(shop: &Shop, parcel: &[Offered]) -> u64 {
    let request = Confirm { deliveries: parcel.iter().map(|offer| offer.id).collect() };
    shop.ops(&shop.orders).confirm(&call(), request).await.unwrap().confirmed
}

/// Has everything arrive, be confirmed and be handled, with so much time passing in between, until nothing is open.
pub(crate) async fn settle(shop: &Shop, broker: &Broker, both: (&RunningEvents, &RunningEvents)) {
    let (producing, listening) = both;
    for _ in 0..500 {
        producing.drain().await.unwrap();
        for parcel in broker.take().await {
            arrive(shop, &parcel).await;
            confirm(shop, &parcel).await;
        }
        listening.drain().await.unwrap();
        if shop.still_open().await == 0 {
            return;
        }
        shop.clock.advance(shop.settings.lease);
    }
    panic!("{} deliveries are still open", shop.still_open().await);
}
