use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Failure, TraceContext, UserId};

/// A module of the shop, or one of its callers (`gateway`, `cli`).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct ModuleName(Cow<'static, str>);

impl ModuleName {
    /// A name that is known when compiling.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The module that a dotted name begins with: `orders` of `orders.order-confirmed.v1`.
    pub fn of(dotted: &str) -> Self {
        Self(Cow::Owned(dotted.split('.').next().unwrap_or_default().to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a guest shows to be let at an order. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Proof(Arc<str>);

impl Proof {
    /// Takes what was shown.
    pub fn new(shown: impl Into<String>) -> Self {
        Self(shown.into().into())
    }

    /// What was shown, to be checked.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The SHA-256 of what was shown, in hex: what may be kept.
    pub fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proof(…)")
    }
}

/// On whose behalf a call is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Principal {
    /// Nobody who signed in, perhaps with the token of an order.
    Guest {
        /// The order token, if one was shown.
        proof: Option<Proof>,
    },
    /// A buyer.
    User {
        /// Who.
        id: UserId,
    },
    /// One who runs the shop.
    Staff {
        /// Who.
        id: UserId,
    },
    /// One who may do everything.
    Admin {
        /// Who.
        id: UserId,
    },
    /// A module on its own behalf: a saga, an event handler, the command line.
    System {
        /// Which.
        module: ModuleName,
    },
}

impl Principal {
    /// The account, where there is one.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::User { id } | Self::Staff { id } | Self::Admin { id } => Some(*id),
            Self::Guest { .. } | Self::System { .. } => None,
        }
    }

    /// Whether it may see and do what staff may: staff, admins, and modules themselves.
    pub fn is_staff(&self) -> bool {
        matches!(self, Self::Staff { .. } | Self::Admin { .. } | Self::System { .. })
    }
}

/// Names a write, so that its repeat can be told from a new one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct IdempotencyKey(Arc<str>);

impl IdempotencyKey {
    /// Takes 1 to 255 visible ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        let fits =
            (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of a part of this write: the same part gets the same key, always.
    #[must_use]
    pub fn derive(&self, part: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(self.0.as_bytes());
        digest.update([0]);
        digest.update(part.as_bytes());
        Self(hex::encode(digest.finalize()).into())
    }
}

/// What every contract call carries besides its message. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Call {
    /// When the caller stops waiting. Always set; a child's is never later than its parent's.
    pub deadline: Instant,
    /// On whose behalf.
    pub principal: Principal,
    /// The module that calls.
    pub caller: ModuleName,
    /// Names the write, where it is keyed by the caller.
    pub key: Option<IdempotencyKey>,
    /// The trace it belongs to.
    pub trace: TraceContext,
    /// 1 for the first try.
    pub attempt: u32,
}

impl Call {
    /// A first call with so much time.
    pub fn new(caller: ModuleName, principal: Principal, budget: Duration) -> Self {
        let deadline = Instant::now() + budget;
        Self { deadline, principal, caller, key: None, trace: TraceContext::root(), attempt: 1 }
    }

    /// A call of a module on its own behalf.
    pub fn system(module: ModuleName, budget: Duration) -> Self {
        Self::new(module.clone(), Principal::System { module }, budget)
    }

    /// The call that `caller` makes while serving this one: same deadline, trace and principal, a key of its own.
    #[must_use]
    pub fn child(&self, caller: ModuleName, part: &str) -> Self {
        let key = self.key.as_ref().map(|key| key.derive(part));
        Self { caller, key, attempt: 1, ..self.clone() }
    }

    /// The same call on behalf of the calling module itself.
    #[must_use]
    pub fn as_system(&self, module: ModuleName) -> Self {
        Self {
            principal: Principal::System { module: module.clone() },
            caller: module,
            ..self.clone()
        }
    }

    /// The same call with a key.
    #[must_use]
    pub fn keyed(mut self, key: IdempotencyKey) -> Self {
        self.key = Some(key);
        self
    }

    /// The same call with at most so much time from now.
    #[must_use]
    pub fn within(mut self, time: Duration) -> Self {
        self.deadline = self.deadline.min(Instant::now() + time);
        self
    }

    /// How much time is left.
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Refuses whoever is not a module: a saga, an event handler, the command line.
    pub fn require_system(&self) -> Result<(), Failure> {
        match self.principal {
            Principal::System { .. } => Ok(()),
            _ => Err(Failure::new(crate::FailureKind::Denied).not_executed()),
        }
    }

    /// Refuses to begin when no time is left.
    pub fn check_deadline(&self) -> Result<(), Failure> {
        if self.remaining().is_zero() { Err(Failure::deadline().not_executed()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_part_of_the_same_write_has_the_same_key() {
        let key = IdempotencyKey::parse("order-1").unwrap();

        assert_eq!(key.derive("charge"), key.derive("charge"));
        assert_ne!(key.derive("charge"), key.derive("void"));
    }

    #[test]
    fn keys_are_visible_ascii() {
        for bad in ["", "a b", "ü", "\n", &"x".repeat(256)] {
            assert!(IdempotencyKey::parse(bad).is_none(), "{bad:?} passed");
        }
    }

    #[test]
    fn a_proof_is_never_printed() {
        let call = Principal::Guest { proof: Some(Proof::new("hunter2")) };

        assert!(!format!("{call:?}").contains("hunter2"));
    }
}
