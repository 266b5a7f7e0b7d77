use kernel::{AddressId, PostalAddress, UserId, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An entry of an address book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Address {
    /// Its id.
    pub id: AddressId,
    /// Where it is.
    #[serde(flatten)]
    pub postal: PostalAddress,
}

/// Asks for an address book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListAddresses {
    /// Whose, which must be the caller.
    pub user: UserId,
}

/// Adds to an address book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AddAddress {
    /// Whose, which must be the caller.
    pub user: UserId,
    /// Where it is.
    pub postal: PostalAddress,
}

/// Replaces an entry of an address book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateAddress {
    /// Whose, which must be the caller.
    pub user: UserId,
    /// Which.
    pub address: AddressId,
    /// Where it is now.
    pub postal: PostalAddress,
}

/// Removes an entry of an address book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RemoveAddress {
    /// Whose, which must be the caller.
    pub user: UserId,
    /// Which.
    pub address: AddressId,
}

/// Why an address book can't be shown or changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum AddressRefusal {
    /// There is none, or not for this caller.
    #[error("no such address")]
    NotFound,
    /// It is full.
    #[error("at most {most} addresses")]
    TooMany {
        /// The most.
        most: u32,
    },
}
refusal!(AddressRefusal { NotFound => NotFound, TooMany => Conflict });
