use kernel::{Money, MoneyError};
use payments_contract::{Payment, PaymentStatus};

use super::standing::{Standing, State};

/// What the provider has to be asked next, so that a payment comes to rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing.
    Rest,
    /// Whether it set the money aside.
    AskForAuthorization,
    /// To take the money.
    Capture { reference: String },
    /// Whether it took the money; to let go of it if not.
    CaptureOrVoid { reference: String },
    /// To let go of the money.
    Void { reference: String },
    /// To give back what is left of a closed order's money, which has to be put aside first.
    RefundRest { amount: Money },
    /// To give back what was put aside for that.
    Refund { reference: String },
}

impl Standing {
    /// What the provider has to be asked next.
    pub(crate) fn next(&self) -> Result<Step, MoneyError> {
        let reference = |reference: &String| reference.clone();
        Ok(match (self.state(), self.is_closed()) {
            (State::Pending, _) => Step::AskForAuthorization,
            (State::Capturing { reference: money }, false) => {
                Step::Capture { reference: reference(money) }
            }
            (State::Capturing { reference: money }, true) => {
                Step::CaptureOrVoid { reference: reference(money) }
            }
            (State::Authorized { reference: money }, true) => {
                Step::Void { reference: reference(money) }
            }
            (State::Captured { reference: money, refunds }, closed) => {
                let rest = self.refundable()?;
                if closed && rest.amount() > 0 && !refunds.rest_refused {
                    Step::RefundRest { amount: rest }
                } else if refunds.refunding.amount() > 0 {
                    Step::Refund { reference: reference(money) }
                } else {
                    Step::Rest
                }
            }
            (State::Authorized { .. }, false)
            | (State::Declined { .. } | State::Voided { .. }, _) => Step::Rest,
        })
    }

    /// What others may see of it.
    pub(crate) fn shown(&self) -> Payment {
        let (captured, refunded) = (self.captured(), self.refunds().refunded);
        let status = match self.state() {
            State::Pending => PaymentStatus::Pending,
            State::Declined { .. } => PaymentStatus::Declined,
            State::Authorized { .. } | State::Capturing { .. } => PaymentStatus::Authorized,
            State::Captured { .. } => captured_status(captured, refunded),
            State::Voided { .. } => PaymentStatus::Voided,
        };
        Payment {
            id: self.intent.payment,
            order_id: self.intent.order,
            provider: self.intent.provider.clone(),
            status,
            authorized: self.authorized(),
            captured,
            refunded,
            replayed: false,
        }
    }

    /// What was seen of it when so much had been given back.
    pub(crate) fn shown_after_refunds(&self, refunded: Money) -> Payment {
        let status = captured_status(self.captured(), refunded);
        Payment { status, refunded, replayed: true, ..self.shown() }
    }
}

fn captured_status(captured: Money, refunded: Money) -> PaymentStatus {
    if refunded.amount() > 0 && refunded == captured {
        PaymentStatus::Refunded
    } else {
        PaymentStatus::Captured
    }
}
