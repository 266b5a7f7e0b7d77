use std::collections::BTreeSet;

/// All modules that there are.
pub const MODULES: [&str; 7] =
    ["users", "inventory", "catalog", "carts", "shipping", "payments", "orders"];

/// How a process is reached by the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// At its internal listener.
    Http,
    /// Through the broker.
    Nats,
}

impl Way {
    /// As the settings write it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Nats => "nats",
        }
    }
}

/// Where the modules of a process keep what they know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// In files of the process.
    Files,
    /// In the database of the gateway's process.
    Shared,
    /// In a database of their own.
    Own,
    /// In a database on a server of their own.
    OwnServer,
}

/// Some modules in processes of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// Which.
    pub modules: Vec<&'static str>,
    /// How the others reach them.
    pub way: Way,
    /// Where they keep what they know.
    pub store: Store,
    /// How many processes there are of it.
    pub instances: usize,
}

/// Which modules run where. What is nowhere else runs with the gateway.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan(pub Vec<Apart>);

impl Plan {
    /// Each of these modules in a process of its own.
    pub fn each(modules: &[&'static str], way: Way, store: Store) -> Self {
        Self(modules.iter().map(|module| Apart::one(module, way, store)).collect())
    }

    /// The modules that run with the gateway.
    pub fn with_the_gateway(&self) -> BTreeSet<&'static str> {
        let apart = |module: &&str| self.0.iter().any(|apart| apart.modules.contains(module));
        MODULES.into_iter().filter(|module| !apart(module)).collect()
    }

    /// The processes of its own, those that are called before their callers.
    pub(crate) fn in_order(&self) -> Vec<Apart> {
        let first = |apart: &Apart| {
            apart
                .modules
                .iter()
                .filter_map(|own| MODULES.iter().position(|known| known == own))
                .min()
        };
        let mut apart = self.0.clone();
        apart.sort_by_key(first);
        apart
    }

    /// What runs apart and how, in the name of a test: `carts+users_by_http_orders_by_nats_x2`.
    pub(crate) fn name(&self) -> String {
        let apart = self.in_order();
        if apart.is_empty() {
            return "all_local".to_owned();
        }
        let mut alike: Vec<(String, Vec<String>)> = Vec::new();
        for (how, modules) in apart.iter().map(|apart| (apart.how(), apart.modules.join("&"))) {
            match alike.iter_mut().find(|(known, _)| *known == how) {
                Some((_, others)) => others.push(modules),
                None => alike.push((how, vec![modules])),
            }
        }
        let all = |modules: &Vec<String>| modules.iter().map(String::as_str).eq(MODULES);
        let parts = alike.iter().map(|(how, modules)| {
            if all(modules) { format!("all_{how}") } else { format!("{}_{how}", modules.join("+")) }
        });
        parts.collect::<Vec<_>>().join("_")
    }

    pub(crate) fn needs_a_broker(&self) -> bool {
        self.0.iter().any(|apart| apart.way == Way::Nats)
    }

    pub(crate) fn needs_a_server(&self) -> bool {
        self.0.iter().any(|apart| matches!(apart.store, Store::Shared | Store::Own))
    }
}

impl Apart {
    /// A module in one process of its own.
    pub fn one(module: &'static str, way: Way, store: Store) -> Self {
        Self { modules: vec![module], way, store, instances: 1 }
    }

    /// The same as several processes.
    #[must_use]
    pub fn times(self, instances: usize) -> Self {
        Self { instances, ..self }
    }

    /// `by_http_on_its_own_database_x2`.
    fn how(&self) -> String {
        let store = match self.store {
            Store::Files => "_on_files",
            Store::Shared => "",
            Store::Own => "_on_its_own_database",
            Store::OwnServer => "_on_its_own_server",
        };
        let instances =
            if self.instances == 1 { String::new() } else { format!("_x{}", self.instances) };
        format!("by_{}{store}{instances}", self.way.as_str())
    }
}
