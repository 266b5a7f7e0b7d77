use hmac::{Hmac, Mac};
use kernel::{OrderId, Proof, Secret};
use sha2::Sha256;

/// The key from which the tokens of guests' orders are derived.
#[derive(Clone)]
pub(crate) struct AccessKey(Vec<u8>);

impl AccessKey {
    pub(crate) fn new(key: Vec<u8>) -> Self {
        Self(key)
    }

    /// What a guest shows to be let at the order: the same each time, and nobody else can make it.
    pub(crate) fn token(&self, order: OrderId) -> Secret {
        Secret::new(hex::encode(self.mac(order).finalize().into_bytes()))
    }

    /// Whether the token of the order was shown; takes as long for a wrong one.
    pub(crate) fn opens(&self, order: OrderId, shown: &Proof) -> bool {
        hex::decode(shown.reveal()).is_ok_and(|bytes| self.mac(order).verify_slice(&bytes).is_ok())
    }

    fn mac(&self, order: OrderId) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.0)
            .unwrap_or_else(|_| unreachable!("any length is a key"));
        mac.update(order.to_string().as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_its_own_order_alone() {
        let key = AccessKey::new(vec![7; 32]);
        let (own, other) = (OrderId::generate(), OrderId::generate());
        let shown = Proof::new(key.token(own).reveal());

        assert!(key.opens(own, &shown));
        assert!(!key.opens(other, &shown));
        assert!(!AccessKey::new(vec![8; 32]).opens(own, &shown));
        for forged in ["", "é", "00", &"0".repeat(64)] {
            assert!(!key.opens(own, &Proof::new(forged)), "{forged} passed");
        }
    }
}
