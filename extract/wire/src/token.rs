use jsonwebtoken::{Algorithm, Header, Validation};
use kernel::{Failure, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{CallHead, Seen, ServiceKeys};

/// How long a token lives.
const LIFE_SECONDS: i64 = 60;
/// How much the clocks of two processes may differ.
const LEEWAY_SECONDS: i64 = 5;

/// What a service token says: who speaks, and which attempt of which call it is good for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The module that speaks.
    pub iss: String,
    /// The contract that is called.
    pub contract: String,
    /// Its method.
    pub method: String,
    /// What [`CallHead::digest`] gives.
    pub digest: String,
    /// The call's id.
    pub call: String,
    /// Which attempt of it.
    pub attempt: u32,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it is over, in seconds since 1970.
    pub exp: i64,
}

/// Why a token is not accepted. Callers are told no more than that it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is none, or nobody known signed it, or not as who it says.
    #[error("nobody known signed it")]
    Forged,
    /// It is too old, or from the future, or lives too long.
    #[error("it is not of this minute")]
    Expired,
    /// It was made for another method, body or context.
    #[error("it was made for another call")]
    Moved,
    /// It was shown before.
    #[error("it was shown before")]
    Replayed,
    /// Too many calls are remembered to take another.
    #[error("too many calls in a minute")]
    TooMany,
}

/// Signs an attempt of a call.
pub fn issue(
    keys: &ServiceKeys,
    (contract, method): (&str, &str),
    head: &CallHead,
    body: &[u8],
    now: Timestamp,
) -> Result<String, Failure> {
    let iat = seconds(now);
    let claims = Claims {
        iss: head.caller.clone(),
        contract: contract.to_owned(),
        method: method.to_owned(),
        digest: head.digest(body),
        call: head.id.clone(),
        attempt: head.attempt,
        iat,
        exp: iat + LIFE_SECONDS,
    };
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(keys.own_id.clone());
    jsonwebtoken::encode(&header, &claims, &keys.own).map_err(Failure::internal)
}

/// Accepts a token for the one attempt that it was made for, once.
pub fn verify(
    (keys, seen): (&ServiceKeys, &Seen),
    token: &str,
    (contract, method): (&str, &str),
    (head, body): (&CallHead, &[u8]),
    now: Timestamp,
) -> Result<(), Refused> {
    let claims = signed(keys, token, head)?;
    let now = seconds(now);
    let fresh = claims.iat <= now + LEEWAY_SECONDS
        && claims.exp > now - LEEWAY_SECONDS
        && claims.exp - claims.iat <= LIFE_SECONDS;
    if !fresh {
        return Err(Refused::Expired);
    }
    let meant = (claims.contract.as_str(), claims.method.as_str()) == (contract, method)
        && (&claims.call, claims.attempt) == (&head.id, head.attempt)
        && claims.digest == head.digest(body);
    if !meant {
        return Err(Refused::Moved);
    }
    seen.note(&claims, now, claims.exp + LEEWAY_SECONDS)
}

fn signed(keys: &ServiceKeys, token: &str, head: &CallHead) -> Result<Claims, Refused> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| Refused::Forged)?;
    let id = header.kid.ok_or(Refused::Forged)?;
    let key = keys.of(&id, &head.caller).ok_or(Refused::Forged)?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    // Times are checked against our own clock.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let decoded = jsonwebtoken::decode::<Claims>(token, key, &validation);
    let claims = decoded.map_err(|_| Refused::Forged)?.claims;
    if claims.iss == head.caller { Ok(claims) } else { Err(Refused::Forged) }
}

fn seconds(moment: Timestamp) -> i64 {
    moment.micros().div_euclid(1_000_000)
}
