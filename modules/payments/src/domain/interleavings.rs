//! Every interleaving of those who change a payment and its provider, with crashes between any two steps.

use std::collections::BTreeMap;

use kernel::{Currency, Money, OrderId, PaymentId, Timestamp};
use payments_contract::PaymentOwner;
use proptest::prelude::*;

use super::{Happened, Intent, Standing, State, Step};
use crate::provider::Outcome;

const AMOUNT: i64 = 100;
const CALL_ENDS: i64 = 15;

/// A provider: what it set aside, and what it answered for which key.
#[derive(Default)]
struct Judge {
    answers: BTreeMap<String, Outcome>,
    charges: u32,
    captured: i64,
    refunded: i64,
    voided: bool,
}

impl Judge {
    fn answer(&mut self, key: &str, allowed: bool, effect: impl FnOnce(&mut Self)) -> Outcome {
        if let Some(earlier) = self.answers.get(key) {
            return earlier.clone();
        }
        let outcome = if allowed {
            effect(self);
            Outcome::Done { reference: "ref".to_owned() }
        } else {
            Outcome::Declined { decline_code: "no".to_owned() }
        };
        self.answers.insert(key.to_owned(), outcome.clone());
        outcome
    }

    fn held(&self) -> i64 {
        if self.charges == 0 || self.voided { 0 } else { AMOUNT - self.refunded }
    }
}

/// Somebody who works on the payment. Each turn does one step that can't be split; between turns it may die.
#[derive(Debug, Clone)]
enum Worker {
    /// Wants the money set aside: asks, then writes the answer.
    Authorizer { accepted: bool, answer: Option<Outcome> },
    /// Wants to do something, then takes the payment as far as it goes.
    Settler { wish: Wish, begun: bool, answer: Option<Asked> },
}

/// A step, what the provider said to it, and the amount, the refund or the moment that it was about.
type Asked = (Step, Option<Outcome>, i64);

#[derive(Debug, Clone, Copy)]
enum Wish {
    Void,
    Capture,
    Refund(i64),
    Sweep,
}

/// The rows of payments and refunds, the provider, and what was told.
struct World {
    standing: Standing,
    refunds: Vec<(i64, Option<bool>)>,
    judge: Judge,
    told: Vec<Happened>,
    now: Timestamp,
}

fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

impl World {
    fn new() -> Self {
        let intent = Intent {
            payment: PaymentId::generate(),
            order: OrderId::generate(),
            provider: "fake".to_owned(),
            owner: PaymentOwner::Guest { proof_fingerprint: String::new() },
            amount: eur(AMOUNT),
        };
        let standing = Standing::opened(intent, Timestamp::from_micros(CALL_ENDS));
        let (judge, now) = (Judge::default(), Timestamp::from_micros(0));
        Self { standing, refunds: Vec::new(), judge, told: Vec::new(), now }
    }

    /// A turn of a worker; says whether it has more to do.
    fn turn(&mut self, worker: &mut Worker) -> bool {
        match worker {
            Worker::Authorizer { accepted, answer } => match answer.take() {
                None => {
                    // A call that is over sends nothing any more.
                    let alive = self.now < Timestamp::from_micros(CALL_ENDS);
                    let (accepted, judge) = (*accepted, &mut self.judge);
                    *answer = alive
                        .then(|| judge.answer("authorize", accepted, |judge| judge.charges += 1));
                    alive
                }
                Some(outcome) => {
                    let happened = self.standing.authorization_answered(&outcome);
                    self.told.extend(happened);
                    false
                }
            },
            Worker::Settler { wish, begun, answer } => {
                if !*begun {
                    *begun = true;
                    self.begin(*wish);
                    return true;
                }
                match answer.take() {
                    None => {
                        *answer = self.ask();
                        answer.is_some()
                    }
                    Some((step, outcome, amount)) => self.write(&step, outcome.as_ref(), amount),
                }
            }
        }
    }

    fn begin(&mut self, wish: Wish) {
        match wish {
            Wish::Void => self.standing.close(),
            Wish::Capture => {
                self.standing.capture();
            }
            Wish::Refund(amount) => {
                if self.standing.begin_refund(eur(amount)).unwrap() {
                    self.refunds.push((amount, None));
                }
            }
            Wish::Sweep => {}
        }
    }

    /// Asks the provider what is to be asked next. The answer is written in another turn.
    fn ask(&mut self) -> Option<Asked> {
        let step = self.standing.next().unwrap();
        let judge = &mut self.judge;
        let (outcome, amount) = match &step {
            Step::Rest => return None,
            Step::AskForAuthorization => {
                (judge.answers.get("authorize").cloned(), self.now.micros())
            }
            Step::Capture { .. } => {
                let allowed = !judge.voided;
                (Some(judge.answer("capture", allowed, |judge| judge.captured = AMOUNT)), 0)
            }
            Step::CaptureOrVoid { .. } => (judge.answers.get("capture").cloned(), 0),
            Step::Void { .. } => {
                let allowed = judge.captured == 0;
                (Some(judge.answer("void", allowed, |judge| judge.voided = true)), 0)
            }
            Step::RefundRest { amount } => (None, amount.amount()),
            Step::Refund { .. } => {
                let open = self.refunds.iter().position(|(_, done)| done.is_none())?;
                let amount = self.refunds[open].0;
                let allowed = judge.captured - judge.refunded >= amount;
                let key = format!("refund/{open}");
                (
                    Some(judge.answer(&key, allowed, |judge| judge.refunded += amount)),
                    i64::try_from(open).unwrap(),
                )
            }
        };
        Some((step, outcome, amount))
    }

