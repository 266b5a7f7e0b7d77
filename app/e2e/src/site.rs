use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use testkit::{OwnNats, TestPostgres};
use tokio::process::Command;

use crate::keys::Key;
use crate::monolith::with_everybodys_settings;
use crate::ports::Port;
use crate::process::command;
use crate::{Binary, Kit, MODULES, Opening, Outcome, Store};

/// What the processes of a shop stand on. It outlives them.
pub(crate) struct Site {
    pub(crate) kit: Kit,
    /// The gateway's process first, then those of the modules that are called before their callers.
    pub(crate) places: Vec<Place>,
    pub(crate) database: Option<TestPostgres>,
    broker: Option<OwnNats>,
    /// Databases that one place alone stands on.
    _own: Vec<TestPostgres>,
    lacks_a_server: bool,
    _directory: TempDir,
}

/// A process of a shop: which modules it hosts, where, and on what.
pub(crate) struct Place {
    pub(crate) modules: Vec<&'static str>,
    /// How others reach it. They reach the gateway's process the way that they are reached themselves.
    way: Option<&'static str>,
    port: u16,
    _held: Port,
    directory: PathBuf,
    database: String,
    role_prefix: Option<String>,
    key: Key,
}

impl Site {
    /// Prepares directories, databases, ports and keys.
    pub(crate) async fn prepare(kit: Kit, database: Option<TestPostgres>) -> Outcome<Self> {
        let directory = tempfile::tempdir()?;
        let plan = &kit.plan;
        let broker = if plan.needs_a_broker() { testkit::own_nats().await } else { None };
        let mut places = vec![Place::new(
            directory.path().join("gateway"),
            (plan.with_the_gateway().into_iter().collect(), None),
            database.as_ref().filter(|_| kit.shop != Store::Files),
        )?];
        let (mut own, mut lacks_a_server) = (Vec::new(), false);
        for apart in plan.in_order() {
            let on = home_of(apart.store, database.as_ref(), &mut own).await?;
            lacks_a_server |= apart.store == Store::OwnServer && on.is_none();
            for number in 0..apart.instances {
                let name = format!("{}-{number}", apart.modules.join("-"));
                let what = (apart.modules.clone(), Some(apart.way.as_str()));
                places.push(Place::new(directory.path().join(name), what, on)?);
            }
        }
        let site = Self {
            kit,
            places,
            database,
            broker,
            _own: own,
            lacks_a_server,
            _directory: directory,
        };
        for place in &site.places {
            std::fs::write(place.directory.join("galleria.toml"), site.service_settings(place)?)?;
        }
        Ok(site)
    }

    /// The key of a process, and whom it believes to be which module.
    fn service_settings(&self, place: &Place) -> Outcome<String> {
        let mut text = String::new();
        writeln!(text, "[service]\nkey = \"{}\"", place.key.private)?;
        for (number, peer) in self.places.iter().enumerate() {
            let others = if number == 0 { &["gateway", "cli"][..] } else { &[] };
            for module in peer.modules.iter().chain(others) {
                let key = &peer.key.public;
                writeln!(text, "[[service.peers]]\nmodule = \"{module}\"\nkey = \"{key}\"")?;
            }
        }
        Ok(text)
    }

    /// A command of a binary as the process at a place would run it.
    pub(crate) fn prepare_command(&self, place: &Place, binary: Binary) -> Command {
        let mut prepared = command(&self.binary(place, binary), &place.directory);
        with_everybodys_settings(&mut prepared);
        prepared
            .env("GALLERIA__SERVER__INTERNAL_ADDRESS", format!("127.0.0.1:{}", place.port))
            .env("GALLERIA__DATABASE__URL", &place.database);
        if let Some(prefix) = &place.role_prefix {
            prepared.env("GALLERIA__DATABASE__ROLE_PREFIX", prefix);
        }
        if let Some(broker) = &self.broker {
            prepared.env("GALLERIA__NATS__URL", &broker.url);
        }
        for module in MODULES.into_iter().filter(|module| !place.modules.contains(module)) {
            let hosts = self.places.iter().filter(|other| other.modules.contains(&module));
            let urls: Vec<_> =
                hosts.clone().map(|host| format!("http://127.0.0.1:{}", host.port)).collect();
            let way = hosts.clone().find_map(|host| host.way).or(place.way).unwrap_or("http");
            let setting = format!("GALLERIA__MODULES__{}", module.to_uppercase());
            prepared.env(format!("{setting}__PLACEMENT"), way);
            prepared.env(format!("{setting}__URL"), urls.join(","));
        }
        prepared
    }

