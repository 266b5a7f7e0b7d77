use kernel::{Email, Label, Secret, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::User;

/// Makes a buyer's account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Register {
    /// Its e-mail.
    pub email: Email,
    /// Its password, 12 to 128 characters.
    pub password: Secret,
    /// Its name.
    pub name: Label<200>,
}

/// Signs in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Login {
    /// The account's e-mail, in any case.
    pub email: Email,
    /// Its password.
    pub password: Secret,
}

/// Trades a refresh token for a new pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Refresh {
    /// The token.
    pub refresh_token: Secret,
}

/// Ends a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Logout {
    /// The session's newest refresh token.
    pub refresh_token: Secret,
}

/// A session: who, and the tokens to show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// A JWT, signed with `EdDSA`; `sub` is the user's id, `role` what they may do.
    pub access_token: Secret,
    /// Good for one trade.
    pub refresh_token: Secret,
    /// How many seconds the access token lives.
    pub expires_in: u64,
}

/// Asks for the keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListKeys {}

/// The public half of a key that signs access tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccessKey {
    /// Its name in the header of a token.
    pub kid: String,
    /// The Ed25519 public key, base64url without padding.
    pub x: String,
}

/// Why nobody is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum SessionRefusal {
    /// Another account has it.
    #[error("the e-mail is taken")]
    EmailTaken,
    /// Wrong e-mail or password, or the account is shut out.
    #[error("wrong e-mail or password")]
    InvalidCredentials,
    /// Passwords have 12 to 128 characters.
    #[error("a password has 12 to 128 characters")]
    InvalidPassword,
    /// The refresh token is unknown, ended or too old.
    #[error("not a valid refresh token")]
    InvalidToken,
    /// The refresh token was traded before; its session is over.
    #[error("the refresh token was used before")]
    TokenReused,
}
refusal!(SessionRefusal {
    EmailTaken => Conflict,
    InvalidCredentials => Unauthenticated,
    InvalidPassword => Invalid,
    InvalidToken => Unauthenticated,
    TokenReused => Unauthenticated,
});
