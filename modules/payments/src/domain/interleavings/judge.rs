use std::collections::BTreeMap;

use super::world::AMOUNT;
use crate::provider::Outcome;

/// A provider: what it did with the money, and what it answered for which key.
#[derive(Default)]
pub(super) struct Judge {
    pub(super) answers: BTreeMap<String, Outcome>,
    pub(super) charges: u32,
    pub(super) captured: i64,
    pub(super) refunded: i64,
    pub(super) voided: bool,
}

impl Judge {
    pub(super) fn found(&self, key: &str) -> Option<Outcome> {
        self.answers.get(key).cloned()
    }

    pub(super) fn authorize(&mut self, accepts: bool) -> Outcome {
        self.answer("authorize", accepts, |judge| judge.charges += 1)
    }

    pub(super) fn capture(&mut self) -> Outcome {
        self.answer("capture", !self.voided, |judge| judge.captured = AMOUNT)
    }

    pub(super) fn void(&mut self) -> Outcome {
        self.answer("void", self.captured == 0, |judge| judge.voided = true)
    }

    pub(super) fn refund(&mut self, number: usize, amount: i64) -> Outcome {
        let allowed = self.captured - self.refunded >= amount;
        self.answer(&format!("refund/{number}"), allowed, |judge| judge.refunded += amount)
    }

    /// What the buyer does not have.
    pub(super) fn kept(&self) -> i64 {
        if self.charges == 0 || self.voided { 0 } else { AMOUNT - self.refunded }
    }

    fn answer(&mut self, key: &str, allowed: bool, effect: impl FnOnce(&mut Self)) -> Outcome {
        if let Some(earlier) = self.found(key) {
            return earlier;
        }
        let outcome = if allowed {
            effect(self);
            Outcome::Done { reference: "money".to_owned() }
        } else {
            Outcome::Declined { decline_code: "no".to_owned() }
        };
        self.answers.insert(key.to_owned(), outcome.clone());
        outcome
    }
}
