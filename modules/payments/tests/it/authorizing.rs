use std::time::Duration;

use kernel::{Call, CallError, Executed, OrderId, PaymentId};
use payments::{CaptureMoment, MODULE};
use payments_contract::{Authorize, AuthorizeRefusal, PaymentStatus, Payments};

use crate::judge::{Gate, Manner};
use crate::stage::{AMOUNT, eur, killed_at, staff, staged, staged_with, system, told, wish};

#[tokio::test]
async fn a_repeat_sets_money_aside_once_and_answers_the_same() {
    staged(async |stage| {
        let wish = wish();

        let first = stage.authorize(&wish).await.unwrap();
        let second = stage.authorize(&wish).await.unwrap();

        assert_eq!(first, second);
        assert_eq!((first.status, first.authorized), (PaymentStatus::Authorized, eur(AMOUNT)));
        assert_eq!((first.captured, first.refunded), (eur(0), eur(0)));
        assert_eq!((stage.judge.asked("authorize"), stage.judge.money().authorized), (1, AMOUNT));
        assert_eq!(stage.told(wish.payment).await, told(&[("authorized", AMOUNT)]));
    })
    .await;
}

#[tokio::test]
async fn the_same_wish_fifty_times_at_once_sets_money_aside_once() {
    staged(async |stage| {
        let wish = wish();

        let callers: Vec<_> = (0..50).map(|_| stage.spawn_authorize(&wish)).collect();
        for caller in callers {
            assert_eq!(caller.await.unwrap().unwrap().status, PaymentStatus::Authorized);
        }

        assert_eq!(stage.judge.money().authorized, AMOUNT);
        assert_eq!(stage.told(wish.payment).await, told(&[("authorized", AMOUNT)]));
    })
    .await;
}

#[tokio::test]
async fn an_order_is_authorized_with_one_content_only() {
    staged(async |stage| {
        let wish = stage.authorized().await;
        let others = [
            Authorize { amount: eur(AMOUNT + 1), ..wish.clone() },
            Authorize { payment: PaymentId::generate(), ..wish.clone() },
            Authorize { order: OrderId::generate(), ..wish.clone() },
        ];

        for other in others {
            let refused = stage.authorize(&other).await;
            assert!(
                matches!(refused, Err(CallError::Refused(AuthorizeRefusal::KeyReused))),
                "{refused:?}"
            );
        }
        assert_eq!(stage.judge.money().authorized, AMOUNT);
    })
    .await;
}

