//! What a call costs: direct, within the layers, and over a channel that is a function call.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use kernel::contract::{
    Attempt, Channel, Contract as _, Dispatch, Peer, Stack, StackSettings, Unanswered, Unattended,
};
use kernel::{Call, CallError, Failure, ModuleName, async_trait, contract, refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const ROUNDS: usize = 20_000;
/// The clock is read once for so many calls, which takes its own cost out.
const CALLS_A_ROUND: u32 = 10;

/// Answers at once.
#[contract(name = "echo", version = 1)]
#[async_trait]
pub trait Echo: Send + Sync + 'static {
    /// Says it again.
    #[call(read)]
    async fn read(&self, call: &Call, request: Said) -> Result<Said, CallError<EchoRefusal>>;

    /// Writes it down, or would.
    #[call(write, keyed)]
    async fn write(&self, call: &Call, request: Said) -> Result<Said, CallError<EchoRefusal>>;
}

/// What is said.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Said(u64);

/// Why not.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum EchoRefusal {
    /// Nothing was said.
    #[error("nothing was said")]
    Silence,
}
refusal!(EchoRefusal { Silence => Invalid });

struct Bare;

#[async_trait]
impl Echo for Bare {
    async fn read(&self, _: &Call, request: Said) -> Result<Said, CallError<EchoRefusal>> {
        Ok(request)
    }

    async fn write(&self, _: &Call, request: Said) -> Result<Said, CallError<EchoRefusal>> {
        Ok(request)
    }
}

struct InMemory(Arc<dyn Dispatch>);

#[async_trait]
impl Channel for InMemory {
    async fn call(&self, attempt: Attempt<'_>) -> Result<Bytes, Unanswered> {
        let answer = self.0.call(attempt.method.name, attempt.call.clone(), &attempt.body).await;
        answer.map_err(Unanswered::Problem)
    }
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "printing is what it is for")]
async fn main() -> Result<(), Failure> {
    let (direct, unattended): (Arc<dyn Echo>, _) = (Arc::new(Bare), Unattended::default());
    let layered = |inner| {
        let stack = Stack::new(<dyn Echo>::DESCRIPTOR, StackSettings::default(), &unattended);
        <dyn Echo>::layered(inner, stack)
    };
    let channel = InMemory(<dyn Echo>::dispatcher(Arc::clone(&direct), &unattended));
    let remote = layered(<dyn Echo>::remote(Peer::new(Arc::new(channel))));
    for (name, echo) in
        [("direct", Arc::clone(&direct)), ("layered", layered(direct)), ("in memory", remote)]
    {
        let (read, write) = (read(&echo).await?, write(&echo).await?);
        println!("{name:>9}: read {read:?}, write {write:?}");
    }
    Ok(())
}

async fn read(echo: &Arc<dyn Echo>) -> Result<Duration, Failure> {
    let (call, mut rounds) = (call(), Vec::with_capacity(ROUNDS));
    for round in 0..ROUNDS {
        let started = Instant::now();
        for _ in 0..CALLS_A_ROUND {
            let said = echo.read(&call, Said(round as u64)).await;
            std::hint::black_box(said.map_err(CallError::into_failure)?);
        }
        rounds.push(started.elapsed() / CALLS_A_ROUND);
    }
    Ok(middle(rounds))
}

async fn write(echo: &Arc<dyn Echo>) -> Result<Duration, Failure> {
    let (call, mut rounds) = (call(), Vec::with_capacity(ROUNDS));
    for round in 0..ROUNDS {
        let started = Instant::now();
        for _ in 0..CALLS_A_ROUND {
            let said = echo.write(&call, Said(round as u64)).await;
            std::hint::black_box(said.map_err(CallError::into_failure)?);
        }
        rounds.push(started.elapsed() / CALLS_A_ROUND);
    }
    Ok(middle(rounds))
}

fn call() -> Call {
    Call::system(ModuleName::new("example"), Duration::from_mins(10))
}

fn middle(mut rounds: Vec<Duration>) -> Duration {
    rounds.sort_unstable();
    rounds[rounds.len() / 2]
}
