use std::sync::Arc;

use conformance::{Faulty, InMemory, Noted};
use kernel::contract::{Channel, Peer};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::OnceCell;

use crate::fakes::faked;
use crate::house::House;
use crate::shop::Shop;

/// How a contract is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Here,
    HereOnPostgres,
    Http,
    Nats,
    Fake,
    /// Over a network in the mood of this seed.
    Faulty(u64),
}

/// The processes that all trials share, opened when first needed and gone with this.
pub(crate) struct Houses {
    runtime: Runtime,
    on_files: OnceCell<House>,
    on_postgres: OnceCell<Option<House>>,
}

impl Default for Houses {
    fn default() -> Self {
        let runtime = Runtime::new().unwrap();
        Self { runtime, on_files: OnceCell::new(), on_postgres: OnceCell::new() }
    }
}

impl Way {
    pub(crate) const ALL: [Self; 8] = [
        Self::Here,
        Self::HereOnPostgres,
        Self::Http,
        Self::Nats,
        Self::Fake,
        Self::Faulty(1),
        Self::Faulty(2),
        Self::Faulty(3),
    ];

    pub(crate) fn name(self) -> String {
        match self {
            Self::Here => "here".to_owned(),
            Self::HereOnPostgres => "here_on_postgres".to_owned(),
            Self::Http => "over_http".to_owned(),
            Self::Nats => "over_nats".to_owned(),
            Self::Fake => "faked".to_owned(),
            Self::Faulty(seed) => format!("over_a_faulty_network_{seed}"),
        }
    }
}

impl Houses {
    /// Where trials run.
    pub(crate) fn runtime(&self) -> &Handle {
        self.runtime.handle()
    }

    /// A shop in this way; `None` where what it needs is not there, which was said.
    pub(crate) async fn shop(&self, way: Way) -> Option<Shop> {
        match way {
            Way::Here => Some(self.on_files().await.here.clone()),
            Way::HereOnPostgres => {
                let house = self.on_postgres.get_or_init(House::on_postgres).await;
                house.as_ref().map(|house| house.here.clone())
            }
            Way::Http => Some(self.on_files().await.over_http.clone()),
            Way::Nats => self.on_files().await.over_nats.clone(),
            Way::Fake => Some(faked(&self.on_files().await.here)),
            Way::Faulty(seed) => {
                let house = self.on_files().await;
                let network = |module| Faulty::by(seed, in_memory(house, module));
                Shop::over(|module| Some(network(module).into_peer()))
            }
        }
    }

    /// A shop, and what notes the calls of one of its contracts.
    pub(crate) async fn noted(&self, contract: &str) -> (Shop, Arc<Noted>) {
        let house = self.on_files().await;
        let noted = Noted::new(in_memory(house, contract));
        let shop = Shop::over(|module| {
            let channel: Arc<dyn Channel> =
                if module == contract { noted.clone() } else { in_memory(house, module) };
            Some(Peer::new(channel))
        });
        (shop.unwrap(), noted)
    }

    async fn on_files(&self) -> &House {
        self.on_files.get_or_init(House::on_files).await
    }
}

fn in_memory(house: &House, module: &str) -> Arc<InMemory> {
    Arc::new(InMemory(Arc::clone(&house.served[&format!("{module}.v1")])))
}
