use std::sync::Arc;

use kernel::{Clock, Failure, FailureKind, Timestamp};
use tokio_util::sync::CancellationToken;

use super::claims::Claims;
use super::deliveries::Deliveries;
use super::inbox::{Inbox, Offered, Taken};
use super::limit::Limit;
use super::parcels::Parcels;
use super::settings::EventSettings;
use super::under_way::UnderWay;
use crate::db::Database;
use crate::{fault, jobs};

/// Tells a module's events to one subscription, whatever becomes of the others. Several processes may do so side by side.
pub struct Relay {
    database: Database,
    clock: Arc<dyn Clock>,
    settings: EventSettings,
    /// Names this relay among those of the processes that share the database.
    owner: String,
    subscription: String,
    inbox: Arc<dyn Inbox>,
    under_way: UnderWay,
    limit: Limit,
}

impl Relay {
    /// A relay from the producer's database to where the subscription's events go.
    pub fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        settings: EventSettings,
        subscription: impl Into<String>,
        inbox: Arc<dyn Inbox>,
    ) -> Self {
        let owner = kernel::EventId::random().to_string();
        let (under_way, limit) = (UnderWay::default(), Limit::default());
        let subscription = subscription.into();
        Self { database, clock, settings, owner, subscription, inbox, under_way, limit }
    }

    /// Relays until it is told to stop: at once when something is published or confirmed, and every now and then.
    pub async fn run(self, stop: CancellationToken) {
        let name = &self.subscription;
        let published = self.database.relays().of(name);
        let mut failed = 0;
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(0) => failed = 0,
                Ok(_) => {
                    failed = 0;
                    continue;
                }
                Err(failure) => {
                    failed += 1;
                    tracing::warn!(subscription = name, error = %failure.chain(), "{name} can't be told its events, offers again");
                    let (first, most) =
                        (self.settings.first_backoff, self.settings.longest_relay_backoff);
                    let wait = jobs::pause(jobs::backoff(first, most, failed));
                    let _stopped = stop.run_until_cancelled(wait).await;
                    continue;
                }
            }
            tokio::select! {
                () = published.notified() => {}
                () = jobs::pause(self.settings.poll) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Offers what is due, once, as far as not too much is under way; gives how many events. A failure lets go of what was
    /// claimed and not taken.
    pub async fn step(&self) -> Result<usize, Failure> {
        let now = self.clock.now();
        let until = now.plus(self.settings.lease);
        if !self.has_room(now).await? {
            return Ok(0);
        }
        let offers = self.claims().take(now, until).await?;
        if offers.is_empty() {
            return Ok(0);
        }
        fault::reach("events.claimed");
        let largest = self.limit.of(self.inbox.as_ref());
        let Parcels { parcels, too_large } = Parcels::pack(offers, largest)?;
        for (offer, size) in &too_large {
            self.complain(offer, *size, largest);
        }
        let mut told = 0;
        for (number, parcel) in parcels.iter().enumerate() {
            if let Err(failure) = self.tell(parcel, until).await {
                if failure.kind == FailureKind::TooLarge {
                    self.limit.lower(parcel)?;
                }
                let left: Vec<_> = parcels[number..].iter().flatten().map(|it| it.id).collect();
                self.claims().let_go(&left, now).await?;
                return Err(failure);
            }
            told += parcel.len();
        }
        Ok(told)
    }

    fn claims(&self) -> Claims<'_> {
        let Self { database, subscription, owner, .. } = self;
        Claims { database, subscription, owner }
    }

    /// Whether more may be sent. What was sent before and not confirmed in time is free to be claimed again.
    async fn has_room(&self, now: Timestamp) -> Result<bool, Failure> {
        let (room, late) = self.under_way.room(&self.database, now).await?;
        if late > 0 {
            let name = &self.subscription;
            tracing::warn!(
                subscription = name,
                events = late,
                "{name} did not confirm {late} events in time, offers them again"
            );
            metrics::counter!("galleria_events_offered_again_total", "subscription" => name.clone())
                .increment(late as u64);
        }
        Ok(room)
    }

    async fn tell(&self, parcel: &[Offered], until: Timestamp) -> Result<(), Failure> {
        match self.inbox.store(parcel).await? {
            Taken::Stored => {
                let ids: Vec<_> = parcel.iter().map(|offer| offer.id).collect();
                Deliveries::new(&self.database).confirm(&ids, self.clock.now()).await?;
            }
            Taken::Sent => self.under_way.add(parcel, until),
        }
        Ok(())
    }

    fn complain(&self, Offered { envelope, .. }: &Offered, size: usize, largest: usize) {
        let name = &self.subscription;
        tracing::error!(
            subscription = name,
            event.id = %envelope.id,
            "an event of {size} bytes is larger than the {largest} that {name} can be told; it holds the later ones of its key"
        );
        metrics::counter!("galleria_events_too_large_total", "subscription" => name.clone())
            .increment(1);
    }
}
