use std::time::Duration;

use kernel::{Call, CallError, Executed};
use payments::MODULE;
use payments_contract::{AuthorizeRefusal, PaymentStatus, Payments};
use testkit::TestDatabase;

use crate::stage::{AMOUNT, Stage, staged, wish};

async fn pays(stage: &Stage, token: &str) {
    let wish = wish(token);

    let payment = stage.authorize(&wish).await.unwrap();
    let repeated = stage.authorize(&wish).await.unwrap();

    assert_eq!(payment.status, PaymentStatus::Authorized, "{token}");
    assert_eq!(payment, repeated, "{token}");
    assert_eq!(stage.record(wish.order).await.unwrap().authorized, AMOUNT, "{token}");
}

#[tokio::test]
async fn tokens_that_pay_charge_once_whatever_befalls_the_answer() {
    staged(async |stage| {
        for token in ["tok_ok", "tok_lost_answer", "tok_error"] {
            pays(&stage, token).await;
        }
    })
    .await;
}

#[tokio::test]
async fn tokens_that_do_not_pay_say_why_and_charge_nothing() {
    staged(async |stage| {
        for (token, reason) in [
            ("tok_declined", "card_declined"),
            ("tok_insufficient_funds", "insufficient_funds"),
            ("tok_nobody_knows", "unknown_token"),
            ("", "unknown_token"),
        ] {
            let wish = wish(token);
            for _ in 0..2 {
                let declined = stage.authorize(&wish).await;
                let Err(CallError::Refused(AuthorizeRefusal::PaymentDeclined { decline_code })) =
                    declined
                else {
                    panic!("{token}: {declined:?}")
                };
                assert_eq!(decline_code, reason);
            }
            assert_eq!(stage.record(wish.order).await.unwrap().authorized, 0);
        }
    })
    .await;
}

#[tokio::test]
async fn a_slow_answer_that_nobody_waited_for_is_found_by_a_repeat_and_by_the_sweep() {
    staged(async |stage| {
        let (repeated, swept) = (wish("tok_slow"), wish("tok_slow"));
        for wish in [&repeated, &swept] {
            let impatient = Call::system(MODULE, Duration::from_millis(500));
            let unknown = stage.payments.authorize(&impatient, wish.clone()).await;
            let Err(CallError::Failed(failure)) = unknown else { panic!("{unknown:?}") };
            assert_eq!(failure.executed, Executed::Unknown);
        }

        let answered = stage.authorize(&repeated).await.unwrap();
        stage.sweep_later(Duration::from_secs(4)).await;

        assert_eq!(answered.status, PaymentStatus::Authorized);
        assert_eq!(stage.fact(swept.order).await.unwrap().amounts["authorized"], AMOUNT);
    })
    .await;
}

#[tokio::test]
async fn a_slow_answer_comes_after_three_seconds() {
    let ours = TestDatabase::sqlite("payments").await;
    let theirs = TestDatabase::sqlite("sandbox_provider").await;
    let stage = Stage::on(&ours, &theirs);
    let began = std::time::Instant::now();

    let payment = stage.authorize(&wish("tok_slow")).await.unwrap();

    assert_eq!(payment.status, PaymentStatus::Authorized);
    assert!(began.elapsed() >= Duration::from_secs(3));
}
