use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use kernel::{Principal, UserId};
use serde::Deserialize;
use users_contract::Role;

/// No token of ours is longer.
const MAX_BYTES: usize = 4096;
const LEEWAY_SECONDS: u64 = 5;

/// What an access token says.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Claims {
    sub: UserId,
    role: Role,
    exp: u64,
    #[serde(rename = "iat")]
    _issued_at: u64,
}

impl Claims {
    /// Whether the token is not over yet, by a clock in seconds since 1970.
    pub(super) fn is_live(&self, now: u64) -> bool {
        self.exp >= now.saturating_sub(LEEWAY_SECONDS)
    }

    pub(super) fn principal(&self) -> Principal {
        match self.role {
            Role::Buyer => Principal::User { id: self.sub },
            Role::Staff => Principal::Staff { id: self.sub },
            Role::Admin => Principal::Admin { id: self.sub },
        }
    }
}

/// The name of the key that signed a token, if it is a token of ours at all.
pub(super) fn key_of(token: &str) -> Option<String> {
    if token.len() > MAX_BYTES {
        return None;
    }
    let header = decode_header(token).ok()?;
    let ours = header.alg == Algorithm::EdDSA && header.crit.is_none();
    header.kid.filter(|_| ours)
}

/// What a token says, if this key signed it and it is meant for us, now.
pub(super) fn verify(token: &str, key: &DecodingKey, rules: &Validation) -> Option<Claims> {
    decode::<Claims>(token, key, rules).ok().map(|token| token.claims)
}

/// The rules that every access token keeps.
pub(super) fn rules() -> Validation {
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.leeway = LEEWAY_SECONDS;
    rules.set_issuer(&["galleria"]);
    rules.set_audience(&["galleria"]);
    rules.set_required_spec_claims(&["exp", "sub", "iss", "aud"]);
    rules.validate_nbf = true;
    rules
}
