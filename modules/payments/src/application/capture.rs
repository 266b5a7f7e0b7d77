use kernel::{Call, CallError};
use payments_contract::{Capture, Payment, PaymentRefusal};

use super::settle::capture_now;
use crate::PaymentsModule;
use crate::domain::State;
use crate::store::payments::of_payment;

/// Takes all the money that was set aside.
pub(crate) async fn capture(
    module: &PaymentsModule,
    call: &Call,
    request: Capture,
) -> Result<Payment, CallError<PaymentRefusal>> {
    if !call.principal.is_staff() {
        return Err(PaymentRefusal::Forbidden.into());
    }
    call.check_deadline()?;
    let Some(stored) = of_payment(&module.database, request.payment).await? else {
        return Err(PaymentRefusal::NotFound.into());
    };

    let stored = capture_now(module, call, stored).await?;

    match stored.standing.state() {
        State::Captured { .. } => Ok(stored.standing.shown()),
        _ => Err(PaymentRefusal::NotCapturable.into()),
    }
}
