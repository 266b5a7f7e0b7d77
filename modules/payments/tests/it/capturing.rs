use kernel::{Call, CallError, Executed, PaymentId, Principal, UserId};
use payments::MODULE;
use payments_contract::{Capture, PaymentRefusal, PaymentStatus, Payments};
use std::time::Duration;

use crate::judge::{Gate, Manner};
use crate::stage::{AMOUNT, eur, killed_at, staged, told, wish};

#[tokio::test]
async fn a_repeat_takes_the_money_once() {
    staged(async |stage| {
        let wish = stage.authorized().await;

        let first = stage.capture(wish.payment).await.unwrap();
        let second = stage.capture(wish.payment).await.unwrap();

        assert_eq!(first, second);
        assert_eq!((first.status, first.captured), (PaymentStatus::Captured, eur(AMOUNT)));
        assert_eq!((stage.judge.asked("capture"), stage.judge.money().captured), (1, AMOUNT));
        let events = [("authorized", AMOUNT), ("captured", AMOUNT)];
        assert_eq!(stage.told(wish.payment).await, told(&events));
    })
    .await;
}

#[tokio::test]
async fn twenty_captures_at_once_take_the_money_once() {
    staged(async |stage| {
        let wish = stage.authorized().await;

        let callers: Vec<_> = (0..20).map(|_| stage.spawn_capture(wish.payment)).collect();
        for caller in callers {
            assert_eq!(caller.await.unwrap().unwrap().captured, eur(AMOUNT));
        }

        assert_eq!(stage.judge.money().captured, AMOUNT);
        assert_eq!(stage.told(wish.payment).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_set_aside_is_not_taken() {
    staged(async |stage| {
        let declined = wish();
        stage.judge.next("authorize", [Manner::Declines]);
        stage.authorize(&declined).await.unwrap_err();

        let refused = stage.capture(declined.payment).await;
        let unknown = stage.capture(PaymentId::generate()).await;

        assert!(matches!(refused, Err(CallError::Refused(PaymentRefusal::NotCapturable))));
        assert!(matches!(unknown, Err(CallError::Refused(PaymentRefusal::NotFound))));
        assert_eq!(stage.judge.asked("capture"), 0);
    })
    .await;
}

#[tokio::test]
async fn only_staff_and_modules_take_money() {
    staged(async |stage| {
        let wish = stage.authorized().await;
        let buyer = Principal::User { id: UserId::generate() };
        let call = Call::new(MODULE, buyer, Duration::from_secs(10));

        let refused = stage.payments.capture(&call, Capture { payment: wish.payment }).await;

        assert!(matches!(refused, Err(CallError::Refused(PaymentRefusal::Forbidden))));
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_and_a_failure_take_the_money_once() {
    staged(async |stage| {
        let wish = stage.authorized().await;
        stage.judge.next("capture", [Manner::Fails, Manner::LosesAnswer]);

        let payment = stage.capture(wish.payment).await.unwrap();

        assert_eq!(payment.status, PaymentStatus::Captured);
        assert_eq!(stage.judge.money().captured, AMOUNT);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_outcome_is_settled_by_the_sweep() {
    staged(async |stage| {
        let wish = stage.authorized().await;
        stage.judge.next("capture", [Manner::LosesRequest]);

        let unknown = stage.capture(wish.payment).await;
        stage.sweep_later(Duration::from_secs(4)).await;

        let Err(CallError::Failed(failure)) = unknown else { panic!("{unknown:?}") };
        assert_eq!(failure.executed, Executed::Unknown);
        assert_eq!(stage.status(wish.payment).await, PaymentStatus::Captured);
        assert_eq!(stage.judge.money().captured, AMOUNT);
    })
    .await;
}

#[tokio::test]
async fn a_crash_while_the_money_is_taken_takes_it_once() {
    staged(async |stage| {
        for manner in [Manner::WaitsBefore, Manner::WaitsAfter] {
            for repeats in [true, false] {
                let (wish, gate) = (stage.authorized().await, Gate::closed());
                stage.judge.next("capture", [manner(gate.clone())]);
                let before = stage.judge.money().captured;
                killed_at(&gate, stage.spawn_capture(wish.payment)).await;

                if repeats {
                    stage.capture(wish.payment).await.unwrap();
                } else {
                    stage.sweep_later(Duration::from_secs(4)).await;
                }

                assert_eq!(stage.judge.money().captured - before, AMOUNT);
                assert_eq!(stage.told(wish.payment).await.len(), 2);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_refuses_leaves_the_money_set_aside() {
    staged(async |stage| {
        let wish = stage.authorized().await;
        stage.judge.next("capture", [Manner::Declines]);

        let refused = stage.capture(wish.payment).await;

        assert!(matches!(refused, Err(CallError::Refused(PaymentRefusal::NotCapturable))));
        assert_eq!(stage.status(wish.payment).await, PaymentStatus::Authorized);
    })
    .await;
}
