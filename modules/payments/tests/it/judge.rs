use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use kernel::{Failure, Money};
use payments::{Authorization, Outcome, PaymentProvider, ProviderKey};
use tokio::sync::Semaphore;

/// A provider in memory that behaves as it is told, and knows what it charged.
#[derive(Default)]
pub(crate) struct Judge {
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    answers: BTreeMap<ProviderKey, Outcome>,
    manners: BTreeMap<&'static str, VecDeque<Manner>>,
    asked: BTreeMap<&'static str, u32>,
    purses: BTreeMap<String, Purse>,
}

/// What was done with money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Purse {
    pub(crate) authorized: i64,
    pub(crate) voided: i64,
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
}

impl Purse {
    /// What the buyers don't have.
    pub(crate) fn kept(self) -> i64 {
        self.authorized - self.voided - self.refunded
    }
}

/// How the provider behaves once.
#[derive(Clone)]
pub(crate) enum Manner {
    /// Says no.
    Declines,
    /// Fails without any effect, and says so.
    Fails,
    /// Does it, and its answer is lost.
    LosesAnswer,
    /// The request does not arrive, and nobody knows.
    LosesRequest,
    /// Waits before it does it.
    WaitsBefore(Gate),
    /// Does it, then waits before it answers.
    WaitsAfter(Gate),
}

/// Where a request is held until the test lets it go on.
#[derive(Clone)]
pub(crate) struct Gate {
    arrived: Arc<Semaphore>,
    opened: Arc<Semaphore>,
}

impl Gate {
    pub(crate) fn closed() -> Self {
        Self { arrived: Arc::new(Semaphore::new(0)), opened: Arc::new(Semaphore::new(0)) }
    }

    /// Waits until a request is held here.
    pub(crate) async fn reached(&self) {
        self.arrived.acquire().await.unwrap().forget();
    }

    /// Lets it go on.
    pub(crate) fn open(&self) {
        self.opened.add_permits(1);
    }

    async fn pass(&self) {
        self.arrived.add_permits(1);
        self.opened.acquire().await.unwrap().forget();
    }
}

impl Judge {
    /// How it behaves the next times it is asked for an operation; afterwards it does what it is asked.
    pub(crate) fn next(&self, operation: &'static str, manners: impl IntoIterator<Item = Manner>) {
        self.record.lock().unwrap().manners.entry(operation).or_default().extend(manners);
    }

    /// How often it was asked for an operation.
    pub(crate) fn asked(&self, operation: &'static str) -> u32 {
        self.record.lock().unwrap().asked.get(operation).copied().unwrap_or_default()
    }

    /// What was done with the money of all payments.
    pub(crate) fn money(&self) -> Purse {
        self.record.lock().unwrap().purses.values().fold(Purse::default(), |sum, purse| Purse {
            authorized: sum.authorized + purse.authorized,
            voided: sum.voided + purse.voided,
            captured: sum.captured + purse.captured,
            refunded: sum.refunded + purse.refunded,
        })
    }

    async fn operate(
        &self,
        (operation, key): (&'static str, &ProviderKey),
        effect: impl Fn(&mut Purse) -> bool + Send,
    ) -> Result<Outcome, Failure> {
        let manner = {
            let mut record = self.record.lock().unwrap();
            *record.asked.entry(operation).or_default() += 1;
            record.manners.entry(operation).or_default().pop_front()
        };
        match manner {
            Some(Manner::Fails) => Err(Failure::unavailable("fails").not_executed()),
            Some(Manner::LosesRequest) => Err(Failure::unavailable("the request was lost")),
            Some(Manner::LosesAnswer) => {
                self.settle(key, &effect);
                Err(Failure::unavailable("the answer was lost"))
            }
            Some(Manner::Declines) => Ok(self.settle(key, &|_: &mut Purse| false)),
            Some(Manner::WaitsBefore(gate)) => {
                gate.pass().await;
                Ok(self.settle(key, &effect))
            }
            Some(Manner::WaitsAfter(gate)) => {
                let outcome = self.settle(key, &effect);
                gate.pass().await;
                Ok(outcome)
            }
            None => Ok(self.settle(key, &effect)),
        }
    }

    fn settle(&self, key: &ProviderKey, effect: &dyn Fn(&mut Purse) -> bool) -> Outcome {
        let mut record = self.record.lock().unwrap();
        if let Some(earlier) = record.answers.get(key) {
            return earlier.clone();
        }
        let payment = key.as_str().split('/').next().unwrap().to_owned();
        let outcome = if effect(record.purses.entry(payment).or_default()) {
            Outcome::Done { reference: "money".to_owned() }
        } else {
            Outcome::Declined { decline_code: "refused".to_owned() }
        };
        record.answers.insert(key.clone(), outcome.clone());
        outcome
    }
}

#[async_trait]
impl PaymentProvider for Judge {
    fn code(&self) -> &'static str {
        "judge"
    }

    async fn authorize(
        &self,
        key: &ProviderKey,
        authorization: &Authorization,
    ) -> Result<Outcome, Failure> {
        let amount = authorization.amount.amount();
        let effect = |money: &mut Purse| {
            money.authorized += amount;
            true
        };
        self.operate(("authorize", key), effect).await
    }

    async fn capture(&self, key: &ProviderKey, _: &str, amount: Money) -> Result<Outcome, Failure> {
        let effect = |money: &mut Purse| {
            let allowed = money.voided == 0 && money.captured + amount.amount() <= money.authorized;
            if allowed {
                money.captured += amount.amount();
            }
            allowed
        };
        self.operate(("capture", key), effect).await
    }

    async fn void(&self, key: &ProviderKey, _: &str) -> Result<Outcome, Failure> {
        let effect = |money: &mut Purse| {
            let allowed = money.captured == 0;
            if allowed {
                money.voided = money.authorized;
            }
            allowed
        };
        self.operate(("void", key), effect).await
    }

    async fn refund(&self, key: &ProviderKey, _: &str, amount: Money) -> Result<Outcome, Failure> {
        let effect = |money: &mut Purse| {
            let allowed = money.refunded + amount.amount() <= money.captured;
            if allowed {
                money.refunded += amount.amount();
            }
            allowed
        };
        self.operate(("refund", key), effect).await
    }

    async fn find(&self, key: &ProviderKey) -> Result<Option<Outcome>, Failure> {
        let mut record = self.record.lock().unwrap();
        *record.asked.entry("find").or_default() += 1;
        match record.manners.entry("find").or_default().pop_front() {
            Some(_) => Err(Failure::unavailable("the answer was lost")),
            None => Ok(record.answers.get(key).cloned()),
        }
    }
}
