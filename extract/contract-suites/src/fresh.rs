//! What nobody else has, and who calls.

use std::time::Duration;

use kernel::{
    Call, Email, EventId, IdempotencyKey, ModuleName, PostalAddress, Principal, Proof, SkuId,
    UserId,
};

/// More than any call takes, so that what is slow is not what is wrong.
const PATIENCE: Duration = Duration::from_mins(1);

/// A word that nobody else has.
pub(crate) fn word(kind: &str) -> String {
    format!("{kind}-{}", EventId::random())
}

pub(crate) fn sku() -> SkuId {
    word("sku").parse().unwrap()
}

pub(crate) fn email() -> Email {
    format!("{}@example.org", word("ana")).parse().unwrap()
}

pub(crate) fn call(principal: Principal) -> Call {
    Call::new(ModuleName::new("gateway"), principal, PATIENCE)
}

pub(crate) fn guest() -> Call {
    call(Principal::Guest { proof: None })
}

pub(crate) fn guest_with(shown: &str) -> Call {
    call(Principal::Guest { proof: Some(Proof::new(shown)) })
}

pub(crate) fn user(id: UserId) -> Call {
    call(Principal::User { id })
}

/// A buyer whom nobody knows.
pub(crate) fn stranger() -> Call {
    user(UserId::generate())
}

pub(crate) fn staff() -> Call {
    call(Principal::Staff { id: UserId::generate() })
}

/// A module on its own behalf.
pub(crate) fn system() -> Call {
    Call::system(ModuleName::new("orders"), PATIENCE)
}

pub(crate) fn key() -> IdempotencyKey {
    IdempotencyKey::parse(&word("key")).unwrap()
}

pub(crate) fn postal(line: &str) -> PostalAddress {
    let postal = serde_json::json!({
        "name": "Ana", "line1": line, "city": "Berlin", "postal_code": "10115", "country": "DE",
    });
    serde_json::from_value(postal).unwrap()
}
