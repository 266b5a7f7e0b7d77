use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{EventId, ModuleName, Timestamp};

/// Something that happened in a module, told to whoever subscribed.
///
/// Personal data sits in one field named `personal`, an `Option`: it is blanked some time after everybody handled the event.
pub trait Event: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The stable name with its version: `orders.order-confirmed.v1`.
    const NAME: &'static str;

    /// The aggregate whose events stay in order.
    fn key(&self) -> String;
}

/// A module's wish to be told of an event, declared in its contract crate by the event's stable name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscription {
    /// Stable for ever: `orders.record-payment-on-payment-captured`. Its first part is the subscribing module.
    pub name: &'static str,
    /// The event's stable name. Its first part is the producing module.
    pub event: &'static str,
}

impl Subscription {
    /// The module that subscribes.
    pub fn subscriber(&self) -> ModuleName {
        ModuleName::of(self.name)
    }

    /// The module that produces the event.
    pub fn producer(&self) -> ModuleName {
        ModuleName::of(self.event)
    }
}

/// An event on its way: a `CloudEvents` 1.0 envelope in its JSON form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Envelope {
    /// Always `1.0`.
    pub specversion: String,
    /// The event's id.
    pub id: EventId,
    /// `/galleria/<module>`.
    pub source: String,
    /// The event's stable name.
    #[serde(rename = "type")]
    pub name: String,
    /// When it happened.
    pub time: Timestamp,
    /// The key of the aggregate.
    pub subject: String,
    /// Its number within the key, from 1.
    pub sequence: u64,
    /// The trace in which it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// The event itself.
    pub data: serde_json::Value,
}
