use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use testkit::TestPostgres;
use tokio::sync::Mutex;

use crate::site::Site;
use crate::{Address, Binaries, Opening, Outcome, Plan, Running, Store};

const DRAIN: Duration = Duration::from_secs(12);

/// Of what a shop is made.
#[derive(Debug, Clone)]
pub struct Kit {
    /// What runs.
    pub binaries: Binaries,
    /// Where.
    pub plan: Plan,
    /// What the gateway's process stands on: files, or the database that is shared.
    pub shop: Store,
    /// A directory of binaries, each by the names of the only modules that it has, to be run in place of the whole one.
    pub slim: Option<PathBuf>,
}

/// The modules in several processes, as a plan says.
pub struct Split {
    /// By place; they are started in the order of their calls, the gateway last.
    // Dropped first: they must not outlive what they stand on.
    pub(crate) running: Mutex<Vec<Option<Opened>>>,
    pub(crate) site: Arc<Site>,
    /// Which places this launcher starts.
    own: Own,
    pub(crate) public: Address,
    pub(crate) internal: Address,
}

/// A process, and how it was opened.
pub(crate) struct Opened {
    opening: Opening,
    pub(crate) running: Running,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    All,
    /// Another instance of the gateway's process.
    Gateway,
}

impl Split {
    /// Processes on files, or on a database that those share whose plan says so. None if the plan needs a broker and there is
    /// none, which was said.
    pub async fn prepare(
        binaries: Binaries,
        plan: Plan,
        database: Option<TestPostgres>,
    ) -> Outcome<Option<Self>> {
        let shop = if database.is_some() { Store::Shared } else { Store::Files };
        Self::of_kit(Kit { binaries, plan, shop, slim: None }, database).await
    }

    /// The same, where the gateway's process may stand on files beside processes that stand on a database.
    pub async fn of_kit(kit: Kit, database: Option<TestPostgres>) -> Outcome<Option<Self>> {
        let site = Site::prepare(kit, database).await?;
        Ok(site.is_whole().then(|| Self::of(Arc::new(site), Own::All)))
    }

    pub(crate) fn of(site: Arc<Site>, own: Own) -> Self {
        let running = (0..site.places.len()).map(|_| None).collect();
        let (public, internal) = (Address::default(), Address::default());
        Self { running: Mutex::new(running), site, own, public, internal }
    }

    /// Starts the processes of a module again, or for the first time.
    pub async fn start_module(&self, module: &str, opening: &Opening) -> Outcome {
        for place in self.site.hosts(module) {
            self.start_at(place, opening).await?;
        }
        Ok(())
    }

    /// Starts the process at a place.
    pub async fn start_at(&self, place: usize, opening: &Opening) -> Outcome {
        let place_of = &self.site.places[place];
        let mut prepared = self.site.prepare_command(place_of, opening.binary);
        prepared.args(self.site.arguments(place, opening));
        if place == 0 {
            prepared.env("GALLERIA__SERVER__ADDRESS", "127.0.0.1:0");
            if self.own == Own::Gateway {
                prepared.env("GALLERIA__SERVER__INTERNAL_ADDRESS", "127.0.0.1:0");
            }
        }
        prepared.envs(opening.settings.iter().map(|(name, value)| (name, value)));
        let started = Running::start(prepared).await?;
        if let Some(public) = started.public {
            self.public.set(public);
            self.internal.set(started.internal);
        }
        let opened = Opened { opening: opening.clone(), running: started };
        self.running.lock().await[place] = Some(opened);
        Ok(())
    }

    /// Whether the process at a place runs and was opened so.
    pub(crate) async fn runs_as(&self, place: usize, opening: &Opening) -> Outcome<bool> {
        match &mut self.running.lock().await[place] {
            Some(opened) if opened.opening == *opening => Ok(!opened.running.has_ended()?),
            _ => Ok(false),
        }
    }

    /// Does to a module's schema, on the shared database, what its next release does when it starts: a step that this release does
    /// not know, on every table.
    pub async fn migrate_ahead(&self, module: &str) -> Outcome {
        let database = self.site.database.as_ref().ok_or("files are migrated by their process")?;
        let step = format!(
            "DO $$ DECLARE each text; BEGIN \
             FOR each IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = '{module}' LOOP \
             EXECUTE 'ALTER TABLE ' || each || ' ADD COLUMN of_the_next_release text'; COMMIT; END LOOP; \
             INSERT INTO {module}.migration (name, applied_at) VALUES ('9999_next', 0); END $$"
        );
        database.run(&step).await;
        Ok(())
    }

    /// Where the processes of a module are among the places.
    pub fn places_of(&self, module: &str) -> Vec<usize> {
        self.site.hosts(module).collect()
    }

    /// Where the internal listener of the process at a place is, or will be.
    pub fn address_of(&self, place: usize) -> SocketAddr {
        self.site.places[place].address()
    }

    /// Stops the clock of the process at a place, and waits until it stands still.
    pub async fn pause_at(&self, place: usize) -> Outcome {
        match &self.running.lock().await[place] {
            Some(opened) => opened.running.pause().await,
            None => Err("it does not run".into()),
        }
    }

    /// Sends a signal to the process at a place, if it runs.
    pub async fn signal_at(&self, place: usize, signal: Signal) -> Outcome {
        match &self.running.lock().await[place] {
            Some(opened) => opened.running.signal(signal),
            None => Err("it does not run".into()),
        }
    }

    /// Ends the process at a place at once.
    pub async fn kill_at(&self, place: usize) -> Outcome {
        let mut running = self.running.lock().await;
        if let Some(opened) = &mut running[place] {
            // It may have ended already.
            let _gone = opened.running.signal(Signal::KILL);
            opened.running.ended(DRAIN).await?;
        }
        // Not before: who gives up waiting leaves it here, so that it is not started again while it still holds its port.
        running[place] = None;
        Ok(())
    }

    /// Asks the process at a place to end, and tells how long that took. Fails if it did not end well.
    pub async fn stop_at(&self, place: usize) -> Outcome<Duration> {
        let opened = self.running.lock().await[place].take();
        let Some(Opened { mut running, .. }) = opened else { return Ok(Duration::ZERO) };
        let asked = Instant::now();
        running.signal(Signal::TERM)?;
        let status = running.ended(DRAIN).await?;
        if status.success() {
            return Ok(asked.elapsed());
        }
        Err(format!("it ended with {status}: {}", running.said()).into())
    }

    /// The process ids of all its processes.
    pub async fn pids(&self) -> Vec<i32> {
        self.running.lock().await.iter().flatten().map(|opened| opened.running.pid()).collect()
    }

    /// The last lines that each of its processes said.
    pub async fn said(&self) -> String {
        let running = self.running.lock().await;
        let each = self.site.places.iter().zip(running.iter());
        let of = each.filter_map(|(place, running)| {
            let said = running.as_ref()?.running.said();
            Some(format!("\n{} said at last:{said}", place.modules.join("+")))
        });
        of.collect()
    }

    pub(crate) async fn signal(&self, signal: Signal) -> Outcome {
        let running = self.running.lock().await;
        running.iter().flatten().try_for_each(|opened| opened.running.signal(signal))
    }

    /// The places that this launcher starts, those that are called before their callers.
    pub fn places(&self) -> Vec<usize> {
        match self.own {
            Own::All => (1..self.site.places.len()).chain([0]).collect(),
            Own::Gateway => vec![0],
        }
    }
}
