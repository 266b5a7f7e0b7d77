use proptest::prelude::*;

use super::workers::{Wish, Worker};
use super::world::{AMOUNT, World};

fn worker() -> impl Strategy<Value = Worker> {
    prop_oneof![
        3 => Just(Worker::authorizer()),
        2 => Just(Worker::settler(Wish::Void)),
        3 => Just(Worker::settler(Wish::Capture)),
        3 => (1..=AMOUNT).prop_map(|amount| Worker::settler(Wish::Refund(amount))),
        1 => Just(Worker::settler(Wish::Sweep)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_interferes_and_wherever_they_die_the_record_agrees_with_the_provider(
        workers in proptest::collection::vec(worker(), 1..8),
        turns in proptest::collection::vec((any::<prop::sample::Index>(), 1..6_u8, 0..20_u8), 0..40),
        accepts in prop::bool::weighted(0.8),
    ) {
        let mut world = World::new(accepts);
        let mut workers: Vec<_> = workers.into_iter().map(Some).collect();

        for (who, turns, fate) in turns {
            let slot = who.index(workers.len());
            let worker = &mut workers[slot];
            for _ in 0..turns {
                let more = worker.as_mut().is_some_and(|worker| worker.turn(&mut world));
                if !more || fate == 0 {
                    *worker = None; // it is done, or died
                }
                world.pass_time();
                world.adds_up();
            }
        }
        world.come_to_rest();

        world.adds_up();
        world.agrees();
    }
}
