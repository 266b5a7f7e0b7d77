use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use kernel::{Failure, Secret, Timestamp, TokenId};
use serde::Serialize;
use std::time::Duration;
use users_contract::{Role, User};

use super::random::secret_bytes;

/// Who makes access tokens, and whom they are for.
const GALLERIA: &str = "galleria";
/// An Ed25519 private key in PKCS#8 is this and its 32 bytes.
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A key as it is kept.
pub(crate) struct StoredKey {
    /// Its name in the header of a token, never given twice.
    pub(crate) kid: String,
    pub(crate) private_key: String,
    pub(crate) public_key: String,
}

impl StoredKey {
    pub(super) fn generate() -> Result<Self, Failure> {
        let private_key = URL_SAFE_NO_PAD.encode(secret_bytes()?);
        let key = encoding_key(&private_key)?;
        let jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).map_err(Failure::internal)?;
        let AlgorithmParameters::OctetKeyPair(public) = jwk.algorithm else {
            return Err(Failure::internal("not an Ed25519 key"));
        };
        Ok(Self { kid: TokenId::random().to_string(), private_key, public_key: public.x })
    }
}

/// Signs access tokens with the key whose time it is.
pub(crate) struct Signer {
    kid: String,
    key: EncodingKey,
    life: Duration,
}

#[derive(Serialize)]
struct Claims {
    sub: String,
    role: Role,
    iss: &'static str,
    aud: &'static str,
    iat: i64,
    exp: i64,
}

impl Signer {
    pub(super) fn new(stored: &StoredKey, life: Duration) -> Result<Self, Failure> {
        Ok(Self { kid: stored.kid.clone(), key: encoding_key(&stored.private_key)?, life })
    }

    /// How long a token lives.
    pub(crate) fn life(&self) -> Duration {
        self.life
    }

    /// Says who somebody is and what they may do, for a while.
    pub(crate) fn sign(&self, user: &User, now: Timestamp) -> Result<Secret, Failure> {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let claims = Claims {
            sub: user.id.to_string(),
            role: user.role,
            iss: GALLERIA,
            aud: GALLERIA,
            iat: seconds(now),
            exp: seconds(now.plus(self.life)),
        };
        encode(&header, &claims, &self.key).map(Secret::new).map_err(Failure::internal)
    }
}

fn seconds(moment: Timestamp) -> i64 {
    moment.micros().div_euclid(1_000_000)
}

fn encoding_key(private_key: &str) -> Result<EncodingKey, Failure> {
    let bytes = URL_SAFE_NO_PAD.decode(private_key).map_err(Failure::internal)?;
    Ok(EncodingKey::from_ed_der(&[&PKCS8_PREFIX, bytes.as_slice()].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_half_is_that_of_the_published_test_vector() {
        // RFC 8037, appendix A
        let key = encoding_key("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();

        let jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap();

        let AlgorithmParameters::OctetKeyPair(public) = jwk.algorithm else { panic!("{jwk:?}") };
        assert_eq!(public.x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    }
}
