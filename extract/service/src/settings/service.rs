use extract_wire::{KeySettings, PeerKey};

use super::{Hidden, ServiceSettings};

impl<'a> From<&'a ServiceSettings> for KeySettings<'a> {
    fn from(settings: &'a ServiceSettings) -> Self {
        let peers = settings.peers.iter();
        let peers = peers.map(|peer| PeerKey { module: &peer.module, key: &peer.key });
        Self { own: settings.key.as_ref().map(Hidden::reveal), peers: peers.collect() }
    }
}
