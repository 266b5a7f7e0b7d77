use std::time::Duration;

use async_trait::async_trait;

use crate::{Address, Outcome};

const CUT_AT: &str = "GALLERIA_FAULT_ABORT";

/// Which of the two binaries runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// The one that is shipped.
    Galleria,
    /// The same wiring, with fault points that bite.
    Faults,
}

/// How a shop is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// By which binary.
    pub binary: Binary,
    /// With these arguments.
    pub arguments: Vec<String>,
    /// With these settings over the launcher's own.
    pub settings: Vec<(String, String)>,
}

impl Opening {
    /// An empty shop.
    pub fn empty() -> Self {
        let arguments = vec!["serve".to_owned(), "--no-demo".to_owned()];
        Self { binary: Binary::Galleria, arguments, settings: Vec::new() }
    }

    /// A shop with the demo catalogue.
    pub fn demo() -> Self {
        Self { arguments: vec!["serve".to_owned()], ..Self::empty() }
    }

    /// An empty shop in the binary whose fault points bite.
    pub fn faulty() -> Self {
        Self { binary: Binary::Faults, ..Self::empty() }
    }

    /// An empty shop that leaves the database server's connections to others as well.
    pub fn one_of_several() -> Self {
        Self::empty().modest()
    }

    /// An empty shop whose process ends itself at a fault point. Of several, it is the one that hosts the module which the point is
    /// named after; all of them, if it is named after none.
    pub fn cut_at(point: &str) -> Self {
        Self::faulty().with(CUT_AT, point)
    }

    /// The fault point at which it ends itself.
    pub(crate) fn cut(&self) -> Option<&str> {
        self.settings.iter().find(|(name, _)| name == CUT_AT).map(|(_, point)| point.as_str())
    }

    /// The same, as shipped.
    pub(crate) fn without_cut(mut self) -> Self {
        self.settings.retain(|(name, _)| name != CUT_AT);
        Self { binary: Binary::Galleria, ..self }
    }

    /// With few connections to the database server.
    #[must_use]
    pub fn modest(self) -> Self {
        self.with("GALLERIA__DATABASE__CONNECTIONS", "2")
    }

    /// With a setting, as an environment variable.
    #[must_use]
    pub fn with(mut self, variable: &str, value: impl Into<String>) -> Self {
        self.settings.push((variable.to_owned(), value.into()));
        self
    }
}

/// What a command said.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// Both its outputs.
    pub text: String,
}

/// Runs one instance of a shop in one placement. Its data outlive its processes.
#[async_trait]
pub trait Launcher: Send + Sync {
    /// Starts it and waits until it is ready. What runs is ended first, at once; of several processes, those that were opened so
    /// go on. Fails with what it said if it ends before it is ready.
    async fn start(&self, opening: &Opening) -> Outcome;

    /// Ends it at once, as a power cut would.
    async fn kill(&self) -> Outcome;

    /// Asks it to end, and tells how long that took. Fails if it did not end well.
    async fn stop(&self) -> Outcome<Duration>;

    /// Waits until it has ended by itself, or the first of its processes has.
    async fn ended(&self, within: Duration) -> Outcome;

    /// Stops its clock, so to say: it answers nothing and forgets nothing.
    async fn pause(&self) -> Outcome;

    /// Lets it go on.
    async fn resume(&self) -> Outcome;

    /// Runs a command of either binary against this shop, running or not.
    async fn command(&self, binary: Binary, arguments: &[&str]) -> Outcome<Said>;

    /// Another instance on the same data, not started.
    fn beside(&self) -> Box<dyn Launcher>;

    /// A shop of the same kind with data of its own, not started.
    async fn elsewhere(&self) -> Outcome<Box<dyn Launcher>>;

    /// Where the public API is.
    fn public(&self) -> &Address;

    /// Where the internal listener is.
    fn internal(&self) -> &Address;

    /// Fails with what `doctor` found, if it found anything.
    async fn doctor(&self) -> Outcome {
        let said = self.command(Binary::Galleria, &["doctor"]).await?;
        match said.code {
            Some(0) => Ok(()),
            code => Err(format!("doctor ended with {code:?}: {}", said.text).into()),
        }
    }

    /// Ends it at once and starts it again as shipped.
    async fn restart(&self) -> Outcome {
        self.kill().await?;
        self.start(&Opening::empty()).await
    }
}
