use std::time::Duration;

use payments::audit;
use payments_contract::PaymentStatus;
use platform::{UnitOfWork, params};

use crate::judge::{Gate, Manner};
use crate::stage::{AMOUNT, eur, killed_at, staged, wish};
use kernel::Clock as _;

#[tokio::test]
async fn an_authorization_whose_caller_died_is_found_by_the_sweep() {
    staged(async |stage| {
        let (wish, gate) = (wish(), Gate::closed());
        stage.judge.next("authorize", [Manner::WaitsAfter(gate.clone())]);
        killed_at(&gate, stage.spawn_authorize(&wish)).await;

        stage.sweep_later(Duration::from_secs(1)).await;
        let at_once = stage.status(wish.payment).await;
        stage.sweep_later(Duration::from_secs(3)).await;

        assert_eq!(at_once, PaymentStatus::Pending, "it is left to its caller for some seconds");
        assert_eq!(stage.status(wish.payment).await, PaymentStatus::Authorized);
        assert_eq!((stage.judge.asked("authorize"), stage.judge.money().authorized), (1, AMOUNT));
    })
    .await;
}

#[tokio::test]
async fn the_sweep_never_sets_money_aside_that_nobody_asks_for_any_more() {
    staged(async |stage| {
        let (wish, gate) = (wish(), Gate::closed());
        stage.judge.next("authorize", [Manner::WaitsBefore(gate.clone())]);
        killed_at(&gate, stage.spawn_authorize(&wish)).await;

        for _ in 0..5 {
            stage.sweep_later(Duration::from_mins(1)).await;
        }

        assert_eq!(stage.status(wish.payment).await, PaymentStatus::Pending);
        assert_eq!((stage.judge.asked("authorize"), stage.judge.money().authorized), (1, 0));
        assert_eq!(stage.authorize(&wish).await.unwrap().authorized, eur(AMOUNT));
    })
    .await;
}

#[tokio::test]
async fn one_payment_that_can_not_be_settled_does_not_hold_back_the_others() {
    staged(async |stage| {
        let wishes = [wish(), wish(), wish()];
        for wish in &wishes {
            stage.judge.next("authorize", [Manner::LosesAnswer]);
            stage.judge.next("find", [Manner::Fails]);
            stage.authorize(wish).await.unwrap_err();
        }
        stage.judge.next("find", [Manner::Fails]);

        stage.sweep_later(Duration::from_secs(4)).await;
        let mut pending = 0;
        for wish in &wishes {
            pending += u32::from(stage.status(wish.payment).await == PaymentStatus::Pending);
        }
        stage.sweep_later(Duration::from_mins(1)).await;

        assert_eq!(pending, 1);
        for wish in &wishes {
            assert_eq!(stage.status(wish.payment).await, PaymentStatus::Authorized);
        }
    })
    .await;
}

#[tokio::test]
async fn the_audit_sees_amounts_refunds_and_events_that_do_not_add_up() {
    staged(async |stage| {
        let wish = stage.captured().await;
        stage.refund(wish.payment, "a", Some(300)).await.unwrap();
        for (damage, repair) in [
            ("UPDATE payment SET captured = 999", "UPDATE payment SET captured = 1000"),
            ("UPDATE refund SET amount = 299", "UPDATE refund SET amount = 300"),
            ("UPDATE outbox_key SET last = last + 1", "UPDATE outbox_key SET last = last - 1"),
        ] {
            for (statement, findings) in [(damage, 1), (repair, 0)] {
                let uow = UnitOfWork::begin(&stage.database, stage.clock.now()).await.unwrap();
                uow.run(statement, params![]).await.unwrap();
                uow.commit().await.unwrap();
                assert_eq!(audit(&stage.database).await.unwrap().len(), findings, "{statement}");
            }
        }
    })
    .await;
}
