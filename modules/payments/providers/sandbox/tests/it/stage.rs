use std::sync::Arc;
use std::time::Duration;

use kernel::{
    Call, CallError, Currency, IdempotencyKey, Money, OrderId, PaymentId, Principal, Secret, UserId,
};
use payments::{MODULE, PaymentsModule, PaymentsSettings, audit};
use payments_contract::{
    Authorize, AuthorizeRefusal, Capture, Payment, PaymentOwner, PaymentRefusal, Payments, Refund,
    Void,
};
use payments_sandbox::SandboxProvider;
use platform::Database;
use platform::ops::{Audited as _, Fact};
use testkit::{ManualClock, TestDatabase};

pub(crate) const AMOUNT: i64 = 1_000;

/// Payments with the sandbox as their provider.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) payments: Arc<PaymentsModule>,
    pub(crate) sandbox: Arc<SandboxProvider>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ours: Database,
    pub(crate) theirs: Database,
}

/// Runs a test on each engine. Afterwards both records must say the same.
pub(crate) async fn staged(test: impl AsyncFn(Stage)) {
    alone(async |stage| {
        test(stage.clone()).await;
        stage.agrees().await;
    })
    .await;
}

/// Runs a test on each engine that does to the sandbox what the shop never would.
pub(crate) async fn alone(test: impl AsyncFn(Stage)) {
    let ours = TestDatabase::sqlite("payments").await;
    let theirs = TestDatabase::sqlite("sandbox_provider").await;
    eprintln!("on SQLite");
    test(Stage::on(&ours, &theirs)).await;
    let ours = TestDatabase::postgres("payments").await;
    let theirs = TestDatabase::postgres("sandbox_provider").await;
    if let (Some(ours), Some(theirs)) = (ours, theirs) {
        eprintln!("on PostgreSQL");
        test(Stage::on(&ours, &theirs)).await;
    }
}

impl Stage {
    pub(crate) fn on(ours: &TestDatabase, theirs: &TestDatabase) -> Self {
        Self::started(ours.database.clone(), theirs.database.clone())
    }

    /// The same shop after a restart.
    pub(crate) fn restarted(&self) -> Self {
        Self::started(self.ours.clone(), self.theirs.clone())
    }

    fn started(ours: Database, theirs: Database) -> Self {
        let clock = Arc::new(ManualClock::default());
        let sandbox = SandboxProvider::new(theirs.clone(), Arc::<ManualClock>::clone(&clock));
        let sandbox = Arc::new(sandbox);
        let payments = PaymentsModule::new(
            ours.clone(),
            Arc::<ManualClock>::clone(&clock),
            vec![Arc::<SandboxProvider>::clone(&sandbox)],
            PaymentsSettings::default(),
        );
        Self { payments: Arc::new(payments), sandbox, clock, ours, theirs }
    }

    pub(crate) async fn authorize(
        &self,
        wish: &Authorize,
    ) -> Result<Payment, CallError<AuthorizeRefusal>> {
        self.payments.authorize(&system(), wish.clone()).await
    }

    pub(crate) async fn capture(&self, wish: &Authorize) -> Payment {
        self.payments.capture(&system(), Capture { payment: wish.payment }).await.unwrap()
    }

    pub(crate) async fn void(&self, wish: &Authorize) {
        self.payments.void(&system(), Void { order: wish.order }).await.unwrap();
    }

    pub(crate) async fn refund(
        &self,
        wish: &Authorize,
        amount: i64,
    ) -> Result<Payment, CallError<PaymentRefusal>> {
        let call = Call::new(MODULE, Principal::Staff { id: UserId::derived("staff") }, PATIENCE)
            .keyed(IdempotencyKey::parse("a").unwrap());
        let (payment, reason) = (wish.payment, "broken".to_owned().try_into().unwrap());
        self.payments.refund(&call, Refund { payment, amount: Some(eur(amount)), reason }).await
    }

    pub(crate) async fn sweep_later(&self, later: Duration) {
        self.clock.advance(later);
        self.payments.settle_pending().await.unwrap();
    }

    /// What the sandbox recorded of an order's money.
    pub(crate) async fn record(&self, order: OrderId) -> Option<Moved> {
        let facts = self.sandbox.facts(None, 10_000).await.unwrap();
        facts.iter().find(|fact| fact.order == order).map(Moved::of)
    }

    /// What payments recorded of an order's money.
    pub(crate) async fn fact(&self, order: OrderId) -> Option<Fact> {
        let facts = self.payments.facts(None, 10_000).await.unwrap();
        facts.into_iter().find(|fact| fact.order == order)
    }

    /// Both records say the same of every order.
    pub(crate) async fn agrees(&self) {
        assert_eq!(audit(&self.ours).await.unwrap(), Vec::<String>::new());
        let ours = self.payments.facts(None, 10_000).await.unwrap();
        let theirs = self.sandbox.facts(None, 10_000).await.unwrap();
        for fact in &theirs {
            assert!(fact.amounts["charges"] <= 1, "{fact:?}");
            assert!(ours.iter().any(|one| one.order == fact.order), "{fact:?}");
        }
        for fact in &ours {
            let record = theirs.iter().find(|one| one.order == fact.order).map(Moved::of);
            let voided = if fact.state == "voided" { fact.amounts["authorized"] } else { 0 };
            let expected = Moved { voided, ..Moved::of(fact) };
            assert_eq!(record.unwrap_or_default(), expected, "{fact:?}");
        }
    }
}

/// What was done with an order's money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) authorized: i64,
    pub(crate) voided: i64,
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
}

impl Moved {
    fn of(fact: &Fact) -> Self {
        let of = |name: &str| fact.amounts.get(name).copied().unwrap_or_default();
        Self {
            authorized: of("authorized"),
            voided: of("voided"),
            captured: of("captured"),
            refunded: of("refunded"),
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

pub(crate) fn system() -> Call {
    Call::system(MODULE, PATIENCE)
}

pub(crate) fn wish(token: &str) -> Authorize {
    Authorize {
        order: OrderId::generate(),
        payment: PaymentId::generate(),
        amount: eur(AMOUNT),
        provider: "sandbox".to_owned(),
        token: Secret::new(token),
        owner: PaymentOwner::User { id: UserId::generate() },
    }
}
