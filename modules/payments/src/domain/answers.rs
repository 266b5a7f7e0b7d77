use kernel::{Money, MoneyError, Timestamp};
use payments_contract::{PaymentAuthorized, PaymentCaptured, PaymentRefunded, PaymentVoided};

use super::standing::{Happened, Refunds, Standing, State};
use crate::provider::Outcome;

/// What follows from the provider's answers. An answer that arrives late or again changes nothing.
impl Standing {
    /// It answered whether it set the money aside.
    ///
    /// That counts even when nobody expected it any more: then the money is known again, and can be let go of.
    pub(crate) fn authorization_answered(&mut self, outcome: &Outcome) -> Option<Happened> {
        match (self.state(), outcome) {
            (State::Pending | State::Voided { reference: None }, Outcome::Done { reference }) => {
                *self.state_mut() = State::Authorized { reference: reference.clone() };
                Some(Happened::Authorized(self.told(self.intent.amount)))
            }
            (State::Pending, Outcome::Declined { decline_code }) => {
                *self.state_mut() = State::Declined { code: decline_code.clone() };
                None
            }
            _ => None,
        }
    }

    /// It has heard of no request to set money aside. Once none can be on its way any more, there is none to let go of.
    pub(crate) fn authorization_unheard_of(&mut self, now: Timestamp) {
        if *self.state() == State::Pending && self.is_closed() && now > self.asked_until() {
            *self.state_mut() = State::Voided { reference: None };
        }
    }

    /// It answered whether it took the money.
    pub(crate) fn capture_answered(&mut self, outcome: &Outcome) -> Option<Happened> {
        let State::Capturing { reference } = self.state() else { return None };
        let reference = reference.clone();
        match outcome {
            Outcome::Done { .. } => {
                let refunds = Refunds::none(self.intent.amount);
                *self.state_mut() = State::Captured { reference, refunds };
                Some(Happened::Captured(self.told(self.intent.amount)))
            }
            Outcome::Declined { .. } => {
                *self.state_mut() = State::Authorized { reference };
                None
            }
        }
    }

    /// It let go of what was set aside.
    pub(crate) fn voided(&mut self) -> Option<Happened> {
        match (self.state(), self.is_closed()) {
            (State::Authorized { reference } | State::Capturing { reference }, true) => {
                *self.state_mut() = State::Voided { reference: Some(reference.clone()) };
                Some(Happened::Voided(self.told(self.intent.amount)))
            }
            _ => None,
        }
    }

    /// It answered whether it gave back an amount that had been put aside for that.
    pub(crate) fn refund_answered(
        &mut self,
        amount: Money,
        outcome: &Outcome,
    ) -> Result<Option<Happened>, MoneyError> {
        let closed = self.is_closed();
        let State::Captured { refunds, .. } = self.state_mut() else { return Ok(None) };
        refunds.refunding = refunds.refunding.checked_sub(amount)?;
        match outcome {
            Outcome::Done { .. } => {
                refunds.refunded = refunds.refunded.checked_add(amount)?;
                let refunded = refunds.refunded;
                Ok(Some(Happened::Refunded(self.told(refunded))))
            }
            Outcome::Declined { .. } => {
                refunds.rest_refused = closed;
                Ok(None)
            }
        }
    }

    fn told<T: Telling>(&self, amount: Money) -> T {
        T::of(self, amount)
    }
}

trait Telling {
    fn of(standing: &Standing, amount: Money) -> Self;
}

macro_rules! telling {
    ($($event:ident),+) => {$(
        impl Telling for $event {
            fn of(standing: &Standing, amount: Money) -> Self {
                Self {
                    payment_id: standing.intent.payment,
                    order_id: standing.intent.order,
                    amount,
                }
            }
        }
    )+};
}

telling!(PaymentAuthorized, PaymentCaptured, PaymentRefunded, PaymentVoided);

#[cfg(test)]
mod tests {
    use kernel::{Currency, OrderId, PaymentId};
    use payments_contract::PaymentOwner;

    use super::super::{Intent, Step};
    use super::*;

    fn pending() -> Standing {
        let intent = Intent {
            payment: PaymentId::generate(),
            order: OrderId::generate(),
            provider: "judge".to_owned(),
            owner: PaymentOwner::Guest { proof_fingerprint: String::new() },
            amount: Money::new(100, Currency::EUR),
        };
        Standing::opened(intent, Timestamp::from_micros(10))
    }

    #[test]
    fn money_that_turns_up_after_it_was_given_up_is_let_go_of() {
        let mut standing = pending();
        standing.close();
        standing.authorization_unheard_of(Timestamp::from_micros(11));
        assert_eq!(*standing.state(), State::Voided { reference: None });

        let done = Outcome::Done { reference: "money".to_owned() };
        let happened = standing.authorization_answered(&done);

        assert!(matches!(happened, Some(Happened::Authorized(_))));
        assert_eq!(standing.next(), Ok(Step::Void { reference: "money".to_owned() }));
    }

    #[test]
    fn a_request_is_not_given_up_while_it_may_be_on_its_way_or_is_wanted() {
        let (open, mut closed) = (pending(), pending());
        closed.close();

        for (standing, now) in [(open, 11), (closed, 10)] {
            let mut later = standing.clone();
            later.authorization_unheard_of(Timestamp::from_micros(now));
            assert_eq!(later, standing);
        }
    }
}
