use kernel::{Call, Failure, Money, RefundId};
use platform::{UnitOfWork, fault};

use super::ask::{Operation, perform, provider_of};
use super::change::change_within;
use crate::PaymentsModule;
use crate::domain::Standing;
use crate::provider::{Outcome, ProviderKey};
use crate::store::payments::{Payments, Stored, of_payment};
use crate::store::refunds::{RefundOutcome, RefundRow, RefundRows, count_named, pending};

/// Under which keys the rest of a closed order's money is given back.
const OF_VOID: &str = "void/";

/// Puts aside what a refund takes, and writes that the provider is to be asked.
///
/// None if its key was used or the payment changed meanwhile: then the unit of work must be dropped.
pub(crate) async fn put_aside(
    uow: &UnitOfWork,
    stored: &Stored,
    refund: &RefundRow,
) -> Result<Option<Stored>, Failure> {
    let mut standing = stored.standing.clone();
    if !standing.begin_refund(refund.amount)? || !RefundRows::new(uow).open(refund).await? {
        return Ok(None);
    }
    Payments::new(uow).save(standing, stored.version).await
}

/// Puts aside what is left of a closed order's money.
pub(super) async fn put_rest_aside(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
    amount: Money,
) -> Result<Stored, Failure> {
    let payment = stored.standing.intent.payment;
    let uow = module.begin(call).await?;
    let number = count_named(&uow, payment, OF_VOID).await? + 1;
    let key = format!("{OF_VOID}{number}");
    let refund = RefundRow {
        id: RefundId::derived(&format!("{payment}/{key}")),
        payment,
        key,
        digest: String::new(),
        amount,
        reason: "the order was undone".to_owned(),
        outcome: RefundOutcome::Pending,
    };
    if let Some(stored) = put_aside(&uow, &stored, &refund).await? {
        fault::reach("payments.before-rest-commit");
        uow.commit().await?;
        fault::reach("payments.rest-recorded");
        return Ok(stored);
    }
    drop(uow);
    read_again(module, call, &stored).await
}

/// Gives back all that was put aside for that; one refund that can't be settled does not hold back the others.
pub(super) async fn give_back(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
    reference: &str,
) -> Result<Stored, Failure> {
    let (mut known, mut failed) = (stored, None);
    for refund in pending(&module.database, known.standing.intent.payment).await? {
        match settle_refund((module, call), known.clone(), refund, reference).await {
            Ok((stored, _)) => known = stored,
            Err(failure) => failed = Some(failure),
        }
    }
    match failed {
        Some(failure) => Err(failure),
        None => read_again(module, call, &known).await,
    }
}

/// Asks the provider to give back, unless it answered already.
pub(crate) async fn settle_refund(
    (module, call): (&PaymentsModule, &Call),
    stored: Stored,
    refund: RefundRow,
    reference: &str,
) -> Result<(Stored, RefundRow), Failure> {
    if refund.outcome != RefundOutcome::Pending {
        return Ok((stored, refund));
    }
    let provider = provider_of(module, &stored.standing)?;
    let key = ProviderKey::refund(refund.payment, refund.id);
    let operation = Operation::Refund { reference, amount: refund.amount };
    let outcome = perform(call, provider, &key, operation).await?;

    let uow = module.begin(call).await?;
    let settled = write_outcome(&uow, stored, refund, &outcome).await?;
    fault::reach("payments.before-refunded-commit");
    uow.commit().await?;
    fault::reach("payments.refunded");
    Ok(settled)
}

/// Writes what the provider answered; if somebody else did, gives what they wrote.
async fn write_outcome(
    uow: &UnitOfWork,
    stored: Stored,
    refund: RefundRow,
    outcome: &Outcome,
) -> Result<(Stored, RefundRow), Failure> {
    let rows = RefundRows::new(uow);
    if !rows.settle(&refund, outcome).await? {
        let missing = || Failure::internal("a refund went away");
        let refund = rows.named(refund.payment, &refund.key).await?.ok_or_else(missing)?;
        let stored = of_payment(uow, refund.payment).await?.ok_or_else(missing)?;
        return Ok((stored, refund));
    }
    let answered = |standing: &mut Standing| Ok(standing.refund_answered(refund.amount, outcome)?);
    let stored = change_within(uow, stored, answered).await?;
    let outcome = match outcome {
        Outcome::Done { .. } => {
            let refunded = stored.standing.refunds().refunded;
            rows.note_sum(&refund, refunded).await?;
            RefundOutcome::Done { refunded }
        }
        Outcome::Declined { decline_code } => {
            RefundOutcome::Declined { code: decline_code.clone() }
        }
    };
    Ok((stored, RefundRow { outcome, ..refund }))
}

/// How the payment stands by now, after whoever else changed it has committed.
async fn read_again(
    module: &PaymentsModule,
    call: &Call,
    known: &Stored,
) -> Result<Stored, Failure> {
    let uow = module.begin(call).await?;
    let stored = of_payment(&uow, known.standing.intent.payment).await?;
    uow.commit().await?;
    stored.ok_or_else(|| Failure::internal("a payment went away"))
}
