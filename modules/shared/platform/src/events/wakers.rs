use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// Wakes whoever works for a subscription.
#[derive(Debug, Default)]
pub(crate) struct Wakers(Mutex<BTreeMap<String, Arc<Notify>>>);

impl Wakers {
    /// Wakes those of the subscriptions, at once or when they next wait.
    pub(crate) fn wake<'s>(&self, subscriptions: impl IntoIterator<Item = &'s str>) {
        let names: BTreeSet<&str> = subscriptions.into_iter().collect();
        for name in names {
            self.of(name).notify_one();
        }
    }

    /// Wakes everybody.
    pub(crate) fn wake_all(&self) {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.values().for_each(|waiting| waiting.notify_one());
    }

    /// What is woken for the subscription.
    pub(crate) fn of(&self, subscription: &str) -> Arc<Notify> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(waiting.entry(subscription.to_owned()).or_default())
    }
}
