use bytes::Bytes;

use super::contract::{Contract, told};
use crate::rpc::subjects;

/// More calls than can be on their way from the broker at once.
pub(super) const LAST: u64 = 1_024;
/// How many messages are made up at once; others that leave get their share of them.
const MADE_UP: u64 = 256;

impl Contract {
    /// Waits until no more calls come, after it was told to leave.
    ///
    /// A client that ends its subscription forgets it before the broker knows, and calls that are on their way are lost. So
    /// the end is set some calls ahead, where both see it alike, and what is missing until there is made up: messages that
    /// nobody waits for. Other instances get their share of them, and ignore them.
    pub(super) async fn leave(&self) {
        let (client, prefix) = (self.shared.connection.client(), self.shared.connection.prefix());
        let subject = subjects::method(prefix, &self.address, "nothing");
        // Before that they would count as calls that are on their way.
        told(&mut self.leaving.subscribe()).await;
        while !*self.left.borrow() {
            for _ in 0..MADE_UP {
                if client.publish(subject.clone(), Bytes::new()).await.is_err() {
                    return; // the connection is closed, and no call can come
                }
            }
            self.shared.control.round_trip().await;
        }
    }
}
