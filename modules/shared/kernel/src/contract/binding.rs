use std::sync::Arc;

use super::{ContractDescriptor, Dispatch, Peer, Stack, Unattended};

/// What the attribute `contract` gives a trait: `<dyn Inventory>::remote(peer)` is an `Inventory` like any other.
pub trait Contract: Send + Sync + 'static {
    /// What is known of it without calling it.
    const DESCRIPTOR: &'static ContractDescriptor;

    /// The contract as another process serves it.
    fn remote(peer: Peer) -> Arc<Self>;

    /// An implementation, local or remote, within the layers.
    fn layered(inner: Arc<Self>, stack: Stack) -> Arc<Self>;

    /// What serves an implementation over any transport. Writes whose callers go away end among `unattended`.
    fn dispatcher(inner: Arc<Self>, unattended: &Unattended) -> Arc<dyn Dispatch>;
}
