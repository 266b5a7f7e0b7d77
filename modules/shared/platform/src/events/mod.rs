//! Events: written with the business transaction, relayed, and handled once in effect.

pub(crate) mod outbox;
