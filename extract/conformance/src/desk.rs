use std::sync::Arc;

use extract_wire::{KeySettings, ServeSettings, ServiceKeys, Serving};
use kernel::SystemClock;
use kernel::contract::{
    Channel, Contract as _, Peer, RetrySettings, Stack, StackSettings, Unattended,
};
use tempfile::TempDir;

use crate::shelf::Shelf;
use crate::{Patience, Reached, Way};

/// As whom all processes of a test speak.
pub struct Desk {
    /// Their keys.
    pub keys: Arc<ServiceKeys>,
    _directory: TempDir,
}

/// A shelf of another process, called once.
pub struct Callee {
    /// The way to it.
    pub shelf: Arc<dyn Shelf>,
    /// The process.
    pub reached: Box<dyn Reached>,
}

impl Desk {
    /// Makes keys.
    pub fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let keys = ServiceKeys::open(KeySettings::default(), directory.path()).unwrap();
        Self { keys: Arc::new(keys), _directory: directory }
    }

    /// What serves a shelf.
    pub fn serving(&self, served: Arc<dyn Shelf>, settings: ServeSettings) -> Serving {
        let dispatch = <dyn Shelf>::dispatcher(served, &Unattended::default());
        let serving = Serving::new(Arc::clone(&self.keys), Arc::new(SystemClock), settings);
        serving.contract(dispatch)
    }

    /// Serves a shelf in another process.
    pub async fn serve(&self, way: &impl Way, served: Arc<dyn Shelf>) -> Callee {
        self.serve_with(way, served, (ServeSettings::default(), Patience::default())).await
    }

    /// The same with other ideas of what is too large or too long.
    pub async fn serve_with(
        &self,
        way: &impl Way,
        served: Arc<dyn Shelf>,
        (settings, patience): (ServeSettings, Patience),
    ) -> Callee {
        let serving = self.serving(served, settings);
        let reached = way.reach(serving, Arc::clone(&self.keys), patience).await;
        Callee { shelf: once(reached.channel()), reached }
    }
}

/// A shelf behind a channel, called once.
pub fn once(channel: Arc<dyn Channel>) -> Arc<dyn Shelf> {
    let retry = RetrySettings { attempts: 1, ..RetrySettings::default() };
    <dyn Shelf>::remote(Peer::with(channel, retry))
}

/// A shelf within the layers.
pub fn layered(served: Arc<dyn Shelf>) -> Arc<dyn Shelf> {
    let settings = StackSettings::default();
    let stack = Stack::new(<dyn Shelf>::DESCRIPTOR, settings, &Unattended::default());
    <dyn Shelf>::layered(served, stack)
}
