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
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.into_iter().filter_map(|name| waiting.get(name)).for_each(|it| it.notify_one());
    }

    /// Whether somebody works for the subscription, or will.
    pub(crate) fn knows(&self, subscription: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(subscription)
    }

    /// What is woken for the subscription, which is known from now on.
    pub(crate) fn of(&self, subscription: &str) -> Arc<Notify> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(waiting.entry(subscription.to_owned()).or_default())
    }
}
