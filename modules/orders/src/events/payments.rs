use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::Failure;
use payments_contract::{PaymentCaptured, PaymentRefunded, PaymentVoided};
use platform::{Handler, UnitOfWork, on};

use crate::store::orders::Orders;

/// What handles each subscription of this module.
pub fn handlers() -> BTreeMap<&'static str, Arc<dyn Handler>> {
    BTreeMap::from([
        (
            "orders.note-payment-captured",
            on(|uow, event| Box::pin(note_payment_captured(uow, event))),
        ),
        (
            "orders.note-payment-refunded",
            on(|uow, event| Box::pin(note_payment_refunded(uow, event))),
        ),
        ("orders.note-payment-voided", on(|uow, event| Box::pin(note_payment_voided(uow, event)))),
    ])
}

async fn note_payment_captured(uow: &UnitOfWork, event: PaymentCaptured) -> Result<(), Failure> {
    Orders::new(uow).note_payment(event.payment_id, "captured").await
}

async fn note_payment_refunded(uow: &UnitOfWork, event: PaymentRefunded) -> Result<(), Failure> {
    Orders::new(uow).note_refund(event.payment_id, event.amount).await
}

async fn note_payment_voided(uow: &UnitOfWork, event: PaymentVoided) -> Result<(), Failure> {
    Orders::new(uow).note_payment(event.payment_id, "voided").await
}
