use std::collections::BTreeMap;
use std::io;

use kernel::Failure;

use super::inbox::Offered;

/// What an offer has besides its events, as JSON.
pub(super) const WRAPPING: usize = 64;

/// Offers as they are sent.
pub(super) struct Parcels {
    /// What goes together. No two of them have events of one key, so that none can overtake another.
    pub(super) parcels: Vec<Vec<Offered>>,
    /// Events that are larger than a parcel may be, with their size. They hold back the later ones of their keys.
    pub(super) too_large: Vec<(Offered, usize)>,
}

/// The first events of one key.
#[derive(Default)]
struct Bundle {
    events: Vec<Offered>,
    size: usize,
    full: bool,
}

impl Parcels {
    /// Packs offers, which are in order per key, into parcels of at most so many bytes. What does not fit into the parcel of
    /// its key is left out: it is offered when those before it are confirmed.
    pub(super) fn pack(offers: Vec<Offered>, largest: usize) -> Result<Self, Failure> {
        if largest == usize::MAX {
            return Ok(Self { parcels: vec![offers], too_large: Vec::new() });
        }
        let room = largest.saturating_sub(WRAPPING);
        let (mut bundles, mut too_large) = (BTreeMap::<String, Bundle>::new(), Vec::new());
        for offer in offers {
            let bundle = bundles.entry(offer.envelope.subject.clone()).or_default();
            if bundle.full {
                continue;
            }
            let size = size(&offer)?;
            if bundle.size + size <= room {
                bundle.size += size;
                bundle.events.push(offer);
                continue;
            }
            bundle.full = true;
            if bundle.events.is_empty() {
                too_large.push((offer, size));
            }
        }
        Ok(Self { parcels: filled(bundles.into_values(), room), too_large })
    }
}

fn filled(bundles: impl Iterator<Item = Bundle>, room: usize) -> Vec<Vec<Offered>> {
    let (mut parcels, mut left) = (Vec::<Vec<Offered>>::new(), 0);
    for Bundle { events, size, .. } in bundles.filter(|bundle| !bundle.events.is_empty()) {
        if let Some(parcel) = parcels.last_mut().filter(|_| size <= left) {
            left -= size;
            parcel.extend(events);
        } else {
            left = room.saturating_sub(size);
            parcels.push(events);
        }
    }
    parcels
}

/// How many bytes it has as JSON, with the comma behind it.
pub(super) fn size(offer: &Offered) -> Result<usize, Failure> {
    let mut counted = Counted(1);
    serde_json::to_writer(&mut counted, offer).map_err(Failure::internal)?;
    Ok(counted.0)
}

struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kernel::{DeliveryId, Envelope, EventId, Timestamp};

    use super::*;

    fn offer(key: &str, sequence: u64, bytes: usize) -> Offered {
        let envelope = Envelope {
            specversion: "1.0".to_owned(),
            id: EventId::derived(key),
            source: "/galleria/orders".to_owned(),
            name: "orders.order-changed.v1".to_owned(),
            time: Timestamp::from_micros(0),
            subject: key.to_owned(),
            sequence,
            traceparent: None,
            data: "x".repeat(bytes).into(),
        };
        let subscription = "payments.note-order-changed".to_owned();
        Offered { id: DeliveryId::derived(key), subscription, generation: 1, envelope }
    }

    fn packed(
        offers: &[(&str, u64, usize)],
        largest: usize,
    ) -> (Vec<Vec<(String, u64)>>, Vec<u64>) {
        let offers = offers.iter().map(|(key, sequence, bytes)| offer(key, *sequence, *bytes));
        let Parcels { parcels, too_large } = Parcels::pack(offers.collect(), largest).unwrap();
        let name = |offer: Offered| (offer.envelope.subject, offer.envelope.sequence);
        for parcel in &parcels {
            let body = serde_json::json!({ "deliveries": parcel }).to_string();
            assert!(body.len() <= largest, "{} > {largest}", body.len());
        }
        let parcels = parcels.into_iter().map(|parcel| parcel.into_iter().map(name).collect());
        (parcels.collect(), too_large.into_iter().map(|(it, _)| it.envelope.sequence).collect())
    }

    fn named(events: &[(&str, u64)]) -> Vec<(String, u64)> {
        events.iter().map(|(key, sequence)| ((*key).to_owned(), *sequence)).collect()
    }

    #[test]
    fn a_key_has_its_first_events_in_one_parcel_and_the_rest_in_none() {
        let offers = [("a", 1, 900), ("b", 1, 900), ("a", 2, 900), ("b", 2, 10), ("a", 3, 900)];

        let (parcels, too_large) = packed(&offers, 3_000);

        assert_eq!(parcels, [named(&[("a", 1), ("a", 2)]), named(&[("b", 1), ("b", 2)])]);
        assert_eq!(too_large, [0; 0]);
    }

    #[test]
    fn keys_share_a_parcel_as_long_as_there_is_room() {
        let offers = [("a", 1, 10), ("b", 1, 10), ("c", 1, 10)];

        let (parcels, _) = packed(&offers, 3_000);

        assert_eq!(parcels, [named(&[("a", 1), ("b", 1), ("c", 1)])]);
    }

    #[test]
    fn an_event_that_fits_nowhere_holds_its_own_key_alone() {
        let offers = [("a", 1, 9_000), ("a", 2, 10), ("b", 1, 10), ("c", 7, 10), ("c", 8, 9_000)];

        let (parcels, too_large) = packed(&offers, 3_000);

        assert_eq!(parcels, [named(&[("b", 1), ("c", 7)])]);
        assert_eq!(too_large, [1]);
    }
}
