use std::time::Duration;

use kernel::{Call, CallError, Currency, Money, PaymentId, Principal, UserId};
use payments_contract::{Payment, PaymentRefusal, PaymentStatus, Payments, Refund};

use crate::judge::{Gate, Manner};
use crate::stage::{AMOUNT, Stage, eur, keyed, killed_at, staff, staged};

fn refusal(result: Result<Payment, CallError<PaymentRefusal>>) -> PaymentRefusal {
    match result {
        Err(CallError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn request(payment: PaymentId, amount: Option<Money>, reason: &str) -> Refund {
    Refund { payment, amount, reason: reason.to_owned().try_into().unwrap() }
}

#[tokio::test]
async fn a_repeat_gives_back_once_and_answers_the_same_for_ever() {
    staged(async |stage| {
        let wish = stage.captured().await;

        let first = stage.refund(wish.payment, "a", Some(300)).await.unwrap();
        stage.refund(wish.payment, "b", None).await.unwrap();
        let repeated = stage.refund(wish.payment, "a", Some(300)).await.unwrap();

        assert_eq!((first.status.clone(), first.refunded), (PaymentStatus::Captured, eur(300)));
        assert!(!first.replayed && repeated.replayed);
        assert_eq!(repeated, Payment { replayed: true, ..first });
        assert_eq!((stage.judge.asked("refund"), stage.judge.money().refunded), (2, AMOUNT));
        assert_eq!(stage.status(wish.payment).await, PaymentStatus::Refunded);
        let events: Vec<_> = stage.told(wish.payment).await.into_iter().skip(2).collect();
        assert_eq!(events, crate::stage::told(&[("refunded", 300), ("refunded", AMOUNT)]));
    })
    .await;
}

#[tokio::test]
async fn a_key_names_one_refund_of_one_payment() {
    staged(async |stage| {
        let (one, other) = (stage.captured().await, stage.captured().await);
        let call = keyed("a");
        stage.payments.refund(&call, request(one.payment, Some(eur(300)), "late")).await.unwrap();

        for (amount, reason) in [(Some(eur(301)), "late"), (None, "late"), (Some(eur(300)), "lost")]
        {
            let reused = stage.payments.refund(&call, request(one.payment, amount, reason)).await;
            assert_eq!(refusal(reused), PaymentRefusal::IdempotencyKeyReused);
        }
        let elsewhere =
            stage.payments.refund(&call, request(other.payment, Some(eur(5)), "x")).await.unwrap();
        let colleague = Principal::Staff { id: UserId::generate() };
        let colleague = Call { principal: colleague, ..call.clone() };
        let again = request(one.payment, Some(eur(300)), "late");
        let by_another = stage.payments.refund(&colleague, again).await.unwrap();

        assert_eq!((elsewhere.refunded, elsewhere.replayed), (eur(5), false));
        assert_eq!((by_another.refunded, by_another.replayed), (eur(600), false));
        assert_eq!(stage.judge.money().refunded, 605);
    })
    .await;
}

#[tokio::test]
async fn fifty_refunds_at_once_never_give_back_more_than_was_taken() {
    staged(async |stage| {
        let wish = stage.captured().await;

        let callers: Vec<_> = (0..50)
            .map(|n| stage.spawn_refund(wish.payment, &format!("key-{n}"), Some(90)))
            .collect();
        let mut done = 0;
        for caller in callers {
            match caller.await.unwrap() {
                Ok(_) => done += 1,
                Err(CallError::Refused(PaymentRefusal::OverRefund { refundable })) => {
                    assert!(refundable < 90);
                }
                Err(other) => panic!("{other:?}"),
            }
        }

        assert_eq!((done, stage.judge.money().refunded), (11, 990));
        assert_eq!(stage.payment(wish.payment).await.refunded, eur(990));
    })
    .await;
}

#[tokio::test]
async fn the_same_key_fifty_times_at_once_gives_back_once() {
    staged(async |stage| {
        let wish = stage.captured().await;

        let callers: Vec<_> =
            (0..50).map(|_| stage.spawn_refund(wish.payment, "a", Some(10))).collect();
        let mut first = 0;
        for caller in callers {
            let payment = caller.await.unwrap().unwrap();
            assert_eq!(payment.refunded, eur(10));
            first += u32::from(!payment.replayed);
        }

        assert_eq!((first, stage.judge.money().refunded), (1, 10));
    })
    .await;
}

#[tokio::test]
async fn more_than_is_left_and_what_is_no_amount_are_refused() {
    staged(async |stage| {
        let (wish, uncaptured) = (stage.captured().await, stage.authorized().await);
        stage.refund(wish.payment, "a", Some(400)).await.unwrap();
        let yen = Money::new(1, "JPY".parse::<Currency>().unwrap());
        let foreign =
            stage.payments.refund(&keyed("b"), request(wish.payment, Some(yen), "x")).await;

        assert_eq!(refusal(foreign), PaymentRefusal::InvalidAmount);
        for (amount, expected) in [
            (Some(601), PaymentRefusal::OverRefund { refundable: 600 }),
            (Some(i64::MAX), PaymentRefusal::OverRefund { refundable: 600 }),
            (Some(0), PaymentRefusal::InvalidAmount),
            (Some(-1), PaymentRefusal::InvalidAmount),
            (Some(i64::MIN), PaymentRefusal::InvalidAmount),
        ] {
            assert_eq!(refusal(stage.refund(wish.payment, "b", amount).await), expected);
        }
        for amount in [None, Some(1)] {
            let nothing = stage.refund(uncaptured.payment, "b", amount).await;
            assert_eq!(refusal(nothing), PaymentRefusal::OverRefund { refundable: 0 });
        }
        let rest = stage.refund(wish.payment, "b", None).await.unwrap();
        assert_eq!((rest.status, rest.refunded), (PaymentStatus::Refunded, eur(AMOUNT)));
    })
    .await;
}

#[tokio::test]
async fn who_may_not_or_names_no_key_or_no_payment_is_refused() {
    staged(async |stage| {
        let wish = stage.captured().await;
        let buyer = Call { principal: Principal::User { id: UserId::generate() }, ..keyed("a") };

        let forbidden = stage.payments.refund(&buyer, request(wish.payment, None, "x")).await;
        let keyless = stage.payments.refund(&staff(), request(wish.payment, None, "x")).await;
        let unknown = stage.refund(PaymentId::generate(), "a", None).await;

        assert_eq!(refusal(forbidden), PaymentRefusal::Forbidden);
        assert_eq!(refusal(keyless), PaymentRefusal::IdempotencyKeyMissing);
        assert_eq!(refusal(unknown), PaymentRefusal::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_the_provider_refused_stays_refused_and_gives_its_share_free() {
    staged(async |stage| {
        let wish = stage.captured().await;
        stage.judge.next("refund", [Manner::Declines]);

        for _ in 0..2 {
            let declined = stage.refund(wish.payment, "a", None).await;
            let decline_code = "refused".to_owned();
            assert_eq!(refusal(declined), PaymentRefusal::RefundDeclined { decline_code });
        }
        let other = stage.refund(wish.payment, "b", None).await.unwrap();

        assert_eq!(other.status, PaymentStatus::Refunded);
        assert_eq!(stage.judge.asked("refund"), 2);
    })
    .await;
}

async fn crashed(stage: &Stage, manner: fn(Gate) -> Manner) -> PaymentId {
    let (wish, gate) = (stage.captured().await, Gate::closed());
    stage.judge.next("refund", [manner(gate.clone())]);
    killed_at(&gate, stage.spawn_refund(wish.payment, "a", Some(300))).await;
    wish.payment
}

#[tokio::test]
async fn a_crash_while_money_is_given_back_gives_it_back_once() {
    staged(async |stage| {
        for manner in [Manner::WaitsBefore as fn(Gate) -> Manner, Manner::WaitsAfter] {
            let before = stage.judge.money().refunded;
            let (repeated, swept) = (crashed(&stage, manner).await, crashed(&stage, manner).await);

            let answer = stage.refund(repeated, "a", Some(300)).await.unwrap();
            stage.sweep_later(Duration::from_secs(4)).await;

            assert!(answer.replayed);
            assert_eq!(stage.payment(swept).await.refunded, eur(300));
            assert_eq!(stage.judge.money().refunded - before, 600);
            let late = stage.refund(swept, "a", Some(300)).await.unwrap();
            assert_eq!((late.replayed, late.refunded), (true, eur(300)));
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_being_given_back_can_not_be_given_back_again() {
    staged(async |stage| {
        let (wish, gate) = (stage.captured().await, Gate::closed());
        stage.judge.next("refund", [Manner::WaitsBefore(gate.clone())]);
        let first = stage.spawn_refund(wish.payment, "a", Some(700));
        gate.reached().await;

        let second = stage.refund(wish.payment, "b", Some(301)).await;
        gate.open();

        assert_eq!(refusal(second), PaymentRefusal::OverRefund { refundable: 300 });
        assert_eq!(first.await.unwrap().unwrap().refunded, eur(700));
    })
    .await;
}
