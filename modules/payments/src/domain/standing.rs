use kernel::{Money, MoneyError, OrderId, PaymentId, Timestamp};
use payments_contract::{
    PaymentAuthorized, PaymentCaptured, PaymentOwner, PaymentRefunded, PaymentVoided,
};

/// What a payment is about; never changes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Intent {
    pub(crate) payment: PaymentId,
    pub(crate) order: OrderId,
    pub(crate) provider: String,
    pub(crate) owner: PaymentOwner,
    pub(crate) amount: Money,
}

/// How a payment stands. It only says what the provider confirmed; what is still asked is part of the state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Standing {
    pub(crate) intent: Intent,
    state: State,
    closed: bool,
    asked_until: Timestamp,
}

/// What the provider is known to have done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// It was or will be asked to set the money aside.
    Pending,
    /// It said no.
    Declined { code: String },
    /// The money is set aside.
    Authorized { reference: String },
    /// It was or will be asked to take the money that is set aside.
    Capturing { reference: String },
    /// The money was taken; of it some was given back, and some the provider is asked to give back.
    Captured { reference: String, refunds: Refunds },
    /// No money is set aside any more; without a reference none ever was.
    Voided { reference: Option<String> },
}

/// What became of captured money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refunds {
    pub(crate) refunded: Money,
    pub(crate) refunding: Money,
    /// The provider refused to give back the rest of a closed order's money.
    pub(crate) rest_refused: bool,
}

/// What is told to others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Happened {
    Authorized(PaymentAuthorized),
    Captured(PaymentCaptured),
    Refunded(PaymentRefunded),
    Voided(PaymentVoided),
}

impl Standing {
    /// A payment whose provider may be asked until `asked_until`.
    pub(crate) fn opened(intent: Intent, asked_until: Timestamp) -> Self {
        Self { intent, state: State::Pending, closed: false, asked_until }
    }

    /// A payment as it was written down.
    pub(crate) fn restored(
        intent: Intent,
        state: State,
        closed: bool,
        asked_until: Timestamp,
    ) -> Self {
        Self { intent, state, closed, asked_until }
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Whether the order's money is to be let go of, whatever the provider says.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Until when a request to set money aside may be on its way.
    pub(crate) fn asked_until(&self) -> Timestamp {
        self.asked_until
    }

    pub(crate) fn authorized(&self) -> Money {
        match self.state {
            State::Pending | State::Declined { .. } | State::Voided { reference: None } => {
                self.nothing()
            }
            _ => self.intent.amount,
        }
    }

    pub(crate) fn captured(&self) -> Money {
        match self.state {
            State::Captured { .. } => self.intent.amount,
            _ => self.nothing(),
        }
    }

    pub(crate) fn refunds(&self) -> Refunds {
        match self.state {
            State::Captured { refunds, .. } => refunds,
            _ => Refunds::none(self.intent.amount),
        }
    }

    /// What was taken, and neither given back nor asked to be.
    pub(crate) fn refundable(&self) -> Result<Money, MoneyError> {
        let refunds = self.refunds();
        self.captured().checked_sub(refunds.refunded)?.checked_sub(refunds.refunding)
    }

    fn nothing(&self) -> Money {
        Money::zero(self.intent.amount.currency())
    }

    /// The provider is asked again to set money aside; changes nothing unless that is still wanted.
    pub(crate) fn ask_again(&mut self, asked_until: Timestamp) {
        if self.state == State::Pending && !self.closed {
            self.asked_until = self.asked_until.max(asked_until);
        }
    }

    /// The order's money is to be let go of.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        if let State::Captured { refunds, .. } = &mut self.state {
            refunds.rest_refused = false; // a further try
        }
    }

    /// Takes the money, if some is set aside; says whether that is so or was so before.
    pub(crate) fn capture(&mut self) -> bool {
        if let (State::Authorized { reference }, false) = (&self.state, self.closed) {
            self.state = State::Capturing { reference: reference.clone() };
        }
        matches!(self.state, State::Capturing { .. } | State::Captured { .. })
    }

    /// Puts aside what is to be given back; says whether there was that much.
    pub(crate) fn begin_refund(&mut self, amount: Money) -> Result<bool, MoneyError> {
        let enough = self.refundable()?.checked_sub(amount)?.amount() >= 0;
        if let (State::Captured { refunds, .. }, true) = (&mut self.state, enough) {
            refunds.refunding = refunds.refunding.checked_add(amount)?;
        }
        Ok(enough)
    }
}

impl Refunds {
    pub(crate) fn none(amount: Money) -> Self {
        let nothing = Money::zero(amount.currency());
        Self { refunded: nothing, refunding: nothing, rest_refused: false }
    }
}

impl Standing {
    pub(super) fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }
}
