use kernel::{Failure, Money, Timestamp};
use payments_contract::PaymentOwner;
use platform::{FromQueryResult, parsed};

use crate::domain::{Intent, Refunds, Standing, State};

/// The columns of [`PaymentRow`].
pub(super) const COLUMNS: &str = "order_id, payment_id, provider, owner_kind, owner, currency, amount, state, closed, \
                                  rest_refused, reference, decline_code, refunded, refunding, asked_until, version";

/// A row as it is stored; a tombstone has no payment.
#[derive(FromQueryResult)]
pub(super) struct PaymentRow {
    order_id: String,
    payment_id: Option<String>,
    provider: Option<String>,
    owner_kind: Option<String>,
    owner: Option<String>,
    currency: Option<String>,
    amount: i64,
    state: String,
    closed: bool,
    rest_refused: bool,
    reference: Option<String>,
    decline_code: Option<String>,
    refunded: i64,
    refunding: i64,
    asked_until: i64,
    version: i64,
}

impl PaymentRow {
    pub(super) fn version(&self) -> i64 {
        self.version
    }

    /// How the payment stands; none for a tombstone.
    pub(super) fn standing(self) -> Result<Option<Standing>, Failure> {
        let Some(payment) = &self.payment_id else { return Ok(None) };
        let amount = Money::new(self.amount, parsed(required(self.currency.as_deref())?)?);
        let owner = required(self.owner.as_deref())?;
        let owner = match required(self.owner_kind.as_deref())? {
            "user" => PaymentOwner::User { id: parsed(owner)? },
            _ => PaymentOwner::Guest { proof_fingerprint: owner.to_owned() },
        };
        let provider = required(self.provider.as_deref())?.to_owned();
        let (payment, order) = (parsed(payment)?, parsed(&self.order_id)?);
        let intent = Intent { payment, order, provider, owner, amount };
        let asked_until = Timestamp::from_micros(self.asked_until);
        let closed = self.closed;
        Ok(Some(Standing::restored(intent, self.state(amount)?, closed, asked_until)))
    }

    fn state(self, amount: Money) -> Result<State, Failure> {
        let reference = || required(self.reference.as_deref()).map(ToOwned::to_owned);
        Ok(match self.state.as_str() {
            "pending" => State::Pending,
            "declined" => {
                State::Declined { code: required(self.decline_code.as_deref())?.to_owned() }
            }
            "authorized" => State::Authorized { reference: reference()? },
            "capturing" => State::Capturing { reference: reference()? },
            "captured" => {
                let refunds = Refunds {
                    refunded: Money::new(self.refunded, amount.currency()),
                    refunding: Money::new(self.refunding, amount.currency()),
                    rest_refused: self.rest_refused,
                };
                State::Captured { reference: reference()?, refunds }
            }
            "voided" => State::Voided { reference: self.reference },
            other => return Err(Failure::internal(format!("a payment is {other}"))),
        })
    }
}

/// The name under which a state is stored.
pub(super) fn name(state: &State) -> &'static str {
    match state {
        State::Pending => "pending",
        State::Declined { .. } => "declined",
        State::Authorized { .. } => "authorized",
        State::Capturing { .. } => "capturing",
        State::Captured { .. } => "captured",
        State::Voided { .. } => "voided",
    }
}

/// The provider's name for the money, and why it said no.
pub(super) fn words(state: &State) -> (Option<&str>, Option<&str>) {
    match state {
        State::Pending => (None, None),
        State::Declined { code } => (None, Some(code)),
        State::Authorized { reference }
        | State::Capturing { reference }
        | State::Captured { reference, .. } => (Some(reference), None),
        State::Voided { reference } => (reference.as_deref(), None),
    }
}

/// How an owner is stored.
pub(super) fn owner(owner: &PaymentOwner) -> (&'static str, String) {
    match owner {
        PaymentOwner::User { id } => ("user", id.to_string()),
        PaymentOwner::Guest { proof_fingerprint } => ("guest", proof_fingerprint.clone()),
    }
}

fn required(column: Option<&str>) -> Result<&str, Failure> {
    column.ok_or_else(|| Failure::internal("a payment lacks a column"))
}
