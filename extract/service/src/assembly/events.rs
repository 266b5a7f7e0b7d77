use std::sync::Arc;

use kernel::contract::Contract as _;
use kernel::{ModuleName, Subscription};
use platform::ops::Ops;
use platform::{
    Database, ModuleEvents, Neighbour, RunningEvents, Subscriber, local_inbox, remote_inbox,
    start_events,
};

use super::{Assembly, WiringError};
use crate::operated::address_of;
use crate::placement::Place;

impl Assembly<'_> {
    /// Records who listens to what, and makes what tells and handles it. A module without handlers listens to nothing, and
    /// is listened to all the same.
    pub(super) async fn events(
        &mut self,
        declared: &[&'static [Subscription]],
    ) -> Result<RunningEvents, WiringError> {
        let of = |owner: &ModuleName| {
            let own = |subscriptions: &&&[Subscription]| {
                subscriptions.first().is_some_and(|first| first.subscriber() == *owner)
            };
            declared.iter().find(own).copied().unwrap_or_default()
        };
        let mut modules = Vec::new();
        for (owner, database) in self.databases.all() {
            let (database, subscriptions) = (database.clone(), of(owner));
            let handlers = self.handlers.remove(owner).unwrap_or_default();
            self.hear(&database, subscriptions)?;
            modules.push(ModuleEvents { database, subscriptions, handlers });
        }
        let mut neighbours = Vec::new();
        for subscriptions in declared.iter().copied() {
            neighbours.extend(self.neighbour(subscriptions)?);
        }
        let settings = self.settings.events.for_platform();
        Ok(start_events(&self.clock, &settings, modules, neighbours).await?)
    }

    /// Has what producers in other processes send over the broker taken in.
    fn hear(
        &mut self,
        database: &Database,
        subscriptions: &[Subscription],
    ) -> Result<(), WiringError> {
        let Some(broker) = self.transports.broker() else { return Ok(()) };
        for subscription in subscriptions {
            let producer = subscription.producer();
            if let Some(ops) = self.remote_ops(producer.as_str())? {
                let inbox = local_inbox(database.clone(), Arc::clone(&self.clock));
                self.jobs.push(broker.listen(*subscription, inbox, ops));
            }
        }
        Ok(())
    }

    /// The way to a subscriber in another process; none to one of this process, or one that is of no interest here.
    fn neighbour(
        &self,
        subscriptions: &'static [Subscription],
    ) -> Result<Option<Neighbour>, WiringError> {
        let Some(first) = subscriptions.first() else { return Ok(None) };
        let module = first.subscriber();
        let subscriber = match (self.places.of(module.as_str()), self.transports.broker()) {
            (Place::Nats, Some(broker)) => Subscriber::Elsewhere(broker.inbox(&module)),
            (Place::Here, _) => return Ok(None),
            _ => match self.remote_ops(module.as_str())? {
                Some(ops) => Subscriber::Elsewhere(remote_inbox(ops)),
                None => Subscriber::Off,
            },
        };
        Ok(Some(Neighbour { subscriptions, subscriber }))
    }

    /// What operators see of a module of another process, if it is known where that is.
    fn remote_ops(&self, module: &str) -> Result<Option<Arc<dyn Ops>>, WiringError> {
        let peer = self.peer(module)?;
        Ok(peer.map(|peer| <dyn Ops>::remote(peer.at(address_of(module)))))
    }
}
