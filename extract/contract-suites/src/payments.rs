//! What `payments` promises.

use std::sync::Arc;

use futures_util::future::join;
use kernel::{Call, Money, OrderId, PaymentId, Proof, Secret, UserId};
use payments_contract::{
    Authorize, AuthorizeRefusal, Capture, GetPayment, ListProviders, Payment, PaymentOwner,
    PaymentRefusal, PaymentStatus, Payments, Refund, Void,
};

use crate::fresh::{guest, guest_with, key, staff, stranger, system, user, word};
use crate::goods::eur;
use crate::outcomes::{assert_denied, refused};
use crate::suite::suite;

/// The contract alone, of a shop whose provider is the sandbox.
type Stage = Arc<dyn Payments>;

suite! { dyn Payments, Stage {
    money_is_set_aside_once_however_often_that_is_asked,
    what_was_declined_stays_declined,
    an_order_keeps_the_payment_that_it_has,
    money_is_taken_once_however_often_that_is_asked,
    what_is_let_go_is_let_go_for_good,
    an_order_that_was_closed_before_it_came_is_not_paid,
    a_refund_is_named_by_its_key_and_happens_once,
    no_more_is_given_back_than_was_taken,
    a_payment_is_shown_to_its_owner_and_to_staff_alone,
    staff_alone_move_money_and_modules_alone_set_it_aside,
} out of reach: ["refund-declined"] }

const AMOUNT: i64 = 1_000;

fn wish() -> Authorize {
    Authorize {
        order: OrderId::generate(),
        payment: PaymentId::generate(),
        amount: eur(AMOUNT),
        provider: "sandbox".to_owned(),
        token: Secret::new("tok_ok"),
        owner: PaymentOwner::User { id: UserId::generate() },
    }
}

async fn authorized(payments: &Stage) -> Authorize {
    let wish = wish();
    payments.authorize(&system(), wish.clone()).await.unwrap();
    wish
}

async fn captured(payments: &Stage) -> Authorize {
    let wish = authorized(payments).await;
    payments.capture(&staff(), Capture { payment: wish.payment }).await.unwrap();
    wish
}

async fn shown(payments: &Stage, payment: PaymentId) -> Payment {
    payments.payment(&staff(), GetPayment { payment }).await.unwrap()
}

fn refund(payment: PaymentId, amount: Option<Money>) -> Refund {
    Refund { payment, amount, reason: "broken".to_owned().try_into().unwrap() }
}

fn keyed() -> Call {
    staff().keyed(key())
}

async fn money_is_set_aside_once_however_often_that_is_asked(payments: Stage) {
    let wish = wish();

    let first = payments.authorize(&system(), wish.clone()).await.unwrap();
    let again = payments.authorize(&system(), wish.clone()).await.unwrap();

    assert_eq!((first.id, first.order_id), (wish.payment, wish.order));
    assert_eq!(first.status, PaymentStatus::Authorized);
    assert_eq!([first.authorized, first.captured, first.refunded], [eur(AMOUNT), eur(0), eur(0)]);
    assert_eq!(again, first);
    assert_eq!(shown(&payments, wish.payment).await, first);
}

async fn what_was_declined_stays_declined(payments: Stage) {
    let wish = Authorize { token: Secret::new("tok_insufficient_funds"), ..wish() };

    let first = refused(payments.authorize(&system(), wish.clone()).await);
    let again = refused(payments.authorize(&system(), wish).await);

    let decline_code = "insufficient_funds".to_owned();
    assert_eq!(first, AuthorizeRefusal::PaymentDeclined { decline_code });
    assert_eq!(again, first);
}

async fn an_order_keeps_the_payment_that_it_has(payments: Stage) {
    let wish = authorized(&payments).await;
    let providers = payments.providers(&guest(), ListProviders {}).await.unwrap();
    let more = Authorize { amount: eur(AMOUNT + 1), ..wish.clone() };
    let another = Authorize { payment: PaymentId::generate(), ..wish.clone() };
    let by_nobody = Authorize { provider: word("nobody"), ..self::wish() };

    let reused = [
        refused(payments.authorize(&system(), more).await),
        refused(payments.authorize(&system(), another).await),
    ];
    let unknown = refused(payments.authorize(&system(), by_nobody).await);

    assert_eq!(reused, [const { AuthorizeRefusal::KeyReused }; 2]);
    assert_eq!(unknown, AuthorizeRefusal::UnknownProvider);
    assert!(providers.contains(&wish.provider));
    assert_eq!(shown(&payments, wish.payment).await.authorized, eur(AMOUNT));
}

async fn money_is_taken_once_however_often_that_is_asked(payments: Stage) {
    let wish = authorized(&payments).await;
    let (call, payment) = (staff(), wish.payment);
    let take = || payments.capture(&call, Capture { payment });

    let (one, other) = join(take(), take()).await;
    let again = take().await.unwrap();

    assert_eq!((&again.status, again.captured), (&PaymentStatus::Captured, eur(AMOUNT)));
    assert_eq!([one.unwrap(), other.unwrap()], [again.clone(), again]);
    let nothing = Capture { payment: PaymentId::generate() };
    assert_eq!(refused(payments.capture(&staff(), nothing).await), PaymentRefusal::NotFound);
}

