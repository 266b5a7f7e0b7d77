use std::time::Duration;

use kernel::{Call, CallError, PaymentId, Principal, Proof, UserId};
use payments::MODULE;
use payments_contract::{
    Authorize, GetPayment, ListProviders, PaymentOwner, PaymentRefusal, Payments,
};
use platform::ops::Audited as _;

use crate::judge::Manner;
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
async fn facts_come_by_order_in_pages_and_say_what_is_unsettled() {
    staged(async |stage| {
        let (voided, captured, lost) = (stage.authorized().await, stage.captured().await, wish());
        stage.void(voided.order).await.unwrap();
        stage.judge.next("authorize", [Manner::LosesRequest]);
        stage.authorize(&lost).await.unwrap_err();

        let first = stage.payments.facts(None, 2).await.unwrap();
        let second = stage.payments.facts(Some(first[1].order), 5).await.unwrap();

        let facts: Vec<_> = first.iter().chain(&second).collect();
        assert!(facts.is_sorted_by_key(|fact| fact.order));
        let told = |wish: &Authorize| {
            let fact = facts.iter().find(|fact| fact.order == wish.order).unwrap();
            let of = |name: &str| fact.amounts[name];
            (fact.state.clone(), [of("authorized"), of("captured"), of("unsettled")])
        };
        assert_eq!(told(&voided), ("voided".to_owned(), [AMOUNT, 0, 0]));
        assert_eq!(told(&captured), ("captured".to_owned(), [AMOUNT, AMOUNT, 0]));
        assert_eq!(told(&lost), ("pending".to_owned(), [0, 0, 1]));
    })
    .await;
}
