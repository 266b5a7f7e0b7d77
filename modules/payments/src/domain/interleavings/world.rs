use kernel::{Currency, Money, OrderId, PaymentId, Timestamp};
use payments_contract::PaymentOwner;

use super::judge::Judge;
use super::workers::{Wish, Worker};
use crate::domain::{Happened, Intent, Standing, State};

pub(super) const AMOUNT: i64 = 100;
/// When the last request to set money aside may be sent.
const CALLS_END: i64 = 25;

/// The rows of payments and refunds, the provider, and what was told.
pub(super) struct World {
    pub(super) standing: Standing,
    pub(super) refunds: Vec<RefundRow>,
    pub(super) judge: Judge,
    pub(super) told: Vec<Happened>,
    pub(super) now: Timestamp,
    pub(super) accepts: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct RefundRow {
    pub(super) amount: i64,
    pub(super) done: Option<bool>,
}

pub(super) fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

impl World {
    pub(super) fn new(accepts: bool) -> Self {
        let intent = Intent {
            payment: PaymentId::generate(),
            order: OrderId::generate(),
            provider: "judge".to_owned(),
            owner: PaymentOwner::Guest { proof_fingerprint: String::new() },
            amount: eur(AMOUNT),
        };
        let standing = Standing::opened(intent, Timestamp::from_micros(CALLS_END));
        let (judge, now) = (Judge::default(), Timestamp::from_micros(0));
        Self { standing, refunds: Vec::new(), judge, told: Vec::new(), now, accepts }
    }

    /// A call that is over sends nothing any more.
    pub(super) fn may_ask(&self) -> bool {
        self.now <= Timestamp::from_micros(CALLS_END)
    }

    pub(super) fn pass_time(&mut self) {
        self.now = Timestamp::from_micros(self.now.micros() + 1);
    }

    pub(super) fn begin_refund(&mut self, amount: i64) {
        if self.standing.begin_refund(eur(amount)).unwrap() {
            self.refunds.push(RefundRow { amount, done: None });
        }
    }

    /// What sweeps do, long after everybody died.
    pub(super) fn come_to_rest(&mut self) {
        self.now = Timestamp::from_micros(CALLS_END + 1_000);
        for _ in 0..20 {
            let mut sweep = Worker::settler(Wish::Sweep);
            while sweep.turn(self) {}
        }
    }

    /// What holds at every moment.
    pub(super) fn adds_up(&self) {
        let standing = &self.standing;
        let sum = |done: Option<bool>| -> i64 {
            self.refunds.iter().filter(|row| row.done == done).map(|row| row.amount).sum()
        };
        assert!(self.judge.charges <= 1);
        assert_eq!(standing.refunds().refunded.amount(), sum(Some(true)));
        assert_eq!(standing.refunds().refunding.amount(), sum(None));
        assert!(standing.refundable().unwrap().amount() >= 0);
        assert!(standing.captured().amount() <= standing.authorized().amount());
    }

    /// What holds when nobody is at work any more: our record says what the provider's says, and no money of a closed order
    /// is kept.
    pub(super) fn agrees(&self) {
        let (standing, judge) = (&self.standing, &self.judge);
        assert_eq!(standing.authorized().amount(), i64::from(judge.charges) * AMOUNT);
        assert_eq!(standing.captured().amount(), judge.captured);
        assert_eq!(standing.refunds().refunded.amount(), judge.refunded);
        let voided = matches!(standing.state(), State::Voided { reference: Some(_) });
        assert_eq!(voided, judge.voided);
        if standing.is_closed() {
            assert_eq!(judge.kept(), 0, "money of a closed order: {standing:?}");
            assert_ne!(*standing.state(), State::Pending);
        }
        let told = |kind: fn(&Happened) -> bool| self.told.iter().filter(|one| kind(one)).count();
        assert_eq!(
            told(|one| matches!(one, Happened::Authorized(_))),
            usize::from(judge.charges > 0)
        );
        assert_eq!(
            told(|one| matches!(one, Happened::Captured(_))),
            usize::from(judge.captured > 0)
        );
        assert_eq!(told(|one| matches!(one, Happened::Voided(_))), usize::from(judge.voided));
        let refunds = self.refunds.iter().filter(|row| row.done == Some(true)).count();
        assert_eq!(told(|one| matches!(one, Happened::Refunded(_))), refunds);
    }
}
