use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use kernel::contract::{Contract, Dispatch, Peer, Stack, StackSettings, Unattended};
use kernel::{Clock, Failure, ModuleName};
use platform::ops::{Audited, Ops};
use platform::{Database, Handler};
use tokio_util::sync::CancellationToken;

use super::WiringError;
use crate::audited::{Find, by_function};
use crate::background::{Background, Job, every};
use crate::databases::Databases;
use crate::operated::{NAMES, Operated, address_of, home_of};
use crate::placement::{NEIGHBOURHOOD, Places};
use crate::settings::Settings;
use crate::transports::Transports;

/// What handles the subscriptions of a module, by their names.
pub type Handlers = BTreeMap<&'static str, Arc<dyn Handler>>;

/// What goes with the modules of a process, once they are built.
pub struct Assembled {
    /// What operators see of those hosted here and those reached elsewhere.
    pub operated: Operated,
    /// What others may call here, by address.
    pub served: Vec<(String, Arc<dyn Dispatch>)>,
    /// The writes whose callers went away.
    pub unattended: Unattended,
    /// What runs besides the answers to calls.
    pub background: Background,
}

/// What the modules of a process are built of, and what goes with them so far.
pub struct Assembly<'a> {
    /// Everything that was set.
    pub settings: &'a Settings,
    pub(super) clock: Arc<dyn Clock>,
    operated: Operated,
    served: Vec<(String, Arc<dyn Dispatch>)>,
    pub(super) jobs: Vec<Job>,
    unattended: Unattended,
    pub(super) databases: &'a Databases,
    pub(super) places: &'a Places,
    pub(super) transports: &'a Transports,
    pub(super) handlers: BTreeMap<ModuleName, Handlers>,
}

impl<'a> Assembly<'a> {
    /// How often work is looked for that should not wait.
    pub const OFTEN: Duration = Duration::from_secs(1);
    /// How often work is looked for that can wait.
    pub const SELDOM: Duration = Duration::from_mins(10);

    pub(crate) fn new(
        settings: &'a Settings,
        databases: &'a Databases,
        (places, transports): (&'a Places, &'a Transports),
        clock: Arc<dyn Clock>,
    ) -> Self {
        let unattended = Unattended::default();
        Self {
            settings,
            clock,
            operated: Operated::of(places, &unattended),
            served: Vec::new(),
            jobs: Vec::new(),
            unattended,
            databases,
            places,
            transports,
            handlers: BTreeMap::new(),
        }
    }

    /// What time it is.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Whether a module runs in this process.
    pub fn is_here(&self, module: &str) -> bool {
        self.places.is_here(module)
    }

    /// The database of an owner.
    pub fn database(&self, owner: &ModuleName) -> Result<Database, WiringError> {
        self.databases.of(owner).ok_or_else(|| WiringError::NoDatabase(owner.clone()))
    }

    /// Shows a module of this process to operators, here and elsewhere.
    pub fn operate(
        &mut self,
        owner: &ModuleName,
        audited: Arc<dyn Audited>,
    ) -> Result<(), WiringError> {
        let ops = self.operated.add(self.database(owner)?, &self.clock, audited);
        self.serve(address_of(owner.as_str()), <dyn Ops>::dispatcher(ops, &self.unattended));
        Ok(())
    }

    /// The same for a module that knows nothing of orders.
    pub fn operate_by(&mut self, owner: &ModuleName, find: Find) -> Result<(), WiringError> {
        let audited = by_function(self.database(owner)?, find);
        self.operate(owner, audited)
    }

    /// Has a module do something now and then, and again at once for as long as it had something to do.
    pub fn repeat<M: Send + Sync + 'static>(
        &mut self,
        pause: Duration,
        what: &'static str,
        module: &Arc<M>,
        work: impl Fn(Arc<M>) -> BoxFuture<'static, Result<u64, Failure>> + Send + Sync + 'static,
    ) {
        let module = Arc::clone(module);
        self.jobs.push(every(pause, what, move || work(Arc::clone(&module))));
    }

    /// Has something go on until the process stops.
    pub fn go_on(
        &mut self,
        work: impl FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send + 'static,
    ) {
        self.jobs.push(Box::new(work));
    }

    /// Hosts a module: within the layers that every call of it passes, and served to others.
    pub fn host<C: Contract + ?Sized>(&mut self, module: Arc<C>) -> Arc<C> {
        let contract = self.layered(module);
        let served = C::dispatcher(Arc::clone(&contract), &self.unattended);
        self.serve(C::DESCRIPTOR.address(), served);
        contract
    }

    /// Reaches a module of another process, if it is known where that is.
    pub fn reach<C: Contract + ?Sized>(
        &mut self,
        module: &'static str,
    ) -> Result<Option<Arc<C>>, WiringError> {
        let Some(peer) = self.peer(module)? else { return Ok(None) };
        for name in NAMES.into_iter().filter(|name| home_of(name) == module) {
            self.operated.add_remote(name, &peer);
        }
        Ok(Some(self.layered(C::remote(peer))))
    }

    /// Notes what handles the events that a module of this process listens to.
    pub fn listen(&mut self, module: &ModuleName, handlers: Handlers) {
        self.handlers.insert(module.clone(), handlers);
    }

    /// Everything that goes with the modules, once all are built.
    pub(crate) async fn finish(mut self) -> Result<Assembled, WiringError> {
        let events = self.events(NEIGHBOURHOOD.subscriptions).await?;
        let Self { operated, served, unattended, jobs, .. } = self;
        Ok(Assembled { operated, served, unattended, background: Background { events, jobs } })
    }

    pub(super) fn peer(&self, module: &str) -> Result<Option<Peer>, WiringError> {
        let peer = self.transports.to(module, self.places.of(module));
        peer.map_err(|error| WiringError::Url(module.to_owned(), error))
    }

    fn layered<C: Contract + ?Sized>(&self, inner: Arc<C>) -> Arc<C> {
        let stack = Stack::new(C::DESCRIPTOR, StackSettings::default(), &self.unattended);
        C::layered(inner, stack)
    }

    fn serve(&mut self, address: String, contract: Arc<dyn Dispatch>) {
        self.served.push((address, contract));
    }
}