#[tokio::test]
async fn a_declined_payment_stays_declined() {
    staged(async |stage| {
        let wish = wish();
        stage.judge.next("authorize", [Manner::Declines]);

        for _ in 0..2 {
            let refused = stage.authorize(&wish).await;
            let Err(CallError::Refused(AuthorizeRefusal::PaymentDeclined { decline_code })) =
                refused
            else {
                panic!("{refused:?}")
            };
            assert_eq!(decline_code, "refused");
        }

        assert_eq!(stage.judge.asked("authorize"), 1);
        assert_eq!(stage.status(wish.payment).await, PaymentStatus::Declined);
        assert_eq!(stage.payment(wish.payment).await.authorized, eur(0));
        assert_eq!(stage.told(wish.payment).await, []);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_provider_and_a_caller_that_is_no_module_record_nothing() {
    staged(async |stage| {
        let elsewhere = Authorize { provider: "elsewhere".to_owned(), ..wish() };

        let unknown = stage.authorize(&elsewhere).await;
        let denied = stage.payments.authorize(&staff(), wish()).await;

        assert!(matches!(unknown, Err(CallError::Refused(AuthorizeRefusal::UnknownProvider))));
        assert!(matches!(denied, Err(CallError::Failed(_))), "{denied:?}");
        assert_eq!(stage.judge.asked("authorize"), 0);
    })
    .await;
}

#[tokio::test]
async fn what_certainly_had_no_effect_is_tried_again_within_the_call() {
    staged(async |stage| {
        let wish = wish();
        stage.judge.next("authorize", [Manner::Fails, Manner::Fails]);

        let payment = stage.authorize(&wish).await.unwrap();

        assert_eq!(payment.status, PaymentStatus::Authorized);
        assert_eq!((stage.judge.asked("authorize"), stage.judge.asked("find")), (3, 0));
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_with_the_same_key() {
    staged(async |stage| {
        let wish = wish();
        stage.judge.next("authorize", [Manner::LosesAnswer]);

        let payment = stage.authorize(&wish).await.unwrap();

        assert_eq!(payment.status, PaymentStatus::Authorized);
        assert_eq!((stage.judge.asked("authorize"), stage.judge.asked("find")), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn an_outcome_that_nobody_knows_stays_pending_until_it_is_asked_for_again() {
    staged(async |stage| {
        let (lost, arrived) = (wish(), wish());
        stage.judge.next("authorize", [Manner::LosesRequest]);
        let first = stage.authorize(&lost).await;
        stage.judge.next("authorize", [Manner::LosesAnswer]);
        stage.judge.next("find", [Manner::Fails]);
        let second = stage.authorize(&arrived).await;

        for (unknown, wish) in [(first, &lost), (second, &arrived)] {
            let Err(CallError::Failed(failure)) = unknown else { panic!("{unknown:?}") };
            assert_eq!(failure.executed, Executed::Unknown);
            assert_eq!(stage.status(wish.payment).await, PaymentStatus::Pending);
            let settled = stage.authorize(wish).await.unwrap();
            assert_eq!(settled.status, PaymentStatus::Authorized);
        }
        assert_eq!(stage.judge.money().authorized, 2 * AMOUNT);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_hangs_is_waited_for_to_the_deadline_only() {
    staged(async |stage| {
        let (wish, gate) = (wish(), Gate::closed());
        stage.judge.next("authorize", [Manner::WaitsAfter(gate)]);
        let call = Call::system(MODULE, Duration::from_millis(300));

        let unknown = stage.payments.authorize(&call, wish.clone()).await;
        let repeated = stage.authorize(&wish).await.unwrap();

        let Err(CallError::Failed(failure)) = unknown else { panic!("{unknown:?}") };
        assert_eq!(failure.executed, Executed::Unknown);
        assert_eq!(repeated.status, PaymentStatus::Authorized);
        assert_eq!(stage.judge.asked("authorize"), 1);
    })
    .await;
}

#[tokio::test]
async fn a_crash_before_or_after_the_provider_acted_is_made_good_by_a_repeat() {
    staged(async |stage| {
        for manner in [Manner::WaitsBefore, Manner::WaitsAfter] {
            let (wish, gate) = (wish(), Gate::closed());
            stage.judge.next("authorize", [manner(gate.clone())]);
            let before = stage.judge.money().authorized;

            killed_at(&gate, stage.spawn_authorize(&wish)).await;
            let settled = stage.authorize(&wish).await.unwrap();

            assert_eq!(settled.status, PaymentStatus::Authorized);
            assert_eq!(stage.judge.money().authorized - before, AMOUNT);
            assert_eq!(stage.told(wish.payment).await, told(&[("authorized", AMOUNT)]));
        }
    })
    .await;
}

#[tokio::test]
async fn at_once_means_that_the_money_is_taken_with_the_authorization() {
    staged_with(CaptureMoment::AtOnce, async |stage| {
        let wish = wish();

        let first = stage.authorize(&wish).await.unwrap();
        let second = stage.authorize(&wish).await.unwrap();

        assert_eq!((first.status.clone(), first.captured), (PaymentStatus::Captured, eur(AMOUNT)));
        assert_eq!(first, second);
        assert_eq!(stage.judge.asked("capture"), 1);
        let events = [("authorized", AMOUNT), ("captured", AMOUNT)];
        assert_eq!(stage.told(wish.payment).await, told(&events));
    })
    .await;
}

#[tokio::test]
async fn at_once_survives_a_crash_while_the_money_is_taken() {
    staged_with(CaptureMoment::AtOnce, async |stage| {
        let (wish, gate) = (wish(), Gate::closed());
        stage.judge.next("capture", [Manner::WaitsAfter(gate.clone())]);

        killed_at(&gate, stage.spawn_authorize(&wish)).await;
        let settled = stage.authorize(&wish).await.unwrap();

        assert_eq!(settled.status, PaymentStatus::Captured);
        assert_eq!(stage.judge.money().captured, AMOUNT);
    })
    .await;
}

#[tokio::test]
async fn a_call_without_time_left_does_nothing() {
    staged(async |stage| {
        let late = Call { deadline: std::time::Instant::now(), ..system() };

        let refused = stage.payments.authorize(&late, wish()).await;

        let Err(CallError::Failed(failure)) = refused else { panic!("{refused:?}") };
        assert_eq!(failure.executed, Executed::No);
    })
    .await;
}
