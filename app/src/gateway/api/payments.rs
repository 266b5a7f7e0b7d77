use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::{Label, OrderId, PaymentId};
use payments_contract as contract;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checkout::mark_replayed;
use super::common::{Answer, Money};
use super::schema::Id;
use crate::gateway::auth::Caller;
use crate::gateway::http::{Body, Key, Path};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get("/api/payments/{id}", "getPayment", "A payment")
            .access(Access::Holder)
            .answers::<Payment>(200, "The payment.")
            .refuses(404, &["not-found"]),
        one,
    );
    table.add(
        Operation::post(
            "/api/payments/{id}/capture",
            "capturePayment",
            "Takes the money that was set aside",
        )
        .access(Access::Staff)
        .answers::<Payment>(200, "The payment as it is now.")
        .refuses(404, &["not-found"])
        .refuses(409, &["not-capturable"]),
        capture,
    );
    table.add(
        Operation::post("/api/payments/{id}/refunds", "refundPayment", "Gives captured money back")
            .access(Access::Staff)
            .keyed()
            .body::<Refund>()
            .answers::<Payment>(200, "The payment as it is now.")
            .refuses(404, &["not-found"])
            .refuses(409, &["over-refund"]),
        refund,
    );
}

/// A payment of an order.
#[derive(Serialize, ToSchema)]
struct Payment {
    #[schema(value_type = Id)]
    id: PaymentId,
    #[schema(value_type = Id)]
    order_id: OrderId,
    provider: String,
    /// `pending`, `authorized`, `declined`, `captured`, `refunded` or `voided`.
    status: String,
    /// What was set aside.
    authorized: Money,
    /// What was taken.
    captured: Money,
    /// What was given back.
    refunded: Money,
}

impl From<contract::Payment> for Payment {
    fn from(payment: contract::Payment) -> Self {
        Self {
            id: payment.id,
            order_id: payment.order_id,
            provider: payment.provider,
            status: status(payment.status),
            authorized: payment.authorized.into(),
            captured: payment.captured.into(),
            refunded: payment.refunded.into(),
        }
    }
}

fn status(status: contract::PaymentStatus) -> String {
    use contract::PaymentStatus as Status;
    match status {
        Status::Pending => "pending".to_owned(),
        Status::Authorized => "authorized".to_owned(),
        Status::Declined => "declined".to_owned(),
        Status::Captured => "captured".to_owned(),
        Status::Refunded => "refunded".to_owned(),
        Status::Voided => "voided".to_owned(),
        Status::Unknown(word) => word,
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refund {
    /// All that is left if left out.
    amount: Option<Money>,
    /// Why.
    #[schema(value_type = String, max_length = 200)]
    reason: Label<200>,
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(payment): Path<PaymentId>,
) -> Answer<Json<Payment>> {
    let request = contract::GetPayment { payment };
    Ok(Json(gateway.services.payments.payment(&call, request).await?.into()))
}

async fn capture(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(payment): Path<PaymentId>,
) -> Answer<Json<Payment>> {
    let request = contract::Capture { payment };
    Ok(Json(gateway.services.payments.capture(&call, request).await?.into()))
}

async fn refund(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(payment): Path<PaymentId>,
    Key(key): Key,
    Body(Refund { amount, reason }): Body<Refund>,
) -> Answer<Response> {
    let request = contract::Refund { payment, amount: amount.map(Into::into), reason };
    let payment = gateway.services.payments.refund(&call.keyed(key), request).await?;
    let replayed = payment.replayed;
    let mut response = Json(Payment::from(payment)).into_response();
    if replayed {
        mark_replayed(&mut response);
    }
    Ok(response)
}
