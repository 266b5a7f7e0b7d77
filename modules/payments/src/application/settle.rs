use kernel::{Call, Failure};

use super::ask::{Operation, look_up, perform, provider_of};
use super::change::{Points, change};
use super::refunding::{give_back, put_rest_aside};
use crate::PaymentsModule;
use crate::domain::{Standing, State, Step};
use crate::provider::{Outcome, ProviderKey};
use crate::store::payments::Stored;

/// Takes a payment as far as it goes: until nothing is left to ask the provider, or it has nothing new to say.
pub(crate) async fn settle(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
) -> Result<Stored, Failure> {
    let mut known = stored;
    loop {
        let step = known.standing.next()?;
        let next = match step {
            Step::Rest => return Ok(known),
            Step::AskForAuthorization => ask_for_authorization(module, call, known.clone()).await?,
            Step::Capture { reference } => take(module, call, known.clone(), &reference).await?,
            Step::CaptureOrVoid { reference } => {
                let asked = ask_for_capture(module, call, known.clone()).await?;
                if asked == known { void(module, call, asked, &reference).await? } else { asked }
            }
            Step::Void { reference } => void(module, call, known.clone(), &reference).await?,
            Step::RefundRest { amount } => {
                put_rest_aside(module, call, known.clone(), amount).await?
            }
            Step::Refund { reference } => {
                give_back(module, call, known.clone(), &reference).await?
            }
        };
        if next == known {
            return Ok(next);
        }
        known = next;
    }
}

/// Writes whether the money was set aside, whoever asked.
pub(crate) async fn authorization_answered(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
    outcome: &Outcome,
) -> Result<Stored, Failure> {
    let points = match outcome {
        Outcome::Done { .. } => {
            Points { before: "payments.before-authorized-commit", after: "payments.authorized" }
        }
        Outcome::Declined { .. } => {
            Points { before: "payments.before-declined-commit", after: "payments.declined" }
        }
    };
    let answered = |standing: &mut Standing| Ok(standing.authorization_answered(outcome));
    change((module, call), stored, points, answered).await
}

/// Takes the money that is set aside, if some is; a provider that refuses changes nothing.
pub(crate) async fn capture_now(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
) -> Result<Stored, Failure> {
    let points =
        Points { before: "payments.before-capture-commit", after: "payments.capture-recorded" };
    let capture = |standing: &mut Standing| {
        standing.capture();
        Ok(None)
    };
    let stored = change((module, call), stored, points, capture).await?;
    match stored.standing.state() {
        State::Capturing { .. } => settle(module, call, stored).await,
        _ => Ok(stored),
    }
}

async fn ask_for_authorization(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
) -> Result<Stored, Failure> {
    let provider = provider_of(module, &stored.standing)?;
    let key = ProviderKey::authorize(stored.standing.intent.payment);
    let now = module.clock.now(); // before asking: what arrives while the answer is on its way is not in it
    if let Some(outcome) = look_up(call, provider, &key).await? {
        return authorization_answered(module, call, stored, &outcome).await;
    }
    let mut given_up = stored.standing.clone();
    given_up.authorization_unheard_of(now);
    if given_up == stored.standing {
        return Ok(stored); // still on its way, or whoever wants it asks again
    }
    let points = Points { before: "payments.before-voided-commit", after: "payments.voided" };
    let unheard_of = |standing: &mut Standing| {
        standing.authorization_unheard_of(now);
        Ok(None)
    };
    change((module, call), stored, points, unheard_of).await
}

async fn take(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
    reference: &str,
) -> Result<Stored, Failure> {
    let provider = provider_of(module, &stored.standing)?;
    let (key, amount) =
        (ProviderKey::capture(stored.standing.intent.payment), stored.standing.intent.amount);
    let outcome = perform(call, provider, &key, Operation::Capture { reference, amount }).await?;
    capture_answered(module, call, stored, &outcome).await
}

async fn ask_for_capture(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
) -> Result<Stored, Failure> {
    let provider = provider_of(module, &stored.standing)?;
    let key = ProviderKey::capture(stored.standing.intent.payment);
    match look_up(call, provider, &key).await? {
        Some(outcome) => capture_answered(module, call, stored, &outcome).await,
        None => Ok(stored),
    }
}

async fn capture_answered(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
    outcome: &Outcome,
) -> Result<Stored, Failure> {
    if let Outcome::Declined { decline_code } = outcome {
        let payment = stored.standing.intent.payment;
        tracing::warn!(payment.id = %payment, decline_code, "the provider refused to capture {payment}");
    }
    let points = Points { before: "payments.before-captured-commit", after: "payments.captured" };
    let answered = |standing: &mut Standing| Ok(standing.capture_answered(outcome));
    change((module, call), stored, points, answered).await
}

/// Lets go of the money. A refusal may only mean that the money was taken meanwhile, which is asked for.
async fn void(
    module: &PaymentsModule,
    call: &Call,
    stored: Stored,
    reference: &str,
) -> Result<Stored, Failure> {
    let provider = provider_of(module, &stored.standing)?;
    let key = ProviderKey::void(stored.standing.intent.payment);
    match perform(call, provider, &key, Operation::Void { reference }).await? {
        Outcome::Done { .. } => {
            let points =
                Points { before: "payments.before-voided-commit", after: "payments.voided" };
            let voided = |standing: &mut Standing| Ok(standing.voided());
            change((module, call), stored, points, voided).await
        }
        Outcome::Declined { decline_code } => {
            let asked = ask_for_capture(module, call, stored.clone()).await?;
            if asked == stored {
                return Err(Failure::internal(format!(
                    "the provider refused to void: {decline_code}"
                )));
            }
            Ok(asked)
        }
    }
}
