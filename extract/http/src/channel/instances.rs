use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use extract_wire::lost::unsent;
use kernel::Failure;
use tokio::time::Instant;

use super::instance::Instance;
use super::url::Host;
use super::{ChannelSettings, UrlError};

/// The processes that serve the same contracts, in turn.
pub(super) struct Instances {
    hosts: Vec<Host>,
    settings: ChannelSettings,
    known: Mutex<Known>,
    looking_up: Arc<tokio::sync::Mutex<()>>,
    turn: AtomicUsize,
}

#[derive(Clone, Default)]
struct Known {
    instances: Arc<[Arc<Instance>]>,
    looked_up: Option<Instant>,
}

impl Instances {
    pub(super) fn parse(urls: &[String], settings: ChannelSettings) -> Result<Self, UrlError> {
        let hosts = urls.iter().map(|url| Host::parse(url)).collect::<Result<Vec<_>, _>>()?;
        if hosts.is_empty() {
            return Err(UrlError { url: "nothing".to_owned() });
        }
        let (known, turn) = (Mutex::default(), AtomicUsize::new(0));
        Ok(Self { hosts, settings, known, looking_up: Arc::default(), turn })
    }

    /// Whose turn it is. Those that refused a connection lately are passed over while there are others.
    pub(super) async fn next(self: &Arc<Self>) -> Result<Arc<Instance>, Failure> {
        let instances = self.all().await?;
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % instances.len();
        let (before, from) = instances.split_at(turn);
        let awake = from.iter().chain(before).find(|instance| !instance.rests());
        Ok(Arc::clone(awake.unwrap_or(&instances[turn])))
    }

    /// All of them, never none. Only the first look-up is waited for; later ones go on beside calls to what was known.
    async fn all(self: &Arc<Self>) -> Result<Arc<[Arc<Instance>]>, Failure> {
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        let known = self.known().instances;
        if !known.is_empty() {
            self.look_up_aside();
            return Ok(known);
        }
        let _alone = self.looking_up.lock().await;
        match self.fresh() {
            Some(fresh) => Ok(fresh),
            None => self.look_up().await,
        }
    }

    /// Looks names up, unless that is under way.
    fn look_up_aside(self: &Arc<Self>) {
        let Ok(alone) = Arc::clone(&self.looking_up).try_lock_owned() else { return };
        let this = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(failure) = this.look_up().await {
                tracing::warn!(error = %failure.chain(), "a peer keeps the addresses it had");
            }
            drop(alone);
        });
    }

    fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn fresh(&self) -> Option<Arc<[Arc<Instance>]>> {
        let known = self.known();
        let fresh = known.looked_up.is_some_and(|then| then.elapsed() < self.settings.resolve);
        (fresh && !known.instances.is_empty()).then_some(known.instances)
    }

    /// Instances that stay keep their connections. A name that can't be looked up keeps what it stood for.
    async fn look_up(&self) -> Result<Arc<[Arc<Instance>]>, Failure> {
        let known = self.known().instances;
        let (mut instances, mut failed) = (Vec::new(), None);
        for host in &self.hosts {
            let of_host = known.iter().filter(|known| known.authority == host.authority);
            let of_host: Vec<_> = of_host.cloned().collect();
            match tokio::net::lookup_host((host.name.as_str(), host.port)).await {
                Ok(found) => {
                    let found: BTreeSet<SocketAddr> = found.collect();
                    instances.extend(found.into_iter().map(|address| {
                        let same = of_host.iter().find(|known| known.address == address);
                        let new = || Arc::new(Instance::new(address, host.authority.clone()));
                        same.cloned().unwrap_or_else(new)
                    }));
                }
                Err(error) => {
                    tracing::warn!(host = host.name, error = %error, "can't look up a peer");
                    instances.extend(of_host);
                    failed = Some(error);
                }
            }
        }
        if instances.is_empty() {
            let nobody = || std::io::Error::other("no name of it stands for an address");
            return Err(unsent(failed.unwrap_or_else(nobody)));
        }
        let instances: Arc<[Arc<Instance>]> = instances.into();
        let looked_up = Some(Instant::now());
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) =
            Known { instances: Arc::clone(&instances), looked_up };
        Ok(instances)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn only_the_first_look_up_of_a_name_is_waited_for() {
        let settings = ChannelSettings { resolve: Duration::ZERO, ..ChannelSettings::default() };
        let urls = ["http://localhost:1".to_owned()];
        let instances = Arc::new(Instances::parse(&urls, settings).unwrap());

        let first = instances.next().await.unwrap();
        let second = instances.next().now_or_never().unwrap().unwrap();

        assert_eq!(first.authority, second.authority);
    }
}