    /// Writes an answer, however old it is; says whether there is more to do.
    fn write(&mut self, step: &Step, outcome: Option<&Outcome>, about: i64) -> bool {
        let before = (self.standing.clone(), self.refunds.clone());
        let happened = match (step, outcome) {
            (Step::AskForAuthorization, Some(outcome)) => {
                self.standing.authorization_answered(outcome)
            }
            (Step::AskForAuthorization, None) => {
                self.standing.authorization_unheard_of(Timestamp::from_micros(about));
                None
            }
            (Step::Capture { .. } | Step::CaptureOrVoid { .. }, Some(outcome)) => {
                self.standing.capture_answered(outcome)
            }
            (Step::CaptureOrVoid { .. }, None) => {
                let allowed = self.judge.captured == 0;
                self.judge.answer("void", allowed, |judge| judge.voided = true);
                if allowed { self.standing.voided() } else { return true }
            }
            (Step::Void { .. }, Some(Outcome::Done { .. })) => self.standing.voided(),
            (Step::Void { .. }, _) => {
                let captured = self.judge.answers.get("capture").cloned();
                captured.and_then(|outcome| self.standing.capture_answered(&outcome))
            }
            (Step::RefundRest { .. }, _) => {
                if self.standing.begin_refund(eur(about)).unwrap() {
                    self.refunds.push((about, None));
                }
                None
            }
            (Step::Refund { .. }, Some(outcome)) => {
                let (sum, done) = &mut self.refunds[usize::try_from(about).unwrap()];
                match done.replace(matches!(outcome, Outcome::Done { .. })) {
                    Some(_) => None,
                    None => self.standing.refund_answered(eur(*sum), outcome).unwrap(),
                }
            }
            _ => None,
        };
        self.told.extend(happened);
        before != (self.standing.clone(), self.refunds.clone())
    }

    /// What a sweep does, long after everybody died.
    fn come_to_rest(&mut self) {
        self.now = Timestamp::from_micros(CALL_ENDS + 1_000);
        for _ in 0..50 {
            let mut sweep = Worker::Settler { wish: Wish::Sweep, begun: true, answer: None };
            while self.turn(&mut sweep) {}
        }
    }

    fn adds_up(&self) {
        let standing = &self.standing;
        let refunds = standing.refunds();
        let given_back: i64 =
            self.refunds.iter().filter(|(_, done)| *done == Some(true)).map(|(sum, _)| sum).sum();
        assert!(self.judge.charges <= 1);
        assert_eq!(refunds.refunded.amount(), given_back);
        assert!(standing.refundable().unwrap().amount() >= 0);
        assert!(standing.captured().amount() <= standing.authorized().amount());
    }

    fn agrees(&self) {
        let (standing, judge) = (&self.standing, &self.judge);
        assert_eq!(standing.authorized().amount(), i64::from(judge.charges) * AMOUNT);
        assert_eq!(standing.captured().amount(), judge.captured);
        assert_eq!(standing.refunds().refunded.amount(), judge.refunded);
        let voided = matches!(standing.state(), State::Voided { reference: Some(_) });
        assert_eq!(voided, judge.voided);
        if standing.is_closed() {
            assert_eq!(judge.held(), 0, "money of a closed order: {standing:?}");
            assert_ne!(*standing.state(), State::Pending);
        }
        let told = |kind: fn(&Happened) -> bool| self.told.iter().filter(|one| kind(one)).count();
        assert_eq!(told(|one| matches!(one, Happened::Authorized(_))), judge.charges as usize);
        assert_eq!(
            told(|one| matches!(one, Happened::Captured(_))),
            usize::from(judge.captured > 0)
        );
        assert_eq!(told(|one| matches!(one, Happened::Voided(_))), usize::from(judge.voided));
    }
}

fn worker() -> impl Strategy<Value = Worker> {
    let settler = |wish| Worker::Settler { wish, begun: false, answer: None };
    prop_oneof![
        3 => Just(Worker::Authorizer { accepted: true, answer: None }),
        2 => Just(settler(Wish::Void)),
        3 => Just(settler(Wish::Capture)),
        3 => (1..=AMOUNT).prop_map(move |amount| settler(Wish::Refund(amount))),
        1 => Just(settler(Wish::Sweep)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn whoever_interferes_and_wherever_they_die_the_record_agrees_with_the_provider(
        workers in proptest::collection::vec(worker(), 1..8),
        turns in proptest::collection::vec((any::<prop::sample::Index>(), 0..20_u8), 0..60),
        accepted: bool,
    ) {
        let mut world = World::new();
        let mut workers: Vec<Option<Worker>> = workers.into_iter().map(|worker| Some(match worker {
            Worker::Authorizer { answer, .. } => Worker::Authorizer { accepted, answer },
            settler @ Worker::Settler { .. } => settler,
        })).collect();
        for (who, fate) in turns {
            world.now = Timestamp::from_micros(world.now.micros() + 1);
            let slot = who.index(workers.len());
            let worker = &mut workers[slot];
            let more = worker.as_mut().is_some_and(|worker| world.turn(worker));
            if !more || fate == 0 {
                *worker = None; // it is done, or died
            }
            world.adds_up();
        }
        world.come_to_rest();
        world.adds_up();
        if world.standing.is_closed() || *world.standing.state() != State::Pending {
            world.agrees();
        }
    }
}
