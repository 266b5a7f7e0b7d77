use std::sync::Arc;
use std::time::Duration;

use kernel::{
    Call, CallError, Currency, IdempotencyKey, Money, OrderId, PaymentId, Principal, Secret, UserId,
};
use payments::{MODULE, PaymentFact, PaymentsModule, PaymentsSettings, audit, facts};
use payments_contract::{
    Authorize, AuthorizeRefusal, Capture, Payment, PaymentOwner, PaymentRefusal, PaymentStatus,
    Payments, Refund, Void,
};
use payments_sandbox::{LedgerEntry, SandboxProvider, ledger};
use platform::Database;
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
        let call = Call::new(MODULE, Principal::Staff { id: UserId::generate() }, PATIENCE)
            .keyed(IdempotencyKey::parse("a").unwrap());
        let (payment, reason) = (wish.payment, "broken".to_owned().try_into().unwrap());
        self.payments.refund(&call, Refund { payment, amount: Some(eur(amount)), reason }).await
    }

    pub(crate) async fn sweep_later(&self, later: Duration) {
        self.clock.advance(later);
        self.payments.settle_pending().await.unwrap();
    }

    /// What the sandbox recorded of a payment.
    pub(crate) async fn entry(&self, wish: &Authorize) -> Option<LedgerEntry> {
        let entries = ledger(&self.theirs, None, 10_000).await.unwrap();
        entries.into_iter().find(|entry| entry.payment == wish.payment)
    }

    pub(crate) async fn fact(&self, wish: &Authorize) -> Option<PaymentFact> {
        let facts = facts(&self.ours, None, 10_000).await.unwrap();
        facts.into_iter().find(|fact| fact.payment == wish.payment)
    }

    /// Both records say the same of every payment.
    pub(crate) async fn agrees(&self) {
        assert_eq!(audit(&self.ours).await.unwrap(), Vec::<String>::new());
        let entries = ledger(&self.theirs, None, 10_000).await.unwrap();
        let facts = facts(&self.ours, None, 10_000).await.unwrap();
        for fact in &facts {
            let theirs = entries.iter().find(|entry| entry.payment == fact.payment);
            let voided = if fact.status == PaymentStatus::Voided { fact.authorized } else { 0 };
            let ours = (fact.authorized, voided, fact.captured, fact.refunded);
            assert_eq!(theirs.map_or((0, 0, 0, 0), moved), ours, "{fact:?}");
        }
        for entry in entries {
            assert!(entry.charges <= 1, "{entry:?}");
            assert!(facts.iter().any(|fact| fact.payment == entry.payment), "{entry:?}");
        }
    }
}

fn moved(entry: &LedgerEntry) -> (i64, i64, i64, i64) {
    (entry.authorized, entry.voided, entry.captured, entry.refunded)
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
