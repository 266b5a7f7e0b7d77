use kernel::{Call, CallError, Principal};
use payments_contract::{GetPayment, Payment, PaymentOwner, PaymentRefusal};

use crate::PaymentsModule;
use crate::store::payments::of_payment;

/// A payment, to its owner and to staff.
pub(crate) async fn payment(
    module: &PaymentsModule,
    call: &Call,
    request: GetPayment,
) -> Result<Payment, CallError<PaymentRefusal>> {
    match of_payment(&module.database, request.payment).await? {
        Some(stored) if may_see(&call.principal, &stored.standing.intent.owner) => {
            Ok(stored.standing.shown())
        }
        _ => Err(PaymentRefusal::NotFound.into()),
    }
}

/// Fingerprints are hashes of what was shown, so how long their comparison takes tells nothing about it.
fn may_see(principal: &Principal, owner: &PaymentOwner) -> bool {
    match (principal, owner) {
        (Principal::User { id }, PaymentOwner::User { id: owner }) => id == owner,
        (Principal::Guest { proof: Some(proof) }, PaymentOwner::Guest { proof_fingerprint }) => {
            proof.fingerprint() == *proof_fingerprint
        }
        _ => principal.is_staff(),
    }
}
