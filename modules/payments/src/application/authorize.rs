use std::time::Duration;

use kernel::{Call, CallError, Failure, FailureKind, Timestamp};
use payments_contract::{Authorize, AuthorizeRefusal, Payment};
use platform::fault;

use super::ask::{Operation, look_up, perform};
use super::change::change_within;
use super::settle::{authorization_answered, capture_now, settle};
use crate::PaymentsModule;
use crate::domain::{Intent, Standing, State};
use crate::provider::{Authorization, PaymentProvider, ProviderKey};
use crate::settings::CaptureMoment;
use crate::store::payments::{Payments, Slot, Stored, open};

/// How long a request may still be on its way after the call that sent it is over.
const ON_ITS_WAY: Duration = Duration::from_secs(5);

/// Sets money of the buyer aside for an order, once.
pub(crate) async fn authorize(
    module: &PaymentsModule,
    call: &Call,
    request: Authorize,
) -> Result<Payment, CallError<AuthorizeRefusal>> {
    call.require_system()?;
    call.check_deadline()?;
    let Some(provider) = module.provider(&request.provider) else {
        return Err(AuthorizeRefusal::UnknownProvider.into());
    };
    if request.amount.amount() < 0 {
        return Err(Failure::internal("an amount below zero").not_executed().into());
    }

    let stored = match record_intent(module, call, &request).await? {
        Recorded::New(stored) => charge(module, call, (provider, request), stored).await?,
        Recorded::Pending(stored) => {
            charge_unless_charged(module, call, (provider, request), stored).await?
        }
        Recorded::Settled(stored) => stored,
    };
    answer(module, call, stored).await
}

/// What an order's row says about a wish.
enum Recorded {
    /// It was not there.
    New(Stored),
    /// The provider was asked, or should have been.
    Pending(Stored),
    /// The provider answered.
    Settled(Stored),
}

/// Writes the order's row, or finds it.
async fn record_intent(
    module: &PaymentsModule,
    call: &Call,
    request: &Authorize,
) -> Result<Recorded, CallError<AuthorizeRefusal>> {
    let now = module.clock.now();
    let asked_until = now.plus(call.remaining()).plus(ON_ITS_WAY);

    fault::reach("payments.before-intent-commit");
    let opening = Standing::opened(intent(request), asked_until);
    let recorded = match open(&module.database, opening, now).await? {
        Some(stored) => Recorded::New(stored),
        None => record_again(module, call, request, asked_until).await?,
    };
    fault::reach("payments.intent-recorded");
    Ok(recorded)
}

/// Writes how long the provider may be asked now, and how far the payment is.
async fn record_again(
    module: &PaymentsModule,
    call: &Call,
    request: &Authorize,
    asked_until: Timestamp,
) -> Result<Recorded, CallError<AuthorizeRefusal>> {
    let uow = module.begin(call).await?;
    let stored = same(Payments::new(&uow).of_order(request.order).await?, request)?;
    let again = |standing: &mut Standing| {
        standing.ask_again(asked_until);
        Ok(None)
    };
    let stored = change_within(&uow, stored, again).await?;
    uow.commit().await?;
    Ok(match (stored.standing.state(), stored.standing.is_closed()) {
        (State::Pending, false) => Recorded::Pending(stored),
        _ => Recorded::Settled(stored),
    })
}

fn intent(request: &Authorize) -> Intent {
    Intent {
        payment: request.payment,
        order: request.order,
        provider: request.provider.clone(),
        owner: request.owner.clone(),
        amount: request.amount,
    }
}

/// The order's payment, if it is the one that is asked for.
fn same(slot: Option<Slot>, request: &Authorize) -> Result<Stored, AuthorizeRefusal> {
    match slot {
        Some(Slot::Tombstone) => Err(AuthorizeRefusal::OrderClosed),
        Some(Slot::Taken(stored)) if stored.standing.intent == intent(request) => Ok(stored),
        // No row of this order: the payment is another order's.
        Some(Slot::Taken(_)) | None => Err(AuthorizeRefusal::KeyReused),
    }
}

/// Asks the provider, unless it has heard of the wish.
async fn charge_unless_charged(
    module: &PaymentsModule,
    call: &Call,
    (provider, request): (&dyn PaymentProvider, Authorize),
    stored: Stored,
) -> Result<Stored, Failure> {
    let key = ProviderKey::authorize(request.payment);
    match look_up(call, provider, &key).await? {
        Some(outcome) => authorization_answered(module, call, stored, &outcome).await,
        None => charge(module, call, (provider, request), stored).await,
    }
}

async fn charge(
    module: &PaymentsModule,
    call: &Call,
    (provider, request): (&dyn PaymentProvider, Authorize),
    stored: Stored,
) -> Result<Stored, Failure> {
    let Authorize { payment, order, amount, token, .. } = request;
    let authorization = Authorization { payment, order, amount, token };
    let (key, operation) = (ProviderKey::authorize(payment), Operation::Authorize(&authorization));
    let outcome = perform(call, provider, &key, operation).await?;
    authorization_answered(module, call, stored, &outcome).await
}

/// What the buyer is told; takes the money first where the settings say so.
async fn answer(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
) -> Result<Payment, CallError<AuthorizeRefusal>> {
    if stored.standing.is_closed() {
        let payment = stored.standing.intent.payment;
        if let Err(failure) = settle(module, call, stored).await {
            tracing::warn!(payment.id = %payment, cause = %failure.chain(), "the sweep has to let go of {payment}");
        }
        return Err(AuthorizeRefusal::OrderClosed.into());
    }
    match stored.standing.state() {
        State::Declined { code } => {
            let decline_code = code.clone();
            Err(AuthorizeRefusal::PaymentDeclined { decline_code }.into())
        }
        State::Pending => Err(Failure::new(FailureKind::Unavailable).into()),
        _ if module.settings.capture == CaptureMoment::AtOnce => {
            let stored = capture_now(module, call, stored).await?;
            Ok(stored.standing.shown())
        }
        _ => Ok(stored.standing.shown()),
    }
}
