use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Failure, Proof, Secret};

use super::random::secret_bytes;

/// A new refresh token: 256 random bits. Only its fingerprint is kept.
pub(crate) struct RefreshToken(Secret);

impl RefreshToken {
    pub(crate) fn generate() -> Result<Self, Failure> {
        Ok(Self(Secret::new(URL_SAFE_NO_PAD.encode(secret_bytes()?))))
    }

    pub(crate) fn fingerprint(&self) -> String {
        fingerprint(&self.0)
    }

    pub(crate) fn into_secret(self) -> Secret {
        self.0
    }
}

/// What is kept of a refresh token: its SHA-256, in hex.
pub(crate) fn fingerprint(token: &Secret) -> String {
    Proof::new(token.reveal()).fingerprint()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_256_bits_and_is_another_one_each_time() {
        let tokens = [(); 2].map(|()| RefreshToken::generate().unwrap().into_secret());

        let bytes = URL_SAFE_NO_PAD.decode(tokens[0].reveal()).unwrap();
        assert_eq!(bytes.len(), 32);
        assert_ne!(tokens[0], tokens[1]);
        assert_ne!(fingerprint(&tokens[0]), fingerprint(&tokens[1]));
        assert!(!fingerprint(&tokens[0]).contains(tokens[0].reveal()));
    }
}
