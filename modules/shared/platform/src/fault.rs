//! Points at which a crash could split a step from the next. Inert, unless a test binary watches them.

use std::sync::OnceLock;

type Watcher = Box<dyn Fn(&'static str) + Send + Sync>;

static WATCHER: OnceLock<Watcher> = OnceLock::new();

/// Says that a fault point is reached. Does nothing in a shop.
pub fn reach(point: &'static str) {
    if let Some(watcher) = WATCHER.get() {
        watcher(point);
    }
}

/// Calls `watcher` at every fault point from now on. The first call wins.
pub fn watch(watcher: impl Fn(&'static str) + Send + Sync + 'static) {
    let _ = WATCHER.set(Box::new(watcher));
}
