use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// Wakes the worker of each subscription of a module.
#[derive(Debug, Default)]
pub(crate) struct Arrivals(Mutex<BTreeMap<String, Arc<Notify>>>);

impl Arrivals {
    /// Wakes the workers of those subscriptions, at once or when they next wait.
    pub(crate) fn note<'s>(&self, subscriptions: impl Iterator<Item = &'s str>) {
        let names: BTreeSet<&str> = subscriptions.collect();
        for name in names {
            self.of(name).notify_one();
        }
    }

    /// Waits until something arrived at the subscription since the last wait.
    pub(crate) async fn next(&self, subscription: &str) {
        self.of(subscription).notified().await;
    }

    fn of(&self, subscription: &str) -> Arc<Notify> {
        let mut workers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(workers.entry(subscription.to_owned()).or_default())
    }
}