async fn what_is_let_go_is_let_go_for_good(payments: Stage) {
    let (aside, taken) = (authorized(&payments).await, captured(&payments).await);

    for order in [aside.order, aside.order, taken.order, taken.order] {
        payments.void(&system(), Void { order }).await.unwrap();
    }

    let (aside_now, taken_now) =
        (shown(&payments, aside.payment).await, shown(&payments, taken.payment).await);
    assert_eq!((aside_now.status, aside_now.captured), (PaymentStatus::Voided, eur(0)));
    assert_eq!((taken_now.status, taken_now.refunded), (PaymentStatus::Refunded, eur(AMOUNT)));
    let late = payments.capture(&staff(), Capture { payment: aside.payment }).await;
    assert_eq!(refused(late), PaymentRefusal::NotCapturable);
    let again = payments.authorize(&system(), aside).await;
    assert_eq!(refused(again), AuthorizeRefusal::OrderClosed);
}

async fn an_order_that_was_closed_before_it_came_is_not_paid(payments: Stage) {
    let wish = wish();

    payments.void(&system(), Void { order: wish.order }).await.unwrap();
    let late = payments.authorize(&system(), wish.clone()).await;

    assert_eq!(refused(late), AuthorizeRefusal::OrderClosed);
    let nothing = payments.payment(&staff(), GetPayment { payment: wish.payment }).await;
    assert_eq!(refused(nothing), PaymentRefusal::NotFound);
}

async fn a_refund_is_named_by_its_key_and_happens_once(payments: Stage) {
    let payment = captured(&payments).await.payment;
    let (call, part) = (keyed(), refund(payment, Some(eur(300))));

    let first = payments.refund(&call, part.clone()).await.unwrap();
    let again = payments.refund(&call, part.clone()).await.unwrap();
    let other = payments.refund(&call, refund(payment, Some(eur(200)))).await;
    let second = payments.refund(&keyed(), part).await.unwrap();
    let unnamed = payments.refund(&staff(), refund(payment, None)).await;

    assert_eq!((first.refunded, first.captured), (eur(300), eur(AMOUNT)));
    assert_eq!(again, Payment { replayed: true, ..first });
    assert_eq!(refused(other), PaymentRefusal::IdempotencyKeyReused);
    assert_eq!(second.refunded, eur(600));
    assert_eq!(refused(unnamed), PaymentRefusal::IdempotencyKeyMissing);
    assert_eq!(shown(&payments, payment).await.refunded, eur(600));
}

async fn no_more_is_given_back_than_was_taken(payments: Stage) {
    let payment = captured(&payments).await.payment;
    let yen = Money::new(1, "JPY".parse().unwrap());
    let back = async |amount| payments.refund(&keyed(), refund(payment, amount)).await;

    let more = refused(back(Some(eur(AMOUNT + 1))).await);
    let odd = [refused(back(Some(eur(0))).await), refused(back(Some(yen)).await)];
    let all = back(None).await.unwrap();
    let nothing_left = refused(back(None).await);

    assert_eq!(more, PaymentRefusal::OverRefund { refundable: AMOUNT });
    assert_eq!(odd, [const { PaymentRefusal::InvalidAmount }; 2]);
    assert_eq!((all.status, all.refunded), (PaymentStatus::Refunded, eur(AMOUNT)));
    assert_eq!(nothing_left, PaymentRefusal::OverRefund { refundable: 0 });
}

async fn a_payment_is_shown_to_its_owner_and_to_staff_alone(payments: Stage) {
    let (buyer, token) = (UserId::generate(), word("token"));
    let proof_fingerprint = Proof::new(token.clone()).fingerprint();
    let of = |owner| Authorize { owner, ..wish() };
    let ours = of(PaymentOwner::User { id: buyer });
    let theirs = of(PaymentOwner::Guest { proof_fingerprint });
    let cases = [
        (ours, [user(buyer), staff()], [guest(), stranger(), guest_with(&token)]),
        (theirs, [guest_with(&token), system()], [guest(), user(buyer), guest_with("größer")]),
    ];

    for (wish, may, may_not) in cases {
        let get = || GetPayment { payment: wish.payment };
        let made = payments.authorize(&system(), wish.clone()).await.unwrap();
        for call in may {
            assert_eq!(payments.payment(&call, get()).await.unwrap(), made);
        }
        for call in may_not {
            assert_eq!(refused(payments.payment(&call, get()).await), PaymentRefusal::NotFound);
        }
    }
}

async fn staff_alone_move_money_and_modules_alone_set_it_aside(payments: Stage) {
    let payment = authorized(&payments).await.payment;

    for call in [guest(), stranger()] {
        let refusals = [
            refused(payments.capture(&call, Capture { payment }).await),
            refused(payments.refund(&call.clone().keyed(key()), refund(payment, None)).await),
        ];
        assert_eq!(refusals, [const { PaymentRefusal::Forbidden }; 2]);
    }
    for call in [guest(), stranger(), staff()] {
        let wish = wish();
        let void = Void { order: wish.order };
        assert_denied(payments.authorize(&call, wish).await);
        assert_denied(payments.void(&call, void).await);
    }
    assert_eq!(shown(&payments, payment).await.status, PaymentStatus::Authorized);
}
