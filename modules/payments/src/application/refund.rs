use kernel::{Call, CallError, Failure, IdempotencyKey, Money, RefundId};
use payments_contract::{Payment, PaymentRefusal, Refund};
use platform::{UnitOfWork, fault};

use super::refunding::{put_aside, settle_refund};
use crate::PaymentsModule;
use crate::domain::{Standing, State};
use crate::store::payments::{Stored, of_payment};
use crate::store::refunds::{RefundOutcome, RefundRow, RefundRows};

/// Gives captured money back, once a key.
pub(crate) async fn refund(
    module: &PaymentsModule,
    call: &Call,
    request: Refund,
) -> Result<Payment, CallError<PaymentRefusal>> {
    if !call.principal.is_staff() {
        return Err(PaymentRefusal::Forbidden.into());
    }
    let Some(key) = &call.key else { return Err(PaymentRefusal::IdempotencyKeyMissing.into()) };
    call.check_deadline()?;

    let recorded = record(module, call, &request, key).await?;
    let State::Captured { reference, .. } = recorded.stored.standing.state().clone() else {
        return Err(Failure::internal("a refund of what was not captured").into());
    };
    let (stored, refund) =
        settle_refund((module, call), recorded.stored, recorded.refund, &reference).await?;

    match refund.outcome {
        RefundOutcome::Done { refunded } => {
            let replayed = recorded.replayed;
            Ok(Payment { replayed, ..stored.standing.shown_after_refunds(refunded) })
        }
        RefundOutcome::Declined { code } => {
            Err(PaymentRefusal::RefundDeclined { decline_code: code }.into())
        }
        RefundOutcome::Pending => Err(Failure::internal("a refund has no outcome").into()),
    }
}

/// A refund that is written down, with what it takes put aside.
struct Recorded {
    stored: Stored,
    refund: RefundRow,
    replayed: bool,
}

/// Writes the refund and puts aside what it takes, or finds the one that the key names already.
async fn record(
    module: &PaymentsModule,
    call: &Call,
    request: &Refund,
    key: &IdempotencyKey,
) -> Result<Recorded, CallError<PaymentRefusal>> {
    let (digest, key) = (digest(key, request), stored_key(call, key));
    loop {
        let uow = module.begin(call).await?;
        let Some(stored) = of_payment(&uow, request.payment).await? else {
            return Err(PaymentRefusal::NotFound.into());
        };
        if let Some(refund) = earlier(&uow, request, (&key, &digest)).await? {
            uow.commit().await?;
            return Ok(Recorded { stored, refund, replayed: true });
        }
        let refund = RefundRow {
            id: RefundId::derived(&format!("{}/{key}", request.payment)),
            payment: request.payment,
            key: key.clone(),
            digest: digest.clone(),
            amount: amount(&stored.standing, request)?,
            reason: request.reason.to_string(),
            outcome: RefundOutcome::Pending,
        };
        if let Some(stored) = put_aside(&uow, &stored, &refund).await? {
            fault::reach("payments.before-refund-commit");
            uow.commit().await?;
            fault::reach("payments.refund-recorded");
            return Ok(Recorded { stored, refund, replayed: false });
        }
        // Somebody else used the key or changed the payment meanwhile: what was written here is dropped.
    }
}

async fn earlier(
    uow: &UnitOfWork,
    request: &Refund,
    (key, digest): (&str, &str),
) -> Result<Option<RefundRow>, CallError<PaymentRefusal>> {
    match RefundRows::new(uow).named(request.payment, key).await? {
        Some(refund) if refund.digest != digest => Err(PaymentRefusal::IdempotencyKeyReused.into()),
        refund => Ok(refund),
    }
}

/// How much is to be given back: more than nothing, and no more than there is.
fn amount(standing: &Standing, request: &Refund) -> Result<Money, CallError<PaymentRefusal>> {
    let refundable = standing.refundable().map_err(Failure::from)?;
    let amount = request.amount.unwrap_or(refundable);
    let wrong = |amount: Money| amount.currency() != refundable.currency() || amount.amount() <= 0;
    if request.amount.is_some_and(wrong) {
        return Err(PaymentRefusal::InvalidAmount.into());
    }
    if amount.amount() > refundable.amount() || amount.amount() == 0 {
        return Err(PaymentRefusal::OverRefund { refundable: refundable.amount() }.into());
    }
    Ok(amount)
}

/// A key is its user's. Keys of callers never meet the module's own.
fn stored_key(call: &Call, key: &IdempotencyKey) -> String {
    let user = call.principal.user().map(|user| user.to_string());
    format!("call/{}/{}", user.unwrap_or_default(), key.as_str())
}

/// Tells whether two requests with this key ask for the same.
fn digest(key: &IdempotencyKey, request: &Refund) -> String {
    let amount = request.amount.map(|amount| format!("{} {}", amount.amount(), amount.currency()));
    let text = format!("{}\n{}", amount.unwrap_or_default(), request.reason);
    key.derive(&text).as_str().to_owned()
}
