//! The vocabulary that every contract and module shares, and what contracts run on. It does no I/O.

mod address;
mod call;
mod clock;
mod collected;
pub mod contract;
mod country;
mod currency;
mod email;
mod error;
mod event;
mod id;
mod invalid;
mod json;
mod money;
mod page;
mod quantity;
mod rate;
mod sku;
mod text;
mod trace;

pub use async_trait::async_trait;
pub use contract_macros::contract;

pub use address::PostalAddress;
pub use call::{Call, IdempotencyKey, ModuleName, Principal, Proof};
pub use clock::{Clock, SystemClock, Timestamp};
pub use collected::Collected;
pub use country::Country;
pub use currency::Currency;
pub use email::Email;
pub use error::{CallError, Executed, Failure, FailureKind, Refusal, RefusalKind};
pub use event::{Envelope, Event, Subscription};
pub use id::{
    AddressId, CartId, DeliveryId, EventId, OrderId, PaymentId, ProductId, RefundId, TokenId,
    UserId, VariantId,
};
pub use invalid::Invalid;
pub use json::{json_length, nullable};
pub use money::{Money, MoneyError};
pub use page::{Page, PageRequest};
pub use quantity::Quantity;
pub use rate::BasisPoints;
pub use sku::SkuId;
pub use text::{Label, Secret, fold};
pub use trace::TraceContext;
