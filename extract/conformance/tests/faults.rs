//! A network in a bad mood does all that it should, and breaks no promise itself.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use conformance::{FakeShelf, Faulty, InMemory, LOOK, SEEN, Shelf, call};
use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};
use kernel::contract::{CallStream, Contract as _, Unattended};

/// On which board something is put, and at which attempt.
type Put = (u32, u32);
type Log = Arc<Mutex<Vec<Put>>>;

fn noted(log: &Log) -> Vec<Put> {
    std::mem::take(&mut *log.lock().unwrap())
}

/// A shelf behind such a network.
fn behind(seed: u64) -> (Arc<dyn Shelf>, Log) {
    let (shelf, log) = (FakeShelf::default(), Log::default());
    for slot in [&shelf.put, &shelf.add] {
        let log = log.clone();
        slot.answer(move |call, put| {
            log.lock().unwrap().push((put.board, call.attempt));
            async {
                tokio::task::yield_now().await;
                Ok(SEEN)
            }
        });
    }
    shelf.look.answer(|_, _| async { Ok(SEEN) });
    shelf.watch.answer(|_, _| async { Ok(CallStream::new(stream::iter([Ok(SEEN), Ok(SEEN)]))) });
    let served = <dyn Shelf>::dispatcher(Arc::new(shelf), &Unattended::default());
    let peer = Faulty::by(seed, Arc::new(InMemory(served))).into_peer();
    (<dyn Shelf>::remote(peer), log)
}

/// The message.
fn put(board: u32) -> conformance::Put {
    conformance::Put { board }
}

#[tokio::test]
async fn keyed_writes_come_twice_and_are_asked_again_and_each_is_answered() {
    let (shelf, log) = behind(1);

    for board in 0..200 {
        assert_eq!(shelf.put(&call(), put(board)).await.unwrap(), SEEN);
        assert_eq!(shelf.look(&call(), LOOK).await.unwrap(), SEEN);
        assert_eq!(shelf.watch(&call(), LOOK).await.unwrap().count().await, 2);
    }

    let log = noted(&log);
    assert!(log.is_sorted());
    assert!(log.windows(2).any(|two| two[0] == two[1]), "none came twice");
    let again = |two: &[Put]| two[0].0 == two[1].0 && two[0].1 < two[1].1;
    assert!(log.windows(2).any(again), "no answer was lost");
}

#[tokio::test]
async fn an_unkeyed_write_happens_once() {
    let (shelf, log) = behind(2);

    for board in 0..200 {
        assert_eq!(shelf.add(&call(), put(board)).await.unwrap(), SEEN);
    }

    let (boards, attempts): (Vec<_>, Vec<_>) = noted(&log).into_iter().unzip();
    assert_eq!(boards, (0..200).collect::<Vec<_>>());
    assert!(attempts.iter().any(|attempt| *attempt > 1), "none got lost on its way");
}

#[tokio::test]
async fn calls_side_by_side_overtake_each_other_there_and_back() {
    let (mut there, mut back) = (BTreeSet::new(), BTreeSet::new());
    for seed in 0..20 {
        let ((shelf, log), answered) = (behind(seed), Mutex::new(Vec::new()));

        let calls = (0..8).map(async |board| {
            shelf.add(&call(), put(board)).await.unwrap();
            answered.lock().unwrap().push(board);
        });
        join_all(calls).await;

        let (executed, answered) = (noted(&log), answered.into_inner().unwrap());
        assert_eq!(executed.len(), 8);
        there.insert(executed.iter().filter(|put| put.1 == 1).is_sorted());
        back.insert(executed.iter().map(|put| put.0).eq(answered));
    }

    assert_eq!([there, back], [BTreeSet::from([false, true]), BTreeSet::from([false, true])]);
}

#[tokio::test]
async fn a_seed_is_always_the_same_mood() {
    let mut logs = Vec::new();
    for seed in [3, 3, 4] {
        let (shelf, log) = behind(seed);
        for board in 0..50 {
            shelf.put(&call(), put(board)).await.unwrap();
        }
        logs.push(noted(&log));
    }

    assert_eq!(logs[0], logs[1]);
    assert_ne!(logs[0], logs[2]);
}
