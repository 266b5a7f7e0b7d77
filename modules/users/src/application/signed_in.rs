use kernel::{Failure, Timestamp};
use users_contract::{SignedIn, User};

use crate::tokens::{RefreshToken, Signer};

/// What whoever signed in is given, once that is committed.
pub(super) fn signed_in(
    user: User,
    signer: &Signer,
    refresh_token: RefreshToken,
    now: Timestamp,
) -> Result<SignedIn, Failure> {
    Ok(SignedIn {
        access_token: signer.sign(&user, now)?,
        refresh_token: refresh_token.into_secret(),
        expires_in: signer.life().as_secs(),
        user,
    })
}
