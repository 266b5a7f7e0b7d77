//! What a call costs: the same small call over any transport, for examples that print it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use extract_wire::{
    CallHead, KeySettings, Seen, ServeSettings, ServiceKeys, Serving, issue, verify,
};
use kernel::contract::{Channel, Contract as _, Peer, Unattended};
use kernel::{
    Call, CallError, Clock as _, ModuleName, SystemClock, async_trait, contract, refusal,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

const CALLS: usize = 20_000;

/// Answers what it is asked.
#[contract(name = "echo", version = 1)]
#[async_trait]
trait Echo: Send + Sync + 'static {
    /// Says it again.
    #[call(read)]
    async fn echo(&self, call: &Call, request: Said) -> Result<Said, CallError<EchoRefusal>>;
}

/// Something of the size of a small message.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Said {
    words: Vec<String>,
}

/// Never.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
enum EchoRefusal {
    /// It does not come to this.
    #[error("silence")]
    Silence,
}
refusal!(EchoRefusal { Silence => NotFound });

struct Wall;

#[async_trait]
impl Echo for Wall {
    async fn echo(&self, _: &Call, request: Said) -> Result<Said, CallError<EchoRefusal>> {
        Ok(request)
    }
}

/// A process that answers what it is asked, and the keys to ask it.
pub struct Bench {
    /// As whom both speak.
    pub keys: Arc<ServiceKeys>,
    _directory: TempDir,
}

impl Bench {
    /// Makes keys.
    pub fn open() -> Result<Self, Box<dyn Error>> {
        let directory = tempfile::tempdir()?;
        let keys = ServiceKeys::open(KeySettings::default(), directory.path())?;
        Ok(Self { keys: Arc::new(keys), _directory: directory })
    }

    /// What answers.
    pub fn serving(&self) -> Serving {
        let dispatch = <dyn Echo>::dispatcher(Arc::new(Wall), &Unattended::default());
        let settings = ServeSettings::default();
        Serving::new(Arc::clone(&self.keys), Arc::new(SystemClock), settings).contract(dispatch)
    }

    /// Prints what a call over a channel costs, and what of that is its token.
    pub async fn print(&self, what: &str, channel: Arc<dyn Channel>) -> Result<(), Box<dyn Error>> {
        say(what, &self.cost(channel).await?);
        say("the token of a call, made and checked", &self.token()?);
        Ok(())
    }

    /// What a call over a channel costs, one at a time.
    pub async fn cost(&self, channel: Arc<dyn Channel>) -> Result<Cost, Box<dyn Error>> {
        let echo = <dyn Echo>::remote(Peer::new(channel));
        let said = Said { words: vec!["sku-000001".to_owned(); 10] };
        let mut took = Vec::with_capacity(CALLS);
        for number in 0..CALLS + CALLS / 10 {
            let started = Instant::now();
            echo.echo(&call(), said.clone()).await?;
            if number >= CALLS / 10 {
                took.push(started.elapsed());
            }
        }
        Ok(Cost::of(took))
    }

    /// What it costs to make the token of a call and to check it.
    pub fn token(&self) -> Result<Cost, Box<dyn Error>> {
        let (seen, target, body) = (Seen::default(), ("echo.v1", "echo"), &b"{}"[..]);
        let mut took = Vec::with_capacity(CALLS);
        for _ in 0..CALLS / 4 {
            let started = Instant::now();
            let head = CallHead::of(&call())?;
            let token = issue(&self.keys, target, &head, body, SystemClock.now())?;
            let known = (&*self.keys, &seen);
            verify(known, &token, target, (&head, body), SystemClock.now())?;
            took.push(started.elapsed());
        }
        Ok(Cost::of(took))
    }
}

fn call() -> Call {
    Call::system(ModuleName::new("bench"), Duration::from_secs(5))
}

/// What half of the calls took at most, and all but one in a hundred.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    p50: Duration,
    p99: Duration,
}

impl Cost {
    /// Of so many calls; there must be one.
    pub fn of(mut took: Vec<Duration>) -> Self {
        took.sort_unstable();
        let at = |percent: usize| took[took.len() * percent / 100];
        Self { p50: at(50), p99: at(99) }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = |took: Duration| took.as_nanos() / 100;
        let (p50, p99) = (tenths(self.p50), tenths(self.p99));
        write!(f, "p50 {}.{} µs, p99 {}.{} µs", p50 / 10, p50 % 10, p99 / 10, p99 % 10)
    }
}

/// Prints what something took, again and again.
pub fn print(what: &str, took: Vec<Duration>) {
    say(what, &Cost::of(took));
}

#[expect(clippy::print_stdout, reason = "this is what it is for")]
fn say(what: &str, cost: &Cost) {
    println!("{what}: {cost}");
}
