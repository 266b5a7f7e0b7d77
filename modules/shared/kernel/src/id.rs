use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Invalid;

/// Declares ids that can't be mistaken for one another.
macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a time-ordered id (`UUIDv7`).
            #[expect(clippy::disallowed_methods, reason = "the one place where time-ordered ids are made")]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// Makes an id that nobody can guess (`UUIDv4`).
            #[expect(clippy::disallowed_methods, reason = "the one place where random ids are made")]
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }

            /// Derives the same id from the same text, always.
            pub fn derived(text: &str) -> Self {
                Self(Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                Uuid::parse_str(text).map(Self).map_err(|_| Invalid::new("not a UUID"))
            }
        }
    )+};
}

typed_id! {
    /// An account.
    UserId,
    /// An entry of an account's address book.
    AddressId,
    /// A refresh token, or the family of tokens that one sign-in started.
    TokenId,
    /// A product of the catalogue.
    ProductId,
    /// A variant of a product; clients know variants by their SKU.
    VariantId,
    /// A cart. Its id is the key to a guest's cart, so it is always `random`.
    CartId,
    /// An order. The checkout saga and every step of it are keyed by this id.
    OrderId,
    /// A payment of an order.
    PaymentId,
    /// One refund of a payment.
    RefundId,
    /// An event, for ever.
    EventId,
    /// One event at one subscription.
    DeliveryId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        let id = OrderId::generate();

        assert_eq!(id.to_string().parse::<OrderId>(), Ok(id));
    }

    #[test]
    fn a_derived_id_is_the_same_every_time() {
        assert_eq!(DeliveryId::derived("a"), DeliveryId::derived("a"));
        assert_ne!(DeliveryId::derived("a"), DeliveryId::derived("b"));
    }
}
