use std::time::Duration;

use kernel::{CallError, OrderId};
use payments_contract::{AuthorizeRefusal, PaymentRefusal, PaymentStatus, Payments, Void};

use crate::judge::{Gate, Manner};
use crate::stage::{AMOUNT, eur, killed_at, staff, staged, told, wish};

#[tokio::test]
async fn an_order_that_was_voided_before_it_was_authorized_is_never_charged() {
    staged(async |stage| {
        let wish = wish();

        for _ in 0..2 {
            stage.void(wish.order).await.unwrap();
        }
        let refused = stage.authorize(&wish).await;

        assert!(
            matches!(refused, Err(CallError::Refused(AuthorizeRefusal::OrderClosed))),
            "{refused:?}"
        );
        assert_eq!(stage.judge.asked("authorize"), 0);
        assert_eq!(stage.told(wish.payment).await, []);
    })
    .await;
}

#[tokio::test]
async fn money_that_was_set_aside_is_let_go_of_once() {
    staged(async |stage| {
        let wish = stage.authorized().await;

        for _ in 0..2 {
            stage.void(wish.order).await.unwrap();
        }
        let (again, capture) = (stage.authorize(&wish).await, stage.capture(wish.payment).await);

        assert!(matches!(again, Err(CallError::Refused(AuthorizeRefusal::OrderClosed))));
        assert!(matches!(capture, Err(CallError::Refused(PaymentRefusal::NotCapturable))));
        assert_eq!((stage.judge.asked("void"), stage.judge.money().kept()), (1, 0));
        let payment = stage.payment(wish.payment).await;
        assert_eq!((payment.status, payment.authorized), (PaymentStatus::Voided, eur(AMOUNT)));
        let events = [("authorized", AMOUNT), ("voided", AMOUNT)];
        assert_eq!(stage.told(wish.payment).await, told(&events));
    })
    .await;
}

#[tokio::test]
async fn what_is_left_of_captured_money_is_given_back() {
    staged(async |stage| {
        let wish = stage.captured().await;
        stage.refund(wish.payment, "a", Some(300)).await.unwrap();

        for _ in 0..2 {
            stage.void(wish.order).await.unwrap();
        }

        assert_eq!(stage.judge.money().kept(), 0);
        assert_eq!(stage.status(wish.payment).await, PaymentStatus::Refunded);
        let events =
            [("authorized", AMOUNT), ("captured", AMOUNT), ("refunded", 300), ("refunded", AMOUNT)];
        assert_eq!(stage.told(wish.payment).await, told(&events));
    })
    .await;
}

#[tokio::test]
async fn a_void_while_the_provider_is_asked_ends_with_no_money_set_aside() {
    staged(async |stage| {
        for manner in [Manner::WaitsBefore, Manner::WaitsAfter] {
            let (wish, gate) = (wish(), Gate::closed());
            stage.judge.next("authorize", [manner(gate.clone())]);
            let authorizing = stage.spawn_authorize(&wish);
            gate.reached().await;

            stage.void(wish.order).await.unwrap();
            gate.open();
            let refused = authorizing.await.unwrap();

            assert!(
                matches!(refused, Err(CallError::Refused(AuthorizeRefusal::OrderClosed))),
                "{refused:?}"
            );
            assert_eq!(stage.status(wish.payment).await, PaymentStatus::Voided);
            let events = [("authorized", AMOUNT), ("voided", AMOUNT)];
            assert_eq!(stage.told(wish.payment).await, told(&events));
        }
        assert_eq!(stage.judge.money().kept(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_request_that_arrives_after_its_sender_died_and_the_order_was_voided_is_undone() {
    staged(async |stage| {
        let wish = wish();
        stage.judge.next("authorize", [Manner::LosesAnswer]);
        stage.judge.next("find", [Manner::Fails, Manner::Fails]);
        assert!(stage.authorize(&wish).await.is_err());

        assert!(stage.void(wish.order).await.is_err(), "the provider could not be asked");
        stage.sweep_later(Duration::from_secs(4)).await;

        assert_eq!(stage.status(wish.payment).await, PaymentStatus::Voided);
        assert_eq!(stage.judge.money().kept(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_request_that_never_arrived_is_given_up_once_it_can_not_arrive_any_more() {
    staged(async |stage| {
        let (wish, gate) = (wish(), Gate::closed());
        stage.judge.next("authorize", [Manner::WaitsBefore(gate.clone())]);
        killed_at(&gate, stage.spawn_authorize(&wish)).await;

        stage.void(wish.order).await.unwrap();
        stage.sweep_later(Duration::from_secs(4)).await;
        let meanwhile = stage.status(wish.payment).await;
        stage.sweep_later(Duration::from_secs(30)).await;

        assert_eq!(meanwhile, PaymentStatus::Pending, "the request may still be on its way");
        assert_eq!(stage.status(wish.payment).await, PaymentStatus::Voided);
        assert_eq!(stage.told(wish.payment).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_void_while_the_money_is_taken_leaves_the_buyer_with_it() {
    staged(async |stage| {
        for (manner, status) in [
            (Manner::WaitsBefore as fn(Gate) -> Manner, PaymentStatus::Voided),
            (Manner::WaitsAfter, PaymentStatus::Refunded),
        ] {
            let (wish, gate) = (stage.authorized().await, Gate::closed());
            stage.judge.next("capture", [manner(gate.clone())]);
            let capturing = stage.spawn_capture(wish.payment);
            gate.reached().await;

            stage.void(wish.order).await.unwrap();
            gate.open();
            let captured = capturing.await.unwrap();

            match captured {
                Ok(payment) => assert_eq!(payment.status, PaymentStatus::Refunded),
                Err(CallError::Refused(PaymentRefusal::NotCapturable)) => {}
                Err(other) => panic!("{other:?}"),
            }
            assert_eq!(stage.status(wish.payment).await, status);
            assert_eq!(stage.judge.money().kept(), 0);
        }
    })
    .await;
}

#[tokio::test]
async fn a_crash_while_money_is_let_go_of_is_made_good_by_a_repeat_and_by_the_sweep() {
    staged(async |stage| {
        for repeats in [true, false] {
            let (wish, gate) = (stage.authorized().await, Gate::closed());
            stage.judge.next("void", [Manner::WaitsAfter(gate.clone())]);
            let voiding = {
                let (stage, order) = (stage.clone(), wish.order);
                tokio::spawn(async move { stage.void(order).await })
            };
            killed_at(&gate, voiding).await;

            if repeats {
                stage.void(wish.order).await.unwrap();
            } else {
                stage.sweep_later(Duration::from_secs(4)).await;
            }

            assert_eq!(stage.status(wish.payment).await, PaymentStatus::Voided);
            let events = [("authorized", AMOUNT), ("voided", AMOUNT)];
            assert_eq!(stage.told(wish.payment).await, told(&events));
        }
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_refuses_to_give_the_rest_back_is_asked_again_when_the_void_is_repeated() {
    staged(async |stage| {
        let wish = stage.captured().await;
        stage.judge.next("refund", [Manner::Declines]);

        let refused = stage.void(wish.order).await;
        let found = payments::audit(&stage.database).await.unwrap();
        stage.void(wish.order).await.unwrap();

        assert!(matches!(refused, Err(CallError::Failed(_))), "{refused:?}");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(stage.judge.money().kept(), 0);
    })
    .await;
}

#[tokio::test]
async fn only_modules_void() {
    staged(async |stage| {
        let denied = stage.payments.void(&staff(), Void { order: OrderId::generate() }).await;

        assert!(matches!(denied, Err(CallError::Failed(_))), "{denied:?}");
    })
    .await;
}
