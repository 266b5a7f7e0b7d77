use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use rustix::process::Signal;
use tempfile::TempDir;
use testkit::TestPostgres;
use tokio::process::Command;
use tokio::sync::Mutex;

use crate::process::{command, said};
use crate::{Address, Binary, Launcher, Opening, Outcome, Running, Said};

const DRAIN: Duration = Duration::from_secs(10);
/// Whom every launched shop knows as its admin.
pub(crate) const ADMIN: (&str, &str) = ("admin@shop.example", "correct horse battery");

/// Where the binaries are.
#[derive(Debug, Clone)]
pub struct Binaries {
    /// The one that is shipped.
    pub galleria: PathBuf,
    /// The one whose fault points bite.
    pub faults: PathBuf,
}

impl Binaries {
    pub(crate) fn of(&self, binary: Binary) -> &Path {
        match binary {
            Binary::Galleria => &self.galleria,
            Binary::Faults => &self.faults,
        }
    }
}

/// Sets what every process of a launched shop is set to.
pub(crate) fn with_everybodys_settings(command: &mut Command) {
    command
        .env("GALLERIA__AUTH__ADMIN_EMAIL", ADMIN.0)
        .env("GALLERIA__AUTH__ADMIN_PASSWORD", ADMIN.1)
        .env("GALLERIA__LIMITS__REQUESTS_PER_SECOND", "0")
        .env("GALLERIA__LIMITS__SIGN_INS_PER_MINUTE", "0");
}

/// All modules in one process.
pub struct Monolith {
    // Dropped first: it must not outlive its data.
    running: Mutex<Option<Running>>,
    binaries: Binaries,
    data: Arc<Data>,
    public: Address,
    internal: Address,
}

struct Data {
    directory: TempDir,
    database: Option<TestPostgres>,
}

impl Monolith {
    /// On files in a directory of its own, which goes with it.
    pub fn on_sqlite(binaries: Binaries) -> Outcome<Self> {
        Ok(Self::on(binaries, Data { directory: tempfile::tempdir()?, database: None }))
    }

    /// On a database of its own, which goes with it.
    pub fn on_postgres(binaries: Binaries, database: TestPostgres) -> Outcome<Self> {
        let directory = tempfile::tempdir()?;
        Ok(Self::on(binaries, Data { directory, database: Some(database) }))
    }

    fn on(binaries: Binaries, data: Data) -> Self {
        Self {
            binaries,
            data: Arc::new(data),
            running: Mutex::default(),
            public: Address::default(),
            internal: Address::default(),
        }
    }

    /// Its directory.
    pub fn directory(&self) -> &Path {
        self.data.directory.path()
    }

    /// The process id of its running process.
    pub async fn pid(&self) -> Outcome<i32> {
        let running = self.running.lock().await;
        Ok(running.as_ref().ok_or("it does not run")?.pid())
    }

    fn prepare(&self, binary: Binary, arguments: &[impl AsRef<std::ffi::OsStr>]) -> Command {
        let mut prepared = command(self.binaries.of(binary), self.directory());
        with_everybodys_settings(&mut prepared);
        prepared
            .args(arguments)
            .env("GALLERIA__SERVER__ADDRESS", "127.0.0.1:0")
            .env("GALLERIA__SERVER__INTERNAL_ADDRESS", "127.0.0.1:0");
        if let Some(database) = &self.data.database {
            prepared
                .env("GALLERIA__DATABASE__URL", &database.url)
                .env("GALLERIA__DATABASE__ROLE_PREFIX", database.role_prefix())
        } else {
            let files = self.directory().join("data");
            prepared.env("GALLERIA__DATABASE__URL", format!("sqlite://{}", files.display()))
        };
        prepared
    }

    async fn signal(&self, signal: Signal) -> Outcome {
        let running = self.running.lock().await;
        running.as_ref().ok_or("it does not run")?.signal(signal)
    }
}

#[async_trait]
impl Launcher for Monolith {
    async fn start(&self, opening: &Opening) -> Outcome {
        self.kill().await?;
        let mut running = self.running.lock().await;
        let mut prepared = self.prepare(opening.binary, &opening.arguments);
        prepared.envs(opening.settings.iter().map(|(name, value)| (name, value)));
        let started = Running::start(prepared).await?;
        self.public.set(started.public.ok_or("it has no public API")?);
        self.internal.set(started.internal);
        *running = Some(started);
        Ok(())
    }

    async fn kill(&self) -> Outcome {
        if let Some(mut running) = self.running.lock().await.take() {
            // It may have ended already.
            let _gone = running.signal(Signal::KILL);
            running.ended(DRAIN).await?;
        }
        Ok(())
    }

    async fn stop(&self) -> Outcome<Duration> {
        let mut running = self.running.lock().await.take().ok_or("it does not run")?;
        let asked = Instant::now();
        running.signal(Signal::TERM)?;
        let status = running.ended(DRAIN).await?;
        if status.success() {
            return Ok(asked.elapsed());
        }
        Err(format!("it ended with {status}: {}", running.said()).into())
    }

    async fn ended(&self, within: Duration) -> Outcome {
        let mut running = self.running.lock().await;
        if let Some(process) = running.as_mut() {
            process.ended(within).await?;
        }
        *running = None;
        Ok(())
    }

    async fn pause(&self) -> Outcome {
        self.signal(Signal::STOP).await
    }

    async fn resume(&self) -> Outcome {
        self.signal(Signal::CONT).await
    }

    async fn command(&self, binary: Binary, arguments: &[&str]) -> Outcome<Said> {
        let mut prepared = self.prepare(binary, arguments);
        if self.running.lock().await.is_some() {
            let internal = self.internal.get()?.to_string();
            prepared.env("GALLERIA__SERVER__INTERNAL_ADDRESS", internal);
        }
        said(prepared).await
    }

    fn beside(&self) -> Box<dyn Launcher> {
        Box::new(Self {
            binaries: self.binaries.clone(),
            data: Arc::clone(&self.data),
            running: Mutex::default(),
            public: Address::default(),
            internal: Address::default(),
        })
    }

    async fn elsewhere(&self) -> Outcome<Box<dyn Launcher>> {
        let binaries = self.binaries.clone();
        Ok(Box::new(match &self.data.database {
            None => Self::on_sqlite(binaries)?,
            Some(database) => Self::on_postgres(binaries, database.another().await)?,
        }))
    }

    fn public(&self) -> &Address {
        &self.public
    }

    fn internal(&self) -> &Address {
        &self.internal
    }
}
