//! The modules as operators see them.

use std::sync::Arc;

use kernel::Clock;
use platform::Database;
use platform::ops::{Audited, ModuleOps, Ops};

use crate::internal::{Hosted, Table, serve_ops};
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
}

impl Operated {
    /// Knows where each module is to run, and nothing else of it yet.
    pub fn of(modules: &ModulesSettings) -> Self {
        let placed = modules.by_name().map(|(name, module)| (name, module.placement));
        Self { all: Vec::new(), placed: placed.to_vec() }
    }

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

    /// Every module there is, with what it says of itself where it runs here.
    pub fn hosted(&self) -> Vec<Hosted> {
        let hosted = |(module, placement): &(&'static str, Placement)| Hosted {
            module,
            placement: *placement,
            ops: self.all().find(|(name, _)| name == module).map(|(_, ops)| Arc::clone(ops)),
        };
        self.placed.iter().map(hosted).collect()
    }
}
