use std::sync::Arc;
use std::time::Duration;

use kernel::{
    Call, CallError, Currency, IdempotencyKey, Money, OrderId, PaymentId, Principal, Secret, UserId,
};
use payments::{CaptureMoment, MODULE, PaymentsModule, PaymentsSettings, audit};
use payments_contract::{
    Authorize, AuthorizeRefusal, Capture, GetPayment, Payment, PaymentOwner, PaymentRefusal,
    PaymentStatus, Payments, Refund, Void,
};
use platform::{Database, FromQueryResult, Sql as _, params};
use testkit::{ManualClock, on_each_engine};

use crate::judge::{Gate, Judge};

/// What a payment is of, unless a test says otherwise.
pub(crate) const AMOUNT: i64 = 1_000;

/// The module with its provider, on a database of its own.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) payments: Arc<PaymentsModule>,
    pub(crate) judge: Arc<Judge>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) database: Database,
}

#[derive(FromQueryResult)]
struct Told {
    name: String,
    data: String,
}

/// Runs a test on each engine, with money taken at dispatch.
pub(crate) async fn staged(test: impl AsyncFn(Stage)) {
    staged_with(CaptureMoment::AtDispatch, test).await;
}

/// Runs a test on each engine.
pub(crate) async fn staged_with(capture: CaptureMoment, test: impl AsyncFn(Stage)) {
    on_each_engine("payments", async |database| {
        let (judge, clock) = (Arc::new(Judge::default()), Arc::new(ManualClock::default()));
        let payments = PaymentsModule::new(
            database.clone(),
            Arc::<ManualClock>::clone(&clock),
            vec![Arc::<Judge>::clone(&judge)],
            PaymentsSettings { capture },
        );
        let stage = Stage { payments: Arc::new(payments), judge, clock, database };
        test(stage.clone()).await;
        assert_eq!(audit(&stage.database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

pub(crate) fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

pub(crate) fn system() -> Call {
    Call::system(MODULE, Duration::from_secs(10))
}

pub(crate) fn staff() -> Call {
    Call::new(MODULE, Principal::Staff { id: UserId::derived("staff") }, Duration::from_secs(10))
}

pub(crate) fn keyed(key: &str) -> Call {
    staff().keyed(IdempotencyKey::parse(key).unwrap())
}

pub(crate) fn wish() -> Authorize {
    Authorize {
        order: OrderId::generate(),
        payment: PaymentId::generate(),
        amount: eur(AMOUNT),
        provider: "judge".to_owned(),
        token: Secret::new("tok"),
        owner: PaymentOwner::User { id: UserId::generate() },
    }
}

impl Stage {
    pub(crate) async fn authorize(
        &self,
        wish: &Authorize,
    ) -> Result<Payment, CallError<AuthorizeRefusal>> {
        self.payments.authorize(&system(), wish.clone()).await
    }

    /// Authorizes in a task of its own.
    pub(crate) fn spawn_authorize(
        &self,
        wish: &Authorize,
    ) -> tokio::task::JoinHandle<Result<Payment, CallError<AuthorizeRefusal>>> {
        let (stage, wish) = (self.clone(), wish.clone());
        tokio::spawn(async move { stage.authorize(&wish).await })
    }

    pub(crate) async fn void(&self, order: OrderId) -> Result<(), CallError<PaymentRefusal>> {
        self.payments.void(&system(), Void { order }).await
    }

    pub(crate) async fn capture(
        &self,
        payment: PaymentId,
    ) -> Result<Payment, CallError<PaymentRefusal>> {
        self.payments.capture(&staff(), Capture { payment }).await
    }

    pub(crate) fn spawn_capture(
        &self,
        payment: PaymentId,
    ) -> tokio::task::JoinHandle<Result<Payment, CallError<PaymentRefusal>>> {
        let stage = self.clone();
        tokio::spawn(async move { stage.capture(payment).await })
    }

    pub(crate) async fn refund(
        &self,
        payment: PaymentId,
        key: &str,
        amount: Option<i64>,
    ) -> Result<Payment, CallError<PaymentRefusal>> {
        let reason = "broken".to_owned().try_into().unwrap();
        let request = Refund { payment, amount: amount.map(eur), reason };
        self.payments.refund(&keyed(key), request).await
    }

    pub(crate) fn spawn_refund(
        &self,
        payment: PaymentId,
        key: &str,
        amount: Option<i64>,
    ) -> tokio::task::JoinHandle<Result<Payment, CallError<PaymentRefusal>>> {
        let (stage, key) = (self.clone(), key.to_owned());
        tokio::spawn(async move { stage.refund(payment, &key, amount).await })
    }

    /// A payment whose money is set aside.
    pub(crate) async fn authorized(&self) -> Authorize {
        let wish = wish();
        self.authorize(&wish).await.unwrap();
        wish
    }

    /// A payment whose money was taken.
    pub(crate) async fn captured(&self) -> Authorize {
        let wish = self.authorized().await;
        self.capture(wish.payment).await.unwrap();
        wish
    }

    pub(crate) async fn payment(&self, payment: PaymentId) -> Payment {
        self.payments.payment(&staff(), GetPayment { payment }).await.unwrap()
    }

    pub(crate) async fn status(&self, payment: PaymentId) -> PaymentStatus {
        self.payment(payment).await.status
    }

    /// What the sweep does when everything that was left half-way is due.
    pub(crate) async fn sweep_later(&self, later: Duration) {
        self.clock.advance(later);
        self.payments.settle_pending().await.unwrap();
    }

    /// The events of a payment in their order, each with its amount.
    pub(crate) async fn told(&self, payment: PaymentId) -> Vec<(String, i64)> {
        let select = "SELECT name, data FROM outbox WHERE key = $1 ORDER BY sequence";
        let rows: Vec<Told> = self.database.all(select, params![payment]).await.unwrap();
        rows.iter().map(Told::parts).collect()
    }
}

impl Told {
    fn parts(&self) -> (String, i64) {
        let data: serde_json::Value = serde_json::from_str(&self.data).unwrap();
        let name = self.name.trim_start_matches("payments.payment-").trim_end_matches(".v1");
        (name.to_owned(), data["amount"]["amount"].as_i64().unwrap())
    }
}

/// Lets a task go as far as the gate, then kills it there, as a crash would.
pub(crate) async fn killed_at<T>(gate: &Gate, task: tokio::task::JoinHandle<T>) {
    gate.reached().await;
    task.abort();
    assert!(task.await.err().unwrap().is_cancelled());
}

pub(crate) fn told(events: &[(&str, i64)]) -> Vec<(String, i64)> {
    events.iter().map(|(name, amount)| ((*name).to_owned(), *amount)).collect()
}
