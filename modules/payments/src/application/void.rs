use kernel::{Call, CallError, Failure, OrderId};
use payments_contract::{PaymentRefusal, Void};
use platform::fault;

use super::change::change_within;
use super::settle::settle;
use crate::PaymentsModule;
use crate::domain::Standing;
use crate::store::payments::{Payments, Slot, Stored};

/// Lets go of an order's money, and keeps the order from ever being paid.
///
/// That is lasting before the provider is asked. While a request to set money aside is still on its way there is nothing to let
/// go of: whoever hears of its answer first, does.
pub(crate) async fn void(
    module: &PaymentsModule,
    call: &Call,
    request: Void,
) -> Result<(), CallError<PaymentRefusal>> {
    call.require_system()?;
    call.check_deadline()?;
    let Some(stored) = close(module, call, request.order).await? else { return Ok(()) };

    let settled = settle(module, call, stored).await?;

    if settled.standing.refunds().rest_refused {
        return Err(Failure::internal("the provider refused to give the rest back").into());
    }
    Ok(())
}

/// Closes the order's payment, or leaves a tombstone where there is none.
async fn close(
    module: &PaymentsModule,
    call: &Call,
    order: OrderId,
) -> Result<Option<Stored>, Failure> {
    let uow = module.begin(call).await?;
    let payments = Payments::new(&uow);
    let closed = if payments.entomb(order).await? {
        None
    } else {
        match payments.of_order(order).await? {
            Some(Slot::Taken(stored)) => {
                let close = |standing: &mut Standing| {
                    standing.close();
                    Ok(None)
                };
                Some(change_within(&uow, stored, close).await?)
            }
            Some(Slot::Tombstone) => None,
            None => return Err(Failure::internal("a payment went away")),
        }
    };

    fault::reach("payments.before-close-commit");
    uow.commit().await?;
    fault::reach("payments.closed");
    Ok(closed)
}
