use catalog_contract::ProductChanged;
use kernel::Subscription;
use kernel::contract::{Contract, ContractDescriptor};
use orders_contract::{OrderCancelled, OrderConfirmed};
use payments_contract::{PaymentAuthorized, PaymentCaptured, PaymentRefunded, PaymentVoided};
use users_contract::UserRegistered;

use crate::EventDescriptor;

/// Every contract, by name. `ops` is served by each module as `<module>-ops`.
pub fn contracts() -> [&'static ContractDescriptor; 9] {
    [
        <dyn carts_contract::Carts>::DESCRIPTOR,
        <dyn catalog_contract::Catalog>::DESCRIPTOR,
        <dyn inventory_contract::Inventory>::DESCRIPTOR,
        <dyn platform::ops::Ops>::DESCRIPTOR,
        <dyn orders_contract::Orders>::DESCRIPTOR,
        <dyn payments_contract::Payments>::DESCRIPTOR,
        <dyn recommendations_contract::Recommendations>::DESCRIPTOR,
        <dyn shipping_contract::Shipping>::DESCRIPTOR,
        <dyn users_contract::Users>::DESCRIPTOR,
    ]
}

/// Every subscription of one module to another's events.
pub fn subscriptions() -> Vec<Subscription> {
    [orders_contract::SUBSCRIPTIONS, recommendations_contract::SUBSCRIPTIONS].concat()
}

/// Describes an event with the example that is committed for it.
macro_rules! described {
    ($event:ty, $name:literal) => {
        EventDescriptor::of::<$event>(include_str!(concat!(
            "../../../contracts/events/",
            $name,
            ".example.json"
        )))
    };
}

/// Every event, by name.
pub fn events() -> [EventDescriptor; 8] {
    [
        described!(ProductChanged, "catalog.product-changed.v1"),
        described!(OrderCancelled, "orders.order-cancelled.v1"),
        described!(OrderConfirmed, "orders.order-confirmed.v1"),
        described!(PaymentAuthorized, "payments.payment-authorized.v1"),
        described!(PaymentCaptured, "payments.payment-captured.v1"),
        described!(PaymentRefunded, "payments.payment-refunded.v1"),
        described!(PaymentVoided, "payments.payment-voided.v1"),
        described!(UserRegistered, "users.user-registered.v1"),
    ]
}
