use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32};

use catalog_contract::ImportPart;
use kernel::{Call, Principal};
use tokio::sync::Notify;

/// The faked shop, with what the tests turn and look at.
#[derive(Default)]
pub(crate) struct Shop {
    /// Inventory answers nothing but that it can't be reached.
    pub(crate) inventory_is_down: AtomicBool,
    /// Users can't be reached for its keys.
    pub(crate) keys_are_down: AtomicBool,
    pub(crate) key_calls: AtomicU32,
    /// A product called "slow" begins, waits for this, and is counted.
    pub(crate) slow_write_began: Notify,
    pub(crate) slow_write_may_end: Notify,
    pub(crate) slow_writes_ended: AtomicU32,
    /// A read that nobody waits for any more.
    pub(crate) slow_read_began: Notify,
    pub(crate) slow_read_dropped: Notify,
    pub(crate) imported: Mutex<Vec<ImportPart>>,
    /// Who called last.
    pub(crate) last_call: Mutex<Option<Call>>,
}

impl Shop {
    pub(crate) fn note(&self, call: &Call) {
        *self.last_call.lock().unwrap() = Some(call.clone());
    }

    pub(crate) fn last_principal(&self) -> Option<Principal> {
        self.last_call.lock().unwrap().as_ref().map(|call| call.principal.clone())
    }
}
