use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::future::{BoxFuture, join};
use kernel::Failure;
use kernel::contract::{Attempt, Channel, Effect, Frames, Peer, RetrySettings, Unanswered};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::sync::{Mutex as Turn, Notify};

/// How often a call is lost at most; then it gets through, as its caller does not try for ever.
const MOST_LOST: u32 = 2;

/// What becomes of a call and of its answer.
enum Fault {
    /// Nothing but what should.
    None,
    /// The message gets lost, and its caller knows.
    Unsent,
    /// It is executed, and the answer gets lost.
    Unheard,
    /// It takes its time to get there, and others overtake it.
    Delayed,
    /// It gets there twice at once, and the answer to the second is heard.
    Doubled,
    /// An answer to another call that is under way comes before its own.
    Overtaken,
}

/// A network in a bad mood, which is its seed: a channel that loses, delays, doubles and reorders what goes over another one.
///
/// Nobody promised what becomes of an unkeyed write whose answer is lost, or that comes twice, so that does not happen to them.
pub struct Faulty {
    channel: Arc<dyn Channel>,
    dice: Mutex<StdRng>,
    under_way: AtomicUsize,
    gone: Notify,
    held_back: Turn<()>,
}

type Sent<T> = for<'a> fn(&'a dyn Channel, Attempt<'a>) -> BoxFuture<'a, Result<T, Unanswered>>;

impl Faulty {
    /// The same faults for the same seed and the same calls.
    pub fn by(seed: u64, channel: Arc<dyn Channel>) -> Self {
        let dice = Mutex::new(StdRng::seed_from_u64(seed));
        let (under_way, gone) = (AtomicUsize::new(0), Notify::new());
        Self { channel, dice, under_way, gone, held_back: Turn::default() }
    }

    /// Whoever is reached over it, called again at once and as often as its faults need.
    pub fn into_peer(self) -> Peer {
        let retry = RetrySettings {
            attempts: MOST_LOST + 1,
            first_pause: Duration::ZERO,
            reserve: 1_000_000,
            ..RetrySettings::default()
        };
        Peer::with(Arc::new(self), retry)
    }

    /// What becomes of an attempt.
    fn draw(&self, attempt: &Attempt<'_>) -> Fault {
        let drawn = self.dice.lock().unwrap_or_else(PoisonError::into_inner).random_range(0..10);
        let may_be_lost = attempt.call.attempt <= MOST_LOST;
        let may_be_repeated = attempt.method.effect != Effect::WriteOnce;
        match drawn {
            0 if may_be_lost => Fault::Unsent,
            1 | 2 if may_be_lost && may_be_repeated => Fault::Unheard,
            3 => Fault::Delayed,
            4 | 5 if may_be_repeated => Fault::Doubled,
            6 | 7 => Fault::Overtaken,
            _ => Fault::None,
        }
    }

    async fn carry<T>(&self, attempt: Attempt<'_>, how: Sent<T>) -> Result<T, Unanswered> {
        let fault = self.draw(&attempt);
        let _under_way = UnderWay::begin(self);
        let sent = |attempt| how(self.channel.as_ref(), attempt);
        match fault {
            Fault::None => sent(attempt).await,
            Fault::Unsent => Err(Failure::unavailable("nobody listens").not_executed().into()),
            Fault::Unheard => {
                let _nobody_hears = sent(attempt).await;
                Err(Failure::unavailable("the answer was lost").into())
            }
            Fault::Delayed => {
                tokio::task::yield_now().await;
                sent(attempt).await
            }
            Fault::Doubled => join(sent(attempt.clone()), sent(attempt)).await.1,
            Fault::Overtaken => {
                let answer = sent(attempt).await;
                self.let_another_pass().await;
                answer
            }
        }
    }

    /// Waits until another call is answered, if one is under way. Only one waits at a time, or all would wait for each other.
    async fn let_another_pass(&self) {
        let Ok(_place) = self.held_back.try_lock() else { return };
        let gone = self.gone.notified();
        if self.under_way.load(Ordering::SeqCst) > 1 {
            gone.await;
        }
    }
}

/// A call that is not answered yet.
struct UnderWay<'a>(&'a Faulty);

impl<'a> UnderWay<'a> {
    fn begin(network: &'a Faulty) -> Self {
        network.under_way.fetch_add(1, Ordering::SeqCst);
        Self(network)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
        self.0.gone.notify_waiters();
    }
}

#[async_trait]
impl Channel for Faulty {
    async fn call(&self, attempt: Attempt<'_>) -> Result<Bytes, Unanswered> {
        self.carry(attempt, |channel, attempt| channel.call(attempt)).await
    }

    async fn open(&self, attempt: Attempt<'_>) -> Result<Frames, Unanswered> {
        self.carry(attempt, |channel, attempt| channel.open(attempt)).await
    }
}