    /// What runs at a place. A slim binary has no fault points.
    fn binary(&self, place: &Place, binary: Binary) -> PathBuf {
        match (&self.kit.slim, place.way) {
            (Some(slim), Some(_)) => slim.join(place.modules.join("+")),
            _ => self.kit.binaries.of(binary).to_owned(),
        }
    }

    /// What the process at a place is told to do.
    pub(crate) fn arguments(&self, place: usize, opening: &Opening) -> Vec<String> {
        let mut arguments = opening.arguments.clone();
        if place != 0 {
            arguments.extend(["--modules".to_owned(), self.places[place].modules.join(",")]);
        }
        arguments
    }

    /// How the process at a place is opened: with a fault point only where it is named after a module of that process, or
    /// after none.
    pub(crate) fn opening_of(&self, place: usize, opening: &Opening) -> Opening {
        let module = opening.cut().and_then(module_of);
        match module {
            Some(module) if !self.places[place].modules.contains(&module) => {
                opening.clone().without_cut()
            }
            _ => opening.clone(),
        }
    }

    /// Whether all is there that the plan needs.
    pub(crate) fn is_whole(&self) -> bool {
        !self.lacks_a_server && (self.broker.is_some() || !self.kit.plan.needs_a_broker())
    }

    /// The places at which a module runs.
    pub(crate) fn hosts<'s>(&'s self, module: &'s str) -> impl Iterator<Item = usize> + 's {
        let hosts = move |(_, place): &(usize, &Place)| place.modules.contains(&module);
        self.places.iter().enumerate().filter(hosts).map(|(number, _)| number)
    }
}

impl Place {
    /// Where its internal listener is, unless that of another instance of the gateway is meant.
    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    fn new(
        directory: PathBuf,
        (modules, way): (Vec<&'static str>, Option<&'static str>),
        database: Option<&TestPostgres>,
    ) -> Outcome<Self> {
        std::fs::create_dir_all(&directory)?;
        let (url, role_prefix) = match database {
            Some(database) => (database.url.clone(), Some(database.role_prefix())),
            None => (files_in(&directory), None),
        };
        let (held, key) = (Port::any()?, Key::make()?);
        let port = held.number()?;
        Ok(Self { modules, way, port, _held: held, directory, database: url, role_prefix, key })
    }
}

/// The module in which a fault point is; none where it is in all of them.
fn module_of(point: &str) -> Option<&'static str> {
    match point.split('.').next() {
        Some("sagas") => Some("orders"),
        Some("sandbox") => Some("payments"),
        named => MODULES.into_iter().find(|module| named == Some(module)),
    }
}

/// The database of modules that are apart, made if it is to be theirs alone; none where they are on files, and where there is
/// no further server.
async fn home_of<'a>(
    store: Store,
    shared: Option<&'a TestPostgres>,
    own: &'a mut Vec<TestPostgres>,
) -> Outcome<Option<&'a TestPostgres>> {
    match store {
        Store::Files => return Ok(None),
        Store::Shared => return Ok(shared),
        Store::Own => {
            let server = shared.ok_or("no server for a database of its own")?;
            own.push(server.another().await);
        }
        Store::OwnServer => match testkit::postgres_on_another_server().await {
            Some(other) => own.push(other),
            None => return Ok(None),
        },
    }
    Ok(own.last())
}

fn files_in(directory: &Path) -> String {
    format!("sqlite://{}", directory.join("data").display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_point_is_in_the_module_that_it_is_named_after_or_in_all() {
        assert_eq!(module_of("inventory.reserved"), Some("inventory"));
        assert_eq!(module_of("sagas.before-claim-commit"), Some("orders"));
        assert_eq!(module_of("sandbox.charged"), Some("payments"));
        assert_eq!(module_of("events.stored"), None);
    }
}
