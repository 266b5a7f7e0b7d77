use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;

use crate::Outcome;

/// The service key of a process, as settings write it.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// PKCS #8 in base64.
    pub(crate) private: String,
    /// 32 bytes in base64.
    pub(crate) public: String,
}

impl Key {
    /// A new one.
    pub(crate) fn make() -> Outcome<Self> {
        let key = SigningKey::from_bytes(&rand::random());
        let private = STANDARD.encode(key.to_pkcs8_der()?.as_bytes());
        Ok(Self { private, public: STANDARD.encode(key.verifying_key().as_bytes()) })
    }
}
