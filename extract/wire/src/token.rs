use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _};
use kernel::{Failure, Timestamp};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{CallHead, Seen, ServiceKeys};

/// How long a token lives.
const LIFE_SECONDS: i64 = 60;
/// How much the clocks of two processes may differ.
const LEEWAY_SECONDS: i64 = 5;

/// The only algorithm there is, as a token names it.
const ALGORITHM: &str = "EdDSA";

/// How a token begins: how it is signed, and with which key.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
}

/// The header of all tokens of a key.
pub(crate) fn header_of(kid: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!(r#"{{"typ":"JWT","alg":"{ALGORITHM}","kid":"{kid}"}}"#))
}

/// What a service token says: who speaks, and which attempt of which call it is good for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

/// A token that somebody known made for this attempt. Its body is still to be compared.
#[derive(Debug)]
pub struct Recognised(Claims);

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
        exp: iat.saturating_add(LIFE_SECONDS),
    };
    let claims = serde_json::to_vec(&claims).map_err(Failure::internal)?;
    let mut token = format!("{}.", keys.own_header);
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let signature = keys.own.sign(token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature.to_bytes(), &mut token);
    Ok(token)
}

/// Accepts a token for the one attempt that it was made for, once.
pub fn verify(
    (keys, seen): (&ServiceKeys, &Seen),
    token: &str,
    target: (&str, &str),
    (head, body): (&CallHead, &[u8]),
    now: Timestamp,
) -> Result<(), Refused> {
    recognise(keys, token, target, head, now)?.accept(seen, (head, body), now)
}

/// Recognises a token that somebody known made for this attempt of a call, whatever its body.
pub fn recognise(
    keys: &ServiceKeys,
    token: &str,
    (contract, method): (&str, &str),
    head: &CallHead,
    now: Timestamp,
) -> Result<Recognised, Refused> {
    let claims = signed(keys, token, head)?;
    claims.require_fresh(seconds(now))?;
    let meant = (claims.contract.as_str(), claims.method.as_str()) == (contract, method)
        && (&claims.call, claims.attempt) == (&head.id, head.attempt);
    if meant { Ok(Recognised(claims)) } else { Err(Refused::Moved) }
}

impl Recognised {
    /// Accepts it for the body that it was made for, once.
    pub fn accept(
        &self,
        seen: &Seen,
        (head, body): (&CallHead, &[u8]),
        now: Timestamp,
    ) -> Result<(), Refused> {
        let (claims, now) = (&self.0, seconds(now));
        // A body may take its time, and what is over is no longer remembered as seen.
        claims.require_fresh(now)?;
        if claims.digest != head.digest(body) {
            return Err(Refused::Moved);
        }
        seen.note(claims, now, claims.exp.saturating_add(LEEWAY_SECONDS))
    }
}

impl Claims {
    fn require_fresh(&self, now: i64) -> Result<(), Refused> {
        let lives = self.exp.checked_sub(self.iat);
        let fresh = self.iat <= now.saturating_add(LEEWAY_SECONDS)
            && self.exp > now.saturating_sub(LEEWAY_SECONDS)
            && lives.is_some_and(|lives| lives <= LIFE_SECONDS);
        if fresh { Ok(()) } else { Err(Refused::Expired) }
    }
}

fn signed(keys: &ServiceKeys, token: &str, head: &CallHead) -> Result<Claims, Refused> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Refused::Forged)?;
    let (header, claims) = signed.split_once('.').ok_or(Refused::Forged)?;
    let header: Header = parse(header)?;
    if header.alg != ALGORITHM {
        return Err(Refused::Forged);
    }
    let key = keys.of(&header.kid, &head.caller).ok_or(Refused::Forged)?;
    let signature = Signature::from_slice(&bytes(signature)?).map_err(|_| Refused::Forged)?;
    key.verify_strict(signed.as_bytes(), &signature).map_err(|_| Refused::Forged)?;
    let claims: Claims = parse(claims)?;
    if claims.iss == head.caller { Ok(claims) } else { Err(Refused::Forged) }
}

fn parse<T: DeserializeOwned>(part: &str) -> Result<T, Refused> {
    serde_json::from_slice(&bytes(part)?).map_err(|_| Refused::Forged)
}

fn bytes(part: &str) -> Result<Vec<u8>, Refused> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Forged)
}

fn seconds(moment: Timestamp) -> i64 {
    moment.micros().div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_beyond_all_reckoning_are_refused() {
        let now = 1_800_000_000;
        let fresh = |iat: i64, exp: i64| {
            let [iss, contract, method, digest, call] = std::array::from_fn(|_| String::new());
            Claims { iss, contract, method, digest, call, attempt: 1, iat, exp }.require_fresh(now)
        };

        assert_eq!(fresh(now, now + LIFE_SECONDS), Ok(()));
        for (iat, exp) in [(i64::MIN, i64::MAX), (i64::MIN, now), (now, i64::MAX), (i64::MAX, now)]
        {
            assert_eq!(fresh(iat, exp), Err(Refused::Expired), "{iat} {exp}");
        }
    }
}
