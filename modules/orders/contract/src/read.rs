use kernel::{Email, OrderId, PageRequest, Timestamp, UserId, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::OrderStatus;

/// Asks for an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetOrder {
    /// Which.
    pub order: OrderId,
}

/// Asks for orders. The filters are for staff; a buyer sees their own alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListOrders {
    /// Only those this far.
    pub status: Option<OrderStatus>,
    /// Only those of this e-mail, in any case.
    pub email: Option<Email>,
    /// Only those of this account.
    pub user: Option<UserId>,
    /// Which part.
    pub page: PageRequest,
}

/// Asks what happened to an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct History {
    /// Which.
    pub order: OrderId,
    /// The number of the last entry that the caller has; 0 for none.
    pub after: u64,
    /// How long to wait for the next, in milliseconds.
    pub wait_ms: u64,
}

/// Something that happened to an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryEntry {
    /// Its number within the order, from 1.
    pub number: u64,
    /// How far the order was then.
    pub status: OrderStatus,
    /// When.
    pub at: Timestamp,
    /// More about it, for people.
    pub detail: Option<String>,
    /// Whether nothing can follow.
    pub last: bool,
}

/// Why orders can't be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum ReadRefusal {
    /// There is none, or not for this caller.
    #[error("no such order")]
    NotFound,
    /// Only those who are signed in have a list.
    #[error("sign in to see your orders")]
    Unauthenticated,
    /// The cursor is not one of this list.
    #[error("not a cursor of this list")]
    UnknownCursor,
}
refusal!(ReadRefusal { NotFound => NotFound, Unauthenticated => Unauthenticated, UnknownCursor => Invalid });
