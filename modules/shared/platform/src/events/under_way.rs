use std::sync::{Mutex, PoisonError};

use kernel::{DeliveryId, Failure, Timestamp};

use super::claims::EVENTS;
use super::inbox::Offered;
use crate::db::{Database, Row, Sql as _};
use crate::params;

/// At most so many parcels, and about so many events, of a subscription are sent by one relay and not confirmed.
const PARCELS: usize = 64;
const MOST: usize = 3 * EVENTS;

/// What a relay sent, until it is confirmed or its time is over.
#[derive(Debug, Default)]
pub(super) struct UnderWay(Mutex<Vec<Sent>>);

/// A parcel. It is confirmed as a whole, so one of its deliveries tells of all.
#[derive(Debug, Clone, Copy)]
struct Sent {
    one: DeliveryId,
    events: usize,
    until: Timestamp,
}

impl UnderWay {
    /// Notes that a parcel was sent.
    pub(super) fn add(&self, parcel: &[Offered], until: Timestamp) {
        let Some(first) = parcel.first() else { return };
        self.with(|sent| sent.push(Sent { one: first.id, events: parcel.len(), until }));
    }

    /// Whether there is room for more. Gives how many events were not confirmed in time as well.
    pub(super) async fn room(
        &self,
        database: &Database,
        now: Timestamp,
    ) -> Result<(bool, usize), Failure> {
        if self.has_room() && self.with(|sent| sent.iter().all(|sent| sent.until > now)) {
            return Ok((true, 0));
        }
        // Another process may have been told of the confirmation, so only the database knows.
        let asked = self.with(|sent| sent.iter().map(|sent| sent.one).collect::<Vec<_>>());
        let waiting = unconfirmed(database, &asked).await?;
        let late = self.with(|sent| {
            sent.retain(|sent| waiting.contains(&sent.one));
            let late = sent.iter().filter(|sent| sent.until <= now).map(|sent| sent.events).sum();
            sent.retain(|sent| sent.until > now);
            late
        });
        Ok((self.has_room(), late))
    }

    fn has_room(&self) -> bool {
        self.with(|sent| {
            let events: usize = sent.iter().map(|sent| sent.events).sum();
            sent.len() < PARCELS && events + EVENTS <= MOST
        })
    }

    fn with<T>(&self, what: impl FnOnce(&mut Vec<Sent>) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Those of the deliveries that no inbox confirmed.
async fn unconfirmed(
    database: &Database,
    deliveries: &[DeliveryId],
) -> Result<Vec<DeliveryId>, Failure> {
    let select = format!("SELECT id FROM delivery WHERE id IN {}", database.texts(1));
    let deliveries = serde_json::json!(deliveries).to_string();
    let rows = database.query(&select, params![deliveries]).await?;
    let id = |row: &Row| {
        let id: String = row.try_get_by_index(0).map_err(Failure::internal)?;
        crate::db::parsed(&id)
    };
    rows.iter().map(id).collect()
}
