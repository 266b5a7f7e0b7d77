use kernel::{Event, Money, OrderId, PaymentId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares an event of a payment: its key is the payment.
macro_rules! payment_events {
    ($($(#[$doc:meta])* $name:ident = $stable:literal { $(#[$amount_doc:meta])* amount }),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        pub struct $name {
            /// Which payment.
            pub payment_id: PaymentId,
            /// Of which order.
            pub order_id: OrderId,
            $(#[$amount_doc])*
            pub amount: Money,
        }

        impl Event for $name {
            const NAME: &'static str = $stable;

            fn key(&self) -> String {
                self.payment_id.to_string()
            }
        }
    )+};
}

payment_events! {
    /// Money was set aside.
    PaymentAuthorized = "payments.payment-authorized.v1" {
        /// How much.
        amount
    },
    /// Money was taken.
    PaymentCaptured = "payments.payment-captured.v1" {
        /// How much in all.
        amount
    },
    /// Money was given back.
    PaymentRefunded = "payments.payment-refunded.v1" {
        /// How much in all, earlier refunds included.
        amount
    },
    /// Money that was set aside was let go.
    PaymentVoided = "payments.payment-voided.v1" {
        /// How much had been set aside.
        amount
    },
}
