//! The modules as operators see them.

use std::sync::Arc;

use kernel::Clock;
use platform::Database;
use platform::ops::{Audited, ModuleOps, Ops};

use crate::internal::{Hosted, Table, serve_ops};
use crate::settings::{ModuleSettings, ModulesSettings};

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
}

impl Operated {
    /// Shows a module of this process to operators.
    pub fn add(&mut self, database: Database, clock: &Arc<dyn Clock>, audited: Arc<dyn Audited>) {
        let name = database.module().to_string();
        let ops = ModuleOps::new(database, Arc::clone(clock), audited);
        self.all.push((name, Arc::new(ops)));
    }

    /// All of them by name.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Arc<dyn Ops>)> {
        self.all.iter().map(|(name, ops)| (name.as_str(), ops))
    }

    /// Serves all of them to other processes.
    pub fn serve(&self, table: &mut Table) {
        for (name, ops) in self.all() {
            serve_ops(table, name, ops);
        }
    }

    /// The modules of the settings, with what they say of themselves where they run here.
    pub fn hosted(&self, modules: &ModulesSettings) -> Vec<Hosted> {
        let hosted = |(module, settings): (&'static str, &ModuleSettings)| Hosted {
            module,
            placement: settings.placement,
            ops: self.all().find(|(name, _)| *name == module).map(|(_, ops)| Arc::clone(ops)),
        };
        modules.by_name().into_iter().map(hosted).collect()
    }
}
