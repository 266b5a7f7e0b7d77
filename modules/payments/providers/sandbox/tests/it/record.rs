use std::time::Duration;

use kernel::{Executed, Money, OrderId, PaymentId, RefundId};
use payments::{Authorization, Outcome, PaymentProvider as _, ProviderKey};
use platform::ops::Audited as _;

use crate::stage::{AMOUNT, Stage, alone, eur, staged, wish};

async fn charged(stage: &Stage) -> (OrderId, PaymentId, String) {
    let wish = wish("tok_ok");
    stage.authorize(&wish).await.unwrap();
    let found = stage.sandbox.find(&ProviderKey::authorize(wish.payment)).await.unwrap();
    let Some(Outcome::Done { reference }) = found else { panic!("{found:?}") };
    (wish.order, wish.payment, reference)
}

fn is_done(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done { .. })
}

#[tokio::test]
async fn no_more_is_taken_than_was_set_aside_and_no_more_given_back_than_was_taken() {
    alone(async |stage| {
        let (order, payment, money) = charged(&stage).await;
        let (sandbox, key) = (&stage.sandbox, ProviderKey::capture(payment));
        let refund = || ProviderKey::refund(payment, RefundId::generate());
        let yen = Money::new(1, "JPY".parse().unwrap());

        assert!(!is_done(&sandbox.refund(&refund(), &money, eur(1)).await.unwrap()));
        let other = ProviderKey::capture(PaymentId::generate());
        assert!(!is_done(&sandbox.capture(&other, &money, eur(AMOUNT + 1)).await.unwrap()));
        let other = ProviderKey::capture(PaymentId::generate());
        assert!(!is_done(&sandbox.capture(&other, &money, yen).await.unwrap()));
        assert!(is_done(&sandbox.capture(&key, &money, eur(AMOUNT)).await.unwrap()));
        assert!(is_done(&sandbox.refund(&refund(), &money, eur(600)).await.unwrap()));
        assert!(!is_done(&sandbox.refund(&refund(), &money, eur(401)).await.unwrap()));
        assert!(is_done(&sandbox.refund(&refund(), &money, eur(400)).await.unwrap()));

        let moved = stage.record(order).await.unwrap();
        assert_eq!((moved.captured, moved.refunded), (AMOUNT, AMOUNT));
    })
    .await;
}

#[tokio::test]
async fn what_was_let_go_of_is_not_taken_and_what_was_taken_is_not_let_go_of() {
    alone(async |stage| {
        let sandbox = &stage.sandbox;
        let (_, voided, kept) = charged(&stage).await;
        let (_, captured, taken) = charged(&stage).await;
        let void = ProviderKey::void;

        assert!(is_done(&sandbox.void(&void(voided), &kept).await.unwrap()));
        let key = ProviderKey::capture(voided);
        assert!(!is_done(&sandbox.capture(&key, &kept, eur(AMOUNT)).await.unwrap()));
        let key = ProviderKey::capture(captured);
        assert!(is_done(&sandbox.capture(&key, &taken, eur(AMOUNT)).await.unwrap()));
        assert!(!is_done(&sandbox.void(&void(captured), &taken).await.unwrap()));
        let nothing = PaymentId::generate();
        assert!(!is_done(&sandbox.void(&void(nothing), "nothing").await.unwrap()));
    })
    .await;
}

#[tokio::test]
async fn every_operation_answers_its_repeat_from_the_record() {
    alone(async |stage| {
        let sandbox = &stage.sandbox;
        let (order, payment, money) = charged(&stage).await;
        let (capture, void) = (ProviderKey::capture(payment), ProviderKey::void(payment));
        let refund = ProviderKey::refund(payment, RefundId::generate());

        for _ in 0..2 {
            assert!(is_done(&sandbox.capture(&capture, &money, eur(AMOUNT)).await.unwrap()));
            assert!(is_done(&sandbox.refund(&refund, &money, eur(300)).await.unwrap()));
            assert!(!is_done(&sandbox.void(&void, &money).await.unwrap()));
        }

        for (key, done) in [(&capture, true), (&refund, true), (&void, false)] {
            assert_eq!(sandbox.find(key).await.unwrap().map(|found| is_done(&found)), Some(done));
        }
        let unheard_of = ProviderKey::capture(PaymentId::generate());
        assert_eq!(sandbox.find(&unheard_of).await.unwrap(), None);
        let moved = stage.record(order).await.unwrap();
        assert_eq!((moved.captured, moved.refunded, moved.voided), (AMOUNT, 300, 0));
    })
    .await;
}

#[tokio::test]
async fn the_failures_of_a_key_are_counted_across_restarts() {
    alone(async |stage| {
        let wish = wish("tok_error");
        let key = ProviderKey::authorize(wish.payment);
        let authorization = Authorization {
            payment: wish.payment,
            order: wish.order,
            amount: wish.amount,
            token: wish.token,
        };

        for restarted in [&stage, &stage.restarted()] {
            let failure = restarted.sandbox.authorize(&key, &authorization).await.unwrap_err();
            assert_eq!(failure.executed, Executed::No);
            assert_eq!(stage.sandbox.find(&key).await.unwrap(), None);
        }
        assert!(is_done(&stage.sandbox.authorize(&key, &authorization).await.unwrap()));
    })
    .await;
}

#[tokio::test]
async fn the_record_comes_by_order_in_pages_and_shows_what_was_charged_twice() {
    alone(async |stage| {
        let wishes = [wish("tok_ok"), wish("tok_ok"), wish("tok_ok")];
        for wish in &wishes {
            stage.authorize(wish).await.unwrap();
        }
        let doubled = Authorization {
            payment: wishes[1].payment,
            order: wishes[1].order,
            amount: eur(5),
            token: wishes[1].token.clone(),
        };
        let key = ProviderKey::authorize(PaymentId::generate());
        stage.sandbox.authorize(&key, &doubled).await.unwrap();

        let first = stage.sandbox.facts(None, 2).await.unwrap();
        let second = stage.sandbox.facts(Some(first[1].order), 2).await.unwrap();

        let orders: Vec<_> = first.iter().chain(&second).map(|fact| fact.order).collect();
        assert_eq!(orders, wishes.each_ref().map(|wish| wish.order));
        let amounts = &first[1].amounts;
        assert_eq!((amounts["charges"], amounts["authorized"]), (2, AMOUNT + 5));
    })
    .await;
}

#[tokio::test]
async fn the_record_says_when_money_last_moved() {
    staged(async |stage| {
        let wish = wish("tok_ok");
        stage.authorize(&wish).await.unwrap();
        let changed = async || stage.sandbox.facts(None, 1).await.unwrap()[0].changed_at;
        let authorized = changed().await;

        stage.clock.advance(Duration::from_mins(1));
        stage.capture(&wish).await;

        assert_eq!(changed().await, authorized.plus(Duration::from_mins(1)));
    })
    .await;
}
