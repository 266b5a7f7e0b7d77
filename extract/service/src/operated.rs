use std::sync::Arc;

use kernel::Clock;
use kernel::contract::{Contract as _, Peer, Stack, StackSettings, Unattended};
use platform::Database;
use platform::ops::{Audited, ModuleOps, Ops};

use crate::internal::Hosted;
use crate::placement::{Place, Places};

/// Whatever has operations of its own: the modules, and the sandbox provider, which is none.
pub const NAMES: [&str; 8] = [
    "users",
    "inventory",
    "catalog",
    "carts",
    "shipping",
    "payments",
    "sandbox_provider",
    "orders",
];

/// What operators see of each, those that are called first before their callers.
#[derive(Clone, Default)]
pub struct Operated {
    all: Vec<(&'static str, Arc<dyn Ops>)>,
    places: Places,
    unattended: Unattended,
}

/// Where the operations of a module are served.
pub fn address_of(module: &str) -> String {
    format!("{module}-{}", <dyn Ops>::DESCRIPTOR.address())
}

/// The module in whose process something runs that has operations of its own.
pub fn home_of(name: &str) -> &str {
    if name == "sandbox_provider" { "payments" } else { name }
}

impl Operated {
    pub(crate) fn of(places: &Places, unattended: &Unattended) -> Self {
        Self { all: Vec::new(), places: places.clone(), unattended: unattended.clone() }
    }

    /// Shows a module of this process to operators, and gives what they see.
    pub(crate) fn add(
        &mut self,
        database: Database,
        clock: &Arc<dyn Clock>,
        audited: Arc<dyn Audited>,
    ) -> Arc<dyn Ops> {
        let name = database.module().to_string();
        let ops = Arc::new(ModuleOps::new(database, Arc::clone(clock), audited));
        self.keep(&name, ops)
    }

    /// Shows a module of another process to operators.
    pub(crate) fn add_remote(&mut self, name: &str, peer: &Peer) {
        self.keep(name, <dyn Ops>::remote(peer.at(address_of(name))));
    }

    fn keep(&mut self, name: &str, ops: Arc<dyn Ops>) -> Arc<dyn Ops> {
        let (descriptor, settings) = (<dyn Ops>::DESCRIPTOR, StackSettings::default());
        let stack = Stack::at(address_of(name), descriptor, settings, &self.unattended);
        let ops = <dyn Ops>::layered(ops, stack);
        if let Some(name) = NAMES.iter().find(|known| **known == name) {
            self.all.push((name, Arc::clone(&ops)));
            self.all.sort_by_key(|(name, _)| NAMES.iter().position(|known| known == name));
        }
        ops
    }

    /// All of them by name.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &Arc<dyn Ops>)> {
        self.all.iter().map(|(name, ops)| (*name, ops))
    }

    /// What operators see of one module, where this process hosts or reaches it.
    pub fn named(&self, module: &str) -> Option<Arc<dyn Ops>> {
        self.all().find(|(name, _)| *name == module).map(|(_, ops)| Arc::clone(ops))
    }

    /// Every module there is, with what it says of itself where this process hosts or reaches it.
    pub fn hosted(&self) -> Vec<Hosted> {
        let hosted = |(module, place): (&'static str, &Place)| Hosted {
            module,
            place: place.clone(),
            ops: self.named(module),
        };
        self.places.all().map(hosted).collect()
    }
}
