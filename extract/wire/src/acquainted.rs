use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::contract::{Attempt, Channel, ContractDescriptor, Frames, Unanswered};
use kernel::{Call, Failure};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};
use tokio::time::Instant;

use crate::Introduction;

/// For how long a peer is taken for what it said it was. Its next release may be another.
const KNOWN: Duration = Duration::from_secs(30);
/// For how long calls to a peer are refused that this process does not get along with.
const SHUNNED: Duration = Duration::from_secs(2);
/// For how long a peer is waited for to say what it is, whatever time the call has that asks.
const PATIENCE: Duration = Duration::from_secs(5);

/// A channel whose peers say what they serve.
#[async_trait]
pub trait Introduces: Channel {
    /// What whoever serves a contract says of it, until the call's deadline.
    async fn introduction(&self, address: &str, call: &Call) -> Result<Introduction, Unanswered>;
}

/// A channel that gets to know its peers before it calls them, and again now and then. A call to one that it does not get
/// along with is not made; its failure names the fields.
pub struct Acquainted {
    channel: Arc<dyn Introduces>,
    known: BTreeMap<String, Arc<Acquaintance>>,
}

struct Acquaintance {
    ours: &'static ContractDescriptor,
    met: Mutex<Option<Met>>,
    turn: Arc<Turn<()>>,
}

#[derive(Clone)]
struct Met {
    until: Instant,
    failure: Option<Failure>,
}

impl Acquainted {
    /// Knows these contracts by their addresses; others are called unasked.
    pub fn new(
        channel: Arc<dyn Introduces>,
        contracts: impl IntoIterator<Item = (String, &'static ContractDescriptor)>,
    ) -> Self {
        let stranger = |(address, ours)| {
            (address, Arc::new(Acquaintance { ours, met: Mutex::default(), turn: Arc::default() }))
        };
        Self { channel, known: contracts.into_iter().map(stranger).collect() }
    }

    async fn meet(&self, attempt: &Attempt<'_>) -> Result<(), Failure> {
        let Some(known) = self.known.get(attempt.address) else { return Ok(()) };
        let earlier = known.met();
        if let Some(met) = earlier.as_ref().filter(|met| Instant::now() < met.until) {
            return met.outcome();
        }
        match (Arc::clone(&known.turn).try_lock_owned(), earlier) {
            (Ok(turn), _) => self.ask(known, attempt, turn).await,
            // Somebody else asks; what was so is likely still so.
            (Err(_), Some(met)) => return met.outcome(),
            (Err(_), None) => drop(known.turn.lock().await),
        }
        // Who does not say what it is will not answer the call either, or is too old to say.
        known.met().map_or(Ok(()), |met| met.outcome())
    }

    /// Asks to the end, even if the caller goes away: its time may be short, and others wait for the same.
    async fn ask(
        &self,
        known: &Arc<Acquaintance>,
        attempt: &Attempt<'_>,
        turn: OwnedMutexGuard<()>,
    ) {
        let (channel, known) = (Arc::clone(&self.channel), Arc::clone(known));
        let address = attempt.address.to_owned();
        let deadline = std::time::Instant::now() + PATIENCE;
        let call = Call { deadline, ..attempt.call.clone() };
        let asking = tokio::spawn(async move {
            let said = channel.introduction(&address, &call).await;
            known.note(said.ok(), &address);
            drop(turn);
        });
        // One that panicked has said nothing.
        let _asked = asking.await;
    }
}

impl Acquaintance {
    fn met(&self) -> Option<Met> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, said: Option<Introduction>, address: &str) {
        let met = said.map(|said| Met::of(said.meet(self.ours).failure(address)));
        if let Some(failure) = met.as_ref().and_then(|met| met.failure.as_ref()) {
            tracing::error!(error = %failure.chain(), "does not get along with {address}");
        }
        *self.met.lock().unwrap_or_else(PoisonError::into_inner) = met;
    }
}

impl Met {
    fn of(failure: Option<Failure>) -> Self {
        let until = Instant::now() + if failure.is_some() { SHUNNED } else { KNOWN };
        Self { until, failure }
    }

    fn outcome(&self) -> Result<(), Failure> {
        self.failure.clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl Channel for Acquainted {
    async fn call(&self, attempt: Attempt<'_>) -> Result<Bytes, Unanswered> {
        self.meet(&attempt).await?;
        self.channel.call(attempt).await
    }

    async fn open(&self, attempt: Attempt<'_>) -> Result<Frames, Unanswered> {
        self.meet(&attempt).await?;
        self.channel.open(attempt).await
    }
}
