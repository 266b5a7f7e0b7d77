use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::contract::{Attempt, Channel, ContractDescriptor, Frames, Unanswered};
use kernel::{Call, Failure};
use tokio::sync::Mutex as Turn;
use tokio::time::Instant;

use crate::Introduction;

/// For how long a peer is taken for what it said it was. Its next release may be another.
const KNOWN: Duration = Duration::from_secs(30);
/// For how long calls to a peer are refused that this process does not get along with.
const SHUNNED: Duration = Duration::from_secs(2);

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
    known: BTreeMap<String, Acquaintance>,
}

struct Acquaintance {
    ours: &'static ContractDescriptor,
    met: Mutex<Option<Met>>,
    turn: Turn<()>,
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
            (address, Acquaintance { ours, met: Mutex::default(), turn: Turn::default() })
        };
        Self { channel, known: contracts.into_iter().map(stranger).collect() }
    }

    async fn meet(&self, attempt: &Attempt<'_>) -> Result<(), Failure> {
        let Some(known) = self.known.get(attempt.address) else { return Ok(()) };
        let earlier = known.met();
        if let Some(met) = earlier.as_ref().filter(|met| Instant::now() < met.until) {
            return met.outcome();
        }
        let _turn = match (known.turn.try_lock(), &earlier) {
            (Ok(turn), _) => turn,
            // Somebody else asks; what was so is likely still so.
            (Err(_), Some(met)) => return met.outcome(),
            (Err(_), None) => known.turn.lock().await,
        };
        if let Some(met) = known.met().filter(|met| Instant::now() < met.until) {
            return met.outcome();
        }
        // Who does not say what it is will not answer the call either, or is too old to say.
        let Ok(said) = self.channel.introduction(attempt.address, attempt.call).await else {
            return Ok(());
        };
        let failure = said.meet(known.ours).failure(attempt.address);
        if let Some(failure) = &failure {
            tracing::error!(error = %failure.chain(), "does not get along with {}", attempt.address);
        }
        let until = Instant::now() + if failure.is_some() { SHUNNED } else { KNOWN };
        let met = Met { until, failure };
        *known.met.lock().unwrap_or_else(PoisonError::into_inner) = Some(met.clone());
        met.outcome()
    }
}

impl Acquaintance {
    fn met(&self) -> Option<Met> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Met {
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
