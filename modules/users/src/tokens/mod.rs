mod access;
mod random;
mod refresh;
mod signing;

pub(crate) use access::{Signer, StoredKey};
pub(crate) use refresh::{RefreshToken, fingerprint};
pub(crate) use signing::SigningKeys;
