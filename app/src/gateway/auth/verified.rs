use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use jsonwebtoken::get_current_timestamp;
use sha2::{Digest, Sha256};

use super::token::Claims;

/// So many tokens are remembered, then all are forgotten.
const MOST: usize = 10_000;

/// Tokens whose signature was found good, by their digest: checking one again costs a lookup, not a signature.
#[derive(Default)]
pub(super) struct Verified(RwLock<HashMap<[u8; 32], Claims>>);

impl Verified {
    /// What a token says, if it was found good before and is not over.
    pub(super) fn get(&self, token: &str) -> Option<Claims> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let claims = known.get(&digest(token))?;
        claims.is_live(get_current_timestamp()).then(|| claims.clone())
    }

    /// Remembers a token that was found good.
    pub(super) fn put(&self, token: &str, claims: Claims) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(digest(token), claims);
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(expires_at: u64) -> Claims {
        let sub = "0197f0c2-2a00-7000-8000-000000000004";
        serde_json::from_value(json!({ "sub": sub, "role": "buyer", "exp": expires_at, "iat": 1 }))
            .unwrap()
    }

    #[test]
    fn a_token_that_was_good_is_good_until_it_expires() {
        let verified = Verified::default();
        verified.put("live", claims(get_current_timestamp() + 600));
        verified.put("over", claims(get_current_timestamp() - 600));

        assert!(verified.get("live").is_some());
        assert!(verified.get("over").is_none());
        assert!(verified.get("unknown").is_none());
    }

    #[test]
    fn what_is_remembered_does_not_grow_without_bound() {
        let verified = Verified::default();

        for number in 0..MOST + 10 {
            verified.put(&number.to_string(), claims(u64::MAX));
        }

        assert!(verified.0.read().unwrap().len() <= MOST);
    }
}
