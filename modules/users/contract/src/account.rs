use kernel::{Email, Label, PageRequest, Secret, Timestamp, UserId, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an account may do; each may do what those before it may.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Buys.
    Buyer,
    /// Runs the shop.
    Staff,
    /// May do everything.
    Admin,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Its e-mail, as it was written.
    pub email: Email,
    /// Its name.
    pub name: Label<200>,
    /// What it may do.
    pub role: Role,
    /// Whether it is shut out.
    pub disabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: u64,
}

/// Asks for an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetUser {
    /// Which.
    pub user: UserId,
}

/// Asks for all accounts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListUsers {
    /// Which part.
    pub page: PageRequest,
}

/// Changes the caller's own account; what is absent stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateProfile {
    /// Whose, which must be the caller.
    pub user: UserId,
    /// The new name.
    pub name: Option<Label<200>>,
    /// The new e-mail.
    pub email: Option<Email>,
    /// Refuses if the account is no longer at this version.
    pub expected_version: Option<u64>,
}

/// Changes the caller's password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangePassword {
    /// Whose, which must be the caller.
    pub user: UserId,
    /// The old one.
    pub current_password: Secret,
    /// The new one, 12 to 128 characters.
    pub new_password: Secret,
}

/// Changes an account; what is absent stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateUser {
    /// Which.
    pub user: UserId,
    /// What it may do from now on.
    pub role: Option<Role>,
    /// Whether it is shut out from now on; its sessions end.
    pub disabled: Option<bool>,
    /// Refuses if the account is no longer at this version.
    pub expected_version: Option<u64>,
}

/// Makes an admin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateAdmin {
    /// Their e-mail.
    pub email: Email,
    /// Their password, 12 to 128 characters.
    pub password: Secret,
    /// Their name.
    pub name: Label<200>,
}

/// Why an account can't be shown or changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum UserRefusal {
    /// There is none, or not for this caller.
    #[error("no such user")]
    NotFound,
    /// Only admins may.
    #[error("only an admin may do that")]
    Forbidden,
    /// Another account has it.
    #[error("the e-mail is taken")]
    EmailTaken,
    /// The password is not the current one.
    #[error("the current password is wrong")]
    InvalidCredentials,
    /// Passwords have 12 to 128 characters.
    #[error("a password has 12 to 128 characters")]
    InvalidPassword,
    /// Somebody must be able to do everything.
    #[error("the last admin stays one")]
    LastAdmin,
    /// The account changed since it was read.
    #[error("the account changed since it was read")]
    PreconditionFailed,
    /// The cursor is not one of this list.
    #[error("not a cursor of this list")]
    UnknownCursor,
}
refusal!(UserRefusal {
    NotFound => NotFound,
    Forbidden => Forbidden,
    EmailTaken => Conflict,
    InvalidCredentials => Unauthenticated,
    InvalidPassword => Invalid,
    LastAdmin => Conflict,
    PreconditionFailed => Stale,
    UnknownCursor => Invalid,
});
