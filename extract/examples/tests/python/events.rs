//! Events that producers offer, as the platform does.

use bytes::Bytes;
use extract_http::HttpChannel;
use kernel::contract::{Attempt, Channel as _, Contract as _, MethodDescriptor, Unanswered};
use kernel::{Call, DeliveryId, EventId};
use platform::ops::Ops;
use serde_json::{Value, json};

use crate::module::OPS;

/// How events are offered.
fn offer() -> &'static MethodDescriptor {
    let contract = <dyn Ops>::DESCRIPTOR;
    &contract.methods[contract.find("offer").unwrap()]
}

pub(crate) const CONFIRMED: &str = "orders.order-confirmed.v1";
pub(crate) const CANCELLED: &str = "orders.order-cancelled.v1";

/// A delivery of the committed example of an event, about another order.
pub(crate) fn delivery(event: &str, order: &str, change: impl FnOnce(&mut Value)) -> Value {
    let events = extract_documents::events();
    let example = events.iter().find(|known| known.name == event).unwrap().example;
    let mut envelope: Value = serde_json::from_str(example).unwrap();
    envelope["id"] = json!(EventId::generate());
    envelope["subject"] = json!(order);
    envelope["data"]["order_id"] = json!(order);
    change(&mut envelope["data"]);
    let subscription = match event {
        CONFIRMED => "recommendations.count-order-confirmed",
        _ => "recommendations.forget-order-cancelled",
    };
    json!({
        "id": DeliveryId::generate(), "subscription": subscription,
        "generation": 1, "envelope": envelope,
    })
}

/// An order of these SKUs, by a buyer or a guest.
pub(crate) fn bought(order: &str, skus: &[&str], buyer: Option<&str>) -> Value {
    delivery(CONFIRMED, order, |data| {
        let line = |sku: &&str| json!({"sku": sku, "title": "Something", "quantity": 1});
        data["lines"] = skus.iter().map(line).collect();
        data["user_id"] = json!(buyer);
    })
}

/// Offers deliveries as a module does.
pub(crate) async fn offered(
    module: &HttpChannel,
    call: &Call,
    deliveries: &[Value],
) -> Result<Bytes, Unanswered> {
    let body = json!({ "deliveries": deliveries }).to_string().into();
    let attempt = Attempt { address: OPS, method: offer(), call, body };
    module.call(attempt).await
}

/// An order's id by a number.
pub(crate) fn order(number: u32) -> String {
    format!("01937a5e-7c00-7000-8000-{number:012}")
}
