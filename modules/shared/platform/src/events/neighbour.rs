use std::sync::Arc;

use kernel::Subscription;

use super::inbox::Inbox;

/// What a module that does not run in this process listens to.
pub struct Neighbour {
    /// What its contract declares.
    pub subscriptions: &'static [Subscription],
    /// Where it is.
    pub subscriber: Subscriber,
}

/// Where a module is that does not run in this process.
#[derive(Clone)]
pub enum Subscriber {
    /// In another process, which takes its events this way.
    Elsewhere(Arc<dyn Inbox>),
    /// Nowhere. It gets no new subscription; those that it has are kept, with all that it is to be told.
    Off,
}
