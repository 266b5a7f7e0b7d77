//! Only somebody known calls, and each attempt once.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use extract_wire::{CallHead, ServeSettings, Serving, issue};
use kernel::contract::{Contract as _, Unattended};
use kernel::{Clock, Executed, FailureKind, Timestamp};

use crate::{Desk, FakeShelf, Patience, Reached, SEEN, Shelf, Shown, Way, call};

const TARGET: (&str, &str) = ("shelf.v1", "look");
const BODY: &str = r#"{"board":1}"#;

/// A clock that its test sets.
struct ManualClock(AtomicI64);

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A process that counts how often its shelf was looked at.
struct Gate {
    desk: Desk,
    clock: Arc<ManualClock>,
    looks: Arc<AtomicU32>,
    reached: Box<dyn Reached>,
}

type Refused = (FailureKind, Executed);

const DENIED: Result<(), Refused> = Err((FailureKind::Denied, Executed::No));

impl Gate {
    async fn open(way: &impl Way) -> Self {
        let (desk, shelf) = (Desk::open(), Arc::new(FakeShelf::default()));
        let clock = Arc::new(ManualClock(AtomicI64::new(1_800_000_000_000_000)));
        let looks = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&looks);
        shelf.look.answer(move |_, _| {
            counted.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok(SEEN))
        });
        let dispatch = <dyn Shelf>::dispatcher(shelf, &Unattended::default());
        let serving = Serving::new(desk.keys.clone(), clock.clone(), ServeSettings::default());
        let serving = serving.contract(dispatch);
        let reached = way.reach(serving, desk.keys.clone(), Patience::default()).await;
        Self { desk, clock, looks, reached }
    }

    fn token(&self, target: (&str, &str), head: &CallHead) -> String {
        issue(&self.desk.keys, target, head, BODY.as_bytes(), self.clock.now()).unwrap()
    }

    async fn shown(&self, shown: Shown<'_>) -> Result<(), Refused> {
        let answer = self.reached.show(shown).await.map(drop);
        answer.map_err(|problem| {
            let failure = problem.failure().unwrap();
            (failure.kind, failure.executed)
        })
    }
}

/// The second time it is refused.
pub async fn a_token_opens_once(way: impl Way) {
    let gate = Gate::open(&way).await;
    let head = CallHead::of(&call()).unwrap();
    let token = gate.token(TARGET, &head);
    let shown = Shown { target: TARGET, token: &token, head: &head, body: BODY };

    assert_eq!(gate.shown(shown).await, Ok(()));
    assert_eq!(gate.shown(shown).await, DENIED);
    assert_eq!(gate.looks.load(Ordering::SeqCst), 1);
}

/// Whatever is wrong with it.
pub async fn forged_expired_and_moved_tokens_are_denied_and_execute_nothing(way: impl Way) {
    let (gate, stranger) = (Gate::open(&way).await, Gate::open(&way).await);
    let head = CallHead::of(&call()).unwrap();
    let token = gate.token(TARGET, &head);
    let other_key = CallHead { key: Some("key".to_owned()), ..head.clone() };
    let second = CallHead { attempt: 2, ..head.clone() };
    let shown = Shown { target: TARGET, token: &token, head: &head, body: BODY };

    for forged in ["", "a.b.c", &stranger.token(TARGET, &head)] {
        assert_eq!(gate.shown(Shown { token: forged, ..shown }).await, DENIED, "{forged}");
    }
    for moved in [
        Shown { target: ("shelf.v1", "put"), ..shown },
        Shown { body: r#"{"board":2}"#, ..shown },
        Shown { head: &other_key, ..shown },
        Shown { head: &second, ..shown },
    ] {
        assert_eq!(gate.shown(moved).await, DENIED, "{moved:?}");
    }
    let minute = i64::try_from(Duration::from_secs(66).as_micros()).unwrap();
    gate.clock.0.fetch_add(minute, Ordering::SeqCst);
    assert_eq!(gate.shown(shown).await, DENIED);
    assert_eq!(gate.looks.load(Ordering::SeqCst), 0);
}

/// Somebody known asks for what there is not.
pub async fn what_is_not_served_is_a_mismatch_and_not_executed(way: impl Way) {
    let gate = Gate::open(&way).await;
    let (target, head) = (("shelf.v1", "steal"), CallHead::of(&call()).unwrap());
    let token = gate.token(target, &head);

    let refused = gate.shown(Shown { target, token: &token, head: &head, body: BODY }).await;

    assert_eq!(refused, Err((FailureKind::Mismatch, Executed::No)));
}
