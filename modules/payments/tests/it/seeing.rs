use std::time::Duration;

use kernel::{Call, CallError, PaymentId, Principal, Proof, UserId};
use payments::{MODULE, facts};
use payments_contract::{
    Authorize, GetPayment, ListProviders, PaymentOwner, PaymentRefusal, PaymentStatus, Payments,
};

use crate::stage::{AMOUNT, Stage, staff, staged, system, wish};

async fn sees(stage: &Stage, principal: Principal, payment: PaymentId) -> bool {
    let call = Call::new(MODULE, principal, Duration::from_secs(10));
    match stage.payments.payment(&call, GetPayment { payment }).await {
        Ok(seen) => seen.id == payment,
        Err(CallError::Refused(PaymentRefusal::NotFound)) => false,
        Err(other) => panic!("{other:?}"),
    }
}

fn guest(proof: Option<&str>) -> Principal {
    Principal::Guest { proof: proof.map(Proof::new) }
}

#[tokio::test]
async fn a_payment_is_shown_to_its_owner_and_to_staff_alone() {
    staged(async |stage| {
        let owner = UserId::generate();
        let of_user = Authorize { owner: PaymentOwner::User { id: owner }, ..wish() };
        let proof_fingerprint = Proof::new("secret").fingerprint();
        let of_guest = Authorize { owner: PaymentOwner::Guest { proof_fingerprint }, ..wish() };
        for wish in [&of_user, &of_guest] {
            stage.authorize(wish).await.unwrap();
        }
        let (of_user, of_guest) = (of_user.payment, of_guest.payment);
        let stranger = Principal::User { id: UserId::generate() };

        assert!(sees(&stage, Principal::User { id: owner }, of_user).await);
        assert!(!sees(&stage, stranger.clone(), of_user).await);
        assert!(!sees(&stage, guest(Some("secret")), of_user).await);
        assert!(!sees(&stage, guest(None), of_user).await);
        assert!(sees(&stage, guest(Some("secret")), of_guest).await);
        assert!(!sees(&stage, guest(Some("guess")), of_guest).await);
        assert!(!sees(&stage, guest(None), of_guest).await);
        assert!(!sees(&stage, stranger, of_guest).await);
        for payment in [of_user, of_guest] {
            assert!(sees(&stage, staff().principal, payment).await);
            assert!(sees(&stage, system().principal, payment).await);
        }
        assert!(!sees(&stage, staff().principal, PaymentId::generate()).await);
    })
    .await;
}

#[tokio::test]
async fn the_providers_are_listed() {
    staged(async |stage| {
        let providers = stage.payments.providers(&system(), ListProviders {}).await.unwrap();

        assert_eq!(providers, ["judge"]);
    })
    .await;
}

#[tokio::test]
async fn facts_come_in_pages_and_say_what_is_settled() {
    staged(async |stage| {
        let (voided, captured) = (stage.authorized().await, stage.captured().await);
        stage.void(voided.order).await.unwrap();
        stage.void(kernel::OrderId::generate()).await.unwrap();

        let first = facts(&stage.database, None, 1).await.unwrap();
        let second = facts(&stage.database, Some(first[0].payment), 5).await.unwrap();

        assert_eq!((first.len(), second.len()), (1, 1));
        let of = |payment| [&first[0], &second[0]].into_iter().find(|fact| fact.payment == payment);
        let (voided, captured) = (of(voided.payment).unwrap(), of(captured.payment).unwrap());
        assert_eq!((&voided.status, voided.authorized), (&PaymentStatus::Voided, AMOUNT));
        assert_eq!((&captured.status, captured.captured), (&PaymentStatus::Captured, AMOUNT));
        assert!(voided.settled && captured.settled);
    })
    .await;
}
