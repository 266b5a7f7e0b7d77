//! The modules as operators see them.

use std::sync::Arc;

use kernel::Clock;
use kernel::contract::{Contract as _, Stack, StackSettings, Unattended};
use platform::Database;
use platform::ops::{Audited, ModuleOps, Ops};

use crate::internal::{Hosted, Table};
use crate::settings::{ModulesSettings, Placement};

/// Whatever has operations of its own: the modules of this process, and the sandbox provider, which is none.
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
    all: Vec<(String, Arc<dyn Ops>)>,
    placed: Vec<(&'static str, Placement)>,
    unattended: Unattended,
}

/// Where the operations of a module are served.
pub fn address_of(module: &str) -> String {
    format!("{module}-{}", <dyn Ops>::DESCRIPTOR.address())
}

impl Operated {
    /// Knows where each module is to run, and nothing else of it yet.
    pub fn of(modules: &ModulesSettings, unattended: &Unattended) -> Self {
        let placed = modules.by_name().map(|(name, module)| (name, module.placement));
        Self { all: Vec::new(), placed: placed.to_vec(), unattended: unattended.clone() }
    }

    /// Shows a module of this process to operators.
    pub fn add(&mut self, database: Database, clock: &Arc<dyn Clock>, audited: Arc<dyn Audited>) {
        let name = database.module().to_string();
        let ops = Arc::new(ModuleOps::new(database, Arc::clone(clock), audited));
        let (descriptor, settings) = (<dyn Ops>::DESCRIPTOR, StackSettings::default());
        let stack = Stack::at(address_of(&name), descriptor, settings, &self.unattended);
        self.all.push((name, <dyn Ops>::layered(ops, stack)));
    }

    /// All of them by name.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Arc<dyn Ops>)> {
        self.all.iter().map(|(name, ops)| (name.as_str(), ops))
    }

    /// What operators see of one module, where it runs here.
    pub fn named(&self, module: &str) -> Option<Arc<dyn Ops>> {
        self.all().find(|(name, _)| *name == module).map(|(_, ops)| Arc::clone(ops))
    }

    /// Serves all of them to other processes.
    pub fn serve(&self, table: &mut Table) {
        for (name, ops) in self.all() {
            let served = <dyn Ops>::dispatcher(Arc::clone(ops), &self.unattended);
            table.serve(address_of(name), served);
        }
    }

    /// Every module there is, with what it says of itself where it runs here.
    pub fn hosted(&self) -> Vec<Hosted> {
        let hosted = |(module, placement): &(&'static str, Placement)| Hosted {
            module,
            placement: *placement,
            ops: self.named(module),
        };
        self.placed.iter().map(hosted).collect()
    }
}
